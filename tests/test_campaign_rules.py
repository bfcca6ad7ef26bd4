"""Which lines a campaign drills: where each stands in the policy, and which may be drilled together."""

from datetime import UTC, datetime, timedelta

import pytest
from drilled import drill
from hypothesis import given
from hypothesis import strategies as st

from provisioning.drills.campaign import Candidate, Rules, Turn, in_order, may_begin, turn_of
from provisioning.model.drill import Announcement, Drill, DrillState

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RULES = Rules(
    every=timedelta(days=90),
    notice=timedelta(hours=24),
    lasts=timedelta(seconds=180),
    at_once=4,
    per_cell=1,
    failures=3,
)


def announced(opens: float, closes: float, told: float) -> Announcement:
    """Return an announcement; moments are hours from now."""
    at = [NOW + timedelta(hours=each) for each in (opens, closes, told)]
    return Announcement(1, "L-1", at[0], at[1], at[2], "ann@noc", "", "en")


def drilled(days_ago: float, state: DrillState = DrillState.PASSED) -> Drill:
    return drill(1, "L-1", state, begun_at=NOW - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("latest", "announcements", "trouble", "turn"),
    [
        (drilled(89.9), [], "", Turn.PROVEN),
        (drilled(89.9), [announced(-1, 1, -30)], "", Turn.PROVEN),
        (drilled(90), [], "", Turn.NOT_TOLD),
        (None, [], "", Turn.NOT_TOLD),
        (drilled(1, DrillState.FAILED), [], "", Turn.NOT_TOLD),
        (drilled(1, DrillState.INTERRUPTED), [announced(-1, 1, -30)], "", Turn.NOW),
        (None, [announced(-1, 1, -30)], "", Turn.NOW),
        (None, [announced(-1, 0.05, -30)], "", Turn.NOW),
        (None, [announced(-1, 0.049, -30)], "", Turn.NOT_TOLD),  # 180 s do not fit any more
        (None, [announced(-1, 1, -24)], "", Turn.NOW),
        (None, [announced(-1, 1, -23.99)], "", Turn.TOLD),  # told too late for now, in time for what is left of it
        (None, [announced(-1, 1, -22)], "", Turn.NOT_TOLD),
        (None, [announced(2, 4, -1)], "", Turn.NOT_TOLD),  # over before a day has gone by
        (None, [announced(30, 34, 0)], "", Turn.TOLD),
        (None, [announced(30, 34, 0), announced(-1, 1, -30)], "", Turn.NOW),
        (None, [announced(-1, 1, -30)], "F-1 is open", Turn.TROUBLE),
        (drilled(1), [announced(-1, 1, -30)], "F-1 is open", Turn.PROVEN),
    ],
)
def test_where_a_line_stands(
    latest: Drill | None, announcements: list[Announcement], trouble: str, turn: Turn
) -> None:
    assert turn_of(Candidate("L-1", "Someone", latest, tuple(announcements), trouble), NOW, RULES) is turn


def test_the_oldest_proof_comes_first_and_none_at_all_before_it() -> None:
    some = [
        Candidate("L-1", "A", drilled(100), ()),
        Candidate("L-2", "B", None, ()),
        Candidate("L-3", "C", drilled(300), ()),
    ]
    assert [each.line for each in in_order(some)] == ["L-2", "L-3", "L-1"]


@pytest.mark.parametrize(
    ("customer", "cell", "busy", "may"),
    [
        ("A", "c1", [], True),
        ("A", "c1", [("L-9", "B", "c2")], True),
        ("A", "c1", [("L-9", "A", "c2")], False),
        ("A", "c1", [("L-9", "B", "c1")], False),
        ("A", None, [("L-9", "B", None)], False),
        ("A", None, [("L-9", "B", "c1")], True),
        ("A", "c1", [("L-6", "B", "c2"), ("L-7", "C", "c3"), ("L-8", "D", "c4")], True),
        ("A", "c1", [("L-6", "B", "c2"), ("L-7", "C", "c3"), ("L-8", "D", "c4"), ("L-9", "E", "c5")], False),
    ],
)
def test_which_lines_are_drilled_together(
    customer: str, cell: str | None, busy: list[tuple[str, str, str | None]], may: bool
) -> None:
    assert may_begin(customer, cell, busy, RULES) is may


@given(
    st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["c1", "c2", None])), max_size=20),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_no_choice_of_lines_ever_breaks_the_policy(
    asked: list[tuple[str, str | None]], at_once: int, per_cell: int
) -> None:
    rules = Rules(RULES.every, RULES.notice, RULES.lasts, at_once, per_cell, 3)
    busy: list[tuple[str, str, str | None]] = []
    for number, (customer, cell) in enumerate(asked):
        if may_begin(customer, cell, busy, rules):
            busy.append((f"L-{number}", customer, cell))
    customers = [customer for _, customer, _ in busy]
    cells = [cell for _, _, cell in busy]
    assert len(busy) <= at_once
    assert len(customers) == len(set(customers))
    assert all(cells.count(each) <= per_cell for each in cells)
