"""What the commands have in common that have the machine do something by itself."""

import getpass
import os
import platform
import pwd
import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.errors import BadInput, EnvironmentTrouble
from provisioning.schedules.schedule import Daily, Schedule, Scope

if TYPE_CHECKING:
    from provisioning.schedules.install import Installed, Machine

ScopeOption = Annotated[
    Scope | None,
    typer.Option(help="Whose clockwork; by itself: the system's for root, else the user's, cron without systemd."),
]

LONGEST_SPLAY = 6 * 60

AtOption = Annotated[str, typer.Option("--at", metavar="HH:MM", help="By the machine's local time.")]
SplayOption = Annotated[
    int,
    typer.Option(metavar="MINUTES", min=0, max=LONGEST_SPLAY, help="At most so much later, at random."),
]


def daily(at: str, splay: int, job: str = "") -> Daily:
    """Return a time of every day.

    Args:
        at: `HH:MM`, by the machine's local time.
        splay: minutes; at most so much later.
        job: what else tells this time from others of the same machine, where cron chooses the minute.

    Raises:
        BadInput: when that is no time of day.
    """
    hour, _, minute = at.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise BadInput(f"{at!r} is no time of day", where="--at", remedy="Write it as 01:30.")
    machine = f"{platform.node()} {surroundings.settings().state}{f' {job}' if job else ''}"
    return Daily(int(hour), int(minute), 60 * splay, machine=machine)


def this_machine(scope: Scope | None) -> "tuple[Machine, Scope]":
    """Return the clockworks of this machine, and the one that is asked for, or serves whoever asks."""
    from provisioning.schedules.install import Machine

    machine = Machine(os.environ)
    return machine, scope or machine.scope()


def show_schedule(schedule: Schedule, machine: "Machine", scope: Scope, *, json: bool) -> None:
    """Print what would be installed."""
    from provisioning.schedules.crontab import cron_lines
    from provisioning.schedules.units import service_unit, timer_unit

    if scope is Scope.CRON:
        texts = {"crontab": "\n".join(cron_lines(schedule)) + "\n"}
    else:
        folder = machine.units(scope)
        user = store_owner() if scope is Scope.SYSTEM else None
        texts = {
            str(folder / f"{schedule.unit}.service"): service_unit(schedule, user=user),
            str(folder / f"{schedule.unit}.timer"): timer_unit(schedule),
        }
    if json:
        output.print_json({"scope": scope, "files": texts})
        return
    for place, text in texts.items():
        output.note(f"{place}:")
        for line in text.splitlines():
            output.say(line)


def tell_installed(done: "Installed", what: str, *, json: bool) -> None:
    """Print what was done.

    Args:
        what: `installed` or `removed`.
    """
    if json:
        output.print_json({"schedule": done})
        return
    if not done.changed:
        output.say(f"Nothing to change: it is {what} already.")
    else:
        output.say(f"{what.capitalize()}: {', '.join(done.places)}")
    for note in done.notes:
        output.note(note)


def command_of(*arguments: str) -> tuple[str, ...]:
    """Return the command that does something in the project and state directory of this call.

    Raises:
        BadInput: when one of the two cannot be named in a unit or a crontab.
        EnvironmentTrouble: when nobody knows where `proviso` is.
    """
    settings = surroundings.settings()
    root, state = settings.project.root, settings.state
    for each in (root, state):
        if not str(each).isprintable():
            raise BadInput(
                "no unit and no crontab can name a path with a control character or what is not UTF-8",
                where=str(each),
                remedy="Give the project and the state directory another name.",
            )
    return (_program(), "--project", str(root), "--state", str(state), *arguments)


def environment_file(machine: "Machine", scope: Scope) -> Path:
    """Return the file for what must not stand in a unit."""
    own = machine.user_units.parent.parent / "proviso" / "environment"
    return Path("/etc/proviso/environment") if scope is Scope.SYSTEM else own


def store_owner() -> str:
    """Return whose store it is: a service under another account could not read it, or would spoil it."""
    state = surroundings.settings().state
    try:
        return pwd.getpwuid(state.stat().st_uid).pw_name if state.exists() else getpass.getuser()
    except (KeyError, OSError):
        return getpass.getuser()


def _program() -> str:
    """Return the `proviso` that runs, by its absolute path."""
    beside = Path(sys.argv[0]).absolute()
    found = str(beside) if beside.name == "proviso" and os.access(beside, os.X_OK) else which("proviso")
    if found is None:
        raise EnvironmentTrouble("`proviso` is not on the PATH", where="schedule", remedy="Install it (README.md).")
    return str(Path(found).absolute())
