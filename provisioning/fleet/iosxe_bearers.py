"""Listening to a router with IOS-XE: one terminal that is shown what the router logs, and on which it is asked.

IOS-XE has one session channel a connection, so both happen on the same terminal: what is logged while it is asked
stands between the answers, and is taken out of them. Only `show logging`, asked last, shows the same lines itself.
"""

import asyncio
import re
from collections.abc import Sequence

import asyncssh

from provisioning.devices.iosxe_screen import LARGEST_ANSWER, Screen, any_prompt
from provisioning.errors import AnswerNotUnderstood, AuthenticationRefused, DeviceUnreachable, ProvisoError
from provisioning.fleet.connection import Connected
from provisioning.fleet.lean_ssh import open_terminal
from provisioning.fleet.listening import ALIVE_SECONDS, Ear, Late, Tell, keep_reading
from provisioning.model.bearer import BearerReport
from provisioning.platforms.cisco_iosxe.bearer_report import COMMANDS, LOG, bearer_report
from provisioning.platforms.cisco_iosxe.parsing.bearer_log import tells_of_bearers

BEGIN = ("terminal length 0", "terminal monitor")

READS, PAUSE = 3, 0.5
"""How often it is asked, and seconds in between: what it logs may stand in the middle of a line of its answer."""

LONGEST_LINE = 4_000

# A message as a terminal shows it (Cisco IOS XE System Message Guide, "How to Read System Messages").
_LOGGED = re.compile(r"\n(?:\d+: )*[*.]?[A-Z][a-z]{2} +\d{1,2} [^\n]{0,40}: %[A-Z0-9_]+-\d-[A-Z0-9_]+: [^\n]*(?=\n)")


