"""What goes on between two requests: a process of its own that watches or serves, and is asked over a nameless socket.

It ends when it was asked to, or when its time is over; it leaves no file.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import time
from typing import Any

from .greeter import Greeter
from .hold import Hold
from .witness import Witness

KINDS: dict[str, type[Greeter] | type[Witness] | type[Hold]] = {"greeter": Greeter, "witness": Witness, "hold": Hold}


def start(request: dict[str, Any]) -> dict[str, Any]:
    """Start something of `kind` under a `token`, for `seconds` at most; return when it works, with what it says."""
    service = KINDS[str(request["kind"])](request)
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.bind(_name(request))
    control.listen(4)
    sys.stdout.flush()
    if os.fork() == 0:
        _serve(service, control, float(request["seconds"]))
    return dict(service.told)


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Return what the thing under a `token` has seen, and end it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(20)
        connection.connect(_name(request))
        connection.sendall(b"end\n")
        data = b""
        while part := connection.recv(65536):
            data += part
    found: dict[str, Any] = json.loads(data)
    return found


def _name(request: dict[str, Any]) -> str:
    # In Linux's abstract namespace (unix(7)); the token is random, and nobody else's to know.
    return f"\0proviso-{request['token']}"


def _serve(service: Greeter | Witness | Hold, control: socket.socket, seconds: float) -> None:
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            ready, _, _ = select.select([control, *service.sockets], [], [], 1)
            for each in ready:
                if each is control:
                    connection, _ = control.accept()
                    with connection:
                        connection.recv(16)
                        connection.sendall(json.dumps(service.seen()).encode())
                    return
                service.take(each)
    finally:
        os._exit(0)
