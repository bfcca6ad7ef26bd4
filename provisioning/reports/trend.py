"""The geometry of a plot of one figure over nights; a template draws it as SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, isfinite

from provisioning.reports.plot import BOTTOM, HEIGHT, LEFT, MOST, RIGHT, TOP, WIDTH, Frame, Tick, outline, round_step

LEAST_SHARE = 0.05
"""Of the ceiling that the picture shows at least, so that a hair's breadth does not look like a fall."""

X_TICKS = 4
MOST_DOTS = 31
"""More stand too close to be told apart."""


@dataclass(frozen=True, slots=True)
class DayTick:
    """A mark on the axis of time: where it stands, which night it is, and to which side its text goes."""

    at: float
    moment: datetime
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend(Frame):
    """A plot over nights.

    Attributes:
        dots: places of the nights; empty where there are too many.
        first: value of the first night; likewise `last`.
    """

    dots: tuple[tuple[float, float], ...]
    x_ticks: tuple[DayTick, ...]
    first: float
    last: float


def trend(
    points: Sequence[tuple[datetime, float]], *, ceiling: float | None = None, whole: bool = False
) -> Trend | None:
    """Return the plot of a figure over nights, or None where fewer than two can be drawn.

    Args:
        points: when a night began, and its value; what is no number, or negative, is left out.
        ceiling: the greatest value that there can be: then the picture shows what lies below it, not down to zero.
        whole: whether only whole numbers make sense on the axis.
    """
    drawn = sorted(each for each in points if isfinite(each[1]) and 0 <= each[1] <= MOST)
    if len(drawn) < 2 or drawn[0][0] == drawn[-1][0]:
        return None
    values = [value for _, value in drawn]
    steps = _steps_below(ceiling, min(values)) if ceiling is not None else _steps_to(max(values), whole=whole)
    begin, span = drawn[0][0], (drawn[-1][0] - drawn[0][0]).total_seconds()

    def x(moment: datetime) -> float:
        return round(LEFT + (moment - begin).total_seconds() / span * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        share = (value - steps[0]) / (steps[-1] - steps[0])
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    places = [(x(moment), y(value)) for moment, value in drawn]
    line, area = outline(places)
    return Trend(
        line=line,
        area=area,
        dots=tuple(places) if len(places) <= MOST_DOTS else (),
        x_ticks=_day_ticks([moment for moment, _ in drawn], x),
        y_ticks=tuple(Tick(y(each), each) for each in steps),
        first=values[0],
        last=values[-1],
        lowest=min(values),
        highest=max(values),
    )


def _day_ticks(moments: Sequence[datetime], x: Callable[[datetime], float]) -> tuple[DayTick, ...]:
    """Return marks at nights that stand about as far from each other."""
    number = min(X_TICKS, len(moments))
    chosen = sorted({round(each * (len(moments) - 1) / (number - 1)) for each in range(number)})
    found: list[DayTick] = []
    for index in chosen:
        anchor = "start" if index == 0 else "end" if index == len(moments) - 1 else "middle"
        found.append(DayTick(x(moments[index]), moments[index], anchor))
    # Nights lie unevenly in time where some were left out: texts that would touch are left out as well.
    apart = (WIDTH - LEFT - RIGHT) / (X_TICKS + 0.5)
    kept = found[:1]
    for each in found[1:-1]:
        if each.at - kept[-1].at >= apart and found[-1].at - each.at >= apart:
            kept.append(each)
    return (*kept, found[-1])


def _steps_to(high: float, *, whole: bool) -> list[float]:
    """Return round values from 0 to `high` or just above it."""
    step = round_step(max(high / 4, 1.0 if whole else 1e-9))
    return [step * number for number in range(max(1, ceil(high / step - 1e-9)) + 1)]


def _steps_below(ceiling: float, low: float) -> list[float]:
    """Return round values from `low` or just below it to the ceiling."""
    step = round_step(max(ceiling - low, ceiling * LEAST_SHARE) / 4)
    first = floor(min(low, ceiling * (1 - LEAST_SHARE)) / step + 1e-9)
    last = round(ceiling / step)
    return [step * number for number in range(max(0, first), last)] + [ceiling]
