"""Sends frames on two interfaces and tells what comes in on them: a JSON object a line on standard input.

Runs in a network namespace of its own, on the standard library alone. What came is told once the sentinel, a frame
that holds a given text, has come in on both.
"""

import json
import os
import select
import socket
import sys
import time

ALL, RECEIVE_BUFFER_FORCED = 3, 33
"""ETH_P_ALL and SO_RCVBUFFORCE (Linux), which Python does not name."""

sockets: dict[str, socket.socket] = {}
for name in sys.argv[1:]:
    sockets[name] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
    sockets[name].setsockopt(socket.SOL_SOCKET, RECEIVE_BUFFER_FORCED, 8 << 20)
    sockets[name].bind((name, 0))


def come_in(until: bytes, seconds: float) -> list[list[str]]:
    """Return what came in before the sentinels, one on each interface; frames pass the router in their order."""
    found: list[list[str]] = []
    waiting = dict(sockets)
    deadline = time.monotonic() + seconds
    while waiting and time.monotonic() < deadline:
        ready, _, _ = select.select(list(waiting.values()), [], [], 0.05)
        for each in ready:
            frame, (name, _, kind, *_) = each.recvfrom(4096)
            if kind == socket.PACKET_OUTGOING:
                continue
            if until in frame:
                del waiting[name]
            else:
                found.append([name, frame.hex()])
    if waiting:
        raise SystemExit("a sentinel did not come back")
    return found


# One processor only: two might pass frames by one another.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    for name, frame in asked["send"]:
        sockets[name].send(bytes.fromhex(frame))
    print(json.dumps(come_in(asked["until"].encode(), asked["seconds"])), flush=True)
