"""The geometry of a plot of one figure over time; a template draws it as SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 360, 210
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 16, 36
"""Room around the field for labels; in units of the picture, about a pixel of a phone each."""

MOST_POINTS = 400
"""More than a phone's pixels show nothing more."""

LEAST, MOST = 1e-3, 1e12
"""What the axes can carry."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it stands in the picture, and what it says."""

    at: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every plot has, in units of the picture.

    Attributes:
        line: points of the line, as SVG writes them.
        area: outline of what lies below it.
        lowest: least value, in the unit of the figure; likewise `highest`.
    """

    line: str
    area: str
    y_ticks: tuple[Tick, ...]
    lowest: float
    highest: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot(Frame):
    """A plot over time.

    Attributes:
        target: height of the target line; None where there is none.
        mean: of the values, in the unit of the figure.
        seconds: where the axis of time ends.
    """

    x_ticks: tuple[Tick, ...]
    target: float | None
    mean: float
    seconds: float


def plot(points: Sequence[tuple[float, float]], target: float | None) -> Plot | None:
    """Return the plot of a figure over time, or None where fewer than two points can be drawn.

    Args:
        points: (seconds since the start, value); what is no number, or negative, is left out.
        target: what the figure is held against.
    """
    drawn = sorted(each for each in points if 0 <= each[0] <= MOST and 0 <= each[1] <= MOST)
    if len(drawn) < 2 or drawn[-1][0] < LEAST or drawn[0][0] == drawn[-1][0]:
        return None
    if target is not None and not 0 <= target <= MOST:
        target = None
    values = [value for _, value in drawn]
    end = drawn[-1][0]
    y_steps = _steps(max(LEAST, *values, target or 0.0))
    top = y_steps[-1]

    def x(seconds: float) -> float:
        return round(LEFT + seconds / end * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM), 1)

    places = [(x(seconds), y(value)) for seconds, value in _thinned(drawn)]
    line, area = outline(places)
    return Plot(
        line=line,
        area=area,
        x_ticks=tuple(Tick(x(each), each) for each in _steps(end) if each <= end),
        y_ticks=tuple(Tick(y(each), each) for each in y_steps),
        target=y(target) if target is not None else None,
        lowest=min(values),
        mean=sum(values) / len(values),
        highest=max(values),
        seconds=end,
    )


def outline(places: Sequence[tuple[float, float]]) -> tuple[str, str]:
    """Return a line through places of the picture, and the outline of what lies below it, as SVG writes both."""
    line = " ".join(f"{across},{down}" for across, down in places)
    floor_line = HEIGHT - BOTTOM
    return line, f"{places[0][0]},{floor_line} {line} {places[-1][0]},{floor_line}"


def round_step(rough: float) -> float:
    """Return the least step of 1, 2 or 5 times a power of ten that is about as large as `rough`, or larger."""
    power = 10.0 ** floor(log10(rough))
    return next(each for each in (power, 2 * power, 5 * power, 10 * power) if each >= rough * 0.999)


def _steps(high: float) -> list[float]:
    """Return round values from 0 to `high` or just above it: three to six of them."""
    step = round_step(high / 4)
    return [step * number for number in range(ceil(high / step - 1e-9) + 1)]


def _thinned(points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield at most MOST_POINTS of the points; of each stretch the lowest and the highest, so that no dip is lost."""
    if len(points) <= MOST_POINTS:
        yield from points
        return
    size = ceil(len(points) / (MOST_POINTS // 2))
    for first in range(0, len(points), size):
        stretch = points[first : first + size]
        extremes = {min(stretch, key=lambda each: each[1]), max(stretch, key=lambda each: each[1])}
        yield from sorted(extremes)
