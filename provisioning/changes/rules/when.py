"""When a change is wanted, and until when (facts: I-8.5, X-17)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from provisioning.changes import codes
from provisioning.changes.case import RequestCase, Rule, moment_of
from provisioning.changes.moments import NoMoment, read_moment
from provisioning.changes.windows import in_window, next_window
from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.model.finding import Finding

FARTHEST = timedelta(days=366)
"""A wanted time beyond it is meant otherwise."""

LAST_YEAR = 9998
"""Of Python's calendar, less a year for time zones."""


def wanted_time_can_be_kept(case: RequestCase) -> Iterator[Finding]:
    """The wanted time exists, once, is not over, and not beyond a year."""
    if case.form.wanted is None:
        return
    try:
        wanted = read_moment(case.form.wanted)
    except NoMoment as error:
        yield codes.WANTED_UNREADABLE.at("wanted", error.reason, error.remedy)
        return
    if wanted < case.now:
        yield codes.WANTED_PAST.at(
            "wanted", f"{shown(wanted)} is over.", "Leave `wanted` out for as soon as possible."
        )
    elif wanted > case.now + FARTHEST:
        yield codes.WANTED_FAR.at("wanted", f"{shown(wanted)} is more than a year ahead.", "Ask again nearer to it.")
    elif not case.standard_changes and case.managed and not in_window(wanted):
        yield codes.WANTED_OUTSIDE_WINDOW.at(
            "wanted",
            f"{shown(wanted)} is in no change window, and the line has no standard-changes option.",
            f"It is carried out in the window from {shown(next_window(wanted).start)} on.",
        )


def ends_come_after(case: RequestCase) -> Iterator[Finding]:
    """An opening ends after it begins (facts: I-8.5)."""
    for index, item in enumerate(case.form.open or []):
        if item.until is not None:
            yield from _end_comes_after(f"open.{index}.until", item.until, case)


def _end_comes_after(where: str, written: str, case: RequestCase) -> Iterator[Finding]:
    try:
        until = read_moment(written)
    except NoMoment as error:
        yield codes.UNTIL_UNREADABLE.at(where, error.reason, error.remedy)
        return
    wanted = moment_of(case.form.wanted)
    if until <= case.now:
        yield codes.UNTIL_PAST.at(where, f"{shown(until)} is over.", "Name a later end, or leave the opening out.")
    elif wanted is not None and until <= wanted:
        yield codes.UNTIL_PAST.at(
            where, f"{shown(until)} is not after {shown(wanted)}, when it is wanted.", "Name a later end."
        )
    elif until.year > LAST_YEAR:
        yield codes.UNTIL_UNREADABLE.at(where, f"{written} is the end of time.", "Leave `until` out.")
    elif not case.standard_changes and case.managed and not in_window(until):
        yield codes.UNTIL_OUTSIDE_WINDOW.at(
            where,
            f"{shown(until)} is in no change window, and the line has no standard-changes option.",
            f"It is closed in the window from {shown(next_window(until).start)} on.",
        )


def shown(moment: datetime) -> str:
    """Return a moment in contract time, to the minute, with the zone."""
    return f"{moment.astimezone(CONTRACT_TIME_ZONE):%Y-%m-%d %H:%M} (Brussels)"


RULES: tuple[Rule, ...] = (wanted_time_can_be_kept, ends_come_after)
