"""A session on another machine: SSH by netmiko, and a channel of its own for each command.

netmiko's own channel is a terminal, which has neither exit codes nor bytes. Commands go beside it, on channels of the
same connection, so that the code is the command's and what is handed in and comes back is exact. Nothing of that
passes netmiko's log; paramiko's names channels, not what is in them.
"""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from provisioning.devices.dial import dial, said_by
from provisioning.devices.known_hosts import known_hosts_about, known_keys
from provisioning.errors import (
    AuthenticationRefused,
    DeviceTimeout,
    DeviceUnreachable,
    HostKeyDiffers,
    UnreadableProject,
)
from provisioning.model.proxy import Proxy
from provisioning.ports import Completed

if TYPE_CHECKING:
    from netmiko import BaseConnection

LARGEST_OUTPUT = 64 * 1024 * 1024
"""Bytes; a machine that says more than this is not one of ours."""

CHUNK = 65536

KNOWN_HOSTS = "Check the path: setting known_hosts_file."

TRY_AGAIN = "Try again; see whether the machine still answers."

DISABLED = {
    "ciphers": [f"aes{bits}-{mode}" for bits in (128, 192, 256) for mode in ("cbc", "ctr")] + ["3des-cbc"],
    "kex": [
        "diffie-hellman-group-exchange-sha1",
        "diffie-hellman-group-exchange-sha256",
        "diffie-hellman-group1-sha1",
        "diffie-hellman-group14-sha1",
    ],
}
"""What is left is AES-GCM, which OpenSSH has had since 6.2, behind curve25519: seconds faster on a small router."""


STEPS = 3
"""Of a connection that may each take their time: agreeing on keys, logging in, opening a shell."""


class _Event(Protocol):
    def wait(self, timeout: float | None) -> bool: ...


class _Channel(Protocol):
    """The parts of paramiko's channel that are used here; paramiko has no types of its own."""

    status_event: _Event

    def exec_command(self, command: str) -> None: ...
    def settimeout(self, timeout: float) -> None: ...
    def sendall(self, data: bytes) -> None: ...
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
            aside = [
                threading.Thread(target=_feed, args=(channel, given), daemon=True),
                threading.Thread(target=_drain, args=(channel, complaints), daemon=True),
            ]
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
        except (OSError, EOFError, _ssh_exception()) as error:
            raise self._lost(f"the connection was lost ({type(error).__name__})") from None
        finally:
            channel.close()
        if code < 0:
            raise self._lost("the connection was lost")
        return Completed(code, output, complaints.decode("utf-8", "replace"))

    def close(self) -> None:
        """End it; ending it twice changes nothing."""
        with suppress(Exception):  # whatever the other side does, it is over
            self._connection.paramiko_cleanup()

    def _open(self, seconds: float) -> _Channel:
        client = getattr(self._connection, "remote_conn_pre", None)
        transport = client.get_transport() if client is not None else None
        if transport is None or not transport.is_active():
            raise self._lost("the connection was lost")
        try:
            return cast(_Channel, transport.open_session(timeout=seconds))
        except (OSError, EOFError, _ssh_exception()) as error:
            raise self._lost(f"the connection was lost ({type(error).__name__})") from None

    def _lost(self, what: str) -> DeviceUnreachable:
        return DeviceUnreachable(what, where=self.where, remedy=TRY_AGAIN)


def _ask(channel: _Channel, command: str, deadline: float) -> None:
    """Ask for a command, and wait for the machine's word on that no longer than until the deadline.

    paramiko waits for it without end: a router that changes its routing just then would hold us up until it goes back.

    Raises:
        TimeoutError: when there is no word.
    """
    overdue = threading.Timer(max(0.0, deadline - time.monotonic()), channel.close)
    overdue.daemon = True
    overdue.start()
    try:
        channel.exec_command(command)
    except (OSError, EOFError, _ssh_exception()):
        if time.monotonic() >= deadline:
            raise TimeoutError from None
        raise
    finally:
        overdue.cancel()


