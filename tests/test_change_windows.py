"""When a change is carried out, and whether it is billed: windows, holidays, clock changes, the free week."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.changes.billing import bill
from provisioning.changes.due import room_for_a_run, when_due
from provisioning.changes.moments import NoMoment, read_moment
from provisioning.changes.windows import in_window, next_window

BRUSSELS = ZoneInfo("Europe/Brussels")
REVERT_SECONDS = 120


def local(written: str) -> datetime:
    """A moment of contract time that exists once."""
    return datetime.fromisoformat(written).replace(tzinfo=BRUSSELS).astimezone(UTC)


# --- the window (facts: I-8.5, X-17) -------------------------------------------------------------------------------

INSIDE = (
    "2026-11-23T08:00",  # a Monday, the first moment
    "2026-11-23T17:59:59",
    "2026-11-27T12:00",  # a Friday
    "2026-03-30T08:00",  # the first working day after the clocks went forward
    "2026-10-26T08:00",  # and after they went back
    "2026-12-24T17:00",  # the day before Christmas is a working day
)
OUTSIDE = (
    "2026-11-23T07:59:59",
    "2026-11-23T18:00",
    "2026-11-28T12:00",  # a Saturday
    "2026-11-29T12:00",  # a Sunday
    "2026-12-25T12:00",  # Christmas, a Friday
    "2026-07-21T12:00",  # the national day
    "2026-11-11T12:00",  # the armistice
    "2026-05-14T12:00",  # Ascension
    "2026-04-06T12:00",  # Easter Monday
)


@pytest.mark.parametrize("written", INSIDE)
def test_inside_the_window(written: str) -> None:
    at = local(written)
    assert in_window(at)
    assert at in next_window(at)


@pytest.mark.parametrize("written", OUTSIDE)
def test_outside_the_window(written: str) -> None:
    at = local(written)
    assert not in_window(at)
    assert next_window(at).start > at


NEXT = {
    "2026-11-23T07:00": "2026-11-23T08:00",
    "2026-11-23T18:00": "2026-11-24T08:00",
    "2026-11-27T18:00": "2026-11-30T08:00",  # over a weekend
    "2026-12-24T18:00": "2026-12-28T08:00",  # over Christmas and a weekend
    "2026-12-31T18:00": "2027-01-04T08:00",  # over New Year, into another calendar
    "2026-03-27T18:00": "2026-03-30T08:00",  # 61 hours, for the clocks go forward
    "2026-10-23T18:00": "2026-10-26T08:00",  # 63 hours
}


@pytest.mark.parametrize("written", NEXT)
def test_the_window_that_opens_next(written: str) -> None:
    window = next_window(local(written))
    assert window.start == local(NEXT[written])
    assert window.end - window.start == timedelta(hours=10)


def test_the_clocks_move_the_window_in_utc() -> None:
    assert next_window(local("2026-03-27T07:00")).start.hour == 7
    assert next_window(local("2026-03-30T07:00")).start.hour == 6


@settings(deadline=None)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - given below
def test_a_window_is_never_missed(at: datetime) -> None:
    window = next_window(at)
    assert window.end > at
    assert in_window(window.start)
    assert not in_window(window.end)
    assert in_window(at) == (window.start <= at)
    assert all(not in_window(window.start - timedelta(hours=hours)) for hours in range(1, 14)) or window.start < at


# --- when it is due ------------------------------------------------------------------------------------------------

MONDAY, EVENING = "2026-11-23T12:00", "2026-11-23T19:00"
DUE = {
    "in the window": (None, MONDAY, MONDAY),
    "outside": (None, EVENING, "2026-11-24T08:00"),
    "wanted later": ("2026-11-24T10:00", MONDAY, "2026-11-24T10:00"),
    "wanted at night": ("2026-11-24T20:00", MONDAY, "2026-11-25T08:00"),
    "wanted on a Saturday": ("2026-11-28T10:00", MONDAY, "2026-11-30T08:00"),
    "wanted before": ("2026-11-23T09:00", MONDAY, MONDAY),
    "a run could still end": (None, "2026-11-23T17:54:59", "2026-11-23T17:54:59"),
    "a run would end outside": (None, "2026-11-23T17:55", "2026-11-24T08:00"),
}


@pytest.mark.parametrize("row", DUE)
def test_without_the_option_the_window_decides(row: str) -> None:
    wanted, now, due = DUE[row]
    found = when_due(
        local(wanted) if wanted else None, standard_changes=False, now=local(now), revert_seconds=REVERT_SECONDS
    )
    assert found == local(due)
    assert found + room_for_a_run(REVERT_SECONDS) < next_window(found).end


@pytest.mark.parametrize("row", DUE)
def test_with_the_option_it_is_done_at_once(row: str) -> None:
    wanted, now, _ = DUE[row]
    found = when_due(local(wanted) if wanted else None, standard_changes=True, now=local(now))
    assert found == max(local(wanted or now), local(now))


# --- moments as people write them -----------------------------------------------------------------------------------

MOMENTS = {
    "2026-11-24T09:00": "2026-11-24T08:00:00+00:00",
    "2026-07-24T09:00": "2026-07-24T07:00:00+00:00",
    "2026-11-24T09:00:30": "2026-11-24T08:00:30+00:00",
    "2026-11-24T09:00Z": "2026-11-24T09:00:00+00:00",
    "2026-11-24T09:00+05:30": "2026-11-24T03:30:00+00:00",
    "2026-10-25T02:30+02:00": "2026-10-25T00:30:00+00:00",
    "2026-10-25T02:30+01:00": "2026-10-25T01:30:00+00:00",
    "2026-03-29T03:00": "2026-03-29T01:00:00+00:00",
}


@pytest.mark.parametrize("written", MOMENTS)
def test_a_moment_is_read(written: str) -> None:
    assert read_moment(written).isoformat() == MOMENTS[written]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2026-03-29T02:30", "does not exist"),
        ("2026-10-25T02:30", "comes twice"),
        ("2026-02-30T09:00", "no moment of the calendar"),
        ("2026-11-24", "no moment"),
        ("2026-11-24 09:00", "no moment"),
        ("24/11/2026 09:00", "no moment"),
        ("0001-01-01T00:00+14:00", "outside the calendar"),
        ("9999-12-31T23:59-14:00", "outside the calendar"),
        ("٢٠٢٦-١١-٢٤T09:00", "no moment"),
    ],
)
def test_what_is_no_moment_says_why(written: str, reason: str) -> None:
    with pytest.raises(NoMoment) as raised:
        read_moment(written)
    assert reason in raised.value.reason
    assert raised.value.remedy


# --- the free week (facts: I-5.4, X-15) ------------------------------------------------------------------------------

BILLS: dict[str, tuple[str, str | None, str | None, bool, str]] = {
    # asked, activated, installed, free, since
    "on the first day": ("2026-11-23T10:00", "2026-11-23T09:00", "2026-11-23T08:00", True, "activated on 2026-11-23"),
    "on the last": ("2026-11-30T08:59", "2026-11-23T09:00", None, True, "activated on 2026-11-23"),
    "a moment too late": ("2026-11-30T09:00", "2026-11-23T09:00", None, False, "activated on 2026-11-23"),
    "installed later": ("2026-12-02T08:00", "2026-11-23T09:00", "2026-11-26T09:00", True, "installed on 2026-11-26"),
    "installed earlier": (
        "2026-12-02T08:00",
        "2026-11-23T09:00",
        "2026-11-20T09:00",
        False,
        "activated on 2026-11-23",
    ),
    "over a change of the clocks": ("2026-10-28T08:59", "2026-10-21T09:00", None, True, "which ends 2026-10-28 09:00"),
    "after it": ("2026-10-28T09:00", "2026-10-21T09:00", None, False, "ended 2026-10-28 09:00"),
    "nobody knows since when": ("2026-11-23T10:00", None, "2026-11-23T08:00", False, "is not known"),
}


@pytest.mark.parametrize("row", BILLS)
def test_the_first_week_is_free(row: str) -> None:
    asked, activated, installed, free, told = BILLS[row]
    found = bill(
        local(asked),
        activated_at=local(activated) if activated else None,
        installed_at=local(installed) if installed else None,
    )
    assert found.free is free
    assert told in found.rule
    assert found.facts == ("I-5.4", "X-15")
    assert (found.free_until is None) == (activated is None)
