"""`proviso run schedule`: unfinished runs are taken up by the machine itself, at boot and every minute."""

import getpass
import os
import pwd
import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption
from provisioning.errors import BadInput, EnvironmentTrouble
from provisioning.schedules.schedule import EveryMinutes, Schedule, Scope

if TYPE_CHECKING:
    from provisioning.schedules.install import Installed, Machine

app = typer.Typer(
    help="Take up unfinished runs at boot and every minute: by systemd, or cron where there is none.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

JOB = "resume"
ScopeOption = Annotated[
    Scope | None,
    typer.Option(help="Whose clockwork; by itself: the system's for root, else the user's, cron without systemd."),
]


@app.command("show")
def show(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Print what `install` would install.

    \b
    Examples:
      proviso run schedule show
      proviso run schedule show --scope cron
    """
    from provisioning.schedules.crontab import cron_lines
    from provisioning.schedules.install import Machine
    from provisioning.schedules.units import service_unit, timer_unit

    machine = Machine(os.environ)
    chosen = scope or machine.scope()
    schedule = _schedule(machine, chosen)
    if chosen is Scope.CRON:
        texts = {"crontab": "\n".join(cron_lines(schedule)) + "\n"}
    else:
        folder = machine.units(chosen)
        texts = {
            str(folder / f"{schedule.unit}.service"): service_unit(
                schedule, user=_user() if chosen is Scope.SYSTEM else None
            ),
            str(folder / f"{schedule.unit}.timer"): timer_unit(schedule),
        }
    if json:
        output.print_json({"scope": chosen, "files": texts})
        return
    for place, text in texts.items():
        output.note(f"{place}:")
        for line in text.splitlines():
            output.say(line)


@app.command("install")
def install_schedule(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Put it to work; asked again, nothing changes.

    \b
    Examples:
      proviso run schedule install
      proviso run schedule install --scope user
    """
    from provisioning.schedules.install import Machine, install

    machine = Machine(os.environ)
    chosen = scope or machine.scope()
    _tell(install(_schedule(machine, chosen), machine, chosen, user=_user()), "installed", json=json)


@app.command("remove")
def remove_schedule(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Take it away.

    \b
    Examples:
      proviso run schedule remove
    """
    from provisioning.schedules.install import Machine, remove

    machine = Machine(os.environ)
    _tell(remove(JOB, machine, scope or machine.scope()), "removed", json=json)


def _tell(done: "Installed", what: str, *, json: bool) -> None:
    if json:
        output.print_json({"schedule": done})
        return
    if not done.changed:
        output.say(f"Nothing to change: it is {what} already.")
    else:
        output.say(f"{what.capitalize()}: {', '.join(done.places)}")
    for note in done.notes:
        output.note(note)


def _schedule(machine: "Machine", scope: Scope) -> Schedule:
    settings = surroundings.settings()
    root, state = settings.project.root, settings.state
    for each in (root, state):
        if not str(each).isprintable():
            raise BadInput(
                "no unit and no crontab can name a path with a control character or what is not UTF-8",
                where=str(each),
                remedy="Give the project and the state directory another name.",
            )
    own = machine.user_units.parent.parent / "proviso" / "environment"
    return Schedule(
        name=JOB,
        description="Proviso takes up unfinished runs",
        command=(_program(), "--project", str(root), "--state", str(state), "run", "resume"),
        when=EveryMinutes(1),
        writes=(state,),
        environment_file=Path("/etc/proviso/environment") if scope is Scope.SYSTEM else own,
    )


def _program() -> str:
    """Return the `proviso` that runs, by its absolute path."""
    beside = Path(sys.argv[0]).absolute()
    found = str(beside) if beside.name == "proviso" and os.access(beside, os.X_OK) else which("proviso")
    if found is None:
        raise EnvironmentTrouble("`proviso` is not on the PATH", where="schedule", remedy="Install it (README.md).")
    return str(Path(found).absolute())


def _user() -> str:
    """Return whose store it is: a service under another account could not read it, or would spoil it."""
    state = surroundings.settings().state
    try:
        return pwd.getpwuid(state.stat().st_uid).pw_name if state.exists() else getpass.getuser()
    except (KeyError, OSError):
        return getpass.getuser()
