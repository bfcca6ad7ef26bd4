"""Figures of a drill, case by case; how gaps are told from losses; and what no numbers may ever do to a verdict."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_drills import INTERVAL, measured, stream
from worlds import soaked

from provisioning.drills.figures import figures, mobile_bytes
from provisioning.drills.gaps import Window, longest_gap, lost, until_back, worked_before
from provisioning.drills.targets import Timing, stranded_bytes_a_second, target
from provisioning.model.drill import Outcome, Weight, passed

CASES = sorted((Path(__file__).parent / "cases/drill-figures").glob("*.yaml"))

STREAM_BYTES_A_SECOND = 2 * 50 * 200
"""Of one stream, both ways: 50 packets a second of 160 bytes, with their headers (`vantages/probe/stream.py`)."""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_case_comes_to_its_figures(path: Path) -> None:
    case: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    found = figures(measured(case))
    by_key = {each.key: each for each in found}
    assert len(by_key) == len(found)
    told = {key: [by_key[key].value, by_key[key].outcome.value, by_key[key].weight.value] for key in case["figures"]}
    assert told == case["figures"]
    assert passed(found) is case["passed"]
    for each in found:
        assert (each.value is None) == (each.outcome is Outcome.NOT_MEASURED) == bool(each.why_not), each


def test_what_is_good_says_all_there_is() -> None:
    good = yaml.safe_load((CASES[0].parent / "good.yaml").read_text("utf-8"))
    assert [each.key for each in figures(measured(good))] == list(good["figures"])


@pytest.mark.parametrize(
    ("interval", "multiplier", "gap", "back"),
    [
        (300, 3, 1.0, 3.0),
        (100, 3, 0.6, 5.0),
        (50, 3, 0.5, 5.0),
        (200, 3, 0.8, 4.0),
        (1000, 3, 3.1, 3.0),
        (300, 5, 1.6, 3.0),
    ],
)
def test_targets_follow_how_quick_bfd_is(interval: int, multiplier: int, gap: float, back: float) -> None:
    found = target("linux_cpe", Timing(interval, multiplier, 60))
    assert found.gap == pytest.approx(gap)
    assert found.back == pytest.approx(back)
    assert found.source


def test_a_router_that_tracks_is_given_the_turn_of_its_probe() -> None:
    found = target("cisco_iosxe", Timing(300, 3, 60))
    assert (found.detection, found.gap, found.back) == (6.0, 7.0, 10.0)
    assert target("cisco_iosxe", Timing(5000, 3, 60)).gap == 16.0


@given(st.integers(10, 60_000), st.integers(2, 255), st.integers(1, 180))
def test_no_target_asks_for_what_bfd_cannot_do(interval: int, multiplier: int, hold: int) -> None:
    timing = Timing(interval, multiplier, hold)
    for platform in ("linux_cpe", "cisco_iosxe", "of tomorrow"):
        found = target(platform, timing)
        assert found.gap > timing.detection_seconds
        assert found.detection >= timing.detection_seconds
        assert 3 <= found.back <= 10
    if interval >= 50:
        assert stranded_bytes_a_second(timing) < STREAM_BYTES_A_SECOND


# --- gaps ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("losses", "window", "gap", "back", "many"),
    [
        ([], (0, 100), None, None, 0),
        ([[10, 50]], (0, 100), 1.0, 1.0, 50),
        ([[10, 50]], (10, 100), 1.0, 1.0, 50),
        ([[10, 50]], (10.5, 100), None, None, 25),
        ([[10, 50]], (0, 10.5), 1.0, 1.0, 25),
        ([[10, 50]], (0, 10), None, None, 0),
        ([[10, 1], [11, 50], [20, 3]], (0, 100), 1.0, 2.0, 54),
        ([[10, 5], [20, 5]], (0, 100), 0.1, 0.1, 10),
    ],
)
def test_gaps_of_a_window(
    losses: list[list[float]], window: tuple[float, float], gap: float | None, back: float | None, many: int
) -> None:
    one, part = stream("fixed-ipv4", losses, 40), Window(*window)
    found = longest_gap(one, part)
    assert (found.seconds if found is not None else None) == (pytest.approx(gap) if gap else None)
    assert until_back(one, part) == (pytest.approx(back) if back else None)
    assert lost(one, part) == many


def test_a_stream_that_never_ran_tells_nothing() -> None:
    assert not worked_before(stream("fixed-ipv4", [[0, 600]], 40), 10)
    assert worked_before(stream("fixed-ipv4", [[5, 600]], 40), 10)


runs = st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 200)), max_size=8)


def _apart(found: list[tuple[int, int]]) -> list[list[float]]:
    """Return runs one after the other, with packets between that came back."""
    losses, at = [], 0
    for between, many in found:
        at += between + 1
        losses.append([round(at * INTERVAL, 2), many])
        at += many
    return losses


@settings(max_examples=soaked(100, 1000), deadline=None)
@given(runs, st.floats(0, 100), st.floats(0, 100))
def test_each_lost_packet_is_counted_once_however_a_drill_is_cut_in_parts(
    found: list[tuple[int, int]], one: float, other: float
) -> None:
    first, second = sorted((one, other))
    whole = stream("fixed-ipv4", _apart(found), 0.2)
    parts = [Window(-1, first), Window(first, second), Window(second, float("inf"))]
    assert sum(lost(whole, each) for each in parts) == sum(each.packets for each in whole.losses)
    longest = [gap.seconds for each in parts if (gap := longest_gap(whole, each)) is not None]
    assert max(longest, default=0) == max((each.packets * INTERVAL for each in whole.losses), default=0)


kinds = st.sampled_from(["cut", "healed", "failed", "works", "trusted"])
rows = st.lists(st.tuples(st.floats(0, 200), kinds, st.sampled_from(["fixed", "mobile"])), max_size=12)
clocks = st.floats(0, 3000)
reports = st.tuples(clocks, st.sampled_from(["fixed", "mobile"]), st.integers(0, 10**12))


@settings(max_examples=soaked(200, 2000), deadline=None)
@given(
    rows,
    runs,
    st.none() | reports,
    st.lists(reports, max_size=3),
    st.none() | st.floats(10, 100),
    st.sampled_from(["link-down", "silent", "one-way", "loss", "flapping"]),
    st.sampled_from(["linux_cpe", "cisco_iosxe"]),
)
def test_whatever_was_seen_has_figures_and_passes_only_with_all_that_decides(
    events: list[tuple[float, str, str]],
    losses: list[tuple[int, int]],
    mobile: tuple[float, str, int] | None,
    after: list[tuple[float, str, int]],
    healed: float | None,
    cut: str,
    platform: str,
) -> None:
    ordered = sorted((1000 + at, kind, bearer) for at, kind, bearer in events)
    case = {
        "cut": cut,
        "platform": platform,
        "healed_at": healed,
        "events": ordered,
        "reports": {"mobile": mobile, "after": after},
        "streams": [{"name": "fixed-ipv4", "losses": _apart(losses), "seconds": 30}],
    }
    seen = measured(case)
    found = figures(seen)
    keys = {each.key for each in found}
    assert len(keys) == len(found)
    for each in found:
        assert each.value is None or each.value >= 0
        assert (each.value is None) == (each.outcome is Outcome.NOT_MEASURED)
        assert each.value is not None or each.why_not
    if passed(found):
        met = {each.key for each in found if each.weight is Weight.GATE and each.outcome is Outcome.MET}
        assert {"over-mobile", "return", "hold", "flaps", "lost-at-return", "back-on-fixed"} <= met
        assert any(kind == "trusted" and bearer == "fixed" for _, kind, bearer in ordered)
        assert not seen.restarted
    assert (mobile_bytes(seen) or 0) >= 0
