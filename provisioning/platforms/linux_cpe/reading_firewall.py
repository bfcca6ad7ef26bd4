"""Reads from nftables.conf which ports lead where, and to which address the LAN is translated (nft(8))."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from provisioning.model.intent import PortMapping
from provisioning.model.opening import CUSTOMER_FIREWALL, Opening
from provisioning.model.port_range import PortRange, merge
from provisioning.model.read_intent import Known, Place, Unread
from provisioning.platforms.numbered_lines import NumberedLine, numbered_lines

NFTABLES = "nftables.conf"

_PORTS = r"(?P<ports>\{[^{}]*\}|[0-9-]+)"
_MAPPED = re.compile(
    r"(?:(?:iif|iifname) (?:\{[^{}]*\}|\S+) )?(?:ip daddr (?P<address>[0-9.]+) )?"
    rf"(?P<protocol>tcp|udp) dport {_PORTS} (?:counter )?dnat (?:ip )?to (?P<target>[0-9.]+)(?::(?P<to>[0-9]{1, 5}))?"
)
_OPENED = re.compile(
    rf"(?:iifname (?:\{{[^{{}}]*\}}|\S+) )?ip6? daddr (?P<network>\S+) (?P<protocol>tcp|udp) dport {_PORTS}"
    r" (?:ct state new )?(?:counter )?accept"
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
    for line in _rules(text):
        place = Place(NFTABLES, line.number)
        if found := _MAPPED.fullmatch(line.text):
            read = tuple(_mappings(found))
            mappings += [Known(each, place) for each in read]
            unread += [] if read else [_cannot_be_said(place)]
        elif _OF_TRANSLATION.fullmatch(line.text):
            unread.append(_cannot_be_said(place))
        elif translated is None and (found := _TRANSLATED.fullmatch(line.text)):
            translated = _address(found["address"], place)
        elif managed is None and _TIMER.fullmatch(line.text):
            managed = Known(value=True, place=place)
    return ReadFirewall(translated, tuple(mappings), managed, tuple(unread))


def read_openings(text: str, targets: tuple[IPv4Network | IPv6Network, ...]) -> tuple[Known[Opening], ...]:
    """Return what is opened towards networks of the customer's firewall, each port once.

    Args:
        text: of nftables.conf.
        targets: the IP Pack, and what of the IPv6 block is routed to the firewall.
    """
    places: dict[PortRange, Place] = {}
    for line in _rules(text):
        found = _OPENED.fullmatch(line.text)
        if found is None or not _is_among(found["network"], targets):
            continue
        for each in _ports(found["protocol"], found["ports"]):
            places.setdefault(each, Place(NFTABLES, line.number))
    return tuple(Known(Opening(each, CUSTOMER_FIREWALL), places.get(each, Place(NFTABLES))) for each in merge(places))


def _rules(text: str) -> Iterator[NumberedLine]:
    return (each for each in numbered_lines(text) if not each.text.startswith("#"))


def _cannot_be_said(place: Place) -> Unread:
    return Unread(place, "port mapping", "an order form says which ports lead to which host, and no more than that")


def _mappings(found: re.Match[str]) -> Iterator[PortMapping]:
    try:
        target = IPv4Address(found["target"])
    except ValueError:
        return
    for each in _ports(found["protocol"], found["ports"]):
        if found["to"] is None or (each.first == each.last == int(found["to"])):
            yield PortMapping(each, target)


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
