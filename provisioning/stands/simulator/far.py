"""A way that takes its time: what goes in at one end of a pair of sockets comes out at the other a while later."""

import asyncio
import socket
from collections import deque


class _End(asyncio.Protocol):
    """Hands on what arrives, later."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._other: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._under_way: deque[bytes] = deque()

    def leads_to(self, other: asyncio.Transport) -> None:
        """Name the end to which it is handed on."""
        self._other = other

    def data_received(self, data: bytes) -> None:
        """Take what arrives."""
        self._under_way.append(data)
        self._loop.call_later(self._seconds, self._hand_on)

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the other end, later."""
        self._loop.call_later(self._seconds, self._close)

    def _hand_on(self) -> None:
        # Two that are due at the same tick of the clock may be called in any order.
        data = self._under_way.popleft()
        if self._other is not None and not self._other.is_closing():
            self._other.write(data)

    def _close(self) -> None:
        if self._other is not None:
            self._other.close()


async def far(near: socket.socket, seconds: float) -> socket.socket:
    """Return the far end of a connection: a packet takes half of that time to get there, and half to come back.

    Args:
        near: connected; it is closed when the far end is, and the other way round.
        seconds: of a round trip. Connecting takes one already.
    """
    loop = asyncio.get_running_loop()
    await asyncio.sleep(seconds)
    ours, theirs = socket.socketpair()
    for each in (ours, theirs):
        each.setblocking(False)
    ends = []
    transports = []
    for sock in (near, ours):
        transport, end = await loop.create_connection(lambda: _End(seconds / 2), sock=sock)
        transports.append(transport)
        ends.append(end)
    for end, other in zip(ends, reversed(transports), strict=True):
        end.leads_to(other)
    return theirs
