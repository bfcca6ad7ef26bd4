"""Work that an interrupt ends in good order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


@contextmanager
def stoppable(*, service: bool = False) -> Iterator[Event]:
    """Yield what an interrupt sets; a second one ends the command.

    Args:
        service: whether it is ended by SIGTERM as well, as services are.
    """
    stop = Event()
    numbers = (signal.SIGINT, signal.SIGTERM) if service else (signal.SIGINT,)
    before = {each: signal.getsignal(each) for each in numbers}

    def interrupted(number: int, frame: "FrameType | None") -> None:
        signal.signal(number, before[signal.Signals(number)])
        stop.set()

    for each in numbers:
        signal.signal(each, interrupted)
    try:
        yield stop
    finally:
        for each in numbers:
            signal.signal(each, before[each])
