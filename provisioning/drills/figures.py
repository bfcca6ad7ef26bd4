"""What a drill comes to: `figures(measured) -> tuple of Figure`, each with its target and outcome."""

from collections.abc import Callable, Iterator

from provisioning.drills.figure import NO_CUT, RESTARTED, figure
from provisioning.drills.gaps import longest_gap, lost, until_back, worked_before
from provisioning.drills.measured import Measured
from provisioning.drills.service_figures import service_figures
from provisioning.drills.targets import PASSES_BY_CHANCE, stranded_bytes_a_second, target
from provisioning.model.bearer import BearerEvent, BearerEventKind, BearerName, BearerReport
from provisioning.model.drill import Figure, Stream

CUT, HEALED, FAILED, WORKS, TRUSTED = (
    BearerEventKind.CUT,
    BearerEventKind.HEALED,
    BearerEventKind.FAILED,
    BearerEventKind.WORKS,
    BearerEventKind.TRUSTED,
)
BOTH_MOVES = 2
"""To the mobile bearer, and back."""

SETTLED = 2.0
"""Seconds after the fixed bearer was trusted, by when the far ends' routes have followed."""

APART = 2.0
"""Seconds that two readings of a counter must lie apart, for a rate to be told from them."""


def figures(measured: Measured) -> tuple[Figure, ...]:
    """Return all figures of a drill, in the order in which people read them."""
    parts: tuple[Callable[[Measured], Iterator[Figure]], ...] = (
        _cut,
        _gaps,
        _moved,
        service_figures,
        _return,
        _stability,
        _lost_at_return,
        _left_behind,
    )
    return tuple(each for part in parts for each in part(measured))


def mobile_bytes(measured: Measured) -> int | None:
    """Return the bytes that went over the mobile bearer from the begin to the last report; None where unknown."""
    last = measured.after[-1] if measured.after else measured.over_mobile
    if last is None or measured.restarted:
        return None
    return max(_mobile_total(last) - _mobile_total(measured.before), 0)


def _mobile_total(report: BearerReport) -> int:
    return report.mobile.received_bytes + report.mobile.sent_bytes


def _cut(measured: Measured) -> Iterator[Figure]:
    held = target(measured.platform, measured.timing)
    cut = next(iter(measured.of_fixed(CUT)), None)
    failed = next(iter(measured.of_fixed(FAILED)), None)
    known = cut is not None and failed is not None
    yield figure(
        "detection",
        "from the cut until the router found its fixed bearer dead, by its own clock",
        max(failed.uptime - cut.uptime, 0.0) if cut is not None and failed is not None else None,
        "s",
        None if measured.cut in PASSES_BY_CHANCE else held.detection,
        why_not="" if known else _why(measured, cut, "the router did not find its fixed bearer dead"),
        facts=("I-6.1",),
    )


def _why(measured: Measured, cut: BearerEvent | None, otherwise: str) -> str:
    if measured.restarted:
        return RESTARTED
    return otherwise if cut is not None else NO_CUT


def _gaps(measured: Measured) -> Iterator[Figure]:
    by_chance = measured.cut in PASSES_BY_CHANCE
    at_most = None if by_chance else target(measured.platform, measured.timing).gap
    streams = _running(measured)
    why_not = "" if streams else (measured.why_no_streams if not measured.streams else "nothing came back before")
    found = {each: _seconds_lost(each, measured) for each in streams}
    yield figure(
        "gap",
        "longest time in which nothing passed after the cut, of all streams",
        max(found.values(), default=None),
        "s",
        at_most,
        gate=not by_chance,
        needed=not by_chance,
        why_not=why_not,
        facts=("I-6.1",),
    )
    for stream, seconds in found.items():
        yield figure(
            f"gap:{stream.name}", f"longest gap of {stream.name}", seconds, "s", at_most, facts=("I-6.1", "I-6.2")
        )
    yield figure(
        "first-over-mobile",
        "from the first packet lost until packets passed again",
        max((until_back(each, measured.cut_window) or 0.0 for each in streams), default=None),
        "s",
        at_most,
        why_not=why_not,
        facts=("I-6.1",),
    )
    yield figure(
        "lost-at-cut",
        "packets of all streams lost while the fixed bearer was cut",
        sum(lost(each, measured.cut_window) for each in streams) if streams else None,
        "packets",
        None,
        why_not=why_not,
    )


def _running(measured: Measured) -> tuple[Stream, ...]:
    return tuple(each for each in measured.streams if worked_before(each, measured.cut_at))


def _seconds_lost(stream: Stream, measured: Measured) -> float:
    found = longest_gap(stream, measured.cut_window)
    return found.seconds if found is not None else 0.0


def _moved(measured: Measured) -> Iterator[Figure]:
    report = measured.over_mobile
    used = list(report.in_use.values()) if report is not None else []
    yield figure(
        "over-mobile",
        "the default route of every family led to the mobile bearer",
        float(all(each is BearerName.MOBILE for each in used)) if used else None,
        "",
        1.0,
        gate=True,
        needed=True,
        at_least=True,
        why_not="" if used else "the router was not heard while the cut lasted",
        facts=("I-6.1",),
    )