class Monitor(asyncssh.SSHClientSession[bytes]):
    """A terminal on which a router tells what it logs, and is asked.

    Args:
        where: the router, for errors.
    """

    def __init__(self, ear: Ear, where: str) -> None:
        self._ear = ear
        self._where = where
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self._text = ""
        self._scanned = 0
        self._prompt = ""
        self._asked: tuple[str, ...] = ()
        self._answered: asyncio.Future[list[str]] | None = None
        self._nudge: asyncio.TimerHandle | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """Take the channel."""
        self._channel = chan

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._channel = None
        if self._nudge is not None:
            self._nudge.cancel()
        self._fail(DeviceUnreachable("the connection was lost", where=self._where))

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Take the next piece, which may be cut anywhere."""
        self._ear.alive()
        self._text += data.decode("utf-8", "replace").replace("\r", "").replace("\b", "").replace("\0", "")
        self._scan()
        line = self._text.rpartition("\n")[2]
        if not self.ready.done():
            self._log_in(line)
        elif self._answered is None:
            self._text, self._scanned = line[-LONGEST_LINE:], 0
        elif len(self._text) > LARGEST_ANSWER:
            self._fail(
                AnswerNotUnderstood("it does not stop talking", where=self._where, remedy="Look at the router.")
            )
        elif line == self._prompt:
            self._look_for_answers(self._answered)

    async def ask(self) -> BearerReport:
        """Return what it says of its bearers.

        Raises:
            AnswerNotUnderstood: when its answers cannot be read.
            DeviceUnreachable: when the connection is lost.
        """
        reason = ""
        for number in range(READS):
            if number:
                await asyncio.sleep(PAUSE)
            try:
                return bearer_report(dict(zip(COMMANDS, await self._answers(COMMANDS), strict=True)))
            except ValueError as error:
                reason = str(error)
        raise AnswerNotUnderstood(
            reason, where=self._where, remedy="Try again; when it says the same again, look at the router."
        )

    async def _answers(self, commands: tuple[str, ...]) -> list[str]:
        if self._channel is None:
            raise DeviceUnreachable("the connection was lost", where=self._where)
        self._asked, self._text, self._scanned = commands, f"\n{self._prompt}", 0
        self._answered = asyncio.get_running_loop().create_future()
        self._send(commands)
        try:
            return await self._answered
        finally:
            self._answered = None

    def _look_for_answers(self, answered: "asyncio.Future[list[str]]") -> None:
        before, echo, shown = self._text.partition(f"{LOG}\n")
        screen = Screen()
        screen.add((_without_logged(before, self._prompt, self._asked) + echo + shown).encode())
        answers = screen.answers_to(self._asked, self._prompt)
        if answers is not None and not answered.done():
            answered.set_result(answers)

    def _scan(self) -> None:
        """Look whether a line tells of a bearer; what `show logging` answers is known."""
        end = self._text.rfind("\n")
        if self._answered is not None:
            echo = self._text.find(f"{LOG}\n")
            end = min(end, echo) if echo >= 0 else end
        if end <= self._scanned:
            return
        new, self._scanned = self._text[self._scanned : end], end
        if any(map(tells_of_bearers, new.splitlines())):
            self._ear.happened()

    def _log_in(self, line: str) -> None:
        """Go on, when this is the prompt."""
        if not any_prompt().fullmatch(line) or (self._prompt and line != self._prompt):
            return
        if not self._asked:
            # What looks like a prompt may be the end of a banner: the one behind the first answer is it for certain.
            self._asked = BEGIN
            self._send(BEGIN)
            return
        if not all(f"{each}\n" in self._text for each in BEGIN):
            return
        if not line.endswith("#"):
            self._fail(_unprivileged(self._where))
            return
        self._prompt, self._text, self._scanned = line, "", 0
        self.ready.set_result(None)
        self._nudge_later()

    def _nudge_later(self) -> None:
        self._nudge = asyncio.get_running_loop().call_later(ALIVE_SECONDS, self._nudge_it)

    def _nudge_it(self) -> None:
        # An empty line is answered with the prompt: that the router lives, and that somebody is at the terminal.
        if self._answered is None:
            self._send(("",))
        self._nudge_later()

    def _send(self, lines: tuple[str, ...]) -> None:
        if self._channel is not None:
            self._channel.write("".join(f"{each}\n" for each in lines).encode("ascii"))

    def _fail(self, error: ProvisoError) -> None:
        for each in (self.ready, self._answered):
            if each is not None and not each.done():
                each.set_exception(error)
                each.exception()  # looked at: nobody may await it any more
        self._ear.end(error)


async def listen(connected: Connected, serial: str, tell: Tell, late: Late) -> None:
    """Tell how the bearers are, now and whenever something happens to them, until the router is heard no more.

    Args:
        serial: of the router, for errors.
        late: called when a sign of life is overdue.

    Raises:
        AnswerNotUnderstood: when what it tells makes no sense.
        AuthenticationRefused: when our account may not see everything.
        DeviceUnreachable: when the connection is lost, or nothing is heard.
    """
    ear = Ear(connected.where, late)
    monitor = Monitor(ear, serial)
    await open_terminal(connected.connection, lambda: monitor)
    await monitor.ready
    latest: object = None

    async def read() -> BearerReport:
        nonlocal latest
        report = await monitor.ask()
        newest = report.events[-1:]
        if newest != latest:
            # The log is read last: what it tells newly may be later than the rest.
            latest = newest
            ear.happened()
        return report

    await keep_reading(ear, read, tell)


def _without_logged(text: str, prompt: str, commands: Sequence[str]) -> str:
    """Return what a terminal shows without what was logged in between."""
    without = _LOGGED.sub("", text)
    if without != text:
        for each in commands:
            # What was typed ahead is echoed behind the message that came at the prompt.
            typed = rf"\n{re.escape(prompt)}\n+(?={re.escape(each)}\n)"
            without = re.sub(typed, lambda _: f"\n{prompt}", without)
    return without


def _unprivileged(where: str) -> AuthenticationRefused:
    return AuthenticationRefused(
        "it lets us in without the right to see the configuration",
        where=where,
        remedy="Give the account privilege 15: `device bootstrap` in docs/cisco-iosxe.md.",
    )
