"""How lines are seen to stand, and which incidents follow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bearer_reports import FIXED, MOBILE, WELL, bearer, report
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.incidents.condition import Seen, drilled, seen_of, silent, unreachable
from provisioning.incidents.transitions import CALM, HICCUP, decide
from provisioning.model.bearer import BearerEvent, BearerEventKind, CurrentDrill, Cut, Neighbourship, Radio
from provisioning.model.incident import Condition, IncidentKind

BEGIN = datetime(2026, 11, 23, 9, tzinfo=UTC)
COURSES = Path(__file__).parent / "cases" / "incidents" / "courses.txt"

ON_FIXED = Seen(Condition.ON_FIXED, trusted=True, mobile_works=True, drilled=False, reason="")
ON_MOBILE = replace(ON_FIXED, condition=Condition.ON_MOBILE, trusted=False)
MOBILE_FAILED = replace(ON_FIXED, condition=Condition.MOBILE_FAILED, mobile_works=False)
DOWN = Seen(Condition.DOWN, trusted=False, mobile_works=False, drilled=False, reason="")
WORDS: Mapping[str, Seen] = {
    "fixed": ON_FIXED,
    # The fixed bearer works again, and mobile carries the line until it is trusted.
    "fixed-on-trial": ON_MOBILE,
    "mobile": ON_MOBILE,
    "mobile-failed": MOBILE_FAILED,
    "mobile-failed-on-trial": replace(MOBILE_FAILED, trusted=False),
    "down": DOWN,
    "silent": silent("no answer"),
    "unreachable": unreachable("no answer"),
    "drilled-mobile": replace(ON_MOBILE, drilled=True),
    "drilled-on-trial": replace(ON_MOBILE, drilled=True),
    "drilled-down": replace(DOWN, drilled=True),
}


class Line:
    """A line, its open incidents, and what became of them."""

    def __init__(self) -> None:
        self.open: set[IncidentKind] = set()
        self.happened: list[str] = []
        self.seen: Seen | None = None
        self.since = BEGIN
        self.again_at: datetime | None = None

    def see(self, seen: Seen, at: datetime) -> None:
        """Take in what is seen; first whatever was due before."""
        while self.again_at is not None and self.again_at <= at:
            self.decide(self.again_at)
        if self.seen is None or self.seen.condition is not seen.condition:
            self.since = at
        self.seen = seen
        self.decide(at)

    def decide(self, at: datetime) -> None:
        assert self.seen is not None
        found = decide(self.open, self.seen, self.since, at, drilled=False)
        seconds = (at - BEGIN).total_seconds()
        self.happened += [f"{seconds:g} +{each}" for each in found.opens]
        self.happened += [f"{seconds:g} -{each}" for each in sorted(found.closes, reverse=True)]
        self.open = (self.open | set(found.opens)) - set(found.closes)
        assert found.again_at is None or found.again_at > at
        self.again_at = found.again_at


def courses() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in COURSES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            title = line.strip("[]")
            found[title] = []
        elif line and not line.startswith("#"):
            found[title].append(line)
    return found


@pytest.mark.parametrize("course", courses())
def test_course(course: str) -> None:
    *steps, happened = courses()[course]
    line = Line()
    for step in steps:
        second, word = step.split()
        line.see(WORDS[word], BEGIN + timedelta(seconds=float(second)))
    line.see(line.seen or ON_FIXED, BEGIN + timedelta(seconds=1000))
    assert ", ".join(line.happened) == happened.removeprefix("=").strip()


STEPS = st.lists(st.tuples(st.sampled_from(sorted(WORDS)), st.integers(0, 300)), max_size=12)


@settings(deadline=None)
@given(STEPS)
def test_whatever_was_seen_a_line_that_is_well_has_no_incident_in_the_end(steps: list[tuple[str, int]]) -> None:
    line, at = Line(), BEGIN
    for word, seconds in steps:
        line.see(WORDS[word], at)
        at += timedelta(seconds=seconds)
    line.see(ON_FIXED, at)
    line.see(ON_FIXED, at + CALM)
    assert not line.open
    opened = [each.split("+")[1] for each in line.happened if "+" in each]
    closed = [each.split("-", 1)[1] for each in line.happened if "+" not in each]
    assert sorted(opened) == sorted(closed)


@settings(deadline=None)
@given(STEPS)
def test_a_line_that_stays_down_has_its_incident(steps: list[tuple[str, int]]) -> None:
    line, at = Line(), BEGIN
    for word, seconds in steps:
        line.see(WORDS[word], at)
        at += timedelta(seconds=seconds)
    line.see(DOWN, at)
    line.see(DOWN, at + HICCUP)
    assert IncidentKind.LINE_DOWN in line.open


def test_a_drill_of_ours_counts_though_the_router_does_not_know_drills() -> None:
    assert decide((), ON_MOBILE, BEGIN, BEGIN, drilled=False).opens == (IncidentKind.BACK_UP_ACTIVE,)
    assert decide((), ON_MOBILE, BEGIN, BEGIN, drilled=True).opens == ()


# --- what a router says --------------------------------------------------------------------------------------------


def test_both_work() -> None:
    seen = seen_of(WELL)
    assert (seen.condition, seen.trusted, seen.mobile_works) == (Condition.ON_FIXED, True, True)


def test_fixed_failed() -> None:
    seen = seen_of(report(bearer(FIXED, up=False), bearer(MOBILE), MOBILE, MOBILE))
    assert (seen.condition, seen.trusted) == (Condition.ON_MOBILE, False)
    assert seen.reason == "fixed: BFD is down for IPv4 and IPv6"


def test_the_route_that_is_still_that_of_before_is_not_believed() -> None:
    assert seen_of(report(bearer(FIXED, up=False), bearer(MOBILE), FIXED, FIXED)).condition is Condition.ON_MOBILE


def test_on_trial() -> None:
    seen = seen_of(replace(report(bearer(FIXED), bearer(MOBILE), MOBILE, MOBILE), hold_left=12.4))
    assert (seen.condition, seen.trusted) == (Condition.ON_MOBILE, False)
    assert seen.reason == "fixed works again, and is on trial"


def test_on_trial_without_mobile() -> None:
    seen = seen_of(replace(report(bearer(FIXED), bearer(MOBILE, link=False), FIXED, FIXED), hold_left=12.4))
    assert (seen.condition, seen.trusted, seen.mobile_works) == (Condition.MOBILE_FAILED, False, False)
    assert seen.reason.startswith("mobile: wwan0 is down; ")


def test_mobile_failed() -> None:
    seen = seen_of(report(bearer(FIXED), bearer(MOBILE, up=False), FIXED, FIXED))
    assert (seen.condition, seen.trusted, seen.mobile_works) == (Condition.MOBILE_FAILED, True, False)


def test_a_sim_that_is_locked_is_told() -> None:
    mobile = replace(bearer(MOBILE, up=False), radio=Radio("locked"))
    assert seen_of(report(bearer(FIXED), mobile, FIXED, FIXED)).reason == "mobile: the SIM is locked"


def test_both_failed() -> None:
    seen = seen_of(report(bearer(FIXED, link=False), bearer(MOBILE, up=False), None, None))
    assert (seen.condition, seen.trusted) == (Condition.DOWN, False)
    assert seen.reason == "fixed: wan0 is down; mobile: BFD is down for IPv4 and IPv6"


def test_without_a_default_route_the_line_is_down() -> None:
    assert seen_of(report(bearer(FIXED), bearer(MOBILE), None, None)).condition is Condition.DOWN


def test_one_family_on_mobile_is_an_active_back_up() -> None:
    fixed = replace(bearer(FIXED), neighbourships=(Neighbourship(4, True, True), Neighbourship(6, False, False)))
    seen = seen_of(report(fixed, bearer(MOBILE), FIXED, MOBILE))
    assert (seen.condition, seen.trusted) == (Condition.ON_MOBILE, False)


def test_one_family_that_nothing_carries_is_a_severe_degradation() -> None:
    fixed = replace(bearer(FIXED), neighbourships=(Neighbourship(4, True, True), Neighbourship(6, False, False)))
    seen = seen_of(report(fixed, bearer(MOBILE, up=False), FIXED, None))
    assert seen.condition is Condition.ON_MOBILE
    assert seen.reason.endswith("nothing carries IPv6")


def test_a_line_without_ipv6_is_whole_without() -> None:
    seen = seen_of(report(bearer(FIXED, families=(4,)), bearer(MOBILE, families=(4,)), FIXED, None))
    assert (seen.condition, seen.trusted) == (Condition.ON_FIXED, True)


# --- drills --------------------------------------------------------------------------------------------------------


def events(*kinds: tuple[float, BearerEventKind]) -> tuple[BearerEvent, ...]:
    return tuple(BearerEvent(number, uptime, kind, FIXED) for number, (uptime, kind) in enumerate(kinds, 1))


CUT, FAILED = BearerEventKind.CUT, BearerEventKind.FAILED
HEALED, WORKS, TRUSTED = BearerEventKind.HEALED, BearerEventKind.WORKS, BearerEventKind.TRUSTED
DRILLED = {
    "never": ((), False),
    "just healed": (((10, CUT), (10.9, FAILED), (70, HEALED)), True),
    "on trial": (((10, CUT), (10.9, FAILED), (70, HEALED), (72, WORKS)), True),
    "found late": (((10, CUT), (70, HEALED), (70.4, FAILED), (72, WORKS)), True),
    "fails by itself": (((10, CUT), (10.9, FAILED), (70, HEALED), (72, WORKS), (100, FAILED)), False),
    "trusted, and fails": (((10, CUT), (10.9, FAILED), (70, HEALED), (72, WORKS), (132, TRUSTED)), False),
    "failed by itself, drilled later": (((5, FAILED), (6, WORKS), (60, TRUSTED), (70, CUT), (130, HEALED)), True),
}


@pytest.mark.parametrize("row", DRILLED)
def test_what_a_drill_does_is_known_by_the_events(row: str) -> None:
    kinds, expected = DRILLED[row]
    on_mobile = report(bearer(FIXED, up=False), bearer(MOBILE), MOBILE, MOBILE)
    assert drilled(replace(on_mobile, events=events(*kinds))) == expected


def test_a_drill_that_runs() -> None:
    current = CurrentDrill("d1", Cut.SILENT, 40.0)
    assert seen_of(replace(report(bearer(FIXED, up=False), bearer(MOBILE), MOBILE, MOBILE), drill=current)).drilled
