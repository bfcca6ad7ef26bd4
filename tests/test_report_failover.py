"""The report of drills: what it draws, what it says and what it never says, and the same as JSON."""

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from acceptances import HOSTILE
from drilled import CUT_AT, FIRST_BACK, SECONDS, drill, hostile, incident, month, no_drill, one_drill, result
from hypothesis import given
from hypothesis import strategies as st
from measured_drills import measured

from provisioning.drills.figures import figures
from provisioning.model.drill import Bucket, DrillResult, DrillState, Loss, Mark, Phase, StreamName
from provisioning.model.failover_report import FailoverReport
from provisioning.reports import Language
from provisioning.reports.drill_timeline import LANE_HEIGHT, LEFT, RIGHT, WIDTH, timeline
from provisioning.reports.failover_data import failover_data
from provisioning.reports.failover_page import failover_page
from provisioning.reports.failover_terms import FIGURES
from provisioning.reports.visible import one_line

each_language = pytest.mark.parametrize("language", ["en", "fr", "nl"])


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("</style>")[2])))


# --- the page -------------------------------------------------------------------------------------------------------


@each_language
@pytest.mark.parametrize("report", [no_drill(), one_drill(), month(), hostile()])
def test_the_policy_lets_nothing_in_but_the_style(report: FailoverReport, language: Language) -> None:
    page = failover_page(report, language)
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(style) == 1
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in page
    assert not re.search(r"<(script|img|iframe|link|base|form|object|embed)\b", page)
    assert not re.search(r"<[^>]*\s(style|on\w+|src|srcset|action)=", page)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "not met: open TCP sessions that survived"),
        ("fr", "non atteint : sessions TCP ouvertes"),
        ("nl", "niet gehaald: open TCP-sessies"),
    ],
)
def test_why_a_drill_failed_is_told_in_the_language_of_the_page(language: Language, told: str) -> None:
    failed = drill(7, "L-1", DrillState.FAILED, reason="missed: sessions (not measured)")
    text = text_of(failover_page(replace(one_drill(), drills=(failed,)), language))
    assert told in text
    assert "missed" not in text


def test_what_customers_and_routers_wrote_is_text() -> None:
    text = text_of(failover_page(hostile(), "en"))
    for each in HOSTILE:
        assert one_line(each) in text


@pytest.mark.parametrize(
    ("report", "status", "said"),
    [
        (no_drill(), "unseen", "Nothing was drilled 1 line was not drilled for too long, or never"),
        (one_drill(), "passed", "Every drill passed"),
        (month(), "failed", "3 drills failed"),
    ],
)
def test_it_says_at_the_top_what_the_drills_came_to(report: FailoverReport, status: str, said: str) -> None:
    page = failover_page(report, "en")
    assert f'<section class="verdict {status}"' in page
    assert said in text_of(page)


def test_a_passed_drill_hides_no_back_up_that_nobody_drilled() -> None:
    report = replace(one_drill(), lines=(*one_drill().lines, *no_drill().lines))
    assert '<section class="verdict unseen"' in failover_page(report, "en")


def test_figures_stand_against_their_targets() -> None:
    text = text_of(failover_page(one_drill(), "en"))
    for shown in (
        "longest time in which nothing passed after the cut, of all streams 0.8 s at most 1 s met",
        "packets of all streams lost from the end of the cut on 0 packets at most 0 packets met",
        "telephony answered over the fixed bearer, and over mobile it did not yes met",
        "throughput over mobile, downstream; no speed is guaranteed there 42.5 Mbit/s",
        "open TCP sessions that survived the cut and the return nobody answered on the ports – not measured",
        "48.3 MB over mobile",
        "fixed IPv4: 40 of 4,200 packets lost, longest gap 0.8 s",
    ):
        assert shown in text, shown


def test_incidents_tell_when_they_are_due() -> None:
    text = text_of(failover_page(month(), "en"))
    assert (
        "L-3 F-1 P2, the back-up is active: the fixed line is down 18 Nov, 10:00 19 Nov, 10:00 18 Nov, 13:00" in text
    )
    assert "L-4 F-2 P1, the back-up is active: the fixed line is down 18 Nov, 10:00 – open" in text


