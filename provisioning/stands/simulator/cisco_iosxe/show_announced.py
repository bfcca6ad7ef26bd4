"""What the router tells a BGP neighbour.

The layout is that of Cisco IOS XE 17's IP Routing: BGP Command Reference, and of routers in public repositories: a
network that is too long for its column has a line of its own, and one with the length of its class is told without it.
"""

from ipaddress import ip_address

from provisioning.stands.simulator.cisco_iosxe.failover.log_lines import shown
from provisioning.stands.simulator.cisco_iosxe.forwarding.bgp import classful
from provisioning.stands.simulator.cisco_iosxe.session import Call
from provisioning.stands.simulator.cisco_iosxe.show_bearers import router_id
from provisioning.stands.simulator.lines import Network

NO_NEIGHBOUR = "% No such neighbor or address family\n"

HEAD = """\
BGP table version is 5, local router ID is {name}
Status codes: s suppressed, d damped, h history, * valid, > best, i - internal,\x20
              r RIB-failure, S Stale, m multipath, b backup-path, f RT-Filter,\x20
              x best-external, a additional-path, c RIB-compressed,\x20
              t secondary path, L long-lived-stale,
Origin codes: i - IGP, e - EGP, ? - incomplete
RPKI validation codes: V valid, I invalid, N Not found

     Network          Next Hop            Metric LocPrf Weight Path
"""

TOTAL = "\nTotal number of prefixes {count}\x20\n"


def show_announced(call: Call) -> str:
    """`show bgp (ipv4 | ipv6) unicast neighbors ADDRESS advertised-routes`."""
    try:
        neighbour = ip_address(call.values["neighbour"])
    except ValueError:
        return NO_NEIGHBOUR
    told = call.device.network.told(neighbour)
    if told is None or f"ipv{neighbour.version}" not in call.words:
        return NO_NEIGHBOUR
    table = "".join(_row(each) for each in sorted(told, key=lambda each: int(each.network_address)))
    head = HEAD.format(name=router_id(call)) if told else ""
    return head + table + TOTAL.format(count=len(told))


def _row(network: Network) -> str:
    written, here = _written(network), "0.0.0.0" if network.version == 4 else "::"  # noqa: S104 - as IOS tells it
    # What is longer than its column has a line of its own.
    start = f" *>   {written:<16} " if len(written) <= 16 else f" *>   {written}\n{'':<23}"
    return f"{start}{here:<20}{0:>6}{'':>7}{32768:>7} i\n"


def _written(network: Network) -> str:
    address = shown(network.network_address)
    is_plain = network.version == 4 and network.prefixlen == classful(address)
    return address if is_plain else f"{address}/{network.prefixlen}"


ROWS = (("show bgp (ipv4|ipv6) unicast neighbors {neighbour} advertised-routes", show_announced, 1),)
