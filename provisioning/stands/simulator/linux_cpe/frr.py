"""Reads frr.conf, and refuses what FRR refuses (FRR user manual: Zebra, Static, BGP, BFD, Route Maps, IPv6)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class FrrError(Exception):
    """A line that FRR refuses, with vtysh's words."""

    def __init__(self, line: int, text: str) -> None:
        # 4 is the number that vtysh gives to a command that nothing matches.
        super().__init__(f"line {line}: % Unknown command[4]: {text}")


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """A route; without a gateway what goes there is dropped."""

    network: Network
    gateway: str = ""
    distance: int = 1


@dataclass(slots=True)
class Frr:
    """What a configuration of FRR holds, as far as it is simulated.

    Attributes:
        statics: static routes.
        advertised: prefixes that hosts behind an interface are told of, by interface.
        as_number: of BGP; 0 without it.
        neighbours: their AS numbers by address.
        networks: that BGP announces, before the route maps.
        outbound: route maps towards a neighbour, by address.
        permits: networks of a prefix list, by name.
        maps: prefix lists that a route map matches, by its name.
    """

    statics: list[StaticRoute] = field(default_factory=list)
    advertised: dict[str, list[Network]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    as_number: int = 0
    neighbours: dict[str, int] = field(default_factory=dict)
    networks: list[Network] = field(default_factory=list)
    outbound: dict[tuple[str, int], str] = field(default_factory=dict)
    permits: dict[str, list[Network]] = field(default_factory=dict)
    maps: dict[str, list[str]] = field(default_factory=dict)

    def announced(self, neighbour: str) -> list[Network]:
        """Return what a neighbour is told: networks that the route map towards it permits."""
        version = ip_address(neighbour).version
        name = self.outbound.get((neighbour, version))
        some = [each for each in self.networks if each.version == version]
        if name is None:
            return []  # RFC 8212, as FRR keeps to it with eBGP
        lists = self.maps.get(name, [])
        return [each for each in some if any(each in self.permits.get(one, ()) for one in lists)]


def _is(kind: Callable[[str], object]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            kind(text)
        except ValueError:
            return False
        return True

    return check


_KINDS: Mapping[str, Callable[[str], bool]] = {
    "V4": lambda text: _is(ip_address)(text) and ":" not in text,
    "V6": lambda text: _is(ip_address)(text) and ":" in text,
    "ADDRESS": _is(ip_address),
    "P4": lambda text: "/" in text and _is(IPv4Network)(text),
    "P6": lambda text: "/" in text and _is(IPv6Network)(text),
    "DISTANCE": lambda text: text.isdecimal() and 1 <= int(text) <= 255,
    "AS": lambda text: text.isdecimal() and 1 <= int(text) <= 4294967295,
    "N": lambda text: text.isdecimal() and int(text) <= 4294967295,
    "WORD": lambda text: True,
    "IFACE": lambda text: bool(re.fullmatch(r"[a-z][a-z0-9.-]{0,14}", text)),
    "COMMUNITY": lambda text: bool(re.fullmatch(r"\d{1,5}:\d{1,5}|no-export|no-advertise|additive|none", text)),
    "...": lambda text: True,
}

_GRAMMAR: Mapping[str, tuple[str, ...]] = {
    "": (
        "frr version ...",
        "frr defaults traditional|datacenter",
        "hostname WORD",
        "log syslog",
        "log syslog emergencies|alerts|critical|errors|warnings|notifications|informational|debugging",
        "log file ...",
        "service integrated-vtysh-config|advanced-vty|password-encryption",
        "no service integrated-vtysh-config",
        "no ip|ipv6 forwarding",
        "ip|ipv6 forwarding",
        "ip route P4 blackhole|Null0|reject",
        "ip route P4 blackhole|Null0|reject DISTANCE",
        "ip route P4 V4",
        "ip route P4 V4 DISTANCE",
        "ip route P4 V4 IFACE",
        "ip route P4 IFACE",
        "ipv6 route P6 blackhole|Null0|reject",
        "ipv6 route P6 blackhole|Null0|reject DISTANCE",
        "ipv6 route P6 V6",
        "ipv6 route P6 V6 DISTANCE",
        "ipv6 route P6 V6 IFACE",
        "ipv6 route P6 IFACE",
        "ip prefix-list WORD seq N permit|deny P4",
        "ip prefix-list WORD seq N permit|deny P4 le|ge N",
        "ipv6 prefix-list WORD seq N permit|deny P6",
        "ipv6 prefix-list WORD seq N permit|deny P6 le|ge N",
        "ip|ipv6 protocol bgp|static|connected|kernel route-map WORD",
        "bgp route-map delay-timer N",
        "interface IFACE",
        "route-map WORD permit|deny N",
        "router bgp AS",
        "bfd",
        "line vty",
        "end",
    ),
    "interface": (
        "description ...",
        "no ipv6 nd suppress-ra",
        "ipv6 nd suppress-ra",
        "ipv6 nd ra-interval N",
        "ipv6 nd ra-interval msec N",
        "ipv6 nd ra-lifetime N",
        "ipv6 nd prefix P6",
        "ipv6 nd prefix P6 N N",
        "ipv6 nd rdnss V6",
        "ipv6 nd rdnss V6 N",
        "ip address P4",
        "ipv6 address P6",
        "shutdown",
    ),
    "route-map": (
        "match ip address prefix-list WORD",
        "match ipv6 address prefix-list WORD",
        "match community WORD",
        "set local-preference N",
        "set metric N",
        "set src ADDRESS",
        "set community COMMUNITY",
        "set community COMMUNITY COMMUNITY",
        "description ...",
        "call WORD",
        "on-match next",
    ),
    "router bgp": (
        "bgp router-id V4",
        "no bgp default ipv4-unicast",
        "bgp default ipv4-unicast",
        "no bgp ebgp-requires-policy",
        "bgp ebgp-requires-policy",
        "no bgp network import-check",
        "bgp log-neighbor-changes",
        "timers bgp N N",
        "neighbor ADDRESS remote-as AS",
        "neighbor ADDRESS remote-as internal|external",
        "neighbor ADDRESS description ...",
        "neighbor ADDRESS bfd",
        "neighbor ADDRESS bfd profile WORD",
        "neighbor ADDRESS timers N N",
        "neighbor ADDRESS timers connect N",
        "neighbor ADDRESS password WORD",
        "neighbor ADDRESS ebgp-multihop N",
        "neighbor ADDRESS update-source WORD",
        "address-family ipv4|ipv6 unicast",
    ),
    "address-family": (
        "network P4",
        "network P6",
        "neighbor ADDRESS activate",
        "neighbor ADDRESS soft-reconfiguration inbound",
        "neighbor ADDRESS route-map WORD in|out",
        "neighbor ADDRESS prefix-list WORD in|out",
        "neighbor ADDRESS next-hop-self",
        "neighbor ADDRESS maximum-prefix N",
        "redistribute connected|static|kernel",
    ),
    "bfd": ("profile WORD", "peer ADDRESS"),
    "profile": (
        "detect-multiplier N",
        "receive-interval N",
        "transmit-interval N",
        "echo-mode",
        "passive-mode",
        "minimum-ttl N",
        "no shutdown",
        "shutdown",
    ),
}
_INTO = {
    ("", "interface"): "interface",
    ("", "route-map"): "route-map",
    ("", "router"): "router bgp",
    ("", "bfd"): "bfd",
    ("router bgp", "address-family"): "address-family",
    ("bfd", "profile"): "profile",
    ("bfd", "peer"): "profile",
}
_OUT_OF = {"address-family": "router bgp", "profile": "bfd"}


@lru_cache(maxsize=64)
def read_frr(text: str) -> Frr:
    """Return what a configuration holds.

    Raises:
        FrrError: at the first line that FRR refuses.
    """
    found, context, subject = Frr(), "", ""
    for number, written in enumerate(text.splitlines(), 1):
        line = written.strip()
        words = line.split()
        if not words or line.startswith(("!", "#")):
            continue
        if words in (["exit"], ["quit"], ["exit-address-family"]):
            context = _OUT_OF.get(context, "")
            continue
        while not (taken := _matches(context, words)) and context:
            # A command of the level above ends the block, as when it is typed in.
            context = _OUT_OF.get(context, "")
        if not taken:
            raise FrrError(number, written)
        _note(found, context, subject, words)
        if (context, words[0]) in _INTO:
            context, subject = _INTO[context, words[0]], words[1] if words[1:] else ""
            _enter(found, context, words)
    return found


def _matches(context: str, words: list[str]) -> bool:
    return any(_fits(pattern.split(), words) for pattern in _GRAMMAR[context])


def _fits(pattern: list[str], words: list[str]) -> bool:
    if pattern[-1] == "...":
        if len(words) < len(pattern):
            return False
        words = words[: len(pattern)]
    if len(pattern) != len(words):
        return False
    for wanted, word in zip(pattern, words, strict=True):
        kind = _KINDS.get(wanted)
        if not (kind(word) if kind is not None else word in wanted.split("|")):
            return False
    return True


def _enter(found: Frr, context: str, words: list[str]) -> None:
    if context == "router bgp":
        found.as_number = int(words[2])
    elif context == "route-map" and words[2] == "permit":
        found.maps.setdefault(words[1], [])


def _note(found: Frr, context: str, subject: str, words: list[str]) -> None:
    if context in ("interface", "route-map"):
        _note_block(found, context, subject, words)
        return
    match context, words:
        case "", ["ip" | "ipv6", "route", prefix, via, *rest]:
            gateway = via if "." in via or ":" in via else ""
            distance = int(rest[-1]) if rest and rest[-1].isdecimal() else 1
            found.statics.append(StaticRoute(ip_network(prefix), gateway, distance))
        case "", ["ip" | "ipv6", "prefix-list", name, "seq", _, "permit", prefix, *_]:
            found.permits.setdefault(name, []).append(ip_network(prefix))
        case "router bgp", ["neighbor", address, "remote-as", number] if number.isdecimal():
            found.neighbours[str(ip_address(address))] = int(number)
        case "address-family", ["network", prefix]:
            found.networks.append(ip_network(prefix))
        case "address-family", ["neighbor", address, "route-map", name, "out"]:
            neighbour = ip_address(address)
            found.outbound[str(neighbour), neighbour.version] = name
        case _:
            pass


def _note_block(found: Frr, context: str, subject: str, words: list[str]) -> None:
    match context, words:
        case "interface", ["ipv6", "nd", "prefix", prefix, *_]:
            found.advertised.setdefault(subject, []).append(ip_network(prefix))
        case "interface", ["no", "ipv6", "nd", "suppress-ra"]:
            found.advertised.setdefault(subject, [])
            found.silent.discard(subject)
        case "interface", ["ipv6", "nd", "suppress-ra"]:
            found.silent.add(subject)
        case "route-map", ["match", "ip" | "ipv6", "address", "prefix-list", name]:
            if subject in found.maps:
                found.maps[subject].append(name)
        case _:
            pass
