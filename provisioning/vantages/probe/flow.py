"""Keeps the books of one stream of numbered packets: when each was sent, and whether and when it came back."""

from __future__ import annotations

import array
import os
import struct
import time
from typing import Any

LOST_AFTER = 2.0
"""Seconds after which what comes back counts as lost."""

BUCKET = 0.1
MARK = b"PVS1"
HEAD = struct.Struct("!4s8sI")
SIZE = 160
"""Bytes of a packet, as many as 20 ms of speech have (RFC 3551, 4.5.14)."""

AT_ONCE = 25
"""Packets that are sent one after the other at most, by whoever has fallen behind, before he listens again."""


class Flow:
    """One stream; all times are seconds since it began, by this host's own clock."""

    def __init__(self, name: str, version: str, interval: float) -> None:
        self.name, self.version, self.interval = name, version, interval
        self.id = os.urandom(8)
        self.began = time.monotonic()
        self.ended = False
        self._sent = array.array("d")
        self._trips = array.array("f")
        self._returned = 0

    @property
    def age(self) -> float:
        """Since it began."""
        return time.monotonic() - self.began

    def due(self) -> float:
        """Return the seconds until the next packet is due; not more than nothing when one is."""
        return len(self._sent) * self.interval - self.age if not self.ended else 1.0

    def next(self) -> int:
        """Take down that a packet is sent now; return its number."""
        self._sent.append(self.age)
        self._trips.append(-1.0)
        return len(self._sent) - 1

    def packet(self, number: int) -> bytes:
        """Return a packet."""
        return HEAD.pack(MARK, self.id, number) + bytes(SIZE - HEAD.size)

    def take(self, data: bytes) -> None:
        """Take a packet that has come back, if it is one of ours."""
        found = read(data)
        if found is not None and found[0] == self.id:
            self.back(found[1])

    def back(self, number: int) -> None:
        """Take down that a packet has come back now; for the first time, and in time."""
        if 0 <= number < len(self._sent) and self._trips[number] < 0:
            trip = self.age - self._sent[number]
            if trip <= LOST_AFTER:
                self._trips[number] = trip * 1000
                self._returned += 1

    @property
    def awaited(self) -> bool:
        """Whether a packet may still come back in time."""
        late = self.age - LOST_AFTER
        for number in range(len(self._sent) - 1, -1, -1):
            if self._sent[number] < late:
                return False
            if self._trips[number] < 0:
                return True
        return False

    def told(self, since: float = 0.0) -> dict[str, Any]:
        """Return what became of the packets that were sent from a moment on; `sent` and `returned` are of all."""
        first = max(0, int(since / BUCKET))
        return {
            "name": self.name,
            "version": self.version,
            "id": self.id.hex(),
            "interval": self.interval,
            "sent": len(self._sent),
            "returned": self._returned,
            "losses": self._losses(first * BUCKET),
            "first": first,
            "buckets": self._buckets(first),
        }

    def _losses(self, since: float) -> list[list[float]]:
        runs: list[list[float]] = []
        late, before = self.age - LOST_AFTER, -2
        for number, (sent, trip) in enumerate(zip(self._sent, self._trips, strict=True)):
            if trip >= 0 or sent > late or sent < since:
                continue
            if number == before + 1:
                runs[-1][1] += 1
            else:
                runs.append([round(sent, 3), 1])
            before = number
        return runs

    def _buckets(self, first: int) -> list[list[Any]]:
        many = int(self._sent[-1] / BUCKET) + 1 if self._sent else 0
        some: list[list[float]] = [[] for _ in range(max(many - first, 0))]
        counts = [0] * len(some)
        for sent, trip in zip(self._sent, self._trips, strict=True):
            place = int(sent / BUCKET) - first
            if place < 0:
                continue
            counts[place] += 1
            if trip >= 0:
                some[place].append(trip)
        return [[count, len(trips), _median(trips)] for count, trips in zip(counts, some, strict=True)]


def _median(trips: list[float]) -> float | None:
    return round(sorted(trips)[len(trips) // 2], 2) if trips else None


def read(data: bytes) -> tuple[bytes, int] | None:
    """Return the stream and the number of a packet; None when it is none of a stream."""
    if len(data) < HEAD.size:
        return None
    mark, own, number = HEAD.unpack_from(data)
    return (own, number) if mark == MARK else None
