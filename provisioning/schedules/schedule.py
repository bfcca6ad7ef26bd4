"""What is to be done again and again, and when."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MINUTES_OF_AN_HOUR = 60
_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")


class Scope(StrEnum):
    """Whose clockwork does it."""

    SYSTEM = "system"
    USER = "user"
    CRON = "cron"


@dataclass(frozen=True, slots=True)
class EveryMinutes:
    """At boot, and so many minutes after it was done last.

    Attributes:
        minutes: 1 to 30, a divisor of 60: what cron can say, too.
    """

    minutes: int

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= MINUTES_OF_AN_HOUR // 2 or MINUTES_OF_AN_HOUR % self.minutes:
            raise ValueError(f"{self.minutes} minutes do not divide an hour")


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, by the machine's local time; made up for when the machine was off then.

    Attributes:
        spread_seconds: at most so much later, at random, so that many machines do not begin at once.
        machine: what tells machines apart: cron chooses nothing at random, so each has a minute of its own.
    """

    hour: int
    minute: int
    spread_seconds: int = 0
    machine: str = ""

    def __post_init__(self) -> None:
        if not (0 <= self.hour < 24 and 0 <= self.minute < 60 and self.spread_seconds >= 0):
            raise ValueError(f"{self.hour}:{self.minute} is no time of day")

    @property
    def of_this_machine(self) -> tuple[int, int]:
        """Hour and minute for clockworks that choose nothing at random: the same each day."""
        minutes = self.spread_seconds // 60 + 1
        digest = hashlib.sha256(self.machine.encode("utf-8", "surrogateescape")).digest()
        later = int.from_bytes(digest[:8], "big") % minutes if self.spread_seconds else 0
        return divmod((self.hour * 60 + self.minute + later) % (24 * 60), 60)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A command that is to run by itself.

    Attributes:
        name: of the job, in small letters, digits and dashes; units are called `proviso-NAME`.
        description: one line for people.
        command: the program by its absolute path, and its arguments.
        writes: folders that the command writes in.
        environment_file: `NAME=value` lines, read if it is there: the place for what must not be in a unit, such as
            passwords.
        managed_by: the command that shows, installs and removes it.
        at_boot: further arguments with which the command makes up for what the machine was off for, if it has to; for
            clockworks that do not see to that themselves.
    """

    name: str
    description: str
    command: tuple[str, ...]
    when: EveryMinutes | Daily
    writes: tuple[Path, ...]
    environment_file: Path
    managed_by: str = "proviso run schedule"
    at_boot: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a job")
        if not self.command or not Path(self.command[0]).is_absolute():
            raise ValueError("a unit names its program by an absolute path")
        texts = (
            self.description,
            self.managed_by,
            *self.command,
            *self.at_boot,
            *map(str, self.writes),
            str(self.environment_file),
        )
        if any(not each.isprintable() for each in texts):
            raise ValueError("a line break or a control character would begin another line of the unit")

    @property
    def unit(self) -> str:
        """The name of its units, without an ending."""
        return f"proviso-{self.name}"