def open_session(
    host: str,
    *,
    port: int = 22,
    user: str,
    key_file: Path,
    known_hosts: Path,
    seconds: float = 15.0,
    proxy: Proxy | None = None,
) -> SshSession:
    """Open a session.

    Args:
        host: name or address, as it stands in `known_hosts`.
        user: account on that machine.
        key_file: private key in OpenSSH's format, without a pass phrase.
        known_hosts: in OpenSSH's format; a machine that is not in it is not spoken to.
        seconds: how long each step of the connection may take.
        proxy: that leads there; None to connect directly.

    Raises:
        DeviceUnreachable: when nobody answers.
        AuthenticationRefused: when it does not let us in.
        ProxyTrouble: when the proxy does not.
        HostKeyDiffers: when the machine's key is not the one on record, or none is.
        UnreadableProject: when the key file or the known hosts cannot be read.
    """
    where = host if port == 22 else f"{host} port {port}"
    _check_files(host, port, key_file, known_hosts)
    from netmiko.exceptions import NetmikoBaseException

    from provisioning.devices.shell_connection import ShellConnection

    # Without a handler, Python prints a library's complaints on standard error; they are told by our own errors.
    for name in ("paramiko", "netmiko"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    with known_hosts_about(known_hosts, host, port, KNOWN_HOSTS) as known:
        connected = dial(host, port, seconds, proxy)
        try:
            with at_most(STEPS * seconds, connected):
                connection = ShellConnection(
                    sock=connected,
                    device_type="linux",
                    host=host,
                    port=port,
                    username=user,
                    use_keys=True,
                    key_file=str(key_file),
                    allow_agent=False,
                    ssh_strict=True,
                    alt_host_keys=True,
                    alt_key_file=str(known),
                    conn_timeout=seconds,
                    auth_timeout=seconds,
                    banner_timeout=seconds,
                    read_timeout_override=seconds,
                    disabled_algorithms=DISABLED,
                )
        except (NetmikoBaseException, OSError, EOFError, ValueError, _ssh_exception()) as error:
            connected.close()
            raise connection_error(error, where, known_hosts, "our key", "Setting ssh_key_file.") from None
    return SshSession(connection, where)


@contextmanager
def at_most(seconds: float, connected: socket.socket) -> Iterator[None]:
    """End a connection when what is done with it takes longer.

    Netmiko opens a shell, and waits an hour for the answer: a router whose address goes away just then says nothing.
    """
    overdue = threading.Timer(seconds, _cut, (connected,))
    overdue.daemon = True
    overdue.start()
    try:
        yield
    finally:
        overdue.cancel()


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _check_files(host: str, port: int, key_file: Path, known_hosts: Path) -> None:
    _check_readable(key_file, "ssh_key_file")
    check_known(host, port, known_hosts, "a router's: `proviso device bootstrap`")


def _check_readable(path: Path, setting: str) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UnreadableProject(reason, where=str(path), remedy=f"Check the path: setting {setting}.") from None


def check_known(host: str, port: int, known_hosts: Path, otherwise: str) -> None:
    """Check that a machine's host key is on record, before anything is sent to it.

    Args:
        otherwise: another way to put it there, for people.

    Raises:
        HostKeyDiffers: when none is.
        UnreadableProject: when the file cannot be read.
    """
    if not known_keys(known_hosts, host, port, KNOWN_HOSTS):
        raise HostKeyDiffers(
            "no host key of this machine is on record",
            where=host,
            remedy=f"Put the key that it has for certain into {known_hosts}; {otherwise}.",
        )


def connection_error(
    error: Exception, where: str, known_hosts: Path, credential: str, remedy: str
) -> DeviceUnreachable | HostKeyDiffers:
    """Return our error for netmiko's, which keeps paramiko's as its context.

    Args:
        credential: what we show to be let in, for people; never a secret.
        remedy: where that is set.
    """
    from netmiko.exceptions import NetmikoAuthenticationException
    from paramiko.ssh_exception import AuthenticationException, BadHostKeyException

    causes = (error, error.__context__)
    if any(isinstance(each, BadHostKeyException) for each in causes):
        return HostKeyDiffers(
            "its host key is not the one on record, so nothing was sent",
            where=where,
            remedy="Another machine may answer in its place. Was it replaced or reinstalled? Then take its old key "
            f"out of {known_hosts} and bootstrap it anew.",
        )
    if any(isinstance(each, NetmikoAuthenticationException | AuthenticationException) for each in causes):
        return AuthenticationRefused(f"it does not let us in with {credential}", where=where, remedy=remedy)
    reason = error.__context__ if isinstance(error.__context__, OSError) else None
    said = said_by(reason) if reason else "no SSH session came about"
    return DeviceUnreachable(f"no connection: {said}", where=where, remedy="Is it switched on, and the line up?")


def _ssh_exception() -> type[Exception]:
    from paramiko.ssh_exception import SSHException

    return cast(type[Exception], SSHException)


def _feed(channel: _Channel, given: bytes) -> None:
    # A command that does not read its input, or ends before it has, is no error of ours: its exit code tells.
    with suppress(OSError, EOFError):
        if given:
            channel.sendall(given)
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
