"""Reads from nftables.conf which ports lead where, and to which address the LAN is translated (nft(8))."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from provisioning.model.intent import PortMapping
from provisioning.model.opening import CUSTOMER_FIREWALL, Network, Opening, opening_order, sorted_sources
from provisioning.model.port_range import HIGHEST_PORT, PortRange, Protocol, merge
from provisioning.model.read_intent import Known, Place, Unread
from provisioning.platforms.numbered_lines import NumberedLine, numbered_lines

NFTABLES = "nftables.conf"

_PORTS = r"(?P<ports>\{[^{}]*\}|[0-9-]+)"
_MAPPED = re.compile(
    r"(?:(?:iif|iifname) (?:\{[^{}]*\}|\S+) )?(?:ip daddr (?P<address>[0-9.]+) )?"
    rf"(?P<protocol>tcp|udp) dport {_PORTS} (?:counter )?dnat (?:ip )?to (?P<target>[0-9.]+)(?::(?P<to>[0-9]{{1,5}}))?"
)
_OPENED = re.compile(
    rf"(?:iifname (?:\{{[^{{}}]*\}}|\S+) )?ip6? daddr (?P<network>\S+) (?P<protocol>tcp|udp) dport {_PORTS}"
    r" (?:ct state new )?(?:counter )?accept"
)
_MAP = re.compile(
    r"(?:ip daddr (?P<address>[0-9.]+) )?(?:counter )?dnat (?:ip )?to (?P<protocol>tcp|udp) dport map "
    r"\{(?P<elements>[^{}]*)\}"
)
_MOVED = re.compile(r"(\d{1,5}) : ([0-9.]+) \. (\d{1,5})")
_LIMITED_HOSTS = re.compile(
    r"ct status dnat ip saddr \. ip daddr \. (?P<protocol>tcp|udp) dport \{(?P<elements>[^{}]*)\} (?:counter )?accept"
)
_LIMITED = re.compile(
    r"ip6? daddr (?P<network>\S+) ip6? saddr \. (?P<protocol>tcp|udp) dport \{(?P<elements>[^{}]*)\}"
    r" (?:counter )?accept"
)
_TRANSLATED = re.compile(r".*\bip saddr (?P<lan>[0-9.]+/\d+) snat (?:ip )?to (?P<address>[0-9.]+)")
_TIMER = re.compile(r"ct timeout \S+ \{?")
_OF_TRANSLATION = re.compile(r".*(?<!status )\b(?:dnat|redirect)\b.*\bto\b.*")
_NUMBERS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class ReadFirewall:
    """What the firewall says of the line."""

    translated_to: Known[IPv4Address] | None
    mappings: tuple[Known[PortMapping], ...]
    managed: Known[bool] | None
    unread: tuple[Unread, ...]


def read_firewall(text: str) -> ReadFirewall:
    """Return what nftables.conf says of translation and timers."""
    mappings: list[Known[PortMapping]] = []
    unread: list[Unread] = []
    translated: Known[IPv4Address] | None = None
    managed: Known[bool] | None = None
    limits = _limits(text)
    for line in _rules(text):
        place = Place(NFTABLES, line.number)
        if (read := _mappings_of(line.text)) is not None:
            mappings += [Known(_limited(each, limits), place) for each in read]
            unread += [] if read else [_cannot_be_said(place)]
        elif _OF_TRANSLATION.fullmatch(line.text):
            unread.append(_cannot_be_said(place))
        elif translated is None and (found := _TRANSLATED.fullmatch(line.text)):
            translated = _address(found["address"], place)
        elif managed is None and _TIMER.fullmatch(line.text):
            managed = Known(value=True, place=place)
    return ReadFirewall(translated, tuple(mappings), managed, tuple(unread))


def _mappings_of(rule: str) -> tuple[PortMapping, ...] | None:
    """Return the port mappings of a rule that makes some; None for any other rule."""
    if found := _MAPPED.fullmatch(rule):
        return tuple(_mappings(found))
    if found := _MAP.fullmatch(rule):
        return tuple(_moved(found))
    return None


def read_openings(text: str, targets: tuple[IPv4Network | IPv6Network, ...]) -> tuple[Known[Opening], ...]:
    """Return what is opened towards networks of the customer's firewall, each port once.

    Args:
        text: of nftables.conf.
        targets: the IP Pack, and what of the IPv6 block is routed to the firewall.
    """
    places: dict[PortRange, Place] = {}
    limited: dict[PortRange, tuple[list[Network], Place]] = {}
    for line in _rules(text):
        place = Place(NFTABLES, line.number)
        if (found := _OPENED.fullmatch(line.text)) and _is_among(found["network"], targets):
            for each in _ports(found["protocol"], found["ports"]):
                places.setdefault(each, place)
        elif (found := _LIMITED.fullmatch(line.text)) and _is_among(found["network"], targets):
            for (source,), ports in _elements(found, 1):
                limited.setdefault(ports, ([], place))[0].append(source)
    everybody = [Known(Opening(each, CUSTOMER_FIREWALL), places.get(each, Place(NFTABLES))) for each in merge(places)]
    some = [
        Known(Opening(ports, CUSTOMER_FIREWALL, None, sorted_sources(sources)), place)
        for ports, (sources, place) in limited.items()
    ]
    return tuple(sorted((*everybody, *some), key=lambda each: opening_order(each.value)))


_Limits = dict[IPv4Network, list[tuple[PortRange, Network]]]


def _limits(text: str) -> _Limits:
    """Return who may connect to hosts of which not everybody may: by host, ports and a source."""
    limits: _Limits = {}
    for line in _rules(text):
        if found := _LIMITED_HOSTS.fullmatch(line.text):
            for (source, host), ports in _elements(found, 2):
                if isinstance(host, IPv4Network):
                    limits.setdefault(host, []).append((ports, source))
    return limits


def _limited(mapping: PortMapping, limits: _Limits) -> PortMapping:
    wanted = mapping.target_ports
    found = [
        source
        for ports, source in limits.get(IPv4Network(mapping.target), ())
        if ports.protocol == wanted.protocol and wanted.first in ports and wanted.last in ports
    ]
    return replace(mapping, sources=sorted_sources(found))


def _elements(found: re.Match[str], networks: int) -> Iterator[tuple[tuple[Network, ...], PortRange]]:
    """Yield the elements of a set: networks, and ports of the rule's protocol behind them."""
    for element in found["elements"].split(","):
        *before, last = (each.strip() for each in element.split(" . "))
        try:
            read = tuple(ip_network(each) for each in before)
            ports = PortRange.parse(f"{found['protocol']}/{last}")
        except ValueError:
            continue
        if len(read) == networks:
            yield read, ports


