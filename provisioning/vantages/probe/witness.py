"""Sees what arrives at a host, before any of its own rules does anything about it: each new call and datagram."""

from __future__ import annotations

import socket
import struct
from typing import Any

from .client import own_addresses
from .serving import Serving

ALL_PROTOCOLS = 3
"""ETH_P_ALL in linux/if_ether.h."""

IPV4, IPV6, TCP, UDP = 0x0800, 0x86DD, 6, 17
SYN, ACK = 0x02, 0x10
OUTGOING = 4
"""PACKET_OUTGOING in linux/if_packet.h."""

MOST = 20000


class Witness(Serving):
    """Watches all interfaces for what goes to `watched` addresses; `name` is what it calls itself."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__()
        listener = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL_PROTOCOLS))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024 * 1024)
        self.sockets = [listener]
        self._watched = set(request["watched"])
        self._name = str(request["name"])
        self._arrivals: dict[tuple[str, str, str, int], None] = {}
        self.told = own_addresses()

    def take(self, listener: socket.socket) -> None:
        """Look at a packet."""
        data, (_, protocol, kind, *_) = listener.recvfrom(256)
        if kind == OUTGOING or len(self._arrivals) >= MOST:
            return
        call = _ipv4(data) if protocol == IPV4 else _ipv6(data) if protocol == IPV6 else None
        if call is not None and call[2] in self._watched:
            self._arrivals[call] = None

    def seen(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what arrived."""
        while True:
            try:
                self.sockets[0].setblocking(False)
                self.take(self.sockets[0])
            except BlockingIOError:
                break
        arrivals = [
            {"protocol": protocol, "from": source, "to": target, "port": port}
            for protocol, source, target, port in self._arrivals
        ]
        return {"name": self._name, "sniffs": True, "arrivals": arrivals}


def _ipv4(data: bytes) -> tuple[str, str, str, int] | None:
    if len(data) < 20 or data[0] >> 4 != 4:
        return None
    length = (data[0] & 15) * 4
    return _call(
        data[9],
        socket.inet_ntop(socket.AF_INET, data[12:16]),
        socket.inet_ntop(socket.AF_INET, data[16:20]),
        data[length:],
    )


def _ipv6(data: bytes) -> tuple[str, str, str, int] | None:
    if len(data) < 40:
        return None
    return _call(
        data[6],
        socket.inet_ntop(socket.AF_INET6, data[8:24]),
        socket.inet_ntop(socket.AF_INET6, data[24:40]),
        data[40:],
    )


def _call(protocol: int, source: str, target: str, segment: bytes) -> tuple[str, str, str, int] | None:
    """Return a new call: a datagram, or the first segment of a connection."""
    if protocol not in (TCP, UDP) or len(segment) < (14 if protocol == TCP else 4):
        return None
    source_port, port = struct.unpack_from("!HH", segment)
    if protocol == TCP and segment[13] & (SYN | ACK) != SYN:
        return None
    return ("tcp" if protocol == TCP else "udp", f"{source} {source_port}", target, port)
