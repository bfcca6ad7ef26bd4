"""What is configured on a router: lines that are taken in, and what they make of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.archive import ArchiveSettings, clock, settings_of
from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration, Replacement
from provisioning.stands.simulator.cisco_iosxe.configuration import Session as Modes
from provisioning.stands.simulator.cisco_iosxe.interfaces import Interface, Lent, interfaces_of, split_name
from provisioning.stands.simulator.cisco_iosxe.snmp import User, engine_of, users_of
from provisioning.stands.simulator.faults import Faults

REJECTED = "% Invalid input detected at '^' marker.\n"
if TYPE_CHECKING:
    from provisioning.stands.simulator.cisco_iosxe.failover.machine import Machine
    from provisioning.stands.simulator.cisco_iosxe.forwarding.routes import Route
    from provisioning.stands.simulator.lines import Address, Network
    from provisioning.stands.simulator.radio import RadioState

UNCHANGED = "! No configuration change since last restart\n"

_NO_CHANGE = ("end", "exit", "!")


class Surroundings(Protocol):
    """What a router knows of the network that it is connected to."""

    @property
    def machine(self) -> "Machine":
        """What the router knows of its bearers."""

    def radio(self) -> "RadioState":
        """Return how the mobile modem does."""

    def default_route(self, version: int) -> "Route | None":
        """Return the default route that is in force."""

    def told(self, neighbour: "Address") -> "list[Network] | None":
        """Return what a BGP neighbour is told; None when there is none of this address."""

    def as_number(self) -> int:
        """Return the AS number of the router; 0 without BGP."""

    def has_line(self, interface: str) -> bool:
        """Return whether the interface of a bearer has a line; that of any other always has."""

    def counted(self, interface: str) -> tuple[int, int]:
        """Return how many packets came in and went out by an interface since the start."""

    def bytes_of(self, interface: str) -> tuple[int, int]:
        """Return how many bytes came in and went out by an interface since the start."""

    def pings(self, target: str) -> bool | None:
        """Return whether somebody answers the router's ping; None when the target is no address."""


