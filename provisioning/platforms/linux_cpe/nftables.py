"""nftables.conf: the whole firewall and the translation of addresses (nft(8))."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from itertools import groupby

from provisioning.model.operator import SessionTimer
from provisioning.model.port_range import PortRange, Protocol, merge
from provisioning.platforms.linux_cpe.encoders import (
    Nft,
    nft_interfaces,
    nft_name,
    nft_networks,
    nft_ports,
    nft_string,
)
from provisioning.platforms.linux_cpe.names import LAN_BRIDGE, LOOPBACK, MOBILE_BEARER
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Values

PROTOCOLS: tuple[Protocol, ...] = ("tcp", "udp")


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


def _by_protocol(ports: tuple[PortRange, ...]) -> Iterator[tuple[Nft, Nft]]:
    for protocol in PROTOCOLS:
        some = merge(each for each in ports if each.protocol == protocol)
        if some:
            yield Nft(protocol), nft_ports(some)


def _mappings(line: RouterLine) -> Iterator[Values]:
    """Yield port mappings on the fixed IPv4, one for each target and protocol (facts: X-9)."""

    def target(mapping: tuple[IPv4Address, PortRange]) -> IPv4Address:
        return mapping[0]

    pairs = sorted((each.target, each.ports) for each in line.intent.port_mappings)
    for host, some in groupby(pairs, key=target):
        for protocol, ports in _by_protocol(tuple(each[1] for each in some)):
            yield {"target": host, "protocol": protocol, "ports": ports}


def _openings(line: RouterLine) -> Iterator[Values]:
    """Yield openings towards the customer's firewall, on the IP Pack and on the routed /57 (facts: X-9)."""
    ipv6 = line.addressed.ipv6
    targets: list[tuple[str, IPv4Network | IPv6Network | None]] = [
        *(("ip", each) for each in line.packs),
        ("ip6", ipv6.routed_half if ipv6 else None),
    ]
    for family, network in targets:
        for protocol, ports in _by_protocol(tuple(each.ports for each in line.intent.customer_openings)):
            if network is not None:
                yield {"family": Nft(family), "target": network, "protocol": protocol, "ports": ports}


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
