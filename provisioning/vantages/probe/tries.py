"""Calls ports from outside, hundreds at a time, and tells what comes back: an answer, a refusal, ICMP, silence."""

from __future__ import annotations

import errno
import selectors
import socket
import struct
import time
from typing import Any

IP_RECVERR, IPV6_RECVERR = 11, 25
"""linux/in.h, linux/in6.h: errors from the network stand in a queue, with who sent them."""

ICMP, ICMP6 = 2, 3
"""ee_origin in linux/errqueue.h."""

ERROR = struct.Struct("=IBBBBII")
"""struct sock_extended_err."""

ICMP_NAMES = {
    (3, 0): "network unreachable",
    (3, 1): "host unreachable",
    (3, 2): "protocol unreachable",
    (3, 3): "port unreachable",
    (3, 9): "network prohibited",
    (3, 10): "host prohibited",
    (3, 13): "administratively prohibited",
    (1, 0): "no route",
    (1, 1): "administratively prohibited",
    (1, 3): "address unreachable",
    (1, 4): "port unreachable",
    (1, 5): "source policy",
    (1, 6): "route rejected",
}

AT_ONCE = 200
UDP_REPEAT = 0.7


class Try:
    """One call of one port."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        self.protocol = str(wanted["protocol"])
        self.address = str(wanted["address"])
        self.port = int(wanted["port"])
        self.started = time.monotonic()
        self.sent = 0
        self.seen: dict[str, Any] = {"protocol": self.protocol, "address": self.address, "port": self.port}
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        kind = socket.SOCK_STREAM if self.protocol == "tcp" else socket.SOCK_DGRAM
        self.socket = socket.socket(family, kind)
        self.socket.setblocking(False)
        if family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
        else:
            self.socket.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)

    def begin(self) -> None:
        """Send the first packet."""
        code = self.socket.connect_ex((self.address, self.port))
        if code not in (0, errno.EINPROGRESS):
            self.end("unsent", why=errno.errorcode.get(code, str(code)))
            return
        self.seen["from"] = _name(self.socket)
        if self.protocol == "udp":
            self.send()

    def send(self) -> None:
        """Send a datagram."""
        self.sent += 1
        try:
            self.socket.send(b"\r\n\r\n")
        except OSError:
            self.look()

    def look(self) -> None:
        """Take what has come."""
        if self.network_error():
            return
        if self.protocol == "udp":
            try:
                data = self.socket.recv(2048)
            except BlockingIOError:
                return
            except OSError as error:
                self.end("unsent", why=errno.errorcode.get(error.errno or 0, str(error)))
                return
            self.end("open", answer=data[:120].decode("utf-8", "replace"))
            return
        code = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code == 0:
            self.end("open")
        elif code in (errno.ECONNREFUSED, errno.ECONNRESET):
            self.end("refused")
        elif code == errno.ETIMEDOUT:
            self.end("timeout")
        else:
            # No ICMP stands behind it: it is this host that finds no way.
            self.end("unsent", why=errno.errorcode.get(code, str(code)))

    def network_error(self) -> bool:
        """Take an error that the network has sent; return whether there was one."""
        try:
            _, around, _, _ = self.socket.recvmsg(512, 512, socket.MSG_ERRQUEUE)
        except OSError:
            return False
        for _, kind, data in around:
            if kind not in (IP_RECVERR, IPV6_RECVERR) or len(data) < ERROR.size:
                continue
            _, origin, icmp_type, icmp_code, _, _, _ = ERROR.unpack_from(data)
            by = _offender(data[ERROR.size :])
            if origin in (ICMP, ICMP6) and by == str(self.seen.get("from", "")).split(" ")[0]:
                self.end("unsent", why="this host does not reach its own gateway")
                return True
            if origin in (ICMP, ICMP6):
                self.end(
                    "unreachable",
                    icmp=ICMP_NAMES.get((icmp_type, icmp_code), f"ICMP {icmp_type}/{icmp_code}"),
                    icmp_type=icmp_type,
                    icmp_code=icmp_code,
                    by=by,
                )
                return True
        return False

    def end(self, state: str, **more: Any) -> None:
        """Write down what became of it."""
        if "state" not in self.seen:
            ms = round((time.monotonic() - self.started) * 1000, 1)
            self.seen.update(more, state=state, ms=ms)

    @property
    def done(self) -> bool:
        """Whether it is over."""
        return "state" in self.seen


def tries(request: dict[str, Any]) -> dict[str, Any]:
    """Call every port of `wanted`, each for at most `seconds`; connections are closed at the end."""
    seconds = float(request["seconds"])
    found: list[dict[str, Any]] = []
    wanted = list(request["wanted"])
    for start in range(0, len(wanted), AT_ONCE):
        found += _together(wanted[start : start + AT_ONCE], seconds)
    return {"tries": found}


def _together(wanted: list[dict[str, Any]], seconds: float) -> list[dict[str, Any]]:
    some = [Try(each) for each in wanted]
    selector = selectors.DefaultSelector()
    for each in some:
        each.started = time.monotonic()
        each.begin()
        if not each.done:
            events = selectors.EVENT_READ if each.protocol == "udp" else selectors.EVENT_WRITE
            selector.register(each.socket, events, each)
    deadline = time.monotonic() + seconds
    while selector.get_map() and time.monotonic() < deadline:
        for key, _ in selector.select(0.1):
            one: Try = key.data
            one.look()
            if one.done:
                selector.unregister(one.socket)
        for each in some:
            if each.protocol == "udp" and not each.done and time.monotonic() - each.started > each.sent * UDP_REPEAT:
                each.send()
    for each in some:
        each.end("silent" if each.protocol == "udp" else "timeout")
        each.socket.close()
    selector.close()
    return [each.seen for each in some]


def _name(one: socket.socket) -> str:
    host, port = one.getsockname()[:2]
    return f"{host} {port}"


def _offender(data: bytes) -> str:
    """Return who sent an error: a sockaddr_in or sockaddr_in6."""
    if len(data) >= 8 and data[:2] == struct.pack("=H", socket.AF_INET):
        return socket.inet_ntop(socket.AF_INET, data[4:8])
    if len(data) >= 24 and data[:2] == struct.pack("=H", socket.AF_INET6):
        return socket.inet_ntop(socket.AF_INET6, data[8:24])
    return ""
