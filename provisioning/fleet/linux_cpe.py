"""Fetching from a router of the platform `linux_cpe`: its helper is asked once, on a channel of its own."""

import asyncio
from collections.abc import Mapping

import asyncssh

from provisioning.devices import helper
from provisioning.errors import AnswerNotUnderstood, DeviceUnreachable
from provisioning.fleet.connection import TRY_AGAIN, Connected
from provisioning.platforms.linux_cpe.fetched import fetched_documents

LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes; a router that says more than this is not one of ours."""


class Command(asyncssh.SSHClientSession[bytes]):
    """A command on a channel of its own."""

    def __init__(self) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.code: int | None = None
        self._output: list[bytes] = []
        self._complaints: list[bytes] = []
        self._size = 0
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None

    @property
    def output(self) -> bytes:
        """What it said on standard output."""
        return b"".join(self._output)

    @property
    def complaints(self) -> str:
        """What it said on standard error."""
        return b"".join(self._complaints).decode("utf-8", "replace")

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """Take the channel."""
        self._channel = chan

    def session_started(self) -> None:
        """Tell that nothing is handed in."""
        if self._channel is not None:
            self._channel.write_eof()

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Take the next piece."""
        (self._output if datatype is None else self._complaints).append(data)
        self._size += len(data)
        if self._size > LARGEST_ANSWER and self._channel is not None:
            self._channel.abort()

    def exit_status_received(self, status: int) -> None:
        """Take the exit code."""
        self.code = status

    def connection_lost(self, exc: Exception | None) -> None:
        """End: there is nothing more to come."""
        self._channel = None
        if not self.ended.done():
            self.ended.set_result(None)


async def fetch(connected: Connected, serial: str) -> Mapping[str, str]:
    """Return the documents that are in force, by name.

    Args:
        serial: of the router, for errors.

    Raises:
        AnswerNotUnderstood: when its answer makes no sense, or was cut.
        DeviceRefused: when its helper is missing or another one.
        DeviceUnreachable: when the connection is lost.
    """
    command = Command()
    await connected.connection.create_session(lambda: command, helper.guarded("fetch"), encoding=None)
    await command.ended
    if command.code is None:
        raise DeviceUnreachable("the connection was lost", where=connected.where, remedy=TRY_AGAIN)
    if command.code:
        raise helper.refusal(command.code, command.complaints, serial)
    try:
        return fetched_documents(command.output)
    except ValueError:
        raise AnswerNotUnderstood(
            "its answer to `fetch` makes no sense, or was cut",
            where=serial,
            remedy="Try again, and look at the router when it stays so.",
        ) from None
