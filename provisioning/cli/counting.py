"""Numbers of things, and how far long work is: a line that lives on a terminal, nothing elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from provisioning.cli import output

EVERY = 0.1
"""Seconds between two changes of the line."""


def number_of(number: int, kind: str) -> str:
    """Return so many of a kind of thing whose plural ends with an s, for people: `1 router`, `2,000 routers`."""
    return f"{number:,} {kind}" if number == 1 else f"{number:,} {kind}s"


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
                status.update(f"{what}: {number_of(number, kind)}")

        yield tell
