"""The terminal of a SmartAX session: keys, echo, pages, questions.

Seen on real ones: past the 80th column the echo goes on with a space and a step back to the left; the pager's line is
taken away with `ESC[37D`; `{ <cr>|… }:` asks how a command goes on, and `Command:` repeats what came of it.
"""

from collections import deque
from collections.abc import Callable, Sequence
from textwrap import wrap

import asyncssh

from provisioning.stands.simulator.faults import Count, Dropped, Faults
from provisioning.stands.simulator.smartax.commands import BY_MODE
from provisioning.stands.simulator.smartax.device import Failure
from provisioning.stands.simulator.smartax.grammar import Reading, Wrong, read
from provisioning.stands.simulator.smartax.keys import Keys, Pressed
from provisioning.stands.simulator.smartax.shell import Command, LoggedOut, Shell

WIDTH = 80
"""Columns; what the other side says of its own is not heeded."""

MESSAGE_WIDTH = 60
"""Refusals that are longer go on in a second line."""

MORE = "---- More ( Press 'Q' to break ) ----"

TAKE_MORE_AWAY = f"\x1b[{len(MORE)}D{' ' * len(MORE)}\x1b[{len(MORE)}D"

REENTERS = 3

REJECTED = "Does not support this operation"

GOODBYE = "  Configuration console exit, please retry to log on"


class Hangup(Exception):
    """The other side is gone."""


