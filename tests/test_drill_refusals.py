"""Why a drill is refused: rows of tests/cases/failover/refusals.yaml, and when the router's own timer ends a cut."""

import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from test_readiness import looked_at
from worlds import NOON, ROOT

from provisioning.drills.codes import CODES
from provisioning.drills.preconditions import MARGIN_SECONDS, Asked, agreed_until, dead_man_seconds, refusals
from provisioning.model.bearer import Cut
from provisioning.model.drill import Announcement
from provisioning.model.finding import Finding

CASES: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "cases" / "failover" / "refusals.yaml").read_text("utf-8")
)["cases"]
DAY = timedelta(hours=24)


def announced(case: dict[str, Any]) -> list[Announcement]:
    """Return what was announced in a case."""
    return [
        Announcement(
            number=number,
            line="L-1",
            opens_at=NOON + timedelta(hours=each["opens"]),
            closes_at=NOON + timedelta(hours=each["closes"]),
            told_at=NOON + timedelta(hours=each["told"]),
            told_by="desk",
            agreed_with="",
            language="en",
        )
        for number, each in enumerate(case.get("announced", ()), start=1)
    ]


def asked(case: dict[str, Any]) -> Asked:
    """Return the drill that is asked for in a case."""
    given = dict(case.get("asked", {}))
    return Asked(Cut(given.pop("cut", "link-down")), given.pop("seconds", 60), **given)


def found(case: dict[str, Any]) -> tuple[Finding, ...]:
    """Return the refusals of a case."""
    return refusals(
        looked_at(case.get("readiness", {})),
        frozenset(map(Cut, case.get("cuts", list(Cut)))),
        announced(case),
        asked(case),
        now=NOON,
        notice=timedelta(hours=case.get("notice", 24)),
        hold_seconds=60,
    )


@pytest.mark.parametrize("name", CASES)
def test_all_reasons_are_told_at_once(name: str) -> None:
    case = CASES[name]
    assert [each.code for each in found(case)] == case["refused"]


@pytest.mark.parametrize("name", CASES)
def test_each_reason_says_what_to_do(name: str) -> None:
    assert all(each.reason and each.remedy for each in found(CASES[name]))


def test_every_code_is_among_the_cases() -> None:
    assert {code for case in CASES.values() for code in case["refused"]} == {each.name for each in CODES}


def test_the_router_s_own_timer_is_longer_than_the_cut_but_never_than_the_period() -> None:
    drill = Asked(Cut.SILENT, 60)
    case = {"announced": [{"opens": -1, "closes": 1, "told": -48}]}
    until = agreed_until(announced(case), NOON, DAY)
    assert until == NOON + timedelta(hours=1)
    assert dead_man_seconds(drill, now=NOON, until=until) == 60 + MARGIN_SECONDS
    assert dead_man_seconds(drill, now=NOON, until=NOON + timedelta(seconds=70)) == 70
    assert dead_man_seconds(drill, now=NOON, until=None) == 60 + MARGIN_SECONDS


def test_a_period_that_was_told_too_late_is_no_agreed_one() -> None:
    assert agreed_until(announced({"announced": [{"opens": -1, "closes": 1, "told": -2}]}), NOON, DAY) is None


def test_the_document_tells_every_code_of_refusals_and_readiness() -> None:
    told = set(re.findall(r"`([a-z0-9-]+)`", (ROOT / "docs" / "failover.md").read_text("utf-8")))
    assert {each.name for each in CODES} <= told
    looked = {each.code for each in looked_at({}).findings}
    alike = ("-ipv6", "mobile-bgp-ipv4", "mobile-bfd-ipv4")
    assert {each for each in looked if not each.endswith(alike)} <= told
