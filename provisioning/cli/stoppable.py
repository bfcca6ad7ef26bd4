"""Work that an interrupt ends in good order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


@contextmanager
def stoppable() -> Iterator[Event]:
    """Yield what an interrupt sets; a second one ends the command."""
    stop, before = Event(), signal.getsignal(signal.SIGINT)

    def interrupted(number: int, frame: "FrameType | None") -> None:
        signal.signal(signal.SIGINT, before)
        stop.set()

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
