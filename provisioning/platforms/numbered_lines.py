"""The lines of a document with their numbers, as readers of what is in force look at them."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

MOST_CHARACTERS = 2_000_000
"""Of a document that is read: no router of a customer has more, and a hostile one would keep us busy."""

MOST_LINES = 20_000
"""Likewise."""

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918."""


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line.

    Attributes:
        number: from 1.
        text: without blanks at its ends.
    """

    number: int
    text: str


def numbered_lines(text: str) -> Iterator[NumberedLine]:
    """Yield the lines that say something, blank ones left out."""
    for number, raw in enumerate(text.split("\n"), 1):
        stripped = raw.strip()
        if stripped:
            yield NumberedLine(number, stripped)


def is_too_large(text: str) -> bool:
    """Return whether a document is larger than any that is worth reading."""
    return len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES


def is_private(address: IPv4Address) -> bool:
    """Return whether an address is one of RFC 1918's."""
    return any(address in each for each in PRIVATE)