def _return(measured: Measured) -> Iterator[Figure]:
    trusted = measured.of_fixed(TRUSTED)
    healed = [each for each in measured.of_fixed(HEALED) if trusted and each.number < trusted[-1].number]
    no_heal = "the router does not tell when it healed its fixed bearer"
    yield figure(
        "return",
        "from the end of the cut until traffic was back on the fixed bearer, by the router's clock",
        trusted[-1].uptime - healed[-1].uptime if healed else None,
        "s",
        measured.timing.hold_seconds + target(measured.platform, measured.timing).back,
        gate=True,
        needed=True,
        why_not="" if healed else _why_untrusted(measured) or no_heal,
        facts=("I-6.1",),
    )


def _why_untrusted(measured: Measured) -> str:
    """Return why nothing is known of how the fixed bearer came to be trusted; empty when it was."""
    if measured.of_fixed(TRUSTED):
        return ""
    return _why(measured, next(iter(measured.of_fixed(CUT)), None), "the fixed bearer was not trusted again")


def _stability(measured: Measured) -> Iterator[Figure]:
    """Yield whether the fixed bearer was trusted no sooner than it may be, and has stayed so."""
    why_not = _why_untrusted(measured)
    yield figure(
        "hold",
        "how long the fixed bearer had worked when it was trusted, at least",
        _held(measured),
        "s",
        measured.timing.hold_seconds - target(measured.platform, measured.timing).clock,
        gate=True,
        needed=True,
        at_least=True,
        why_not=why_not or "the router does not tell since when its fixed bearer worked again",
        facts=("I-6.1",),
    )
    yield figure(
        "flaps",
        "moves from bearer to bearer besides the one to mobile and the one back",
        None if why_not else float(max(_moves(measured) - BOTH_MOVES, 0)),
        "moves",
        0.0,
        gate=True,
        needed=True,
        why_not=why_not,
        facts=("I-6.1",),
    )


def _held(measured: Measured) -> float | None:
    """Return how long the fixed bearer had worked without a failure whenever it was trusted; the shortest of these."""
    held: list[float] = []
    since: float | None = None
    for each in measured.of_fixed(FAILED, WORKS, TRUSTED):
        if each.kind is TRUSTED:
            held += [each.uptime - since] if since is not None else []
        else:
            since = each.uptime if each.kind is WORKS else None
    return min(held, default=None)


def _moves(measured: Measured) -> int:
    """Return how often traffic moved: away from a fixed bearer that was trusted, and back to it."""
    moves, trusted = 0, True
    for each in measured.of_fixed(FAILED, TRUSTED):
        if trusted is (each.kind is FAILED):
            moves, trusted = moves + 1, not trusted
    return moves


def _lost_at_return(measured: Measured) -> Iterator[Figure]:
    window, streams = measured.return_window, _running(measured)
    seen = window is not None and bool(streams)
    why_not = "nobody saw the fixed bearer healed" if window is None else measured.why_no_streams
    yield figure(
        "lost-at-return",
        "packets of all streams lost from the end of the cut on",
        float(sum(lost(each, window) for each in streams)) if window is not None and streams else None,
        "packets",
        0.0,
        gate=True,
        needed=True,
        why_not="" if seen else why_not,
        facts=("I-6.1",),
    )


def _left_behind(measured: Measured) -> Iterator[Figure]:
    last = measured.after[-1] if measured.after else None
    used = list(last.in_use.values()) if last is not None else []
    unseen = "the router was not heard after the return"
    yield figure(
        "back-on-fixed",
        "the default route of every family leads to the fixed bearer again",
        float(all(each is BearerName.FIXED for each in used)) if used else None,
        "",
        1.0,
        gate=True,
        needed=True,
        at_least=True,
        why_not="" if used else unseen,
        facts=("I-6.1",),
    )
    rate = _rate_after(measured)
    yield figure(
        "stranded",
        "what still went over the mobile bearer after the return, both ways",
        rate,
        "bytes/s",
        stranded_bytes_a_second(measured.timing),
        gate=True,
        why_not="" if rate is not None else "the router was not asked twice after the return had settled",
        facts=("I-6.1",),
    )
    total = mobile_bytes(measured)
    yield figure(
        "mobile-bytes",
        "bytes over the mobile bearer from begin to end, both ways",
        float(total) if total is not None else None,
        "bytes",
        None,
        why_not="" if total is not None else (RESTARTED if measured.restarted else unseen),
    )


def _rate_after(measured: Measured) -> float | None:
    """Return bytes a second over mobile between the first and the last report after the routes have settled."""
    trusted = measured.of_fixed(TRUSTED)
    settled = [each for each in measured.after if trusted and each.clock >= trusted[-1].uptime + SETTLED]
    if len(settled) < 2 or measured.restarted:
        return None
    first, last = settled[0], settled[-1]
    seconds = last.clock - first.clock
    if seconds < APART:
        return None
    return max(_mobile_total(last) - _mobile_total(first), 0) / seconds
