"""What runs do to devices, in the store: one row each, written before the first command goes out."""

from collections.abc import Sequence
from typing import cast

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, func, select, update

from provisioning.model.change import Change, Difference
from provisioning.model.ont import OntChange
from provisioning.model.run import ChangeState, OntPlace, RunChange
from provisioning.model.run_id import run_id, run_number
from provisioning.store.tables import RUN, RUN_CHANGE

_DIFFERENCES = TypeAdapter(tuple[Difference, ...])
_ONT = TypeAdapter(OntPlace)

# Asked at every step of every run: a query that stays is compiled once.
_OF_ONE = select(RUN_CHANGE).where(RUN_CHANGE.c.run_id == bindparam("number")).order_by(RUN_CHANGE.c.position)


def keep_router_change(connection: Connection, run: str, change: Change) -> RunChange:
    """Write down what a run is going to do to a router, secrets masked; an earlier plan is forgotten."""
    planned = RunChange(
        device=change.device,
        platform=change.platform,
        scope=change.scope,
        base=change.base,
        wanted=change.wanted,
        state=ChangeState.PLANNED,
        differences=change.differences,
        commands=change.commands,
        rollback=change.rollback,
    )
    return _keep(connection, run, planned)


def keep_ont_change(connection: Connection, run: str, change: OntChange) -> RunChange:
    """Write down what a run is going to do to an ONT, with what it takes to undo it; an earlier plan is forgotten."""
    planned = RunChange(
        device=change.scope.olt,
        platform=change.platform,
        scope=ont_scope(change.scope.port, change.scope.ont_id),
        base=change.base,
        wanted=change.wanted,
        state=ChangeState.PLANNED,
        differences=change.differences,
        commands=change.commands,
        rollback=change.rollback,
        ont=OntPlace(change.scope, change.before, change.after),
    )
    return _keep(connection, run, planned)


def ont_scope(port: str, ont_id: int) -> str:
    """Return how the scope of an ONT is written."""
    return f"{port} ONT {ont_id}"


def enter_state(connection: Connection, run: str, change: RunChange, state: ChangeState) -> None:
    """Write down how far the change of a device has come."""
    connection.execute(
        update(RUN_CHANGE)
        .where(
            RUN_CHANGE.c.run_id == run_number(run),
            RUN_CHANGE.c.device == change.device,
            RUN_CHANGE.c.scope == change.scope,
        )
        .values(state=state)
    )


def changes_of(connection: Connection, runs: Sequence[int]) -> dict[int, tuple[RunChange, ...]]:
    """Return what runs do, by the numbers of the runs; runs that do nothing are left out."""
    query = (
        select(RUN_CHANGE).where(RUN_CHANGE.c.run_id.in_(runs)).order_by(RUN_CHANGE.c.run_id, RUN_CHANGE.c.position)
    )
    found: dict[int, tuple[RunChange, ...]] = {}
    for row in connection.execute(query):
        found[row.run_id] = (*found.get(row.run_id, ()), _change(row))
    return found


def changes_of_one(connection: Connection, number: int) -> tuple[RunChange, ...]:
    """Return what the run of a number does."""
    return tuple(_change(row) for row in connection.execute(_OF_ONE, {"number": number}))


def find_ont_change(connection: Connection, run: str, olt: str, scope: str) -> RunChange | None:
    """Return what a run does to an ONT; None when it has planned nothing there."""
    found = changes_of_one(connection, run_number(run))
    return next((each for each in found if each.device == olt and each.scope == scope), None)


def who_wanted(connection: Connection, device: str, digest: str) -> str | None:
    """Return the latest run that was to put a set of that digest in force on a device."""
    query = (
        select(RUN_CHANGE.c.run_id)
        .join(RUN, RUN.c.id == RUN_CHANGE.c.run_id)
        .where(RUN_CHANGE.c.device == device, RUN_CHANGE.c.wanted == digest)
        .order_by(RUN_CHANGE.c.run_id.desc())
        .limit(1)
    )
    number = connection.execute(query).scalar_one_or_none()
    return run_id(number) if number is not None else None


def _keep(connection: Connection, run: str, change: RunChange) -> RunChange:
    number = run_number(run)
    key = (RUN_CHANGE.c.run_id == number, RUN_CHANGE.c.device == change.device, RUN_CHANGE.c.scope == change.scope)
    position = connection.execute(select(RUN_CHANGE.c.position).where(*key)).scalar_one_or_none()
    if position is None:
        latest = select(func.max(RUN_CHANGE.c.position)).where(RUN_CHANGE.c.run_id == number)
        highest = connection.execute(latest).scalar_one()
        position = 0 if highest is None else highest + 1
    connection.execute(RUN_CHANGE.delete().where(*key))
    connection.execute(
        RUN_CHANGE.insert().values(
            run_id=number,
            device=change.device,
            scope=change.scope,
            position=position,
            platform=change.platform,
            base=change.base,
            wanted=change.wanted,
            state=change.state,
            differences=_DIFFERENCES.dump_python(change.differences, mode="json"),
            commands=list(change.commands),
            rollback=list(change.rollback),
            ont=_ONT.dump_python(change.ont, mode="json") if change.ont else None,
        )
    )
    return change


def _change(row: Row[tuple[object, ...]]) -> RunChange:
    return RunChange(
        device=row.device,
        platform=row.platform,
        scope=row.scope,
        base=row.base,
        wanted=row.wanted,
        state=ChangeState(row.state),
        differences=_DIFFERENCES.validate_python(row.differences),
        commands=tuple(cast(list[str], row.commands)),
        rollback=tuple(cast(list[str], row.rollback)),
        ont=_ONT.validate_python(row.ont) if row.ont is not None else None,
    )
