"""Judges how the line performs: throughput, latency, loss, MTU (facts: I-7.2). It is told, and never a gate."""

from provisioning.judging.judgement import Judgement, failed, passed
from provisioning.judging.reading import Seen, number, part, points, text
from provisioning.model.checks.performance import LatencyCheck, LossCheck, MtuCheck, ThroughputCheck
from provisioning.model.proof import Found
from provisioning.model.verdict import Figure, Series

ENOUGH = 0.9
"""Of the ordered rate, which counts as met. Ours: a rate is sold as that of the access line, and of 1500 bytes on the
line TCP carries 1448, less what a shaper's start and acknowledgements take."""


def throughput(check: ThroughputCheck, seen: Seen) -> Judgement:
    """Return what is made of throughput in both directions.

    Above what the stand carries, the figure is held against that, and said to be scaled.
    """
    carries = number(seen, "carries")
    figures, series, short, scaled = [], [], False, False
    for name, ordered in (("down", check.down), ("up", check.up)):
        way = part(seen, name) or {}
        rate = number(way, "mbit")
        if rate is None:
            return failed(
                Found.NO_WAY_OUT, f"{name}: {text(way, 'error') or text(seen, 'error') or 'nothing came through'}"
            )
        limited = ordered is not None and carries is not None and carries < ordered
        target = carries if limited else ordered
        figures.append(Figure(name, round(rate, 2), "Mbit/s", target, "scaled" if limited else ""))
        series.append(Series(name, "Mbit/s", points(way, "points")))
        short |= target is not None and rate < ENOUGH * target
        scaled |= limited
    told = ", ".join(f"{each.name} {each.value:g} Mbit/s" for each in figures)
    if short:
        return failed(Found.BELOW_ORDERED, told, tuple(figures), tuple(series))
    found = Found.SCALED if scaled else Found.MEASURED if check.down is None else Found.AS_ORDERED
    return passed(found, told, tuple(figures), tuple(series))


def latency(check: LatencyCheck, seen: Seen) -> Judgement:
    """Return what is made of round-trip times; nothing is promised, but an answer there must be."""
    average = number(seen, "average")
    if average is None:
        return failed(Found.NO_ANSWER, text(seen, "error") or f"{check.address} does not answer")
    least, most = number(seen, "least"), number(seen, "most")
    told = f"{int(number(seen, 'received') or 0)} answers, {least or average:g} to {most or average:g} ms"
    return passed(Found.ANSWERS, told, (Figure("latency", average, "ms"),), _series(seen))


def _series(seen: Seen) -> tuple[Series, ...]:
    measured = points(seen, "points")
    return (Series("latency", "ms", measured),) if measured else ()


def loss(check: LossCheck, seen: Seen) -> Judgement:
    """Return what is made of packets that did not come back."""
    sent, received = number(seen, "sent"), number(seen, "received")
    if not sent or received is None:
        return failed(Found.NO_ANSWER, text(seen, "error") or f"{check.address} does not answer")
    share = round(100 * max(0.0, sent - received) / sent, 1)
    told = f"{int(sent)} sent, {int(received)} came back"
    figures = (Figure("loss", share, "%", 0.0),)
    return failed(Found.LOSS, told, figures) if share else passed(Found.NO_LOSS, told, figures)


def mtu(check: MtuCheck, seen: Seen) -> Judgement:
    """Return what is made of packets that must not be cut."""
    largest = number(seen, "largest")
    if not largest:
        return failed(Found.NO_ANSWER, text(seen, "error") or f"{check.address} does not answer")
    figures = (Figure("mtu", largest, "bytes", float(check.bytes)),)
    told = f"the largest packet that came back whole had {int(largest)} bytes"
    return (
        passed(Found.WHOLE_PACKETS, told, figures)
        if largest >= check.bytes
        else failed(Found.SMALLER_PACKETS, told, figures)
    )
