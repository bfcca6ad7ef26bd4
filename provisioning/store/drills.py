"""Drills in the store: one row each, written when it begins and when it ends; of a line only one is `running`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, func, insert, null, select, update

from provisioning.errors import ScopeBusy, UnknownName
from provisioning.model.bearer import Cut
from provisioning.model.drill import Drill, DrillResult, DrillState, drill_id, drill_number
from provisioning.model.line_id import line_id, line_number
from provisioning.store.tables import DRILL

_RESULT = TypeAdapter(DrillResult)


def add_drill(
    connection: Connection,
    *,
    line: str,
    serial: str,
    token: str,
    cut: Cut,
    seconds: int,
    actor: str,
    now: datetime,
    campaign: int | None = None,
) -> Drill:
    """Add a drill that runs; return it.

    Args:
        token: by which the router will know it; unique.
        seconds: after which the router ends the cut by itself.
        campaign: number of the campaign that it belongs to; None for one that a person asked for.

    Raises:
        ScopeBusy: when another drill of that line has not ended.
    """
    values = {
        "line_id": line_number(line),
        "serial": serial,
        "token": token,
        "cut": cut,
        "seconds": seconds,
        "state": DrillState.RUNNING,
        "actor": actor,
        "begun_at": now,
        "campaign_id": campaign,
        "reason": "",
    }
    if running_drills(connection, line=line):
        raise ScopeBusy("another drill of it has not ended", where=line, remedy="`proviso failover list` shows it.")
    number = connection.execute(insert(DRILL).values(values).returning(DRILL.c.id)).scalar_one()
    return need_drill(connection, drill_id(number))


def end_drill(
    connection: Connection, identifier: str, state: DrillState, reason: str, result: DrillResult | None, now: datetime
) -> bool:
    """End a drill; return whether it still ran: one that has ended stays as it is.

    Args:
        reason: why it failed or was interrupted; empty when it passed.
        result: None when it was interrupted before anything was measured.
    """
    done = connection.execute(
        update(DRILL)
        .where(DRILL.c.id == drill_number(identifier), DRILL.c.state == DrillState.RUNNING)
        .values(
            state=state,
            reason=reason,
            result=_RESULT.dump_python(result, mode="json") if result is not None else None,
            ended_at=now,
        )
    )
    return done.rowcount > 0


def find_drill(connection: Connection, identifier: str) -> Drill | None:
    """Return a drill; None when there is none of that id, or it is no drill id."""
    try:
        number = drill_number(identifier)
    except ValueError:
        return None
    row = connection.execute(select(DRILL).where(DRILL.c.id == number)).one_or_none()
    return _drill(row) if row is not None else None


def need_drill(connection: Connection, identifier: str) -> Drill:
    """Return a drill that somebody named.

    Raises:
        UnknownName: when it is no drill id, or there is no such drill.
    """
    found = find_drill(connection, identifier)
    if found is None:
        raise UnknownName(
            f"there is no drill {identifier!r}", where="drill", remedy="`proviso failover list` shows the drills."
        )
    return found


def list_drills(
    connection: Connection,
    *,
    line: str | None = None,
    states: Sequence[DrillState] | None = None,
    campaign: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[Drill]:
    """Return drills, the latest first.

    Args:
        since: only those that began then or later.
        until: only those that began before.
    """
    query = select(DRILL).order_by(DRILL.c.id.desc()).limit(limit)
    if line is not None:
        query = query.where(DRILL.c.line_id == line_number(line))
    if states is not None:
        query = query.where(DRILL.c.state.in_(states))
    if campaign is not None:
        query = query.where(DRILL.c.campaign_id == campaign)
    if since is not None:
        query = query.where(DRILL.c.begun_at >= since)
    if until is not None:
        query = query.where(DRILL.c.begun_at < until)
    return _drills(connection, query)


def running_drills(connection: Connection, *, line: str | None = None) -> list[Drill]:
    """Return the drills that have not ended, of a line or of all, the oldest first."""
    return list_drills(connection, line=line, states=(DrillState.RUNNING,))[::-1]


def latest_drills(connection: Connection) -> dict[str, Drill]:
    """Return the latest drill of each line that had one, without its result: of a fleet these are large."""
    newest = select(func.max(DRILL.c.id)).group_by(DRILL.c.line_id)
    query = select(*(each for each in DRILL.c if each.name != "result"), null().label("result"))
    found = _drills(connection, query.where(DRILL.c.id.in_(newest)))
    return {each.line: each for each in found}


def _drills(connection: Connection, query: Select[Any]) -> list[Drill]:
    return [_drill(row) for row in connection.execute(query)]


def _drill(row: Row[Any]) -> Drill:
    return Drill(
        number=row.id,
        line=line_id(row.line_id),
        serial=row.serial,
        token=row.token,
        cut=Cut(row.cut),
        seconds=row.seconds,
        state=DrillState(row.state),
        actor=row.actor,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        campaign=row.campaign_id,
        reason=row.reason,
        result=_RESULT.validate_python(row.result) if row.result is not None else None,
    )
