"""How the bearers of lines stand, in the store: one row a line. And which lines a drill is at work on."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from provisioning.model.incident import BearerState, Condition
from provisioning.model.line_id import line_id, line_number
from provisioning.store.selection import MOST_NAMES
from provisioning.store.tables import BEARER_STATE, DRILL, LINE


def keep_states(connection: Connection, states: Iterable[BearerState]) -> None:
    """Write down how lines stand, in place of what was written."""
    new = list(states)
    if new:
        connection.execute(
            delete(BEARER_STATE).where(BEARER_STATE.c.line_id.in_([line_number(each.line) for each in new]))
        )
        connection.execute(insert(BEARER_STATE), [_values(each) for each in new])


def states_of(connection: Connection, lines: Sequence[str]) -> dict[str, BearerState]:
    """Return how some lines stand; those that were never looked at are left out."""
    found: dict[str, BearerState] = {}
    for first in range(0, len(lines), MOST_NAMES):
        numbers = [line_number(each) for each in lines[first : first + MOST_NAMES]]
        query = select(BEARER_STATE).where(BEARER_STATE.c.line_id.in_(numbers))
        found.update((state.line, state) for state in map(_state, connection.execute(query)))
    return found


def list_states(connection: Connection, *, conditions: Collection[Condition] = ()) -> list[BearerState]:
    """Return how lines stand that have not ceased, by line; optionally of some conditions only."""
    query = select(BEARER_STATE).join(LINE).where(LINE.c.ceased_at.is_(None)).order_by(BEARER_STATE.c.line_id)
    if conditions:
        query = query.where(BEARER_STATE.c.condition.in_(list(conditions)))
    return [_state(row) for row in connection.execute(query)]


def drilled_lines(connection: Connection) -> dict[str, tuple[datetime, int]]:
    """Return the lines on which a drill is at work: since when, and after how many seconds the router ends it."""
    query = select(DRILL.c.line_id, DRILL.c.begun_at, DRILL.c.seconds).where(DRILL.c.state == "running")
    return {line_id(row.line_id): (row.begun_at, row.seconds) for row in connection.execute(query)}


def _values(state: BearerState) -> dict[str, object]:
    return {
        "line_id": line_number(state.line),
        "serial": state.serial,
        "condition": state.condition.value,
        "since": state.since,
        "seen_at": state.seen_at,
        "reason": state.reason,
    }


def _state(row: Row[Any]) -> BearerState:
    return BearerState(
        line=line_id(row.line_id),
        serial=row.serial,
        condition=Condition(row.condition),
        since=row.since,
        seen_at=row.seen_at,
        reason=row.reason,
    )
