"""How lines' routers differ from what they are meant to be, in the store: one row a line."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, delete, insert, select

from provisioning.model.change import Difference
from provisioning.model.drift import DriftOutcome, DriftState
from provisioning.model.line_id import line_id, line_number
from provisioning.store.tables import DRIFT_STATE, LINE

_DIFFERENCES = TypeAdapter(tuple[Difference, ...])

MOST_NAMES = 10_000
"""In one statement: SQLite takes 32,766 parameters (sqlite.org/limits.html)."""


def keep_looks(connection: Connection, looks: Iterable[DriftState]) -> list[DriftState]:
    """Keep what looks at lines found; return the lines as they stand now.

    A look that failed adds why to what was known of the same router; one that finds what was found before leaves the
    moment since when it is so.
    """
    new = list(looks)
    known = {each.line: each for each in drift_of_lines(connection, [each.line for each in new])}
    kept = [_merged(known.get(each.line), each) for each in new]
    if kept:
        numbers = [line_number(each.line) for each in kept]
        connection.execute(delete(DRIFT_STATE).where(DRIFT_STATE.c.line_id.in_(numbers)))
        connection.execute(insert(DRIFT_STATE), [_values(each) for each in kept])
    return kept


def drift_of_line(connection: Connection, line: str) -> DriftState | None:
    """Return where the drift of a line stands; None when nobody has looked."""
    return next(iter(drift_of_lines(connection, [line])), None)


def drift_of_lines(connection: Connection, lines: Sequence[str]) -> list[DriftState]:
    """Return where the drift of some lines stands, by line; those at which nobody has looked are left out."""
    found: list[DriftState] = []
    for first in range(0, len(lines), MOST_NAMES):
        numbers = [line_number(each) for each in lines[first : first + MOST_NAMES]]
        query = select(DRIFT_STATE).where(DRIFT_STATE.c.line_id.in_(numbers)).order_by(DRIFT_STATE.c.line_id)
        found.extend(_state(row) for row in connection.execute(query))
    return found


def list_drift(connection: Connection, *, outcome: DriftOutcome | None = None) -> list[DriftState]:
    """Return where the drift of every line stands that has not ceased, by line; optionally of one outcome."""
    query = select(DRIFT_STATE).join(LINE).where(LINE.c.ceased_at.is_(None)).order_by(DRIFT_STATE.c.line_id)
    if outcome is not None:
        query = query.where(DRIFT_STATE.c.outcome == outcome)
    return [_state(row) for row in connection.execute(query)]


def _merged(known: DriftState | None, look: DriftState) -> DriftState:
    if known is None or known.serial != look.serial:
        return look
    if look.outcome is DriftOutcome.MISSED and known.outcome is not DriftOutcome.MISSED:
        return replace(known, cause=look.cause, message=look.message)
    return replace(look, since=known.since) if known.outcome is look.outcome else look


def _values(state: DriftState) -> dict[str, object]:
    return {
        "line_id": line_number(state.line),
        "serial": state.serial,
        "outcome": state.outcome.value,
        "since": state.since,
        "looked_at": state.looked_at,
        "differences": _DIFFERENCES.dump_python(state.differences, mode="json"),
        "commands": list(state.commands),
        "rollback": list(state.rollback),
        "adopted": list(state.adopted),
        "cause": state.cause,
        "message": state.message,
    }


def _state(row: Row[tuple[object, ...]]) -> DriftState:
    return DriftState(
        line=line_id(row.line_id),
        serial=row.serial,
        outcome=DriftOutcome(row.outcome),
        since=row.since,
        looked_at=row.looked_at,
        differences=_DIFFERENCES.validate_python(row.differences),
        commands=tuple(row.commands),
        rollback=tuple(row.rollback),
        adopted=tuple(row.adopted),
        cause=row.cause,
        message=row.message,
    )
