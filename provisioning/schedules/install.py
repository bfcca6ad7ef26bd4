"""Puts a schedule to work on this machine, and takes it away again: systemd where it runs, cron elsewhere."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from provisioning.errors import EnvironmentTrouble, Refused
from provisioning.schedules.crontab import with_lines, without_lines
from provisioning.schedules.schedule import Schedule, Scope
from provisioning.schedules.units import MARKER, service_unit, timer_unit

BOOTED = Path("/run/systemd/system")
"""Is there where systemd runs the machine (sd_booted(3))."""

SYSTEM_UNITS = Path("/etc/systemd/system")
SECONDS = 60.0
_NO_TABLE = ("no crontab", "No such file")
"""What Vixie's cron and its kin say, and what BusyBox says."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where the clockworks of this machine are found.

    Attributes:
        environment: of this process; PATH finds the programs.
    """

    environment: Mapping[str, str]
    booted: Path = BOOTED
    system_units: Path = SYSTEM_UNITS

    @property
    def user_units(self) -> Path:
        """The folder of a user's own units (systemd.unit(5), "UNIT FILE LOAD PATH")."""
        configuration = self.environment.get("XDG_CONFIG_HOME") or str(Path(self._home()) / ".config")
        return Path(configuration) / "systemd" / "user"

    def scope(self) -> Scope:
        """Return which clockwork serves whoever asks."""
        if not self.booted.is_dir():
            return Scope.CRON
        return Scope.SYSTEM if os.geteuid() == 0 else Scope.USER

    def units(self, scope: Scope) -> Path:
        """Return the folder of the units."""
        return self.system_units if scope is Scope.SYSTEM else self.user_units

    def _home(self) -> str:
        return self.environment.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir


@dataclass(frozen=True, slots=True)
class Installed:
    """What was done.

    Attributes:
        changed: whether anything was; what stands already is left alone.
        places: files written, or the table.
        notes: what people should know.
    """

    scope: Scope
    changed: bool
    places: tuple[str, ...]
    notes: tuple[str, ...] = ()


def install(schedule: Schedule, machine: Machine, scope: Scope, *, user: str) -> Installed:
    """Put a schedule to work; asked again, nothing changes.

    Args:
        user: under whose account it runs in the system's scope.

    Raises:
        Refused: when units of that name are there that are not ours.
        EnvironmentTrouble: when the clockwork is not there, or refuses.
    """
    if scope is Scope.CRON:
        before = _table(machine)
        changed = _write_table(machine, before, with_lines(before, schedule))
        return Installed(scope, changed, ("crontab",))
    # Looked for first: where it is missing, nothing is written that would have to be taken back.
    _program(machine, "systemctl")
    texts = {
        f"{schedule.unit}.service": service_unit(schedule, user=user if scope is Scope.SYSTEM else None),
        f"{schedule.unit}.timer": timer_unit(schedule),
    }
    folder = machine.units(scope)
    new = [folder / name for name in texts if not (folder / name).exists()]
    written = [_write(folder / name, text) for name, text in texts.items()]
    try:
        if any(written):
            _systemctl(machine, scope, "daemon-reload")
        # Said again, this changes nothing; and a timer that somebody stopped runs again.
        _systemctl(machine, scope, "enable", "--now", f"{schedule.unit}.timer")
    except EnvironmentTrouble:
        # What systemd did not take must not come to life at the next boot, behind the back of who was told that.
        for each in new:
            each.unlink(missing_ok=True)
        raise
    return Installed(scope, any(written), tuple(str(folder / name) for name in texts), _notes(scope))


