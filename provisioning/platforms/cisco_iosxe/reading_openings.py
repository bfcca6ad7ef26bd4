"""Reads from a configuration which ports lead where: static translations, and what access lists let in."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, ip_network

from provisioning.model.intent import PortMapping
from provisioning.model.opening import (
    CUSTOMER_FIREWALL,
    Network,
    Opening,
    opening_order,
    sorted_sources,
    translated,
)
from provisioning.model.port_range import HIGHEST_PORT, PortRange, Protocol, merge
from provisioning.model.read_intent import Known, Place, Unread
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG
from provisioning.platforms.cisco_iosxe.port_names import TCP_NAMES, UDP_NAMES
from provisioning.platforms.cisco_iosxe.said import Said, every, top

_STATIC = (
    r"ip nat inside source static (tcp|udp) ([0-9.]+) ([0-9]{1,5}) (?:[0-9.]+|interface \S+) ([0-9]{1,5})"
    r"(?: (?:extendable|no-alias|no-payload|forced))*"
)
_TRANSLATION = r"ip nat (?:inside|outside) +(?:source|destination) +(?:static|list|route-map) .+"
_OVERLOAD = r"ip nat inside source (?:list|route-map) \S+ interface \S+ overload"
_PLACE = r"(any|host \S+|[0-9a-f:]+/\d+|[0-9.]+ [0-9.]+)"
_PERMIT = (
    rf"(?:sequence )?(?:\d+ )?permit (tcp|udp) {_PLACE} {_PLACE} (?:eq (\S+)|range (\S+) (\S+))(?: sequence \d+)?"
)

_NUMBERS: dict[str, dict[str, int]] = {
    "tcp": {name: number for number, name in TCP_NAMES.items()},
    "udp": {name: number for number, name in UDP_NAMES.items()},
}


@dataclass(frozen=True, slots=True)
class _Permitted:
    """What an entry of a named access list lets in; no source for anybody."""

    source: Network | None
    target: Network
    ports: PortRange
    place: Place


_Moved = dict[int, tuple[int, Place]]
"""Ports of a host by those outside, with the place that says so."""


def read_mappings(commands: tuple[Said, ...]) -> tuple[tuple[Known[PortMapping], ...], tuple[Unread, ...]]:
    """Return the port mappings, and the translations that are none."""
    mapped: dict[tuple[IPv4Address, Protocol], _Moved] = defaultdict(dict)
    unread: list[Unread] = []
    for each, _ in every(top(commands), _TRANSLATION):
        found = re.fullmatch(_STATIC, each.text, re.IGNORECASE)
        target = _address(found[2]) if found else None
        if found and target and 1 <= int(found[3]) <= HIGHEST_PORT and 1 <= int(found[4]) <= HIGHEST_PORT:
            protocol: Protocol = "tcp" if found[1].lower() == "tcp" else "udp"
            mapped[target, protocol].setdefault(int(found[4]), (int(found[3]), each.place))
        elif not re.fullmatch(_OVERLOAD, each.text, re.IGNORECASE):
            reason = "an order form says which ports lead to which host, and no more than that"
            unread.append(Unread(each.place, "translation", reason))
    permitted = tuple(_permitted(commands))
    return tuple(_joined(mapped, permitted)), tuple(unread)


def read_openings(commands: tuple[Said, ...], targets: tuple[Network, ...]) -> tuple[Known[Opening], ...]:
    """Return what is opened towards networks of the customer's firewall, and to whom, each port once.

    Args:
        targets: the IP Pack, and what of the IPv6 block is routed to the firewall.
    """
    places: dict[PortRange, Place] = {}
    limited: dict[PortRange, tuple[list[Network], Place]] = {}
    for each in _permitted(commands):
        if each.target in targets and each.source is None:
            places.setdefault(each.ports, each.place)
        elif each.target in targets and each.source is not None:
            limited.setdefault(each.ports, ([], each.place))[0].append(each.source)
    everybody = [
        Known(Opening(each, CUSTOMER_FIREWALL), places.get(each, Place(RUNNING_CONFIG))) for each in merge(places)
    ]
    # An entry for a session timer says of one port what the entry of a range says besides.
    some = [
        Known(Opening(ports, CUSTOMER_FIREWALL, None, sorted_sources(sources)), place)
        for ports, (sources, place) in limited.items()
    ]
    return tuple(sorted((*everybody, *_without_shadowed(some)), key=lambda each: opening_order(each.value)))


def _without_shadowed(some: list[Known[Opening]]) -> Iterator[Known[Opening]]:
    """Yield openings but those that lie in a wider one for the same sources."""
    by_sources: dict[tuple[Network, ...], list[Known[Opening]]] = defaultdict(list)
    for each in some:
        by_sources[each.value.sources].append(each)
    for alike in by_sources.values():
        places = {each.value.ports: each.place for each in alike}
        for ports in merge(places):
            yield Known(replace(alike[0].value, ports=ports), places.get(ports, alike[0].place))


def _joined(
    mapped: dict[tuple[IPv4Address, Protocol], _Moved], permitted: Iterable[_Permitted]
) -> Iterator[Known[PortMapping]]:
    """Yield mappings with those ports made one range that an access list lets in as one, and who may connect."""
    by_network: dict[Network, list[_Permitted]] = defaultdict(list)
    for each in permitted:
        by_network[each.target].append(each)
    for (target, protocol), ports in mapped.items():
        entries = [each for each in by_network.get(IPv4Network(target), ()) if each.ports.protocol == protocol]
        left = dict(ports)
        for some in dict.fromkeys(each.ports for each in entries if each.ports.first < each.ports.last):
            for first in [port for port, (to, _) in left.items() if to == some.first]:
                shift = some.first - first
                numbers = range(first, some.last - shift + 1)
                if all(left.get(number, (0, None))[0] == number + shift for number in numbers):
                    place = left[first][1]
                    yield Known(_mapping(PortRange(protocol, numbers[0], numbers[-1]), target, shift, entries), place)
                    for number in numbers:
                        del left[number]
        for number, (to, place) in left.items():
            yield Known(_mapping(PortRange(protocol, number, number), target, to - number, entries), place)


def _mapping(ports: PortRange, target: IPv4Address, shift: int, entries: Iterable[_Permitted]) -> PortMapping:
    to_port = ports.first + shift if shift else None
    arrives = translated(ports, to_port)
    covering = [each for each in entries if arrives.first in each.ports and arrives.last in each.ports]
    sources = [] if any(each.source is None for each in covering) else [each.source for each in covering]
    return PortMapping(ports, target, to_port, sorted_sources(each for each in sources if each is not None))


def _permitted(commands: Iterable[Said]) -> Iterator[_Permitted]:
    """Yield what the entries of named access lists let in: from where, where to, and which ports."""
    lists = (each for each in commands if each.path and "access-list " in each.path[0])
    for each, found in every(lists, _PERMIT):
        protocol: Protocol = "tcp" if found[1].lower() == "tcp" else "udp"
        source = None if found[2].lower() == "any" else _network(found[2])
        target = _network(found[3])
        ends = (found[4], found[4]) if found[4] else (found[5], found[6])
        numbers = [_number(protocol, end) for end in ends]
        understood = source is not None or found[2].lower() == "any"
        if target is not None and understood and None not in numbers:
            first, last = (number or 0 for number in numbers)
            if 1 <= first <= last <= HIGHEST_PORT:
                yield _Permitted(source, target, PortRange(protocol, first, last), each.place)


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
