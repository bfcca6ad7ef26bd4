"""Tells the head of the audit to syslog: whoever rewrites the store later cannot rewrite what stands there.

A message is `<86>proviso[PID]: audit head number=N digest=HEX`, facility authpriv, severity info. It carries no time
and no host: whoever takes it puts his own (RFC 3164, section 4.3.3), which the local sockets of rsyslog, syslog-ng
and journald read alike; RFC 5424's own header is not read on them. Python's SysLogHandler is not used: where its
first try times out, its second waits for ever.
"""

import errno
import os
import socket
from contextlib import suppress

from provisioning.model.audit import AuditEntry

SECONDS = 2.0
"""How long a socket that nobody empties may hold us up."""

_AUTHPRIV, _INFO = 10, 6
_PRIORITY = _AUTHPRIV * 8 + _INFO
_PORT = 514
_NOBODY_LISTENS = (errno.ENOENT, errno.ENOTDIR, errno.ECONNREFUSED, errno.ENOTSOCK, errno.EBADF)
"""No socket, or one that its process left; some kernels answer EBADF for a bound socket that is being closed."""


def head_line(entry: AuditEntry) -> str:
    """Return what syslog is told of the newest entry, without what stands before each message."""
    return f"audit head number={entry.number} digest={entry.digest}"


def tell_syslog(where: str, line: str) -> str:
    """Send one line to syslog; return why that failed, empty when it did not.

    To another host it goes by UDP, of which nobody knows whether it arrives.

    Args:
        where: path of a socket, or host:port; an IPv6 address stands in brackets.
    """
    message = f"<{_PRIORITY}>proviso[{os.getpid()}]: {line}".encode()
    try:
        if "/" in where:
            _to_socket(where, message)
        else:
            _to_host(*_host_and_port(where), message)
    except TimeoutError:
        return f"it did not take the message within {SECONDS:.0f} s"
    except socket.gaierror:
        return "the host's name is not known"
    except OSError as error:
        if error.errno in _NOBODY_LISTENS:
            return "nothing listens there"
        return (error.strerror or "it cannot be reached").lower()
    except ValueError:
        return "this is neither the path of a socket nor host:port"
    return ""


def _to_socket(path: str, message: bytes) -> None:
    try:
        _send(socket.AF_UNIX, socket.SOCK_DGRAM, path, message)
    except OSError as error:
        if error.errno != errno.EPROTOTYPE:
            raise
        # A stream has no edges: NUL ends a message there, as syslog(3) has it.
        _send(socket.AF_UNIX, socket.SOCK_STREAM, path, message + b"\0")


def _to_host(host: str, port: int, message: bytes) -> None:
    trouble: OSError = socket.gaierror()
    for family, kind, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM):
        try:
            _send(family, kind, address, message)
        except OSError as error:
            trouble = error
        else:
            return
    raise trouble


def _send(family: int, kind: int, address: object, message: bytes) -> None:
    with socket.socket(family, kind) as connection:
        connection.settimeout(SECONDS)
        connection.connect(address)  # type: ignore[arg-type]  # a path or what getaddrinfo found
        connection.sendall(message)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)


def _host_and_port(where: str) -> tuple[str, int]:
    host, colon, port = where.rpartition(":")
    if not colon or where.endswith("]"):
        host, port = where, str(_PORT)
    number = int(port)
    if not 0 < number < 1 << 16:
        raise ValueError(port)
    return host.removeprefix("[").removesuffix("]"), number
