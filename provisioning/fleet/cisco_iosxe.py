"""Fetching from a router with IOS-XE: a conversation on one terminal.

IOS-XE ends the connection after one command on an exec channel (asyncssh's issues 598, 689 and 775), and two are
needed: a terminal takes one login instead of two. Nothing is typed before the prompt stands there; an answer is whole
when it begins with the echo of its command and ends with the router's own prompt on a line of its own.
"""

import asyncio
from collections.abc import Mapping

import asyncssh

from provisioning.devices.iosxe_screen import LARGEST_ANSWER, any_prompt, without_asides
from provisioning.errors import AnswerNotUnderstood, AuthenticationRefused, DeviceUnreachable, ProvisoError
from provisioning.fleet.connection import TRY_AGAIN, Connected
from provisioning.fleet.lean_ssh import open_terminal
from provisioning.platforms.cisco_iosxe.fetched import fetched_documents
from provisioning.platforms.cisco_iosxe.parsing.configuration import RUNNING, shown_running
from provisioning.platforms.cisco_iosxe.parsing.snmp_users import USERS, shown_users

WITHOUT_PAGES = "terminal length 0"
COMMANDS = (WITHOUT_PAGES, RUNNING, USERS)

LONGEST_PROMPT = 200
"""Bytes: a name of up to 63, the mode, and the line's end before it."""


class Conversation(asyncssh.SSHClientSession[bytes]):
    """Asks one command after the other.

    Args:
        where: the router, for errors.

    Attributes:
        answers: to the commands, in their order, when all of them are there.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self.answers: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._found: list[str] = []
        self._asked = ""
        self._prompt = ""
        self._pieces: list[bytes] = []
        self._size = 0
        self._tail = b""
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """Take the channel."""
        self._channel = chan

    def connection_lost(self, exc: Exception | None) -> None:
        """End, when it has not ended yet."""
        self._channel = None
        reason = f" ({type(exc).__name__})" if exc is not None else ""
        self._fail(DeviceUnreachable(f"the connection was lost{reason}", where=self._where, remedy=TRY_AGAIN))

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Take the next piece, which may be cut anywhere."""
        self._pieces.append(data)
        self._size += len(data)
        self._tail = (self._tail + data)[-LONGEST_PROMPT:]
        if self._size > LARGEST_ANSWER:
            self._fail(
                AnswerNotUnderstood("it does not stop talking", where=self._where, remedy="Look at the router.")
            )
        elif self._tail.endswith((b"#", b">")) and not self.answers.done():
            self._prompted(_plain(self._tail.rpartition(b"\n")[2]))

    def _prompted(self, line: str) -> None:
        """Go on, when this is the prompt."""
        if self._prompt and line != self._prompt:
            return
        if not self._prompt and not any_prompt().fullmatch(line):
            return
        if not self._asked:
            # What looks like a prompt may be the end of a banner: the one behind the first answer is it for certain.
            self._ask(COMMANDS[0])
            return
        answer = _answer(self._asked, _plain(b"".join(self._pieces)), self._prompt)
        if answer is None:
            return
        if not line.endswith("#"):
            self._fail(_unprivileged(self._where))
            return
        self._prompt = line
        self._found.append(answer)
        if len(self._found) == len(COMMANDS):
            self.answers.set_result(self._found)
        else:
            self._ask(COMMANDS[len(self._found)])

    def _ask(self, command: str) -> None:
        self._asked = command
        self._pieces, self._size, self._tail = [], 0, b""
        if self._channel is not None:
            self._channel.write(f"{command}\n".encode("ascii"))

    def _fail(self, error: ProvisoError) -> None:
        if not self.answers.done():
            self.answers.set_exception(error)
            # A run that ends while the session is opened awaits no answers: looked at, asyncio does not print it.
            self.answers.exception()


async def fetch(connected: Connected, serial: str) -> Mapping[str, str]:
    """Return the documents that are in force, by name.

    Args:
        serial: of the router, for errors.

    Raises:
        AnswerNotUnderstood: when an answer makes no sense, or was cut.
        AuthenticationRefused: when our account may not see everything.
        DeviceUnreachable: when the connection is lost.
    """
    conversation = Conversation(connected.where)
    await open_terminal(connected.connection, lambda: conversation)
    _, running, users = await conversation.answers
    try:
        return fetched_documents(shown_running(running), shown_users(users))
    except ValueError as error:
        raise AnswerNotUnderstood(
            str(error), where=serial, remedy="Try again; when it says the same again, look at the router."
        ) from None


def _plain(text: bytes) -> str:
    return text.decode("utf-8", "replace").replace("\r", "").replace("\b", "").replace("\0", "")


def _answer(command: str, text: str, prompt: str) -> str | None:
    """Return what stands between the echo of a command and the last line; None when there is no echo yet."""
    before, echo, after = text.partition(command)
    rest, _, answer = after.partition("\n")
    begins = not before or before.endswith("\n") or (prompt and before.endswith(prompt)) or not prompt
    if not echo or not begins or rest.strip(" "):
        return None
    return without_asides(answer[: answer.rfind("\n") + 1])


def _unprivileged(where: str) -> AuthenticationRefused:
    return AuthenticationRefused(
        "it lets us in without the right to see the configuration",
        where=where,
        remedy="Give the account privilege 15: `device bootstrap` in docs/cisco-iosxe.md.",
    )
