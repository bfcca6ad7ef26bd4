"""How well the line carries packets."""

from dataclasses import dataclass
from typing import ClassVar

from provisioning.model.checks.check import Address, Check
from provisioning.model.proof import CheckKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughputCheck(Check):
    """How much the line carries each way (facts: I-1.1, I-7.2).

    Attributes:
        down: Mbit/s that were ordered; None where nobody states any (facts: X-6).
        up: likewise.
        most_bytes: that may be spent on it each way; None where time alone limits it.
    """

    kind: ClassVar[CheckKind] = CheckKind.THROUGHPUT

    down: float | None
    up: float | None
    most_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyCheck(Check):
    """How long a packet takes to the router and back (facts: I-7.2)."""

    kind: ClassVar[CheckKind] = CheckKind.LATENCY

    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCheck(Check):
    """How many packets are lost on the way to the router and back (facts: I-7.2)."""

    kind: ClassVar[CheckKind] = CheckKind.LOSS

    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class MtuCheck(Check):
    """Packets of that many bytes pass without being cut.

    Attributes:
        bytes: with the IP header.
    """

    kind: ClassVar[CheckKind] = CheckKind.MTU

    address: Address
    bytes: int
