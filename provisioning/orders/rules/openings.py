"""Openings: ports, targets, and what nobody may open (facts: I-5.1, I-5.2, X-9, X-10, X-11)."""

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

from provisioning.catalogue import Availability
from provisioning.model.finding import Finding
from provisioning.model.opening import translated
from provisioning.model.port_range import HIGHEST_PORT, MANAGEMENT_PORT, STANDARD_OPENINGS, PortRange
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule
from provisioning.orders.form import Server
from provisioning.orders.rules.lan import SMALLEST_PREFIX

CUSTOMER_FIREWALL: Final = "customer_firewall"
ALL_PORTS = "all"
NO_PORTS = "none"
"""Towards the customer's firewall, which receives the standard set where a form is silent."""


def servers_have_a_router(case: Case) -> Iterator[Finding]:
    """On Essential formulas nothing is opened by us: all packets reach the customer's router."""
    if case.formula is not None and case.customers_own_router and case.form.servers:
        yield codes.SERVERS_NOT_OURS.at(
            "servers",
            f"With {case.formula.name} the customer's own router opens ports.",
            case.leave_out("servers"),
            facts=case.formula.router.facts,
        )


def ports_are_allowed(case: Case) -> Iterator[Finding]:
    """Ports are well written, and none of them is port 23 (facts: I-5.2)."""
    for where, server in case.servers:
        if server.ports is not None and not server.ports:
            yield codes.PORTS_EMPTY.at(
                f"{where}.ports",
                "The list of ports is empty.",
                "Name the ports, or leave `ports` out for the standard ones.",
            )
        for index, written in enumerate(server.ports or []):
            yield from _port_is_allowed(f"{where}.ports.{index}", written, server)


def _port_is_allowed(where: str, written: str, server: Server) -> Iterator[Finding]:
    if written == NO_PORTS:
        if server.to != CUSTOMER_FIREWALL:
            yield codes.PORTS_NONE.at(
                where,
                "`none` is for the customer's own firewall.",
                "Leave this entry out: nothing is open to its host.",
            )
        elif len(server.ports or []) > 1:
            yield codes.PORTS_NONE.at(where, "`none` stands beside other ports.", "Keep `none` or the others.")
        return
    if written == ALL_PORTS:
        if server.to != CUSTOMER_FIREWALL:
            yield codes.PORTS_ALL.at(
                where, "`all` is for the customer's own firewall.", "Name the ports that this host serves."
            )
        elif len(server.ports or []) > 1:
            yield codes.PORTS_ALL.at(where, "`all` stands beside other ports.", "Keep `all` or the others.")
        return
    try:
        ports = PortRange.parse(written)
    except ValueError as error:
        text = str(error)
        yield codes.PORT_MALFORMED.at(where, f"`{written}` is no port.", f"{text[0].upper()}{text[1:]}.")
        return
    if MANAGEMENT_PORT in ports:
        yield codes.PORT_RESERVED.at(
            where,
            f"{ports} {'is' if ports.first == ports.last else 'holds'} port {MANAGEMENT_PORT}, which is reserved "
            "to the operator for management.",
            "Choose another port." if ports.first == ports.last else f"Split the range around {MANAGEMENT_PORT}.",
        )


def targets_can_be_reached(case: Case) -> Iterator[Finding]:
    """Each target is a host of the LAN, or the customer's firewall, on a line that has an address for it."""
    if case.customers_own_router:
        return
    for where, server in case.servers:
        yield from _target_can_be_reached(f"{where}.to", server, case)


def _target_can_be_reached(where: str, server: Server, case: Case) -> Iterator[Finding]:
    if server.to == CUSTOMER_FIREWALL:
        if case.formula is not None and case.formula.ip_pack.value is Availability.NOT_OFFERED:
            yield codes.OPENING_NO_ADDRESS.at(
                where,
                f"{case.formula.name} cannot have the IP Pack that a customer firewall needs.",
                "Name a host of the LAN, or choose a formula that offers an IP Pack.",
                facts=case.formula.ip_pack.facts,
            )
        elif case.whole and not case.customer_firewall:
            yield codes.TARGET_NO_FIREWALL.at(
                where, "The form announces no customer firewall.", "Add `lan: {customer_firewall: true}`."
            )
        return
    try:
        target = IPv4Address(server.to)
    except ValueError:
        yield codes.TARGET_MALFORMED.at(
            where,
            f"`{server.to}` is no host.",
            f"Write an IPv4 address of the LAN, or `{CUSTOMER_FIREWALL}`.",
        )
        return
    if case.lan is not None:
        yield from _target_is_lan_host(where, target, case)
    if case.whole and case.formula is not None and not case.has_fixed_ipv4:
        yield codes.OPENING_NO_ADDRESS.at(
            where,
            f"{case.formula.name} has a dynamic address, so nobody outside could find this host.",
            "Order `options.fixed_ipv4: true` where the formula offers it, or leave the opening out.",
            facts=case.formula.fixed_ipv4.facts,
        )


