"""The ready-for-service date of rush provisioning (facts: I-7.3, X-17, X-18)."""

import re
from collections.abc import Iterator
from datetime import date

from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule
from provisioning.working_days import is_working_day, next_working_day

_WHERE = "options.rush.rfs"
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def rush_date_can_be(case: Case) -> Iterator[Finding]:
    """The date exists, is not over, and is a working day."""
    rush = case.form.options.rush if case.form.options else None
    if rush is None or rush.rfs is None:
        return
    try:
        wanted = date.fromisoformat(rush.rfs) if _WRITTEN.fullmatch(rush.rfs) else None
    except ValueError:
        wanted = None
    if wanted is None:
        yield codes.RUSH_DATE_UNREADABLE.at(
            _WHERE, f"`{rush.rfs}` is no date.", "Write it as YEAR-MONTH-DAY, such as 2027-03-15."
        )
        return
    if wanted < case.today:
        yield codes.RUSH_DATE_PAST.at(
            _WHERE, f"{wanted} is over; today is {case.today}.", f"The next working day is {_next(case.today)}."
        )
    elif not is_working_day(wanted):
        yield codes.RUSH_DATE_NOT_WORKING.at(
            _WHERE,
            f"{wanted:%A} {wanted} is no working day in Belgium.",
            f"The next working day is {_next(wanted)}.",
        )


def _next(day: date) -> str:
    following = next_working_day(day)
    return f"{following:%A} {following}"


RULES: tuple[Rule, ...] = (rush_date_can_be,)
