"""Tells whoever connects with which address it is seen, and sends or receives as fast as it can when asked to."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import Any

CHUNK = 256 * 1024
STEP = 0.25
"""Seconds between two points of a plot."""

LONGEST = 30.0


class Greeter:
    """Listens on a port of its own on each of `addresses`."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.sockets: list[socket.socket] = []
        ports: dict[str, int] = {}
        for address in request["addresses"]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, 0))
            listener.listen(64)
            self.sockets.append(listener)
            ports[address] = listener.getsockname()[1]
        self.told: dict[str, Any] = {"ports": ports}
        self._greeted: list[str] = []

    def take(self, listener: socket.socket) -> None:
        """Greet a caller, each in a thread of its own."""
        connection, peer = listener.accept()
        self._greeted.append(str(peer[0]))
        threading.Thread(target=_greet, args=(connection, str(peer[0])), daemon=True).start()

    def seen(self) -> dict[str, Any]:
        """Return who called."""
        return {"greeted": self._greeted}


def _greet(connection: socket.socket, peer: str) -> None:
    with connection:
        connection.settimeout(LONGEST)
        try:
            wish = connection.makefile("rb").readline(64).split()
            if wish[:1] == [b"send"]:
                send(connection, min(LONGEST, float(wish[1])))
            elif wish[:1] == [b"receive"]:
                connection.sendall(json.dumps(receive(connection)).encode() + b"\n")
            else:
                connection.sendall(json.dumps({"seen_as": peer.replace("::ffff:", "")}).encode() + b"\n")
        except OSError:
            return


def send(connection: socket.socket, seconds: float) -> None:
    """Send as much as passes in a time."""
    data = memoryview(bytes(CHUNK))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        connection.send(data)
    connection.shutdown(socket.SHUT_WR)


def receive(connection: socket.socket) -> dict[str, Any]:
    """Receive until the other side ends; return Mbit/s over all but the start, and over each step."""
    buffer = bytearray(CHUNK)
    points: list[list[float]] = []
    began = time.monotonic()
    mark, step_bytes = began, 0
    while True:
        count = connection.recv_into(buffer)
        now = time.monotonic()
        if not count:
            break
        step_bytes += count
        if now - mark >= STEP:
            points.append([round(now - began, 2), round(step_bytes * 8 / (now - mark) / 1e6, 2)])
            mark, step_bytes = now, 0
    # TCP's slow start is no part of what a line carries.
    steady = [rate for at, rate in points if at > 2 * STEP] or [rate for _, rate in points]
    return {"mbit": round(sum(steady) / len(steady), 2) if steady else 0.0, "points": points}
