"""Incidents of mobile back-ups, and the times that do not count, in the store (facts: I-9.2)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from provisioning.errors import UnknownName
from provisioning.model.incident import ClockStop, Incident, IncidentKind, Priority, incident_number
from provisioning.model.line_id import line_id, line_number
from provisioning.store.tables import INCIDENT, INCIDENT_STOP


def open_incident(
    connection: Connection,
    *,
    line: str,
    kind: IncidentKind,
    priority: Priority,
    level: str,
    window: str,
    restoration: str,
    opened_at: datetime,
    due_at: datetime | None,
    reason: str,
) -> Incident:
    """Add an incident; return it.

    Args:
        level: name of the line's service level.
        window: as the contract writes it.
        restoration: likewise; empty for best effort.
        due_at: None for best effort.
        reason: what was seen.
    """
    values: dict[str, object] = {
        "line_id": line_number(line),
        "kind": kind,
        "priority": priority,
        "level": level,
        "incident_window": window,
        "restoration": restoration,
        "opened_at": opened_at,
        "due_at": due_at,
        "reason": reason,
        "closing": "",
        "told": False,
    }
    return _incident(connection.execute(insert(INCIDENT).values(values).returning(INCIDENT)).one(), ())


def close_incident(connection: Connection, number: int, *, at: datetime, closing: str) -> None:
    """End an incident, and with it a clock that stands still; one that is closed stays as it is.

    Args:
        closing: what was seen.
    """
    resume_clock(connection, number, at=at)
    connection.execute(
        update(INCIDENT)
        .where(INCIDENT.c.id == number, INCIDENT.c.closed_at.is_(None))
        .values(closed_at=at, closing=closing)
    )


def stop_clock(connection: Connection, number: int, *, at: datetime, reason: str) -> None:
    """Begin a time that does not count."""
    connection.execute(insert(INCIDENT_STOP).values(incident_id=number, stopped_at=at, reason=reason))


def resume_clock(connection: Connection, number: int, *, at: datetime) -> None:
    """End the time that does not count, if there is one."""
    connection.execute(
        update(INCIDENT_STOP)
        .where(INCIDENT_STOP.c.incident_id == number, INCIDENT_STOP.c.resumed_at.is_(None))
        .values(resumed_at=at)
    )


def keep_due(connection: Connection, number: int, due_at: datetime | None) -> None:
    """Write down when an incident is to be over now; None while its clock stands still."""
    connection.execute(update(INCIDENT).where(INCIDENT.c.id == number).values(due_at=due_at))


def mark_told(connection: Connection, numbers: Iterable[int]) -> None:
    """Write down that the alerts of incidents went out."""
    connection.execute(update(INCIDENT).where(INCIDENT.c.id.in_(list(numbers))).values(told=True))


def need_incident(connection: Connection, identifier: str) -> Incident:
    """Return an incident that somebody named.

    Raises:
        UnknownName: when it is no id of one, or there is no such incident.
    """
    try:
        found = _found(connection, select(INCIDENT).where(INCIDENT.c.id == incident_number(identifier)))
    except ValueError:
        found = []
    if not found:
        raise UnknownName(
            f"there is no incident {identifier!r}", where="INCIDENT", remedy="`proviso failover incidents` lists them."
        )
    return found[0]


def list_incidents(
    connection: Connection,
    *,
    lines: Sequence[str] = (),
    only_open: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[Incident]:
    """Return incidents, the newest first.

    Args:
        lines: only of these; none for all.
        only_open: only those that are not closed.
        since: only those that were open then or later.
        until: only those that opened before.
        limit: at most so many.
    """
    query = select(INCIDENT).order_by(INCIDENT.c.id.desc()).limit(limit)
    if lines:
        query = query.where(INCIDENT.c.line_id.in_([line_number(each) for each in lines]))
    if only_open:
        query = query.where(INCIDENT.c.closed_at.is_(None))
    if since is not None:
        query = query.where(or_(INCIDENT.c.closed_at.is_(None), INCIDENT.c.closed_at >= since))
    if until is not None:
        query = query.where(INCIDENT.c.opened_at < until)
    return _found(connection, query)


def _found(connection: Connection, query: Select[Any]) -> list[Incident]:
    rows = connection.execute(query).all()
    stops = _stops(connection, [row.id for row in rows])
    return [_incident(row, tuple(stops[row.id])) for row in rows]


def _stops(connection: Connection, numbers: Sequence[int]) -> dict[int, list[ClockStop]]:
    found: dict[int, list[ClockStop]] = defaultdict(list)
    query = select(INCIDENT_STOP).where(INCIDENT_STOP.c.incident_id.in_(numbers)).order_by(INCIDENT_STOP.c.id)
    for row in connection.execute(query):
        found[row.incident_id].append(ClockStop(row.stopped_at, row.resumed_at, row.reason))
    return found


def _incident(row: Row[Any], stops: tuple[ClockStop, ...]) -> Incident:
    return Incident(
        number=row.id,
        line=line_id(row.line_id),
        kind=IncidentKind(row.kind),
        priority=Priority(row.priority),
        level=row.level,
        window=row.incident_window,
        restoration=row.restoration,
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        reason=row.reason,
        closing=row.closing,
        told=row.told,
        stops=stops,
    )
