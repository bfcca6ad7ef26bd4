"""The configuration archive of a router, and timed rollback.

Cisco IOS XE 17 System Management Configuration Guide, "Configuration Replace and Configuration Rollback" and
"Configuration Rollback Confirmed Change"; Cisco IOS Configuration Fundamentals Command Reference, `archive`, `show
archive`, `show archive config rollback timer`, `configure revert`: only the user who started the timer may confirm,
reset it or go back at once. Names of files and messages as in transcripts of devices.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.flash import FLASH, Flash, Place, place_of

USUAL_MAXIMUM = 10
NOT_ENABLED = " Archive feature not enabled\n"
TURN_ON = "%Turn config archive on before using Rollback Confirmed Change\n"
TURN_ON_FOR_TRIGGER = "%Please turn config archive on before using configure replace with revert trigger\n"
NOTHING_PENDING = "%No Rollback Confirmed Change pending\n"


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """What `archive` says in a running configuration.

    Attributes:
        path: of the files, without what is added to it.
        maximum: files that are kept.
        on_save: whether `write memory` makes one.
    """

    path: str
    maximum: int = USUAL_MAXIMUM
    on_save: bool = False


def settings_of(text: str, hostname: str) -> ArchiveSettings | None:
    """Return what is configured; None when the archive is off: it has no path."""
    path, maximum, on_save = "", USUAL_MAXIMUM, False
    for line in reading.lines_below(text, "archive"):
        match line.split():
            case ["path", where]:
                path = where.replace("$h", hostname)
            case ["maximum", number] if number.isdecimal():
                maximum = int(number)
            case ["write-memory"]:
                on_save = True
            case _:
                pass
    return ArchiveSettings(path, maximum, on_save) if path else None


@dataclass(slots=True)
class Archive:
    """The files of the archive.

    Attributes:
        names: of those that there are, the oldest first.
        count: how many there ever were.
    """

    names: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, settings: ArchiveSettings, text: str, flash: Flash, now: datetime) -> str:
        """Keep a configuration; return the name of its file.

        Raises:
            FileError: when it does not fit, or the path leads nowhere.
        """
        name = f"{settings.path}-{stamp(now)}-{self.count}"
        place = place_of(name) or Place(FLASH, name, name)
        flash.write(place, text.encode(), now)
        self.count += 1
        self.names.append(name)
        while len(self.names) > settings.maximum:
            oldest = place_of(self.names.pop(0))
            if oldest is not None:
                flash.files.pop(oldest.name, None)
        return name

    def shown(self, settings: ArchiveSettings | None) -> str:
        """Return what `show archive` says."""
        if settings is None:
            return NOT_ENABLED
        rows = [f"   {number:<9}{name}" for number, name in enumerate(self.names, 1)]
        if rows:
            rows[-1] += " <- Most Recent"
        rows += [f"   {number}" for number in range(len(rows) + 1, settings.maximum + 1)]
        are = f"There are currently {len(self.names)} archive configurations saved."
        return "\n".join(
            [
                f"The maximum archive configurations allowed is {settings.maximum}.",
                are,
                f"The next archive file will be named {settings.path}-<timestamp>-{self.count}",
                " Archive #  Name",
                *rows,
                "",
            ]
        )


def stamp(now: datetime) -> str:
    """Return a time as the archive writes it into names: `Feb-15-15-56-38.517`, `May--4-13-16-19.360`."""
    return f"{now:%b}-{now.day:->2}-{now:%H-%M-%S}.{now.microsecond // 1000:03}"


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that goes back unless it is confirmed.

    Attributes:
        user: who started the timer.
        minutes: of the timer.
        idle: whether the timer starts anew whenever the user does something.
        configured: when it was started, or started anew.
        backup: name of the archive's file to go back to.
    """

    user: str
    minutes: int
    idle: bool
    configured: datetime
    backup: str

    @property
    def deadline(self) -> datetime:
        """When it goes back."""
        return self.configured + timedelta(minutes=self.minutes)

    @property
    def shown(self) -> str:
        """What `show archive config rollback timer` says."""
        kind = "idle timer" if self.idle else "absolute timer"
        return (
            f"Time configured(or reconfigured): {clock(self.configured)}\n"
            f"Timer type: {kind}\nTimer value: {self.minutes} min\nUser: {self.user}\n"
        )


def clock(now: datetime) -> str:
    """Return a time as IOS tells it: `22:50:48 UTC Sat Feb 21 2009`."""
    return f"{now:%H:%M:%S} UTC {now:%a} {now:%b} {now.day} {now:%Y}"
