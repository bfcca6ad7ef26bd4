"""Reports of drills to show: none yet, one, a fleet's month, and one that somebody hostile wrote in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from acceptances import HOSTILE

from provisioning.model.bearer import BearerEvent, BearerEventKind, BearerName, Cut, Family
from provisioning.model.drill import (
    Bucket,
    Drill,
    DrillResult,
    DrillState,
    Figure,
    Loss,
    Mark,
    MeasuredRate,
    Outcome,
    Phase,
    Stream,
    StreamName,
    Weight,
)
from provisioning.model.failover_report import BackedUpLine, FailoverReport
from provisioning.model.incident import Incident, IncidentKind, Priority

BEGUN = datetime(2026, 11, 18, 9, 0, 5, tzinfo=UTC)
MADE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECONDS = 84
CUT_AT, FIRST_BACK = 3.0, 3.8


def stream(name: StreamName, family: Family) -> Stream:
    """Return a stream that lost what was sent for 0.8 s after the cut."""
    buckets = tuple(_bucket(number / 10) for number in range(SECONDS * 10))
    return Stream(name, family, 0.02, BEGUN, SECONDS * 50, SECONDS * 50 - 40, (Loss(CUT_AT, 40),), buckets)


def _bucket(at: float) -> Bucket:
    lost = CUT_AT <= at < FIRST_BACK
    over_mobile = FIRST_BACK <= at < 72
    return Bucket(at, 5, 0 if lost else 5, None if lost else (38.0 if over_mobile else 4.0) + at % 1)


def figure(key: str, subject: str, value: float | None, unit: str, target: float | None, **more: object) -> Figure:
    """Return a gate with its outcome by the target."""
    if value is None:
        outcome = Outcome.NOT_MEASURED
    else:
        outcome = Outcome.MET if target is None or value <= target else Outcome.MISSED
    return replace(Figure(key, subject, value, unit, target, Weight.GATE, outcome), **more)  # type: ignore[arg-type]


def result() -> DrillResult:
    """Return what a drill found in which all went well."""
    marks = (
        Mark(0.0, Phase.BASELINE, "all streams run"),
        Mark(CUT_AT, Phase.CUT, "link down"),
        Mark(FIRST_BACK, Phase.MOBILE, "traffic is back"),
        Mark(63.0, Phase.HEALED, "link up"),
        Mark(72.0, Phase.RETURN, "trusted"),
    )
    events = tuple(
        BearerEvent(number, 1000.0 + at, kind, BearerName.FIXED)
        for number, (at, kind) in enumerate(
            (
                (CUT_AT, BearerEventKind.CUT),
                (CUT_AT + 0.7, BearerEventKind.FAILED),
                (63.0, BearerEventKind.HEALED),
                (64.0, BearerEventKind.WORKS),
                (72.0, BearerEventKind.TRUSTED),
            )
        )
    )
    streams: tuple[tuple[StreamName, Family], ...] = (
        (StreamName.FIXED_IPV4, 4),
        (StreamName.IP_PACK, 4),
        (StreamName.LAN_IPV6, 6),
        (StreamName.ROUTED_IPV6, 6),
    )
    return DrillResult(
        hold_seconds=8,
        marks=marks,
        events=events,
        streams=tuple(stream(name, family) for name, family in streams),
        figures=(
            figure("gap", "Longest gap at the cut", 0.8, "s", 1.0),
            figure("lost-at-return", "Packets lost at the return", 0, "packets", 0),
            figure("voice-off", "Telephony kept off mobile", 1, "", 1),
            figure("return", "Return", 9.0, "s", 11.0),
            figure("throughput-down", "Throughput over mobile, down", 42.5, "Mbit/s", None, weight=Weight.REPORT),
            figure("sessions", "Sessions that survived", None, "", 1, why_not="nobody answered on the ports"),
        ),
        rates=(
            MeasuredRate(20.0, 5.0, BearerName.MOBILE, 42.5, 11.0),
            MeasuredRate(76.0, 5.0, BearerName.FIXED, 95.0, None),
        ),
        mobile_bytes=48_300_000,
    )


def drill(number: int, line: str, state: DrillState, days_ago: int = 0, **more: object) -> Drill:
    """Return a drill."""
    at = BEGUN - timedelta(days=days_ago)
    done = Drill(
        number=number,
        line=line,
        serial=f"LX{number:04}",
        token=f"token-{number}",
        cut=Cut.LINK_DOWN,
        seconds=60,
        state=state,
        actor="ann@noc",
        begun_at=at,
        ended_at=at + timedelta(seconds=SECONDS) if state is not DrillState.RUNNING else None,
        campaign=None,
        reason="" if state is DrillState.PASSED else "the longest gap was 2.3 s, 1 s at most was wanted",
        result=result() if state in (DrillState.PASSED, DrillState.FAILED) else None,
    )
    return replace(done, **more)  # type: ignore[arg-type]


def incident(number: int, line: str, **more: object) -> Incident:
    """Return an incident that was closed."""
    found = Incident(
        number=number,
        line=line,
        kind=IncidentKind.BACK_UP_ACTIVE,
        priority=Priority.P2,
        level="Premium",
        window="Mon-Fri 8:00-22:00, Sat 8:00-16:30",
        restoration="next WD",
        opened_at=BEGUN,
        due_at=BEGUN + timedelta(days=1),
        closed_at=BEGUN + timedelta(hours=3),
        reason="the fixed bearer failed",
        closing="back on the fixed bearer",
        told=True,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def no_drill() -> FailoverReport:
    """Return the report of a fleet in which nothing was ever drilled."""
    return FailoverReport(MADE, None, None, 90, (BackedUpLine("L-1", "Boulangerie Exemple", "LX0104", None),), (), ())


def one_drill() -> FailoverReport:
    """Return the report of one line that passed."""
    passed = drill(1, "L-1", DrillState.PASSED)
    line = BackedUpLine("L-1", "Boulangerie Exemple", "LX0001", passed)
    return FailoverReport(MADE, "L-1", date(2026, 11, 1), 90, (line,), (passed,), ())


def month() -> FailoverReport:
    """Return the report of a month: passed, failed, cut off, under way; and incidents."""
    states = (DrillState.PASSED, DrillState.FAILED, DrillState.INTERRUPTED, DrillState.RUNNING)
    drills = tuple(drill(number, f"L-{number}", states[number % 4], number) for number in range(1, 13))
    lines = tuple(BackedUpLine(each.line, f"Customer {each.number} NV", each.serial, each) for each in drills)
    never = BackedUpLine("L-99", "Nooit Getest BV", "LX0099", None)
    incidents = (incident(1, "L-3"), incident(2, "L-4", closed_at=None, priority=Priority.P1, due_at=None))
    return FailoverReport(MADE, None, date(2026, 11, 1), 90, (*lines, never), drills, incidents)


def hostile() -> FailoverReport:
    """Return a report in which whatever others write is hostile."""
    found = one_drill()
    text = " ".join(HOSTILE)
    failed = drill(1, "L-1", DrillState.FAILED, reason=text, serial=text)
    shown = replace(result(), figures=(figure("x", "Gap", None, "s", 1.0, why_not=text),))
    line = BackedUpLine("L-1", text, text, failed)
    return replace(found, line=None, lines=(line,), drills=(replace(failed, result=shown),))
