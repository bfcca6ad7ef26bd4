"""What a router is, without any terminal: its configurations, files, archive, timer, sessions, power."""

from collections.abc import Callable
from datetime import datetime

from provisioning.stands.simulator.cisco_iosxe.archive import Archive
from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration
from provisioning.stands.simulator.cisco_iosxe.configured import Configured, configuration_of
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
from provisioning.stands.simulator.cisco_iosxe.kept import Disk, Kept
from provisioning.stands.simulator.cisco_iosxe.log import Log
from provisioning.stands.simulator.cisco_iosxe.rollback import TimedRollback
from provisioning.stands.simulator.cisco_iosxe.session import Session
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.live_calls import LiveCall

NVRAM_BYTES = 33_554_432
NO_ROOM = f"startup-config file open failed (Not enough space)\n%Error opening nvram:startup-config ({FULL})\n"


class Device(Configured):
    """One router.

    Args:
        serial: of the chassis.
        number: of the customer, from 1.
        factory: returns the configuration that it comes with.
        now: the clock.
        faults: returns those in force.
        disk: where it keeps what outlives a loss of power; without one that goes with the simulator.

    Attributes:
        sessions: on its terminals.
        lock: the session that has configuration mode for itself.
        booted: when it started.
        reason: why it started.
    """

    def __init__(
        self,
        serial: str,
        number: int,
        factory: Callable[[], Configuration],
        now: Callable[[], datetime],
        faults: Callable[[], Faults],
        disk: Disk | None = None,
    ) -> None:
        super().__init__(serial, number, now, faults)
        self.sessions: list[Session] = []
        self.live: list[LiveCall] = []
        self.lock: Session | None = None
        self.log = Log()
        self.rollback = TimedRollback(now, self._restore, self.note)
        self._factory = factory
        self._disk = disk
        kept = disk.load() if disk is not None else None
        self._kept = kept if kept is not None else Kept(is_new=True)
        self.flash = Flash(dict(self._kept.files))
        self.archive = Archive(list(self._kept.archived), self._kept.archive_count)
        self.booted, self.reason = now(), ""
        self.boot("PowerOn")

    # --- what outlives a loss of power ---

    @property
    def startup(self) -> str | None:
        """The startup configuration; None when there is none."""
        if self._kept.is_new:
            fresh = Configured(self.serial, self.number, self.now, self._faults)
            fresh.begin_with(self._factory)
            self._kept = Kept(startup=fresh.written())
        return self._kept.startup

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever saved but what it came with."""
        return self._kept.is_new

    @property
    def is_saved(self) -> bool:
        """Whether a loss of power would change nothing that is configured."""
        return self.startup is not None and body_of(self.startup) == self.text

    @property
    def is_full(self) -> bool:
        """Whether nothing more fits into its memory."""
        return self._faults().disk_full

    def save(self, user: str) -> str:
        """Keep what is configured over a loss of power; return what the device says when it cannot.

        Raises:
            FileError: when it was saved, but does not fit into the archive.
        """
        if self.is_full:
            return NO_ROOM
        self.saved = (self.now(), user)
        self._keep(self.written(), self.private)
        settings = self.archive_settings
        if settings is not None and settings.on_save:
            self.to_archive()
        return ""

    def save_file(self, text: str) -> str:
        """Keep a file as what a loss of power goes back to; return what the device says when it cannot."""
        if self.is_full:
            return NO_ROOM
        self._keep(text, self._kept.private)
        return ""

    def _keep(self, startup: str | None, private: tuple[str, ...]) -> None:
        files, names = dict(self.flash.files), tuple(self.archive.names)
        self._kept = Kept(startup, private, files, names, self.archive.count)
        if self._disk is not None:
            self._disk.save(self._kept)

    # --- files ---

    def read(self, place: Place) -> str:
        """Return the text of a file.

        Raises:
            FileError: when there is none.
        """
        match place.system, place.name:
            case "system:", "running-config":
                return self.written()
            case "nvram:", "startup-config":
                if self.startup is None:
                    raise FileError(place.written, MISSING)
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
        self._keep(self.startup, self._kept.private)

    def delete(self, place: Place) -> None:
        """Take a file away.

        Raises:
            FileError: when there is none.
        """
        startup = self.startup
        if place.system == NVRAM and place.name == "startup-config":
            startup = None
        else:
            self.flash.delete(place)
            self.archive.names = [each for each in self.archive.names if each != place.written]
        self._keep(startup, self._kept.private)

    # --- archive and timer ---

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
        self._keep(self.startup, self._kept.private)
        return name

    def _restore(self, backup: str, user: str) -> str:
        place = place_of(backup)
        try:
            target = self.read(place) if place is not None else ""
        except FileError as error:
            return f"{error}\n"
        done = self.replace(target, user)
        return "" if done.done else "".join(f"{each}\n" for each in done.said)

    def tick(self) -> bool:
        """Have done what was due until now; return whether anything was."""
        return self.rollback.tick()

    # --- sessions ---

    def rest(self) -> None:
        """Take less memory while nobody is here, where what is configured is what was saved."""
        if self.sessions or self.rollback.pending is not None or self._kept.is_new or not self.is_saved:
            return
        if self.private == self._kept.private:
            self._begin = self._beginning()
            self.forget_the_tree()

    def unlock(self, session: Session) -> None:
        """Let others configure again, when it was this session that kept them from it."""
        if self.lock is session:
            self.lock = None

    def note(self, message: str, when: datetime | None = None) -> None:
        """Log something, which happens now unless said."""
        self.log.note(message, when or self.now(), [each.tell for each in self.sessions if each.monitor])

    # --- power ---

    def boot(self, reason: str) -> None:
        """Start anew with what was saved."""
        self.rollback.forget()
        self.live.clear()
        self.lock, self.log = None, Log()
        self.booted, self.reason = self.now(), reason
        self.begin_with(self._beginning())

    def _beginning(self) -> Callable[[], Configuration]:
        text, private = self._kept.startup, self._kept.private
        return self._factory if text is None else lambda: configuration_of(body_of(text), private)


def body_of(text: str) -> str:
    """Return a configuration as it was written, without the remarks before its first line."""
    lines = text.splitlines(keepends=True)
    first = next((number for number, each in enumerate(lines) if not each.startswith("!")), len(lines))
    return "".join(lines[first:])
