"""What a router is, without any terminal: its configurations, files, archive, timer, power."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.archive import Archive, ArchiveSettings, Pending, clock, settings_of
from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration
from provisioning.stands.simulator.cisco_iosxe.configuration import Session as Modes
from provisioning.stands.simulator.cisco_iosxe.flash import (
    FLASH,
    FULL,
    MISSING,
    NULL,
    NVRAM,
    FileError,
    Flash,
    Place,
    place_of,
)
from provisioning.stands.simulator.cisco_iosxe.interfaces import Interface, Lent, interfaces_of, split_name
from provisioning.stands.simulator.cisco_iosxe.kept import Disk, Kept
from provisioning.stands.simulator.cisco_iosxe.session import Session
from provisioning.stands.simulator.cisco_iosxe.snmp import User, engine_of, users_of
from provisioning.stands.simulator.faults import Faults

REJECTED = "% Invalid input detected at '^' marker.\n"
NVRAM_BYTES = 33_554_432
NO_ROOM = f"startup-config file open failed (Not enough space)\n%Error opening nvram:startup-config ({FULL})\n"


class Surroundings(Protocol):
    """What a router knows of the network that it is connected to."""

    def is_up(self, neighbour: str) -> bool:
        """Return whether a BGP session with a neighbour stands."""

    def passes_fixed(self) -> bool:
        """Return whether the fixed bearer passes packets."""

    def pings(self, target: str) -> bool | None:
        """Return whether somebody answers the router's ping; None when the target is no address."""


