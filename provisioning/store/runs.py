"""Runs in the store: one row each, written at every stage, so that a killed one can be carried on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from provisioning.errors import ScopeBusy, UnknownName
from provisioning.model.line_id import line_id, line_number
from provisioning.model.observation import Observation
from provisioning.model.request_id import request_id, request_number
from provisioning.model.run import (
    UNFINISHED,
    Run,
    RunChange,
    RunKind,
    RunStage,
    RunState,
    Snapshot,
    StageBegun,
    Trouble,
)
from provisioning.model.run_id import run_id, run_number
from provisioning.model.verdict import Verdict
from provisioning.store.earlier_intents import readable_snapshot
from provisioning.store.run_changes import changes_of, changes_of_one
from provisioning.store.tables import RUN

_VERDICT = TypeAdapter(Verdict)
_SNAPSHOT = TypeAdapter(Snapshot)
_STAGES = TypeAdapter(tuple[StageBegun, ...])
_TROUBLE = TypeAdapter(Trouble)
_OBSERVATIONS = TypeAdapter(tuple[Observation, ...])

# Asked at every step of every run: a query that stays is compiled once.
_BY_NUMBER = select(RUN).where(RUN.c.id == bindparam("number"))
_STAGES_OF = select(RUN.c.stages).where(RUN.c.id == bindparam("number"))


def begin_run(
    connection: Connection,
    *,
    line: str,
    order: str,
    kind: RunKind,
    scope: str,
    executor: str,
    target: Snapshot | None,
    now: datetime,
    backup: str = "",
    request: str = "",
) -> str:
    """Begin a run; return its id.

    Args:
        backup: the id of the version that it restores; empty when it restores none.
        request: the id of the change request that it carries out; empty when it carries out none.

    Raises:
        ScopeBusy: when another run of that line has not ended.
    """
    if unfinished_runs(connection, line=line):
        raise ScopeBusy(
            f"another run is changing {line}", where=line, remedy="`proviso run list` shows it; try again after it."
        )
    values: dict[str, object] = {
        "line_id": line_number(line),
        "order_number": order,
        "kind": kind,
        "scope": scope,
        "executor": executor,
        "stage": RunStage.ACCEPT,
        "state": RunState.RUNNING,
        "started_at": now,
        "message": "",
        "target": _SNAPSHOT.dump_python(target, mode="json") if target else None,
        "stages": [],
        "backup": backup or None,
        "request_id": request_number(request) if request else None,
    }
    number = connection.execute(insert(RUN).values(values).returning(RUN.c.id)).scalar_one()
    return run_id(number)


def carry_on(connection: Connection, identifier: str, executor: str) -> None:
    """Write down which process carries a run on."""
    _update(connection, identifier, executor=executor, state=RunState.RUNNING, ended_at=None)


def enter_stage(connection: Connection, identifier: str, stage: RunStage, now: datetime) -> None:
    """Write down that a run has come to a stage."""
    stages = connection.execute(_STAGES_OF, {"number": run_number(identifier)}).scalar_one()
    begun = StageBegun(stage, now)
    _update(connection, identifier, stage=stage, stages=[*stages, *_STAGES.dump_python((begun,), mode="json")])


def keep_snapshot(
    connection: Connection, identifier: str, snapshot: Snapshot, delivered: Mapping[str, object] | None
) -> None:
    """Write down what a run is going to deliver."""
    _update(connection, identifier, delivered=delivered, snapshot=_SNAPSHOT.dump_python(snapshot, mode="json"))


def keep_before(connection: Connection, identifier: str, before: Sequence[Observation]) -> None:
    """Write down what was seen from outside before the change."""
    _update(connection, identifier, before=_OBSERVATIONS.dump_python(tuple(before), mode="json"))


def seen_before(connection: Connection, identifier: str) -> tuple[Observation, ...] | None:
    """Return what was seen from outside before the change; None when nobody has looked yet."""
    found = connection.execute(select(RUN.c.before).where(RUN.c.id == run_number(identifier))).scalar_one()
    return _OBSERVATIONS.validate_python(found) if found is not None else None


def keep_verdict(connection: Connection, identifier: str, verdict: Verdict, open_before: Sequence[str] | None) -> None:
    """Write down what was observed, and what was open before."""
    _update(
        connection,
        identifier,
        verdict=_VERDICT.dump_python(verdict, mode="json"),
        open_before=list(open_before) if open_before is not None else None,
    )


def turn_back(connection: Connection, identifier: str, trouble: Trouble) -> None:
    """Write down why a run turns back; the first reason stays."""
    number = run_number(identifier)
    dumped = _TROUBLE.dump_python(trouble, mode="json")
    connection.execute(update(RUN).where(RUN.c.id == number, RUN.c.trouble.is_(None)).values(trouble=dumped))


def end_run(connection: Connection, identifier: str, state: RunState, message: str, now: datetime) -> None:
    """End a run, or let it wait for a device."""
    _update(connection, identifier, state=state, message=message, ended_at=now)


def unfinished_runs(connection: Connection, *, line: str | None = None) -> list[Run]:
    """Return the runs that have not ended, of a line or of all, the oldest first."""
    query = select(RUN).where(RUN.c.state.in_(UNFINISHED)).order_by(RUN.c.id)
    if line is not None:
        query = query.where(RUN.c.line_id == line_number(line))
    return _runs(connection, query)


def has_run(connection: Connection, line: str) -> bool:
    """Return whether anything was ever done to a line's devices."""
    query = select(RUN.c.id).where(RUN.c.line_id == line_number(line)).limit(1)
    return connection.execute(query).first() is not None


