"""Bearers, guard and drills of a simulated router, from the description of their protocol (docs/helper.md).

BFD takes its interval and multiplier to notice, BGP a moment to come back, the guard its hold time. Nothing runs in
between: whoever looks at the router has what was due until then done first, in order. A loss of power ends all of it.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from provisioning.stands.simulator.cables import Cable, CutKind, bearer_named, cut_cable, kind_named
from provisioning.stands.simulator.packets import BEARERS, FIXED, MOBILE

CONNECT = timedelta(seconds=1.2)
"""From when a neighbour is reached again until BGP stands: a lease, and a call (measured in the lab)."""

SHAKEN_SECONDS = 6.0
"""After which, on average, BFD misses three packets in a row where 30 % are lost each way."""

STEPS_AT_ONCE = 10_000
"""After a router was left alone for long, no more than so many things that have happened since are gone through."""

REMEMBERED = 200
"""Events; the router's own guard forgets a hundred when it has so many."""

DEFAULT_DETECTION = 0.9


class Machine(Protocol):
    """The router that they are of."""

    name: str

    def now(self) -> datetime:
        """Return the time."""

    def speaks(self, side: str) -> bool:
        """Return whether both ends of a bearer speak BGP as they are configured, and let each other's calls in."""

    def is_connected(self, side: str) -> bool:
        """Return whether the operator's network carries the packets of a bearer, its cable left aside."""

    def guards(self) -> bool:
        """Return whether the guard runs."""

    def text(self, document: str) -> str:
        """Return a document in force; empty when there is none."""


@lru_cache(maxsize=64)
def detection(text: str) -> timedelta:
    """Return how long BFD takes to notice, by frr.conf."""
    times, interval = (re.search(rf"{key} (\d+)", text) for key in ("detect-multiplier", "receive-interval"))
    if times is None or interval is None:
        return timedelta(seconds=DEFAULT_DETECTION)
    return timedelta(milliseconds=int(times[1]) * int(interval[1]))


@lru_cache(maxsize=64)
def hold_time(text: str) -> timedelta:
    """Return how long a fixed bearer is held, by failover.conf."""
    found = re.search(r"^hold_seconds=(\d+)$", text, re.MULTILINE)
    return timedelta(seconds=int(found[1]) if found else 0)


@dataclass(slots=True)
class Session:
    """BGP on one bearer, both families.

    Attributes:
        here: whether it stands, as the router knows it; `there`: as the operator does.
        since: when it came to stand.
        is_new: whether it never stood since the start: then it stands at once.
    """

    here: bool = False
    there: bool = False
    since: datetime | None = None
    is_new: bool = True
    dies_here: datetime | None = None
    dies_there: datetime | None = None
    rises: datetime | None = None

    def dues(self) -> Iterator[datetime]:
        """Yield when something happens to it by itself."""
        yield from (each for each in (self.dies_here, self.dies_there, self.rises) if each is not None)


@dataclass(slots=True)
class Drill:
    """The cut of a drill."""

    token: str
    cable: Cable
    ends: datetime


