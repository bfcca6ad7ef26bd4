"""Transport ports as an order form writes them: `tcp/443`, `udp/5060-5070`, `all`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

Protocol = Literal["tcp", "udp"]

MANAGEMENT_PORT = 23
"""Reserved to the operator (facts: I-5.2)."""

HIGHEST_PORT = 65535

_WRITTEN = re.compile(r"(tcp|udp)/([0-9]{1,5})(?:-([0-9]{1,5}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class PortRange:
    """Ports `first` to `last`, both included, of one protocol."""

    protocol: Protocol
    first: int
    last: int

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return the range written as `tcp/N` or `udp/N-M`.

        Raises:
            ValueError: when it is written otherwise, reversed, or outside 1 to 65535.
        """
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError("a port is written tcp/N, udp/N or as a range tcp/N-M")
        protocol: Protocol = "tcp" if match[1] == "tcp" else "udp"
        first = int(match[2])
        last = int(match[3]) if match[3] else first
        if not 1 <= first <= HIGHEST_PORT or not 1 <= last <= HIGHEST_PORT:
            raise ValueError(f"ports run from 1 to {HIGHEST_PORT}")
        if last < first:
            raise ValueError(f"the range ends before it starts; write {protocol}/{last}-{first}")
        return cls(protocol, first, last)

    def overlaps(self, other: Self) -> bool:
        """Return whether a port is in both."""
        return self.protocol == other.protocol and self.first <= other.last and other.first <= self.last

    def __contains__(self, port: int) -> bool:
        return self.first <= port <= self.last

    def __str__(self) -> str:
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.protocol}/{ports}"


def merge(ranges: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """Return the same ports, sorted, with ranges that overlap made one."""
    merged: list[PortRange] = []
    for each in sorted(ranges):
        if merged and merged[-1].overlaps(each):
            merged[-1] = PortRange(each.protocol, merged[-1].first, max(merged[-1].last, each.last))
        else:
            merged.append(each)
    return tuple(merged)


def without(ranges: Iterable[PortRange], others: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """Return the ports of `ranges` that are in none of `others`, sorted."""
    taken = merge(others)
    left: list[PortRange] = []
    at = 0
    for each in merge(ranges):
        first = each.first
        while at < len(taken) and (taken[at].protocol, taken[at].last) < (each.protocol, first):
            at += 1
        here = at
        while here < len(taken) and taken[here].protocol == each.protocol and taken[here].first <= each.last:
            if first < taken[here].first:
                left.append(PortRange(each.protocol, first, taken[here].first - 1))
            first = taken[here].last + 1
            here += 1
        if first <= each.last:
            left.append(PortRange(each.protocol, first, each.last))
    return tuple(left)


STANDARD_OPENINGS: tuple[PortRange, ...] = tuple(
    PortRange("tcp", port, port) for port in (20, 21, 22, 25, 80, 110, 119, 143, 220, 443)
)
"""Opened for a server that names no ports (facts: I-5.1, X-9, X-10)."""

ALL_BUT_MANAGEMENT: tuple[PortRange, ...] = tuple(
    PortRange(protocol, first, last)
    for protocol in ("tcp", "udp")
    for first, last in ((1, MANAGEMENT_PORT - 1), (MANAGEMENT_PORT + 1, HIGHEST_PORT))
)
"""What `all` opens towards the customer's firewall (facts: X-9, I-5.2)."""
