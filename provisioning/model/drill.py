"""A drill of a mobile back-up: what was done, what was measured, and what that is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from provisioning.model.bearer import BearerEvent, BearerName, Cut, Family
from provisioning.model.numbered import number_of

PREFIX = "D-"


def drill_id(number: int) -> str:
    """Return the id of the drill with that number."""
    return f"{PREFIX}{number}"


def drill_number(identifier: str) -> int:
    """Return the number of a drill.

    Raises:
        ValueError: when it is no id of one.
    """
    return number_of(identifier, PREFIX, "drill")


class DrillState(StrEnum):
    """Where a drill stands; `interrupted`: nobody was there to see its end, and the router healed by itself."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class StreamName(StrEnum):
    """Whose packets were counted: from where they were sent, and with which address they are seen outside."""

    FIXED_IPV4 = "fixed-ipv4"
    IP_PACK = "ip-pack"
    LAN_IPV6 = "lan-ipv6"
    ROUTED_IPV6 = "routed-ipv6"
    FROM_OUTSIDE = "from-outside"
    """ICMP echo from the internet to the fixed IPv4: where no vantage point stands behind the router."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Packets of a stream, one after the other, that never came back.

    Attributes:
        at: seconds since the drill's streams began, when the first of them was sent.
        packets: how many.
    """

    at: float
    packets: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A tenth of a second of a stream.

    Attributes:
        at: seconds since the drill's streams began.
        round_trip_ms: median; None when nothing came back.
    """

    at: float
    sent: int
    returned: int
    round_trip_ms: float | None


@dataclass(frozen=True, slots=True)
class Stream:
    """What became of numbered packets that went out and should have come back.

    Attributes:
        interval: seconds between two packets.
        begun_at: from when all times count, by our clock: the same for all streams of a drill. Between two packets,
            times are the sender's.
        seen_as: addresses from which the far end got them.
    """

    name: StreamName
    family: Family
    interval: float
    begun_at: datetime
    sent: int
    returned: int
    losses: tuple[Loss, ...]
    buckets: tuple[Bucket, ...]
    seen_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """How much the line carried for some seconds of a drill.

    Attributes:
        at: seconds since the drill's streams began, when the measurement began.
        bearer: that carried it.
        down: Mbit/s; None where it could not be measured.
        up: likewise.
    """

    at: float
    seconds: float
    bearer: BearerName
    down: float | None
    up: float | None


class Weight(StrEnum):
    """Whether a figure decides about the drill, or is told only."""

    GATE = "gate"
    REPORT = "report"


class Outcome(StrEnum):
    """What a figure is worth; what nobody could measure is never met."""

    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured in a drill, with its target.

    Attributes:
        key: stable: `gap`, `detection`, `lost-at-return`, `return`, ….
        subject: in plain text for people.
        value: None where it was not measured; a number in `unit`, or 1 and 0 for yes and no where the unit is empty.
        target: at most (or at least, where `at_least`); None where there is none, and the figure is told only.
        why_not: why it was not measured.
        facts: sections of docs/service-facts.md.
    """

    key: str
    subject: str
    value: float | None
    unit: str
    target: float | None
    weight: Weight
    outcome: Outcome
    at_least: bool = False
    why_not: str = ""
    facts: tuple[str, ...] = ()


MISSED = "missed: "
"""How the reason of a drill begins that failed for its figures."""


class Phase(StrEnum):
    """The parts of a drill, in order."""

    BASELINE = "baseline"
    CUT = "cut"
    MOBILE = "over mobile"
    HEALED = "healed"
    BOUNCE = "bounce"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of a drill.

    Attributes:
        at: seconds since the drill's streams began, by our clock.
        text: for people, what happened.
    """

    at: float
    phase: Phase
    text: str


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What a drill found; kept whole in the store, as JSON.

    Attributes:
        hold_seconds: how long the fixed bearer had to work again (facts: I-6.1).
        marks: what was done when.
        events: what the router itself saw.
        streams: what was counted.
        figures: with their targets and outcomes.
        rates: what was measured of the line's throughput.
        mobile_bytes: that went over the mobile bearer, both ways, from the begin to the end; None where unknown.
    """

    hold_seconds: int
    marks: tuple[Mark, ...]
    events: tuple[BearerEvent, ...]
    streams: tuple[Stream, ...]
    figures: tuple[Figure, ...]
    rates: tuple[MeasuredRate, ...] = ()
    mobile_bytes: int | None = None


def passed(figures: Sequence[Figure]) -> bool:
    """Return whether a drill with these figures passes: every gate is met, and at least one was measured."""
    gates = [each for each in figures if each.weight is Weight.GATE]
    return bool(gates) and all(each.outcome is Outcome.MET for each in gates)


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill as the store has it.

    Attributes:
        token: by which the router knows it.
        seconds: after which the router ends the cut by itself.
        campaign: number of the campaign that it belongs to; None for one that a person asked for.
        reason: why it failed or was interrupted; empty while it runs, and when it passed.
        result: None while it runs, and when it was interrupted before anything was measured.
    """

    number: int
    line: str
    serial: str
    token: str
    cut: Cut
    seconds: int
    state: DrillState
    actor: str
    begun_at: datetime
    ended_at: datetime | None
    campaign: int | None
    reason: str
    result: DrillResult | None

    @property
    def identifier(self) -> str:
        """Its id, as people see it."""
        return drill_id(self.number)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a customer was told of a drill.

    Attributes:
        opens_at: begin of the agreed period.
        closes_at: its end; nothing of a drill may last longer.
        agreed_with: the representative who agreed; empty where the operator chose the period.
    """

    number: int
    line: str
    opens_at: datetime
    closes_at: datetime
    told_at: datetime
    told_by: str
    agreed_with: str
    language: str
    withdrawn_at: datetime | None = None
