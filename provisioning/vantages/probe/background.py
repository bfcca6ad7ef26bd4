"""What goes on between two requests: a process of its own that watches or serves, and is asked over a nameless socket.

It ends when it was asked to, or when its time is over; it leaves no file.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from .echo import Echo
from .greeter import Greeter
from .hold import Hold
from .namespace import as_new_host
from .reflector import Reflector
from .serving import Serving
from .stream import LanStream, Stream
from .witness import Witness

KINDS: dict[str, Callable[[dict[str, Any]], Serving]] = {
    "greeter": Greeter,
    "witness": Witness,
    "hold": Hold,
    "reflector": Reflector,
    "echo": Echo,
    "stream": Stream,
}
PURPOSE = "stream"
"""Makes the new host another one than that of the checks, which are made while it sends."""

LEFT_SECONDS = 10.0
"""After which a stream that was told to end, and hands its lease back, is no longer waited for."""


def start(request: dict[str, Any]) -> dict[str, Any]:
    """Start something of `kind` under a `token`, for `seconds` at most; return when it works, with what it says.

    A stream with an `interface` is sent by a new host on the LAN there, which lives as long as the stream. There is
    one such host at a time: a stream whose owner was killed ends when the next begins, and does not stand in its way.
    """
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.bind(_name(request))
    control.listen(4)
    sys.stdout.flush()
    seconds = float(request["seconds"])
    if "interface" in request:
        held: list[Serving] = []
        alone = _alone(str(request["interface"]))

        def begin(interface: str, mac: bytes) -> dict[str, Any]:
            held.append(LanStream(request, interface, mac))
            return dict(held[0].told)

        def stay() -> None:
            _serve(held[0], control, seconds, alone)

        return as_new_host(str(request["interface"]), begin, purpose=PURPOSE, stay=stay)
    service = KINDS[str(request["kind"])](request)
    if os.fork() == 0:
        _serve(service, control, seconds)
    return dict(service.told)


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Return what the thing under a `token` has seen, and end it; with `end` false it goes on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(40)
        connection.connect(_name(request))
        asked = {key: value for key, value in request.items() if key != "token"}
        connection.sendall(json.dumps({"end": True, **asked}).encode() + b"\n")
        data = b""
        while part := connection.recv(65536):
            data += part
    found: dict[str, Any] = json.loads(data)
    return found


def _name(request: dict[str, Any]) -> str:
    # In Linux's abstract namespace (unix(7)); the token is random, and nobody else's to know.
    return f"\0proviso-{request['token']}"


def _alone(interface: str) -> socket.socket:
    """Return what only one stream on a LAN has; whoever calls there ends it. The one before it is called so."""
    name, deadline = f"\0proviso-{PURPOSE}-{interface}", time.monotonic() + LEFT_SECONDS
    while True:
        alone = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            alone.bind(name)
        except OSError:
            alone.close()
            if time.monotonic() > deadline:
                raise
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as before:
                before.connect(name)
            # It lets go of the name when it has handed its lease back, and tells nobody.
            time.sleep(0.1)
        else:
            alone.listen(4)
            return alone


def _is_ours(caller: socket.socket) -> bool:
    """Return whether a caller is of the same user: names in Linux's abstract namespace are anybody's to call."""
    with caller:
        _, user, _ = struct.unpack(
            "3i", caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        )
    return bool(user == os.getuid())


def _serve(service: Serving, control: socket.socket, seconds: float, alone: socket.socket | None = None) -> None:
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Whoever answers in between is nobody's to wait for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        _until_asked(service, control, time.monotonic() + seconds, alone)
    finally:
        try:
            service.close()
        finally:
            os._exit(0)


def _until_asked(service: Serving, control: socket.socket, deadline: float, alone: socket.socket | None) -> None:
    others = (control, alone) if alone is not None else (control,)
    while time.monotonic() < deadline:
        for each in _ready(service, *others):
            if each is alone:
                if _is_ours(alone.accept()[0]):
                    return
                continue
            if each is not control:
                service.take(each)
                continue
            connection, _ = control.accept()
            with connection:
                request = _request(connection)
                if request["end"]:
                    _finish(service)
                    connection.sendall(json.dumps(service.seen(request)).encode())
                    return
                # To sum up may take longer than until the next packet is due: a copy of this process does it.
                if os.fork() == 0:
                    _answer(service, connection, request)


def _ready(service: Serving, *others: socket.socket) -> list[socket.socket]:
    left = service.pace()
    ready, _, _ = select.select([*others, *service.sockets], [], [], min(max(left, 0.0), 1.0))
    return ready


def _request(connection: socket.socket) -> dict[str, Any]:
    connection.settimeout(2)
    try:
        asked: dict[str, Any] = json.loads(connection.makefile("rb").readline(65536))
    except (OSError, ValueError):
        # Somebody who has gone again must not end it.
        return {"end": False}
    return asked


def _finish(service: Serving) -> None:
    deadline = time.monotonic() + service.finish()
    while not service.settled() and time.monotonic() < deadline:
        for each in _ready(service):
            service.take(each)


def _answer(service: Serving, connection: socket.socket, request: dict[str, Any]) -> None:
    try:
        connection.settimeout(20)
        connection.sendall(json.dumps(service.seen(request)).encode())
    finally:
        os._exit(0)
