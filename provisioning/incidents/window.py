"""Time inside the window in which incidents are worked on (facts: I-9.2, X-17)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from provisioning.catalogue import DayHours, IncidentHours
from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.working_days import is_public_holiday

DAYS_LOOKED_AT = 30
"""A calendar in which nothing opens for so long ends there."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A window of one day.

    Attributes:
        day: in contract time.
        start: in UTC.
        end: in UTC, the first moment that is not in it.
    """

    day: date
    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def opening_on(hours: IncidentHours, day: date) -> Opening | None:
    """Return the window of a day; None where there is none on it."""
    if is_public_holiday(day) and not hours.on_holidays:
        return None
    found = next((each for each in hours.week if each.first <= day.weekday() <= each.last), None)
    return _opening(found, day) if found is not None else None


def openings_from(hours: IncidentHours, at: datetime) -> Iterator[Opening]:
    """Yield the window that is open at a moment, and all that follow it.

    Raises:
        OverflowError: when the calendar ends.
    """
    day, closed = at.astimezone(CONTRACT_TIME_ZONE).date(), 0
    while closed < DAYS_LOOKED_AT:
        found = opening_on(hours, day)
        if found is not None and found.end > at:
            closed = 0
            yield found
        else:
            closed += 1
        day += timedelta(days=1)
    raise OverflowError(f"no window opens after {at:%Y-%m-%d}")


def next_opening(hours: IncidentHours, at: datetime) -> Opening:
    """Return the window that is open at a moment, or the one that opens next."""
    return next(openings_from(hours, at))


def is_open(hours: IncidentHours, at: datetime) -> bool:
    """Return whether a moment is in the window."""
    return at in next_opening(hours, at)


def begins_at(hours: IncidentHours, at: datetime) -> datetime:
    """Return the first moment, from one on, that is in the window."""
    return max(at, next_opening(hours, at).start)


def moment_after(hours: IncidentHours, at: datetime, spent: timedelta) -> datetime:
    """Return when so much time in the window has passed since a moment; the end of a window counts as in it."""
    left = spent
    for each in openings_from(hours, at):
        start = max(at, each.start)
        if left <= each.end - start:
            return start + left
        left -= each.end - start
    raise AssertionError("openings end with an error")


def time_inside(hours: IncidentHours, start: datetime, end: datetime) -> timedelta:
    """Return how much of a span of time is in the window."""
    inside = timedelta(0)
    if end <= start:
        return inside
    for each in openings_from(hours, start):
        if each.start >= end:
            break
        inside += min(end, each.end) - max(start, each.start)
    return inside


def _opening(hours: DayHours, day: date) -> Opening:
    return Opening(day, _utc(day, hours.opens), _utc(day, hours.closes))


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CONTRACT_TIME_ZONE).astimezone(UTC)
