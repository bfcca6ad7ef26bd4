"""Access lists: which packets one permits (IOS XE 17, Security Configuration Guide: Access Control Lists).

Entries are tried in the order of their numbers, the first that matches decides, and at the end everything is denied.
A list that is named somewhere and does not stand, or has no entry, is as if it were not named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from provisioning.stands.simulator.packets import ICMP, ICMPV6, TCP, UDP, Packet

Span = tuple[int, int]
NEIGHBOUR_DISCOVERY = frozenset((135, 136))
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Addresses:
    """Which addresses an entry means.

    Attributes:
        masked: pairs of an address and a mask whose set bits count; a wildcard is the mask's complement.
        spans: first and last of ranges.
    """

    masked: tuple[Span, ...] = ()
    spans: tuple[Span, ...] = ()

    def __contains__(self, address: int) -> bool:
        return any(not (address ^ value) & mask for value, mask in self.masked) or any(
            first <= address <= last for first, last in self.spans
        )


ANY = Addresses(((0, 0),))


@dataclass(frozen=True, slots=True)
class Service:
    """Which protocol an entry means, and what of it.

    Attributes:
        protocol: its number; None for every one.
        source_ports: spans; empty for every port.
        target_ports: likewise.
        kinds: types of ICMP; empty for every one.
    """

    protocol: int | None = None
    source_ports: tuple[Span, ...] = ()
    target_ports: tuple[Span, ...] = ()
    kinds: frozenset[int] = frozenset()

    def holds(self, packet: Packet) -> bool:
        """Return whether a packet is meant."""
        if self.protocol is not None and packet.protocol != self.protocol:
            return False
        if self.kinds and not (packet.protocol in (ICMP, ICMPV6) and packet.kind in self.kinds):
            return False
        return _within(packet, packet.source_port, self.source_ports) and _within(
            packet, packet.target_port, self.target_ports
        )


def _within(packet: Packet, port: int, spans: tuple[Span, ...]) -> bool:
    if not spans:
        return True
    return packet.protocol in (TCP, UDP) and any(first <= port <= last for first, last in spans)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list.

    Attributes:
        number: its place in the list.
        established: whether only TCP with ACK or RST is meant.
        fragments: whether only fragments after the first are meant.
    """

    number: int
    permits: bool
    services: tuple[Service, ...] = (Service(),)
    source: Addresses = ANY
    target: Addresses = ANY
    established: bool = False
    fragments: bool = False

    def matches(self, packet: Packet) -> bool:
        """Return whether the entry decides on a packet."""
        if self.fragments or (self.established and not _is_later(packet)):
            return False
        return (
            packet.source in self.source
            and packet.target in self.target
            and any(each.holds(packet) for each in self.services)
        )


def _is_later(packet: Packet) -> bool:
    return packet.protocol == TCP and packet.state == "established"


@dataclass(slots=True)
class AccessList:
    """A list.

    Attributes:
        version: of the packets that it is for, 4 or 6.
        unread: entries that nobody here understands; they match nothing.
    """

    version: int
    entries: list[Entry] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Put an entry in its place."""
        self.entries.append(entry)
        self.entries.sort(key=lambda each: each.number)

    def permits(self, packet: Packet) -> bool:
        """Return whether a packet is permitted.

        IPv6 lists let neighbour discovery through before their end denies the rest (IOS XE 17, IPv6 Access Control
        Lists: implicit `permit icmp any any nd-na` and `nd-ns`).
        """
        if packet.version != self.version:
            return False
        for each in self.entries:
            if each.matches(packet):
                return each.permits
        return self.version == 6 and packet.protocol == ICMPV6 and packet.kind in NEIGHBOUR_DISCOVERY

    def bounds(self) -> Iterator[int]:
        """Yield where what the list says of a port may change."""
        for entry in self.entries:
            for service in entry.services:
                for first, last in service.target_ports:
                    yield first
                    yield last + 1


def permits(lists: Mapping[str, AccessList], name: str, packet: Packet) -> bool:
    """Return whether a list that is named where packets pass lets one through."""
    found = lists.get(name)
    return found is None or not found.entries or found.permits(packet)


def selects(lists: Mapping[str, AccessList], name: str, packet: Packet) -> bool:
    """Return whether a list that chooses packets, for translation or for a class, chooses one."""
    found = lists.get(name)
    return found is not None and found.permits(packet)
