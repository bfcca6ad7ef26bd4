"""Working days of the contract: Monday to Friday, Belgian public holidays excepted (facts: X-17)."""

from datetime import date, timedelta
from functools import cache

SATURDAY = 5


@cache
def _public_holidays(year: int) -> frozenset[date]:
    # Imported here: it costs 30 ms, and few orders ask for a date.
    import holidays

    return frozenset(holidays.country_holidays("BE", years=year))


def is_public_holiday(day: date) -> bool:
    """Return whether that day is a Belgian public holiday."""
    return day in _public_holidays(day.year)


def is_working_day(day: date) -> bool:
    """Return whether the operator works on that day."""
    return day.weekday() < SATURDAY and not is_public_holiday(day)


def next_working_day(day: date) -> date:
    """Return the first working day after `day`; `day` itself where the calendar ends."""
    following = day
    while following < date.max:
        following += timedelta(days=1)
        if is_working_day(following):
            return following
    return day
