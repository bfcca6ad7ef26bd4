"""The state of a router's bearers as it knows it, moved on from one moment to the next.

What is configured anew, and everything after a start, is settled at once; from then on things take their time: BFD
its interval and multiplier, BGP its hold time, probes their frequency and timeout, tracked objects their delays, and
announcements under a condition the BGP scanner's minute (IOS XE 17, IP Routing: BFD; BGP, "Conditionally Advertising
BGP Routes"; IP SLAs, "ICMP Echo"; Enhanced Object Tracking).
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from provisioning.stands.simulator.cisco_iosxe.failover import log_lines
from provisioning.stands.simulator.cisco_iosxe.failover.conditions import Conditions, Peer, Watched
from provisioning.stands.simulator.cisco_iosxe.failover.timers import ProbeState, Session, TrackState
from provisioning.stands.simulator.cisco_iosxe.forwarding.interfaces import BEARER_OF, INTERFACE_OF
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.packets import BEARERS

CONNECT = timedelta(seconds=10)
"""From when a neighbour is reached again until BGP stands: a lease, and BGP's own wait after a session fell (RFC 4271,
8.1.1, DampPeerOscillations). Nobody documents it; some ten seconds is what people see."""

SCAN = timedelta(seconds=60)
"""How often the BGP scanner looks at conditions."""

SHAKEN_SECONDS = 12.0
"""After which, on average, three packets of BFD in a row are lost one way where 30 % are lost each way."""

STEPS_AT_ONCE = 10_000
"""After a router was left alone for long, no more than so many things that have happened since are gone through."""

Note = Callable[[str, datetime], None]
Withheld = Callable[[], frozenset[Address]]


class Machine:
    """What a router knows of its bearers.

    Args:
        now: when the router started.
        note: logs something that happened at a moment.
        held: returns the neighbours for which a condition holds, so that something is withheld from them.
        chance: of what happens by chance.

    Attributes:
        withheld: neighbours from which something is withheld since the scanner's last look.
    """

    def __init__(self, now: datetime, note: Note, held: Withheld, chance: random.Random) -> None:
        self.sessions: dict[Address, Session] = {}
        self.probes: dict[str, ProbeState] = {}
        self.tracks: dict[str, TrackState] = {}
        self.withheld: frozenset[Address] = frozenset()
        self._lines: frozenset[str] | None = None
        self._booted = self._moment = now
        self._note = note
        self._held = held
        self._chance = chance
        self._settling = True
        self._scan_at: datetime | None = None
        self._conditions = Conditions(frozenset(), frozenset(), frozenset(), frozenset(BEARERS))

    # --- what is asked of it ---

    @property
    def up(self) -> Mapping[str, bool]:
        """Which tracked objects are up, by number."""
        return {number: each.up for number, each in self.tracks.items()}

    @property
    def here(self) -> frozenset[Address]:
        """Neighbours with which BGP stands, as the router knows it."""
        return frozenset(address for address, each in self.sessions.items() if each.here)

    @property
    def is_moving(self) -> bool:
        """Whether the end of a session is still to be noticed, so that packets may soon take another way."""
        return any(each.dies_here or each.dies_there or each.here != each.there for each in self.sessions.values())

    def next_due(self) -> datetime | None:
        """Return when something happens next by itself; None when nothing does."""
        return min(self._dues(), default=None)

    def _dues(self) -> Iterator[datetime]:
        for session in self.sessions.values():
            yield from session.due()
        for name, probe in self.probes.items():
            shaky = bool(self._conditions.shaky)
            yield from probe.due(answered=name in self._conditions.answered, shaky=shaky)
        yield from (each.turns_at for each in self.tracks.values() if each.turns_at is not None)
        yield from (each for each in (self._scan_at, self._conditions.turns_at) if each is not None)

    # --- time ---

    def watch(self, watched: Watched, now: datetime) -> None:
        """Take in what is configured: what is new begins, what is gone ends, what stays as it is goes on."""
        self._settling = True
        peers = {each.address: each for each in watched.peers}
        self.sessions = {address: self._kept(self.sessions.get(address), peer, now) for address, peer in peers.items()}
        known = {number: each for number, each in self.probes.items() if each.probe == watched.probes.get(number)}
        self.probes = {number: known.get(number, ProbeState(each, now)) for number, each in watched.probes.items()}
        tracks = watched.tracks.items()
        followed = {number: each for number, each in self.tracks.items() if each.track == watched.tracks.get(number)}
        self.tracks = {number: followed.get(number, TrackState(each, up=False, since=now)) for number, each in tracks}

    @staticmethod
    def _kept(old: Session | None, peer: Peer, now: datetime) -> Session:
        return old if old is not None and old.peer == peer else Session(peer, now)

    def advance(self, now: datetime, conditions: Callable[[datetime], Conditions]) -> None:
        """Move on to a moment.

        Args:
            conditions: returns how things are at a moment.
        """
        for _ in range(STEPS_AT_ONCE):
            due = self.next_due()
            if due is None or due > now:
                break
            self._step(max(due, self._moment), conditions)
        self._step(max(now, self._moment), conditions)

    def _step(self, now: datetime, conditions: Callable[[datetime], Conditions]) -> None:
        self._pass_pings(now)
        self._moment, self._conditions = now, conditions(now)
        self._follow_links(now)
        for number, session in enumerate(self.sessions.values()):
            self._follow_session(number, session, now)
        for name, probe in self.probes.items():
            self._follow_probe(name, probe, now)
        if self._follow_tracks(now) and self._scan_at is None:
            self._scan_at = now + SCAN - (now - self._booted) % SCAN
        if self._settling or (self._scan_at is not None and self._scan_at <= now):
            self.withheld, self._scan_at, self._settling = self._held(), None, False

    # --- links ---

    def _follow_links(self, now: datetime) -> None:
        lines = self._conditions.lines
        if self._lines is None:
            self._lines = lines
        for side in BEARERS:
            if (side in lines) == (side in self._lines):
                continue
            for each in log_lines.link(INTERFACE_OF[side], up=side in lines, shut=side in self._conditions.shut):
                self._note(each, now)
        self._lines = lines

    # --- BGP and BFD ---

    def _follow_session(self, number: int, session: Session, now: datetime) -> None:
        speaks = session.peer.address in self._conditions.speaks
        if speaks:
            self._follow_reached(number, session, now)
        else:
            session.rises = None
            gone = now + timedelta(seconds=session.peer.patience)
            dead = session.peer.side not in self._conditions.lines
            session.dies_there = (session.dies_there or gone) if session.there else None
            if session.here:
                session.dies_here = now if dead else (session.dies_here or gone)
        if session.dies_here is not None and session.dies_here <= now:
            self._fall(number, session, now)
        if session.dies_there is not None and session.dies_there <= now:
            session.there, session.dies_there = False, None

    def _follow_reached(self, number: int, session: Session, now: datetime) -> None:
        if session.here and session.there:
            shaken = session.peer.side in self._conditions.shaky and session.peer.detects is not None
            if shaken and session.dies_here is None:
                wait = timedelta(seconds=self._chance.expovariate(1 / SHAKEN_SECONDS))
                session.dies_here = session.dies_there = now + wait
            elif not shaken:
                session.dies_here = session.dies_there = None
            return
        # One end that has noticed tells the other as soon as packets pass again.
        if session.here:
            session.dies_here = now
        session.there, session.dies_there = False, None
        if session.rises is None:
            session.rises = now if session.is_new else now + CONNECT
        if session.rises <= now:
            session.here = session.there = True
            session.is_new, session.rises, session.dies_here, session.since = False, None, None, now
            if session.peer.detects is not None:
                self._note(log_lines.bfd(number, up=True), now)
            self._note(log_lines.bgp_up(session.peer.address), now)

    def _fall(self, number: int, session: Session, now: datetime) -> None:
        if session.peer.side not in self._conditions.lines:
            reason = log_lines.FLAP
        elif session.peer.detects is not None:
            reason = log_lines.BFD_DOWN
            self._note(log_lines.bfd(number, up=False), now)
        else:
            reason = log_lines.HOLD_TIME
        session.here, session.dies_here, session.since = False, None, now
        for each in log_lines.bgp_down(session.peer.address, reason):
            self._note(each, now)
        if session.peer.address in self._conditions.speaks:
            session.there, session.dies_there, session.rises = False, None, now + CONNECT

    # --- probes and tracked objects ---

    def _pass_pings(self, now: datetime) -> None:
        """Count the pings until now that told nothing new."""
        for name, state in self.probes.items():
            shaky = bool(self._conditions.shaky)
            if state.next_at >= now or state.due(answered=name in self._conditions.answered, shaky=shaky):
                continue
            count = state.sent_until(now)
            state.successes += count if state.good else 0
            state.failures += 0 if state.good else count

    def _follow_probe(self, name: str, state: ProbeState, now: datetime) -> None:
        answered = name in self._conditions.answered
        if state.is_new:
            state.is_new, state.good = not answered, answered
        if state.fails_at is not None and state.fails_at <= now:
            state.fails_at, state.good = None, False
        if state.next_at > now:
            return
        if answered and not (self._conditions.shaky and self._chance.random() < 0.51):
            state.good, state.is_new, state.fails_at = True, False, None
            state.successes += state.sent_until(now)
        else:
            if state.fails_at is None and state.good:
                state.fails_at = state.next_at + timedelta(seconds=state.probe.timeout)
            state.failures += state.sent_until(now)

    def _follow_tracks(self, now: datetime) -> bool:
        """Return whether any of them came up or went down."""
        moved = False
        # A list follows what it consists of within half a second: here at once.
        for _ in range(len(self.tracks) + 1):
            again = False
            for number, state in self.tracks.items():
                if state.follow(self._raw(state), now):
                    self._note(log_lines.track(number, state.track.what, up=state.up), now)
                    again = moved = True
            if not again:
                break
        return moved

    def _raw(self, state: TrackState) -> bool:
        track = state.track
        match track.kind:
            case "sla":
                return (probe := self.probes.get(track.argument)) is not None and probe.good
            case "interface" if track.what.endswith("line-protocol"):
                return BEARER_OF.get(track.argument) in self._conditions.lines
            case "interface":
                return track.argument in self._conditions.routing
            case _:
                parts = [self._is_up(number) != turned for number, turned in track.objects]
                return all(parts) if track.argument == "and" else any(parts)

    def _is_up(self, number: str) -> bool:
        found = self.tracks.get(number)
        return found is not None and found.up
