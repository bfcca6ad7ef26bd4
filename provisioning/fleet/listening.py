"""What listening to a router comes to on every platform: its bearers are read at first, and after what it tells."""

import asyncio
from collections.abc import Awaitable, Callable

from provisioning.errors import DeviceTimeout, DeviceUnreachable
from provisioning.fleet.connection import TRY_AGAIN
from provisioning.model.bearer import BearerReport

Tell = Callable[[BearerReport], object]

Late = Callable[[], object]
"""Is called when a sign of life is overdue; it must not wait."""

ALIVE_SECONDS = 5.0
"""After which a router that has nothing to say says so."""

LATE_SECONDS = ALIVE_SECONDS + 2.0
"""Of silence: a sign of life is overdue, by more than a fail-over takes. Whoever can looks at the line elsewhere."""

DEAD_SECONDS = 2.5 * ALIVE_SECONDS
"""Of silence: two signs of life are missing."""

SETTLED_SECONDS = 1.2
"""After something happened: routes follow their neighbours within moments."""

UNASKED_SECONDS = 900.0
"""After which the bearers are read though nothing happened: not all that is read makes an event."""

READ_SECONDS = 10.0
"""For reading them once."""


class Ear:
    """What a router tells without being asked.

    Args:
        where: the router, for errors.
        late: called when a sign of life is overdue; when one comes after all, something happened.
    """

    def __init__(self, where: str, late: Late) -> None:
        self._where = where
        self._tell_late = late
        self._late = False
        self._loop = asyncio.get_running_loop()
        self._happened = asyncio.Event()
        self._heard_at = self._loop.time()
        self._ended: Exception | None = None
        self._watch: asyncio.TimerHandle | None = self._loop.call_later(LATE_SECONDS, self._look)

    def alive(self) -> None:
        """Take note that it said something."""
        self._heard_at = self._loop.time()
        if self._late:
            self._late = False
            self._happened.set()

    def happened(self) -> None:
        """Take note that something happened to its bearers."""
        self.alive()
        self._happened.set()

    def end(self, error: Exception | None = None) -> None:
        """Take note that it says nothing any more."""
        if self._ended is None:
            self._ended = error or DeviceUnreachable("the connection was lost", where=self._where, remedy=TRY_AGAIN)
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._happened.set()

    async def wait(self, seconds: float) -> bool:
        """Return whether something happened within that time.

        Raises:
            DeviceUnreachable: when it says nothing any more.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._happened.wait()
        except TimeoutError:
            return False
        if self._ended is not None:
            raise self._ended
        self._happened.clear()
        return True

    def _look(self) -> None:
        # One timer that is set again now and then costs less than one for each sign of life.
        silent = self._loop.time() - self._heard_at
        if silent >= DEAD_SECONDS:
            self.end(DeviceTimeout(f"it said nothing for {DEAD_SECONDS:.0f} s", where=self._where, remedy=TRY_AGAIN))
            return
        if silent >= LATE_SECONDS and not self._late:
            self._late = True
            self._tell_late()
        self._watch = self._loop.call_later((DEAD_SECONDS if self._late else LATE_SECONDS) - silent, self._look)


async def keep_reading(ear: Ear, read: Callable[[], Awaitable[BearerReport]], tell: Tell) -> None:
    """Read the bearers now, after whatever happens, once more when that has settled, and now and then.

    Raises:
        DeviceUnreachable: when the router says nothing any more.
    """
    try:
        while True:
            async with asyncio.timeout(READ_SECONDS):
                tell(await read())
            if await ear.wait(SETTLED_SECONDS):
                continue
            async with asyncio.timeout(READ_SECONDS):
                tell(await read())
            await ear.wait(UNASKED_SECONDS)
    except TimeoutError:
        raise DeviceTimeout(
            f"it did not tell its bearers within {READ_SECONDS:.0f} s", where="", remedy=TRY_AGAIN
        ) from None
    finally:
        ear.end()
