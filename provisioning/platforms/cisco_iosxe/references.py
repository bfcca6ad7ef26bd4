"""Which command makes an object, and which commands name it.

IOS XE refuses to remove some objects while they are named (class maps, policy maps, pools). Others it removes all the
same, and what named them then holds for every packet (access lists, prefix lists). Either is why there is an order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from provisioning.platforms.cisco_iosxe.section import Section

Object = tuple[str, str]
"""Kind and name."""

KEPT_WHILE_NAMED = frozenset({"class map", "policy map", "pool", "zone", "object group"})
"""Kinds that IOS XE refuses to remove, or to make anew, while something names them."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A top-level command that makes an object; its group is the object's name."""

    kind: str
    line: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A command that names objects.

    Attributes:
        kind: of the objects.
        section: pattern of the line of the section in which it stands; empty at the top.
        line: pattern of a part of the command; its group is a name, or several with blanks between them.
    """

    kind: str
    section: str
    line: str


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "access list", r"ip access-list (?:standard|extended) (\S+)|ipv6 access-list (\S+)|access-list (\d+) .+"
    ),
    Definition("object group", r"object-group (?:v[46]-)?(?:network|service|security) (\S+)"),
    Definition("prefix list", r"ip prefix-list (\S+) .+"),
    Definition("IPv6 prefix list", r"ipv6 prefix-list (\S+) .+"),
    Definition("community list", r"ip community-list (?:standard |expanded )?(\S+) .+"),
    Definition("route map", r"route-map (\S+) .+"),
    Definition("class map", r"class-map (?:type \S+ )?(?:match-\S+ )?(\S+)"),
    Definition("policy map", r"policy-map (?:type \S+ )?(\S+)"),
    Definition("parameter map", r"parameter-map type \S+ (\S+)"),
    Definition("zone", r"zone security (\S+)"),
    Definition("probe", r"ip sla (\d+)"),
    Definition("track", r"track (\d+) .+"),
    Definition("pool", r"ip nat pool (\S+) .+"),
    Definition("IPv6 DHCP pool", r"ipv6 dhcp pool (\S+)"),
    Definition("BFD template", r"bfd-template \S+ (\S+)"),
    Definition("key chain", r"key chain (\S+)"),
    Definition("VRF", r"vrf definition (\S+)|ip vrf (\S+)"),
    Definition("interface", r"interface (\S+)"),
    Definition("SNMP view", r"snmp-server view (\S+) .+"),
    Definition("SNMP group", r"snmp-server group (\S+) .+"),
    Definition("dialer list", r"dialer-list (\d+) .+"),
    Definition("wireless LAN", r"wlan (\S+) .+"),
)

REFERENCES: tuple[Reference, ...] = (
    Reference("access list", r"class-map .+", r"match access-group (?:name )?(\S+)"),
    Reference("access list", r"interface .+", r"ip access-group (\S+)|ipv6 traffic-filter (\S+)"),
    Reference("access list", r"interface .+", r"ip(?:v6)? verify unicast source reachable-via \S+.*? (\S+)"),
    Reference("access list", r"line .+", r"access-class (\S+)"),
    Reference(
        "access list", r"", r"ip nat (?:inside|outside) source list (\S+)|snmp-server (?:community|group) .* (\S+)"
    ),
    Reference("access list", r"", r"dialer-list \d+ protocol \S+ list (\S+)|ntp access-group \S+ (\S+)"),
    Reference("access list", r"route-map .+", r"match ip(?:v6)? address (?!prefix-list)(.+)"),
    Reference("object group", r"ip(?:v6)? access-list .+", r"object-group (\S+)"),
    Reference("object group", r"ip(?:v6)? access-list .+", r"object-group \S+ .*object-group (\S+)"),
    Reference("object group", r"object-group .+", r"group-object (\S+)"),
    Reference("prefix list", r"route-map .+", r"match ip (?:address|next-hop|route-source) prefix-list (.+)"),
    Reference("IPv6 prefix list", r"route-map .+", r"match ipv6 (?:address|next-hop|route-source) prefix-list (.+)"),
    Reference("prefix list", r"router .+|address-family ipv4.*", r"neighbor \S+ prefix-list (\S+)"),
    Reference("IPv6 prefix list", r"address-family ipv6.*", r"neighbor \S+ prefix-list (\S+)"),
    Reference("community list", r"route-map .+", r"match community (.+)"),
    Reference("route map", r"router .+|address-family .+|interface .+|", r"route-map (\S+)"),
    Reference("route map", r"address-family .+", r"advertise-map (\S+) (?:non-)?exist-map (\S+)"),
    Reference("class map", r"policy-map .+", r"class (?:type \S+ )?(\S+)"),
    Reference("class map", r"class-map .+", r"match class-map (\S+)"),
    Reference("policy map", r"zone-pair .+|interface .+|class .+|control-plane.*", r"service-policy (?:.* )?(\S+)"),
    Reference("parameter map", r"class .+", r"inspect (\S+)"),
    Reference("zone", r"", r"zone-pair security \S+ source (\S+)"),
    Reference("zone", r"", r"zone-pair security \S+ source \S+ destination (\S+)"),
    Reference("zone", r"interface .+", r"zone-member security (\S+)"),
    Reference("probe", r"", r"track \d+ ip sla (\d+)|ip sla schedule (\d+)"),
    Reference("track", r"", r"ip(?:v6)? route .* track (\d+)"),
    Reference("track", r"track .+", r"object (\d+)"),
    Reference("track", r"interface .+|route-map .+|event manager .+", r"track (\d+)"),
    Reference("pool", r"", r"ip nat (?:inside|outside) source .* pool (\S+)"),
    Reference("IPv6 DHCP pool", r"interface .+", r"ipv6 dhcp server (\S+)"),
    Reference("BFD template", r"interface .+", r"bfd template (\S+)"),
    Reference("VRF", r".*", r"vrf (?:forwarding )?(\S+)"),
    Reference("interface", r".*", r"(?:interface|update-source|source-interface|ip unnumbered) ([A-Z]\S*\d)"),
    Reference(
        "interface", r"", r"ip(?:v6)? route .* ((?:Loopback|Tunnel|Dialer|Vlan)\d+)|(?:ntp|logging) source (\S+)"
    ),
    Reference("SNMP view", r"", r"snmp-server group .* (?:read|write|notify) (\S+)"),
    Reference("SNMP group", r"", r"snmp-server user \S+ (\S+)"),
    Reference("dialer list", r"interface .+", r"dialer-group (\d+)"),
    Reference("wireless LAN", r"wireless tag policy .+", r"wlan (\S+)"),
)

_DEFINITIONS = tuple((each.kind, re.compile(each.line)) for each in DEFINITIONS)


def defined(text: str) -> Object | None:
    """Return the object that a top-level command makes; None when it makes none."""
    for kind, pattern in _DEFINITIONS:
        if found := pattern.fullmatch(text):
            return kind, next(each for each in found.groups() if each is not None)
    return None


def named(section: str, text: str) -> Iterator[Object]:
    """Yield the objects that a command names.

    Args:
        section: the line of the section in which it stands; empty at the top.
        text: the command.
    """
    for kind, pattern in _patterns(section):
        if found := pattern.search(text):
            for names in found.groups():
                for name in (names or "").split():
                    yield kind, name


@lru_cache(maxsize=1024)
def _patterns(section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (each.kind, re.compile(rf"(?:^|(?<=\s))(?:{each.line})(?!\S)"))
        for each in REFERENCES
        if re.fullmatch(each.section, section)
    )


def named_within(section: str, command: Section) -> Iterator[Object]:
    """Yield the objects that a command names, or anything under it.

    Args:
        section: the line of the section in which it stands; empty at the top.
    """
    yield from named(section, command.text)
    for each in command.children:
        yield from named_within(command.text, each)
