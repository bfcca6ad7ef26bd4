"""What the router tells of routes, and of who answers it.

Layouts as in Cisco IOS IP Routing: Protocol-Independent and IPv6 Command References (`show ip route`, `show ipv6
route`), and of routers in public repositories.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.failover.log_lines import shown
from provisioning.stands.simulator.cisco_iosxe.forwarding.interfaces import BEARER_OF
from provisioning.stands.simulator.cisco_iosxe.forwarding.routes import EXTERNAL_BGP, FROM_DHCP, Route
from provisioning.stands.simulator.cisco_iosxe.interfaces import Interface
from provisioning.stands.simulator.cisco_iosxe.session import Call
from provisioning.stands.simulator.cisco_iosxe.show_bearers import since
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.operator_side import NEIGHBOURS, OPERATOR_AS

_CODES = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       i - IS-IS, * - candidate default, U - per-user static route

"""

NOT_THERE = {4: "% Network not in table\n", 6: "% Route not found\n"}


def show_ip_route(call: Call) -> str:
    """`show ip route`."""
    device = call.device
    every = [each for each in device.interfaces() if each.up and each.ipv4]
    rows = sorted([*_connected(every), *_static(device.text)])
    gateway, line = _default(call)
    told = (
        f"Gateway of last resort is {gateway} to network 0.0.0.0" if gateway else "Gateway of last resort is not set"
    )
    routes = "".join(f"{each}\n" for each in (*([line] if line else []), *(text for _, text in rows)))
    return f"{_CODES}{told}\n\n{routes}"


def _connected(interfaces: list[Interface]) -> Iterator[tuple[tuple[int, int, str], str]]:
    for each in interfaces:
        for address in each.ipv4:
            network = address.network
            yield (*_order(network), "C"), f"C        {network} is directly connected, {each.name}"
            if network.prefixlen < 32:
                local = IPv4Network(address.ip)
                yield (*_order(local), "L"), f"L        {local} is directly connected, {each.name}"


def _static(text: str) -> Iterator[tuple[tuple[int, int, str], str]]:
    for each in reading.values(text, "ip route"):
        words = each.split()
        try:
            network = IPv4Network("/".join(words[:2]))
        except ValueError:
            continue  # of another table
        if network.prefixlen and len(words) > 2:
            how = "is directly connected," if words[2][0].isalpha() else "[1/0] via"
            yield (*_order(network), "S"), f"S        {network} {how} {words[2]}"


def _order(network: IPv4Network) -> tuple[int, int]:
    return int(network.network_address), network.prefixlen


def _default(call: Call) -> tuple[str, str]:
    """Return the gateway of last resort and its line."""
    found = call.device.network.default_route(4)
    if found is None:
        return "", ""
    if found.distance == EXTERNAL_BGP:
        neighbour = NEIGHBOURS[BEARER_OF[found.interface]][4]
        return str(neighbour), f"B*    0.0.0.0/0 [20/0] via {neighbour}, {_age(call, neighbour)}"
    gateway = _gateway(call, found)
    if not gateway:
        return "0.0.0.0", f"S*    0.0.0.0/0 is directly connected, {found.interface}"  # noqa: S104 - as IOS tells it
    return gateway, f"S*    0.0.0.0/0 [{found.distance}/0] via {gateway}"


def _gateway(call: Call, found: Route) -> str:
    if found.distance != FROM_DHCP:
        return found.gateway if found.gateway != "default" else ""
    lent = next((each for each in call.device.interfaces() if each.name == found.interface and each.ipv4), None)
    return str(lent.ipv4[0].network.network_address + 1) if lent is not None else ""


def _age(call: Call, neighbour: Address) -> str:
    session = call.device.network.machine.sessions[neighbour]
    return since(session.since, call.device.now())


def show_default_route(call: Call) -> str:
    """`show ip route 0.0.0.0`: of no other network is it known here."""
    if call.values["network"] != "0.0.0.0":  # noqa: S104 - the network of all addresses
        return NOT_THERE[4]
    found = call.device.network.default_route(4)
    if found is None:
        return NOT_THERE[4]
    head = "Routing entry for 0.0.0.0/0, supernet\n"
    if found.distance == EXTERNAL_BGP:
        return head + _by_bgp(call, found)
    gateway = _gateway(call, found)
    way = gateway or f"directly connected, via {found.interface}"
    return (
        f'{head}  Known via "static", distance {found.distance}, metric 0 '
        f"{'(connected), ' if not gateway else ''}candidate default path\n"
        f"  Routing Descriptor Blocks:\n  * {way}\n      Route metric is 0, traffic share count is 1\n"
    )


def _by_bgp(call: Call, found: Route) -> str:
    neighbour = NEIGHBOURS[BEARER_OF[found.interface]][4]
    age = _age(call, neighbour)
    return (
        f'  Known via "bgp {call.device.network.as_number()}", distance 20, metric 0, candidate default path\n'
        f"  Tag {OPERATOR_AS}, type external\n  Last update from {neighbour} {age} ago\n"
        f"  Routing Descriptor Blocks:\n  * {neighbour}, from {neighbour}, {age} ago\n"
        f"      Route metric is 0, traffic share count is 1\n      AS Hops 1\n      Route tag {OPERATOR_AS}\n"
        "      MPLS label: none\n"
    )


def show_default_route6(call: Call) -> str:
    """`show ipv6 route ::/0`: of no other network is it known here."""
    found = call.device.network.default_route(6) if call.values["network"] == "::/0" else None
    if found is None:
        return NOT_THERE[6]
    if found.distance != EXTERNAL_BGP:
        return (
            f'Routing entry for ::/0\n  Known via "static", distance {found.distance}, metric 0\n'
            "  Route count is 1/1, share count 0\n  Routing paths:\n"
            f"    directly connected via {found.interface}\n"
            "      Route metric is 0, traffic share count is 1\n      Last updated 00:10:00 ago\n"
        )
    neighbour = NEIGHBOURS[BEARER_OF[found.interface]][6]
    # The next hop is the neighbour's link-local address where it is on a network that the router is connected to.
    hop = "FE80::1" if found.interface.startswith("Gigabit") else shown(neighbour)
    return (
        f'Routing entry for ::/0\n  Known via "bgp {call.device.network.as_number()}", distance 20, metric 0, '
        "type external\n  Route count is 1/1, share count 0\n  Routing paths:\n"
        f"    {hop}, {found.interface}\n      From {shown(neighbour)}\n"
        "      Route metric is 0, traffic share count is 1\n"
        f"      Last updated {_age(call, neighbour)} ago\n"
    )


def ping(call: Call) -> str:
    """`ping ADDRESS`."""
    target = call.values["target"]
    good = call.device.network.pings(target)
    if good is None:
        return "% Unrecognized host or address, or protocol not running.\n\n"
    source = call.values.get("source", "")
    told = f"Packet sent with a source address of {source} \n" if source else ""
    rate = "!!!!!\nSuccess rate is 100 percent (5/5), round-trip min/avg/max = 3/3/4 ms\n"
    return (
        "Type escape sequence to abort.\n"
        f"Sending 5, 100-byte ICMP Echos to {target}, timeout is 2 seconds:\n{told}"
        + (rate if good else ".....\nSuccess rate is 0 percent (0/5)\n")
    )


ROWS = (
    ("show ip route", show_ip_route, 1),
    ("show ip route {network}", show_default_route, 1),
    ("show ipv6 route {network}", show_default_route6, 1),
    ("ping [ip|ipv6] {target} [source {source}]", ping, 1),
)
