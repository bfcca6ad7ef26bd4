"""An event loop that waits a moment when something arrived, and then takes all that came in the meantime together.

Where routers answer at once, a loop would wake for each packet; each waking costs more than most packets do.
"""

import asyncio
import selectors
import time

NAP_SECONDS = 0.01
"""A session has about a dozen turns, so this costs it an eighth of a second; there are many at a time."""

FEW = 8
"""Routers at a time whose sessions are not made longer: there is little to take together."""


class _Patient(selectors.DefaultSelector):
    """Tells what is ready a moment after something is."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            if not super().select(timeout):
                return []
            time.sleep(NAP_SECONDS)
        return super().select(0)


def new_loop(at_once: int) -> asyncio.AbstractEventLoop:
    """Return a loop for so many routers at a time."""
    return asyncio.SelectorEventLoop(_Patient()) if at_once > FEW else asyncio.SelectorEventLoop()
