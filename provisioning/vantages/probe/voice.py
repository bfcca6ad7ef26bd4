"""Asks telephony whether it answers: a SIP request (RFC 3261, 11), and a datagram like those of RTP (RFC 3550)."""

from __future__ import annotations

import os
import socket
import struct
import time
from typing import Any

SIP_PORT, MEDIA_PORT = 5060, 16384
"""Media: the first of the ports that gateways use for it most."""

SECONDS = 3.0
AGAIN = 0.5
"""As often as SIP asks again itself (RFC 3261, 17.1.2.1, T1)."""


def voice(target: str, own: str) -> dict[str, Any]:
    """Return whether a host of telephony answers by `sip` and by `media`.

    Args:
        own: address to ask from.
    """
    seen: dict[str, Any] = {"address": target, "from": own}
    try:
        seen["sip"] = _answers(own, target, SIP_PORT, lambda port: _options(target, own, port), b"SIP/2.0 ")
        seen["media"] = _answers(own, target, MEDIA_PORT, lambda _: _speech(), b"\x80")
    except OSError as error:
        seen["error"] = str(error)
    return seen


def _answers(own: str, target: str, port: int, packet: Any, expected: bytes) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((own, 0))
        data = packet(int(asking.getsockname()[1]))
        deadline = time.monotonic() + SECONDS
        while (left := deadline - time.monotonic()) > 0:
            asking.settimeout(min(AGAIN, left))
            try:
                asking.sendto(data, (target, port))
                answer, sender = asking.recvfrom(2048)
            except TimeoutError:
                continue
            except OSError:
                # The router says that it does not let it pass: it may be told by each packet, or once.
                time.sleep(min(AGAIN, left))
                continue
            if sender[0] == target and answer.startswith(expected):
                return True
    return False


def _options(target: str, own: str, port: int) -> bytes:
    token = os.urandom(8).hex()
    there, here = (f"[{each}]" if ":" in each else each for each in (target, own))
    lines = (
        f"OPTIONS sip:{there} SIP/2.0",
        f"Via: SIP/2.0/UDP {here}:{port};rport;branch=z9hG4bK{token}",
        "Max-Forwards: 70",
        f"From: <sip:proviso@{here}>;tag={token}",
        f"To: <sip:{there}>",
        f"Call-ID: {token}@proviso",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:proviso@{here}:{port}>",
        "Accept: application/sdp",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _speech() -> bytes:
    """Return 20 ms of silence in PCMU (RFC 3551, 4.5.14)."""
    return struct.pack("!BBHI4s", 0x80, 0, 1, 160, os.urandom(4)) + b"\xff" * 160
