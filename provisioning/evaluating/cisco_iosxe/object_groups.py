"""Object groups: Security Configuration Guide, Access Control Lists, "Object Groups for ACLs"."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from provisioning.evaluating.cisco_iosxe import icmp_types, protocols
from provisioning.evaluating.cisco_iosxe.addresses import ANY, Pattern, host, masked, network, span
from provisioning.evaluating.cisco_iosxe.entry import Service
from provisioning.evaluating.cisco_iosxe.ports import take_ports
from provisioning.evaluating.cisco_iosxe.sections import Section

NETWORKS, SERVICES = ("network", "v6-network"), ("service", "v6-service")


@dataclass(frozen=True, slots=True)
class ObjectGroups:
    """All groups of a configuration, by name.

    Attributes:
        unread: names of groups of which a line is not understood.
    """

    networks: Mapping[str, tuple[Pattern, ...]] = field(default_factory=dict)
    services: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


def read_object_groups(configuration: Iterable[Section]) -> ObjectGroups:
    """Return the object groups of a configuration."""
    networks: dict[str, Section] = {}
    services: dict[str, Section] = {}
    unread: set[str] = set()
    for section in configuration:
        match section.words:
            case ("object-group", kind, name) if kind in NETWORKS:
                networks[name] = section
            case ("object-group", kind, name) if kind in SERVICES:
                services[name] = section
            case ("object-group", *_, name):
                unread.add(name)
    return ObjectGroups(
        {name: tuple(_patterns(name, networks, unread, ())) for name in networks},
        {name: tuple(_services(name, services, unread, ())) for name in services},
        frozenset(unread),
    )


def _members(name: str, groups: Mapping[str, Section], unread: set[str], above: tuple[str, ...]) -> Iterator[Section]:
    if name not in groups or name in above:
        unread.update((name, *above))
        return
    for member in groups[name].below:
        if member.words[0] != "description":
            yield member


def _patterns(name: str, groups: Mapping[str, Section], unread: set[str], above: tuple[str, ...]) -> Iterator[Pattern]:
    for member in _members(name, groups, unread, above):
        try:
            match member.words:
                case ("group-object", other):
                    yield from _patterns(other, groups, unread, (*above, name))
                case ("any",):
                    yield from ANY
                case ("host", one):
                    yield host(IPv6Address(one) if ":" in one else IPv4Address(one))
                case ("range", first, last):
                    yield from span(first, last)
                case (prefix,):
                    yield network(IPv6Network(prefix))
                case (address, mask):
                    yield masked(address, mask)
                case _:
                    raise ValueError(member.line)
        except ValueError:
            unread.update((name, *above))


def _services(name: str, groups: Mapping[str, Section], unread: set[str], above: tuple[str, ...]) -> Iterator[Service]:
    for member in _members(name, groups, unread, above):
        try:
            if member.words[0] == "group-object":
                yield from _services(member.words[1], groups, unread, (*above, name))
            else:
                family = 6 if groups[name].words[1].startswith("v6") else 4
                yield from _service(member.words, family)
        except (ValueError, IndexError):
            unread.update((name, *above))


def _service(words: tuple[str, ...], family: int) -> Iterator[Service]:
    kind, rest = words[0], words[1:]
    names = ("tcp", "udp") if kind == "tcp-udp" else (kind,)
    for each in names:
        number = protocols.protocol(each, family)
        if each == "icmp" and rest:
            yield Service(number, icmp=_icmp(rest, family))
            continue
        sources, after = take_ports(rest[1:], number or 0) if rest[:1] == ("source",) else (None, rest)
        destinations, after = take_ports(after, number or 0)
        if after:
            raise ValueError(" ".join(words))
        yield Service(number, sources, destinations)


def _icmp(rest: tuple[str, ...], family: int) -> tuple[int, int | None]:
    known = (icmp_types.IPV4 if family == 4 else icmp_types.IPV6).get(rest[0])
    return known if known is not None else (int(rest[0]), int(rest[1]) if len(rest) > 1 else None)
