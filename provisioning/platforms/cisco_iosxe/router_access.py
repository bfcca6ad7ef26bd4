"""What reaches the router itself, and what it sends: the zone `self` (Zone-Based Policy Firewall, "Self Zone")."""

from collections.abc import Iterator

from provisioning.platforms.cisco_iosxe.access_list import ANY, AccessList, entry, port, where, with_port
from provisioning.platforms.cisco_iosxe.firewall import LINK_LOCAL, TRANSPORTS
from provisioning.platforms.router_line import RouterLine, pack_gateway

SSH, DNS, SNMP, BGP = 22, 53, 161, 179
DHCP_SERVER, DHCP_CLIENT, DHCPV6_CLIENT, DHCPV6_SERVER = 67, 68, 546, 547
BFD = 3784

# What neighbour discovery needs; inspection knows sessions only, so it passes.
_DISCOVERY = ("nd-na", "nd-ns")


def udp(source: str, source_port: int, destination: str, destination_port: int) -> str:
    """Return an entry for UDP from one port to another."""
    return entry(
        "permit",
        "udp",
        with_port(source, port("udp", source_port)),
        with_port(destination, port("udp", destination_port)),
    )


def discovery(*more: str) -> Iterator[str]:
    """Return entries for neighbour discovery, and for more types of ICMPv6 by IOS's names."""
    return (entry("permit", "icmp", ANY, ANY, each) for each in (*_DISCOVERY, *more))


def from_outside(line: RouterLine) -> tuple[AccessList, ...]:
    """Return what may begin a session with the router: who manages it, the neighbours, and a ping."""
    me = where(line.management)
    four = [
        entry("permit", protocol, where(each), with_port(me, port(protocol, number)))
        for each in line.operator.management_prefixes
        for protocol, number in (("tcp", SSH), ("udp", SNMP))
    ]
    six: list[str] = []
    if line.backed_up:
        for bearer in line.bearers:
            there = bearer.routing.neighbour
            four.append(entry("permit", "tcp", where(there.ipv4), with_port(ANY, port("tcp", BGP))))
            six.append(entry("permit", "tcp", where(there.ipv6), with_port(ANY, port("tcp", BGP))))
    four.append(entry("permit", "icmp", ANY, ANY, "echo"))
    six.append(entry("permit", "icmp", ANY, ANY, "echo-request"))
    return AccessList("TO-ROUTER", 4, tuple(four)), AccessList("TO-ROUTER", 6, tuple(six))


def from_outside_without_session(line: RouterLine) -> tuple[AccessList, ...]:
    """Return what the router is told that is no session: leases, neighbours, and that they are alive."""
    four = [udp(ANY, DHCP_SERVER, ANY, DHCP_CLIENT)]
    six = [udp(where(LINK_LOCAL), DHCPV6_SERVER, ANY, DHCPV6_CLIENT)]
    if line.backed_up:
        there = line.fixed.routing.neighbour
        four.append(entry("permit", "udp", where(there.ipv4), with_port(ANY, port("udp", BFD))))
        six.append(entry("permit", "udp", where(there.ipv6), with_port(ANY, port("udp", BFD))))
    six += discovery("router-advertisement", "mld-query")
    return AccessList("TO-ROUTER-PASS", 4, tuple(four)), AccessList("TO-ROUTER-PASS", 6, tuple(six))


def from_router() -> tuple[AccessList, ...]:
    """Return what the router may ask outside: everything."""
    return tuple(
        AccessList("FROM-ROUTER", version, (entry("permit", "ip" if version == 4 else "ipv6"),)) for version in (4, 6)
    )


def from_router_without_session(line: RouterLine) -> tuple[AccessList, ...]:
    """Return what the router says that is no session."""
    four = [udp(ANY, DHCP_CLIENT, ANY, DHCP_SERVER)]
    six = [udp(where(LINK_LOCAL), DHCPV6_CLIENT, ANY, DHCPV6_SERVER)]
    if line.backed_up:
        there = line.fixed.routing.neighbour
        four.append(entry("permit", "udp", ANY, with_port(where(there.ipv4), port("udp", BFD))))
        six.append(entry("permit", "udp", ANY, with_port(where(there.ipv6), port("udp", BFD))))
    six += discovery("router-solicitation", "mld-report")
    return AccessList("FROM-ROUTER-PASS", 4, tuple(four)), AccessList("FROM-ROUTER-PASS", 6, tuple(six))


def from_lan(line: RouterLine) -> tuple[AccessList, ...]:
    """Return what the LAN may ask of the router: names, and a ping."""
    here = [where(line.lan.router), *(where(pack_gateway(each)) for each in line.packs)]
    four = [
        entry("permit", protocol, where(source), with_port(each, port(protocol, DNS)))
        for protocol in TRANSPORTS
        for source in line.lan_ipv4
        for each in here
    ]
    six = [entry("permit", protocol, ANY, with_port(ANY, port(protocol, DNS))) for protocol in TRANSPORTS]
    four.append(entry("permit", "icmp", ANY, ANY, "echo"))
    six.append(entry("permit", "icmp", ANY, ANY, "echo-request"))
    return AccessList("LAN-SERVICES", 4, tuple(four)), AccessList("LAN-SERVICES", 6, tuple(six))


def from_lan_without_session() -> tuple[AccessList, ...]:
    """Return what of it is no session: leases and neighbours."""
    six = [
        udp(where(LINK_LOCAL), DHCPV6_CLIENT, ANY, DHCPV6_SERVER),
        *discovery("router-solicitation", "mld-report"),
    ]
    return (
        AccessList("LAN-SERVICES-PASS", 4, (udp(ANY, DHCP_CLIENT, ANY, DHCP_SERVER),)),
        AccessList("LAN-SERVICES-PASS", 6, tuple(six)),
    )
