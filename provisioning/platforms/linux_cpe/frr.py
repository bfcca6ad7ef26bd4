"""frr.conf and FRR's list of daemons (FRR 8 manual: "BGP", "BFD", "Zebra", "IPv6 Support")."""

from collections.abc import Iterator

from provisioning.platforms.linux_cpe.encoders import Frr, frr_community, frr_text, frr_word, plain_comment
from provisioning.platforms.linux_cpe.names import LAN_BRIDGE
from provisioning.platforms.router_line import Bearer, RouterLine
from provisioning.platforms.template import Values

HELD_MAPS = "HOLD"
"""Route maps of the fixed bearer while it is held down; `proviso-failover` puts them in place."""


def frr_conf(line: RouterLine) -> Values:
    """Return what frr.conf says: static routes and advertisements on every line, BGP where there is a back-up."""
    ipv6 = line.addressed.ipv6
    return {
        "label": frr_text(line.label),
        "hostname": frr_word(line.intent.line),
        "lan_bridge": Frr(LAN_BRIDGE),
        "lan_text": frr_text(f"LAN of {line.serial}"),
        "ip_packs": line.packs,
        "ipv6": ipv6.block if ipv6 else None,
        "link": ipv6.link if ipv6 else None,
        "routed_half": ipv6.routed_half if ipv6 else None,
        "next_hop": ipv6.next_hop if ipv6 else None,
        "resolvers": line.operator.resolvers_ipv6,
        "bgp": _bgp(line) if line.backed_up else None,
    }


def _bgp(line: RouterLine) -> Values:
    routing = line.operator.routing
    return {
        "as_number": routing.as_number,
        "router_id": line.management,
        "own_ipv4": line.own_ipv4,
        "own_ipv6": line.addressed.ipv6.block if line.addressed.ipv6 else None,
        "source_ipv4": line.addressed.fixed_ipv4,
        "source_ipv6": line.link_address,
        "bearers": [_bearer(each) for each in line.bearers],
        "maps": list(_maps(line)),
        "bfd_interval": routing.bfd_interval_ms,
        "bfd_multiplier": routing.bfd_multiplier,
    }


def _bearer(bearer: Bearer) -> Values:
    there = bearer.routing.neighbour
    return {
        "name": Frr(bearer.name),
        "as_number": there.as_number,
        "ipv4": there.ipv4,
        "ipv6": there.ipv6,
    }


def _maps(line: RouterLine) -> Iterator[Values]:
    """Yield a pair of route maps a bearer, and one for the fixed bearer while it is held down (facts: I-6.1)."""
    routing = line.operator.routing
    for bearer in line.bearers:
        yield _map(bearer.name, bearer.routing.local_preference, bearer.routing.community)
    yield _map(HELD_MAPS, routing.hold_local_preference, routing.hold_community)


def _map(name: str, local_preference: int, community: str) -> Values:
    return {"name": Frr(name), "local_preference": local_preference, "community": frr_community(community)}


def frr_daemons(line: RouterLine) -> Values:
    """Return which daemons run; watchfrr, zebra and staticd always do."""
    return {
        "label": plain_comment(line.label),
        "bgpd": plain_comment("yes" if line.backed_up else "no"),
        "bfdd": plain_comment("yes" if line.backed_up else "no"),
    }
