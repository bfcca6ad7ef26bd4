"""Putting together what the report of drills and incidents tells, from what the store kept."""

from datetime import UTC, date, datetime, time

from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.model.failover_report import BackedUpLine, FailoverReport
from provisioning.model.line import LineState
from provisioning.store.drills import latest_drills, list_drills
from provisioning.store.incidents import list_incidents
from provisioning.store.lines import need_line
from provisioning.store.selection import Selection, select_devices
from provisioning.workflows.surroundings import Surroundings


def report_failover(line: str | None, month: date | None, around: Surroundings) -> FailoverReport:
    """Return what drills and incidents came to.

    Args:
        line: of one line; None for all.
        month: any day of the month, contract time; None for all times.

    Raises:
        UnknownName: when there is no such line.
    """
    since, until = _bounds(month) if month is not None else (None, None)
    with around.store.read() as connection:
        if line is not None:
            need_line(connection, line)
        wanted = Selection(lines=(line,) if line else (), states=(LineState.ACTIVE,), backed_up=True)
        latest = latest_drills(connection)
        return FailoverReport(
            at=around.clock.now(),
            line=line,
            month=month.replace(day=1) if month is not None else None,
            every_days=around.drills.every_days,
            lines=tuple(
                BackedUpLine(each.line, each.customer, each.serial, latest.get(each.line))
                for each in select_devices(connection, wanted)
            ),
            drills=tuple(list_drills(connection, line=line, since=since, until=until)),
            incidents=tuple(list_incidents(connection, lines=(line,) if line else (), since=since, until=until)),
        )


def _bounds(month: date) -> tuple[datetime, datetime]:
    """Return the first moment of a month of contract time, and that of the next, in UTC."""
    first = month.replace(day=1)
    following = (
        first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1)
    )
    begin, end = (datetime.combine(each, time(), CONTRACT_TIME_ZONE).astimezone(UTC) for each in (first, following))
    return begin, end
