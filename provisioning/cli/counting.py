"""How far long work is, on standard error: a line that lives on a terminal, nothing elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from provisioning.cli import output

EVERY = 0.1
"""Seconds between two changes of the line."""


@contextmanager
def counting(what: str) -> Iterator[Callable[[str, int], None]]:
    """Yield what is told the kind of thing that is being worked on, and how many of them were so far."""
    if output.JSON_MODE.get() or not sys.stderr.isatty():
        yield lambda kind, number: None
        return
    from rich.console import Console

    latest = time.monotonic()
    with Console(stderr=True).status(what) as status:

        def tell(kind: str, number: int) -> None:
            nonlocal latest
            if time.monotonic() - latest >= EVERY:
                latest = time.monotonic()
                status.update(f"{what}: {number} {kind}s")

        yield tell
