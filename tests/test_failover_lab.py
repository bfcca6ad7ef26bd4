"""The guard and the drills of a router with a mobile back-up, in the lab: real FRR, real packets, real kills."""

import re
from collections.abc import Iterator

import pytest
from cpes import Cpe, digest
from guarded import (
    BGP,
    GUARD,
    HOLD,
    TIMER,
    at_rest,
    await_,
    cut,
    documents,
    heal,
    held_long,
    is_cut,
    last,
    maps,
    new_token,
    on_mobile,
    report,
    said,
    since,
)
from labs import eventually, lab_up, needs_lab

from provisioning.model.bearer import Cut
from provisioning.platforms.linux_cpe.announced import parse_announced

pytestmark = [needs_lab, pytest.mark.xdist_group("failover")]


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cpe]:
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as up:
        cpe = Cpe(up)
        cpe.boots_with_us()
        cpe.put(documents())
        yield cpe


@pytest.fixture
def cpe(backed_up: Cpe) -> Cpe:
    """The router, all of it at rest on its fixed bearer."""
    assert eventually(lambda: at_rest(backed_up)), said(backed_up)
    return backed_up


@pytest.mark.parametrize("kind", [Cut.LINK_DOWN, Cut.SILENT, Cut.ONE_WAY])
def test_to_mobile_and_back_after_the_hold(cpe: Cpe, kind: Cut) -> None:
    before = last(cpe)
    token = cut(cpe, kind)
    await_(cpe, lambda: on_mobile(cpe) and maps(cpe) == {"HOLD"})
    assert report(cpe).mobile.works
    heal(cpe, token)
    assert not is_cut(cpe)
    await_(cpe, lambda: at_rest(cpe))
    assert since(cpe, before) == ["cut", "failed", "healed", "works", "trusted"]
    times = {each.kind.value: each.uptime for each in report(cpe).events if each.number > before}
    assert times["trusted"] - times["works"] >= HOLD - 1.5  # FRR tells whole seconds


def announced(cpe: Cpe) -> dict[str, set[str] | None]:
    told = parse_announced(cpe.helper("announced").stdout)
    return {
        bearer.value: {str(each) for each in found} if found is not None else None for bearer, found in told.items()
    }


OWN = set(re.findall(r"^  network (\S+)$", documents()["frr.conf"], re.MULTILINE))
LESS = OWN - {"192.0.2.1/32"}


def test_what_frr_announces_on_each_bearer(cpe: Cpe) -> None:
    assert len(LESS) == len(OWN) - 1 and any(":" in each for each in OWN)
    await_(cpe, lambda: announced(cpe) == {"fixed": OWN, "mobile": OWN})
    try:
        assert cpe.sh(f"{BGP} -c 'no network 192.0.2.1/32'").code == 0
        await_(cpe, lambda: announced(cpe) == {"fixed": LESS, "mobile": LESS})
        assert cpe.sh(f"{BGP} -c 'neighbor 100.96.0.1 default-originate'").code == 0
        await_(cpe, lambda: announced(cpe) == {"fixed": LESS, "mobile": {*LESS, "0.0.0.0/0"}})
    finally:
        cpe.sh(f"{BGP} -c 'network 192.0.2.1/32' -c 'no neighbor 100.96.0.1 default-originate'")
    await_(cpe, lambda: announced(cpe) == {"fixed": OWN, "mobile": OWN})
    assert cpe.sh("ip address del 192.0.2.1/32 dev lo").code == 0  # a network without a route to it
    await_(cpe, lambda: announced(cpe) == {"fixed": LESS, "mobile": LESS})
    assert cpe.sh("ip address add 192.0.2.1/32 dev lo").code == 0
    await_(cpe, lambda: announced(cpe) == {"fixed": OWN, "mobile": OWN})


def test_a_bearer_that_is_cut_announces_nothing_and_one_that_is_held_all(cpe: Cpe) -> None:
    with held_long(cpe):
        token = cut(cpe)
        await_(cpe, lambda: announced(cpe) == {"fixed": set(), "mobile": OWN})
        heal(cpe, token)
        await_(cpe, lambda: report(cpe).hold_left is not None and announced(cpe) == {"fixed": OWN, "mobile": OWN})


def test_a_bearer_that_loses_a_third_is_cut_and_healed(cpe: Cpe) -> None:
    token = cut(cpe, Cut.LOSS)
    rules = "nft list table inet proviso_drill"
    await_(cpe, lambda: cpe.sh(rules).stdout.count("numgen random mod 100 < 30 drop") == 2)
    heal(cpe, token)
    assert not is_cut(cpe)


def test_a_bearer_that_flaps_comes_and_goes_and_is_not_trusted(cpe: Cpe) -> None:
    before = last(cpe)
    token = cut(cpe, Cut.FLAPPING)
    for wanted in (True, False, True):
        await_(cpe, lambda wanted=wanted: is_cut(cpe) is wanted)  # type: ignore[misc]
    assert "trusted" not in since(cpe, before)
    heal(cpe, token)
    assert not is_cut(cpe)


def test_it_heals_by_itself(cpe: Cpe) -> None:
    before = last(cpe)
    cut(cpe, Cut.LINK_DOWN, seconds=3)
    await_(cpe, lambda: "healed" in since(cpe, before))
    times = {each.kind.value: each.uptime for each in report(cpe).events if each.number > before}
    assert 2.8 < times["healed"] - times["cut"] < 30
    assert not is_cut(cpe)


