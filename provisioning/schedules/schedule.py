"""What is to be done again and again, and when."""

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
    """Once a day, by the machine's local time; made up for after boot where systemd does it.

    Attributes:
        spread_seconds: at most so much later, at random, so that many machines do not begin at once.
    """

    hour: int
    minute: int
    spread_seconds: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.hour < 24 and 0 <= self.minute < 60 and self.spread_seconds >= 0):
            raise ValueError(f"{self.hour}:{self.minute} is no time of day")


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
    """

    name: str
    description: str
    command: tuple[str, ...]
    when: EveryMinutes | Daily
    writes: tuple[Path, ...]
    environment_file: Path

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of a job")
        if not self.command or not Path(self.command[0]).is_absolute():
            raise ValueError("a unit names its program by an absolute path")
        texts = (self.description, *self.command, *map(str, self.writes), str(self.environment_file))
        if any(not each.isprintable() for each in texts):
            raise ValueError("a line break or a control character would begin another line of the unit")

    @property
    def unit(self) -> str:
        """The name of its units, without an ending."""
        return f"proviso-{self.name}"
