"""The geometry of a drill over time: its phases, what was lost of each stream, latency, throughput. Drawn as SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from provisioning.model.bearer import BearerName
from provisioning.model.drill import Bucket, DrillResult, MeasuredRate, Phase, Stream, StreamName
from provisioning.reports.plot import Tick, round_step

WIDTH = 720
LEFT, RIGHT = 116, 14
"""Room beside the field; in units of the picture."""

STRIP_TOP, STRIP_HEIGHT = 18, 16
LANE_HEIGHT, LANE_GAP = 22, 8
FIELD_HEIGHT = 60
FIELD_GAP = 26
FOOT = 34

MOST_COLUMNS = 500
"""More than a page's pixels show nothing more."""

X_TICKS = 6


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """How long a phase lasted; `x` and `width` in units of the picture, as everywhere here."""

    phase: Phase
    x: float
    width: float
    seconds: float


@dataclass(frozen=True, slots=True)
class LossBar:
    """A stretch of time in which packets of a stream were lost; its height is the share."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One stream.

    Attributes:
        floor: where its bars stand.
    """

    name: StreamName
    floor: float
    bars: tuple[LossBar, ...]


@dataclass(frozen=True, slots=True)
class RateBar:
    """A measurement of throughput; `down` and `up` are heights of the two bars' tops, None where not measured."""

    x: float
    width: float
    bearer: BearerName
    down: float | None
    up: float | None


