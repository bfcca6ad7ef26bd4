"""Asks a DHCP server for an address, as a host does that has none yet (RFC 2131): by raw packets, past the kernel."""

from __future__ import annotations

import os
import socket
import struct
import time
from typing import Any

IPV4 = 0x0800
EVERYBODY = b"\xff" * 6
DISCOVER, OFFER, REQUEST, ACK, NAK, RELEASE = 1, 2, 3, 5, 6, 7
MASK, ROUTER, RESOLVERS, REQUESTED, KIND, SERVER, WANTED, END = 1, 3, 6, 50, 53, 54, 55, 255
COOKIE = b"\x63\x82\x53\x63"
AGAIN = 1.0
"""Seconds after which a question is asked again."""


class DhcpClient:
    """A client on one interface."""

    def __init__(self, interface: str, mac: bytes) -> None:
        self._mac = mac
        self._transaction = os.urandom(4)
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(IPV4))
        self._socket.bind((interface, IPV4))
        self._interface = interface

    def lease(self, seconds: float) -> dict[str, Any]:
        """Return address, prefix length, router and resolvers that a server lends; `error` when none does."""
        deadline = time.monotonic() + seconds
        offer = self._ask({KIND: bytes([DISCOVER]), WANTED: bytes([MASK, ROUTER, RESOLVERS])}, (OFFER,), deadline)
        if offer is None:
            return {"error": "no server made an offer"}
        address, options = offer
        chosen = {REQUESTED: address, SERVER: options.get(SERVER, b"")}
        wanted = {KIND: bytes([REQUEST]), **chosen, WANTED: bytes([MASK, ROUTER, RESOLVERS])}
        answer = self._ask(wanted, (ACK, NAK), deadline)
        if answer is None or answer[1].get(KIND) != bytes([ACK]):
            return {"error": "the server took its offer back"}
        address, options = answer
        return {
            "address": socket.inet_ntoa(address),
            "prefix": bin(int.from_bytes(options.get(MASK, b"\xff" * 4)[:4], "big")).count("1"),
            "router": socket.inet_ntoa(options[ROUTER][:4]) if len(options.get(ROUTER, b"")) >= 4 else "",
            "resolvers": _addresses(options.get(RESOLVERS, b"")),
            "server": socket.inet_ntoa(options[SERVER][:4]) if len(options.get(SERVER, b"")) >= 4 else "",
        }

    def release(self, lease: dict[str, Any]) -> None:
        """Give an address back."""
        if not lease["server"]:
            return
        address = socket.inet_aton(str(lease["address"]))
        options = {KIND: bytes([RELEASE]), SERVER: socket.inet_aton(str(lease["server"]))}
        self._send(options, held=address)

    def _ask(
        self, options: dict[int, bytes], answers: tuple[int, ...], deadline: float
    ) -> tuple[bytes, dict[int, bytes]] | None:
        while time.monotonic() < deadline:
            self._send(options)
            again = min(deadline, time.monotonic() + AGAIN)
            while (left := again - time.monotonic()) > 0:
                self._socket.settimeout(left)
                try:
                    found = _answer(self._socket.recv(2048), self._transaction)
                except TimeoutError:
                    break
                if found is not None and int.from_bytes(found[1].get(KIND, b""), "big") in answers:
                    return found
        return None

    def _send(self, options: dict[int, bytes], held: bytes = b"\0" * 4) -> None:
        head = struct.pack("!BBBB4sHH", 1, 1, 6, 0, self._transaction, 0, 0x8000)
        body = head + held + b"\0" * 12 + self._mac + b"\0" * 10 + b"\0" * 192 + COOKIE
        for code, value in options.items():
            body += bytes([code, len(value)]) + value
        body += bytes([END])
        datagram = struct.pack("!HHHH", 68, 67, 8 + len(body), 0) + body
        self._socket.sendto(_ipv4(datagram), (self._interface, IPV4, 0, 0, EVERYBODY))


def _ipv4(datagram: bytes) -> bytes:
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 0, 0, 64, 17, 0, b"\0" * 4, b"\xff" * 4)
    total = sum(struct.unpack("!10H", head))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return head[:10] + struct.pack("!H", ~total & 0xFFFF) + head[12:] + datagram


def _answer(packet: bytes, transaction: bytes) -> tuple[bytes, dict[int, bytes]] | None:
    """Return the address and the options of a server's answer to us."""
    length = (packet[0] & 15) * 4 if packet else 0
    body = packet[length + 8 :]
    if len(packet) < length + 8 or packet[9] != 17 or len(body) < 240 or body[236:240] != COOKIE:
        return None
    if body[0] != 2 or body[4:8] != transaction:
        return None
    options: dict[int, bytes] = {}
    at = 240
    while at + 1 < len(body) and body[at] != END:
        if body[at] == 0:
            at += 1
            continue
        options[body[at]] = body[at + 2 : at + 2 + body[at + 1]]
        at += 2 + body[at + 1]
    return body[16:20], options


def _addresses(data: bytes) -> list[str]:
    return [socket.inet_ntoa(data[at : at + 4]) for at in range(0, len(data) - 3, 4)]
