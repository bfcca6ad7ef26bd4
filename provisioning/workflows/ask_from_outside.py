"""Asking the internet whether lines that nobody hears answer there: beside the watching, again and again."""

import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from provisioning.errors import ProvisoError
from provisioning.incidents.looks import Looks
from provisioning.vantages.points import Points
from provisioning.workflows.prove_line import vantages
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.watched_lines import WatchedLine

PINGS, INTERVAL = 2, 0.3
SECONDS = 30.0
"""For one look, at all lines that are due together."""

KEPT_SECONDS = 20.0
"""That the connection to the vantage point is kept while nobody asks."""


_Asked = tuple[WatchedLine, float]
"""A line, and when it was asked for."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one look at several lines came to.

    Attributes:
        answered: addresses that did; None when nobody could look.
        where: from where.
    """

    asked: Sequence[_Asked]
    answered: frozenset[str] | None = None
    where: str = ""


class Outside:
    """Looks in a thread of its own, at all lines that are due together."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._looks: dict[str, Looks] = {}
        self._due: queue.SimpleQueue[list[_Asked]] = queue.SimpleQueue()
        self._looked: queue.SimpleQueue[_Looked] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="outside", daemon=True)
        self._thread.start()

    def ask(self, lines: Sequence[WatchedLine]) -> None:
        """Have those of these lines looked at that are due; it returns at once.

        Args:
            lines: all that nobody hears now; one that is heard in between begins anew.
        """
        now = monotonic()
        self._looks = {each.line: self._looks.get(each.line, Looks()) for each in lines}
        due = [(each, now) for each in lines if self._looks[each.line].due(now)]
        for each, _ in due:
            self._looks[each.line] = self._looks[each.line].asked(now)
        if due:
            self._due.put(due)

    def unreached(self) -> list[tuple[str, str]]:
        """Return the lines that have turned out not to answer there, each with who looked; it returns at once."""
        found: list[tuple[str, str]] = []
        with suppress(queue.Empty):
            while True:
                looked = self._looked.get_nowait()
                for line, asked_at in looked.asked:
                    if self._take(line, asked_at, looked.answered):
                        found.append((line.line, looked.where))
        return found

    def _take(self, line: WatchedLine, asked_at: float, answered: frozenset[str] | None) -> bool:
        """Take in what was seen of a line; return whether it is unreached."""
        looks = self._looks.get(line.line)
        if looks is None or looks.asked_at != asked_at:
            return False  # it was heard in between
        seen = looks.seen(str(line.fixed_ipv4) in answered if answered is not None else None)
        self._looks[line.line] = seen
        return seen.unreached

    def end(self) -> None:
        """Look at nothing any more; what is under way is not waited for."""
        self._stopped.set()
        self._due.put([])

    def _work(self) -> None:
        while due := self._next(None):
            try:
                with vantages((), self._around) as points:
                    while due:
                        self._looked.put(_look(due, points))
                        due = self._next(KEPT_SECONDS)
            except ProvisoError:
                # Who cannot look cannot tell: the lines stay silent.
                self._looked.put(_Looked(due))

    def _next(self, seconds: float | None) -> list[_Asked]:
        """Return what is due, waiting so long for it; empty when nothing is, or nobody looks any more."""
        due: list[_Asked] = []
        with suppress(queue.Empty):
            due += self._due.get(timeout=seconds)
            while True:
                due += self._due.get_nowait()
        return [] if self._stopped.is_set() else due


def _look(due: Sequence[_Asked], points: Points) -> _Looked:
    if points.internet is None:
        return _Looked(due)
    addresses = [str(each.fixed_ipv4) for each, _ in due]
    request = {"addresses": addresses, "count": PINGS, "interval": INTERVAL}
    seen = points.internet.probe("answering", request, seconds=SECONDS)
    answered = seen.get("answered")
    if not isinstance(answered, list):
        return _Looked(due)
    return _Looked(due, frozenset(map(str, answered)), points.internet.name)
