"""Asks a resolver for a name (RFC 1035)."""

from __future__ import annotations

import os
import socket
import struct
from typing import Any

TIMES = 3
ADDRESS, INTERNET = 1, 1


def resolve(resolver: str, name: str) -> dict[str, Any]:
    """Return the response code and the number of answers; `error` when nobody answers."""
    transaction = os.urandom(2)
    question = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".") if label)
    query = (
        transaction + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 0) + question + struct.pack("!BHH", 0, ADDRESS, INTERNET)
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(2)
        asking.connect((resolver, 53))
        for _ in range(TIMES):
            try:
                asking.send(query)
                answer = asking.recv(2048)
            except OSError:
                continue
            if len(answer) >= 12 and answer[:2] == transaction:
                flags, _, answers = struct.unpack("!HHH", answer[2:8])
                return {"name": name, "rcode": flags & 15, "answers": answers}
    return {"name": name, "error": "no answer"}
