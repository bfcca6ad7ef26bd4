"""Tells the head of the audit to syslog: whoever rewrites the store later cannot rewrite what stands there.

A message is `<86>proviso[PID]: audit head number=N digest=HEX`, facility authpriv, severity info. It carries no time
and no host: whoever takes it puts his own (RFC 3164, section 4.3.3), which the local sockets of rsyslog, syslog-ng
and journald read alike; RFC 5424's own header is not read on them.
"""

import logging
import os
import socket as network
from contextlib import suppress
from logging.handlers import SYSLOG_UDP_PORT, SysLogHandler

from provisioning.model.audit import AuditEntry

SECONDS = 2.0
"""How long a socket that nobody empties may hold us up."""


class _Handler(SysLogHandler):
    """Python's own, which raises what goes wrong instead of printing it."""

    socket: network.socket

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Raise what is being handled."""
        raise


def head_line(entry: AuditEntry) -> str:
    """Return what syslog is told of the newest entry, without what stands before each message."""
    return f"audit head number={entry.number} digest={entry.digest}"


def tell_syslog(where: str, line: str) -> str:
    """Send one line to syslog; return why that failed, empty when it did not.

    To another host it goes by UDP, of which nobody knows whether it arrives.

    Args:
        where: path of a socket, or host:port; an IPv6 address stands in brackets.
    """
    try:
        address = _address(where)
        handler = _Handler(address=address, facility=SysLogHandler.LOG_AUTHPRIV)
    except (OSError, ValueError) as error:
        return _reason(error)
    handler.ident = f"proviso[{os.getpid()}]: "
    handler.append_nul = isinstance(address, str)
    try:
        handler.socket.settimeout(SECONDS)
        handler.emit(logging.LogRecord("proviso", logging.INFO, "", 0, line, None, None))
    except OSError as error:
        return _reason(error)
    finally:
        with suppress(OSError):
            handler.close()
    return ""


def _address(where: str) -> str | tuple[str, int]:
    if "/" in where:
        return where
    host, colon, port = where.rpartition(":")
    if not colon or where.endswith("]"):
        host, port = where, str(SYSLOG_UDP_PORT)
    number = int(port)
    if not 0 < number < 1 << 16:
        raise ValueError(port)
    return host.removeprefix("[").removesuffix("]"), number


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, TimeoutError):
        return f"it did not take the message within {SECONDS:.0f} s"
    if isinstance(error, network.gaierror):
        return "the host's name is not known"
    if isinstance(error, OSError):
        return (error.strerror or "cannot be reached").lower()
    return "this is neither the path of a socket nor host:port"
