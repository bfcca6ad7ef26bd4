"""Finding drift: routers and ONTs held against what their lines are meant to be, changing nothing on them.

What the customer may change (facts: I-8.1) is no drift. It is told, and kept: the router's successor gets it.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from time import monotonic

from provisioning.backups.alerts import Standing, StateChange, Subject
from provisioning.errors import ProvisoError, cause_of
from provisioning.model.backup import Fetched, Missed
from provisioning.model.drift import DriftOutcome, DriftRun, DriftState
from provisioning.store.drift import keep_looks
from provisioning.store.selection import SelectedDevice
from provisioning.workflows.compare_line import compare_line
from provisioning.workflows.fleet_onts import intended_onts
from provisioning.workflows.look_at_fleet import look_at_fleet
from provisioning.workflows.surroundings import Surroundings

_LOG = logging.getLogger(__name__)

KEPT_AT_ONCE = 50
KEPT_AFTER_SECONDS = 1.0
"""What was found is written down by then, so that a run that is killed has lost next to nothing."""

Look = Callable[[Sequence[SelectedDevice]], Iterator[Fetched | Missed]]
Tell = Callable[[DriftState, bool], None]
"""Is told of a line as it stands now, and whether this look at it succeeded."""


def find_drift(
    devices: Sequence[SelectedDevice],
    around: Surroundings,
    *,
    tell: Tell = lambda state, seen: None,
    stop: Event | None = None,
    look: Look | None = None,
) -> DriftRun:
    """Look at routers, write down how they differ, and return that.

    Args:
        devices: routers of lines, one a line.
        tell: is told of each line, in the order in which they answer.
        stop: set to end it after the routers that were asked already.
        look: fetches what is in force.
    """
    begun, stop = monotonic(), stop or Event()
    fetch = look or (
        lambda asked: look_at_fleet(
            asked, around, at_once=around.backups.at_once, stop=stop, onts=intended_onts(asked, around)
        )
    )
    found: dict[str, DriftState] = {}
    missed: dict[str, str] = {}
    batch = _Batch(around, tell, found)
    for answer in fetch(devices):
        seen = look_at(answer, around)
        if seen.cause:
            missed[seen.line] = seen.cause
        batch.add(seen)
        if stop.is_set():
            break
    batch.keep()
    order = [each.line for each in devices if each.line in found]
    return DriftRun(
        states=tuple(found[each] for each in order),
        missed=tuple(each for each in order if each in missed),
        causes=dict(Counter(missed.values()).most_common()),
        seconds=monotonic() - begun,
        stopped=stop.is_set(),
    )


def look_at(answer: Fetched | Missed, around: Surroundings) -> DriftState:
    """Return how a line's router differs from what the line is meant to be; what the customer changed is kept.

    A line that cannot be judged is missed, like one whose router does not answer.
    """
    now = around.clock.now()
    if isinstance(answer, Missed):
        return _not_seen(answer.line, answer.serial, now, answer.cause, answer.message)
    try:
        return _compare(answer, now, around)
    except ProvisoError as error:
        return _not_seen(answer.line, answer.serial, now, cause_of(error), str(error))
    except Exception as error:
        # A mistake in Proviso with one line must not end the look at ten thousand; `--debug` shows what is logged.
        _LOG.debug("comparing a router failed: a mistake in Proviso", exc_info=error)
        return _not_seen(answer.line, answer.serial, now, "unknown", f"this should not happen: {type(error).__name__}")


def changes_of(run: DriftRun) -> tuple[StateChange, ...]:
    """Return how the lines stand that a run has seen, for whoever is told of changes."""
    missed = frozenset(run.missed)
    return tuple(
        StateChange(
            line=each.line,
            what=Subject.DRIFT,
            before=Standing.WELL,
            after=Standing.WRONG if each.drifts else Standing.WELL,
            since=each.since,
            message=f"{each.serial} differs in {each.where}" if each.drifts else "",
        )
        for each in run.states
        if each.line not in missed
    )


def _compare(answer: Fetched, now: datetime, around: Surroundings) -> DriftState:
    found = compare_line(answer, around)
    if found.unseen is not None:
        return _not_seen(answer.line, answer.serial, now, f"olt {found.unseen.cause}", found.unseen.message)
    return DriftState(
        line=answer.line,
        serial=answer.serial,
        outcome=DriftOutcome.DRIFT if found.drifts else DriftOutcome.NONE,
        since=now,
        looked_at=now,
        differences=found.differences,
        commands=found.commands,
        rollback=found.rollback,
        adopted=found.notes,
    )


def _not_seen(line: str, serial: str, now: datetime, cause: str, message: str) -> DriftState:
    return DriftState(line, serial, DriftOutcome.MISSED, now, now, cause=cause, message=message)


@dataclass
class _Batch:
    """Looks that are written down together: a commit each would take longer than the looks."""

    around: Surroundings
    tell: Tell
    found: dict[str, DriftState]

    def __post_init__(self) -> None:
        self._looks: list[DriftState] = []
        self._since = monotonic()

    def add(self, look: DriftState) -> None:
        """Take a look in."""
        self._looks.append(look)
        if len(self._looks) >= KEPT_AT_ONCE or monotonic() - self._since > KEPT_AFTER_SECONDS:
            self.keep()

    def keep(self) -> None:
        """Write down what is not yet, and tell of it."""
        looks, self._looks, self._since = self._looks, [], monotonic()
        if not looks:
            return
        with self.around.store.write() as connection:
            kept = keep_looks(connection, looks)
        for look, state in zip(looks, kept, strict=True):
            self.found[state.line] = state
            self.tell(state, not look.cause)
