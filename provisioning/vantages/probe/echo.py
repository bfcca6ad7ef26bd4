"""Asks addresses for echoes at a steady pace (RFC 792, RFC 4443): for lines that nobody stands behind."""

from __future__ import annotations

import os
import socket
import struct
from contextlib import suppress
from typing import Any

from .flow import LOST_AFTER, Flow
from .serving import Serving

ICMP_HEAD = struct.Struct("!BBHHH")
ASK, ANSWER = {"4": 8, "6": 128}, {"4": 0, "6": 129}


class Echo(Serving):
    """Asks the `address` of each of `flows`."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__()
        self._flows: dict[socket.socket, tuple[Flow, str]] = {}
        self._name = int.from_bytes(os.urandom(2), "big")
        for wanted in request["flows"]:
            version = str(wanted["version"])
            if version == "6":
                asking = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
            else:
                asking = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
            asking.setblocking(False)
            flow = Flow(str(wanted["name"]), version, float(request["interval"]))
            self._flows[asking] = flow, str(wanted["address"])
            self.sockets.append(asking)
        self.told = {"flows": [{"name": flow.name, "address": address} for flow, address in self._flows.values()]}

    def take(self, listener: socket.socket) -> None:
        """Take what has come; others' echoes are none of ours."""
        flow, address = self._flows[listener]
        for _ in range(1000):
            try:
                data, sender = listener.recvfrom(2048)
            except OSError:
                return
            if flow.version == "4":
                # The kernel leaves the IP header on.
                data = data[(data[0] & 15) * 4 :] if data else data
            if len(data) > ICMP_HEAD.size and data[0] == ANSWER[flow.version] and sender[0] == address:
                flow.take(data[ICMP_HEAD.size :])

    def pace(self) -> float:
        """Ask when it is time."""
        left = 1.0
        for asking, (flow, address) in self._flows.items():
            while flow.due() <= 0:
                number = flow.next()
                # Where there is no way there, it is lost, as it would be a step further.
                with suppress(OSError):
                    asking.sendto(self._request(flow, number), (address, 0))
            left = min(left, flow.due())
        return left

    def _request(self, flow: Flow, number: int) -> bytes:
        body = flow.packet(number)
        head = ICMP_HEAD.pack(ASK[flow.version], 0, 0, self._name, number & 0xFFFF)
        # The kernel sums up what is sent by ICMPv6 itself (RFC 3542, 3.1).
        checked = _sum(head + body) if flow.version == "4" else 0
        return ICMP_HEAD.pack(ASK[flow.version], 0, checked, self._name, number & 0xFFFF) + body

    def finish(self) -> float:
        """Ask no more, and wait for what may still come back."""
        for flow, _ in self._flows.values():
            flow.ended = True
        return LOST_AFTER

    def settled(self) -> bool:
        """Return whether nothing may come back any more."""
        return not any(flow.awaited for flow, _ in self._flows.values())

    def seen(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what became of the questions; `age` comes last."""
        since = float(request.get("since", 0.0))
        flows = [{**flow.told(since), "address": address} for flow, address in self._flows.values()]
        return {"flows": flows, "age": round(min((flow.age for flow, _ in self._flows.values()), default=0.0), 3)}


def _sum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
