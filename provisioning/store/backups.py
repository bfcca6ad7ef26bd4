"""Runs over the fleet, and where the backup of each line stands, in the store."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select, update

from provisioning.model.backup import BackupCause, BackupOutcome, BackupState, Missed, Night
from provisioning.model.line_id import line_id, line_number
from provisioning.model.night_id import night_id, night_number
from provisioning.store.selection import MOST_NAMES
from provisioning.store.tables import BACKUP_MISS, BACKUP_RUN, BACKUP_STATE, LINE


def begin_night(connection: Connection, cause: BackupCause, total: int, now: datetime) -> Night:
    """Begin a run over the fleet."""
    values: dict[str, object] = {
        "cause": cause,
        "started_at": now,
        "total": total,
        **dict.fromkeys(("kept", "unchanged", "missed", "bytes"), 0),
        "seconds": 0.0,
    }
    row = connection.execute(insert(BACKUP_RUN).values(values).returning(BACKUP_RUN)).one()
    return night_of(row)


def left_night(connection: Connection, cause: BackupCause, *, since: datetime) -> Night | None:
    """Return the latest run of a cause, when it began since then and has not ended: it was killed, or stopped."""
    latest = latest_night(connection, cause)
    if latest is None or latest.ended_at is not None or latest.started_at < since:
        return None
    return latest


def latest_night(connection: Connection, cause: BackupCause) -> Night | None:
    """Return the latest run of a cause, ended or not; None when there is none."""
    query = select(BACKUP_RUN).where(BACKUP_RUN.c.cause == cause).order_by(BACKUP_RUN.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    return night_of(row) if row is not None else None


def carry_on_night(connection: Connection, night: Night, total: int) -> Night:
    """Return a run that was left, as it goes on: what it missed is tried again."""
    connection.execute(delete(BACKUP_MISS).where(BACKUP_MISS.c.backup_run_id == night_number(night.id)))
    going_on = replace(night, missed=0, total=total)
    keep_night(connection, going_on)
    return going_on


def keep_night(connection: Connection, night: Night) -> None:
    """Write down how far a run is, or that it ended."""
    connection.execute(
        update(BACKUP_RUN)
        .where(BACKUP_RUN.c.id == night_number(night.id))
        .values(
            ended_at=night.ended_at,
            total=night.total,
            kept=night.kept,
            unchanged=night.unchanged,
            missed=night.missed,
            bytes=night.bytes,
            seconds=night.seconds,
        )
    )


def add_misses(connection: Connection, night: str, missed: Sequence[Missed]) -> None:
    """Write down what a run missed."""
    number = night_number(night)
    if missed:
        values = [
            {"backup_run_id": number, "line_id": line_number(each.line), "cause": each.cause, "message": each.message}
            for each in missed
        ]
        connection.execute(insert(BACKUP_MISS), values)


def misses_of(connection: Connection, night: str) -> list[Missed]:
    """Return what a run missed, by line; the serials are those of the lines' routers now."""
    query = (
        select(BACKUP_MISS, BACKUP_STATE.c.serial)
        .join(BACKUP_STATE, BACKUP_STATE.c.line_id == BACKUP_MISS.c.line_id, isouter=True)
        .where(BACKUP_MISS.c.backup_run_id == night_number(night))
        .order_by(BACKUP_MISS.c.line_id)
    )
    return [
        Missed(line_id(row.line_id), row.serial or "", row.cause, row.message) for row in connection.execute(query)
    ]


def keep_states(connection: Connection, states: Iterable[BackupState]) -> None:
    """Write down where the backups of lines stand, in place of what was written."""
    new = list(states)
    if new:
        numbers = [line_number(each.line) for each in new]
        connection.execute(delete(BACKUP_STATE).where(BACKUP_STATE.c.line_id.in_(numbers)))
        connection.execute(insert(BACKUP_STATE), [_values(each) for each in new])


def states_of(connection: Connection, lines: Sequence[str]) -> dict[str, BackupState]:
    """Return where the backups of some lines stand; those that were never tried are left out."""
    found: dict[str, BackupState] = {}
    for first in range(0, len(lines), MOST_NAMES):
        numbers = [line_number(each) for each in lines[first : first + MOST_NAMES]]
        query = select(BACKUP_STATE).where(BACKUP_STATE.c.line_id.in_(numbers))
        found.update((state.line, state) for state in map(_state, connection.execute(query)))
    return found


def list_states(connection: Connection, *, outcome: BackupOutcome | None = None) -> list[BackupState]:
    """Return where the backups of lines stand that have not ceased, by line; optionally of one outcome."""
    query = select(BACKUP_STATE).join(LINE).where(LINE.c.ceased_at.is_(None)).order_by(BACKUP_STATE.c.line_id)
    if outcome is not None:
        query = query.where(BACKUP_STATE.c.outcome == outcome)
    return [_state(row) for row in connection.execute(query)]


def _values(state: BackupState) -> dict[str, object]:
    return {
        "line_id": line_number(state.line),
        "serial": state.serial,
        "outcome": state.outcome.value,
        "since": state.since,
        "tried_at": state.tried_at,
        "good_at": state.good_at,
        "version": state.version,
        "size": state.size,
        "cause": state.cause,
        "message": state.message,
        "remark": state.remark,
    }


def _state(row: Row[tuple[object, ...]]) -> BackupState:
    return BackupState(
        line=line_id(row.line_id),
        serial=row.serial,
        outcome=BackupOutcome(row.outcome),
        since=row.since,
        tried_at=row.tried_at,
        good_at=row.good_at,
        version=row.version,
        size=row.size,
        cause=row.cause,
        message=row.message,
        remark=row.remark,
    )


def night_of(row: Row[tuple[object, ...]]) -> Night:
    """Return a run over the fleet from its row."""
    return Night(
        id=night_id(row.id),
        cause=BackupCause(row.cause),
        started_at=row.started_at,
        ended_at=row.ended_at,
        total=row.total,
        kept=row.kept,
        unchanged=row.unchanged,
        missed=row.missed,
        bytes=row.bytes,
        seconds=row.seconds,
    )
