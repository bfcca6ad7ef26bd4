"""A new host on a LAN for a moment: a network namespace with one interface of its own on the host's cable."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any

CLONE_NEWNET = 0x40000000
NAME = "proviso0"
PR_SET_PDEATHSIG = 1
"""linux/prctl.h: a signal for when the parent ends."""

UP_SECONDS = 3.0
"""The kernel takes a moment to forget a namespace that has ended, with an interface of the same address."""


def as_new_host(
    interface: str,
    do: Callable[[str, bytes], dict[str, Any]],
    purpose: str = "",
    stay: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Return what a function answers that runs in such a namespace; it is given its interface and MAC address.

    The namespace ends with the function. The host's own addresses and routes are not touched.

    Args:
        purpose: new hosts of several purposes may live at the same time on one host.
        stay: called there after the answer was handed on, unless that tells of an `error`; the namespace ends with it,
            and nobody waits for it.
    """
    ready, begin, result = os.pipe(), os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        _in_namespace(ready[1], begin[0], result[1], do, mac_of_host(purpose), stay)
    for each in (ready[1], begin[0], result[1]):
        os.close(each)
    mac = mac_of_host(purpose)
    if not os.read(ready[0], 1):
        return _ended(child, result[0], wait=True)
    added = subprocess.run(  # noqa: S603 - no shell
        [
            *("ip", "link", "add", "link", interface, "name", NAME, "netns", str(child)),
            *("address", _written(mac), "type", "macvlan", "mode", "bridge"),
        ],
        capture_output=True,
        check=False,
    )
    os.write(begin[1], b"y" if added.returncode == 0 else b"n")
    found = _ended(child, result[0], wait=stay is None)
    if added.returncode:
        return {"error": f"no interface on {interface}: {added.stderr.decode('utf-8', 'replace').strip()}"}
    return found


def _ended(child: int, result: int, *, wait: bool) -> dict[str, Any]:
    data = b""
    while part := os.read(result, 65536):
        data += part
    if wait:
        os.waitpid(child, 0)
    found: dict[str, Any] = json.loads(data or b'{"error": "the new host ended without a word"}')
    return found


def mac_of_host(purpose: str = "") -> bytes:
    """Return the MAC address of the new host: the same on one host each time, so that it keeps its lease."""
    return b"\x02" + hashlib.sha256(f"proviso {socket.gethostname()}{purpose}".encode()).digest()[:5]


def _written(mac: bytes) -> str:
    return ":".join(f"{each:02x}" for each in mac)


def _in_namespace(
    ready: int,
    begin: int,
    result: int,
    do: Callable[[str, bytes], dict[str, Any]],
    mac: bytes,
    stay: Callable[[], None] | None,
) -> None:
    answer: dict[str, Any] = {"error": "no namespace"}
    library = ctypes.CDLL(None, use_errno=True)
    try:
        # When nobody waits any more, what was begun is ended in good order: the lease is given back.
        signal.signal(signal.SIGTERM, _end)
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if library.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "no network namespace: is it root there?")
        os.write(ready, b"y")
        if os.read(begin, 1) == b"y":
            # A new host takes its prefix from the router's advertisement; the address serves at once.
            for name, value in (("accept_ra", "1"), ("accept_dad", "0"), ("addr_gen_mode", "0")):
                with open(f"/proc/sys/net/ipv6/conf/{NAME}/{name}", "w") as file:  # noqa: PTH123
                    file.write(value)
            run("ip", "link", "set", "lo", "up")
            _up()
            answer = do(NAME, mac)
    except (Exception, SystemExit) as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    finally:
        try:
            os.write(result, json.dumps(answer).encode())
            if stay is not None and "error" not in answer:
                # Whoever began it ends now, and it does not.
                library.prctl(PR_SET_PDEATHSIG, 0)
                os.close(result)
                stay()
        finally:
            os._exit(0)


def _end(_signal: int, _frame: object) -> None:
    raise SystemExit


def _up() -> None:
    deadline = time.monotonic() + UP_SECONDS
    while True:
        try:
            run("ip", "link", "set", NAME, "up")
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            # The interface is ours a moment after it was made, and nothing tells when.
            time.sleep(0.1)


def run(*command: str) -> str:
    """Return what a command says.

    Raises:
        OSError: when it fails, with its words.
    """
    done = subprocess.run(command, capture_output=True, timeout=20, check=False)  # noqa: S603 - no shell
    if done.returncode:
        raise OSError(f"{' '.join(command)}: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout.decode("utf-8", "replace")
