"""Opening a session on another machine: its key checked, every step bounded in time, each trouble told by its kind."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioning.devices.dial import dial, said_by
from provisioning.devices.known_hosts import known_hosts_about, known_keys
from provisioning.devices.session import SshSession, ssh_exception
from provisioning.errors import (
    AuthenticationRefused,
    DeviceUnreachable,
    HostKeyDiffers,
    ProvisoError,
    UnreadableProject,
)
from provisioning.model.proxy import Proxy
from provisioning.model.secret import Secret

KNOWN_HOSTS = "Check the path: setting known_hosts_file."

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
    check_files(host, port, key_file, known_hosts)
    from provisioning.devices.shell_connection import ShellConnection

    keep_quiet()
    with known_hosts_about(known_hosts, host, port, KNOWN_HOSTS) as known:
        connected = dial(host, port, seconds, proxy)
        with opening(connected, Login(host, port, user, key_file), known, known_hosts, seconds, where) as arguments:
            connection = ShellConnection(
                device_type="linux", read_timeout_override=seconds, disabled_algorithms=DISABLED, **arguments
            )
    return SshSession(connection, where)


@dataclass(frozen=True, slots=True)
class Login:
    """Where a session is opened, as whom, and by what.

    Attributes:
        key_file: private key in OpenSSH's format; None where the machine takes passwords only.
        password: None where it takes keys.
        set_by: where the password is set, for people.
    """

    host: str
    port: int
    user: str
    key_file: Path | None = None
    password: Secret | None = None
    set_by: str = ""


@contextmanager
def opening(
    connected: socket.socket, login: Login, known: Path, known_hosts: Path, seconds: float, where: str
) -> Iterator[dict[str, Any]]:
    """Yield netmiko's arguments for a session over a connection, which is closed where none comes about.

    Args:
        known: the host's keys alone.
        known_hosts: where they come from, for people.
        seconds: how long each step may take.
        where: what the machine is called in errors.

    Raises:
        AuthenticationRefused: when it does not let us in.
        DeviceUnreachable: when no session comes about.
        HostKeyDiffers: when its key is not the one on record.
    """
    from netmiko.exceptions import NetmikoBaseException

    try:
        with at_most(STEPS * seconds, connected):
            yield {
                "sock": connected,
                "host": login.host,
                "port": login.port,
                "username": login.user,
                "password": login.password.reveal() if login.password is not None else None,
                "use_keys": login.key_file is not None,
                "key_file": str(login.key_file) if login.key_file is not None else None,
                "allow_agent": False,
                "ssh_strict": True,
                "alt_host_keys": True,
                "alt_key_file": str(known),
                "conn_timeout": seconds,
                "auth_timeout": seconds,
                "banner_timeout": seconds,
            }
    except ProvisoError as error:
        connected.close()
        error.where = where
        raise
    except (NetmikoBaseException, OSError, EOFError, ValueError, ssh_exception()) as error:
        connected.close()
        raise connection_error(error, where, known_hosts, login) from None


def keep_quiet() -> None:
    """Give libraries' complaints a handler: without one, Python prints them; they are told by our own errors."""
    for name in ("paramiko", "netmiko"):
        logging.getLogger(name).addHandler(logging.NullHandler())


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


def check_files(host: str, port: int, key_file: Path, known_hosts: Path) -> None:
    """Check that the key can be read and a machine's host key is on record, before anything is sent to it.

    Raises:
        HostKeyDiffers: when no host key of the machine is on record.
        UnreadableProject: when one of the files cannot be read.
    """
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
    error: Exception, where: str, known_hosts: Path, login: Login | None = None
) -> DeviceUnreachable | HostKeyDiffers:
    """Return our error for netmiko's, which keeps paramiko's as its context.

    Args:
        login: as whom, where that was by a password.
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
        if login is None or login.password is None:
            return AuthenticationRefused(
                "it does not let us in with our key", where=where, remedy="Setting ssh_key_file."
            )
        return AuthenticationRefused(
            f"it does not let us in with the password of `{login.user}`", where=where, remedy=login.set_by
        )
    reason = error.__context__ if isinstance(error.__context__, OSError) else None
    said = said_by(reason) if reason else "no SSH session came about"
    return DeviceUnreachable(f"no connection: {said}", where=where, remedy="Is it switched on, and the line up?")
