"""Sends numbered packets to a reflector at a steady pace, in both families, with a TCP session beside each stream."""

from __future__ import annotations

import ipaddress
import os
import socket
import time
from contextlib import suppress
from typing import Any

from .beat import Beat
from .client import global_addresses, made_addresses, use
from .dhcp import DhcpClient
from .flow import AT_ONCE, LOST_AFTER, Flow
from .serving import Serving

LEASE_SECONDS = 12.0
PRIORITY = -10
"""Niceness: a packet that is late on a busy machine makes a time look longer than it was."""

BUFFER = 1024 * 1024


class Stream(Serving):
    """Sends the streams of `flows`, each from an own address of `within`, or from the one in `own`."""

    def __init__(self, request: dict[str, Any], own: dict[str, str] | None = None) -> None:
        super().__init__()
        self._lines: dict[socket.socket, _Line] = {}
        self._failed: list[dict[str, Any]] = []
        for wanted in request["flows"]:
            version = str(wanted["version"])
            target = request["reflector"].get(version)
            address = (own or {}).get(version, "") if own is not None else _own_within(wanted)
            try:
                self._begin(wanted, float(request["interval"]), address, target)
            except OSError as error:
                self._failed.append({"name": wanted["name"], "version": version, "error": str(error)})
        # What was waited for above is no time of theirs.
        began = time.monotonic()
        for each in self._lines.values():
            each.flow.began = began
        # Where we are not root, it does without.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, PRIORITY)
        self.told = {
            "flows": [
                *({"name": each.flow.name, "address": each.address} for each in self._lines.values()),
                *self._failed,
            ]
        }

    def _begin(self, wanted: dict[str, Any], interval: float, address: str, target: list[Any] | None) -> None:
        version = str(wanted["version"])
        if not address:
            raise OSError(f"no IPv{version} address to send from")
        if not target or target[1] is None:
            raise OSError(f"nobody to send to by IPv{version}")
        sender = socket.socket(socket.AF_INET6 if version == "6" else socket.AF_INET, socket.SOCK_DGRAM)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        sender.bind((address, 0))
        sender.setblocking(False)
        there = (str(target[0]), int(target[1]))
        beat = Beat(address, there)
        self._lines[sender] = _Line(Flow(str(wanted["name"]), version, interval), beat, address, there)

    def take(self, listener: socket.socket) -> None:
        """Take what has come back."""
        line = self._lines.get(listener)
        if line is None:
            for each in self._lines.values():
                if each.beat.socket is listener:
                    each.beat.take()
            return
        for _ in range(1000):
            try:
                data, _ = listener.recvfrom(2048)
            except OSError:
                return
            line.flow.take(data)

    def pace(self) -> float:
        """Send what is due, late if it must be; nothing is left out."""
        left = 1.0
        for sender, line in self._lines.items():
            for _ in range(AT_ONCE):
                if line.flow.due() > 0:
                    break
                number = line.flow.next()
                # Where there is no way out, or no room, it is lost, as it would be a step further.
                with suppress(OSError):
                    sender.sendto(line.flow.packet(number), line.target)
            left = min(left, line.flow.due(), line.beat.pace())
        # Sessions may have ended.
        sessions = [each.beat.socket for each in self._lines.values() if each.beat.socket is not None]
        self.sockets = [*self._lines, *sessions]
        return left

    def finish(self) -> float:
        """Send no more, and wait for what may still come back."""
        for each in self._lines.values():
            each.flow.ended = True
        sessions = any(each.beat.waits for each in self._lines.values())
        return 5.0 if sessions else LOST_AFTER

    def settled(self) -> bool:
        """Return whether nothing may come back any more."""
        return not any(each.flow.awaited or each.beat.waits for each in self._lines.values())

    def seen(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what became of streams and sessions, from `since` on; `age` of the streams comes last."""
        since = float(request.get("since", 0.0))
        flows = [
            {**each.flow.told(since), "address": each.address, "session": each.beat.told()}
            for each in self._lines.values()
        ]
        began = min((each.flow.age for each in self._lines.values()), default=0.0)
        return {"flows": [*flows, *self._failed], "age": round(began, 3)}

    def close(self) -> None:
        """End the sessions."""
        for each in self._lines.values():
            each.beat.close()


class _Line:
    """A stream and the session beside it."""

    def __init__(self, flow: Flow, beat: Beat, address: str, target: tuple[str, int]) -> None:
        self.flow, self.beat, self.address, self.target = flow, beat, address, target


def _own_within(wanted: dict[str, Any]) -> str:
    """Return an own address in the first network of `within` that this host has one in."""
    for each in wanted.get("within", ()):
        network = ipaddress.ip_network(each)
        for address in global_addresses(network.version):
            if ipaddress.ip_address(address) in network:
                return address
    return ""


class LanStream(Stream):
    """The same from a new host on the LAN, with the address that it is lent and the one that it makes itself."""

    def __init__(self, request: dict[str, Any], interface: str, mac: bytes) -> None:
        self._dhcp = DhcpClient(interface, mac)
        self._lease = self._dhcp.lease(LEASE_SECONDS)
        use(self._lease, interface)
        wanted = {str(each["version"]) for each in request["flows"]}
        made = made_addresses() if "6" in wanted else []
        own = {"4": str(self._lease.get("address", "")), "6": made[0] if made else ""}
        super().__init__(request, own)

    def close(self) -> None:
        """Give the address back."""
        super().close()
        if "address" in self._lease:
            self._dhcp.release(self._lease)
