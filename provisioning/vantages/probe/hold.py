"""Holds a TCP session open while a router is changed, and tells afterwards whether it still carries data."""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
import time
from typing import Any

from .serving import Serving

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 4.0
"""How long data may take to be acknowledged: after the first second it is sent again (RFC 6298)."""

PAUSE = 0.05


class Hold(Serving):
    """A session with `address` on `port`, if somebody answers there."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__()
        family = socket.AF_INET6 if ":" in str(request["address"]) else socket.AF_INET
        self._session = socket.socket(family, socket.SOCK_STREAM)
        self._session.settimeout(CONNECT_SECONDS)
        state = "open"
        try:
            self._session.connect((str(request["address"]), int(request["port"])))
        except ConnectionRefusedError:
            state = "refused"
        except OSError:
            state = "timeout"
        self._session.setblocking(False)
        host, port = self._session.getsockname()[:2]
        self.told = {"state": state, "from": f"{host} {port}"}

    def seen(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a line, and see whether the other end acknowledges it: which server that is does not matter."""
        if self.told["state"] != "open":
            return {"state": "dead"}
        if ended := self._ended():
            return ended
        try:
            self._session.send(b"\r\n")
        except OSError:
            return {"state": "dead"}
        deadline = time.monotonic() + ANSWER_SECONDS
        while self._unacknowledged():
            if time.monotonic() > deadline:
                return {"state": "dead"}
            # The kernel tells nobody that an acknowledgement has come; the count has to be asked for again.
            time.sleep(PAUSE)
        return self._ended() or {"state": "lives"}

    def _ended(self) -> dict[str, Any] | None:
        """Return how the session ended; None while it has not. What the other end has said is read and forgotten."""
        try:
            while data := self._session.recv(4096):
                del data
        except BlockingIOError:
            return None
        except OSError:
            return {"state": "dead"}
        return {"state": "closed", "why": "the other end closed it by itself"}

    def _unacknowledged(self) -> int:
        """Return how many octets wait to be acknowledged (tcp(7), SIOCOUTQ)."""
        answer = fcntl.ioctl(self._session.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
        return int(struct.unpack("i", answer)[0])