@each_language
def test_a_drill_without_a_result_is_told_without_a_picture(language: Language) -> None:
    report = replace(one_drill(), drills=(drill(2, "L-1", DrillState.INTERRUPTED),))
    page = failover_page(report, language)
    assert '<svg class="plot"' not in page
    assert "D-2" in page


def test_the_data_are_plain_json_and_hold_all_that_was_counted() -> None:
    told: dict[str, Any] = json.loads(json.dumps(failover_data(month())))
    assert told["month"] == "2026-11"
    assert [each["drill"] for each in told["drills"]] == [f"D-{number}" for number in range(1, 13)]
    passed = next(each for each in told["drills"] if each["state"] == "passed")
    assert len(passed["streams"]) == 4
    assert len(passed["streams"][0]["buckets"]) == SECONDS * 10
    assert {each["key"] for each in passed["figures"]} >= {"gap", "return"}
    assert told["incidents"][0]["priority"] == "P2"
    assert told["lines"][-1] == {
        "line": "L-99", "customer": "Nooit Getest BV", "serial": "LX0099",
        "drill": None, "state": None, "drilled_at": None,
    }  # fmt: skip
    assert failover_data(replace(month(), incidents=(incident(7, "L-1"),)))["incidents"] != told["incidents"]


# --- the picture ----------------------------------------------------------------------------------------------------


def test_a_loss_stands_where_it_was_and_as_high_as_it_was() -> None:
    picture = timeline(result())
    assert picture is not None
    scale = (WIDTH - LEFT - RIGHT) / picture.seconds
    for lane in picture.lanes:
        (bar,) = lane.bars
        assert bar.x == pytest.approx(LEFT + CUT_AT * scale, abs=2)
        assert bar.width == pytest.approx((FIRST_BACK - CUT_AT) * scale, abs=2)
        assert bar.height == LANE_HEIGHT


def test_latency_is_broken_where_nothing_came_back() -> None:
    picture = timeline(result())
    assert picture is not None
    assert len(picture.latency) == 2


def test_phases_follow_each_other_without_a_hole() -> None:
    picture = timeline(result())
    assert picture is not None
    assert [each.phase for each in picture.spans] == [
        Phase.BASELINE, Phase.CUT, Phase.MOBILE, Phase.HEALED, Phase.RETURN,
    ]  # fmt: skip
    for one, other in zip(picture.spans, picture.spans[1:], strict=False):
        assert one.x + one.width == pytest.approx(other.x, abs=0.2)
    assert picture.spans[-1].x + picture.spans[-1].width == pytest.approx(picture.right, abs=0.2)


def test_nothing_counted_makes_no_picture() -> None:
    assert timeline(DrillResult(8, (), (), (), ())) is None


moments = st.floats(-10, 4000, allow_nan=False)


@given(
    buckets=st.lists(st.tuples(st.integers(0, 40000), st.integers(0, 9), st.integers(0, 9)), max_size=60),
    marks=st.lists(st.tuples(moments, st.sampled_from(list(Phase))), max_size=12),
)
def test_everything_stands_inside_the_picture(
    buckets: list[tuple[int, int, int]], marks: list[tuple[float, Phase]]
) -> None:
    counted = tuple(
        Bucket(number / 10, sent, min(sent, returned), 3.0 if returned and sent else None)
        for number, sent, returned in sorted(buckets)
    )
    found = result()
    stream = replace(found.streams[0], name=StreamName.IP_PACK, buckets=counted, losses=(Loss(0.0, 1),))
    shown = replace(found, streams=(stream,), marks=tuple(Mark(at, phase, "") for at, phase in marks), rates=())
    picture = timeline(shown)
    if picture is None:
        assert not counted or counted[-1].at <= 0
        return
    for span in picture.spans:
        assert picture.left <= span.x <= span.x + span.width <= picture.right + 0.2
    for bar in picture.lanes[0].bars:
        assert picture.left <= bar.x <= picture.right
        assert 0 < bar.height <= LANE_HEIGHT
        assert 0 < bar.y < picture.height
    for tick in picture.x_ticks:
        assert picture.left <= tick.at <= picture.right + 0.2


def test_every_figure_of_a_drill_has_words_of_its_own() -> None:
    good = yaml.safe_load((Path(__file__).parent / "cases/drill-figures/good.yaml").read_text("utf-8"))
    told = {each.key: each.subject for each in figures(measured(good)) if ":" not in each.key}
    assert told == dict(FIGURES)
