"""What a router tells a BGP neighbour (`show bgp ipv4 unicast neighbors ADDRESS advertised-routes`, and `ipv6`).

The layout is that of Cisco IOS XE 17's IP Routing: BGP Command Reference and of routers in public repositories. What
is too long for its column stands on a line of its own; a network with the length of its class (RFC 791, 3.2) is
written without it; a default route that is made up for the neighbour stands above the table, and is not counted.
"""

import re
from ipaddress import IPv4Address, ip_address, ip_network

from provisioning.model.bearer import Network

_MADE_UP = re.compile(r"^Originating default network (?P<network>\S+)")
_HEAD = re.compile(r"^\s+Network\s+Next Hop\s")
_ROUTE = re.compile(r"^ ?[A-Za-z*]*>[A-Za-z]* +(?P<network>[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*(?:/\d+)?)(?:\s|$)")
_REST = re.compile(r"^ {12,}\S|^\s*$")
_TOTAL = re.compile(r"^Total number of prefixes (?P<count>\d+)\s*$")
_NO_NEIGHBOUR = re.compile(r"^% ?No such neighbor")

_CLASSES = ((192, 24), (128, 16), (0, 8))
"""The least first octet of each class, and its length."""


def shown_announced(text: str) -> tuple[Network, ...]:
    """Return the networks that a neighbour is told of; none where there is no such neighbour.

    Raises:
        ValueError: when the answer was cut, or has a line that is not known.
    """
    made_up: list[Network] = []
    told: list[Network] = []
    is_table = False
    for line in text.splitlines():
        if found := _TOTAL.match(line):
            if int(found["count"]) != len(told):
                raise ValueError(f"{found['count']} networks are announced, and {len(told)} of them were understood")
            return (*made_up, *told)
        if _NO_NEIGHBOUR.match(line):
            return ()
        if found := _MADE_UP.match(line):
            made_up.append(_network(found["network"]))
        elif found := _ROUTE.match(line) if is_table else None:
            told.append(_network(found["network"]))
        elif is_table and not _REST.match(line):
            raise ValueError("the answer about what is announced has a line that is not known")
        is_table = is_table or _HEAD.match(line) is not None
    raise ValueError("the answer about what is announced was cut")


def _network(written: str) -> Network:
    if "/" in written:
        return ip_network(written)
    address = ip_address(written)
    if not int(address):
        return ip_network(f"{address}/0")
    if not isinstance(address, IPv4Address):
        raise ValueError(f"`{written}` is no network")
    length = next(length for least, length in _CLASSES if address.packed[0] >= least)
    return ip_network(f"{address}/{length}")
