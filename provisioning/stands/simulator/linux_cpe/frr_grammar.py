"""Which lines FRR takes in which block of frr.conf (FRR user manual: Zebra, Static, BGP, BFD, Route Maps, IPv6)."""

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address


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
INTO = {
    ("", "interface"): "interface",
    ("", "route-map"): "route-map",
    ("", "router"): "router bgp",
    ("", "bfd"): "bfd",
    ("router bgp", "address-family"): "address-family",
    ("bfd", "profile"): "profile",
    ("bfd", "peer"): "profile",
}
OUT_OF = {"address-family": "router bgp", "profile": "bfd"}


def takes(context: str, words: list[str]) -> bool:
    """Return whether a line is taken in a block."""
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
