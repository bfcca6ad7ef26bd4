"""The customer's private scheme (facts: I-4.2, I-4.5, X-23)."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from provisioning.catalogue import Availability
from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule

RFC_1918 = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
LARGEST_PREFIX = 16
SMALLEST_PREFIX = 30

HIGHEST_INTERFACE = (1 << 64) - 1
ROUTERS_ANYCAST = 0
"""Every router of a link answers to it (RFC 4291, 2.6.1)."""
OUR_ROUTER = 1
"""The router's own address on the link (facts: X-14)."""


def lan_is_ours(case: Case) -> Iterator[Finding]:
    """On Essential formulas the LAN is behind the customer's own router."""
    if case.formula is not None and case.customers_own_router and case.form.lan is not None:
        yield codes.LAN_NOT_OURS.at(
            "lan",
            f"With {case.formula.name} the LAN is behind the customer's own router.",
            case.leave_out("lan"),
            facts=case.formula.router.facts,
        )


def lan_subnet_is_private(case: Case) -> Iterator[Finding]:
    """An RFC 1918 subnet from /16 to /30."""
    written = case.form.lan.subnet if case.form.lan else None
    if written is None or case.customers_own_router:
        return
    where = "lan.subnet"
    if case.lan is None:
        yield codes.LAN_MALFORMED.at(
            where,
            f"`{written}` is no IPv4 subnet.",
            "Write the network's own address and the length of its mask, such as 192.168.1.0/24.",
        )
        return
    if not any(case.lan.subnet_of(private) for private in RFC_1918):
        yield codes.LAN_NOT_PRIVATE.at(
            where,
            f"{case.lan} is not private.",
            "Choose from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
        )
    if case.lan.prefixlen < LARGEST_PREFIX:
        yield codes.LAN_TOO_LARGE.at(where, f"{case.lan} is larger than a /16.", "Choose /16 or longer.")
    if case.lan.prefixlen > SMALLEST_PREFIX:
        yield codes.LAN_TOO_SMALL.at(
            where, f"{case.lan} has no room for the router and a host.", "Choose /30 or shorter."
        )


def customer_firewall_has_addresses(case: Case) -> Iterator[Finding]:
    """A firewall of the customer's needs the addresses of an IP Pack (facts: X-9)."""
    if not case.whole or not case.customer_firewall or case.ip_pack is not None:
        return
    offered = case.formula is None or case.formula.ip_pack.value is not Availability.NOT_OFFERED
    yield codes.CUSTOMER_FIREWALL.at(
        "lan.customer_firewall",
        "A customer firewall needs addresses of its own.",
        f"Order `options.ip_pack`. {case.leave_out('lan.customer_firewall')}"
        if offered
        else case.leave_out("lan.customer_firewall"),
    )


def next_hop_is_on_the_link(case: Case) -> Iterator[Finding]:
    """The customer's router has an address of its own on the link /64, told by its last 64 bits (facts: I-4.3)."""
    written = case.form.lan.next_hop if case.form.lan else None
    if written is None or case.customers_own_router:
        return
    where = "lan.next_hop"
    if case.next_hop is None or case.next_hop > HIGHEST_INTERFACE:
        yield codes.NEXT_HOP_MALFORMED.at(
            where,
            f"`{written}` is no interface identifier.",
            "Write the last 64 bits of the router's address on the link, such as `::10`.",
        )
    elif case.next_hop in (ROUTERS_ANYCAST, OUR_ROUTER):
        name = "the routers' anycast address" if case.next_hop == ROUTERS_ANYCAST else "the operator's own router"
        yield codes.NEXT_HOP_TAKEN.at(where, f"`{written}` is {name}.", "Choose another, such as `::10`.")
    if case.whole and case.ip_pack is None:
        yield codes.NEXT_HOP_WITHOUT_PACK.at(
            where,
            "Without an IP Pack no block is routed to the customer's router.",
            f"Order `options.ip_pack`. {case.leave_out('lan.next_hop')}",
        )


RULES: tuple[Rule, ...] = (
    lan_is_ours,
    lan_subnet_is_private,
    customer_firewall_has_addresses,
    next_hop_is_on_the_link,
)
