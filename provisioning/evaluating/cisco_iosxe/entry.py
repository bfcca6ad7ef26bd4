"""An entry of an access list, and whether it speaks of a packet."""

from dataclasses import dataclass

from provisioning.evaluating.cisco_iosxe.addresses import Pattern
from provisioning.evaluating.cisco_iosxe.ports import Ports, holds

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58


@dataclass(frozen=True, slots=True)
class Service:
    """What of a packet above IP an entry looks at.

    Attributes:
        protocol: None for any.
        icmp: type and code, the code None for any; None for any type.
    """

    protocol: int | None
    source_ports: Ports | None = None
    destination_ports: Ports | None = None
    icmp: tuple[int, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        permits: None when nobody can tell what it says.
        services: it speaks of a packet that fits any of them.
        established: only of TCP segments with ACK or RST.
        sure: whether all its conditions are understood; when not, it may speak of fewer packets than it seems.
        written: as the configuration has it, with the list's name before it.
    """

    permits: bool | None
    services: tuple[Service, ...]
    sources: tuple[Pattern, ...]
    destinations: tuple[Pattern, ...]
    established: bool
    sure: bool
    written: str


@dataclass(frozen=True, slots=True)
class Question:
    """A packet without its destination port, in numbers."""

    protocol: int
    source: int
    source_port: int
    destination: int
    icmp: int
    icmp_code: int
    established: bool


def destination_ports(entry: Entry, asked: Question) -> Ports:
    """Return the destination ports with which an entry speaks of a packet; none when with no port."""
    if entry.established and not (asked.protocol == TCP and asked.established):
        return ()
    if not any(each.matches(asked.source) for each in entry.sources):
        return ()
    if not any(each.matches(asked.destination) for each in entry.destinations):
        return ()
    found: list[tuple[int, int]] = []
    for service in entry.services:
        if _fits(service, asked):
            found += service.destination_ports if service.destination_ports is not None else ((0, 65535),)
    return tuple(found)


def _fits(service: Service, asked: Question) -> bool:
    if service.protocol is None:
        return True
    if service.protocol != asked.protocol or not holds(service.source_ports, asked.source_port):
        return False
    if service.icmp is None:
        return True
    kind, code = service.icmp
    return kind == asked.icmp and code in (None, asked.icmp_code)
