"""Watching mobile back-ups: what routers say becomes conditions, and conditions become incidents (facts: I-6.5).

All that must be known after a restart stands in the store: whoever was killed goes on from there. What is decided
follows from how a line stands and what is open, so it does not matter what happened while nobody watched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from provisioning.incidents.condition import Seen, seen_of, silent, unreachable
from provisioning.incidents.priority import kind_of
from provisioning.incidents.transitions import Decision, decide
from provisioning.model.incident import BearerState, Condition, Incident, IncidentKind
from provisioning.store import bearer_states, incidents
from provisioning.workflows.auditing import Audit, audited
from provisioning.workflows.incidents import close_incident, open_incident
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.watched_lines import WatchedLine

if TYPE_CHECKING:
    from provisioning.fleet.follow_line import Followed, Lost

SILENT_TRIES, SILENT_SECONDS = 3, 30.0
"""After which a router that cannot be reached counts as silent."""

SEEN_EVERY = timedelta(hours=1)
"""How old the moment may be at which a line was seen last, as the store has it: nothing is written all the time."""

DRILL_MARGIN = timedelta(minutes=5)
"""For what a drill does besides its cut and the hold; one whose process was killed is no excuse for longer."""


@dataclass(frozen=True, slots=True)
class LineNow:
    """How a line stands.

    Attributes:
        state: as the store has it; None until its router said something, or could not be reached for long enough.
        heard: whether that is of now.
        drilled: whether a drill is at work on it.
        incidents: that are open, the most urgent first.
    """

    line: str
    customer: str
    state: BearerState | None
    heard: bool
    drilled: bool
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a line at one moment.

    Attributes:
        state: how it stands.
        opened: incidents that began.
        closed: incidents that ended.
    """

    line: str
    state: BearerState
    opened: tuple[Incident, ...] = ()
    closed: tuple[Incident, ...] = ()


@dataclass(slots=True)
class _Line:
    """A line.

    Attributes:
        unheard: why nobody hears its router at the moment, over either bearer; empty when somebody does.
    """

    watched: WatchedLine
    state: BearerState | None
    open: dict[IncidentKind, Incident] = field(default_factory=dict)
    seen: Seen | None = None
    unheard: str = ""
    drilled: bool = False
    again_at: datetime | None = None


