"""What must be seen of the line from the internet: openings, scans, port 23, and how it performs."""

from collections.abc import Iterator

from provisioning.expecting.sampling import SCAN_SAMPLE, block_hosts, customer_hosts, sample
from provisioning.model.expectation import (
    Address,
    AnyCheck,
    ClosedPortCheck,
    LatencyCheck,
    LossCheck,
    MtuCheck,
    OpeningCheck,
    RoutedBlockCheck,
    ScanCheck,
)
from provisioning.model.intent import AddressedIntent
from provisioning.model.port_range import MANAGEMENT_PORT, PortRange
from provisioning.model.verdict import Viewpoint, Weight

MTU_BYTES = 1500
"""IP packets on Ethernet (RFC 894, RFC 2464)."""


def openings(addressed: AddressedIntent) -> Iterator[AnyCheck]:
    """Yield a check for each opening and address (facts: X-9), and one for the route to the second /57."""
    for mapping in addressed.intent.port_mappings:
        if addressed.fixed_ipv4 is not None:
            yield _opening(mapping.ports, addressed.fixed_ipv4, mapping.target, Viewpoint.LAN)
    for opening in addressed.intent.customer_openings:
        for address in customer_hosts(addressed):
            yield _opening(opening.ports, address, address, Viewpoint.CUSTOMER_FIREWALL)
    half = addressed.ipv6.routed_half if addressed.ipv6 else None
    if half is not None and addressed.intent.customer_openings:
        # Nothing passes our firewall but to an opening, so the route is tried on one.
        first = addressed.intent.customer_openings[0].ports
        yield RoutedBlockCheck(
            id=f"routed-block {half}",
            subject=f"{half} by way of {addressed.ipv6.next_hop if addressed.ipv6 else None}",
            viewpoint=Viewpoint.CUSTOMER_FIREWALL,
            weight=Weight.GATE,
            facts=("I-4.3", "X-14"),
            address=block_hosts(half)[-1],
            protocol=first.protocol,
            port=first.first,
            next_hop=addressed.ipv6.next_hop if addressed.ipv6 else None,
        )


def _opening(ports: PortRange, address: Address, target: Address, behind: Viewpoint) -> OpeningCheck:
    to = f" to {target}" if target != address else ""
    return OpeningCheck(
        id=f"opening {ports} {address}",
        subject=f"{ports} of {address}{to}",
        # Silence says nothing about UDP: whether a packet arrives is seen at its target only.
        viewpoint=Viewpoint.INTERNET if ports.protocol == "tcp" else behind,
        weight=Weight.GATE,
        facts=("X-9", "I-5.1"),
        address=address,
        ports=ports,
        tried=sample(ports),
        target=target,
        behind=behind,
    )


def scans(addressed: AddressedIntent, bearers: tuple[Address, ...]) -> Iterator[AnyCheck]:
    """Yield a scan for each address: whole where the line's own IPv4 is, a sample elsewhere.

    Args:
        bearers: what the router has besides the line's own addresses.
    """
    mapped = tuple(each.ports for each in addressed.intent.port_mappings if each.ports.protocol == "tcp")
    opened = tuple(each.ports for each in addressed.intent.customer_openings if each.ports.protocol == "tcp")
    if addressed.fixed_ipv4 is not None:
        yield _scan(addressed.fixed_ipv4, (), mapped)
    for address in customer_hosts(addressed):
        yield _scan(address, SCAN_SAMPLE, opened)
    for address in bearers:
        whole = addressed.fixed_ipv4 is None and address.version == 4
        yield _scan(address, () if whole else SCAN_SAMPLE, ())


def _scan(address: Address, tried: tuple[int, ...], ordered: tuple[PortRange, ...]) -> ScanCheck:
    many = f"{len(tried)} TCP ports" if tried else "all 65535 TCP ports"
    return ScanCheck(
        id=f"scan {address}",
        subject=f"{many} of {address}",
        viewpoint=Viewpoint.INTERNET,
        weight=Weight.GATE,
        facts=("X-9", "I-5.2"),
        address=address,
        tried=tried,
        ordered=ordered,
    )


def port_23(addressed: AddressedIntent, bearers: tuple[Address, ...]) -> Iterator[AnyCheck]:
    """Yield a check of the reserved port for each group of addresses (facts: I-5.2)."""
    groups: list[tuple[str, tuple[Address, ...]]] = []
    if addressed.fixed_ipv4 is not None:
        groups.append((f"the fixed {addressed.fixed_ipv4}", (addressed.fixed_ipv4,)))
    groups += [(f"the IP Pack {pack}", tuple(pack.hosts())) for pack in addressed.packs]
    if addressed.ipv6 is not None:
        ipv6 = addressed.ipv6
        link = (ipv6.link.network_address + 1, *((ipv6.next_hop,) if ipv6.next_hop else ()))
        groups.append((f"the link {ipv6.link}", link))
        if ipv6.routed_half is not None:
            groups.append((f"the routed {ipv6.routed_half}", block_hosts(ipv6.routed_half)))
    if addressed.management is not None:
        groups.append((f"the management address {addressed.management}", (addressed.management,)))
    if bearers:
        groups.append(("the router on its bearers", bearers))
    for where, addresses in groups:
        yield ClosedPortCheck(
            id=f"port-23 {where}",
            subject=f"tcp/{MANAGEMENT_PORT} of {where}",
            viewpoint=Viewpoint.INTERNET,
            weight=Weight.GATE,
            facts=("I-5.2",),
            port=MANAGEMENT_PORT,
            addresses=addresses,
        )


def path(addressed: AddressedIntent, bearers: tuple[Address, ...]) -> Iterator[AnyCheck]:
    """Yield latency, loss and MTU between the internet and the router, for each family (facts: I-7.2)."""
    own: list[Address] = [addressed.fixed_ipv4] if addressed.fixed_ipv4 is not None else []
    own += [addressed.ipv6.link.network_address + 1] if addressed.ipv6 is not None else []
    for version in (4, 6):
        address = next((each for each in (*own, *bearers) if each.version == version), None)
        if address is not None:
            yield from _path_to(address)


def _path_to(address: Address) -> Iterator[AnyCheck]:
    where = {4: "IPv4", 6: "IPv6"}[address.version]
    here, report, facts = Viewpoint.INTERNET, Weight.REPORT, ("I-7.2",)
    yield LatencyCheck(
        id=f"latency {where}", subject=str(address), viewpoint=here, weight=report, facts=facts, address=address
    )
    yield LossCheck(
        id=f"loss {where}", subject=str(address), viewpoint=here, weight=report, facts=facts, address=address
    )
    yield MtuCheck(
        id=f"mtu {where}",
        subject=f"{MTU_BYTES} bytes to {address}",
        viewpoint=here,
        weight=report,
        facts=facts,
        address=address,
        bytes=MTU_BYTES,
    )
