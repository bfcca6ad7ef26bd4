"""What is remembered of a neighbour, a probe and a tracked object, from one moment to the next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.stands.simulator.cisco_iosxe.failover.conditions import Peer
from provisioning.stands.simulator.cisco_iosxe.forwarding.routes import Probe, Track


@dataclass(slots=True)
class Session:
    """BGP with a neighbour, and BFD where it has that.

    Attributes:
        is_new: whether it never stood: it begins as soon as it can.
        here: whether it stands at the router's end, and `there` at the operator's.
        since: when it last began to stand, or fell.
        dies_here: when its end is noticed at the router's end, and `dies_there` at the operator's.
        rises: when it begins to stand again.
    """

    peer: Peer
    since: datetime
    is_new: bool = True
    here: bool = False
    there: bool = False
    dies_here: datetime | None = None
    dies_there: datetime | None = None
    rises: datetime | None = None

    def due(self) -> list[datetime]:
        """Return when something happens to it by itself."""
        return [each for each in (self.dies_here, self.dies_there, self.rises) if each is not None]


@dataclass(slots=True)
class ProbeState:
    """A ping that is sent again and again.

    Attributes:
        next_at: when the next one is sent.
        fails_at: when the one that is under way has waited too long.
        good: whether the last one was answered.
        successes: number of them, and `failures` likewise.
    """

    probe: Probe
    next_at: datetime
    fails_at: datetime | None = None
    is_new: bool = True
    good: bool = False
    successes: int = 0
    failures: int = 0

    def due(self, *, answered: bool, shaky: bool) -> list[datetime]:
        """Return when something happens to it that changes anything."""
        if self.fails_at is not None:
            return [self.fails_at]
        return [self.next_at] if shaky or answered != self.good else []

    def sent_until(self, now: datetime) -> int:
        """Return how many are sent until a moment, from the next one on, and know of them."""
        step = timedelta(seconds=self.probe.frequency)
        count = max(0, (now - self.next_at) // step + 1)
        self.next_at += step * count
        return count


@dataclass(slots=True)
class TrackState:
    """A tracked object.

    Attributes:
        changes: how often it came up or went down.
        since: when it did last.
        turns_at: when it is taken for what it is meanwhile, after its delay; None when it is that already.
    """

    track: Track
    up: bool
    since: datetime
    is_new: bool = True
    changes: int = 0
    turns_at: datetime | None = None

    def follow(self, raw: bool, now: datetime) -> bool:
        """Take in what it is at a moment; return whether it is taken for something else from now on."""
        if raw == self.up:
            self.turns_at = None
            self.is_new = self.is_new and not raw
            return False
        if self.turns_at is None:
            seconds = self.track.delay_up if raw else self.track.delay_down
            self.turns_at = now + timedelta(seconds=0.0 if self.is_new else seconds)
        if now < self.turns_at:
            return False
        self.up, self.since, self.turns_at = raw, now, None
        self.changes += 1
        self.is_new = False
        return True
