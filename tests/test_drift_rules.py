"""What counts as drift since a backup, what is never shown of a router, and what of earlier looks is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from renderings import SECRETS, config, example, revealed, with_wifi
from worlds import NOON

from provisioning.backups.alerts import Standing
from provisioning.backups.placeholders import Masker
from provisioning.backups.withhold import WITHHELD, suspicious_texts, withhold, withhold_from
from provisioning.model.change import Difference
from provisioning.model.drift import DriftOutcome, DriftRun, DriftState
from provisioning.model.secret import Secret
from provisioning.planning.since_backup import since_backup
from provisioning.store import lines
from provisioning.store.drift import drift_of_line, keep_looks, list_drift
from provisioning.store.engine import Store
from provisioning.workflows.find_drift import changes_of

MASKER = Masker(b"k" * 32)
LINE = "internet-pro-plus"
CHOSEN = Secret("chosen by the customer")


def masked(ssid: str = "Houblon", key: Secret | None = SECRETS.wifi_key, channel: int = 1) -> dict[str, str]:
    """Return what a backup of a line shows."""
    rendered = config(with_wifi(example(LINE), ssid, channel), replace(SECRETS, wifi_key=key))
    return MASKER.mask_all("linux_cpe", revealed(rendered))


# --- since a backup -------------------------------------------------------------------------------------------------


def test_what_is_the_same_is_no_drift() -> None:
    found = since_backup("linux_cpe", masked(), masked(), version="v1")
    assert (found.differences, found.notes) == ((), ())


def test_what_the_customer_may_change_is_told_and_no_drift() -> None:
    found = since_backup("linux_cpe", masked(), masked("Brasserie", CHOSEN, 11), version="v1")
    assert found.differences == ()
    assert [each.split()[5] for each in found.notes] == ["SSID", "channel", "key"]
    assert not any("Brasserie" in each for each in found.notes)


def test_what_somebody_else_changed_is_drift_beside_what_the_customer_changed() -> None:
    present = masked("Brasserie", CHOSEN)
    present["dnsmasq.conf"] += "dhcp-option=option:router,192.168.1.66\n"
    found = since_backup("linux_cpe", masked(), present, version="20261121T013205Z")
    assert [each.document for each in found.differences] == ["dnsmasq.conf"]
    text = found.differences[0].text
    assert "-dhcp-option=option:router,192.168.1.66" in text
    assert "+++ dnsmasq.conf in backup 20261121T013205Z" in text


def test_another_secret_than_the_customers_is_drift_without_the_secret() -> None:
    other = replace(SECRETS, snmp_privacy=Secret("another privacy canary"))
    present = MASKER.mask_all("linux_cpe", revealed(config(with_wifi(example(LINE), "Houblon"), other)))
    (found,) = since_backup("linux_cpe", masked(), present, version="v").differences
    assert found.document == "snmpd.conf"
    assert "canary" not in found.text


def test_a_document_that_is_gone_is_drift() -> None:
    present = {name: text for name, text in masked().items() if name != "hostapd.conf"}
    (found,) = since_backup("linux_cpe", masked(), present, version="v").differences
    assert found.document == "hostapd.conf"


# --- what looks like a secret ---------------------------------------------------------------------------------------


def test_a_line_that_looks_like_a_secret_is_never_shown() -> None:
    line = "vendor-thing password hunter2-canary"
    suspicious = suspicious_texts("cisco_iosxe", {"running-config": f"hostname L-1\n {line}\nend\n"})
    difference = Difference("running-config", f"--- a\n+++ b\n@@ -1 +1 @@\n hostname L-1\n- {line}\n")
    assert f"\n-{WITHHELD}\n" in withhold(difference, suspicious).text
    assert "canary" not in withhold(difference, suspicious).text
    assert "hostname L-1" in withhold(difference, suspicious).text
    commands = ("configure terminal", f"no {line}", "end")
    assert withhold_from(commands, suspicious) == ("configure terminal", WITHHELD, "end")


def test_what_we_render_is_not_withheld() -> None:
    shown = {each.name: each.shown for each in config(example(LINE)).documents}
    assert suspicious_texts("linux_cpe", shown) == frozenset()


# --- what is kept ---------------------------------------------------------------------------------------------------


@pytest.fixture
def store() -> Iterator[Store]:
    found = Store.in_memory()
    with found.write() as connection:
        for _ in range(3):
            lines.add_line(connection, formula="fullfiber", customer="c", site="s", form={}, now=NOON)
    yield found
    found.close()


def look(outcome: DriftOutcome = DriftOutcome.DRIFT, hours: int = 0, **more: object) -> DriftState:
    now = NOON + timedelta(hours=hours)
    there = (Difference("dnsmasq.conf", "-x"),) if outcome is DriftOutcome.DRIFT else ()
    cause = "timeout" if outcome is DriftOutcome.MISSED else ""
    found = DriftState("L-1", "LX1", outcome, now, now, there, cause=cause, message=cause)
    return replace(found, **more)  # type: ignore[arg-type]


def after(store: Store, *looks: DriftState) -> DriftState:
    """Return how a line stands after looks at it, one after the other."""
    with store.write() as connection:
        for each in looks:
            (told,) = keep_looks(connection, [each])
        kept = drift_of_line(connection, "L-1")
    assert kept == told
    return told


def test_drift_is_as_old_as_its_first_sight(store: Store) -> None:
    found = after(store, look(), look(hours=1), look(hours=2))
    assert (found.since, found.looked_at) == (NOON, NOON + timedelta(hours=2))


def test_a_look_that_fails_takes_nothing_back(store: Store) -> None:
    found = after(store, look(), look(DriftOutcome.MISSED, 1))
    assert (found.outcome, found.since, found.looked_at, found.cause) == (DriftOutcome.DRIFT, NOON, NOON, "timeout")
    assert found.differences
    again = after(store, look(hours=2))
    assert (again.since, again.cause) == (NOON, "")


def test_what_is_as_intended_again_has_no_plan_left(store: Store) -> None:
    found = after(store, look(commands=("a",)), look(DriftOutcome.NONE, 1))
    assert (found.outcome, found.since, found.differences, found.commands) == (
        DriftOutcome.NONE,
        NOON + timedelta(hours=1),
        (),
        (),
    )


def test_what_was_never_seen_is_missed_until_it_is(store: Store) -> None:
    assert after(store, look(DriftOutcome.MISSED), look(DriftOutcome.MISSED, 1)).since == NOON
    assert after(store, look(DriftOutcome.NONE, 2)).outcome is DriftOutcome.NONE


def test_another_router_begins_anew(store: Store) -> None:
    found = after(store, look(), look(hours=3, serial="LX2"))
    assert (found.serial, found.since) == ("LX2", NOON + timedelta(hours=3))
    missed = after(store, look(DriftOutcome.MISSED, 4, serial="LX3"))
    assert (missed.outcome, missed.differences) == (DriftOutcome.MISSED, ())


def test_lines_that_ceased_are_not_listed(store: Store) -> None:
    with store.write() as connection:
        keep_looks(connection, [look(), look(line="L-2"), look(DriftOutcome.NONE, line="L-3")])
        assert [each.line for each in list_drift(connection, outcome=DriftOutcome.DRIFT)] == ["L-1", "L-2"]
        lines.cease_line(connection, "L-1", NOON)
        assert [each.line for each in list_drift(connection)] == ["L-2", "L-3"]


def test_a_run_tells_how_lines_stand_that_it_has_seen() -> None:
    states = (look(), look(DriftOutcome.NONE, line="L-2"), look(line="L-3", cause="timeout"))
    run = DriftRun(states, ("L-3",), {"timeout": 1}, 1.0)
    assert run.counts == {"as intended": 1, "drifting": 1, "not seen": 1}
    told: Mapping[str, Standing] = {each.line: each.after for each in changes_of(run)}
    assert told == {"L-1": Standing.WRONG, "L-2": Standing.WELL}
