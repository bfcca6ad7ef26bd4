"""What is kept of a line's versions, for any history: nothing is missed, whenever one prunes."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from provisioning.backups.retention import kept

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

moments = st.integers(min_value=0, max_value=900 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
histories = st.lists(moments, max_size=60)


def in_force(history: list[datetime], moment: datetime) -> datetime | None:
    ordered = sorted(history)
    at = bisect_right(ordered, moment)
    return ordered[at - 1] if at else None


def mondays(now: datetime) -> list[datetime]:
    days = [(now - DAY * each).replace(hour=0, minute=0) for each in range(366)]
    return [day for day in days if day.weekday() == 0 and now - DAY * 365 <= day <= now]


@given(histories)
def test_first_and_last_and_all_of_thirty_days_are_kept(history: list[datetime]) -> None:
    found = kept(history, NOW)
    assert found <= set(history)
    assert {each for each in history if each >= NOW - DAY * 30} <= found
    assert not history or {min(history), max(history)} <= found


@given(histories, st.integers(min_value=0, max_value=30 * 24))
def test_what_was_in_force_at_any_moment_of_thirty_days_is_kept(history: list[datetime], hours: int) -> None:
    moment = NOW - timedelta(hours=hours)
    assert in_force(list(kept(history, NOW)), moment) == in_force(history, moment)


@given(histories)
def test_what_was_in_force_at_the_end_of_each_week_of_a_year_is_kept(history: list[datetime]) -> None:
    found = list(kept(history, NOW))
    for monday in mondays(NOW):
        assert in_force(found, monday) == in_force(history, monday)


@given(histories)
def test_what_is_kept_has_a_reason(history: list[datetime]) -> None:
    old = {each for each in kept(history, NOW) if each < NOW - DAY * 30}
    reasons = {in_force(history, each) for each in (NOW - DAY * 30, *mondays(NOW))} | {
        min(history, default=NOW),
        max(history, default=NOW),
    }
    assert old <= reasons


@given(histories, st.lists(st.integers(min_value=0, max_value=900), max_size=8))
def test_whoever_prunes_more_often_keeps_the_same(history: list[datetime], ages: list[int]) -> None:
    left: set[datetime] = set()
    before = NOW - DAY * 2000
    for now in [*sorted(NOW - DAY * age for age in ages), NOW]:
        left |= {each for each in history if before <= each < now}
        left, before = set(kept(left, now)), now
    left |= {each for each in history if each >= before}
    assert kept(left, NOW) == kept(history, NOW)


def test_a_line_that_changes_every_night_keeps_its_nights_and_weeks() -> None:
    nights = [NOW - DAY * each for each in range(1000)]
    found = kept(nights, NOW)
    assert len(found) == 31 + 48 + 1
    assert kept([], NOW) == frozenset()
