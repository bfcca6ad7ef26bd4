"""A session on another machine: a channel of its own for each command on a connection of netmiko's.

netmiko's own channel is a terminal, which has neither exit codes nor bytes. Commands go beside it, on channels of the
same connection, so that the code is the command's and what is handed in and comes back is exact. Nothing of that
passes netmiko's log; paramiko's names channels, not what is in them.
"""

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, cast

from provisioning.devices.dial import lost_words
from provisioning.errors import DeviceTimeout, DeviceUnreachable
from provisioning.ports import Completed

if TYPE_CHECKING:
    from netmiko import BaseConnection
    from paramiko import SSHClient, Transport

LARGEST_OUTPUT = 64 * 1024 * 1024
"""Bytes; a machine that says more than this is not one of ours."""

CHUNK = 65536

TRY_AGAIN = "Try again; see whether the machine still answers."


class _Event(Protocol):
    def wait(self, timeout: float | None) -> bool: ...


class _Channel(Protocol):
    """The parts of paramiko's channel that are used here; paramiko has no types of its own."""

    status_event: _Event
    lock: threading.RLock
    out_buffer_cv: threading.Condition

    def exec_command(self, command: str) -> None: ...
    def settimeout(self, timeout: float) -> None: ...
    def send(self, data: bytes) -> int: ...
    def shutdown_write(self) -> None: ...
    def recv(self, size: int) -> bytes: ...
    def recv_stderr(self, size: int) -> bytes: ...
    def recv_exit_status(self) -> int: ...
    def close(self) -> None: ...


class SshSession:
    """A session on one machine.

    Args:
        connection: that is up.
        where: the machine, for errors.
    """

    def __init__(self, connection: "BaseConnection", where: str) -> None:
        self._connection = connection
        self.where = where

    def run(self, command: str, *, given: bytes = b"", seconds: float = 30.0) -> Completed:
        """Run a command of that machine's shell, with `given` as its standard input.

        Raises:
            DeviceUnreachable: when the connection is lost or the answer takes longer.
        """
        deadline = time.monotonic() + seconds
        channel = self._open(seconds)
        complaints = bytearray()
        try:
            channel.settimeout(seconds)
            _ask(channel, command, deadline)
            aside = [threading.Thread(target=_drain, args=(channel, complaints), daemon=True)]
            if given:
                aside.append(threading.Thread(target=_feed, args=(channel, given), daemon=True))
            else:
                _feed(channel, b"")  # nothing that could keep anybody waiting
            for each in aside:
                each.start()
            output = _read(channel, deadline)
            for each in aside:
                each.join(max(0.0, deadline - time.monotonic()))
            if not channel.status_event.wait(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            code = channel.recv_exit_status()
        except TimeoutError:
            raise DeviceTimeout(f"no answer within {seconds:.0f} s", where=self.where, remedy=TRY_AGAIN) from None
        except (OSError, EOFError, ssh_exception()) as error:
            raise self._lost(lost_words(error)) from None
        finally:
            channel.close()
        if code < 0:
            raise self._lost(self._ended_words())
        return Completed(code, output, complaints.decode("utf-8", "replace"))

    def close(self) -> None:
        """End it; ending it twice changes nothing."""
        with suppress(Exception):  # whatever the other side does, it is over
            self._connection.paramiko_cleanup()

    def _open(self, seconds: float) -> _Channel:
        transport = self._transport()
        if transport is None or not transport.is_active():
            raise self._lost(self._ended_words())
        try:
            channel = cast(_Channel, transport.open_session(timeout=seconds))
        except (OSError, EOFError, ssh_exception()) as error:
            raise self._lost(lost_words(error)) from None
        channel.lock = threading.RLock()  # so that it can be held while something is sent
        channel.out_buffer_cv = threading.Condition(channel.lock)
        return channel

    def _transport(self) -> "Transport | None":
        client: SSHClient | None = getattr(self._connection, "remote_conn_pre", None)
        return client.get_transport() if client is not None else None

    def _ended_words(self) -> str:
        """Return for people what became of a command that ended without an exit code."""
        transport = self._transport()
        # Of a transport that ends, the reason is there first; its channels end after that, and only then is it down.
        reason = transport.saved_exception if transport is not None else None
        if reason is not None:
            return lost_words(reason)
        if transport is not None and transport.is_active():
            return "the command was ended there, without an exit code"
        return "the connection had ended before"

    def _lost(self, what: str) -> DeviceUnreachable:
        return DeviceUnreachable(what, where=self.where, remedy=TRY_AGAIN)


def _ask(channel: _Channel, command: str, deadline: float) -> None:
    """Ask for a command, and wait for the machine's word on that no longer than until the deadline.

    paramiko waits for it without end: a router that changes its routing just then would hold us up until it goes back.

    Raises:
        TimeoutError: when there is no word.
    """
    overdue = threading.Timer(max(0.0, deadline - time.monotonic()), _end, (channel,))
    overdue.daemon = True
    overdue.start()
    try:
        channel.exec_command(command)
    except (OSError, EOFError, ssh_exception()):
        if time.monotonic() >= deadline:
            raise TimeoutError from None
        raise
    finally:
        overdue.cancel()


def _end(channel: _Channel) -> None:
    with suppress(OSError, EOFError, ssh_exception()):
        channel.close()


def ssh_exception() -> type[Exception]:
    """Return what paramiko raises, without loading it before it is needed."""
    from paramiko.ssh_exception import SSHException

    return cast(type[Exception], SSHException)


def _feed(channel: _Channel, given: bytes) -> None:
    """Hand a command its input, and tell it that this is all.

    paramiko makes a message under its channel's lock, and sends it without. When the command ends in between, the
    channel's end goes out first; a server that is then told something on a channel that is no more ends the whole
    connection (OpenSSH, channels.c: "packet referred to nonexistent channel"). So the lock is held until it is sent.
    """
    # A command that does not read its input, or ends before it has, is no error of ours: its exit code tells.
    with suppress(OSError, EOFError):
        for begin in range(0, len(given), CHUNK):
            part = given[begin : begin + CHUNK]
            while part:
                with channel.lock:
                    part = part[channel.send(part) :]
        with channel.lock:
            channel.shutdown_write()


def _drain(channel: _Channel, into: bytearray) -> None:
    with suppress(OSError):
        while (part := channel.recv_stderr(CHUNK)) and len(into) < LARGEST_OUTPUT:
            into += part


def _read(channel: _Channel, deadline: float) -> bytes:
    output = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        channel.settimeout(left)
        part = channel.recv(CHUNK)
        if not part:
            return bytes(output)
        output += part
        if len(output) > LARGEST_OUTPUT:
            raise ConnectionAbortedError
