"""nftables.conf: the whole firewall and the translation of addresses (nft(8))."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network
from itertools import groupby

from provisioning.errors import CannotEncode
from provisioning.model.intent import PortMapping
from provisioning.model.opening import Network, Opening, limited_by_source
from provisioning.model.operator import SessionTimer
from provisioning.model.port_range import PortRange, Protocol, merge
from provisioning.platforms.linux_cpe.encoders import (
    Nft,
    nft_interfaces,
    nft_name,
    nft_networks,
    nft_ports,
    nft_set,
    nft_string,
)
from provisioning.platforms.linux_cpe.names import LAN_BRIDGE, LOOPBACK, MOBILE_BEARER
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Values

PROTOCOLS: tuple[Protocol, ...] = ("tcp", "udp")

MOST_TRANSLATED_PORTS = 4096
"""nft moves no range by an offset: each port of one that is translated is an element of a map."""


def nftables_conf(line: RouterLine) -> Values:
    """Return what nftables.conf says."""
    addressed, operator = line.addressed, line.operator
    ipv6 = addressed.ipv6
    return {
        "label": nft_string(line.label),
        "bearers": nft_interfaces(line.interfaces),
        "mobile": nft_string(MOBILE_BEARER) if line.backed_up else None,
        "lan": nft_string(LAN_BRIDGE),
        "loopback": nft_string(LOOPBACK),
        "fixed_ipv4": addressed.fixed_ipv4,
        "router": line.lan.router,
        "lan_subnet": line.lan.subnet,
        "own_ipv4": nft_networks(line.own_ipv4),
        "own_ipv6": ipv6.block if ipv6 else None,
        "inside_ipv4": nft_networks(_inside(line)),
        "lan_sources": nft_networks(_lan_sources(line)),
        "management": line.management,
        "management_prefixes": nft_networks(operator.management_prefixes),
        "neighbours_ipv4": nft_networks(each.routing.neighbour.ipv4 for each in line.bearers),
        "neighbours_ipv6": nft_networks(each.routing.neighbour.ipv6 for each in line.bearers),
        "backed_up": line.backed_up,
        "voice_ipv4": nft_networks(operator.voice_ipv4) if operator.voice_ipv4 else None,
        "voice_ipv6": nft_networks(operator.voice_ipv6) if operator.voice_ipv6 else None,
        "mappings": list(_mappings(line)),
        "translations": list(_translations(line)),
        "openings": list(_openings(line)),
        # Timers by port and application are part of the managed firewall (facts: I-5.3).
        "timers": list(_timers(operator.session_timers)) if line.intent.managed_firewall else [],
    }


def _inside(line: RouterLine) -> Iterator[IPv4Network]:
    """Yield the sources that cannot come from outside: the line's own, and those that no one may use there."""
    yield from line.own_ipv4
    yield line.lan.subnet
    yield IPv4Network("127.0.0.0/8")


def _lan_sources(line: RouterLine) -> Iterator[IPv4Network]:
    yield line.lan.subnet
    yield from line.packs


def _by_protocol(ports: Iterable[PortRange]) -> Iterator[tuple[Nft, Nft]]:
    known = tuple(ports)
    for protocol in PROTOCOLS:
        some = merge(each for each in known if each.protocol == protocol)
        if some:
            yield Nft(protocol), nft_ports(some)


def _by_target(line: RouterLine) -> Iterator[tuple[IPv4Address, tuple[PortMapping, ...]]]:
    mappings = sorted(line.intent.port_mappings, key=lambda each: (each.target, each.ports))
    for host, some in groupby(mappings, key=lambda each: each.target):
        yield host, tuple(some)


def _mappings(line: RouterLine) -> Iterator[Values]:
    """Yield port mappings on the fixed IPv4 that keep their ports, one for each target and protocol (facts: X-9)."""
    for host, some in _by_target(line):
        for protocol, ports in _by_protocol(each.ports for each in some if each.to_port is None):
            yield {"target": host, "protocol": protocol, "ports": ports}


