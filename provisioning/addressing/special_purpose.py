"""Space that is not globally reachable: the special-purpose registries (RFC 6890, as IANA keeps them), and multicast.

A pool in such space is almost always a slip of the keyboard; documentation and private prefixes are meant sometimes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class SpecialPurpose:
    """One row of the registries.

    Attributes:
        usable: whether an operator may number lines from it on purpose; false for space that no router carries.
    """

    prefix: Network
    name: str
    source: str
    usable: bool


def _row(prefix: str, name: str, source: str, *, usable: bool = False) -> SpecialPurpose:
    return SpecialPurpose(ip_network(prefix), name, source, usable)


SPECIAL_PURPOSE: tuple[SpecialPurpose, ...] = (
    _row("0.0.0.0/8", "this network", "RFC 791"),
    _row("10.0.0.0/8", "private use", "RFC 1918", usable=True),
    _row("100.64.0.0/10", "shared address space", "RFC 6598", usable=True),
    _row("127.0.0.0/8", "loopback", "RFC 1122"),
    _row("169.254.0.0/16", "link local", "RFC 3927"),
    _row("172.16.0.0/12", "private use", "RFC 1918", usable=True),
    _row("192.0.0.0/24", "IETF protocol assignments", "RFC 6890"),
    _row("192.0.2.0/24", "documentation (TEST-NET-1)", "RFC 5737", usable=True),
    _row("192.31.196.0/24", "AS112-v4", "RFC 7535"),
    _row("192.52.193.0/24", "AMT", "RFC 7450"),
    _row("192.88.99.0/24", "deprecated 6to4 relay anycast", "RFC 7526"),
    _row("192.168.0.0/16", "private use", "RFC 1918", usable=True),
    _row("192.175.48.0/24", "direct delegation AS112 service", "RFC 7534"),
    _row("198.18.0.0/15", "benchmarking", "RFC 2544", usable=True),
    _row("198.51.100.0/24", "documentation (TEST-NET-2)", "RFC 5737", usable=True),
    _row("203.0.113.0/24", "documentation (TEST-NET-3)", "RFC 5737", usable=True),
    _row("224.0.0.0/4", "multicast", "RFC 5771"),
    _row("240.0.0.0/4", "reserved", "RFC 1112"),
    _row("::/127", "unspecified and loopback", "RFC 4291"),
    _row("::ffff:0:0/96", "IPv4-mapped", "RFC 4291"),
    _row("64:ff9b::/96", "IPv4-IPv6 translation", "RFC 6052"),
    _row("64:ff9b:1::/48", "local-use IPv4-IPv6 translation", "RFC 8215"),
    _row("100::/64", "discard only", "RFC 6666"),
    _row("100:0:0:1::/64", "dummy prefix", "RFC 9780"),
    _row("2001::/23", "IETF protocol assignments", "RFC 2928"),
    _row("2001:db8::/32", "documentation", "RFC 3849", usable=True),
    _row("2002::/16", "6to4", "RFC 3056"),
    _row("2620:4f:8000::/48", "direct delegation AS112 service", "RFC 7534"),
    _row("3fff::/20", "documentation", "RFC 9637", usable=True),
    _row("5f00::/16", "segment routing SIDs", "RFC 9602"),
    _row("fc00::/7", "unique local", "RFC 4193", usable=True),
    _row("fec0::/10", "deprecated site local", "RFC 3879"),
    _row("fe80::/10", "link local", "RFC 4291"),
    _row("ff00::/8", "multicast", "RFC 4291"),
)


def special_purpose_in(network: Network) -> Iterator[SpecialPurpose]:
    """Yield the rows of the registries that a network touches."""
    for row in SPECIAL_PURPOSE:
        if row.prefix.version == network.version and row.prefix.overlaps(network):
            yield row