def remove(name: str, machine: Machine, scope: Scope) -> Installed:
    """Take the schedule of a job away; asked again, nothing changes.

    Raises:
        Refused: when units of that name are there that are not ours.
        EnvironmentTrouble: when the clockwork is not there, or refuses.
    """
    if scope is Scope.CRON:
        before = _table(machine)
        return Installed(scope, _write_table(machine, before, without_lines(before, name)), ("crontab",))
    folder = machine.units(scope)
    files = [each for ending in ("timer", "service") if (each := folder / f"proviso-{name}.{ending}").exists()]
    for each in files:
        _need_ours(each)
    if files:
        _systemctl(machine, scope, "disable", "--now", f"proviso-{name}.timer")
        for each in files:
            each.unlink(missing_ok=True)
        _systemctl(machine, scope, "daemon-reload")
    return Installed(scope, bool(files), tuple(map(str, files)))


def _notes(scope: Scope) -> tuple[str, ...]:
    if scope is Scope.USER:
        return ("Units of a user's own run while he is logged in; `loginctl enable-linger` lets them run from boot.",)
    return ()


def _write(path: Path, text: str) -> bool:
    """Write a unit whole or not at all; return whether it was another one before."""
    if path.exists():
        _need_ours(path)
        if path.read_text("utf-8") == text:
            return False
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, "utf-8")
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        raise EnvironmentTrouble(
            (error.strerror or "cannot be written").lower(),
            where=str(path),
            remedy="Units of the system are root's; --scope user installs your own.",
        ) from None
    return True


def _need_ours(path: Path) -> None:
    if not path.read_text("utf-8", errors="replace").startswith(MARKER):
        raise Refused("somebody else wrote this unit", where=str(path), remedy="Move it away, or leave it.")


def _systemctl(machine: Machine, scope: Scope, *arguments: str) -> None:
    asked = ("systemctl", *(("--user",) if scope is Scope.USER else ()), *arguments)
    _run(machine, asked)


def _table(machine: Machine) -> str:
    asked = ("crontab", "-l")
    done = _start(machine, asked, "")
    # A user without a table is told so, as an error (crontab(1)); no other error may end in a table of ours alone.
    if done.returncode and not any(words in done.stderr for words in _NO_TABLE):
        raise _failed(asked, done)
    return done.stdout


def _write_table(machine: Machine, before: str, after: str) -> bool:
    if before != after:
        _run(machine, ("crontab", "-"), after)
    return before != after


def _run(machine: Machine, command: tuple[str, ...], given: str = "") -> None:
    done = _start(machine, command, given)
    if done.returncode:
        raise _failed(command, done)


def _failed(command: tuple[str, ...], done: "subprocess.CompletedProcess[str]") -> EnvironmentTrouble:
    words = " ".join(done.stderr.split()) or f"code {done.returncode}"
    return EnvironmentTrouble(
        f"`{' '.join(command)}` failed: {words}",
        where=command[0],
        remedy="`schedule show` in place of `schedule install` prints what to install by hand.",
    )


_MISSING: Mapping[str, str] = {
    "crontab": "Install a cron (Debian, Ubuntu: `apt-get install cron`) and see that it runs",
    "systemctl": "`--scope cron` does with cron what systemd would",
}


def _program(machine: Machine, name: str) -> str:
    """Return a program by its path.

    Raises:
        EnvironmentTrouble: when this machine does not have it.
    """
    program = which(name, path=machine.environment.get("PATH"))
    if program is None:
        also = "" if machine.booted.is_dir() else ", and systemd does not run it"
        raise EnvironmentTrouble(
            f"this machine has no {name}{also}",
            where="schedule",
            remedy=f"{_MISSING[name]}, or have something else run what `schedule show` prints.",
        )
    return program


def _start(machine: Machine, command: tuple[str, ...], given: str) -> "subprocess.CompletedProcess[str]":
    program = _program(machine, command[0])
    try:
        return subprocess.run(  # noqa: S603 - programs of the system, no shell
            [program, *command[1:]],
            input=given,
            env={**machine.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EnvironmentTrouble(
            f"`{command[0]}` does not answer: {error}", where="schedule", remedy="Look at it by hand."
        ) from None
