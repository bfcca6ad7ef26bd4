"""`proviso backup schedule`: the nightly run by the machine itself."""

from typing import TYPE_CHECKING

import typer

from provisioning.cli import scheduling, surroundings
from provisioning.cli.options import JsonOption
from provisioning.cli.scheduling import AtOption, ScopeOption, SplayOption
from provisioning.schedules.schedule import Schedule, Scope

if TYPE_CHECKING:
    from provisioning.schedules.install import Machine

app = typer.Typer(
    help="Back up every night: by systemd, or cron where there is none.", no_args_is_help=True, rich_markup_mode=None
)

JOB = "backup"


@app.command("show")
def show(at: AtOption = "01:30", splay: SplayOption = 30, scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Print what `install` would install.

    A night at which the machine was off is made up for when it is on again: systemd does so by itself, cron's lines
    ask for it at boot. There is one run at a time, whoever begins it.

    \b
    Examples:
      proviso backup schedule show
      proviso backup schedule show --at 02:15 --splay 60
      proviso backup schedule show --scope cron
    """
    machine, chosen = scheduling.this_machine(scope)
    scheduling.show_schedule(_schedule(machine, chosen, at, splay), machine, chosen, json=json)


@app.command("install")
def install_schedule(
    at: AtOption = "01:30", splay: SplayOption = 30, scope: ScopeOption = None, json: JsonOption = False
) -> None:
    """Put it to work; asked again, nothing changes, and another time takes the place of the one before.

    \b
    Examples:
      proviso backup schedule install
      proviso backup schedule install --at 02:15 --scope user
    """
    from provisioning.schedules.install import install

    machine, chosen = scheduling.this_machine(scope)
    done = install(_schedule(machine, chosen, at, splay), machine, chosen, user=scheduling.store_owner())
    scheduling.tell_installed(done, "installed", json=json)


@app.command("remove")
def remove_schedule(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Take it away.

    \b
    Examples:
      proviso backup schedule remove
    """
    from provisioning.schedules.install import remove

    machine, chosen = scheduling.this_machine(scope)
    scheduling.tell_installed(remove(JOB, machine, chosen), "removed", json=json)


def _schedule(machine: "Machine", scope: Scope, at: str, splay: int) -> Schedule:
    settings = surroundings.settings()
    return Schedule(
        name=JOB,
        description="Proviso backs up the fleet",
        command=scheduling.command_of("backup", "run"),
        when=scheduling.daily(at, splay),
        writes=(settings.state, settings.backups),
        environment_file=scheduling.environment_file(machine, scope),
        managed_by="proviso backup schedule",
        at_boot=("--if-due",),
    )
