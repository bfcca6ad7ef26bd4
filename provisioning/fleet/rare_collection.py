"""Rare garbage collection while a fleet is fetched from: it would go through the whole heap hundreds of times."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLD = 20_000
"""Objects that may come to be before those that refer to each other are looked for: about those of 50 sessions."""


@contextmanager
def rare_collection() -> Iterator[None]:
    """Collect garbage rarely while the block lasts, and leave alone what was there before."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(THRESHOLD, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
