"""What the line must do, vendor-neutral: first with the needs for addresses, then with the addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from provisioning.catalogue import Access, Rate
from provisioning.model.opening import Network, Opening, translated
from provisioning.model.port_range import PortRange
from provisioning.model.product import CUSTOMER_ROUTER, CpeDevice, OntDevice, WifiNetwork


class Role(StrEnum):
    """What an assignment is to its line. A line holds at most one of each.

    A `next` one is reserved for a change that is planned, and in force nowhere yet; a `former` one stays in force
    beside its successor for a while.
    """

    FIXED_IPV4 = "fixed-ipv4"
    IP_PACK = "ip-pack"
    IPV6 = "ipv6"
    MANAGEMENT = "management"
    ONT_ID = "ont-id"
    NEXT_FIXED_IPV4 = "next-fixed-ipv4"
    NEXT_IP_PACK = "next-ip-pack"
    FORMER_IP_PACK = "former-ip-pack"


NEXT: Mapping[Role, Role] = {Role.FIXED_IPV4: Role.NEXT_FIXED_IPV4, Role.IP_PACK: Role.NEXT_IP_PACK}
"""What is reserved for a role."""

FORMER: Mapping[Role, Role] = {Role.IP_PACK: Role.FORMER_IP_PACK}
"""What a role leaves beside itself for a while."""


@dataclass(frozen=True, slots=True)
class AddressNeed:
    """A block that the line needs.

    Attributes:
        size: how many addresses or numbers, a power of two.
        scope: for an ONT id, the OLT's port on which it must be unique; empty elsewhere.
    """

    role: Role
    size: int
    scope: str = ""


@dataclass(frozen=True, slots=True)
class PortMapping:
    """Ports of the fixed IPv4 that lead to a LAN host (facts: X-9).

    Attributes:
        ports: of the fixed IPv4.
        to_port: the host's port that the first of `ports` leads to; None where ports are not translated.
        sources: who may connect, sorted, IPv4 only; empty for everybody.
    """

    ports: PortRange
    target: IPv4Address
    to_port: int | None = None
    sources: tuple[Network, ...] = ()

    @property
    def target_ports(self) -> PortRange:
        """The ports as the host sees them."""
        return translated(self.ports, self.to_port)

    @property
    def opening(self) -> Opening:
        """The same as an opening."""
        return Opening(self.ports, self.target, self.to_port, self.sources)


@dataclass(frozen=True, slots=True)
class DhcpRange:
    """Addresses that the router lends, both ends included."""

    first: IPv4Address
    last: IPv4Address


@dataclass(frozen=True, slots=True)
class Lan:
    """The LAN behind our router.

    Attributes:
        dhcp: what is lent, at most 253 addresses together (facts: I-4.5), hosts with a port mapping left out
            (facts: X-9).
    """

    subnet: IPv4Network
    router: IPv4Address
    dhcp: tuple[DhcpRange, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    """What the line must do.

    Attributes:
        bearers: the access first, `mobile` second where there is a back-up (facts: I-6.1).
        port_mappings: towards LAN hosts, on the fixed IPv4.
        customer_openings: towards the customer's firewall, on the IP Pack and the routed /57; they add up.
        needs: the blocks to assign.
        next_hop: interface identifier, on the link /64, of the customer's router (facts: I-4.3).
    """

    line: str
    formula: str
    access: Access
    bearers: tuple[str, ...]
    rate: Rate | None
    ipv4: Literal["fixed", "dynamic"]
    ipv6: Literal["fixed", "dynamic"]
    managed_firewall: bool
    customer_firewall: bool
    lan: Lan | None
    wifi: WifiNetwork | None
    port_mappings: tuple[PortMapping, ...]
    customer_openings: tuple[Opening, ...]
    cpe: CpeDevice | None
    ont: OntDevice | None
    needs: tuple[AddressNeed, ...]
    next_hop: int = CUSTOMER_ROUTER

    @property
    def openings(self) -> tuple[Opening, ...]:
        """Everything that is open: towards LAN hosts, then towards the customer's firewall."""
        return (*(each.opening for each in self.port_mappings), *self.customer_openings)


@dataclass(frozen=True, slots=True)
class StructuredIpv6:
    """The fixed /56 and how it is cut (facts: I-4.3, X-14).

    Attributes:
        block: the /56.
        lan_half: the first /57, for the LANs of the CPE.
        link: the first /64 of that half, on which the customer's router stands.
        routed_half: the second /57, routed to `next_hop`; None without an IP Pack.
        next_hop: the customer's router, `…::10` on the link unless he asked otherwise; None without an IP Pack.
    """

    block: IPv6Network
    lan_half: IPv6Network
    link: IPv6Network
    routed_half: IPv6Network | None
    next_hop: IPv6Address | None


@dataclass(frozen=True, slots=True)
class AddressedIntent:
    """The intent with its addresses; None where the line has none of its own.

    Attributes:
        management: the /32 on the CPE's loopback by which we reach it.
        ont_id: the ONT's number on its port of the OLT.
        former_ip_pack: the pack before, which stands beside the new one until the customer has moved.
    """

    intent: Intent
    fixed_ipv4: IPv4Address | None
    ip_pack: IPv4Network | None
    ipv6: StructuredIpv6 | None
    management: IPv4Address | None
    ont_id: int | None
    former_ip_pack: IPv4Network | None = None

    @property
    def packs(self) -> tuple[IPv4Network, ...]:
        """The IP Packs in force, the line's own first."""
        return tuple(each for each in (self.ip_pack, self.former_ip_pack) if each is not None)