def test_the_guard_killed_at_any_time(cpe: Cpe) -> None:
    before = last(cpe)
    cpe.sh(f"kill -9 $({GUARD})")
    token = cut(cpe)
    await_(cpe, lambda: maps(cpe) == {"HOLD"})
    cpe.sh(f"kill -9 $({GUARD})")
    heal(cpe, token)
    await_(cpe, lambda: report(cpe).hold_left is not None)
    cpe.sh(f"kill -9 $({GUARD})")
    await_(cpe, lambda: at_rest(cpe))
    assert since(cpe, before) == ["cut", "failed", "healed", "works", "trusted"]


def test_frr_reloaded_in_the_hold_is_held_again(cpe: Cpe) -> None:
    before = last(cpe)
    with held_long(cpe):
        token = cut(cpe)
        await_(cpe, lambda: maps(cpe) == {"HOLD"})
        heal(cpe, token)
        await_(cpe, lambda: report(cpe).hold_left is not None)
        assert cpe.sh("systemctl reload frr").code == 0
        await_(cpe, lambda: maps(cpe) == {"HOLD"})
    await_(cpe, lambda: at_rest(cpe))
    assert since(cpe, before)[-1] == "trusted"


def test_frr_restarted_says_nothing_of_the_line(cpe: Cpe) -> None:
    before = last(cpe)
    with held_long(cpe):
        assert cpe.sh("systemctl restart frr").code == 0
        await_(cpe, lambda: at_rest(cpe))
    assert since(cpe, before) == []


@pytest.mark.parametrize("killed", [TIMER, f"{TIMER}; {GUARD}"], ids=["timer", "timer-and-guard"])
def test_killed_it_heals_at_its_time(cpe: Cpe, killed: str) -> None:
    cut(cpe, Cut.LINK_DOWN, seconds=20)
    await_(cpe, lambda: is_cut(cpe))
    timers = set(cpe.sh(TIMER).stdout.split())
    cpe.sh(f"kill -9 $({killed})")  # which complains of what the guard had begun for a moment, and is gone
    assert timers
    await_(cpe, lambda: timers.isdisjoint(cpe.sh(TIMER).stdout.split()))
    assert is_cut(cpe)
    await_(cpe, lambda: not is_cut(cpe) and report(cpe).drill is None)


def test_two_drills_and_a_change_refuse_each_other(cpe: Cpe) -> None:
    token = cut(cpe)
    other = cpe.helper("drill", "other", "silent", "9")
    assert (other.code, "another drill runs" in other.stderr) == (4, True)
    change = cpe.apply({**documents(), "sysctl.conf": "net.ipv4.ip_forward = 1\n"})
    assert (change.code, "a drill runs" in change.stderr) == (4, True)
    assert cpe.helper("drill", token, "link-down", "9").stdout == f"drill {token}\n"
    drill = report(cpe).drill
    assert drill is not None and (drill.cut, drill.seconds_left > 9) == (Cut.SILENT, True)
    assert heal(cpe, "unknown") and report(cpe).drill is not None
    heal(cpe, token)
    assert cpe.helper("drill", token, "silent", "9").stdout == f"ended {token}\n"
    assert not is_cut(cpe)


def test_a_drill_is_refused_while_a_change_is_pending(cpe: Cpe) -> None:
    wanted = documents()
    wanted["dnsmasq.conf"] += "# another\n"
    assert cpe.apply(wanted).code == 0
    cpe.settled()
    refused = cpe.helper("drill", "pending", "silent", "9")
    assert (refused.code, "a change of the configuration is pending" in refused.stderr) == (4, True)
    cpe.helper("abandon")
    assert cpe.live() == digest(documents())


@pytest.mark.parametrize("words", ["a/b silent 9", "t melted 9", "t silent 0", "t silent 3601", "t silent x"])
def test_what_makes_no_sense_is_refused(cpe: Cpe, words: str) -> None:
    assert cpe.helper("drill", words).code == 1
    assert not is_cut(cpe)


def test_events_are_told_as_they_happen(cpe: Cpe) -> None:
    token = new_token()
    found = cpe.sh(
        f"(sleep 1; proviso-helper drill {token} silent 2 >/dev/null) & timeout 14 proviso-helper events-follow"
    ).stdout.splitlines()
    told = [each.split(" ", 2)[2] for each in found if not each.startswith("alive ")]
    assert "healed fixed" in told[len(told) - told[::-1].index("cut fixed") :]
    assert sum(each.startswith("alive ") for each in found) >= 2
    await_(cpe, lambda: cpe.sh("pgrep -x tail").code == 1)
    # Somebody goes away without a word: at the next sign of life it ends.
    cpe.sh("proviso-helper events-follow | head -n 1")
    await_(cpe, lambda: cpe.sh("pgrep -x tail").code == 1)


def test_a_loss_of_power_in_mid_drill(backed_up: Cpe) -> None:
    cpe = backed_up
    await_(cpe, lambda: at_rest(cpe))
    with held_long(cpe):
        cut(cpe, Cut.LINK_DOWN, seconds=600)
        await_(cpe, lambda: on_mobile(cpe))
        cpe.restart()
        await_(cpe, lambda: at_rest(cpe))
        assert report(cpe).events == ()


def test_without_a_back_up_there_is_no_guard(backed_up: Cpe) -> None:
    cpe = backed_up
    await_(cpe, lambda: at_rest(cpe))
    wanted = {name: text for name, text in documents().items() if name != "failover.conf"}
    cpe.put(wanted)
    assert cpe.sh("systemctl is-active proviso-failover").code == 3
    assert cpe.sh(GUARD).code == 1
    answer = cpe.helper("bearers")
    assert (answer.code, "no mobile back-up" in answer.stderr) == (1, True)