class Watch:
    """The lines that are watched, as they stand; written to the store when they move.

    Args:
        lines: to be watched.
    """

    def __init__(self, lines: Sequence[WatchedLine], around: Surroundings) -> None:
        self._around = around
        self._lines: dict[str, _Line] = {}
        self._unwritten: set[str] = set()
        self.follow(lines)

    def follow(self, lines: Sequence[WatchedLine]) -> None:
        """Watch these from now on; what is known of those that are watched already stays known."""
        with self._around.store.read() as connection:
            states = bearer_states.states_of(connection, [each.line for each in lines])
        before, self._lines = self._lines, {}
        for each in lines:
            known = before.get(each.line)
            if known is not None and known.watched.router.serial == each.router.serial:
                known.watched = each
                self._lines[each.line] = known
            else:
                self._lines[each.line] = _Line(each, states.get(each.line))
        self._unwritten &= self._lines.keys()
        self.refresh()

    def refresh(self) -> None:
        """Read the open incidents again: clocks are stopped by others."""
        with self._around.store.read() as connection:
            found = incidents.list_incidents(connection, only_open=True)
        for line in self._lines.values():
            line.open = {}
        for each in found:
            if each.line in self._lines:
                self._lines[each.line].open[each.kind] = each

    @property
    def lines(self) -> list[LineNow]:
        """How they stand, by line."""
        return [
            LineNow(
                name,
                line.watched.customer,
                line.state,
                line.seen is not None,
                line.drilled,
                tuple(sorted(line.open.values(), key=lambda each: each.priority)),
            )
            for name, line in self._lines.items()
        ]

    @property
    def unseen(self) -> list[str]:
        """Lines of whose routers nothing is known yet."""
        return [name for name, line in self._lines.items() if line.seen is None]

    @property
    def opening(self) -> bool:
        """Whether an incident is about to open where things stay as they are."""
        return any(
            line.again_at is not None and not line.drilled and kind_of(line.seen.condition) not in (None, *line.open)
            for line in self._lines.values()
            if line.seen is not None
        )

    def unheard_lines(self) -> list[WatchedLine]:
        """Return the lines whose routers nobody hears, not known to be down, and that the internet could reach."""
        return [
            line.watched
            for line in self._lines.values()
            if line.unheard
            and line.watched.fixed_ipv4 is not None
            and (line.seen is None or line.seen.condition is not Condition.DOWN)
        ]

    def hear(self, told: "Iterable[Followed | Lost]") -> None:
        """Take in what became known of routers."""
        from provisioning.fleet.follow_line import Lost

        for each in told:
            line = self._lines.get(each.line)
            if line is None:
                continue  # it is not watched any more
            line.unheard = each.why if isinstance(each, Lost) and not each.answers else ""
            seen = _seen(each, line.seen)
            if seen is not None:
                line.seen = seen
                self._unwritten.add(each.line)

    def not_reached(self, line: str, from_where: str) -> None:
        """Take in that the fixed IPv4 of a line that nobody hears does not answer either.

        Args:
            from_where: who looked.
        """
        known = self._lines.get(line)
        if known is not None and known.unheard:
            known.seen = unreachable(f"{known.unheard}; its fixed IPv4 does not answer {from_where} either")
            self._unwritten.add(line)

    def settle(self) -> list[Moved]:
        """Decide what follows from what was seen, write it down, and return what moved.

        Raises:
            StoreLocked: when the store cannot be written; what was seen is kept, and decided the next time.
        """
        now = self._around.clock.now()
        due = [
            name
            for name, line in self._lines.items()
            if name in self._unwritten or (line.again_at is not None and line.again_at <= now)
        ]
        if not due:
            return []
        with self._around.store.read() as connection:
            drills = bearer_states.drilled_lines(connection)
        moved = [each for each in (self._decide(name, drills.get(name), now) for name in due) if each is not None]
        writing = [each for each in moved if each.writes(now)]
        found = self._write(writing, now) if writing else []
        for each in moved:
            line = self._lines[each.name]
            line.again_at = each.decision.again_at
            line.drilled = each.drilled
        self._unwritten.difference_update(due)
        return found

    def _decide(self, name: str, drill: tuple[datetime, int] | None, now: datetime) -> "_Step | None":
        line = self._lines[name]
        if line.seen is None:
            return None
        drilled = drill is not None and now < drill[0] + timedelta(seconds=drill[1]) + self._hold + DRILL_MARGIN
        before = line.state
        fresh = before is None or before.condition is not line.seen.condition
        since = now if before is None or fresh else before.since
        state = BearerState(name, line.watched.router.serial, line.seen.condition, since, now, line.seen.reason)
        decision = decide(line.open, line.seen, since, now, drilled=drilled)
        again_at = decision.again_at
        if drilled and again_at is None:
            # A drill that ends badly leaves the line as it is, and nothing else may happen any more.
            again_at = now + timedelta(seconds=5)
        decision = Decision(decision.opens, decision.closes, again_at)
        return _Step(name, before, state, decision, drilled or line.seen.drilled)

    def _write(self, steps: "Sequence[_Step]", now: datetime) -> list[Moved]:
        with audited(self._around) as audit:
            found = [self._move(each, audit, now) for each in steps]
            bearer_states.keep_states(audit.connection, [each.state for each in steps])
        # Only what stands in the store is known from here on.
        for step, moved in zip(steps, found, strict=True):
            line = self._lines[step.name]
            line.state = step.state
            line.open.update({each.kind: each for each in moved.opened})
            for each in moved.closed:
                line.open.pop(each.kind, None)
        return [each for each, step in zip(found, steps, strict=True) if step.tells]

    def _move(self, step: "_Step", audit: Audit, now: datetime) -> Moved:
        reason = step.state.reason
        closed = tuple(
            close_incident(audit, self._lines[step.name].open[kind], at=now, closing=reason)
            for kind in step.decision.closes
        )
        opened = tuple(open_incident(audit, step.name, kind, at=now, reason=reason) for kind in step.decision.opens)
        return Moved(step.name, step.state, opened, closed)

    @property
    def _hold(self) -> timedelta:
        return timedelta(seconds=self._around.operator.routing.hold_seconds)


@dataclass(frozen=True, slots=True)
class _Step:
    """What follows for a line, before it is written."""

    name: str
    before: BearerState | None
    state: BearerState
    decision: Decision
    drilled: bool

    @property
    def tells(self) -> bool:
        """Whether people want to hear of it."""
        fresh = self.before is None or self.before.condition is not self.state.condition
        return fresh or bool(self.decision.opens or self.decision.closes)

    def writes(self, now: datetime) -> bool:
        """Whether it is written down."""
        before = self.before
        return self.tells or before is None or now - before.seen_at > SEEN_EVERY or before.reason != self.state.reason


def _seen(told: "Followed | Lost", before: Seen | None) -> Seen | None:
    """Return how a line is seen now; None when nothing new is known."""
    from provisioning.fleet.follow_line import Followed

    if isinstance(told, Followed):
        return seen_of(told.report)
    if before is not None and before.condition is Condition.DOWN:
        return None  # that is known until it is heard again
    if told.answers or (told.tries >= SILENT_TRIES and told.seconds >= SILENT_SECONDS):
        return silent(told.why)
    return None
