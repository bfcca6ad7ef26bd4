"""Listening to a router of the platform `linux_cpe`: its helper tells events as they happen (docs/helper.md)."""

import asyncssh

from provisioning.devices import helper
from provisioning.errors import AnswerNotUnderstood, DeviceUnreachable, ProvisoError
from provisioning.fleet.connection import TRY_AGAIN, Connected
from provisioning.fleet.linux_cpe import Command
from provisioning.fleet.listening import Ear, Late, Tell, keep_reading
from provisioning.model.bearer import BearerReport
from provisioning.platforms.linux_cpe.bearers import parse_bearers

ALIVE = b"alive "
LONGEST_LINE = 1_000


class Telling(asyncssh.SSHClientSession[bytes]):
    """The helper's `events-follow`: a line an event, and one now and then that it still listens."""

    def __init__(self, ear: Ear, where: str) -> None:
        self._ear = ear
        self._where = where
        self._rest = b""
        self._complaints = b""
        self._code: int | None = None

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Take the next piece."""
        if datatype is not None:
            self._complaints = (self._complaints + data)[-LONGEST_LINE:]
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._rest = self._rest[-LONGEST_LINE:]
        if any(not each.startswith(ALIVE) for each in lines):
            self._ear.happened()
        else:
            self._ear.alive()

    def exit_status_received(self, status: int) -> None:
        """Take the exit code."""
        self._code = status

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        refused: ProvisoError | None = None
        if self._code:
            refused = helper.refusal(self._code, self._complaints.decode("utf-8", "replace"), self._where)
        self._ear.end(refused)


async def listen(connected: Connected, serial: str, tell: Tell, late: Late) -> None:
    """Tell how the bearers are, now and whenever something happens to them, until the router is heard no more.

    Args:
        serial: of the router, for errors.
        late: called when a sign of life is overdue.

    Raises:
        DeviceUnreachable: when the connection is lost, or nothing is heard.
        DeviceRefused: when its helper is missing or another one, or its line has no mobile back-up.
        AnswerNotUnderstood: when what it tells makes no sense.
    """
    ear = Ear(connected.where, late)
    # Begun before the first look: nothing that happens in between is missed.
    await connected.connection.create_session(
        lambda: Telling(ear, serial), helper.guarded("events-follow"), encoding=None
    )
    await keep_reading(ear, lambda: _read(connected, serial), tell)


async def _read(connected: Connected, serial: str) -> BearerReport:
    command = Command()
    await connected.connection.create_session(lambda: command, helper.guarded("bearers"), encoding=None)
    await command.ended
    if command.code is None:
        raise DeviceUnreachable("the connection was lost", where=connected.where, remedy=TRY_AGAIN)
    if command.code:
        raise helper.refusal(command.code, command.complaints, serial)
    try:
        return parse_bearers(command.output.decode("utf-8", "replace"))
    except (ValueError, KeyError, StopIteration):
        raise AnswerNotUnderstood(
            "its answer to `bearers` makes no sense, or was cut",
            where=serial,
            remedy="Try again, and look at the router when it stays so.",
        ) from None
