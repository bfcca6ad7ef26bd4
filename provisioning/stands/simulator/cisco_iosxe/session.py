"""One session on a router: who it is, where it stands, how its terminal is set. No terminal here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.stands.simulator.cisco_iosxe.configuration import Session as Modes
    from provisioning.stands.simulator.cisco_iosxe.device import Device

PROMPT_NAME = 20
"""Characters of the host name that a configuration prompt shows."""

DEFAULT_LENGTH, DEFAULT_WIDTH = 24, 80

Ask = Callable[[str], Awaitable[str]]
"""Asks a question on the terminal, and returns what is answered; Enter is an empty answer."""


class LoggedOut(Exception):
    """The session ends."""


class Reloaded(Exception):
    """The whole router starts again."""


@dataclass(slots=True)
class Session:
    """One session.

    Attributes:
        device: that it is on.
        user: who logged in.
        line: number of its virtual terminal line, from 0.
        origin: address that it came from.
        since: when it began.
        privilege: level, 1 to 15.
        length: lines of a page; 0 when output is not held up.
        width: columns.
        modes: where it stands in configuration mode; None outside of it.
        terminal: whether somebody sits there who may be asked and shown pages.
        monitor: whether it is shown what the router logs.
        hang_up: ends it from outside.
        tell: shows it something that the router tells of itself, whatever is being done.
    """

    device: "Device"
    user: str
    line: int
    origin: str
    since: datetime
    privilege: int = 15
    length: int = DEFAULT_LENGTH
    width: int = DEFAULT_WIDTH
    modes: "Modes | None" = None
    terminal: bool = True
    monitor: bool = False
    hang_up: Callable[[], None] = field(default=lambda: None)
    tell: Callable[[str], None] = field(default=lambda _text: None)

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        name = self.device.hostname
        if self.modes is not None:
            return f"{name[:PROMPT_NAME]}{self.modes.suffix}"
        return f"{name}{'#' if self.privilege > 1 else '>'}"

    def leave_configuration(self) -> None:
        """Stand in EXEC mode again; that something may have been configured is logged."""
        if self.modes is None:
            return
        self.modes = None
        where = f"vty{self.line} ({self.origin})" if self.terminal else f"vty0 ({self.origin})"
        self.device.unlock(self)
        self.device.note(f"%SYS-5-CONFIG_I: Configured from console by {self.user} on {where}")


@dataclass(frozen=True, slots=True)
class Call:
    """A command that is carried out.

    Attributes:
        values: words of the user's, by name.
        words: all words, keywords in full.
        ask: asks the user something.
    """

    session: Session
    values: dict[str, str]
    words: tuple[str, ...]
    ask: Ask

    @property
    def device(self) -> "Device":
        """The router."""
        return self.session.device
