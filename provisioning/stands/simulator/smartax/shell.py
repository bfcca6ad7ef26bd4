"""What one session of a SmartAX is doing: its mode, and what it has switched on and off. No terminal here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from provisioning.stands.simulator.smartax.config import LineProfile, ServiceProfile
from provisioning.stands.simulator.smartax.device import Device
from provisioning.stands.simulator.smartax.grammar import Pattern

Values = Mapping[str, str]


class Mode(StrEnum):
    """Where a session stands; what may be typed depends on it."""

    USER = "user"
    ENABLE = "enable"
    CONFIG = "config"
    GPON = "gpon"
    LINE = "lineprofile"
    SERVICE = "srvprofile"


class LoggedOut(Exception):
    """The session ends."""


class Rebooted(Exception):
    """The whole device starts again."""


@dataclass(slots=True)
class Shell:
    """One session.

    Attributes:
        device: that it is on.
        mode: where it stands.
        slot: of the board whose mode it is in.
        line: the line profile that it edits, not in force before `commit`.
        service: the service profile that it edits.
        smart: whether commands that may go on are asked about.
        pages: lines of a page; 0 when output is not held up.
        machine: whether a program sits at the other end, who is asked nothing.
        news: whether the device tells of itself in between.
    """

    device: Device
    mode: Mode = Mode.USER
    slot: int = 0
    line: LineProfile | None = None
    service: ServiceProfile | None = None
    smart: bool = True
    pages: int = 24
    machine: bool = False
    news: bool = True

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        sysname = self.device.sysname
        match self.mode:
            case Mode.USER:
                return f"{sysname}>"
            case Mode.ENABLE:
                return f"{sysname}#"
            case Mode.CONFIG:
                return f"{sysname}(config)#"
            case Mode.GPON:
                return f"{sysname}(config-if-gpon-0/{self.slot})#"
            case Mode.LINE:
                return f"{sysname}(config-gpon-lineprofile-{self.line.index if self.line else 0})#"
            case Mode.SERVICE:
                return f"{sysname}(config-gpon-srvprofile-{self.service.index if self.service else 0})#"

    def leave(self) -> None:
        """Go up by one mode; what a profile was given and not committed is gone."""
        up = {Mode.CONFIG: Mode.ENABLE, Mode.GPON: Mode.CONFIG, Mode.LINE: Mode.CONFIG, Mode.SERVICE: Mode.CONFIG}
        if self.mode not in up:
            raise LoggedOut
        self.mode, self.line, self.service = up[self.mode], None, None


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the device.

    Attributes:
        modes: where it may be typed.
        pattern: how it is written.
        do: carries it out, and returns what it says; raises Failure.
        indent: of what it says.
        asks: returns what is asked before it is carried out; None when nothing is.
        writes: whether it changes what is configured.
    """

    modes: frozenset[Mode]
    pattern: Pattern
    do: Callable[[Shell, Values], list[str]]
    indent: str = "  "
    asks: Callable[[Shell, Values], list[str]] | None = None
    writes: bool = False


BELOW_CONFIG = (Mode.GPON, Mode.LINE, Mode.SERVICE)
ANYWHERE = tuple(Mode)
PRIVILEGED = (Mode.ENABLE, Mode.CONFIG, *BELOW_CONFIG)
GENERAL = (Mode.ENABLE, Mode.CONFIG)

FLOW = "{fsp:P3} [ont {ontid:U0-255} [gemport {gem:U0-1023}]]"
"""How the service flows of a port, of an ONT or of one GEM port are named."""


def command(
    modes: tuple[Mode, ...],
    pattern: str,
    do: Callable[[Shell, Values], list[str]],
    *,
    asks: Callable[[Shell, Values], list[str]] | None = None,
    writes: bool = False,
    indent: str = "  ",
) -> Command:
    """Return a command from its parts."""
    return Command(frozenset(modes), Pattern(pattern), do, indent, asks, writes)