class Configured:
    """The running configuration of a router.

    Args:
        serial: of the chassis.
        number: of the customer, from 1.
        now: the clock.
        faults: returns those in force.

    Attributes:
        lent: returns the addresses that an interface has from others.
        network: that it is connected to.
        changed: when something was configured since it started, and by whom.
        saved: when that was saved, and by whom.
    """

    network: Surroundings

    def __init__(self, serial: str, number: int, now: Callable[[], datetime], faults: Callable[[], Faults]) -> None:
        self.serial = serial
        self.number = number
        self.now = now
        self._faults = faults
        self.lent: Lent = lambda _name: ()
        self.changed: tuple[datetime, str] | None = None
        self.saved: tuple[datetime, str] | None = None
        self._begin: Callable[[], Configuration] = Configuration
        self._running: Configuration | None = None
        self._text: str | None = None

    def begin_with(self, begin: Callable[[], Configuration]) -> None:
        """Have nothing configured but what this returns, as after a start."""
        # It is asked when somebody first asks us: of many routers, few are.
        self._begin, self._running, self._text = begin, None, None
        self.changed = self.saved = None

    def forget_the_tree(self) -> None:
        """Keep what is configured as text only; it must be what it began with."""
        if self._running is not None:
            self._text = self.text
            self._running = None

    @property
    def is_read(self) -> bool:
        """Whether somebody has asked since it started."""
        return self._running is not None or self._text is not None

    @property
    def running(self) -> Configuration:
        """The running configuration."""
        if self._running is None:
            self._running = self._begin()
        return self._running

    @property
    def text(self) -> str:
        """The running configuration as it is shown, from its first line to `end`."""
        if self._text is None:
            self._text = self.running.text()
        return self._text

    def written(self) -> str:
        """Return the running configuration as it is written into files: with who changed it when."""
        told = UNCHANGED
        if self.changed is not None:
            told = f"! Last configuration change at {clock(self.changed[0])} by {self.changed[1]}\n"
        if self.saved is not None:
            told += f"! NVRAM config last updated at {clock(self.saved[0])} by {self.saved[1]}\n"
        return f"!\n{told}!\n{self.text}"

    # --- taking in lines ---

    def rejects(self, line: str) -> bool:
        """Return whether a fault has it refuse a line."""
        return self._faults().rejects(line)

    def feed(self, line: str, modes: Modes, user: str) -> str:
        """Take in one line in configuration mode; return what the device says."""
        if self.rejects(line):
            indent = len(self.running.prompt(modes)) + len(line) - len(line.lstrip())
            return f"{' ' * indent}^\n{REJECTED}"
        said = self.running.feed(line, modes)
        self._text = None
        if line.strip() and not said and line.split()[0] not in _NO_CHANGE:
            self.changed = (self.now(), user)
        return said

    def merge(self, text: str, user: str) -> list[str]:
        """Add the lines of a file to what is configured; return what is said of those that do not fit, by line."""
        refused, accepted = self._sorted_out(text)
        said = refused + [f"{each}\n" for each in self.running.merge(accepted)]
        self._text, self.changed = None, (self.now(), user)
        return said

    def replace(self, text: str, user: str) -> Replacement:
        """Put a file in the place of what is configured; when something of it cannot be applied, nothing changes."""
        refused, accepted = self._sorted_out(text)
        if refused:
            failed = tuple(each.splitlines()[0] for each in refused)
            return Replacement(False, 0, (), failed, aborted(failed))
        done = self.running.replace(accepted)
        self._text, self.changed = None, (self.now(), user)
        return done

    def _sorted_out(self, text: str) -> tuple[list[str], str]:
        """Return what is said of lines that a fault rejects, and the others."""
        faults = self._faults()
        if not faults.reject:
            return [], text
        lines = text.splitlines(keepends=True)
        refused = [f"{each.rstrip()}\n^\n{REJECTED}" for each in lines if faults.rejects(each)]
        return refused, "".join(each for each in lines if not faults.rejects(each))

    # --- what it comes to ---

    @property
    def hostname(self) -> str:
        """The name of the router."""
        return reading.value(self.text, "hostname") or "Router"

    @property
    def archive_settings(self) -> ArchiveSettings | None:
        """What is configured of the archive; None when it is off."""
        return settings_of(self.text, self.hostname)

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
        found = interfaces_of(self.text, self.lent)
        return [each if self.network.has_line(each.name) else replace(each, up=False) for each in found]

    def interface_named(self, written: str) -> str:
        """Return the full name of an interface that was named in short or in two words; the words when none fits."""
        kind, number = split_name(written)
        for name, _ in reading.blocks(self.text, "interface"):
            its_kind, its_number = split_name(name)
            if its_kind.startswith(kind) and its_number == number:
                return name
        return written

    def locks(self, *, asked: bool) -> bool:
        """Return whether who goes into configuration mode has it for himself."""
        mode = reading.value(self.text, "configuration mode exclusive").split()[:1]
        return mode == ["auto"] or (asked and mode == ["manual"])


def aborted(failed: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is said of a replacement of which some lines cannot be applied."""
    configlet = (
        "The rollback configlet from the last pass is listed below:",
        "********",
        "!List of Rollback Commands:",
    )
    commands = "The following commands are failed to apply to the IOS image."
    return (
        *configlet,
        *failed,
        "end",
        "********",
        "",
        "",
        "Rollback aborted after 5 passes",
        commands,
        "********",
        *failed,
        "********",
    )


def configuration_of(text: str, private: tuple[str, ...]) -> Configuration:
    """Return a configuration that was written down.

    Args:
        private: lines that no configuration shows.
    """
    found, modes = Configuration(), Modes()
    found.load(text)
    for each in private:
        found.feed(each, modes)
    return found


def private_lines(configuration: Configuration) -> Iterator[str]:
    """Yield the lines of a configuration that it does not show."""
    for each in configuration.root.children.values():
        if each.rule is not None and each.rule.kept:
            yield each.text