@dataclass(slots=True)
class Failover:
    """What a router knows of its bearers, and what it does about them.

    Attributes:
        cables: what cuts bearers from outside, by side; a loss of power mends none.
        events: number, moment, kind and bearer of each.
        guard: `starting`, `trusted`, `failed` or `held`.
        mark: since when the guard is so; of `held`, since when nothing failed.
    """

    machine: Machine
    cables: dict[str, Cable] = field(default_factory=lambda: {side: Cable() for side in BEARERS})
    sessions: dict[str, Session] = field(default_factory=lambda: {side: Session() for side in BEARERS})
    events: list[tuple[int, datetime, str, str]] = field(default_factory=list)
    drill: Drill | None = None
    drilled: set[str] = field(default_factory=set)
    guard: str = "starting"
    mark: datetime | None = None
    mobile_failed: bool = False
    _moment: datetime | None = None
    _chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - nothing secret hangs on it

    def begin(self) -> None:
        """Know nothing, as after a start; what was cut by a drill is whole again."""
        self.sessions = {side: Session() for side in BEARERS}
        self.events, self.drill, self.drilled = [], None, set()
        self.guard, self.mark, self.mobile_failed, self._moment = "starting", None, False, None

    # --- cuts ---

    def cut(self, name: str, kind: str) -> None:
        """Cut a bearer from outside, in the place of a cut that was there."""
        side, cut = bearer_named(name), kind_named(kind)
        self.advance()
        self.cables[side] = cut_cable(cut, self.machine.now(), f"{self.machine.name} {side}")
        self.advance()

    def heal(self, name: str) -> None:
        """Let a bearer be whole again."""
        side = bearer_named(name)
        self.advance()
        self.cables[side] = Cable()
        self.advance()

    def begin_drill(self, token: str, kind: str, seconds: int) -> None:
        """Cut the fixed bearer, for so many seconds at most."""
        now = self.machine.now()
        cable = cut_cable(CutKind(kind), now, token)
        self.drill = Drill(token, cable, now + timedelta(seconds=seconds))
        self._note(now, "cut", FIXED)
        self.advance()

    def end_drill(self, now: datetime) -> None:
        """End the cut of a drill, if there is one."""
        if self.drill is not None:
            self.drilled.add(self.drill.token)
            self.drill = None
            self._note(now, "healed", FIXED)

    def _cables(self, side: str) -> tuple[Cable, ...]:
        own = (self.drill.cable,) if self.drill is not None and side == FIXED else ()
        return (self.cables[side], *own)

    def has_link(self, side: str) -> bool:
        """Return whether the interface of a bearer has a link."""
        return all(each.has_link() for each in self._cables(side))

    def is_sound(self, side: str, now: datetime) -> bool:
        """Return whether packets pass both ways; where they are lost by chance, most do."""
        return all(each.is_sound(now) for each in self._cables(side))

    def lets_through(self, side: str, *, inward: bool) -> bool:
        """Return whether a packet passes at this moment."""
        return all(each.passes(self.machine.now(), inward=inward) for each in self._cables(side))

    # --- what the router goes by ---

    @property
    def is_held(self) -> bool:
        """Whether the fixed bearer has the route maps HOLD, and the mobile one is the better way."""
        return self.guard in ("failed", "held")

    def in_order(self) -> list[str]:
        """Return the sides that the router sends by, the best one first: BGP's routes, and then those of DHCP."""
        up = [side for side in BEARERS if self.sessions[side].here]
        if self.is_held:
            up.reverse()
        return up + [side for side in BEARERS if side not in up and self.has_link(side)]

    def hold_left(self) -> timedelta:
        """Return how long the fixed bearer is still held; nothing when it is not."""
        if self.guard != "held" or self.mark is None:
            return timedelta()
        return max(self.mark + self._hold - self.machine.now(), timedelta())

    @property
    def _hold(self) -> timedelta:
        return hold_time(self.machine.text("failover.conf"))

    # --- time ---

    def advance(self) -> None:
        """Have done what was due until now."""
        now = self.machine.now()
        for _ in range(STEPS_AT_ONCE):
            due = min(self._dues(), default=None)
            if due is None or due > now:
                break
            self._step(due)
        self._step(max(now, self._moment or now))

    def _dues(self) -> Iterator[datetime]:
        moment = self._moment or self.machine.now()
        every = [due for each in self.sessions.values() for due in each.dues()]
        every += [turn for side in BEARERS for each in self._cables(side) if (turn := each.turns_at(moment))]
        if self.drill is not None:
            every.append(self.drill.ends)
        if self.guard in ("held", "starting") and self.mark is not None:
            every.append(self.mark + self._hold)
        yield from (each for each in every if each > moment)

    def _step(self, now: datetime) -> None:
        self._moment = now
        if self.drill is not None and self.drill.ends <= now:
            self.end_drill(now)
        for side in BEARERS:
            self._follow(side, self.sessions[side], now)
        if self.machine.guards():
            self._guard(now)
        else:
            self.guard, self.mark = "starting", None

    def _follow(self, side: str, session: Session, now: datetime) -> None:
        if not self.machine.speaks(side):
            self.sessions[side] = Session()
        elif self.machine.is_connected(side) and self.is_sound(side, now):
            self._reached(side, session, now)
        else:
            noticed = now + detection(self.machine.text("frr.conf"))
            session.rises = None
            session.dies_there = (session.dies_there or noticed) if session.there else None
            session.dies_here = (session.dies_here or noticed) if session.here else None
            if session.here and not self.has_link(side):
                session.dies_here = now
        if session.dies_here is not None and session.dies_here <= now:
            session.here, session.dies_here = False, None
        if session.dies_there is not None and session.dies_there <= now:
            session.there, session.dies_there = False, None

    def _reached(self, side: str, session: Session, now: datetime) -> None:
        if session.here and session.there:
            shaken = any(each.cut is CutKind.LOSS for each in self._cables(side))
            if not shaken:
                session.dies_here = session.dies_there = None
            elif session.dies_here is None:
                wait = timedelta(seconds=self._chance.expovariate(1 / SHAKEN_SECONDS))
                session.dies_here = session.dies_there = now + wait
            return
        # One end that has noticed tells the other as soon as packets pass again.
        session.here = session.there = False
        session.dies_here = session.dies_there = None
        session.rises = session.rises or (now if session.is_new else now + CONNECT)
        if session.rises <= now:
            self.sessions[side] = Session(here=True, there=True, since=now, is_new=False)

    def _guard(self, now: datetime) -> None:
        fixed, self.mark = self.sessions[FIXED], self.mark or now
        match self.guard, fixed.here:
            case "starting", True:
                self.guard, self.mark = "trusted", now
            case "starting", False if now >= self.mark + self._hold:
                self._become("failed", now, "failed")
            case (("trusted" | "held"), False):
                self._become("failed", now, "failed")
            case "failed", True:
                self._become("held", now, "works")
            case "held", True if now >= self.mark + self._hold:
                self._become("trusted", now, "trusted")
        mobile = self.sessions[MOBILE]
        if mobile.here == self.mobile_failed and not mobile.is_new:
            self.mobile_failed = not mobile.here
            self._note(now, "works" if mobile.here else "failed", MOBILE)

    def _become(self, state: str, now: datetime, event: str) -> None:
        self.guard, self.mark = state, now
        self._note(now, event, FIXED)

    def _note(self, now: datetime, kind: str, bearer: str) -> None:
        number = self.events[-1][0] + 1 if self.events else 1
        self.events = [*self.events[-REMEMBERED + 1 :], (number, now, kind, bearer)]
