"""What hosts behind the router see: their addresses, names, and the internet."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import ClassVar

from provisioning.model.checks.check import Address, Check
from provisioning.model.intent import DhcpRange
from provisioning.model.proof import CheckKind


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
class SourceFilterCheck(Check):
    """Packets with a source address that is not the line's do not get out.

    Attributes:
        sources: addresses that are not the line's.
    """

    kind: ClassVar[CheckKind] = CheckKind.SOURCE_FILTER

    sources: tuple[Address, ...]
