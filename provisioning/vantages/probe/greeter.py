"""Tells whoever connects with which address it is seen, and sends or receives as fast as it can when asked to."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import Any

from .serving import Serving

CHUNK = 256 * 1024
STEP = 0.25
"""Seconds between two points of a plot."""

LONGEST = 30.0


class Greeter(Serving):
    """Listens on a port of its own on each of `addresses`."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__()
        ports: dict[str, int] = {}
        for address in request["addresses"]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, 0))
            listener.listen(64)
            self.sockets.append(listener)
            ports[address] = listener.getsockname()[1]
        self.told = {"ports": ports}
        self._greeted: list[str] = []

    def take(self, listener: socket.socket) -> None:
        """Greet a caller, each in a thread of its own."""
        connection, peer = listener.accept()
        self._greeted.append(str(peer[0]))
        threading.Thread(target=_greet, args=(connection, str(peer[0])), daemon=True).start()

    def seen(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return who called."""
        return {"greeted": self._greeted}


def _greet(connection: socket.socket, peer: str) -> None:
    with connection:
        connection.settimeout(LONGEST)
        try:
            wish = connection.makefile("rb").readline(64).split()
            if wish[:1] == [b"send"]:
                send(connection, min(LONGEST, float(wish[1])), int(wish[2]) if len(wish) > 2 else None)
            elif wish[:1] == [b"receive"]:
                connection.sendall(json.dumps(receive(connection)).encode() + b"\n")
            else:
                connection.sendall(json.dumps({"seen_as": peer.replace("::ffff:", "")}).encode() + b"\n")
        except OSError:
            return


def send(connection: socket.socket, seconds: float, most: int | None = None) -> None:
    """Send as much as passes in a time, and no more than so many bytes: a mobile bearer has its price."""
    data = memoryview(bytes(CHUNK))
    deadline, left = time.monotonic() + seconds, most
    while time.monotonic() < deadline and left != 0:
        sent = connection.send(data if left is None else data[:left])
        left = None if left is None else left - sent
    connection.shutdown(socket.SHUT_WR)


def receive(connection: socket.socket) -> dict[str, Any]:
    """Receive until the other side ends; return Mbit/s over all but the start, and over each step."""
    buffer = bytearray(CHUNK)
    points: list[list[float]] = []
    began = time.monotonic()
    mark, step_bytes, whole = began, 0, 0
    while True:
        count = connection.recv_into(buffer)
        now = time.monotonic()
        if not count:
            break
        step_bytes += count
        whole += count
        if now - mark >= STEP:
            points.append([round(now - began, 2), round(step_bytes * 8 / (now - mark) / 1e6, 2)])
            mark, step_bytes = now, 0
    # TCP's slow start is no part of what a line carries.
    steady = [rate for at, rate in points if at > 2 * STEP] or [rate for _, rate in points]
    if not steady and whole:
        steady = [whole * 8 / max(now - began, 1e-3) / 1e6]
    return {"mbit": round(sum(steady) / len(steady), 2) if steady else 0.0, "points": points}
