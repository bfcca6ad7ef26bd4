"""What a drill came to, told from its course: its result, and whether it passed."""

from collections.abc import Sequence

from provisioning.drills.figures import figures, mobile_bytes
from provisioning.drills.measured import Measured
from provisioning.drills.targets import Timing
from provisioning.errors import ProvisoError, Stopped
from provisioning.model.drill import MISSED, DrillResult, DrillState, Figure, Outcome, Weight, passed
from provisioning.workflows.drill_course import Course

MOST_NAMED = 3
"""Figures that the reason of a failed drill names."""


def result_of(course: Course) -> DrillResult:
    """Return what a drill found, as far as it came."""
    measured, record = _measured(course), course.record
    return DrillResult(
        hold_seconds=course.around.operator.routing.hold_seconds,
        marks=tuple(record.marks),
        events=course.router.events,
        streams=record.traffic.streams if record.traffic is not None else (),
        figures=figures(measured) if measured is not None else (),
        rates=record.rates,
        mobile_bytes=mobile_bytes(measured) if measured is not None else None,
    )


def verdict_of(result: DrillResult, error: ProvisoError | None) -> tuple[DrillState, str]:
    """Return how a drill ended, and why it did not pass.

    Args:
        error: what ended it early; None when nothing did.
    """
    if isinstance(error, Stopped):
        return DrillState.INTERRUPTED, error.what
    if error is not None:
        return DrillState.FAILED, str(error)
    if passed(result.figures):
        return DrillState.PASSED, ""
    return DrillState.FAILED, _why_not(result.figures)


def missed(found: Sequence[Figure]) -> list[Figure]:
    """Return the figures for which a drill does not pass."""
    return [each for each in found if each.weight is Weight.GATE and each.outcome is not Outcome.MET]


def _why_not(found: Sequence[Figure]) -> str:
    bad = missed(found)
    told = [each.key if each.value is not None else f"{each.key} (not measured)" for each in bad[:MOST_NAMED]]
    more = f" and {len(bad) - MOST_NAMED} more" if len(bad) > MOST_NAMED else ""
    return f"{MISSED}{', '.join(told)}{more}" if told else "nothing was measured"


def _measured(course: Course) -> Measured | None:
    """Return what a drill has seen; None when nothing was cut."""
    record = course.record
    if record.cut_at is None:
        return None
    routing, traffic = course.around.operator.routing, record.traffic
    address, begun = course.meant.addressed.fixed_ipv4, record.streams
    missing = "; ".join(f"{place}: {why}" for place, why in begun.missing) if begun is not None else ""
    return Measured(
        cut=course.asked.cut,
        platform=course.meant.cpe.platform,
        timing=Timing(routing.bfd_interval_ms, routing.bfd_multiplier, routing.hold_seconds),
        fixed_ipv4=str(address) if address is not None else "",
        cut_at=record.cut_at,
        healed_at=record.healed_at,
        before=record.before,
        over_mobile=record.over_mobile,
        after=tuple(record.after),
        events=course.router.events,
        streams=traffic.streams if traffic is not None else (),
        sessions=traffic.sessions if traffic is not None else (),
        checks=record.checks,
        voice_on_fixed=record.voice_before,
        voice_on_mobile=record.voice_over_mobile,
        rates=record.rates,
        why_no_streams=missing or "no vantage point sees the line",
    )
