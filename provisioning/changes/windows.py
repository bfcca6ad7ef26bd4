"""The change window: Monday to Friday, 8:00 to 18:00 in contract time, no public holidays (facts: I-8.5, X-17)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.working_days import is_working_day

OPENS = time(8)
CLOSES = time(18)
DAYS_LOOKED_AT = 30
"""A calendar without a working day for so long ends there."""


@dataclass(frozen=True, slots=True)
class Window:
    """A change window, in UTC.

    Attributes:
        end: the first moment that is not in it.
    """

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def in_window(at: datetime) -> bool:
    """Return whether a moment is in a change window."""
    window = _window_of(at.astimezone(CONTRACT_TIME_ZONE).date())
    return window is not None and at in window


def next_window(now: datetime, *, left: timedelta = timedelta(0)) -> Window:
    """Return the change window that is open, or the one that opens next.

    Args:
        now: any moment.
        left: how much of a window must be left for it to be any use.

    Raises:
        OverflowError: when the calendar ends before the next working day.
    """
    for day in _days(now.astimezone(CONTRACT_TIME_ZONE).date()):
        window = _window_of(day)
        if window is not None and max(now, window.start) + left < window.end:
            return window
    raise OverflowError(f"no working day follows {now:%Y-%m-%d}")


def _days(first: date) -> Iterator[date]:
    for number in range(DAYS_LOOKED_AT):
        yield first + timedelta(days=number)


def _window_of(day: date) -> Window | None:
    return Window(_utc(day, OPENS), _utc(day, CLOSES)) if is_working_day(day) else None


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CONTRACT_TIME_ZONE).astimezone(UTC)
