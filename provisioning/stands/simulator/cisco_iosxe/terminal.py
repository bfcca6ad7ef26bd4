"""The terminal of a session: keys, echo, pages, questions.

As on real ones: what is typed is echoed; ` --More-- ` holds output up until the length is 0, and is taken away with
steps back; Ctrl-Z ends configuration mode, Ctrl-C leaves it or drops the line (Cisco IOS Configuration Fundamentals
Configuration Guide, "Using the Cisco IOS Command-Line Interface").
"""

from collections import deque
from collections.abc import Awaitable, Callable

import asyncssh

from provisioning.stands.simulator.cisco_iosxe.interpreter import Interpreter, exec_forms
from provisioning.stands.simulator.cisco_iosxe.session import LoggedOut, Session
from provisioning.stands.simulator.cisco_iosxe.words import following
from provisioning.stands.simulator.faults import Count, Dropped, Faults

MORE = " --More-- "
TAKE_MORE_AWAY = "\b" * (len(MORE) - 1) + " " * (len(MORE) - 2) + "\b" * (len(MORE) - 1)

END, INTERRUPT, END_OF_INPUT, ERASE_LINE, NEXT_AS_IT_IS = 0x1A, 0x03, 0x04, 0x15, 0x16
ENTER, ERASE, ESCAPE, HELP = b"\r\n", b"\x08\x7f", 0x1B, ord("?")

MAX_LINE = 4096


class Hangup(Exception):
    """The other side is gone."""


class Terminal:
    """One session on one terminal.

    Args:
        process: the channel.
        faults: those in force, asked before every command.
        count: the commands of this connection.
        way: raises Dropped when the connection leads here no more.
    """

    def __init__(
        self,
        process: asyncssh.SSHServerProcess[bytes],
        session: Session,
        faults: Callable[[], Faults],
        count: Count,
        way: Callable[[], Awaitable[None]],
    ) -> None:
        self._process = process
        self._session = session
        self._faults = faults
        self._count = count
        self._way = way
        self._keys: deque[int] = deque()
        self._said = bytearray()
        self._after_return = False
        self._left: int | None = None
        self._interpreter = Interpreter(session, self._ask)
        session.tell = self._tell

    async def run(self) -> None:
        """Serve the session until it ends.

        Raises:
            Dropped: when a fault ended it, or its way is shut.
            Reloaded: when somebody had the router start again.
        """
        self._write("\n")
        try:
            while True:
                self._left = None
                self._write(self._session.prompt)
                line = await self._line(help_with=True)
                self._session.device.rollback.active(self._session.user)
                if line.strip():
                    await self._command(line)
        except LoggedOut:
            pass
        except Hangup:
            pass
        finally:
            self._flush()

    async def _command(self, line: str) -> None:
        self._flush()
        # What hangs, hangs before anything is done.
        await self._count.before(self._faults(), self._process.channel.wait_closed)
        await self._way()
        self._left = self._faults().truncate
        said = await self._interpreter.run(line)
        # What was begun was done, whoever listens still.
        await self._way()
        if self._count.is_last(self._faults()):
            raise Dropped
        await self._page(said)

    async def _page(self, text: str) -> None:
        length = self._session.length
        lines = text.splitlines(keepends=True)
        if not length or len(lines) <= length:
            self._write(text)
            return
        left = length - 1
        for each in lines:
            if left <= 0:
                self._write(MORE)
                left = await self._more(length - 1)
                self._write(TAKE_MORE_AWAY)
                if not left:
                    self._write("\n")
                    return
            self._write(each)
            left -= 1

    async def _more(self, page: int) -> int:
        """Return how many lines are wanted; 0 when no more."""
        key = await self._press()
        if key in ENTER:
            return 1
        return page if key == ord(" ") else 0

    async def _ask(self, question: str) -> str:
        self._write(question)
        return await self._line(help_with=False)

    async def _line(self, *, help_with: bool) -> str:
        """Read a line, with echo."""
        held = bytearray()
        while True:
            key = await self._press()
            if key in ENTER:
                self._write("\n")
                return held.decode("utf-8", "replace")
            if key in (END, INTERRUPT):
                self._write("^Z\n" if key == END else "^C\n")
                if not help_with:
                    # Nobody agrees to a question so.
                    return "no"
                self._interpreter.end()
                return ""
            if key == END_OF_INPUT and not held:
                raise Hangup
            if key == HELP and help_with:
                self._help(held.decode("utf-8", "replace"))
            else:
                await self._edit(held, key)

    async def _edit(self, held: bytearray, key: int) -> None:
        """Take a key into the line that is being typed."""
        if key in ERASE or key == ERASE_LINE:
            steps = len(held) if key == ERASE_LINE else min(1, len(held))
            del held[len(held) - steps :]
            self._write("\b \b" * steps)
        elif key == ESCAPE:
            await self._escaped()
        elif (key == NEXT_AS_IT_IS or key >= 0x20) and len(held) < MAX_LINE:
            if key == NEXT_AS_IT_IS:
                key = await self._press()
            held.append(key)
            self._put(bytes([key]))

    async def _escaped(self) -> None:
        """Leave out the sequence of a cursor key."""
        if await self._press() in b"[O":
            while not 0x40 <= await self._press() <= 0x7E:
                continue

    def _help(self, text: str) -> None:
        self._write("?\n")
        if self._session.modes is None:
            found = following(text, exec_forms(), self._session.privilege)
            self._write("".join(f"  {each}\n" for each in found) or "% Unrecognized command\n")
        self._write(f"\n{self._session.prompt}{text}")

    async def _press(self) -> int:
        while not self._keys:
            self._flush()
            try:
                data = await self._process.stdin.read(4096)
            except (asyncssh.TerminalSizeChanged, asyncssh.BreakReceived, asyncssh.SignalReceived):
                continue
            if not data:
                raise Hangup
            self._keys.extend(self._pressed(data))
        return self._keys.popleft()

    def _pressed(self, data: bytes) -> bytes:
        """Return the keys in some bytes; a return and a line feed are one."""
        found = bytearray()
        for byte in data:
            if not (byte in b"\n\x00" and self._after_return):
                found.append(byte)
            self._after_return = byte == 0x0D
        return bytes(found).replace(b"\x00", b"")

    def _tell(self, text: str) -> None:
        """Show something that the router tells of itself, whatever is being done."""
        if not self._process.is_closing():
            self._write(f"\n{text}")
            self._flush()

    def _write(self, text: str) -> None:
        self._put(text.replace("\n", "\r\n").encode("utf-8", "replace"))

    def _put(self, data: bytes) -> None:
        if self._left is None:
            self._said += data
            return
        self._said += data[: max(self._left, 0)]
        self._left -= len(data)
        if self._left < 0:
            self._flush()
            raise Dropped

    def _flush(self) -> None:
        """Send what was said: what is typed at once is echoed at once."""
        if self._said and not self._process.is_closing():
            self._process.stdout.write(bytes(self._said))
        self._said.clear()
