"""How the interpreter works while a fleet is fetched from: for many a second, not for each of them soon."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

GARBAGE = 20_000
"""Objects that may come to be before those that refer to each other are looked for: about those of 50 sessions. By
default the whole heap would be gone through hundreds of times a night."""

TURN_SECONDS = 0.05
"""Of the loop's thread, and of the one that takes its results: by default each would throw the other out of the
processor's caches ten times as often."""

KEPT_BYTES = 32 * 1024 * 1024
"""Of freed memory that the process keeps for what it needs next. By default it hands 128 KB and more back at once, and
each packet (256 KB to be read into) and each text that is compressed (268 KB) takes new pages from the system."""

# The C library's mallopt(3): for all of the process, from then on.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


@contextmanager
def bulk_work() -> Iterator[None]:
    """Work so while the block lasts; garbage of before is left alone."""
    _keep_memory()
    collected, turn, frozen = gc.get_threshold(), sys.getswitchinterval(), gc.get_freeze_count()
    if not frozen:
        gc.freeze()
    gc.set_threshold(GARBAGE, *collected[1:])
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        gc.set_threshold(*collected)
        if not frozen:  # what somebody else has frozen would thaw with it
            gc.unfreeze()


def _keep_memory() -> None:
    with suppress(OSError, AttributeError):  # another C library has no such thing
        library = ctypes.CDLL(None)
        library.mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        library.mallopt(_MMAP_THRESHOLD, KEPT_BYTES)