@dataclass(frozen=True, slots=True)
class Field:
    """A part of the picture with an axis of its own: latency, or throughput."""

    top: float
    floor: float
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture.

    Attributes:
        latency: pieces of the line, as SVG writes them; it is broken where nothing came back.
        latency_field: None where nothing ever came back.
        rate_field: None where no throughput was measured.
        seconds: where the axis of time ends.
    """

    width: int
    height: float
    left: int
    right: int
    strip_top: int
    strip_height: int
    lane_height: int
    spans: tuple[PhaseSpan, ...]
    lanes: tuple[Lane, ...]
    latency: tuple[str, ...]
    latency_field: Field | None
    rates: tuple[RateBar, ...]
    rate_field: Field | None
    x_ticks: tuple[Tick, ...]
    bottom: float
    seconds: float


def timeline(result: DrillResult) -> Timeline | None:
    """Return the picture of a drill; None where nothing was counted."""
    end = max((each.buckets[-1].at for each in result.streams if each.buckets), default=0.0)
    if end <= 0:
        return None
    scale = (WIDTH - LEFT - RIGHT) / end

    def x(seconds: float) -> float:
        return round(LEFT + min(max(seconds, 0.0), end) * scale, 1)

    down = STRIP_TOP + STRIP_HEIGHT + LANE_GAP + 4.0
    lanes = []
    for stream in result.streams:
        lanes.append(Lane(stream.name, down + LANE_HEIGHT, tuple(_bars(stream, scale, down))))
        down += LANE_HEIGHT + LANE_GAP
    points = list(_round_trips(result.streams, end))
    latency_field = _field(down, [value for _, value in points if value is not None])
    down = latency_field.floor if latency_field else down
    rate_field = _field(down, [value for each in result.rates for value in (each.down, each.up) if value is not None])
    bottom = rate_field.floor if rate_field else down
    step = round_step(end / X_TICKS)
    return Timeline(
        width=WIDTH,
        height=bottom + FOOT,
        left=LEFT,
        right=WIDTH - RIGHT,
        strip_top=STRIP_TOP,
        strip_height=STRIP_HEIGHT,
        lane_height=LANE_HEIGHT,
        spans=tuple(_spans(result, end, scale)),
        lanes=tuple(lanes),
        latency=tuple(_pieces(points, latency_field, scale)) if latency_field else (),
        latency_field=latency_field,
        rates=tuple(_rate_bar(each, rate_field, scale, x(each.at)) for each in result.rates) if rate_field else (),
        rate_field=rate_field,
        x_ticks=tuple(Tick(x(step * number), step * number) for number in range(int(end / step + 1e-9) + 1)),
        bottom=bottom,
        seconds=end,
    )


def _spans(result: DrillResult, end: float, scale: float) -> Iterator[PhaseSpan]:
    """Yield the phases as they followed each other; marks of the phase that is on already begin none."""
    begun: list[tuple[float, Phase]] = []
    for mark in sorted(result.marks, key=lambda each: each.at):
        if not begun or begun[-1][1] is not mark.phase:
            begun.append((min(max(mark.at, 0.0), end), mark.phase))
    ends = [at for at, _ in begun[1:]] + [end]
    for (at, phase), following in zip(begun, ends, strict=False):
        if following > at:
            yield PhaseSpan(phase, round(LEFT + at * scale, 1), round((following - at) * scale, 1), following - at)


def _bars(stream: Stream, scale: float, top: float) -> Iterator[LossBar]:
    """Yield a bar for each stretch in which the same share was lost."""

    def share(column: tuple[float, float, int, int]) -> float:
        _, _, sent, returned = column
        return (sent - returned) / sent if sent else 0.0

    for lost, group in groupby(_columns(stream.buckets), key=share):
        if lost > 0:
            stretch = list(group)
            first, last = stretch[0][0], stretch[-1][1]
            height = max(round(LANE_HEIGHT * lost, 1), 1.0)
            width = round(max((last - first) * scale, 1.0), 1)
            yield LossBar(round(LEFT + first * scale, 1), round(top + LANE_HEIGHT - height, 1), width, height)


def _columns(buckets: Sequence[Bucket]) -> Iterator[tuple[float, float, int, int]]:
    """Yield begin, end, sent and returned of stretches that a picture can show: few buckets each, or one."""
    size = max(1, ceil(len(buckets) / MOST_COLUMNS))
    for first in range(0, len(buckets), size):
        stretch = buckets[first : first + size]
        following = buckets[first + size].at if first + size < len(buckets) else stretch[-1].at + 0.1
        yield stretch[0].at, following, sum(each.sent for each in stretch), sum(each.returned for each in stretch)


def _round_trips(streams: Sequence[Stream], end: float) -> Iterator[tuple[float, float | None]]:
    """Yield the worst median of all streams for each column of the picture; None where nothing came back."""
    width = max(end / MOST_COLUMNS, 0.1)
    worst: dict[int, float] = {}
    for stream in streams:
        for bucket in stream.buckets:
            if bucket.round_trip_ms is not None:
                column = int(bucket.at / width)
                worst[column] = max(worst.get(column, 0.0), bucket.round_trip_ms)
    for column in range(int(end / width) + 1):
        yield column * width, worst.get(column)


def _pieces(points: Sequence[tuple[float, float | None]], field: Field, scale: float) -> Iterator[str]:
    piece: list[str] = []
    for at, value in (*points, (0.0, None)):
        if value is not None:
            piece.append(f"{round(LEFT + at * scale, 1)},{_height(value, field)}")
        elif piece:
            # A point alone would be drawn as nothing.
            yield " ".join(piece if len(piece) > 1 else piece * 2)
            piece = []


def _field(above: float, values: Sequence[float]) -> Field | None:
    if not values:
        return None
    high = max(*values, 1e-3)
    step = round_step(high / 2)
    steps = [step * number for number in range(ceil(high / step - 1e-9) + 1)]
    top, floor = above + FIELD_GAP, above + FIELD_GAP + FIELD_HEIGHT
    return Field(top, floor, tuple(Tick(round(floor - each / steps[-1] * FIELD_HEIGHT, 1), each) for each in steps))


def _height(value: float, field: Field) -> float:
    return round(field.floor - value / field.ticks[-1].value * (field.floor - field.top), 1)


def _rate_bar(rate: MeasuredRate, field: Field, scale: float, x: float) -> RateBar:
    def top(value: float | None) -> float | None:
        return None if value is None else _height(value, field)

    return RateBar(x, round(max(rate.seconds * scale, 4.0), 1), rate.bearer, top(rate.down), top(rate.up))
