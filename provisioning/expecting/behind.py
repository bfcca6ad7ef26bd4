"""What must be seen from behind the router, and of the router itself."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from provisioning.expecting.router_interfaces import LIKE_LINUX, ROUTER_INTERFACES
from provisioning.model.checks.behind import (
    DnsCheck,
    FirewallCheck,
    LeaseCheck,
    NatCheck,
    SlaacCheck,
    SourceFilterCheck,
)
from provisioning.model.checks.check import Address
from provisioning.model.checks.devices import ConfigurationCheck, ManagementCheck
from provisioning.model.checks.performance import ThroughputCheck
from provisioning.model.expectation import AnyCheck
from provisioning.model.intent import AddressedIntent, Lan
from provisioning.model.operator import Operator
from provisioning.model.verdict import Viewpoint, Weight

FOREIGN: tuple[Address, ...] = (IPv4Address("203.0.113.254"), IPv6Address("3fff:fff::bad"))
"""Sources for the source filter: documentation prefixes (RFC 5737, RFC 9637)."""


def lan_service(addressed: AddressedIntent, lan: Lan, bearers: tuple[Address, ...]) -> Iterator[AnyCheck]:
    """Yield what a new host on the LAN must find; `bearers` are the addresses that a dynamic line may be seen with."""
    yield LeaseCheck(
        id="lease",
        subject=", ".join(f"{each.first} to {each.last}" for each in lan.dhcp) or str(lan.subnet),
        facts=("I-4.5", "X-23"),
        pool=lan.dhcp,
        router=lan.router,
        viewpoint=Viewpoint.LAN,
        weight=Weight.GATE,
    )
    fixed = addressed.fixed_ipv4
    seen_as = (fixed,) if fixed is not None else tuple(each for each in bearers if isinstance(each, IPv4Address))
    yield NatCheck(
        id="nat",
        subject=f"{lan.subnet} as {fixed or 'the address of the line'}",
        facts=("I-4.2",),
        seen_as=seen_as,
        viewpoint=Viewpoint.LAN,
        weight=Weight.GATE,
    )
    link = addressed.ipv6.link if addressed.ipv6 else None
    yield SlaacCheck(
        id="slaac",
        subject=str(link or "IPv6"),
        facts=("I-4.1", "X-14"),
        prefix=link,
        viewpoint=Viewpoint.LAN,
        weight=Weight.GATE,
    )
    yield DnsCheck(
        id="dns",
        subject=f"by {lan.router}",
        facts=("I-4.6",),
        resolver=lan.router,
        viewpoint=Viewpoint.LAN,
        weight=Weight.GATE,
    )


def customer_firewall(addressed: AddressedIntent) -> Iterator[AnyCheck]:
    """Yield that the customer's firewall gets out, with its IPv4 and as `…::10` (facts: I-4.3)."""
    within: list[IPv4Network | IPv6Network] = [*addressed.packs]
    if addressed.ipv6 is not None and addressed.ipv6.next_hop is not None:
        within.append(IPv6Network(addressed.ipv6.next_hop))
    for network in within:
        yield FirewallCheck(
            id=f"customer-firewall {network}",
            subject=f"out to the internet from {network}",
            viewpoint=Viewpoint.CUSTOMER_FIREWALL,
            weight=Weight.GATE,
            facts=("I-4.3", "X-14"),
            within=network,
        )


def source_filter(addressed: AddressedIntent) -> Iterator[AnyCheck]:
    """Yield that foreign source addresses do not get out, from wherever somebody may stand."""
    points = [Viewpoint.LAN] if addressed.intent.lan is not None else []
    points += [Viewpoint.CUSTOMER_FIREWALL] if addressed.ip_pack is not None else []
    for viewpoint in points:
        yield SourceFilterCheck(
            id=f"source-filter {viewpoint}",
            subject=", ".join(map(str, FOREIGN)),
            viewpoint=viewpoint,
            weight=Weight.REPORT,
            facts=("I-11",),
            sources=FOREIGN,
        )


def throughput(addressed: AddressedIntent) -> Iterator[AnyCheck]:
    """Yield what the line carries; it is told, and never stands in the way (facts: I-7.2)."""
    rate = addressed.intent.rate
    yield ThroughputCheck(
        id="throughput",
        subject=f"{rate.down}/{rate.up} Mbit/s" if rate else "no speed is stated",
        viewpoint=Viewpoint.LAN,
        weight=Weight.REPORT,
        facts=("I-7.2", "I-1.1") if rate else ("I-7.2", "X-6"),
        down=rate.down if rate else None,
        up=rate.up if rate else None,
    )


def management(addressed: AddressedIntent, operator: Operator) -> Iterator[AnyCheck]:
    """Yield that the router is read at its management address. That SSH works there, each run has seen itself."""
    cpe = addressed.intent.cpe
    if addressed.management is not None:
        yield ManagementCheck(
            id="management",
            subject=f"SNMPv3 at {addressed.management}",
            viewpoint=Viewpoint.MANAGEMENT,
            weight=Weight.GATE,
            facts=("I-8.1", "I-8.2"),
            address=addressed.management,
            user=operator.snmp_user,
            name=addressed.intent.line,
            interface=ROUTER_INTERFACES.get(cpe.platform if cpe else "", LIKE_LINUX).bearers[0],
        )


def configuration(addressed: AddressedIntent, digest: str) -> Iterator[AnyCheck]:
    """Yield that what was planned is in force, word by word, on a router whose commands may come to something else.

    Args:
        digest: of what was planned; empty where nothing was.
    """
    cpe = addressed.intent.cpe
    if cpe is not None and digest and ROUTER_INTERFACES.get(cpe.platform, LIKE_LINUX).read_back:
        yield ConfigurationCheck(
            id="configuration",
            subject=cpe.serial,
            viewpoint=Viewpoint.ROUTER,
            weight=Weight.GATE,
            facts=(),
            digest=digest,
        )