def _translations(line: RouterLine) -> Iterator[Values]:
    """Yield port mappings to other ports, a map for each protocol: a range is as many elements as it has ports."""
    moved = [each for each in line.intent.port_mappings if each.to_port is not None]
    count = sum(each.ports.last - each.ports.first + 1 for each in moved)
    if count > MOST_TRANSLATED_PORTS:
        raise CannotEncode(
            f"{count} ports lead to other ports of hosts on the LAN, and this router translates each by itself",
            where="servers",
            remedy=f"Translate at most {MOST_TRANSLATED_PORTS} ports; ports that stay the same are not limited.",
        )
    for protocol in PROTOCOLS:
        elements = [
            f"{each.ports.first + step} : {each.target} . {each.target_ports.first + step}"
            for each in sorted(moved, key=lambda each: each.ports)
            if each.ports.protocol == protocol
            for step in range(each.ports.last - each.ports.first + 1)
        ]
        if elements:
            yield {"protocol": Nft(protocol), "elements": nft_set(elements)}


def _openings(line: RouterLine) -> Iterator[Nft]:
    """Yield what lets packets through to hosts and to the customer's firewall: as many rules as there are targets.

    Who may connect is an element of a set, so that a packet is looked up once however many openings there are.
    """
    for host, some in _by_target(line):
        for protocol, ports in _by_protocol(each.target_ports for each in some if not each.sources):
            yield Nft(f"ct status dnat ip daddr {host} {protocol} dport {ports}")
    for protocol, elements in _elements(_limited_mappings(line)):
        yield Nft(f"ct status dnat ip saddr . ip daddr . {protocol} dport {elements}")
    ipv6, opened = line.addressed.ipv6, line.intent.customer_openings
    targets: tuple[Network | None, ...] = (*line.packs, ipv6.routed_half if ipv6 else None)
    for target in targets:
        if target is not None:
            family = "ip" if target.version == 4 else "ip6"
            for protocol, ports in _by_protocol(each.ports for each in opened if not each.sources):
                yield Nft(f"{family} daddr {target} {protocol} dport {ports}")
            found = limited_by_source(opened, target.version)
            limited = ((str(source), ports) for source, some in found for ports in some)
            for protocol, elements in _elements(limited):
                yield Nft(f"{family} daddr {target} {family} saddr . {protocol} dport {elements}")


def _limited_mappings(line: RouterLine) -> Iterator[tuple[str, PortRange]]:
    for host, some in _by_target(line):
        limited = [Opening(each.target_ports, host, None, each.sources) for each in some if each.sources]
        for source, opened in limited_by_source(limited, 4):
            for ports in opened:
                yield f"{source} . {host}", ports


def _elements(some: Iterable[tuple[str, PortRange]]) -> Iterator[tuple[Nft, Nft]]:
    known = tuple(some)
    for protocol in PROTOCOLS:
        elements = [f"{key} . {str(ports).partition('/')[2]}" for key, ports in known if ports.protocol == protocol]
        if elements:
            yield Nft(protocol), nft_set(elements)


def _timers(timers: tuple[SessionTimer, ...]) -> Iterator[Values]:
    """Yield a timer for each family: an object of nft serves one (nft(8), "CT TIMEOUT")."""
    for timer in timers:
        name = timer.name.replace("-", "_")
        for family, nfproto in (("ip", "ipv4"), ("ip6", "ipv6")):
            yield {
                "name": nft_name(f"{name}_{family}"),
                "protocol": Nft(timer.protocol),
                "family": Nft(family),
                "nfproto": Nft(nfproto),
                "ports": nft_ports(merge(PortRange(timer.protocol, port, port) for port in timer.ports)),
                "policy": [(nft_name(state), seconds) for state, seconds in sorted(timer.seconds.items())],
            }
