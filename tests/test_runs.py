"""Runs in the store, and the secrets of lines beside them: what a killed process leaves can be told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from forms import minimal, typed
from sqlalchemy.exc import IntegrityError
from worlds import NOON, World, dump

from provisioning.catalogue import FORMULAS
from provisioning.errors import EnvironmentTrouble, ScopeBusy, UnknownName
from provisioning.model.change import Change, Difference
from provisioning.model.config import Config, Document
from provisioning.model.line import LineState
from provisioning.model.observation import Observation
from provisioning.model.product import Product
from provisioning.model.run import RunKind, RunStage, RunState, Snapshot, Trouble
from provisioning.model.secret import Secret
from provisioning.model.verdict import CheckResult, Figure, Outcome, Series, Verdict, Viewpoint, Weight
from provisioning.store import lines, run_changes, runs
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import Acceptance, accept_order
from provisioning.workflows.left_runs import left_runs
from provisioning.workflows.line_secrets import delivered_key, keep_delivered_key, need_secrets
from provisioning.workflows.network_records import forget_network, tell_network
from provisioning.workflows.scope_lock import hold_if_free, scope_lock

CANARY = "canary 7f3a never in clear"
CHANGE = Change(
    device="LX0900",
    platform="linux_cpe",
    scope="the whole router",
    base="a" * 64,
    wanted="b" * 64,
    config=Config("linux_cpe", (Document("frr.conf", "/etc/frr/frr.conf", 0o640, "!\n"),)),
    differences=(Difference("frr.conf", "+!"), Difference("hostapd.conf", "", secret=True)),
    commands=("apply",),
    rollback=("abandon",),
)
SEEN = Observation("scan", {"open": [22]}, by=("internet",))
VERDICT = Verdict(
    (
        CheckResult(
            check="throughput",
            kind="throughput",
            subject="down",
            viewpoint=Viewpoint.LAN,
            weight=Weight.REPORT,
            outcome=Outcome.PASSED,
            finding="as ordered",
            evidence="iperf3",
            facts=("I-7.2",),
            figures=(Figure("down", 95.2, "Mbit/s", 100.0),),
            series=(Series("down", "Mbit/s", ((0.25, 94.0), (0.5, 95.0))),),
        ),
    )
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = Store.in_memory()
    yield World(store, state=tmp_path / "state")
    store.close()


def accepted(world: World, **wifi: object) -> Acceptance:
    form = minimal(FORMULAS["internet-pro-plus"])
    if wifi:
        form["wifi"] = {"enabled": True, "ssid": "Imprimerie", **wifi}
    return accept_order(typed(form), world.around)


def begin(world: World, line: str = "L-1", scope: str = "LX0900", target: Snapshot | None = None) -> str:
    with world.store.write() as connection:
        return runs.begin_run(
            connection,
            line=line,
            order="PX-2026-000900",
            kind=RunKind.ACTIVATE,
            scope=scope,
            executor="executor-1",
            target=target,
            now=NOON,
        )


def other(world: World) -> None:
    """Accept a second line."""
    form = minimal(FORMULAS["internet-pro-plus"])
    cpe = {**form["cpe"], "serial": "LX0901"}
    accept_order(typed({**form, "order": "PX-2026-000901", "cpe": cpe}), world.around)


def snapshot_of(acceptance: Acceptance) -> Snapshot:
    assert acceptance.addressed is not None
    return Snapshot(product_of(acceptance), acceptance.addressed)


def product_of(acceptance: Acceptance) -> Product:
    assert acceptance.product is not None
    return acceptance.product


# --- runs ----------------------------------------------------------------------------------------------------------


def test_a_run_keeps_all_that_its_stages_wrote(world: World) -> None:
    snapshot = snapshot_of(accepted(world, channel=36))
    run = begin(world, target=snapshot)
    with world.store.write() as connection:
        runs.keep_snapshot(connection, run, snapshot, {"ssid": "Imprimerie", "channel": 36})
        kept = run_changes.keep_router_change(connection, run, CHANGE)
        runs.enter_stage(connection, run, RunStage.REACH, NOON)
        runs.enter_stage(connection, run, RunStage.PROVE, NOON)
        runs.keep_before(connection, run, (SEEN,))
        runs.keep_verdict(connection, run, VERDICT, ["tcp/22 of 192.0.2.1"])
        runs.end_run(connection, run, RunState.PROVEN, "confirmed", NOON)
    with world.store.read() as connection:
        found = runs.need_run(connection, run)
        assert runs.latest_proven(connection, "L-1") == found
        assert runs.seen_before(connection, run) == (SEEN,)
    assert (found.id, found.line, found.scope, found.state) == ("R-1", "L-1", "LX0900", RunState.PROVEN)
    assert (found.kind, found.executor, found.ended_at) == (RunKind.ACTIVATE, "executor-1", NOON)
    assert found.target == found.snapshot == snapshot
    assert found.changes == (kept,)
    assert found.router_change == kept
    assert (kept.base, kept.wanted, kept.differences) == (CHANGE.base, CHANGE.wanted, CHANGE.differences)
    assert found.delivered == {"ssid": "Imprimerie", "channel": 36}
    assert found.verdict == VERDICT
    assert found.open_before == ("tcp/22 of 192.0.2.1",)
    assert [(each.stage, each.at) for each in found.stages] == [(RunStage.REACH, NOON), (RunStage.PROVE, NOON)]


def test_of_one_line_only_one_run_is_under_way_whatever_the_lock_files_say(world: World) -> None:
    accepted(world)
    other(world)
    run = begin(world)
    with pytest.raises(ScopeBusy, match="L-1"):
        begin(world)
    assert begin(world, line="L-2", scope="LX0901") == "R-2"
    with world.store.write() as connection:
        runs.end_run(connection, run, RunState.FAILED, "no", NOON)
    assert begin(world) == "R-3"


def test_a_run_that_waits_for_a_device_keeps_its_line_busy_until_it_is_carried_on_and_ends(world: World) -> None:
    accepted(world)
    run = begin(world)
    with world.store.write() as connection:
        runs.end_run(connection, run, RunState.INTERRUPTED, "no answer", NOON)
    with pytest.raises(ScopeBusy, match="L-1"):
        begin(world)
    with world.store.write() as connection:
        runs.carry_on(connection, run, "executor-2")
        found = runs.need_run(connection, run)
    assert (found.state, found.executor, found.ended_at) == (RunState.RUNNING, "executor-2", None)


def test_the_store_itself_lets_no_line_have_two_runs_under_way(world: World) -> None:
    accepted(world)
    begin(world)
    with pytest.raises(IntegrityError), world.store.write() as connection:
        columns = "line_id, order_number, kind, scope, stage, state, started_at, message, stages"
        values = "1, 'PX-1', 'activate', 'LX0900', 'accept', 'running', '2026-11-23 11:00:00', '', '[]'"
        connection.exec_driver_sql(f"insert into run ({columns}) values ({values})")


def test_the_first_reason_to_turn_back_stays(world: World) -> None:
    accepted(world)
    run = begin(world)
    with world.store.write() as connection:
        runs.turn_back(connection, run, Trouble("rejected", "the OLT refused it"))
        runs.turn_back(connection, run, Trouble("unreachable", "and then it was gone"))
        assert runs.need_run(connection, run).trouble == Trouble("rejected", "the OLT refused it")


def test_what_a_line_was_before_a_run_is_what_the_latest_run_before_it_delivered(world: World) -> None:
    snapshot = snapshot_of(accepted(world))
    first = begin(world, target=snapshot)
    with world.store.write() as connection:
        runs.keep_snapshot(connection, first, snapshot, None)
        runs.end_run(connection, first, RunState.PROVEN, "", NOON)
    second = begin(world, target=snapshot)
    with world.store.write() as connection:
        assert runs.latest_delivered(connection, "L-1", before=first) is None
        runs.end_run(connection, second, RunState.WENT_BACK, "", NOON)
    third = begin(world, target=snapshot)
    with world.store.read() as connection:
        found = runs.latest_delivered(connection, "L-1", before=third)
        assert found is not None and (found.id, found.snapshot) == (first, snapshot)


def test_what_is_left_is_what_waits_and_what_has_no_living_process(world: World) -> None:
    accepted(world)
    run = begin(world)
    assert [each.id for each in left_runs(world.around)] == [run]
    with scope_lock(world.state, "executor-1"):
        assert left_runs(world.around) == []
        with world.store.write() as connection:
            runs.end_run(connection, run, RunState.INTERRUPTED, "no answer", NOON)
        assert [each.id for each in left_runs(world.around)] == [run]
    with world.store.write() as connection:
        runs.end_run(connection, run, RunState.PROVEN, "", NOON)
    assert left_runs(world.around) == []


@pytest.mark.parametrize("name", ["R-7", "7", "R-", "r-1", "R-9999999999999999999", "", "R-1; drop table run"])
def test_a_run_that_does_not_exist_is_told_by_its_name(world: World, name: str) -> None:
    with world.store.read() as connection, pytest.raises(UnknownName, match="there is no run"):
        runs.need_run(connection, name)


def test_a_line_is_active_once_it_was_activated_and_the_first_time_stays(world: World) -> None:
    accepted(world)
    with world.store.write() as connection:
        assert lines.need_line(connection, "L-1").state is LineState.ACCEPTED
        lines.activate_line(connection, "L-1", NOON)
        lines.activate_line(connection, "L-1", NOON.replace(year=2027))
        found = lines.need_line(connection, "L-1")
        assert (found.state, found.activated_at) == (LineState.ACTIVE, NOON)
        assert [each.id for each in lines.list_lines(connection, state=LineState.ACTIVE)] == ["L-1"]
        assert lines.list_lines(connection, state=LineState.ACCEPTED) == []


# --- locks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["LX0900", "../../etc/passwd", "a/b", "..", "\x00", "é"])
def test_a_scope_is_held_by_one_at_a_time_and_its_name_leads_nowhere(tmp_path: Path, scope: str) -> None:
    with scope_lock(tmp_path, scope):
        with hold_if_free(tmp_path, scope) as free:
            assert not free
        with pytest.raises(ScopeBusy), scope_lock(tmp_path, scope):
            pass
        with hold_if_free(tmp_path, "another") as free:
            assert free
    with hold_if_free(tmp_path, scope) as free:
        assert free
    assert {each.parent.name for each in tmp_path.rglob("*.lock")} == {"locks"}


# --- secrets of lines ----------------------------------------------------------------------------------------------


def test_secrets_are_made_once_and_stay(world: World) -> None:
    product = product_of(accepted(world, channel=36))
    with world.store.write() as connection:
        first = need_secrets(connection, "L-1", product, world.around)
    with world.store.write() as connection:
        again = need_secrets(connection, "L-1", product, world.around)
    assert first.wifi_key is not None and again.wifi_key is not None
    assert first.wifi_key.reveal() == again.wifi_key.reveal()
    assert first.snmp_privacy.reveal() == again.snmp_privacy.reveal() != first.snmp_authentication.reveal()
    assert first.wifi_key.reveal() not in "\n".join(dump(world.store))


def test_a_key_from_the_environment_is_kept_so_that_it_need_not_be_there_again(world: World) -> None:
    world.environment["SITE_KEY"] = CANARY
    product = product_of(accepted(world, key_from="env:SITE_KEY"))
    with world.store.write() as connection:
        need_secrets(connection, "L-1", product, world.around)
    del world.environment["SITE_KEY"]
    with world.store.write() as connection:
        kept = need_secrets(connection, "L-1", product, world.around)
    assert kept.wifi_key is not None and kept.wifi_key.reveal() == CANARY
    everything = "\n".join(dump(world.store))
    assert CANARY not in everything and CANARY.encode().hex() not in everything.lower()


def test_a_key_that_is_nowhere_is_asked_for_by_name(world: World) -> None:
    world.environment["SITE_KEY"] = CANARY
    product = product_of(accepted(world, key_from="env:SITE_KEY"))
    del world.environment["SITE_KEY"]
    with world.store.write() as connection, pytest.raises(EnvironmentTrouble) as caught:
        need_secrets(connection, "L-1", product, world.around)
    assert caught.value.where == "env:SITE_KEY"


def test_what_was_delivered_is_remembered_beside_what_is_ordered(world: World) -> None:
    product = product_of(accepted(world, channel=36))
    with world.store.write() as connection:
        assert delivered_key(connection, "L-1", world.around) is None
        keep_delivered_key(connection, "L-1", Secret(CANARY), world.around)
        ordered = need_secrets(connection, "L-1", product, world.around)
        found = delivered_key(connection, "L-1", world.around)
    assert found is not None and found.reveal() == CANARY
    assert ordered.wifi_key is not None and ordered.wifi_key.reveal() != CANARY


# --- records for the operator's other systems ----------------------------------------------------------------------


def test_others_are_told_what_the_line_has_and_that_it_is_gone(world: World, tmp_path: Path) -> None:
    acceptance = accepted(world)
    assert acceptance.addressed is not None
    path = tell_network(tmp_path, acceptance.addressed, "PX-2026-000900")
    record = json.loads(path.read_text())
    assert (record["schema"], record["line"], record["cpe"]) == (1, "L-1", "LX0900")
    assert record["fixed_ipv4"] == str(acceptance.addressed.fixed_ipv4)
    assert record["ipv6"]["block"].endswith("/56")
    assert record["rate"] == {"down": 100, "up": 40}
    before = path.stat().st_mtime_ns
    assert tell_network(tmp_path, acceptance.addressed, "PX-2026-000900").stat().st_mtime_ns == before
    forget_network(tmp_path, "L-1")
    forget_network(tmp_path, "L-1")
    assert not list((tmp_path / "network").iterdir())