class Terminal:
    """One session on one terminal.

    Args:
        process: the channel.
        shell: what the session does.
        faults: those in force, asked before every command.
        count: the commands of this connection.
    """

    def __init__(
        self,
        process: asyncssh.SSHServerProcess[bytes],
        shell: Shell,
        faults: Callable[[], Faults],
        count: Count,
    ) -> None:
        self._process = process
        self._shell = shell
        self._faults = faults
        self._count = count
        self._keys = Keys()
        self._pressed: deque[Pressed] = deque()
        self._left: int | None = None

    async def run(self, banner: Sequence[str]) -> None:
        """Serve the session until it ends.

        Raises:
            Dropped: when a fault ended it.
            Rebooted: when somebody had the device start again.
        """
        self._write("".join(f"{line}\r\n" for line in banner) + "\r\n")
        try:
            while True:
                prompt = self._shell.prompt
                self._write(prompt)
                line = await self._line(prompt)
                self._left = None
                if line.strip():
                    await self._command(line, prompt)
                self._left = None
                self._write("\r\n")
        except LoggedOut:
            self._write(f"{GOODBYE}\r\n")
        except Hangup:
            pass

    async def _command(self, line: str, prompt: str) -> None:
        line = line.replace("| no-more", "")
        try:
            reading, asked = await self._read(line, prompt)
            if reading is None or reading.command is None:
                return
            # What hangs, hangs before anything is done.
            await self._count.before(self._faults(), self._process.channel.wait_closed)
            self._left = self._faults().truncate
            if asked:
                self._say(["", "Command:", f"        {reading.full}"], "  ")
            said = await self._do(reading, reading.command)
            if self._count.is_last(self._faults()):
                raise Dropped
            if said:
                await self._page([f"{reading.command.indent}{each}".rstrip("\n") for each in said])
        except Failure as failure:
            if self._count.is_last(self._faults()):
                raise Dropped from None
            self._refuse(str(failure))

    async def _do(self, reading: Reading[Command], command: Command) -> list[str]:
        if self._faults().rejects(reading.full):
            raise Failure(REJECTED)
        if command.asks is not None and not self._shell.machine:
            question = command.asks(self._shell, reading.values)
            if question and not await self._agrees(question):
                return []
        try:
            return command.do(self._shell, reading.values)
        finally:
            if command.writes:
                self._shell.device.settle()

    def _refuse(self, message: str) -> None:
        for number, part in enumerate(message.split("\n")):
            text = f"Failure: {part}" if number == 0 else part
            self._say(wrap(text, MESSAGE_WIDTH - 2), "  ")

    async def _read(self, line: str, prompt: str) -> tuple[Reading[Command] | None, bool]:
        """Read a line, and ask how it goes on; return what it was read as, None when nothing, and whether we asked."""
        asked, wrong = False, 0
        while True:
            reading = read(line, BY_MODE[self._shell.mode])
            if reading.wrong is not None:
                self._point(prompt, reading.at, reading.wrong)
                return None, asked
            more = [each for each in reading.expected if each != "<cr>"]
            if reading.ends and (asked or not more or not self._asks):
                return reading, asked
            if not self._asks:
                self._point(prompt, reading.at, Wrong.INCOMPLETE)
                return None, asked
            question = "{ " + "|".join(reading.expected) + " }:"
            self._write(question)
            reply = (await self._line(question)).strip()
            asked = True
            if not reply and reading.ends:
                return reading, asked
            if reply and read(f"{reading.full} {reply}", BY_MODE[self._shell.mode]).wrong is None:
                line, asked = f"{reading.full} {reply}", not reading.ends and asked
                continue
            wrong += 1
            if reply:
                self._point(question, 0, Wrong.PARAMETER)
            if wrong >= REENTERS:
                self._say(["Reenter times have reached the upper limit"], "  ")
                return None, asked

    @property
    def _asks(self) -> bool:
        return self._shell.smart and not self._shell.machine

    def _point(self, prompt: str, at: int, wrong: Wrong) -> None:
        self._write(" " * ((len(prompt) + at) % WIDTH) + "^\r\n")
        self._say([wrong.value], "  ")

    async def _agrees(self, question: Sequence[str]) -> bool:
        self._say(question[:-1], "")
        self._write(question[-1])
        return (await self._line(question[-1])).strip().lower() in ("y", "yes")

    async def _page(self, lines: Sequence[str]) -> None:
        """Say something, a page at a time where that is switched on."""
        pages = 0 if self._shell.machine else self._shell.pages
        left = pages
        if not pages:
            self._write("".join(f"{line}\r\n" for line in lines))
            return
        said = ""
        for line in lines:
            if left <= 0:
                self._write(f"{said}  {MORE}")
                said = ""
                left = await self._more(pages)
                self._write(TAKE_MORE_AWAY)
                if left == 0:
                    self._write("\r\n")
                    return
            said += f"{line}\r\n"
            left -= 1
        # At once: each word of its own would be a packet of its own, and cost both ends as much as a page.
        self._write(said)

    async def _more(self, pages: int) -> int:
        """Return how many lines are wanted; 0 when no more."""
        while True:
            pressed = await self._press()
            match pressed.key:
                case "enter":
                    return 1
                case "interrupt":
                    return 0
                case _ if pressed.text in ("q", "Q"):
                    return 0
                case _ if pressed.text == " ":
                    return pages
                case _:
                    continue

    async def _line(self, before: str) -> str:
        """Read a line, with echo; `before` is what stands to the left of it."""
        text = ""
        while True:
            pressed = await self._press()
            match pressed.key:
                case "enter":
                    self._write("\r\n")
                    return text
                case "interrupt":
                    self._write("^C\r\n")
                    return ""
                case "erase":
                    if text:
                        text = text[:-1]
                        self._write("\b \b")
                case "help" if text.count('"') % 2 == 0:
                    self._help(text, before)
                case _ if pressed.text and len(text) < MAX_LINE:
                    echo = pressed.text[: MAX_LINE - len(text)]
                    self._write(wrapped(echo, len(before) + len(text)))
                    text += echo

    def _help(self, text: str, before: str) -> None:
        rule = "-" * 45
        reading = read(text, BY_MODE[self._shell.mode])
        self._write("?\r\n")
        self._say([rule, f"  Command of {self._shell.mode.value} Mode:", rule, *reading.expected], "")
        self._write(f"\r\n{before}{wrapped(text, len(before))}")

    async def _press(self) -> Pressed:
        while not self._pressed:
            try:
                data = await self._process.stdin.read(4096)
            except (asyncssh.TerminalSizeChanged, asyncssh.BreakReceived, asyncssh.SignalReceived):
                continue
            if not data:
                raise Hangup
            self._pressed.extend(self._keys.read(data))
        return self._pressed.popleft()

    def _say(self, lines: Sequence[str], indent: str) -> None:
        self._write("".join(f"{indent}{line}\r\n" for line in lines))

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        if self._left is not None:
            self._process.stdout.write(data[: self._left])
            self._left -= len(data)
            if self._left < 0:
                raise Dropped
            return
        self._process.stdout.write(data)


MAX_LINE = 512


def wrapped(text: str, column: int) -> str:
    """Return the echo of a text that begins in a column: past the last one it goes on with a space and a step back."""
    parts = []
    for character in text:
        parts.append(character)
        column += 1
        if column % WIDTH == 0:
            parts.append(" \x1b[1D")
    return "".join(parts)
