"""What must be observed of a line, from where, and whether it stands in the way of a confirmation.

One dataclass a kind of check. They hold values only: how something is observed is for the vantage points, and what it
means for the judge.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import ClassVar

from provisioning.model.intent import DhcpRange
from provisioning.model.ont import OntScope
from provisioning.model.opening import Network
from provisioning.model.port_range import PortRange, Protocol
from provisioning.model.proof import CheckKind
from provisioning.model.verdict import Viewpoint, Weight

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What all checks have.

    Attributes:
        id: stable, and unique within an expectation: `opening tcp/443 192.0.2.1`.
        subject: which one, in plain text for people.
        viewpoint: from where it is seen in the end. A gate that is seen from behind the router does not stand in the
            way where nobody could look from there.
        facts: sections of docs/service-facts.md.
    """

    kind: ClassVar[CheckKind]

    id: str
    subject: str
    viewpoint: Viewpoint
    weight: Weight
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningCheck(Check):
    """New connections from the internet to these ports reach their target.

    Attributes:
        address: what is called from outside.
        tried: the ports of the range that are tried: all of a short one, a sample of a long one.
        target: the address that it must arrive at: the LAN host of a port mapping, or `address` itself.
        behind: the viewpoint of the host that has it.
        shift: what is added to a port to get the target's.
        sources: who may connect; empty for everybody. Only a call from there tells whether it is open.
    """

    kind: ClassVar[CheckKind] = CheckKind.OPENING

    address: Address
    ports: PortRange
    tried: tuple[int, ...]
    target: Address
    behind: Viewpoint
    shift: int = 0
    sources: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShutCheck(Check):
    """These ports are shut to whoever is not allowed to use them: of an opening for some, or of one that was closed.

    Attributes:
        address: what is called from outside.
        tried: the ports of the range that are tried.
        target: where a packet would arrive if they were open.
        allowed: who may connect nevertheless; a call from there tells nothing. Empty for nobody.
    """

    kind: ClassVar[CheckKind] = CheckKind.SHUT

    address: Address
    ports: PortRange
    tried: tuple[int, ...]
    target: Address
    behind: Viewpoint
    shift: int = 0
    allowed: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitedPorts:
    """Ports that may answer to some."""

    ports: PortRange
    sources: tuple[Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanCheck(Check):
    """Of these TCP ports nothing answers but what was ordered.

    Attributes:
        tried: the ports that are scanned; empty for all 65,535.
        ordered: TCP ports that may answer to everybody.
        limited: those that may answer to some.
    """

    kind: ClassVar[CheckKind] = CheckKind.SCAN

    address: Address
    tried: tuple[int, ...]
    ordered: tuple[PortRange, ...]
    limited: tuple[LimitedPorts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnchangedCheck(Check):
    """A change has changed nothing but what was asked for: the scan answers as it did before.

    Attributes:
        scan: id of the scan that was made before and after.
        asked: TCP ports of which the change says something.
    """

    kind: ClassVar[CheckKind] = CheckKind.AS_BEFORE

    scan: str
    asked: tuple[PortRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSurvivesCheck(Check):
    """A TCP session that came in before the change, by an opening that it leaves alone, goes on after it.

    Attributes:
        candidates: ports of `address` to try one after the other, until somebody answers.
    """

    kind: ClassVar[CheckKind] = CheckKind.SESSION_SURVIVES

    address: Address
    candidates: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEndedCheck(Check):
    """A TCP session that came in before the change, by an opening that it closes, has ended after it."""

    kind: ClassVar[CheckKind] = CheckKind.SESSION_ENDED

    address: Address
    candidates: tuple[int, ...]


SessionCheck = SessionSurvivesCheck | SessionEndedCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPortCheck(Check):
    """A TCP port is shut on all of these addresses (facts: I-5.2)."""

    kind: ClassVar[CheckKind] = CheckKind.PORT_23

    port: int
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseCheck(Check):
    """A new host on the LAN is lent an address of the pool (facts: I-4.5)."""

    kind: ClassVar[CheckKind] = CheckKind.LEASE

    pool: tuple[DhcpRange, ...]
    router: IPv4Address


@dataclass(frozen=True, slots=True, kw_only=True)
class NatCheck(Check):
    """A LAN host is seen outside with the address of the line (facts: I-4.2).

    Attributes:
        seen_as: any of them; empty where nobody knows which, as on a dynamic line whose router was not asked.
    """

    kind: ClassVar[CheckKind] = CheckKind.NAT

    seen_as: tuple[IPv4Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaacCheck(Check):
    """A LAN host makes itself an IPv6 address and reaches the internet with it.

    Attributes:
        prefix: what it must lie in; None on a dynamic line, where any global address will do.
    """

    kind: ClassVar[CheckKind] = CheckKind.SLAAC

    prefix: IPv6Network | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsCheck(Check):
    """The router resolves names for the LAN (facts: I-4.6)."""

    kind: ClassVar[CheckKind] = CheckKind.DNS

    resolver: IPv4Address


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallCheck(Check):
    """The customer's firewall reaches the internet with an address of its own (facts: I-4.3).

    Attributes:
        within: where its address lies: the IP Pack, or `…::10` alone.
    """

    kind: ClassVar[CheckKind] = CheckKind.CUSTOMER_FIREWALL

    within: IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedBlockCheck(Check):
    """What is sent from outside to the second /57 arrives at the customer's firewall (facts: I-4.3, X-14).

    Attributes:
        next_hop: the firewall's address on the link; None where it is not known.
    """

    kind: ClassVar[CheckKind] = CheckKind.ROUTED_BLOCK

    address: IPv6Address
    protocol: Protocol
    port: int
    next_hop: IPv6Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFilterCheck(Check):
    """Packets with a source address that is not the line's do not get out.

    Attributes:
        sources: addresses that are not the line's.
    """

    kind: ClassVar[CheckKind] = CheckKind.SOURCE_FILTER

    sources: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughputCheck(Check):
    """How much the line carries each way (facts: I-1.1, I-7.2).

    Attributes:
        down: Mbit/s that were ordered; None where nobody states any (facts: X-6).
        up: likewise.
    """

    kind: ClassVar[CheckKind] = CheckKind.THROUGHPUT

    down: float | None
    up: float | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementCheck(Check):
    """The router is read by SNMPv3 at its management address, and is the one of this line.

    Attributes:
        name: what its sysName must be (RFC 3418).
        interface: whose ifOperStatus (RFC 2863) must be up.
    """

    kind: ClassVar[CheckKind] = CheckKind.MANAGEMENT

    address: IPv4Address
    user: str
    name: str
    interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OntCheck(Check):
    """The line's ONT is up, and has on its OLT what was ordered (facts: X-13).

    Attributes:
        scope: where it hangs.
    """

    kind: ClassVar[CheckKind] = CheckKind.ONT

    serial: str
    scope: OntScope


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationCheck(Check):
    """What the router has in force is what was planned.

    Attributes:
        digest: of what was planned.
    """

    kind: ClassVar[CheckKind] = CheckKind.CONFIGURATION

    digest: str


AnyCheck = (
    OpeningCheck
    | ScanCheck
    | ClosedPortCheck
    | LeaseCheck
    | NatCheck
    | SlaacCheck
    | DnsCheck
    | FirewallCheck
    | RoutedBlockCheck
    | SourceFilterCheck
    | ThroughputCheck
    | LatencyCheck
    | LossCheck
    | MtuCheck
    | ManagementCheck
    | OntCheck
    | ConfigurationCheck
    | ShutCheck
    | UnchangedCheck
    | SessionSurvivesCheck
    | SessionEndedCheck
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """Everything that must be observed of one line.

    Attributes:
        cpe: serial of the router, by which the vantage points behind it are known; empty where it is not ours.
        checks: in the order in which people read them; ids are unique.
    """

    line: str
    cpe: str
    checks: tuple[AnyCheck, ...]

    def __getitem__(self, check: str) -> AnyCheck:
        return next(each for each in self.checks if each.id == check)
