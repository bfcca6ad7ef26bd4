"""The characters of a session on a command line, there and back, each way bounded in time."""

import time
from typing import Protocol

import paramiko

from provisioning.devices.dial import lost_words
from provisioning.errors import DeviceTimeout, DeviceUnreachable

SEND_SECONDS = 30.0
"""How long a device may take to take what is typed."""

_AT_ONCE = 65536


class Wire(Protocol):
    """The parts of paramiko's channel that are used; paramiko has no types of its own."""

    def settimeout(self, timeout: float) -> None:
        """Bound what comes after it, in seconds."""

    def sendall(self, data: bytes) -> None:
        """Send."""

    def recv(self, size: int) -> bytes:
        """Return what has come, or nothing when the other end has gone."""


def send(wire: Wire, text: str, *, where: str) -> None:
    """Send what somebody would type.

    Raises:
        DeviceUnreachable: when the connection is lost.
    """
    try:
        wire.settimeout(SEND_SECONDS)
        wire.sendall(text.encode("utf-8"))
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise lost(error, where) from None


def receive(wire: Wire, deadline: float, *, command: str, where: str) -> bytes:
    """Return what has come, waiting for it.

    Args:
        deadline: by the monotonic clock.
        command: that it answers, for errors.

    Raises:
        DeviceTimeout: when nothing comes in time.
        DeviceUnreachable: when the connection is lost.
    """
    left = deadline - time.monotonic()
    try:
        if left <= 0:
            raise TimeoutError
        wire.settimeout(left)
        part = wire.recv(_AT_ONCE)
    except TimeoutError:
        raise DeviceTimeout(
            f"no whole answer to `{command}` in time",
            where=where,
            remedy="Try again; see whether it is overloaded.",
        ) from None
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise lost(error, where) from None
    if not part:
        raise lost(EOFError(), where)
    return part


def lost(error: Exception, where: str) -> DeviceUnreachable:
    """Return what to raise when a connection is lost."""
    return DeviceUnreachable(
        lost_words(error),
        where=where,
        remedy="Try again; see whether the machine still answers.",
    )
