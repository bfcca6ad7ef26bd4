"""Telling people of incidents, beside the watching: whoever is told slowly keeps nobody from seeing the next one."""

import queue
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from provisioning.backups.alerts import Standing, StateChange, Subject
from provisioning.errors import ProvisoError
from provisioning.model.incident import Incident, IncidentKind
from provisioning.store import incidents
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.tell_alert import tell_alerts

RETRY_SECONDS = 60.0
"""After which what could not be told is told again."""

END_SECONDS = 5.0
"""How long the end waits for what is being told."""


def changes_of(opened: Iterable[Incident], closed: Iterable[Incident]) -> tuple[StateChange, ...]:
    """Return how lines stand by their incidents."""
    return (
        *(_change(each, Standing.WELL, Standing.WRONG) for each in opened),
        *(_change(each, Standing.WRONG, Standing.WELL) for each in closed),
    )


def standings(lines: Iterable[str], still_open: Iterable[Incident], now: datetime) -> tuple[StateChange, ...]:
    """Return how lines stand altogether: whoever was killed may have told nobody of what became well again.

    Args:
        lines: all that are watched.
        still_open: their open incidents.
        now: since when the rest is well, as far as is known.
    """
    wrong = {(each.line, each.kind): _change(each, Standing.WELL, Standing.WRONG) for each in still_open}
    return tuple(
        wrong.get((line, kind))
        or StateChange(line, Subject(kind.value), Standing.WRONG, Standing.WELL, now, message="it was not seen when")
        for line in lines
        for kind in IncidentKind
    )


def _change(incident: Incident, before: Standing, after: Standing) -> StateChange:
    wrong = after is Standing.WRONG
    at = incident.opened_at if wrong or incident.closed_at is None else incident.closed_at
    message = f"{incident.identifier}: {incident.reason if wrong else incident.closing}"
    cause = incident.priority.value if wrong else ""
    return StateChange(incident.line, Subject(incident.kind.value), before, after, at, cause, message)


class Telling:
    """Tells in a thread of its own.

    Args:
        lines: all that are watched.
        still_open: their open incidents of before; whoever was not told of them is told now.

    Attributes:
        troubles: why people could not be told, each once.
    """

    def __init__(self, lines: Sequence[str], still_open: Sequence[Incident], around: Surroundings) -> None:
        self._around = around
        self._due: queue.SimpleQueue[_Due | None] = queue.SimpleQueue()
        self.troubles: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._opened: frozenset[int] = frozenset()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="tell incidents", daemon=True)
        self._thread.start()
        self._due.put(_Due(standings(lines, still_open, around.clock.now()), _numbers(still_open)))

    def tell(self, opened: Sequence[Incident], closed: Sequence[Incident]) -> None:
        """Have it told that incidents opened and closed; it returns at once."""
        if opened or closed:
            self._due.put(_Due(changes_of(opened, closed), _numbers(opened)))

    def end(self) -> None:
        """Tell what is due, and end; what takes too long is told the next time."""
        self._stopped.set()
        self._due.put(None)
        self._thread.join(END_SECONDS)

    def _work(self) -> None:
        again, said = False, ""
        while True:
            try:
                due = self._due.get(timeout=RETRY_SECONDS if again else None)
            except queue.Empty:
                due = _Due()
            if due is None:
                return
            trouble = self._tell(due)
            if trouble and trouble != said:
                self.troubles.put(trouble)
            again, said = bool(trouble), trouble

    def _tell(self, due: "_Due") -> str:
        told = tell_alerts(due.changes, self._around, wait=self._stopped.wait)
        self._opened |= due.opened
        if told.troubles:
            return "; ".join(told.troubles)
        settings = self._around.backups
        if self._opened and (settings.alert_command or settings.alert_webhook is not None):
            try:
                with self._around.store.write() as connection:
                    incidents.mark_told(connection, self._opened)
            except ProvisoError as error:
                return f"that alerts were told is not written down: {error}"
            self._opened = frozenset()
        return ""


@dataclass(frozen=True, slots=True)
class _Due:
    """What is to be told: how lines stand, and the numbers of the incidents that opened."""

    changes: tuple[StateChange, ...] = ()
    opened: frozenset[int] = frozenset()


def _numbers(opened: Iterable[Incident]) -> frozenset[int]:
    return frozenset(each.number for each in opened if not each.told)