def _moved(found: re.Match[str]) -> Iterator[PortMapping]:
    """Yield the mappings of a map of ports, those that move together made one range."""
    protocol: Protocol = "tcp" if found["protocol"] == "tcp" else "udp"
    runs: list[list[tuple[int, IPv4Address, int]]] = []
    for element in found["elements"].split(","):
        one = _MOVED.fullmatch(element.strip())
        target = _address(one[2], Place(NFTABLES)) if one else None
        if one is None or target is None or not (1 <= int(one[1]) <= HIGHEST_PORT >= int(one[3]) >= 1):
            continue
        port, to = int(one[1]), int(one[3])
        if runs and runs[-1][-1] == (port - 1, target.value, to - 1):
            runs[-1].append((port, target.value, to))
        else:
            runs.append([(port, target.value, to)])
    for run in runs:
        (first, host, to), (last, _, _) = run[0], run[-1]
        yield PortMapping(PortRange(protocol, first, last), host, to if to != first else None)


def _rules(text: str) -> Iterator[NumberedLine]:
    return (each for each in numbered_lines(text) if not each.text.startswith("#"))


def _cannot_be_said(place: Place) -> Unread:
    return Unread(place, "port mapping", "an order form says which ports lead to which host, and no more than that")


def _mappings(found: re.Match[str]) -> Iterator[PortMapping]:
    try:
        target = IPv4Address(found["target"])
    except ValueError:
        return
    to = int(found["to"]) if found["to"] is not None else None
    if to is not None and not 1 <= to <= HIGHEST_PORT:
        return
    for each in _ports(found["protocol"], found["ports"]):
        # Of a range nobody can tell to which port each leads.
        if to is None or each.first == each.last:
            yield PortMapping(each, target, to if to != each.first else None)


def _ports(protocol: str, written: str) -> Iterator[PortRange]:
    for part in written.strip("{} ").split(","):
        numbers = _NUMBERS.fullmatch(part.strip())
        if numbers is None:
            continue
        try:
            yield PortRange.parse(f"{protocol}/{numbers[0]}")
        except ValueError:
            continue


def _is_among(written: str, targets: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        return ip_network(written) in targets
    except ValueError:
        return False


def _address(written: str, place: Place) -> Known[IPv4Address] | None:
    try:
        return Known(IPv4Address(written), place)
    except ValueError:
        return None
