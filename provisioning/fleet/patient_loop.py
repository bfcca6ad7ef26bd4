"""An event loop that waits a moment when something arrived, and then takes all that came in the meantime together.

Where routers answer at once, a loop would wake for each packet; each waking costs more than most packets do.
"""

import asyncio
import selectors
import time

SHORTEST, LONGEST = 0.002, 0.04
"""Seconds of a nap. A session has about a dozen turns, so the longest ones cost it half a second."""

SHARE = 3
"""One of so many routers that are spoken to is worth waking for: when fewer are ready, the next nap is longer."""

FEW = 8
"""Routers at a time whose sessions are not made longer: there is little to take together."""


class _Patient(selectors.DefaultSelector):
    """Tells what is ready a moment after something is."""

    def __init__(self, at_once: int) -> None:
        super().__init__()
        self._enough = at_once / SHARE
        self._nap = SHORTEST

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        if not super().select(timeout):
            return []
        # Nothing else runs in this thread: what arrives meanwhile is taken in one turn instead of many.
        time.sleep(self._nap)
        ready = super().select(0)
        self._nap = min(self._nap * 1.5, LONGEST) if len(ready) < self._enough else max(self._nap / 1.5, SHORTEST)
        return ready


def new_loop(at_once: int) -> asyncio.AbstractEventLoop:
    """Return a loop for so many routers at a time."""
    return asyncio.SelectorEventLoop(_Patient(at_once)) if at_once > FEW else asyncio.SelectorEventLoop()
