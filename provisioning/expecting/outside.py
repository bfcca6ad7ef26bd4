"""What must be seen of the line from the internet: openings, scans, port 23, and how it performs."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network

from provisioning.expecting.sampling import SCAN_SAMPLE, block_hosts, chosen, customer_hosts, pack_hosts, sample
from provisioning.model.checks.check import Address
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck, ShutCheck
from provisioning.model.checks.performance import LatencyCheck, LossCheck, MtuCheck
from provisioning.model.checks.scans import LimitedPorts, ScanCheck
from provisioning.model.expectation import AnyCheck
from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Network, Opening, from_sources, sorted_sources
from provisioning.model.port_range import MANAGEMENT_PORT
from provisioning.model.verdict import Viewpoint, Weight

MTU_BYTES = 1500
"""IP packets on Ethernet (RFC 894, RFC 2464)."""


def openings(addressed: AddressedIntent, asked: Collection[Opening] = ()) -> Iterator[AnyCheck]:
    """Yield a check for each opening and address (facts: X-9), and one for the route to the second /57.

    Of very many openings a sample is looked at; those that were asked for are always in it.
    """
    for mapping in chosen(tuple(each.opening for each in addressed.intent.port_mappings), asked):
        if addressed.fixed_ipv4 is not None and isinstance(mapping.target, IPv4Address):
            yield from _opening(mapping, addressed.fixed_ipv4, mapping.target, Viewpoint.LAN)
            yield from shut_to_strangers(
                mapping, addressed.fixed_ipv4, Viewpoint.LAN, tuple(m.opening for m in addressed.intent.port_mappings)
            )
    opened = addressed.intent.customer_openings
    for opening in chosen(opened, asked):
        for address in customer_hosts(addressed):
            yield from _opening(opening, address, address, Viewpoint.CUSTOMER_FIREWALL)
            yield from shut_to_strangers(opening, address, Viewpoint.CUSTOMER_FIREWALL, opened)
    yield from _routed_block(addressed)


def _routed_block(addressed: AddressedIntent) -> Iterator[AnyCheck]:
    half = addressed.ipv6.routed_half if addressed.ipv6 else None
    # Nothing passes our firewall but to an opening, so the route is tried on one that everybody may use.
    first = next((each.ports for each in addressed.intent.customer_openings if not each.sources), None)
    if half is not None and first is not None:
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


def _opening(opening: Opening, address: Address, target: Address, behind: Viewpoint) -> Iterator[OpeningCheck]:
    """Yield the check of an opening on an address; a family of which nobody may connect has none."""
    ports, sources = opening.ports, opening.sources_of(address.version)
    if sources is None:
        return
    to = f" to {target}" if target != address else ""
    arrives = f" {opening.target_ports}" if opening.to_port is not None else ""
    # Silence says nothing about UDP: whether a packet arrives is seen at its target only. And who is let in by some
    # openings only, may well not be there.
    seen_outside = ports.protocol == "tcp" and not sources
    yield OpeningCheck(
        id=f"opening {ports} {address}{_named(sources)}",
        subject=f"{ports} of {address}{to}{arrives}{from_sources(sources)}",
        viewpoint=Viewpoint.INTERNET if seen_outside else behind,
        weight=Weight.GATE,
        facts=("X-9", "I-5.1"),
        address=address,
        ports=ports,
        tried=sample(ports),
        target=target,
        behind=behind,
        shift=opening.target_ports.first - ports.first,
        sources=sources,
    )


def shut_to_strangers(
    opening: Opening, address: Address, behind: Viewpoint, openings: Iterable[Opening]
) -> Iterator[ShutCheck]:
    """Yield that an opening's ports are shut to whoever none of the line's openings lets in there.

    Args:
        opening: for some, or one that is not there any more.
        openings: of the same address; its own is not needed among them.
    """
    allowed: list[Network] = list(opening.sources)
    tried = list(sample(opening.ports))
    everybody_closed = not opening.sources
    for each in openings:
        meets = each.ports.overlaps(opening.ports)
        sources = each.sources_of(address.version) if meets else None
        if sources == ():
            tried = [port for port in tried if port not in each.ports]
        elif sources is not None:
            allowed += sources
    if not tried or (everybody_closed and opening in openings):
        return
    if opening.sources and opening.sources_of(address.version) is None and not allowed:
        return
    some = tuple(each for each in sorted_sources(allowed) if each.version == address.version)
    target = opening.target if isinstance(opening.target, IPv4Address) else address
    yield ShutCheck(
        id=f"shut {opening.ports} {address}{_named(some)}",
        subject=f"{opening.ports} of {address}, but{from_sources(some)}" if some else f"{opening.ports} of {address}",
        viewpoint=behind,
        weight=Weight.GATE,
        facts=("X-9", "I-5.2"),
        address=address,
        ports=opening.ports,
        tried=tuple(tried),
        target=target,
        behind=behind,
        shift=opening.target_ports.first - opening.ports.first,
        allowed=some,
    )


def _named(sources: tuple[Network, ...]) -> str:
    """Return what tells checks of other sources apart, however many sources they have."""
    if len(sources) <= 3:
        return from_sources(sources)
    digest = hashlib.sha256(" ".join(map(str, sources)).encode()).hexdigest()[:8]
    return f" from {len(sources)} networks ({digest})"


def scans(addressed: AddressedIntent, bearers: tuple[Address, ...]) -> Iterator[AnyCheck]:
    """Yield a scan for each address: whole where the line's own IPv4 is, a sample elsewhere.

    Args:
        bearers: what the router has besides the line's own addresses.
    """
    mapped = tuple(each.opening for each in addressed.intent.port_mappings)
    if addressed.fixed_ipv4 is not None:
        yield _scan(addressed.fixed_ipv4, (), mapped)
    for address in customer_hosts(addressed):
        yield _scan(address, SCAN_SAMPLE, addressed.intent.customer_openings)
    for address in bearers:
        whole = addressed.fixed_ipv4 is None and address.version == 4
        yield _scan(address, () if whole else SCAN_SAMPLE, ())


def _scan(address: Address, tried: tuple[int, ...], openings: Iterable[Opening]) -> ScanCheck:
    many = f"{len(tried)} TCP ports" if tried else "all 65535 TCP ports"
    some = [each for each in openings if each.ports.protocol == "tcp"]
    limited = ((each.ports, each.sources_of(address.version)) for each in some if each.sources)
    return ScanCheck(
        id=f"scan {address}",
        subject=f"{many} of {address}",
        viewpoint=Viewpoint.INTERNET,
        weight=Weight.GATE,
        facts=("X-9", "I-5.2"),
        address=address,
        tried=tried,
        ordered=tuple(each.ports for each in some if not each.sources),
        limited=tuple(LimitedPorts(ports, sources) for ports, sources in limited if sources),
    )


def left(addressed: AddressedIntent, was: AddressedIntent) -> Iterator[AnyCheck]:
    """Yield a scan of each IPv4 address that the line had and has no more: nothing may answer there (facts: X-9)."""
    kept = (*addressed.packs, *((IPv4Network(addressed.fixed_ipv4),) if addressed.fixed_ipv4 is not None else ()))
    had = [was.fixed_ipv4] if was.fixed_ipv4 is not None else []
    had += [host for pack in was.packs for host in pack_hosts(pack)]
    for address in had:
        if not any(address in network for network in kept):
            yield _scan(address, SCAN_SAMPLE, ())


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
