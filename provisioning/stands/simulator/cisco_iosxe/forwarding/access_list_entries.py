"""Reads access lists as a configuration shows them, and the object groups that they name.

IOS XE 17, Security Configuration Guide: Access Control Lists, chapters IP Access List Overview, Object Groups for
ACLs, IPv6 Access Control Lists.
"""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from provisioning.stands.simulator.cisco_iosxe.forwarding import names
from provisioning.stands.simulator.cisco_iosxe.forwarding.access_lists import (
    ANY,
    AccessList,
    Addresses,
    Entry,
    Service,
    Span,
)
from provisioning.stands.simulator.cisco_iosxe.forwarding.object_groups import Groups, read_groups
from provisioning.stands.simulator.cisco_iosxe.forwarding.port_spans import port_span
from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section
from provisioning.stands.simulator.packets import ICMP, ICMPV6, TCP, UDP

WITHOUT_EFFECT = frozenset(("log", "log-input"))
STEP = 10
BITS = {4: 0xFFFF_FFFF, 6: (1 << 128) - 1}
STANDARD = (range(1, 100), range(1300, 2000))


class Unread(Exception):
    """An entry that nobody here understands."""


def read_access_lists(configuration: Section) -> dict[str, AccessList]:
    """Return the access lists of a configuration by name; those of both versions have names of their own."""
    groups = read_groups(configuration)
    found: dict[str, AccessList] = {}
    for section in configuration.children:
        match section.words:
            case ("ip", "access-list", "standard" | "extended" as kind, name):
                _read_into(found.setdefault(name, AccessList(4)), section, kind, groups)
            case ("ipv6", "access-list", name):
                _read_into(found.setdefault(name, AccessList(6)), section, "extended", groups)
            case ("access-list", name, *words) if name.isdecimal():
                kind = "standard" if any(int(name) in each for each in STANDARD) else "extended"
                _read_line(found.setdefault(name, AccessList(4)), tuple(words), kind, groups)
            case _:
                pass
    return found


def _read_into(into: AccessList, section: Section, kind: str, groups: Groups) -> None:
    for each in section.children:
        _read_line(into, each.words, kind, groups)


def _read_line(into: AccessList, words: tuple[str, ...], kind: str, groups: Groups) -> None:
    number, rest = _number(into, words)
    if rest[:1] == ("remark",):
        return
    try:
        into.add(_Reader(rest, into.version, groups).entry(number, kind))
    except (Unread, ValueError, IndexError, KeyError):
        into.unread.append(" ".join(words))


def _number(into: AccessList, words: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Return the number of an entry, told before or after it or not at all, and the entry."""
    if words[0].isdecimal():
        return int(words[0]), words[1:]
    if words[0] == "sequence":
        return int(words[1]), words[2:]
    if len(words) > 2 and words[-2] == "sequence":
        return int(words[-1]), words[:-2]
    return (into.entries[-1].number if into.entries else 0) + STEP, words


class _Reader:
    """Reads one entry, word by word."""

    def __init__(self, words: tuple[str, ...], version: int, groups: Groups) -> None:
        self._words = list(words)
        self._version = version
        self._groups = groups

    def entry(self, number: int, kind: str) -> Entry:
        action = self._next()
        if action not in ("permit", "deny"):
            raise Unread
        permits = action == "permit"
        if kind == "standard":
            source = self._standard()
            self._options()
            return Entry(number, permits, source=source)
        services, protocol = self._protocol()
        source = self._addresses()
        source_ports = self._ports(protocol)
        target = self._addresses()
        target_ports = self._ports(protocol)
        kinds = self._kinds(protocol)
        options = self._options()
        if services is None:
            services = (Service(protocol, source_ports, target_ports, kinds),)
        return Entry(number, permits, services, source, target, "established" in options, "fragments" in options)

    def _next(self) -> str:
        return self._words.pop(0)

    def _peek(self) -> str:
        return self._words[0] if self._words else ""

    def _standard(self) -> Addresses:
        if self._peek() in ("any", "host"):
            return self._addresses()
        address = int(IPv4Address(self._next()))
        wildcard = int(IPv4Address(self._next())) if self._peek()[:1].isdecimal() else 0
        return Addresses(((address, BITS[4] ^ wildcard),))

    def _protocol(self) -> tuple[tuple[Service, ...] | None, int | None]:
        word = self._next()
        if word == "object-group":
            return self._groups.services[self._next()], None
        if word in ("ip", "ipv6"):
            return None, None
        if word == "icmp":
            return None, ICMP if self._version == 4 else ICMPV6
        return None, int(word) if word.isdecimal() else names.PROTOCOLS[word]

    def _addresses(self) -> Addresses:
        word = self._next()
        if word == "any":
            return ANY
        if word == "object-group":
            return self._groups.addresses[self._next()]
        if word == "host":
            return self._masked(self._next(), BITS[self._version])
        if self._version == 6:
            network = IPv6Network(word)
            return Addresses(((int(network.network_address), int(network.netmask)),))
        return self._masked(word, BITS[4] ^ int(IPv4Address(self._next())))

    def _masked(self, text: str, mask: int) -> Addresses:
        address = IPv4Address(text) if self._version == 4 else IPv6Address(text)
        return Addresses(((int(address), mask),))

    def _ports(self, protocol: int | None) -> tuple[Span, ...]:
        if protocol not in (TCP, UDP) or self._peek() not in ("eq", "gt", "lt", "neq", "range"):
            return ()
        return tuple(self._spans(protocol))

    def _spans(self, protocol: int) -> Iterator[Span]:
        how = self._next()
        first = port_span(how, [self._next() for _ in range(2 if how == "range" else 1)], protocol)
        yield from first
        # Several ports may follow `eq` and `neq` in named lists.
        while how == "eq" and (self._peek().isdecimal() or self._peek() in names.PORTS[protocol]):
            yield from port_span(how, [self._next()], protocol)

    def _kinds(self, protocol: int | None) -> frozenset[int]:
        if protocol is None or protocol not in names.TYPES or not self._words or self._peek() in WITHOUT_EFFECT:
            return frozenset()
        word = self._next()
        if not word.isdecimal():
            return frozenset((names.TYPES[protocol][word],))
        if self._peek().isdecimal():
            self._next()
        return frozenset((int(word),))

    def _options(self) -> frozenset[str]:
        found = frozenset(self._words)
        if found - WITHOUT_EFFECT - {"established", "fragments"}:
            raise Unread
        return found


def unread_entries(lists: Mapping[str, AccessList]) -> list[str]:
    """Return the entries that nobody here understands, with the name of their list."""
    return [f"{name}: {line}" for name, each in lists.items() for line in each.unread]
