"""When incidents are worked on, and when they are to be over: row by row of the contract, and by properties."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.catalogue import FORMULAS, IncidentHours, Level, Restoration
from provisioning.incidents.due import due_at, restoration_of
from provisioning.incidents.priority import kind_of, priority_of
from provisioning.incidents.window import begins_at, is_open, moment_after, next_opening, opening_on, time_inside
from provisioning.model.incident import ClockStop, Condition, IncidentKind, Priority

BRUSSELS = ZoneInfo("Europe/Brussels")
TABLE = Path(__file__).parent / "cases" / "incidents" / "due.txt"


def local(written: str) -> datetime:
    """A moment of contract time that exists once."""
    return datetime.fromisoformat(written).replace(tzinfo=BRUSSELS).astimezone(UTC)


def level(formula: str, identifier: str = "") -> Level:
    return next(each for each in FORMULAS[formula].levels.value if each.identifier == identifier)


PREMIUM = level("internet-pro-plus", "premium")
BASIC = level("internet-pro-plus", "basic")
ESSENTIAL = level("internet-essential")

# --- the table -----------------------------------------------------------------------------------------------------


def table() -> list[tuple[str, str, Priority, str, str]]:
    found: list[tuple[str, str, Priority, str, str]] = []
    formula = identifier = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            formula, identifier = line.strip("[]").split()
        elif line and not line.startswith(("#", "opened")):
            opened, *dues = (each.strip() for each in line.split("|"))
            named = "" if identifier == "-" else identifier
            found.extend((formula, named, priority, opened, due) for priority, due in zip(Priority, dues, strict=True))
    return found


@pytest.mark.parametrize("row", table(), ids=lambda row: "-".join(each.replace(" ", "_") for each in row[:4]))
def test_due_time_of_the_table(row: tuple[str, str, Priority, str, str]) -> None:
    formula, identifier, priority, opened, due = row
    found = level(formula, identifier)
    at = due_at(found.hours, restoration_of(found, priority), local(opened))
    assert at == (None if due == "-" else local(due))


def test_the_table_has_every_row_of_the_contract() -> None:
    """Every level of the catalogue stands in the file, at least by one that has the same window and times."""
    there = {(found.hours, found.restoration) for found in (level(row[0], row[1]) for row in table())}
    assert there == {(each.hours, each.restoration) for formula in FORMULAS.values() for each in formula.levels.value}


# --- the window ----------------------------------------------------------------------------------------------------

OPEN = {
    ("Mon-Fri 8:00-22:00, Sat 8:00-16:30", "2026-11-23 08:00"): True,
    ("Mon-Fri 8:00-22:00, Sat 8:00-16:30", "2026-11-23 07:59:59"): False,
    ("Mon-Fri 8:00-22:00, Sat 8:00-16:30", "2026-11-23 21:59:59"): True,
    ("Mon-Fri 8:00-22:00, Sat 8:00-16:30", "2026-11-23 22:00"): False,
    ("Mon-Fri 8:00-22:00, Sat 8:00-16:30", "2026-11-28 16:29:59"): True,
    ("Mon-Fri 8:00-22:00, Sat 8:00-16:30", "2026-11-28 16:30"): False,
    ("Mon-Fri 8:00-22:00, Sat 8:00-16:30", "2026-11-29 12:00"): False,
    ("Mon-Fri 8:00-22:00, Sat 8:00-16:30", "2026-12-25 12:00"): False,
    ("Mon-Fri 8:00-20:00", "2026-11-28 12:00"): False,
    ("Mon-Fri 8:00-20:00", "2027-03-29 12:00"): False,
}


@pytest.mark.parametrize("row", OPEN, ids=lambda row: row[1])
def test_window(row: tuple[str, str]) -> None:
    text, at = row
    (hours,) = {
        each.hours
        for formula in FORMULAS.values()
        for each in formula.levels.value
        if each.window == text and each.hours is not None and not each.hours.on_holidays
    }
    assert is_open(hours, local(at)) == OPEN[row]


def test_internet_essential_alone_is_open_on_public_holidays() -> None:
    christmas = date(2026, 12, 25)
    for formula in FORMULAS.values():
        for each in formula.levels.value:
            if each.hours is not None:
                essential = formula.identifier in ("internet-essential", "internet-essential-fiber")
                assert (opening_on(each.hours, christmas) is not None) == essential, formula.identifier


# --- the clock that stands still -----------------------------------------------------------------------------------


def stop(start: str, end: str | None) -> ClockStop:
    return ClockStop(local(start), local(end) if end else None, "the customer is away")


STOPS: dict[str, tuple[list[tuple[str, str | None]], str | None]] = {
    "in the window": ([("2026-11-23 11:00", "2026-11-23 12:30")], "2026-11-23 16:30"),
    "twice": (
        [("2026-11-23 11:00", "2026-11-23 12:00"), ("2026-11-23 13:00", "2026-11-23 13:30")],
        "2026-11-23 16:30",
    ),
    "one in another": (
        [("2026-11-23 11:00", "2026-11-23 13:00"), ("2026-11-23 11:30", "2026-11-23 12:00")],
        "2026-11-23 17:00",
    ),
    "over a night": ([("2026-11-23 14:00", "2026-11-24 09:00")], "2026-11-24 10:00"),
    "in the night only": ([("2026-11-22 01:00", "2026-11-22 05:00")], "2026-11-23 15:00"),
    "before it opened": ([("2026-11-23 09:00", "2026-11-23 10:30")], "2026-11-23 15:30"),
    "once it is late": ([("2026-11-23 15:00", "2026-11-23 18:00")], "2026-11-23 15:00"),
    "still": ([("2026-11-23 11:00", None)], None),
    "a second one lies in what the first one gave": (
        [("2026-11-23 12:00", "2026-11-23 14:00"), ("2026-11-23 16:00", "2026-11-23 17:00")],
        "2026-11-23 18:00",
    ),
}


@pytest.mark.parametrize("row", STOPS)
def test_time_that_does_not_count(row: str) -> None:
    stops, due = STOPS[row]
    found = due_at(
        PREMIUM.hours, Restoration.FIVE_HOURS, local("2026-11-23 10:00"), [stop(start, end) for start, end in stops]
    )
    assert found == (local(due) if due else None)


def test_working_days_are_longer_by_the_stop() -> None:
    stops = [stop("2026-11-23 11:00", "2026-11-23 14:00")]
    assert due_at(BASIC.hours, Restoration.NEXT_WORKING_DAY, local("2026-11-23 10:00"), stops) == local(
        "2026-11-25 11:00"
    )


def test_best_effort_has_no_due_time() -> None:
    assert restoration_of(ESSENTIAL, Priority.P1) is None
    assert due_at(ESSENTIAL.hours, None, local("2026-11-23 10:00")) is None


# --- priorities ----------------------------------------------------------------------------------------------------


def test_priorities_are_those_of_the_contract() -> None:
    found = {each: priority_of(kind) if (kind := kind_of(each)) else None for each in Condition}
    assert found == {
        Condition.ON_FIXED: None,
        Condition.ON_MOBILE: Priority.P2,
        Condition.MOBILE_FAILED: Priority.P3,
        Condition.DOWN: Priority.P1,
        Condition.SILENT: None,
    }
    assert {priority_of(each) for each in IncidentKind} == {Priority.P1, Priority.P2, Priority.P3}


# --- properties ----------------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given below
HOURS = st.sampled_from(
    sorted(
        {each.hours for formula in FORMULAS.values() for each in formula.levels.value if each.hours is not None},
        key=str,
    )
)
SPANS = st.timedeltas(timedelta(0), timedelta(days=20))


@settings(deadline=None)
@given(HOURS, MOMENTS)
def test_no_opening_is_missed(hours: IncidentHours, at: datetime) -> None:
    found = next_opening(hours, at)
    assert found.end > at
    assert is_open(hours, found.start)
    assert not is_open(hours, found.end)
    assert begins_at(hours, at) == max(at, found.start)
    assert found.start.astimezone(BRUSSELS).hour == 8


@settings(deadline=None)
@given(HOURS, MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(hours=60)))
def test_what_passes_in_the_window_is_what_was_asked_for(hours: IncidentHours, at: datetime, spent: timedelta) -> None:
    end = moment_after(hours, at, spent)
    assert time_inside(hours, at, end) == spent
    assert time_inside(hours, at, end - timedelta(seconds=1)) < spent


@settings(deadline=None)
@given(HOURS, MOMENTS, SPANS, SPANS)
def test_time_inside_adds_up(hours: IncidentHours, at: datetime, one: timedelta, other: timedelta) -> None:
    whole = time_inside(hours, at, at + one + other)
    assert whole == time_inside(hours, at, at + one) + time_inside(hours, at + one, at + one + other)
    assert timedelta(0) <= whole <= one + other


@settings(deadline=None)
@given(HOURS, st.sampled_from(Restoration), MOMENTS, SPANS)
def test_who_opens_later_is_never_due_earlier(
    hours: IncidentHours, restoration: Restoration, at: datetime, later: timedelta
) -> None:
    first, second = due_at(hours, restoration, at), due_at(hours, restoration, at + later)
    assert first is not None
    assert second is not None
    assert at < first <= second
    assert is_open(hours, first - timedelta(seconds=1))


@settings(deadline=None)
@given(HOURS, st.sampled_from(Restoration), MOMENTS, st.lists(st.tuples(SPANS, SPANS), max_size=3))
def test_a_stop_never_makes_it_due_earlier(
    hours: IncidentHours, restoration: Restoration, at: datetime, spans: list[tuple[timedelta, timedelta]]
) -> None:
    stops = [ClockStop(at + start, at + start + length, "") for start, length in spans]
    plain, stopped = due_at(hours, restoration, at), due_at(hours, restoration, at, stops)
    assert plain is not None
    assert stopped is not None
    assert stopped >= plain
    if all(each.stopped_at >= plain for each in stops):
        assert stopped == plain
