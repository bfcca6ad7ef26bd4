"""Whether a mobile back-up is ready to be drilled: what was looked at, and what each of it came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from provisioning.model.bearer import BearerReport, Cut, Family, Network
from provisioning.model.drill import Weight
from provisioning.model.incident import Incident
from provisioning.model.line import LineState


class Standing(StrEnum):
    """What something came to that was looked at; what nobody could see is never good."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReadinessFinding:
    """One thing that was looked at.

    Attributes:
        code: stable for ever, for scripts (listed in docs/failover.md).
        subject: what was looked at, in plain text for people.
        weight: a gate that is not good stands in the way of a drill; a report is told.
        reason: what was seen, one sentence.
        remedy: what would make it good; empty where it is.
        facts: sections of docs/service-facts.md.
    """

    code: str
    subject: str
    weight: Weight
    standing: Standing
    reason: str
    remedy: str
    facts: tuple[str, ...] = ()

    @property
    def in_the_way(self) -> bool:
        """Whether the line must not be drilled for it."""
        return self.weight is Weight.GATE and self.standing is not Standing.GOOD


@dataclass(frozen=True, slots=True)
class ManagementReading:
    """What a router's SNMP agent says of its bearers.

    Attributes:
        name: its sysName (RFC 3418).
        uptime: sysUpTime in seconds, of the agent and not of the router; None where it did not say.
        status: ifOperStatus (RFC 2863) by interface; 1 is up. An interface that it does not know is left out.
        error: why nothing was read; empty when it was.
    """

    name: str = ""
    uptime: float | None = None
    status: Mapping[str, int] | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class LineSeen:
    """All that is known of a line when somebody asks whether its back-up is ready.

    Attributes:
        backed_up: whether its order has a mobile bearer (facts: I-6.1).
        families: in which it has addresses of its own: 4, 6 or both.
        own: the line's networks, which have to be announced on both bearers.
        as_planned: whether the router has in force what was planned, by which it announces them on both; None where
            nobody could tell.
        report: what the router says of its bearers; None when it could not be asked.
        silence: why it could not.
        silence_remedy: what to do about that, where it is known.
        unheard: why it did not tell what it announces though it was asked; empty when it told.
        management: read by SNMPv3; None where the line has no address to read it at.
        work: what is under way on the line, such as a run or a drill; empty for nothing.
        incidents: those that are open.
        cuts: that the router can make.
    """

    line: str
    serial: str
    platform: str
    state: LineState
    backed_up: bool
    families: tuple[Family, ...]
    own: tuple[Network, ...]
    as_planned: bool | None
    report: BearerReport | None
    silence: str
    management: ManagementReading | None
    work: str
    incidents: tuple[Incident, ...]
    cuts: frozenset[Cut] = frozenset()
    unheard: str = ""
    silence_remedy: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether one line is ready."""

    line: str
    serial: str
    platform: str
    findings: tuple[ReadinessFinding, ...]
    report: BearerReport | None = None

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way of a drill."""
        return not self.in_the_way

    @property
    def in_the_way(self) -> tuple[ReadinessFinding, ...]:
        """What stands in the way of a drill."""
        return tuple(each for each in self.findings if each.in_the_way)
