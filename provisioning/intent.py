"""From the product to the intent: what the line must do, and which blocks it needs."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from provisioning.model.intent import AddressNeed, DhcpRange, Intent, Lan, PortMapping, Role
from provisioning.model.opening import Opening, merged
from provisioning.model.product import Product

MAXIMUM_USERS = 253
"""IPv4 hosts behind our router (facts: I-4.5)."""

IPV6_BLOCK_SIZE = 1 << (128 - 56)
"""Addresses of a /56 (facts: I-4.1)."""


def intend(product: Product, line: str) -> Intent:
    """Return what a line must do for the product.

    Args:
        product: an accepted order.
        line: the line's id.
    """
    mappings, customer_openings = _openings(product)
    return Intent(
        line=line,
        formula=product.formula,
        access=product.access,
        bearers=(product.access.value, "mobile") if product.mobile_backup else (product.access.value,),
        rate=product.rate,
        ipv4="fixed" if product.fixed_ipv4 else "dynamic",
        ipv6="fixed" if product.fixed_ipv6 else "dynamic",
        managed_firewall=product.managed_firewall,
        customer_firewall=product.customer_firewall,
        lan=_lan(product.lan, {mapping.target for mapping in mappings}) if product.lan else None,
        wifi=product.wifi,
        port_mappings=mappings,
        customer_openings=customer_openings,
        cpe=product.cpe,
        ont=product.ont,
        needs=tuple(_needs(product)),
        next_hop=product.next_hop,
    )


def _needs(product: Product) -> Iterator[AddressNeed]:
    if product.fixed_ipv4:
        yield AddressNeed(Role.FIXED_IPV4, 1)
    if product.ip_pack is not None:
        yield AddressNeed(Role.IP_PACK, product.ip_pack)
    if product.fixed_ipv6:
        yield AddressNeed(Role.IPV6, IPV6_BLOCK_SIZE)
    if product.cpe is not None:
        yield AddressNeed(Role.MANAGEMENT, 1)
    if product.ont is not None:
        yield AddressNeed(Role.ONT_ID, 1, scope=f"{product.ont.olt} {product.ont.port}")


def _openings(product: Product) -> tuple[tuple[PortMapping, ...], tuple[Opening, ...]]:
    mappings: list[PortMapping] = []
    customer: list[Opening] = []
    for each in product.openings:
        for ports in each.ports:
            if isinstance(each.target, IPv4Address):
                mappings.append(PortMapping(ports, each.target, each.to_port, each.sources))
            else:
                customer.append(Opening(ports, each.target, None, each.sources))
    return tuple(sorted(mappings, key=lambda each: each.ports)), merged(customer)


def _lan(subnet: IPv4Network, servers: set[IPv4Address]) -> Lan:
    router = subnet.network_address + 1
    return Lan(subnet, router, tuple(_dhcp_ranges(router, subnet, servers)))


def _dhcp_ranges(router: IPv4Address, subnet: IPv4Network, servers: set[IPv4Address]) -> Iterator[DhcpRange]:
    """Yield the first addresses after the router, cut where a server stands: with the servers at most 253 hosts.

    Facts: I-4.5, X-9, X-23.
    """
    room = max(0, MAXIMUM_USERS - len(servers))
    first = router + 1
    for end in (*sorted(servers), subnet.broadcast_address):
        if room and end > first:
            last = min(end - 1, first + room - 1)
            yield DhcpRange(first, last)
            room -= int(last) - int(first) + 1
        first = max(first, end + 1)
