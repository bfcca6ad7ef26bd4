"""When an incident is to be over (facts: I-9.2).

What the table leaves open, and how it is read here:

- Time runs inside the window only, so an incident that opens outside it counts as opened when the window opens next.
- "n WD" ends with the window of the n-th working day after the one on which it opened; "next WD" and "end of next WD"
  are both one. Saturday is in some windows and no working day (X-17).
- The time that the clock stood still inside the window is added inside the window.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from provisioning.catalogue import ALL_LEVELS, IncidentHours, Level, Restoration
from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.incidents.window import begins_at, moment_after, next_opening, opening_on, openings_from, time_inside
from provisioning.model.incident import ClockStop, Incident, Priority
from provisioning.working_days import SATURDAY, next_working_day

FIVE_HOURS = timedelta(hours=5)

SAME_DAY_UNTIL, SAME_DAY_UNTIL_ON_SATURDAY = time(17), time(13)
"""Before which a ticket must be there for a repair on the same day."""

WORKING_DAYS: Mapping[Restoration, int] = {
    Restoration.NEXT_WORKING_DAY: 1,
    Restoration.END_OF_NEXT_WORKING_DAY: 1,
    Restoration.THREE_WORKING_DAYS: 3,
    Restoration.FIVE_WORKING_DAYS: 5,
    Restoration.TEN_WORKING_DAYS: 10,
}


def restoration_of(level: Level, priority: Priority) -> Restoration | None:
    """Return the target of a level for a priority; None for best effort."""
    place = list(Priority).index(priority)
    return level.restoration[place] if place < len(level.restoration) else None


def hours_of(window: str) -> IncidentHours | None:
    """Return the window that the contract writes so, for an incident that has a target; None where it is none.

    Internet Essential's reads like another one, is open on public holidays, and has no target.
    """
    found = (each.hours for each in ALL_LEVELS if each.restoration and each.window == window)
    return next(found, None)


def due_of(incident: Incident) -> datetime | None:
    """Return when an incident is to be over, as it stands now; None for best effort, and while its clock stands."""
    restoration = Restoration(incident.restoration) if incident.restoration else None
    return due_at(hours_of(incident.window), restoration, incident.opened_at, incident.stops)


def due_at(
    hours: IncidentHours | None,
    restoration: Restoration | None,
    opened_at: datetime,
    stops: Sequence[ClockStop] = (),
) -> datetime | None:
    """Return when an incident is to be over, in UTC; None for best effort, and while the clock stands still.

    Args:
        hours: the window; None where the contract states none.
        restoration: the target; None for best effort.
        opened_at: when the ticket was made.
        stops: times that do not count.

    Raises:
        OverflowError: when the calendar ends before.
    """
    if hours is None or restoration is None or any(each.resumed_at is None for each in stops):
        return None
    due = _without_stops(hours, restoration, opened_at)
    for start, end in _merged(stops):
        # Whoever is late already is not less late for a stop.
        if start >= due:
            break
        due = moment_after(hours, due, time_inside(hours, max(start, opened_at), end))
    return due


def _without_stops(hours: IncidentHours, restoration: Restoration, opened_at: datetime) -> datetime:
    if restoration is Restoration.FIVE_HOURS:
        return moment_after(hours, opened_at, FIVE_HOURS)
    if restoration is Restoration.SAME_DAY:
        return _same_day(hours, opened_at)
    day = begins_at(hours, opened_at).astimezone(CONTRACT_TIME_ZONE).date()
    for _ in range(WORKING_DAYS[restoration]):
        day = next_working_day(day)
    return _end_of(hours, day)


def _same_day(hours: IncidentHours, opened_at: datetime) -> datetime:
    local = opened_at.astimezone(CONTRACT_TIME_ZONE)
    until = SAME_DAY_UNTIL_ON_SATURDAY if local.weekday() == SATURDAY else SAME_DAY_UNTIL
    found = next_opening(hours, opened_at)
    if found.day == local.date() and local.time() >= until:
        return next(each for each in openings_from(hours, opened_at) if each.day != found.day).end
    return found.end


def _end_of(hours: IncidentHours, day: date) -> datetime:
    found = opening_on(hours, day)
    if found is None:
        raise AssertionError(f"{day} is a working day that no window has")
    return found.end


def _merged(stops: Sequence[ClockStop]) -> list[tuple[datetime, datetime]]:
    """Return ended stops in order, those that overlap made one."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted((each.stopped_at, each.resumed_at) for each in stops if each.resumed_at is not None):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