class Device:
    """One router.

    Args:
        serial: of the chassis.
        number: of the customer, from 1.
        factory: the configuration that it comes with.
        now: the clock.
        faults: returns those in force.
        disk: where it keeps what outlives a loss of power; without one that goes with the simulator.
    """

    def __init__(
        self,
        serial: str,
        number: int,
        factory: str,
        now: Callable[[], datetime],
        faults: Callable[[], Faults],
        disk: Disk | None = None,
    ) -> None:
        self.serial = serial
        self.number = number
        self.sessions: list[Session] = []
        self.lent: Lent = lambda _name: ()
        self.network: Surroundings
        self.now = now
        self._faults = faults
        self._disk = disk
        self._factory = factory
        self.running = Configuration()
        self._text: str | None = None
        self.flash = Flash()
        self.archive = Archive()
        self.pending: Pending | None = None
        self.startup: str | None = None
        self._saved_private: tuple[str, ...] = ()
        self.booted = now()
        self.reason = "PowerOn"
        self.changed: tuple[datetime, str] | None = None
        self.saved: tuple[datetime, str] | None = None
        self.told: Callable[[str, str], None] = lambda _user, _text: None
        kept = disk.load() if disk is not None else None
        if kept is None:
            self.running.load(factory)
            self.startup = self.written()
        else:
            self.startup, self.flash.files = kept.startup, dict(kept.files)
            self._saved_private = kept.private
            self.archive = Archive(list(kept.archived), kept.archive_count)
        self.boot("PowerOn")

    # --- what is configured ---

    @property
    def text(self) -> str:
        """The running configuration, from its first line to `end`."""
        if self._text is None:
            self._text = self.running.text()
        return self._text

    @property
    def hostname(self) -> str:
        """The name of the router."""
        return reading.value(self.text, "hostname") or "Router"

    @property
    def archive_settings(self) -> ArchiveSettings | None:
        """What is configured of the archive; None when it is off."""
        return settings_of(self.text, self.hostname)

    @property
    def is_saved(self) -> bool:
        """Whether a loss of power would change nothing that is configured."""
        return self.startup is not None and body_of(self.startup) == self.text

    @property
    def private(self) -> tuple[str, ...]:
        """The lines that no configuration shows: users of SNMP."""
        return tuple(private_lines(self.running))

    @property
    def snmp_users(self) -> list[User]:
        """Users of SNMPv3."""
        return users_of(self.private)

    @property
    def engine_id(self) -> str:
        """The id of the engine of SNMP."""
        return engine_of(self.number)

    def interfaces(self) -> list[Interface]:
        """Return its interfaces, with the addresses that they have at the moment."""
        return interfaces_of(self.text, self.lent)

    def interface_named(self, written: str) -> str:
        """Return the full name of an interface that was named in short or in two words; the words when none fits."""
        kind, number = split_name(written)
        for name, _ in reading.blocks(self.text, "interface"):
            its_kind, its_number = split_name(name)
            if its_kind.startswith(kind) and its_number == number:
                return name
        return written

    def rejects(self, line: str) -> bool:
        """Return whether a fault has it refuse a line."""
        return self._faults().rejects(line)

    def written(self) -> str:
        """Return the running configuration as it is written into files: with who changed it when."""
        when = (
            f"! Last configuration change at {clock(self.changed[0])} by {self.changed[1]}\n"
            if self.changed
            else ("! No configuration change since last restart\n")
        )
        if self.saved:
            when += f"! NVRAM config last updated at {clock(self.saved[0])} by {self.saved[1]}\n"
        return f"!\n{when}!\n{self.text}"

    def feed(self, line: str, modes: Modes, user: str) -> str:
        """Take in one line in configuration mode; return what the device says."""
        if self._faults().rejects(line):
            return f"^\n{REJECTED}"
        before = self.text
        said = self.running.feed(line, modes)
        self._touched(user, before)
        return said

    def merge(self, text: str, user: str) -> list[str]:
        """Add the lines of a file to what is configured; return what is said of those that do not fit."""
        before = self.text
        refused, accepted = self._sorted_out(text)
        said = refused + [f"{each}\n" for each in self.running.merge(accepted)]
        self._touched(user, before)
        return said

    def replace(self, text: str, user: str) -> list[str]:
        """Put a file in the place of what is configured; return the lines that cannot be applied."""
        before = self.text
        refused, accepted = self._sorted_out(text)
        failed = [each.splitlines()[0] for each in refused] + self.running.replace(accepted)
        self._touched(user, before)
        return failed

    def _sorted_out(self, text: str) -> tuple[list[str], str]:
        """Return what is said of lines that a fault rejects, and the others."""
        faults = self._faults()
        if not faults.reject:
            return [], text
        lines = text.splitlines(keepends=True)
        refused = [f"{each.rstrip()}\n^\n{REJECTED}" for each in lines if faults.rejects(each)]
        return refused, "".join(each for each in lines if not faults.rejects(each))

    def _touched(self, user: str, before: str) -> None:
        self._text = None
        if self.text != before:
            self.changed = (self.now(), user)

    # --- files ---

    def read(self, place: Place) -> str:
        """Return the text of a file.

        Raises:
            FileError: when there is none.
        """
        match place.system, place.name:
            case "system:", "running-config":
                return self.written()
            case "nvram:", "startup-config" if self.startup is not None:
                return self.startup
            case "bootflash:", _:
                return self.flash.read(place).decode("utf-8", "replace")
            case "null:", _:
                return ""
            case _:
                raise FileError(place.written, MISSING)

    def write(self, place: Place, content: bytes) -> None:
        """Write a file in flash memory, or nowhere.

        Raises:
            FileError: when it does not fit, or cannot be written there.
        """
        if place.system == NULL:
            return
        if place.system != FLASH or not place.name:
            raise FileError(place.written, "Permission denied")
        self.flash.full = self.is_full
        self.flash.write(place, content, self.now())
        self.keep()

    def delete(self, place: Place) -> None:
        """Take a file away.

        Raises:
            FileError: when there is none.
        """
        if place.system == NVRAM and place.name == "startup-config":
            self.startup = None
        else:
            self.flash.delete(place)
            self.archive.names = [each for each in self.archive.names if each != place.written]
        self.keep()

    def save(self, user: str) -> str:
        """Keep what is configured over a loss of power; return what the device says."""
        if self.is_full:
            return NO_ROOM
        self.saved = (self.now(), user)
        self.startup, self._saved_private = self.written(), self.private
        settings = self.archive_settings
        if settings is not None and settings.on_save:
            self.to_archive()
        self.keep()
        return ""

    def to_archive(self) -> str:
        """Put what is configured into the archive, which is on; return the name of the file.

        Raises:
            FileError: when it does not fit.
        """
        settings = self.archive_settings
        if settings is None:
            raise FileError("archive", MISSING)
        self.flash.full = self.is_full
        name = self.archive.add(settings, self.written(), self.flash, self.now())
        self.keep()
        return name

    def save_file(self, text: str) -> str:
        """Keep a file as what a loss of power goes back to; return what the device says when it cannot."""
        if self.is_full:
            return NO_ROOM
        self.startup = text
        self.keep()
        return ""

    @property
    def is_full(self) -> bool:
        """Whether nothing more fits into its memory."""
        return self._faults().disk_full

    # --- the timer ---

    def start_timer(self, user: str, minutes: int, *, idle: bool) -> str:
        """Have what is configured come back unless it is confirmed; return the name of the file to go back to.

        Raises:
            FileError: when that does not fit.
        """
        backup = self.to_archive()
        self.pending = Pending(user, minutes, idle, self.now(), backup)
        return backup

    def restart_timer(self, minutes: int, *, idle: bool) -> None:
        """Start the timer of what is pending anew."""
        if self.pending is not None:
            self.pending = replace(self.pending, minutes=minutes, idle=idle, configured=self.now())

    def active(self, user: str) -> None:
        """Know that a user did something: an idle timer of his starts anew."""
        if self.pending is not None and self.pending.idle and self.pending.user == user:
            self.pending = replace(self.pending, configured=self.now())

    def tick(self) -> None:
        """Have done what was due until now."""
        if self.pending is not None and self.now() >= self.pending.deadline:
            pending = self.pending
            said = self.go_back(pending.user)
            self.told(pending.user, said)

    def go_back(self, user: str) -> str:
        """Go back to what was before the change that is pending; return what the device says."""
        if self.pending is None:
            return ""
        backup, self.pending = self.pending.backup, None
        begun = f"Rollback Confirmed Change: rolling to:{backup}\n\n"
        place = place_of(backup)
        try:
            target = self.read(place) if place is not None else ""
        except FileError as error:
            return f"{begun}{error}\n"
        self.replace(target, user)
        return f"{begun}Total number of passes: 1\nRollback Done\n\n"

    # --- power ---

    def boot(self, reason: str) -> None:
        """Start anew with what was saved."""
        self.running, self._text, self.pending = Configuration(), None, None
        self.changed = self.saved = None
        self.booted, self.reason = self.now(), reason
        self.running.load(body_of(self.startup) if self.startup is not None else self._factory)
        modes = Modes()
        for each in self._saved_private:
            self.running.feed(each, modes)
        self.keep()

    def keep(self) -> None:
        """Keep what outlives a loss of power."""
        if self._disk is not None:
            kept = Kept(
                self.startup, self._saved_private, self.flash.files, tuple(self.archive.names), self.archive.count
            )
            self._disk.save(replace(kept, files=dict(self.flash.files)))


def private_lines(configuration: Configuration) -> Iterator[str]:
    """Yield the lines of a configuration that it does not show."""
    for each in configuration.root.children.values():
        if each.rule is not None and each.rule.kept:
            yield each.text


def body_of(text: str) -> str:
    """Return a configuration as it was written, without the remarks before its first line."""
    lines = text.splitlines(keepends=True)
    first = next((number for number, each in enumerate(lines) if not each.startswith("!")), len(lines))
    return "".join(lines[first:])
