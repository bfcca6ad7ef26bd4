"""Which versions of a line's backups are kept: all of 30 days, weekly for a year, first and last for ever.

An unchanged backup writes no version, so a version stands for every night until the next one: kept is what was in
force at a moment, and not only what was taken then.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WEEK = timedelta(days=7)
_A_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
"""Weeks end at midnight before a Monday, UTC: fixed, so that it does not matter on which days somebody prunes."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long versions are kept.

    Attributes:
        all_for: every version.
        weekly_for: the one that was in force at the end of each week.
    """

    all_for: timedelta = timedelta(days=30)
    weekly_for: timedelta = timedelta(days=365)


def kept(taken: Iterable[datetime], now: datetime, retention: Retention = Retention()) -> frozenset[datetime]:
    """Return the moments whose versions are kept.

    Args:
        taken: when the versions of one line were taken, in UTC, in any order.
        now: in UTC; a version of the future is kept.
    """
    ordered = sorted(set(taken))
    if not ordered:
        return frozenset()
    since = now - retention.all_for
    found = {ordered[0], ordered[-1], *(each for each in ordered if each >= since)}
    for moment in (since, *_ends_of_weeks(now - retention.weekly_for, now)):
        found.update(_in_force(ordered, moment))
    return frozenset(found)


def _ends_of_weeks(first: datetime, last: datetime) -> Iterator[datetime]:
    moment = _A_MONDAY + WEEK * -((_A_MONDAY - first) // WEEK)
    while moment <= last:
        yield moment
        moment += WEEK


def _in_force(ordered: Sequence[datetime], moment: datetime) -> Sequence[datetime]:
    """Return the newest that is not after a moment, if there is one."""
    at = bisect_right(ordered, moment)
    return ordered[at - 1 : at] if at else ()
