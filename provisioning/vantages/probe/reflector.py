"""Sends numbered packets back to whoever sent them, and remembers by stream from which addresses they came."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

from .flow import read
from .serving import Serving

BUFFER = 1024 * 1024
TRIES = 20
MOST_STREAMS, MOST_SENDERS, MOST_SESSIONS = 1000, 16, 1000


class Reflector(Serving):
    """Listens on each of `addresses`: on one port for packets and for sessions, whose bytes it gives back as well."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__()
        ports: dict[str, int] = {}
        self._listeners: set[socket.socket] = set()
        self._packets: set[socket.socket] = set()
        self._streams: dict[bytes, dict[str, Any]] = {}
        for address in request["addresses"]:
            ports[address] = self._listen(address)
        self.told = {"ports": ports}

    def _listen(self, address: str) -> int:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        for _ in range(TRIES):
            listener = socket.socket(family, socket.SOCK_STREAM)
            packets = socket.socket(family, socket.SOCK_DGRAM)
            listener.bind((address, 0))
            port = int(listener.getsockname()[1])
            try:
                packets.bind((address, port))
            except OSError:
                # Somebody has that port for packets.
                listener.close()
                packets.close()
                continue
            listener.listen(64)
            packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            packets.setblocking(False)
            self._listeners.add(listener)
            self._packets.add(packets)
            self.sockets += [listener, packets]
            return port
        raise OSError(f"no port is free on {address}")

    def take(self, listener: socket.socket) -> None:
        """Give back what has come."""
        if listener in self._packets:
            self._reflect(listener)
        elif listener in self._listeners:
            connection, _ = listener.accept()
            if len(self.sockets) > MOST_SESSIONS:
                connection.close()
                return
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets.append(connection)
        else:
            self._answer(listener)

    def _reflect(self, packets: socket.socket) -> None:
        for _ in range(100):
            try:
                data, sender = packets.recvfrom(2048)
            except OSError:
                return
            found = read(data)
            if found is None:
                continue
            # Where the way back is cut as well, it is lost for the sender.
            with suppress(OSError):
                packets.sendto(data, sender)
            self._remember(found[0], str(sender[0]).replace("::ffff:", ""))

    def _remember(self, stream: bytes, sender: str) -> None:
        if stream not in self._streams and len(self._streams) < MOST_STREAMS:
            self._streams[stream] = {"packets": 0, "from": []}
        if stream in self._streams:
            seen = self._streams[stream]
            seen["packets"] += 1
            if sender not in seen["from"] and len(seen["from"]) < MOST_SENDERS:
                seen["from"].append(sender)

    def _answer(self, session: socket.socket) -> None:
        try:
            data = session.recv(4096)
            if data:
                session.send(data)
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.sockets.remove(session)
        session.close()

    def seen(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return by stream how many packets came, and from where."""
        return {"reflected": [{"id": own.hex(), **seen} for own, seen in self._streams.items()]}
