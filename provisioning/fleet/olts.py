"""Looking at the ONTs of many lines: one session on each OLT for all of its lines, a few OLTs at a time.

OLTs are few and slow, and have about ten sessions to give, so each is asked for one ONT after the other. That goes on
in threads of their own beside the loop that speaks to routers. An OLT that does not answer stops no other.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from provisioning.errors import AuthenticationRefused, DeviceUnreachable, NoSessionFree, ProvisoError, cause_of
from provisioning.model.ont import OntScope, OntSeen, OntService
from provisioning.ports import AccessNode

OLTS_AT_ONCE = 8

OPENINGS = 2
"""How often a session is tried for that does not come about, or was lost."""

PATIENCE = 3
"""ONTs in a row that cost a long wait or the session: nobody waits for the OLT any more after them."""

LONG_SECONDS = 20.0
"""Waited in vain for one ONT, a long wait: an OLT that is busy says so for a minute."""

END_SECONDS = 3.0
"""How long the threads may take to end when nobody wants their answers any more."""

OpenOlt = Callable[[str], AccessNode]
"""Opens a session on an OLT of the inventory, by its name."""

TakeOnt = Callable[[str, OntSeen], object]
"""Is told what became of the ONT of a line, in the thread that asked."""


@dataclass(frozen=True, slots=True)
class OntTarget:
    """The ONT of a line, as it is to be looked at.

    Attributes:
        line: `L-` and digits.
        wanted: what it is going to be held against, so that what the OLT shares for that is looked at too; None to
            look at the ONT alone.
    """

    line: str
    scope: OntScope
    wanted: OntService | None = None


class OntLooks:
    """Looks at ONTs, in threads.

    Args:
        targets: of one OLT, in the order in which they are looked at.
        open_olt: raises what stands in the way as an error of ours.
        take: told of every target, once, unless it is ended before.
    """

    def __init__(self, targets: Sequence[OntTarget], open_olt: OpenOlt, take: TakeOnt) -> None:
        self._by_olt: dict[str, list[OntTarget]] = {}
        for each in targets:
            self._by_olt.setdefault(each.scope.olt, []).append(each)
        self._open = open_olt
        self._take = take
        self._stop = threading.Event()
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to look."""
        for olt in self._by_olt:
            self._waiting.put(olt)
        for number in range(min(OLTS_AT_ONCE, len(self._by_olt))):
            # An OLT that has stopped in the middle of an answer must not keep the process from ending.
            thread = threading.Thread(target=self._work, name=f"olts {number + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """Look at no further ONT, and give the sessions back where that does not take long."""
        self._stop.set()
        deadline = monotonic() + END_SECONDS
        for each in self._threads:
            each.join(max(0.0, deadline - monotonic()))

    def _work(self) -> None:
        with suppress(queue.Empty):
            while not self._stop.is_set():
                olt = self._waiting.get_nowait()
                visit = _Visit(olt, self._open)
                try:
                    for target in self._by_olt[olt]:
                        if self._stop.is_set():
                            return
                        self._take(target.line, visit.look(target))
                finally:
                    visit.close()


class _Visit:
    """One session on an OLT, opened at its first ONT and again when it was lost."""

    def __init__(self, olt: str, open_olt: OpenOlt) -> None:
        self._olt = olt
        self._open = open_olt
        self._node: AccessNode | None = None
        self._in_vain = 0
        self._given_up: OntSeen | None = None

    def look(self, target: OntTarget) -> OntSeen:
        """Return what there is of an ONT, or why that is not known; it raises nothing."""
        scope = target.scope
        if self._given_up is not None:
            return OntSeen(scope, None, self._given_up.cause, self._given_up.message)
        begun = monotonic()
        try:
            node = self._session()
        except Exception as error:  # nobody gets there: no line of it needs another try
            self._given_up = _missed(scope, error)
            return self._given_up
        try:
            running = node.fetch(scope, target.wanted)
        except Exception as error:
            seen = _missed(scope, error)
            lost = isinstance(error, DeviceUnreachable) or not isinstance(error, ProvisoError)
            if lost:
                self.close()
            self._in_vain = self._in_vain + 1 if lost or monotonic() - begun > LONG_SECONDS else 0
            if self._in_vain >= PATIENCE:
                self._given_up = seen
            return seen
        self._in_vain = 0
        return OntSeen(scope, running)

    def close(self) -> None:
        """End the session."""
        node, self._node = self._node, None
        if node is not None:
            with suppress(Exception):  # whatever the other side does, it is over
                node.close()

    def _session(self) -> AccessNode:
        if self._node is None:
            self._node = self._opened()
        return self._node

    def _opened(self) -> AccessNode:
        for left in reversed(range(OPENINGS)):
            try:
                return self._open(self._olt)
            except (AuthenticationRefused, NoSessionFree):
                raise
            except DeviceUnreachable:
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")


def _missed(scope: OntScope, error: Exception) -> OntSeen:
    if isinstance(error, ProvisoError):
        return OntSeen(scope, None, cause_of(error), str(error))
    return OntSeen(scope, None, "unknown", f"{scope.olt}: the session broke off ({type(error).__name__})")
