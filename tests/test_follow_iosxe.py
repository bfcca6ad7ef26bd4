"""Following a Cisco router on one terminal: what it logs tells that something happened, and then it is asked."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from iosxe_failover import BEGIN, Line, SetClock, backed_up_line

from provisioning.devices.reach import Access
from provisioning.fleet.follow import Following, following
from provisioning.fleet.follow_line import Followed, Lost
from provisioning.fleet.iosxe_bearers import _without_logged
from provisioning.fleet.target import Target
from provisioning.incidents.condition import seen_of
from provisioning.model.bearer import BearerName, BearerReport
from provisioning.model.incident import Condition
from provisioning.stands.simulator.ssh_server import Servers

DETECTION = 4.0
BFD_SECONDS = 0.9
"""300 ms three times over: until then the router itself does not know."""


@dataclass
class RunningClock(SetClock):
    """A clock that goes on by itself."""

    begun: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return BEGIN + self.added + timedelta(seconds=time.monotonic() - self.begun)


@contextmanager
def served(line: Line) -> Iterator[tuple[int, asyncio.AbstractEventLoop]]:
    """Yield the port on which the line's router answers, and the loop that it lives on."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)

    async def accept() -> None:
        servers, tasks = Servers(line.world), set()
        with listener:
            while True:
                connection, _ = await loop.sock_accept(listener)
                task = loop.create_task(servers.serve(connection, line.router))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    running = asyncio.run_coroutine_threadsafe(accept(), loop)
    try:
        yield listener.getsockname()[1], loop
    finally:
        running.cancel()
        asyncio.run_coroutine_threadsafe(_end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end() -> None:
    tasks = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
    for each in tasks:
        each.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class Followable:
    """A line whose router is followed."""

    line: Line
    follow: Following
    loop: asyncio.AbstractEventLoop

    def do(self, what: str, *arguments: str) -> None:
        """Cut or heal a bearer, in the thread of the router."""

        async def act() -> None:
            getattr(self.line.router, what)(*arguments)

        asyncio.run_coroutine_threadsafe(act(), self.loop).result(10)

    def until(self, wanted: Condition, *, seconds: float = 20.0) -> tuple[float, BearerReport]:
        """Wait until the line is seen so; return how long that took, and what was said."""
        begun = time.monotonic()
        said = ""
        while (taken := time.monotonic() - begun) < seconds:
            for each in self.follow.take(0.05):
                if isinstance(each, Lost):
                    said = each.why
                elif isinstance(each, Followed) and seen_of(each.report).condition is wanted:
                    return taken, each.report
        raise AssertionError(f"it was not seen {wanted} within {seconds} s; {said}")


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followable]:
    with backed_up_line(tmp_path, RunningClock()) as line:
        # The world has one key, for everything.
        (tmp_path / "key").touch(0o600)
        (tmp_path / "key").write_bytes(line.router.host_key.export_private_key())
        with served(line) as (port, loop):
            host_key = line.router.host_key.export_public_key().decode().strip()
            target = Target("L-1", line.router.name, "cisco_iosxe", "127.0.0.1", "", host_key, port=port)
            with following([target], Access(tmp_path / "key", None, 5.0, None)) as follow:
                yield Followable(line, follow, loop)


def test_a_cut_is_known_at_once(followed: Followable) -> None:
    _, report = followed.until(Condition.ON_FIXED)
    assert report.fixed.name is BearerName.FIXED
    followed.do("cut_bearer", "fixed", "link-down")
    taken, report = followed.until(Condition.ON_MOBILE)
    assert taken < DETECTION
    assert not report.fixed.link_up
    followed.do("heal_bearer", "fixed")


def test_a_silent_cut_is_known_once_bfd_knows_it(followed: Followable) -> None:
    followed.until(Condition.ON_FIXED)
    followed.do("cut_bearer", "fixed", "silent")
    taken, _ = followed.until(Condition.ON_MOBILE)
    assert BFD_SECONDS / 2 < taken < BFD_SECONDS + DETECTION


PROMPT = "R1#"
LOGGED = "*Dec  1 12:00:02.123: %BGP-5-ADJCHANGE: neighbor 100.64.0.1 Down BFD adjacency down"


@pytest.mark.parametrize(
    ("shown", "left"),
    [
        (f"\n{PROMPT}show clock\n12:00\n{PROMPT}", f"\n{PROMPT}show clock\n12:00\n{PROMPT}"),
        (f"\n{PROMPT}show clock\n\n{LOGGED}\n12:00\n{PROMPT}", f"\n{PROMPT}show clock\n\n12:00\n{PROMPT}"),
        (f"\n{PROMPT}\n{LOGGED}\nshow clock\n12:00\n{PROMPT}", f"\n{PROMPT}show clock\n12:00\n{PROMPT}"),
        (f"\n{PROMPT}\n{LOGGED}\n\n{LOGGED}\nshow clock\n12:00\n", f"\n{PROMPT}show clock\n12:00\n"),
    ],
)
def test_what_is_logged_is_taken_out_of_answers(shown: str, left: str) -> None:
    assert _without_logged(shown, PROMPT, ["show clock"]) == left
