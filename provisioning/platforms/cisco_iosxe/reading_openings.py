"""Reads from a configuration which ports lead where: static translations, and what access lists let in."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from provisioning.model.intent import PortMapping
from provisioning.model.opening import CUSTOMER_FIREWALL, Opening
from provisioning.model.port_range import PortRange, Protocol, merge
from provisioning.model.read_intent import Known, Place, Unread
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG
from provisioning.platforms.cisco_iosxe.port_names import TCP_NAMES, UDP_NAMES
from provisioning.platforms.cisco_iosxe.said import Said, every, top

_STATIC = (
    r"ip nat inside source static (tcp|udp) ([0-9.]+) ([0-9]{1,5}) (?:[0-9.]+|interface \S+) ([0-9]{1,5})(?: .*)?"
)
_TRANSLATION = r"ip nat (?:inside|outside) +(?:source|destination) +(?:static|list|route-map) .+"
_OVERLOAD = r"ip nat inside source (?:list|route-map) \S+ interface \S+ overload"
_PERMIT = (
    r"(?:sequence )?(?:\d+ )?permit (tcp|udp) any "
    r"(host \S+|[0-9a-f:]+/\d+|[0-9.]+ [0-9.]+) (?:eq (\S+)|range (\S+) (\S+))(?: sequence \d+)?"
)

_NUMBERS: dict[str, dict[str, int]] = {
    "tcp": {name: number for number, name in TCP_NAMES.items()},
    "udp": {name: number for number, name in UDP_NAMES.items()},
}

Network = IPv4Network | IPv6Network


def read_mappings(commands: tuple[Said, ...]) -> tuple[tuple[Known[PortMapping], ...], tuple[Unread, ...]]:
    """Return the port mappings, and the translations that are none."""
    mapped: dict[tuple[IPv4Address, Protocol], dict[int, Place]] = defaultdict(dict)
    unread: list[Unread] = []
    for each, _ in every(top(commands), _TRANSLATION):
        found = re.fullmatch(_STATIC, each.text, re.IGNORECASE)
        target = _address(found[2]) if found and found[3] == found[4] else None
        if found and target and 1 <= int(found[3]) <= 65535:
            mapped[target, "tcp" if found[1].lower() == "tcp" else "udp"].setdefault(int(found[3]), each.place)
        elif not re.fullmatch(_OVERLOAD, each.text, re.IGNORECASE):
            reason = "an order form says which ports lead to which host, and no more than that"
            unread.append(Unread(each.place, "translation", reason))
    permitted = tuple(_permitted(commands))
    return tuple(_joined(mapped, permitted)), tuple(unread)


def read_openings(commands: tuple[Said, ...], targets: tuple[Network, ...]) -> tuple[Known[Opening], ...]:
    """Return what is opened towards networks of the customer's firewall, each port once.

    Args:
        targets: the IP Pack, and what of the IPv6 block is routed to the firewall.
    """
    places: dict[PortRange, Place] = {}
    for network, ports, place in _permitted(commands):
        if network in targets:
            places.setdefault(ports, place)
    return tuple(
        Known(Opening(each, CUSTOMER_FIREWALL), places.get(each, Place(RUNNING_CONFIG))) for each in merge(places)
    )


def _joined(
    mapped: dict[tuple[IPv4Address, Protocol], dict[int, Place]], permitted: Iterable[tuple[Network, PortRange, Place]]
) -> Iterator[Known[PortMapping]]:
    """Yield mappings with those ports made one range that an access list lets in as one."""
    by_network: dict[Network, list[PortRange]] = defaultdict(list)
    for network, some, _ in permitted:
        by_network[network].append(some)
    for (target, protocol), ports in mapped.items():
        left = dict(ports)
        for some in dict.fromkeys(by_network.get(IPv4Network(target), ())):
            numbers = range(some.first, some.last + 1)
            fits = some.protocol == protocol and some.first < some.last
            if fits and len(numbers) <= len(left) and all(number in left for number in numbers):
                yield Known(PortMapping(some, target), left[some.first])
                for number in numbers:
                    del left[number]
        for number, place in left.items():
            yield Known(PortMapping(PortRange(protocol, number, number), target), place)


def _permitted(commands: Iterable[Said]) -> Iterator[tuple[Network, PortRange, Place]]:
    """Yield what the entries of named access lists let in from anywhere: where to, and which ports."""
    lists = (each for each in commands if each.path and "access-list " in each.path[0])
    for each, found in every(lists, _PERMIT):
        protocol: Protocol = "tcp" if found[1].lower() == "tcp" else "udp"
        network = _network(found[2])
        ends = (found[3], found[3]) if found[3] else (found[4], found[5])
        numbers = [_number(protocol, end) for end in ends]
        if network is not None and None not in numbers:
            first, last = (number or 0 for number in numbers)
            if 1 <= first <= last <= 65535:
                yield network, PortRange(protocol, first, last), each.place


def _number(protocol: str, written: str) -> int | None:
    if written.isdecimal() and written.isascii() and len(written) <= 5:
        return int(written)
    return _NUMBERS[protocol].get(written.lower())


def _network(written: str) -> Network | None:
    try:
        if written.lower().startswith("host "):
            return ip_network(written[5:])
        if "/" in written:
            return ip_network(written)
        address, wildcard = written.split(" ")
        return IPv4Network(f"{address}/{wildcard}")
    except ValueError:
        return None


def _address(written: str) -> IPv4Address | None:
    try:
        return IPv4Address(written)
    except ValueError:
        return None
