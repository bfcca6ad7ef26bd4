"""Signs of life of a router that is followed: overdue, come after all, and missed for good."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from provisioning.errors import DeviceTimeout
from provisioning.fleet.listening import ALIVE_SECONDS, DEAD_SECONDS, LATE_SECONDS, Ear

SPEED = 50
"""Times as fast as others does this loop's clock go."""


class Hurried(selectors.DefaultSelector):
    """Waits as long as the loop's clock has it."""

    def select(self, timeout: float | None = None) -> Any:
        return super().select(timeout / SPEED if timeout is not None else None)


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop in which a minute takes a second."""

    def __init__(self) -> None:
        super().__init__(Hurried())

    def time(self) -> float:
        return super().time() * SPEED


def hurried(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(work())


def test_a_router_that_gives_its_signs_is_never_late() -> None:
    late: list[float] = []

    async def work() -> None:
        ear = Ear("LX0001", lambda: late.append(0))
        for _ in range(6):
            assert not await ear.wait(ALIVE_SECONDS)
            ear.alive()
        ear.end()

    hurried(work)
    assert late == []


def test_a_sign_that_comes_late_is_something_that_happened() -> None:
    late: list[float] = []

    async def work() -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        ear = Ear("LX0001", lambda: late.append(loop.time() - begun))
        assert not await ear.wait(LATE_SECONDS + 2)
        ear.alive()
        # The bearers are read again: what was lost meanwhile is found.
        assert await ear.wait(0.5)
        ear.alive()
        assert not await ear.wait(0.5)
        # Told once for each silence.
        with pytest.raises(DeviceTimeout, match="said nothing for 12 s"):
            await ear.wait(DEAD_SECONDS * 2)

    hurried(work)
    assert len(late) == 2
    assert LATE_SECONDS <= late[0] < LATE_SECONDS + 2


def test_what_the_end_finds_is_told_to_nobody_any_more() -> None:
    late: list[float] = []

    async def work() -> None:
        ear = Ear("LX0001", lambda: late.append(0))
        ear.end()
        await asyncio.sleep(DEAD_SECONDS * 2)

    hurried(work)
    assert late == []