def find_run(connection: Connection, identifier: str) -> Run | None:
    """Return a run; None when there is none of that id, or it is no run id."""
    try:
        number = run_number(identifier)
    except ValueError:
        return None
    row = connection.execute(_BY_NUMBER, {"number": number}).one_or_none()
    return _run(row, changes_of_one(connection, number)) if row is not None else None


def need_run(connection: Connection, identifier: str) -> Run:
    """Return a run that somebody named.

    Raises:
        UnknownName: when it is no run id, or there is no such run.
    """
    found = find_run(connection, identifier)
    if found is None:
        raise UnknownName(f"there is no run {identifier!r}", where="run", remedy="`proviso run list` shows the runs.")
    return found


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
    return _runs(connection, query)


def latest_proven(connection: Connection, line: str) -> Run | None:
    """Return the run that brought a line to what it is now; None when none did."""
    found = list_runs(connection, line=line, states=(RunState.PROVEN,), limit=1)
    return found[0] if found else None


def latest_delivered(connection: Connection, line: str, *, before: str) -> Run | None:
    """Return the run before another one that brought a line to what it was then; None when none did."""
    query = (
        select(RUN)
        .where(
            RUN.c.line_id == line_number(line),
            RUN.c.state.in_((RunState.PROVEN, RunState.RECORDED)),
            RUN.c.id < run_number(before),
        )
        .order_by(RUN.c.id.desc())
        .limit(1)
    )
    found = _runs(connection, query)
    return found[0] if found else None


def _update(connection: Connection, identifier: str, **values: object) -> None:
    connection.execute(update(RUN).where(RUN.c.id == run_number(identifier)).values(**values))


def _runs(connection: Connection, query: Select[Any]) -> list[Run]:
    rows = connection.execute(query).all()
    changes = changes_of(connection, [row.id for row in rows])
    return [_run(row, changes.get(row.id, ())) for row in rows]


def _run(row: Row[tuple[object, ...]], changes: tuple[RunChange, ...]) -> Run:
    return Run(
        id=run_id(row.id),
        line=line_id(row.line_id),
        order=row.order_number,
        kind=RunKind(row.kind),
        scope=row.scope,
        executor=row.executor or "",
        stage=RunStage(row.stage),
        state=RunState(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        message=row.message,
        target=_SNAPSHOT.validate_python(readable_snapshot(row.target)) if row.target is not None else None,
        changes=changes,
        trouble=_TROUBLE.validate_python(row.trouble) if row.trouble is not None else None,
        delivered=row.delivered,
        verdict=_VERDICT.validate_python(row.verdict) if row.verdict is not None else None,
        snapshot=_SNAPSHOT.validate_python(readable_snapshot(row.snapshot)) if row.snapshot is not None else None,
        open_before=tuple(row.open_before) if row.open_before is not None else None,
        stages=_STAGES.validate_python(row.stages),
        backup=row.backup or "",
        request=request_id(row.request_id) if row.request_id is not None else "",
    )
