"""Something that works on a vantage point between two requests: begun, asked, and ended whatever happens."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from provisioning.errors import ProvisoError
from provisioning.ports import Vantage

LONGEST = 120.0
"""Seconds after which it ends by itself, should nobody ask any more."""


@dataclass
class Service:
    """What was begun.

    Attributes:
        told: what it said when it began.
    """

    vantage: Vantage
    token: str
    told: Mapping[str, object]
    ended: bool = False

    def end(self) -> Mapping[str, object]:
        """Return what it has seen, and end it."""
        self.ended = True
        return self.vantage.probe("ask", {"token": self.token}, seconds=30)


@contextmanager
def service(vantage: Vantage, kind: str, request: Mapping[str, object]) -> Iterator[Service]:
    """Begin something on a vantage point; it is ended with the block.

    Raises:
        VantageTrouble: when it cannot be begun.
    """
    token = secrets.token_hex(16)
    told = vantage.probe("start", {"kind": kind, "token": token, "seconds": LONGEST, **request}, seconds=20)
    begun = Service(vantage, token, told)
    try:
        yield begun
    finally:
        if not begun.ended:
            with suppress(ProvisoError):
                begun.end()
