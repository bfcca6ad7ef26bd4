"""Holds a TCP session that answers what it is told, and tells how long the longest answer took."""

from __future__ import annotations

import socket
import time
from typing import Any

CONNECT_SECONDS = 5.0
INTERVAL = 0.2
"""Seconds between an answer and what is said next."""

PATIENCE = 5.0
"""Seconds that an answer may still take at the end: TCP waits longer each time before it sends again (RFC 6298, 5)."""

WORD = b"proviso\n"


class Beat:
    """A session from an own address to a target; what is said is answered before more is said."""

    def __init__(self, own: str, target: tuple[str, int]) -> None:
        self.socket: socket.socket | None = None
        self._why = ""
        self._stall = 0.0
        self._said_at: float | None = None
        self._due = time.monotonic()
        self._missing = 0
        try:
            self.socket = socket.create_connection(target, timeout=CONNECT_SECONDS, source_address=(own, 0))
        except OSError as error:
            self._why = f"no session: {error}"
            return
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def take(self) -> None:
        """Take what was answered."""
        if self.socket is None:
            return
        try:
            data = self.socket.recv(4096)
        except BlockingIOError:
            return
        except OSError as error:
            self._over(str(error))
            return
        if not data:
            self._over("the other end closed it")
            return
        self._missing = max(self._missing - len(data), 0)
        if not self._missing and self._said_at is not None:
            self._stall = max(self._stall, time.monotonic() - self._said_at)
            self._said_at, self._due = None, time.monotonic() + INTERVAL

    def pace(self) -> float:
        """Say something when it is time; return the seconds until then."""
        if self.socket is None or self._said_at is not None:
            return 1.0
        if (left := self._due - time.monotonic()) > 0:
            return left
        try:
            self._missing = self.socket.send(WORD)
        except BlockingIOError:
            return INTERVAL
        except OSError as error:
            self._over(str(error))
            return 1.0
        self._said_at = time.monotonic()
        return 1.0

    def _over(self, why: str) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket, self._why = None, why

    @property
    def waits(self) -> bool:
        """Whether an answer is awaited."""
        return self.socket is not None and self._said_at is not None

    def told(self) -> dict[str, Any]:
        """Return whether it lives, and the seconds that the longest answer took."""
        waited = time.monotonic() - self._said_at if self._said_at is not None else 0.0
        stall = round(max(self._stall, waited), 3)
        if self._why.startswith("no session"):
            return {"state": "none", "why": self._why}
        if self.socket is None or waited > PATIENCE:
            return {"state": "dead", "stall": stall, "why": self._why}
        return {"state": "lives", "stall": stall}

    def close(self) -> None:
        """End it."""
        if self.socket is not None:
            self.socket.close()
