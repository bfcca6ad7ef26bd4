"""How the interpreter works while a fleet is fetched from: for many a second, not for each of them soon."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

GARBAGE = 20_000
"""Objects that may come to be before those that refer to each other are looked for: about those of 50 sessions. By
default the whole heap would be gone through hundreds of times a night."""

TURN_SECONDS = 0.05
"""Of the loop's thread, and of the one that takes its results: by default each would throw the other out of the
processor's caches ten times as often."""


@contextmanager
def bulk_work() -> Iterator[None]:
    """Work so while the block lasts; garbage of before is left alone."""
    collected, turn = gc.get_threshold(), sys.getswitchinterval()
    gc.freeze()
    gc.set_threshold(GARBAGE, *collected[1:])
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        gc.set_threshold(*collected)
        gc.unfreeze()
