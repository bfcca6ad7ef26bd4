"""Runs in the store: one row each, written at every stage, so that what a killed process did can be told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, select, update

from provisioning.errors import ScopeBusy, UnknownName
from provisioning.model.change import Change, Difference
from provisioning.model.line_id import line_id, line_number
from provisioning.model.run import Run, RunStage, RunState, Snapshot, StageBegun
from provisioning.model.run_id import run_id, run_number
from provisioning.model.verdict import Verdict
from provisioning.store.tables import RUN

_VERDICT = TypeAdapter(Verdict)
_DIFFERENCES = TypeAdapter(tuple[Difference, ...])
_SNAPSHOT = TypeAdapter(Snapshot)
_STAGES = TypeAdapter(tuple[StageBegun, ...])


def begin_run(connection: Connection, *, line: str, order: str, scope: str, now: datetime) -> str:
    """Begin a run; return its id.

    Raises:
        ScopeBusy: when another run of that scope has not ended.
    """
    if any(each.state is RunState.RUNNING for each in unsettled_runs(connection, scope)):
        raise ScopeBusy(
            f"another run is changing {scope}", where=scope, remedy="`proviso run list` shows it; try again after it."
        )
    values = {
        "line_id": line_number(line),
        "order_number": order,
        "scope": scope,
        "stage": RunStage.REACH,
        "state": RunState.RUNNING,
        "base": "",
        "wanted": "",
        "started_at": now,
        "message": "",
        "differences": [],
        "stages": [],
    }
    number = connection.execute(insert(RUN).values(values).returning(RUN.c.id)).scalar_one()
    return run_id(number)


def enter_stage(connection: Connection, identifier: str, stage: RunStage, now: datetime) -> None:
    """Write down that a run has come to a stage."""
    begun = (*need_run(connection, identifier).stages, StageBegun(stage, now))
    _update(connection, identifier, stage=stage, stages=_STAGES.dump_python(begun, mode="json"))


def keep_plan(
    connection: Connection,
    identifier: str,
    change: Change,
    snapshot: Snapshot,
    delivered: Mapping[str, object] | None,
) -> None:
    """Write down what a run is going to put in force, secrets masked."""
    _update(
        connection,
        identifier,
        base=change.base,
        wanted=change.wanted,
        differences=_DIFFERENCES.dump_python(change.differences, mode="json"),
        delivered=delivered,
        snapshot=_SNAPSHOT.dump_python(snapshot, mode="json"),
    )


def keep_verdict(connection: Connection, identifier: str, verdict: Verdict, open_before: Sequence[str] | None) -> None:
    """Write down what was observed, and what was open before."""
    _update(
        connection,
        identifier,
        verdict=_VERDICT.dump_python(verdict, mode="json"),
        open_before=list(open_before) if open_before is not None else None,
    )


def end_run(connection: Connection, identifier: str, state: RunState, message: str, now: datetime) -> None:
    """End a run."""
    _update(connection, identifier, state=state, message=message, ended_at=now)


def interrupt_runs(connection: Connection, scope: str, now: datetime) -> None:
    """Write down of a scope's run whose process has ended that it did; the caller holds the scope's lock."""
    connection.execute(
        update(RUN)
        .where(RUN.c.scope == scope, RUN.c.state == RunState.RUNNING)
        .values(state=RunState.INTERRUPTED, message="its process ended without a word", ended_at=now)
    )


def unsettled_runs(connection: Connection, scope: str) -> list[Run]:
    """Return the runs of a scope of which nobody knows yet what became of them, the oldest first."""
    unsettled = (RunState.RUNNING, RunState.INTERRUPTED)
    query = select(RUN).where(RUN.c.scope == scope, RUN.c.state.in_(unsettled)).order_by(RUN.c.id)
    return [_run(row) for row in connection.execute(query)]


def has_wanted(connection: Connection, scope: str, digest: str) -> bool:
    """Return whether a run of that scope was to put a set of that digest in force."""
    query = select(RUN.c.id).where(RUN.c.scope == scope, RUN.c.wanted == digest).limit(1)
    return connection.execute(query).first() is not None


def need_run(connection: Connection, identifier: str) -> Run:
    """Return a run that somebody named.

    Raises:
        UnknownName: when it is no run id, or there is no such run.
    """
    try:
        row = connection.execute(select(RUN).where(RUN.c.id == run_number(identifier))).first()
    except ValueError:
        row = None
    if row is None:
        raise UnknownName(f"there is no run {identifier!r}", where="run", remedy="`proviso run list` shows the runs.")
    return _run(row)


def list_runs(
    connection: Connection,
    *,
    line: str | None = None,
    states: Sequence[RunState] | None = None,
    limit: int | None = None,
) -> list[Run]:
    """Return runs, the latest first."""
    query = select(RUN).order_by(RUN.c.id.desc()).limit(limit)
    if line is not None:
        query = query.where(RUN.c.line_id == line_number(line))
    if states is not None:
        query = query.where(RUN.c.state.in_(states))
    return [_run(row) for row in connection.execute(query)]


def latest_proven(connection: Connection, line: str) -> Run | None:
    """Return the run that brought a line to what it is now; None when none did."""
    found = list_runs(connection, line=line, states=(RunState.PROVEN,), limit=1)
    return found[0] if found else None


def _update(connection: Connection, identifier: str, **values: object) -> None:
    connection.execute(update(RUN).where(RUN.c.id == run_number(identifier)).values(**values))


def _run(row: Row[tuple[object, ...]]) -> Run:
    return Run(
        id=run_id(row.id),
        line=line_id(row.line_id),
        order=row.order_number,
        scope=row.scope,
        stage=RunStage(row.stage),
        state=RunState(row.state),
        base=row.base,
        wanted=row.wanted,
        started_at=row.started_at,
        ended_at=row.ended_at,
        message=row.message,
        differences=_DIFFERENCES.validate_python(row.differences),
        delivered=row.delivered,
        verdict=_VERDICT.validate_python(row.verdict) if row.verdict is not None else None,
        snapshot=_SNAPSHOT.validate_python(row.snapshot) if row.snapshot is not None else None,
        open_before=tuple(row.open_before) if row.open_before is not None else None,
        stages=_STAGES.validate_python(row.stages),
    )
