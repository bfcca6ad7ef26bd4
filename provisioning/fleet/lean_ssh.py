"""SSH of asyncssh without what a fleet run would pay for ten thousand times and does not need.

What both sides agree on, and every check of it, is asyncssh's own. Measured in docs/fleet.md, "Speed".
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import asyncssh
from asyncssh.constants import MSG_IGNORE
from asyncssh.logging import SSHLogger
from asyncssh.packet import Boolean, SSHPacketLogger

PUBLIC_KEY = b"publickey"

TERMINAL = (511, 1000)
"""Columns and lines."""

WINDOW = 2 * 1024 * 1024
"""Bytes that a router may send before it is told to go on: more than a configuration has."""

LARGEST_PACKET = 32 * 1024
"""Bytes: what every implementation must be able to take (RFC 4253, 6.1)."""


class _Silent(SSHLogger):
    """Tells nobody of packets: what becomes of a router is told by our own errors."""

    def log(self, level: int, msg: object, *args: Any, **kwargs: Any) -> None:
        """Say nothing."""

    def debug1(self, msg: str, *args: Any, **kwargs: object) -> None:
        """Say nothing."""

    debug2 = debug1

    def info(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Say nothing."""

    def get_child(self, child: str = "", context: str = "") -> "_Silent":
        """Return itself: whose message it would be does not matter."""
        return self


_SILENT = _Silent(logging.getLogger("asyncssh"))


class LeanConnection(asyncssh.SSHClientConnection):
    """A connection that logs in with a key.

    It sends no empty packets: asyncssh puts one before each, which keeps initialization vectors of CBC from being
    foreseen (RFC 4251, 9.3.1), and no cipher that is offered here has such ones. What is to be sent at the same time
    leaves in one piece. It asks neither whether one gets in without a key, nor whether the key would do (RFC 4252,
    sections 5.2 and 7, leave both to the client), which saves two round trips.

    Args:
        options: with a `waiter`, which is told when one is logged in.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, options: asyncssh.SSHClientConnectionOptions) -> None:
        super().__init__(loop, options, wait="auth")
        self._logger = _SILENT
        self._auth_methods = [PUBLIC_KEY]
        self._offered: asyncssh.SSHKeyPair | None = None
        self._held: list[bytes] = []

    def send_packet(self, pkttype: int, *args: bytes, handler: SSHPacketLogger | None = None) -> None:
        """Send a packet that says something."""
        if pkttype != MSG_IGNORE:
            super().send_packet(pkttype, *args, handler=handler)

    def log_sent_packet(self, pkttype: int, pktid: int | None, packet: Any, note: str = "") -> None:
        """Say nothing."""

    log_received_packet = log_sent_packet

    def _send(self, data: bytes) -> None:
        # Before whatever ends the connection, which asyncssh leaves to a later turn of the loop as well.
        if not self._held and self._transport is not None:
            self._loop.call_soon(self._send_held, self._transport)
        self._held.append(data)

    def _send_held(self, transport: asyncio.Transport) -> None:
        held, self._held = self._held, []
        transport.write(b"".join(held))

    async def public_key_auth_requested(self) -> asyncssh.SSHKeyPair | None:
        """Return the key that is tried next."""
        self._offered = await super().public_key_auth_requested()
        return self._offered

    async def send_userauth_request(self, method: bytes, *args: bytes, key: Any = None, trivial: bool = True) -> None:
        """Ask to be let in: with a signature at once where asyncssh would ask first whether that makes sense."""
        if method == PUBLIC_KEY and key is None and self._offered is not None:
            args, key, trivial = (Boolean(True), *args[1:]), self._offered, False
        await super().send_userauth_request(method, *args, key=key, trivial=trivial)


class _Channel(asyncssh.SSHClientChannel[bytes]):
    """A channel that asks for a terminal and goes on, as OpenSSH does; one that is refused is closed."""

    def log_sent_packet(self, pkttype: int, pktid: int | None, packet: Any, note: str = "") -> None:
        """Say nothing."""

    log_received_packet = log_sent_packet

    async def _make_request(self, request: bytes, *args: bytes) -> bool | None:
        if request != b"pty-req":
            return await super()._make_request(request, *args)
        if self._send_chan is None:
            return False
        answer: asyncio.Future[bool] = self._loop.create_future()
        answer.add_done_callback(self._terminal_answered)
        self._request_waiters.append(answer)
        self._send_request(request, *args, want_reply=True)
        return True

    def _terminal_answered(self, answer: asyncio.Future[bool]) -> None:
        if not answer.cancelled() and not answer.exception() and not answer.result():
            self.close()


async def open_terminal(
    connection: asyncssh.SSHClientConnection, session: Callable[[], asyncssh.SSHClientSession[bytes]]
) -> None:
    """Begin a session on a terminal of its own.

    Args:
        session: makes what is told of all that arrives.

    Raises:
        asyncssh.Error: when the router refuses it, or the connection is lost.
    """
    loop = asyncio.get_running_loop()
    channel = _Channel(connection, loop, "strict", None, "strict", WINDOW, LARGEST_PACKET)
    await channel.create(session, None, None, {}, True, "vt100", TERMINAL, {}, False, None, None, False, False)
