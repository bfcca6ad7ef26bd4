"""What runs do to devices, in the store: written before the first command, found again by whoever carries a run on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from earlier_runs import assert_runs_are_kept_up_and_down
from forms import minimal, typed
from sqlalchemy import Connection, create_engine, event
from worlds import NOON, World

from provisioning.catalogue import FORMULAS
from provisioning.model.change import Change, Difference
from provisioning.model.config import Config, Document
from provisioning.model.ont import OntChange, OntScope, OntService
from provisioning.model.run import ChangeState, RunKind, RunState
from provisioning.store import run_changes, runs
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order

BEFORE, WANTED, OTHER = "a" * 64, "b" * 64, "c" * 64
CANARY = "canary 9d21 never in the store"

ROUTER = Change(
    device="LX0900",
    platform="linux_cpe",
    scope="the whole router",
    base=BEFORE,
    wanted=WANTED,
    config=Config("linux_cpe", (Document("frr.conf", "/etc/frr/frr.conf", 0o640, CANARY),)),
    differences=(Difference("frr.conf", "+!"), Difference("hostapd.conf", "", secret=True)),
    commands=("proviso-helper stage", "proviso-helper apply"),
    rollback=("proviso-helper abandon",),
)
SERVICE = OntService(
    serial="HWTC00000900",
    line="L-1",
    line_profile="proviso-line",
    service_profile="proviso-service",
    down_table="proviso-100000-down",
    up_table="proviso-40000-up",
    vlan=100,
    service_port=True,
    user_vlan=10,
    others=("a service-port of somebody",),
)
SCOPE = OntScope("olt-brussels-1", "0/1/0", 3)


def ont(scope: OntScope = SCOPE, before: OntService | None = None, after: OntService | None = SERVICE) -> OntChange:
    return OntChange(scope, "huawei_smartax", before, after, BEFORE, WANTED, (), ("ont add",), ("ont delete",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one line."""
    opened = Store.in_memory()
    accept_order(typed(minimal(FORMULAS["internet-pro-plus"])), World(opened, state=tmp_path).around)
    yield opened
    opened.close()


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.write() as opened:
        yield opened


def begin(connection: Connection) -> str:
    for each in runs.unfinished_runs(connection):
        runs.end_run(connection, each.id, RunState.FAILED, "", NOON)
    return runs.begin_run(
        connection,
        line="L-1",
        order="PX-1",
        kind=RunKind.ACTIVATE,
        scope="LX0900",
        executor="executor-1",
        target=None,
        now=NOON,
    )


def test_changes_come_back_as_they_were_written_in_their_order(connection: Connection) -> None:
    run = begin(connection)
    first = run_changes.keep_ont_change(connection, run, ont(before=SERVICE, after=None))
    second = run_changes.keep_ont_change(connection, run, ont(OntScope("olt-namur-1", "0/1/0", 0)))
    third = run_changes.keep_router_change(connection, run, ROUTER)
    assert runs.need_run(connection, run).changes == (first, second, third)
    assert runs.need_run(connection, run).router_change == third
    assert {each.state for each in (first, second, third)} == {ChangeState.PLANNED}


def test_what_an_ont_had_before_comes_back_whole_and_so_does_nothing(connection: Connection) -> None:
    run = begin(connection)
    run_changes.keep_ont_change(connection, run, ont(before=SERVICE, after=None))
    found = run_changes.find_ont_change(connection, run, "olt-brussels-1", "0/1/0 ONT 3")
    assert found is not None
    assert found.ont is not None
    assert (found.ont.scope, found.ont.before, found.ont.after) == (SCOPE, SERVICE, None)
    assert run_changes.find_ont_change(connection, run, "olt-namur-1", "0/1/0 ONT 3") is None
    assert run_changes.find_ont_change(connection, run, "olt-brussels-1", "0/1/0 ONT 4") is None


def test_a_second_plan_takes_the_place_of_the_first(connection: Connection) -> None:
    run = begin(connection)
    run_changes.keep_router_change(connection, run, ROUTER)
    run_changes.keep_ont_change(connection, run, ont())
    again = Change(
        "LX0900", "linux_cpe", "the whole router", OTHER, WANTED, ROUTER.config, (), ROUTER.commands, ROUTER.rollback
    )
    kept = run_changes.keep_router_change(connection, run, again)
    found = runs.need_run(connection, run).changes
    assert [each.device for each in found] == ["LX0900", "olt-brussels-1"]
    assert found[0] == kept
    assert found[0].base == OTHER


def test_a_change_moves_through_its_states_and_no_other_does(connection: Connection) -> None:
    run = begin(connection)
    near = run_changes.keep_ont_change(connection, run, ont())
    run_changes.keep_ont_change(connection, run, ont(OntScope("olt-brussels-1", "0/1/0", 4)))
    run_changes.keep_router_change(connection, run, ROUTER)
    for state in ChangeState:
        run_changes.enter_state(connection, run, near, state)
        found = [each.state for each in runs.need_run(connection, run).changes]
        assert found == [state, ChangeState.PLANNED, ChangeState.PLANNED]


def test_the_latest_run_that_wanted_a_set_is_told(connection: Connection) -> None:
    first = begin(connection)
    run_changes.keep_router_change(connection, first, ROUTER)
    second = begin(connection)
    run_changes.keep_router_change(connection, second, ROUTER)
    assert run_changes.who_wanted(connection, "LX0900", WANTED) == second
    assert run_changes.who_wanted(connection, "LX0900", BEFORE) is None
    assert run_changes.who_wanted(connection, "LX0901", WANTED) is None


def test_documents_themselves_are_not_kept(store: Store) -> None:
    with store.write() as connection:
        run_changes.keep_router_change(connection, begin(connection), ROUTER)
        driver = connection.connection.driver_connection
        assert driver is not None
        written = "\n".join(driver.iterdump())
    assert "proviso-helper abandon" in written
    assert CANARY not in written


def test_runs_of_the_version_before_are_kept_up_and_down(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    event.listen(engine, "connect", lambda raw, record: raw.execute("pragma foreign_keys = on"))
    with engine.begin() as connection:
        assert_runs_are_kept_up_and_down(connection)
        assert connection.exec_driver_sql("pragma foreign_key_check").all() == []
    engine.dispose()
