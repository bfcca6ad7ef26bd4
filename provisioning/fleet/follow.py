"""Following the bearers of many lines: one event loop in a thread of its own, one SSH connection a line held open."""

import asyncio
import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from provisioning.devices.reach import ACCOUNT, Access, need_key
from provisioning.fleet.follow_line import Followed, Lost, follow_line
from provisioning.fleet.login import Login
from provisioning.fleet.loop_thread import LoopThread
from provisioning.fleet.target import Target

DIALLED_AT_ONCE = 48
"""Connections that are being opened: each costs some ten milliseconds of work, and all of them begin together.
Those to routers that are dead take eight seconds, and must not keep the others waiting."""

Told = Followed | Lost


class Following:
    """Lines that are followed.

    Attributes:
        told: what became known, in the order in which it did; None when the loop has ended, an error when it broke.
    """

    def __init__(self, targets: Sequence[Target], login: Login, access: Access) -> None:
        self.told: queue.SimpleQueue[Told | BaseException | None] = queue.SimpleQueue()
        self._targets = targets
        self._followed: dict[str, tuple[Target, asyncio.Task[None]]] = {}
        self._group: asyncio.TaskGroup | None = None
        self._dialling = asyncio.Semaphore(DIALLED_AT_ONCE)
        self._login = login
        self._access = access
        self._loop = LoopThread("follow", self._follow_all, self.told.put, len(targets))

    def take(self, seconds: float) -> list[Told]:
        """Return what became known, waiting so long for the first of it; whatever broke the loop is raised."""
        found: list[Told] = []
        with suppress(queue.Empty):
            while True:
                each = self.told.get(timeout=0 if found else seconds)
                if isinstance(each, BaseException):
                    raise each
                if each is None:
                    break
                found.append(each)
        return found

    def start(self) -> None:
        """Begin to follow."""
        self._loop.start()

    def follow(self, targets: Sequence[Target]) -> None:
        """Follow these from now on: those that are new are begun, those that are not among them are let go."""
        self._loop.soon(self._change, targets)

    def end(self) -> None:
        """Drop every connection, and wait for the thread."""
        self._loop.end()

    async def _follow_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            self._change(self._targets)
            # Until it is cancelled: lines come and go.
            await asyncio.Event().wait()

    def _change(self, targets: Sequence[Target]) -> None:
        wanted = {each.line: each for each in targets}
        for line, (target, task) in list(self._followed.items()):
            if wanted.get(line) != target:
                task.cancel()
                del self._followed[line]
        for line, target in wanted.items():
            if line not in self._followed and self._group is not None:
                task = self._group.create_task(
                    follow_line(target, self._login, self._access, self._dialling, self.told.put)
                )
                self._followed[line] = (target, task)


@contextmanager
def following(targets: Sequence[Target], access: Access) -> Iterator[Following]:
    """Yield lines that are followed while the block lasts.

    Args:
        access: what is needed to reach them; its `seconds` are those of one step of a connection.

    Raises:
        UnreadableProject: when no key to log in with is set, or it cannot be read.
    """
    found = Following(targets, Login(ACCOUNT, need_key(access.key_file)), access)
    found.start()
    try:
        yield found
    finally:
        found.end()