def _target_is_lan_host(where: str, target: IPv4Address, case: Case) -> Iterator[Finding]:
    lan = case.lan
    if lan is None or lan.prefixlen > SMALLEST_PREFIX:
        return  # lan_subnet_is_private says so
    router = lan.network_address + 1
    if target not in lan:
        yield codes.TARGET_OUTSIDE_LAN.at(where, f"{target} is not in the LAN {lan}.", f"Choose a host of {lan}.")
    elif target in (lan.network_address, lan.broadcast_address, router):
        names = {lan.network_address: "the network's own address", router: "the router itself"}
        name = names.get(target, "the broadcast address")
        yield codes.TARGET_OUTSIDE_LAN.at(where, f"{target} is {name}.", f"Choose another host of {lan}.")


def ports_are_claimed_once(case: Case) -> Iterator[Finding]:
    """One port of the fixed IPv4 leads to one host (facts: X-9)."""
    claims: list[tuple[PortRange, int, str]] = []
    for entry, (where, server) in enumerate(case.servers):
        if server.to != CUSTOMER_FIREWALL:
            claims.extend((ports, entry, where) for ports in claimed(server))
    claims.sort()
    reported: set[tuple[int, int]] = set()
    holder: tuple[PortRange, int, str] | None = None
    for claim in claims:
        if holder is not None and holder[0].overlaps(claim[0]) and holder[1] != claim[1]:
            first, second = sorted((holder, claim), key=lambda each: each[1])
            if (first[1], second[1]) not in reported:
                reported.add((first[1], second[1]))
                yield codes.PORT_CLAIMED_TWICE.at(
                    f"{second[2]}.ports",
                    f"{claim[0]} is claimed by {first[2]} too.",
                    "Give each port of the fixed IPv4 to one host.",
                )
        if holder is None or holder[0].protocol != claim[0].protocol or claim[0].last > holder[0].last:
            holder = claim


def claimed(server: Server) -> Iterator[PortRange]:
    """Yield the ports that an entry names, or the standard ones; those that are not well written are left out."""
    if server.ports is None:
        yield from STANDARD_OPENINGS
        return
    for written in server.ports:
        try:
            yield PortRange.parse(written)
        except ValueError:
            continue  # ports_are_allowed says so


def translations_make_sense(case: Case) -> Iterator[Finding]:
    """A translation leads one port or one range to ports of a LAN host, none of them port 23 (facts: I-5.2)."""
    for where, server in case.servers:
        if server.to_port is not None:
            yield from _translation_makes_sense(where, server, server.to_port)


def _translation_makes_sense(where: str, server: Server, to_port: int) -> Iterator[Finding]:
    if server.to == CUSTOMER_FIREWALL:
        yield codes.TO_PORT_FIREWALL.at(
            f"{where}.to_port",
            "The customer's firewall has addresses of its own, where nothing is translated.",
            "Leave `to_port` out.",
        )
        return
    if not in_range(to_port):
        yield codes.TO_PORT_RANGE.at(
            f"{where}.to_port", f"{to_port} is no port.", f"Ports run from 1 to {HIGHEST_PORT}."
        )
        return
    if server.ports is None or len(server.ports) > 1:
        yield codes.TO_PORT_PORTS.at(
            f"{where}.to_port",
            "A translation leads one port, or one range, to another.",
            "Write an entry of its own for each port or range that is translated.",
        )
    for ports in claimed(server) if server.ports is not None else ():
        arrives = translated(ports, to_port)
        if arrives.last > HIGHEST_PORT:
            yield codes.TO_PORT_RANGE.at(
                f"{where}.to_port", f"{ports} would lead to {arrives}.", f"Ports run from 1 to {HIGHEST_PORT}."
            )
        elif MANAGEMENT_PORT in arrives:
            yield codes.PORT_RESERVED.at(
                f"{where}.to_port",
                f"{ports} would lead to {arrives}, and port {MANAGEMENT_PORT} is reserved to the operator for "
                "management.",
                "Lead it to other ports.",
            )


def in_range(to_port: int | None) -> bool:
    """Return whether a translation names a port, or there is none."""
    return to_port is None or 1 <= to_port <= HIGHEST_PORT


RULES: tuple[Rule, ...] = (
    servers_have_a_router,
    ports_are_allowed,
    targets_can_be_reached,
    ports_are_claimed_once,
    translations_make_sense,
)
