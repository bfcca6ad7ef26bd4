"""Routes, BGP with BFD, and the hold-down of the fixed bearer (IP Routing: BGP, BFD; IP SLAs Configuration Guides)."""

from collections.abc import Iterator

from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_bgp_network, ios_community, ios_ipv6, ios_masked
from provisioning.platforms.cisco_iosxe.names import (
    ANSWERS_TRACK,
    HELD_TRACK,
    LAN,
    LINE_TRACK,
    MARKER_IPV4,
    MARKER_IPV6,
    MOBILE_TRACK,
    PROBE,
    TRUSTED_TRACK,
)
from provisioning.platforms.router_line import Bearer, RouterLine
from provisioning.platforms.template import Values

PROBE_SECONDS = 5
PROBE_TIMEOUT_MS = 1000


def routing(line: RouterLine) -> Values:
    """Return what the router knows of ways; BGP only where there is a back-up."""
    addressed = line.addressed
    ipv6 = addressed.ipv6
    return {
        "pack_routes": [ios_masked(each) for each in line.packs],
        "block_route": ios_ipv6(ipv6.block) if ipv6 else None,
        "routed_half": ios_ipv6(ipv6.routed_half) if ipv6 and ipv6.routed_half else None,
        "next_hop": Ios(f"{LAN} {ios_ipv6(ipv6.next_hop)}") if ipv6 and ipv6.next_hop else None,
        "bgp": _bgp(line) if line.backed_up else None,
        "probe": PROBE,
        "probe_seconds": PROBE_SECONDS,
        "probe_timeout": PROBE_TIMEOUT_MS,
        "mobile_track": MOBILE_TRACK,
        "held_track": HELD_TRACK,
        "answers_track": ANSWERS_TRACK,
        "line_track": LINE_TRACK,
        "trusted_track": TRUSTED_TRACK,
        "hold_seconds": line.operator.routing.hold_seconds,
        "marker_ipv4": Ios(MARKER_IPV4),
        "marker_ipv6": Ios(MARKER_IPV6),
    }


def _bgp(line: RouterLine) -> Values:
    ipv6 = line.addressed.ipv6
    return {
        "as_number": line.operator.routing.as_number,
        "router_id": line.management,
        "own_ipv4": line.own_ipv4,
        "networks_ipv4": [ios_bgp_network(each) for each in line.own_ipv4],
        "own_ipv6": ios_ipv6(ipv6.block) if ipv6 else None,
        "bearers": [_bearer(line, each) for each in line.bearers],
        "fixed": _bearer(line, line.fixed),
        "mobile": _bearer(line, line.mobile),
        "maps": list(_maps(line)),
    }


def _bearer(line: RouterLine, bearer: Bearer) -> Values:
    there = bearer.routing.neighbour
    return {
        "name": Ios(bearer.name),
        "interface": Ios(bearer.interface),
        "as_number": there.as_number,
        "ipv4": there.ipv4,
        "ipv6": ios_ipv6(there.ipv6),
        # BFD is not served on a cellular interface: there, BGP's own timers notice.
        "bfd": bearer == line.fixed,
    }


def _maps(line: RouterLine) -> Iterator[Values]:
    for bearer in line.bearers:
        yield {
            "name": Ios(bearer.name),
            "local_preference": bearer.routing.local_preference,
            "community": ios_community(bearer.routing.community),
        }
