"""What a process that goes on between two requests asks of whatever it holds."""

from __future__ import annotations

import socket
from typing import Any


class Serving:
    """Something that watches, serves or sends.

    Attributes:
        sockets: on which `take` is called when something has come.
        told: what it says when it has begun.
    """

    def __init__(self) -> None:
        self.sockets: list[socket.socket] = []
        self.told: dict[str, Any] = {}

    def take(self, listener: socket.socket) -> None:
        """Take what has come to a socket."""

    def pace(self) -> float:
        """Do what is due; return the seconds until something is due again, at most."""
        return 1.0

    def finish(self) -> float:
        """Begin nothing new; return the seconds for which what is under way is waited for, at most."""
        return 0.0

    def settled(self) -> bool:
        """Return whether nothing is under way any more."""
        return True

    def seen(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what was seen, at the end or before it: `end` of the request tells which."""
        return {}

    def close(self) -> None:
        """Give back what was lent."""
