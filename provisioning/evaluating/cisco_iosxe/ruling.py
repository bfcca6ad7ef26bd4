"""What a list of entries says of a packet, for all destination ports at once.

The entries are laid over each other from the last to the first, so that the first one that speaks of a port is on top.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from provisioning.evaluating.cisco_iosxe.entry import Entry, Question, destination_ports


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is said of one packet.

    Attributes:
        permits: None when nobody can tell.
        why: the entry that decided; or those that are not understood.
    """

    permits: bool | None
    why: tuple[str, ...]


class Rulings:
    """What a list says of one packet, by destination port."""

    def __init__(self, entries: Sequence[Entry], asked: Question, otherwise: Ruling) -> None:
        self._starts = [0]
        self._said = [otherwise]
        for entry in reversed(entries):
            for first, last in destination_ports(entry, asked):
                self._lay(first, last, entry)

    def at(self, port: int) -> Ruling:
        """Return what it says of a destination port."""
        return self._said[bisect_right(self._starts, port) - 1]

    def _lay(self, first: int, last: int, entry: Entry) -> None:
        """Put an entry over what later ones say of a range of ports."""
        begin = self._cut(first)
        end = self._cut(last + 1) if last < 65535 else len(self._starts)
        if entry.sure:
            self._starts[begin:end] = [first]
            self._said[begin:end] = [Ruling(entry.permits, (entry.written,))]
            return
        for index in range(begin, end):
            below = self._said[index]
            if below.permits is not entry.permits:
                self._said[index] = Ruling(None, (entry.written,))

    def _cut(self, port: int) -> int:
        """Make a range begin at a port; return its place."""
        place = bisect_left(self._starts, port)
        if place == len(self._starts) or self._starts[place] != port:
            self._starts.insert(place, port)
            self._said.insert(place, self._said[place - 1])
        return place
