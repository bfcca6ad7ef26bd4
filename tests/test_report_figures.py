"""Figures against their targets, and the geometry of plots."""

from dataclasses import replace

from acceptances import proven
from hypothesis import given
from hypothesis import strategies as st

from provisioning.model.verdict import Figure, Outcome
from provisioning.reports.checks import met
from provisioning.reports.plot import MOST_POINTS, plot

numbers = st.floats(allow_nan=True, allow_infinity=True) | st.floats(0, 1e5)
seconds = st.floats(0, 3600) | st.floats(allow_nan=True, allow_infinity=True)


@given(
    st.lists(st.tuples(st.floats(-10, 1e6), st.floats(-10, 1e6)), max_size=50),
    st.none() | st.floats(0, 1e6),
)
def test_everything_lies_inside(points: list[tuple[float, float]], target: float | None) -> None:
    drawn = plot(points, target)
    if drawn is None:
        return
    for place in drawn.line.split():
        across, down = map(float, place.split(","))
        assert drawn.left <= across <= drawn.right
        assert drawn.top <= down <= drawn.bottom
    for tick in drawn.x_ticks:
        assert drawn.left <= tick.at <= drawn.right
    for tick in drawn.y_ticks:
        assert drawn.top <= tick.at <= drawn.bottom
    assert 2 <= len(drawn.y_ticks) <= 8
    assert drawn.target is None or drawn.top <= drawn.target <= drawn.bottom


@given(st.lists(st.tuples(seconds, numbers), max_size=20), st.none() | numbers)
def test_no_numbers_break_it(points: list[tuple[float, float]], target: float | None) -> None:
    plot(points, target)


def test_a_dip_is_not_lost_among_many_points() -> None:
    points = [(float(second), 100.0) for second in range(10_000)]
    points[5_003] = (5_003.0, 1.0)
    drawn = plot(points, 100.0)
    assert drawn is not None
    places = [tuple(map(float, each.split(","))) for each in drawn.line.split()]
    assert len(places) <= MOST_POINTS
    assert max(down for _, down in places) > drawn.bottom - 5
    assert drawn.lowest == 1.0


def test_too_little_draws_nothing() -> None:
    assert plot((), None) is None
    assert plot(((0.0, 1.0),), None) is None
    assert plot(((1.0, 1.0), (1.0, 2.0)), None) is None


def test_a_figure_is_met_as_its_check_was_judged() -> None:
    base = proven().verdict.results[5]
    down, up = Figure("down", 94.0, "Mbit/s", 100.0), Figure("up", 20.0, "Mbit/s", 40.0)
    both = replace(base, figures=(down, up))
    failed = replace(both, outcome=Outcome.FAILED)
    assert met(down, both) is True
    assert met(up, failed) is False
    assert met(down, failed) is None  # near enough, or not: the judge alone knows
    assert met(down, replace(both, outcome=Outcome.NOT_OBSERVED)) is None


def test_less_is_better_for_some_figures() -> None:
    base = proven().verdict.results[5]
    quick, slow = Figure("latency", 9.0, "ms", 10.0), Figure("latency", 11.0, "ms", 10.0)
    lost = Figure("loss", 0.5, "%", 0.0)
    failed = replace(base, outcome=Outcome.FAILED, figures=(quick, slow))
    assert met(quick, failed) is True
    assert met(slow, failed) is False
    assert met(lost, replace(failed, figures=(lost,))) is False
    assert met(Figure("loss", 0.0, "%", 0.0), replace(failed, outcome=Outcome.PASSED)) is True
    assert met(Figure("latency", 9.0, "ms"), failed) is None


def test_what_is_scaled_meets_nothing_that_was_ordered() -> None:
    base = proven().verdict.results[5]
    scaled = Figure("down", 940.0, "Mbit/s", 900.0, "scaled")
    assert met(scaled, replace(base, figures=(scaled,))) is None
