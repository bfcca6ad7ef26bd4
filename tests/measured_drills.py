"""What a drill may have seen, built from a few words: for tests of its figures."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from provisioning.drills.measured import Measured
from provisioning.drills.targets import Timing
from provisioning.model.bearer import (
    Bearer,
    BearerEvent,
    BearerEventKind,
    BearerName,
    BearerReport,
    Cut,
    Family,
    Neighbourship,
)
from provisioning.model.drill import Bucket, Loss, MeasuredRate, Stream, StreamName
from provisioning.model.drill_traffic import HeldSession, VoiceAnswer
from provisioning.model.verdict import CheckResult, Outcome, Verdict, Viewpoint, Weight

BEGAN = datetime(2026, 11, 20, 10, tzinfo=UTC)
INTERVAL = 0.02


def report(clock: float, used: str, *, mobile: int = 0, voice_off: bool | None = True) -> BearerReport:
    """Return what a router says; `mobile`: bytes that went over that bearer, both ways together."""
    alive = tuple(Neighbourship(family, True, True) for family in (4, 6))
    name = BearerName(used)
    return BearerReport(
        clock=clock,
        fixed=Bearer(BearerName.FIXED, "wan0", True, alive, 0, 0),
        mobile=Bearer(BearerName.MOBILE, "wwan0", True, alive, mobile, 0),
        in_use={4: name, 6: name},
        hold_left=None,
        voice_off=voice_off,
        drill=None,
        events=(),
    )


def stream(name: str, losses: Sequence[Sequence[float]], seconds: float, seen_as: Sequence[str] = ()) -> Stream:
    """Return a stream that lost these runs: of when, and how many."""
    runs = tuple(Loss(at, int(packets)) for at, packets in losses)
    interval = 0.1 if name == "from-outside" else INTERVAL
    gone = {round((at + number * interval) / interval) for at, packets in losses for number in range(int(packets))}
    sent = int(seconds / interval)
    size = round(0.1 / interval)
    buckets = []
    for start in range(0, sent, size):
        back = [number for number in range(start, min(start + size, sent)) if number not in gone]
        buckets.append(Bucket(round(start * interval, 3), min(size, sent - start), len(back), 4.0 if back else None))
    returned = sum(each.returned for each in buckets)
    family: Family = 6 if "ipv6" in name else 4
    return Stream(StreamName(name), family, interval, BEGAN, sent, returned, runs, tuple(buckets), tuple(seen_as))


def events(rows: Sequence[Sequence[Any]]) -> tuple[BearerEvent, ...]:
    """Return events from pairs of uptime and kind, of the fixed bearer unless a third word says otherwise."""
    return tuple(
        BearerEvent(number, float(row[0]), BearerEventKind(row[1]), BearerName(row[2] if len(row) > 2 else "fixed"))
        for number, row in enumerate(rows, start=1)
    )


def measured(case: dict[str, Any]) -> Measured:
    """Return what a case says."""
    interval, multiplier, hold = case.get("timing", [300, 3, 60])
    clocks = case.get("reports", {})
    over = clocks.get("mobile")
    return Measured(
        cut=Cut(case.get("cut", "link-down")),
        platform=case.get("platform", "linux_cpe"),
        timing=Timing(interval, multiplier, hold),
        fixed_ipv4="192.0.2.1",
        cut_at=float(case.get("cut_at", 10)),
        healed_at=case.get("healed_at", 70.0),
        before=report(*clocks.get("before", [1000.0, "fixed"])),
        over_mobile=report(*over[:2], mobile=over[2], voice_off=case.get("voice_off", True)) if over else None,
        after=tuple(report(*each[:2], mobile=each[2]) for each in clocks.get("after", ())),
        events=events(case.get("events", ())),
        streams=tuple(
            stream(each["name"], each.get("losses", ()), each.get("seconds", 140), each.get("seen_as", ()))
            for each in case.get("streams", ())
        ),
        sessions=tuple(HeldSession(*each) for each in case.get("sessions", ())),
        checks=_verdict(case["checks"]) if "checks" in case else None,
        voice_on_fixed=tuple(VoiceAnswer(each[0], 4, each[1], each[2]) for each in case.get("voice_fixed", ())),
        voice_on_mobile=tuple(VoiceAnswer(each[0], 4, each[1], each[2]) for each in case.get("voice_mobile", ())),
        rates=tuple(MeasuredRate(30, 3, BearerName(each[0]), each[1], each[2]) for each in case.get("rates", ())),
    )


def _verdict(outcomes: Sequence[str]) -> Verdict:
    return Verdict(
        tuple(
            CheckResult(str(number), "opening", "", Viewpoint.INTERNET, Weight.GATE, Outcome(each), "", "")
            for number, each in enumerate(outcomes)
        )
    )
