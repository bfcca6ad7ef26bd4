"""Fetching from many routers at once: one event loop in a thread of its own, results as they arrive.

Memory is bounded whatever the number of routers: so many are spoken to at a time, and a result waits no further back
than `BACKLOG` results in the queue before the next router is begun.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from provisioning.devices.reach import ACCOUNT, Access, need_key
from provisioning.fleet.bulk_work import bulk_work
from provisioning.fleet.login import Login
from provisioning.fleet.loop_thread import LoopThread
from provisioning.fleet.olts import OntLooks, OntTarget, OpenOlt
from provisioning.fleet.one_router import fetch_from
from provisioning.fleet.patient_loop import FEW
from provisioning.fleet.target import Target
from provisioning.model.backup import Fetched, Missed
from provisioning.model.ont import OntSeen

DEADLINE_SECONDS = 120.0
"""For all of one router, tries and pauses included."""

BACKLOG = 128
"""Results that may wait to be taken."""

TOLD_AT_ONCE = BACKLOG // 4
"""Results that are taken before the loop is told so, which wakes it."""

NAP_SECONDS = 0.1
"""Before the next results are looked for where all were taken: each that is waited for by itself wakes two threads."""

POLL_SECONDS = 0.1
"""To wait after that, until it is looked whether to stop."""

Result = Fetched | Missed


def fetch_fleet(
    targets: Sequence[Target],
    access: Access,
    *,
    at_once: int,
    seconds: float = DEADLINE_SECONDS,
    stop: threading.Event | None = None,
    idle: Callable[[], object] = lambda: None,
    onts: Sequence[OntTarget] = (),
    open_olt: OpenOlt | None = None,
) -> Iterator[Result]:
    """Yield what each router has in force, or why it could not be fetched, in the order in which that is known.

    The router of a line whose ONT is to be looked at is begun once that is done, so that nothing of a router waits
    for a slow OLT in memory; all others are begun at once.

    Args:
        access: what is needed to reach them; its `seconds` are those of one step of a connection.
        at_once: routers that are spoken to at a time.
        seconds: how long one router may take.
        stop: set to end early: what is under way is dropped.
        idle: is called now and then while no result arrives, in the thread of whoever takes them.
        onts: of those lines that have one.
        open_olt: opens a session on an OLT; needed where there are ONTs.

    Raises:
        UnreadableProject: when no key to log in with is set, or it cannot be read.
    """
    if onts and open_olt is None:
        raise ValueError("nobody says how OLTs are reached")
    login = Login(ACCOUNT, need_key(access.key_file))
    fleet = _Fleet(targets, login, access, at_once, seconds, frozenset(each.line for each in onts))
    looks = OntLooks(onts, open_olt, fleet.ont_seen) if open_olt is not None else None
    return _results(fleet, looks, stop, idle)


def _results(
    fleet: "_Fleet", looks: OntLooks | None, stop: threading.Event | None, idle: Callable[[], object]
) -> Iterator[Result]:
    fleet.loop.start()
    if looks is not None:
        looks.start()
    taken = 0
    try:
        with bulk_work():
            while stop is None or not stop.is_set():
                if taken >= TOLD_AT_ONCE or fleet.results.empty():
                    fleet.taken(taken)
                    taken = 0
                    if fleet.many and fleet.results.empty():
                        # On purpose not by the queue: that wakes with the first result, and this is to find several.
                        time.sleep(NAP_SECONDS)
                try:
                    found = fleet.results.get(timeout=POLL_SECONDS)
                except queue.Empty:
                    idle()
                    continue
                if found is None:
                    return
                if isinstance(found, BaseException):
                    raise found
                taken += 1
                yield found
    finally:
        fleet.loop.end()
        if looks is not None:
            looks.end()


class _Fleet:
    """What is fetched, on a loop in a thread of its own.

    Args:
        with_ont: lines whose ONT is looked at first.

    Attributes:
        many: whether results come so often that several are worth a wait.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        login: Login,
        access: Access,
        at_once: int,
        seconds: float,
        with_ont: frozenset[str],
    ) -> None:
        self.results: queue.SimpleQueue[Result | BaseException | None] = queue.SimpleQueue()
        self._workers = min(at_once, len(targets))
        self.many = self._workers > FEW
        self._due: asyncio.Queue[tuple[Target, OntSeen | None] | None] = asyncio.Queue()
        self._behind = {each.line: each for each in targets if each.line in with_ont}
        for each in targets:
            if each.line not in self._behind:
                self._due.put_nowait((each, None))
        self._close_if_all_are_due()
        self._login = login
        self._access = access
        self._seconds = seconds
        self._room = asyncio.Semaphore(BACKLOG)
        self.loop = LoopThread("fleet", self._fetch_all, self.results.put, self._workers)

    def ont_seen(self, line: str, seen: OntSeen) -> None:
        """Begin the router of a line, now that its ONT was looked at; called in whatever thread."""
        self.loop.soon(self._begin, line, seen)

    def _begin(self, line: str, seen: OntSeen) -> None:
        target = self._behind.pop(line, None)
        if target is not None:
            self._due.put_nowait((target, seen))
            self._close_if_all_are_due()

    def _close_if_all_are_due(self) -> None:
        if not self._behind:
            for _ in range(self._workers):
                self._due.put_nowait(None)

    def taken(self, number: int) -> None:
        """Let so many more results come: as many were taken."""
        if number:
            self.loop.soon(self._make_room, number)

    def _make_room(self, number: int) -> None:
        for _ in range(number):
            self._room.release()

    async def _fetch_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(self._workers):
                group.create_task(self._work())

    async def _work(self) -> None:
        while (due := await self._due.get()) is not None:
            target, ont = due
            found = await fetch_from(target, self._login, self._access, seconds=self._seconds)
            await self._room.acquire()
            self.results.put(replace(found, ont=ont) if isinstance(found, Fetched) else found)
