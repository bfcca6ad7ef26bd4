"""`proviso change schedule`: approved requests are carried out by the machine itself, every minute."""

from typing import TYPE_CHECKING

import typer

from provisioning.cli import scheduling, surroundings
from provisioning.cli.options import JsonOption
from provisioning.cli.scheduling import ScopeOption
from provisioning.schedules.schedule import EveryMinutes, Schedule, Scope

if TYPE_CHECKING:
    from provisioning.schedules.install import Machine

app = typer.Typer(
    help="Carry out what is approved and due, every minute: by systemd, or cron where there is none.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

JOB = "changes"


@app.command("show")
def show(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Print what `install` would install.

    \b
    Examples:
      proviso change schedule show
      proviso change schedule show --scope cron
    """
    machine, chosen = scheduling.this_machine(scope)
    scheduling.show_schedule(_schedule(machine, chosen), machine, chosen, json=json)


@app.command("install")
def install_schedule(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Put it to work; asked again, nothing changes.

    \b
    Examples:
      proviso change schedule install
      proviso change schedule install --scope user
    """
    from provisioning.schedules.install import install

    machine, chosen = scheduling.this_machine(scope)
    done = install(_schedule(machine, chosen), machine, chosen, user=scheduling.store_owner())
    scheduling.tell_installed(done, "installed", json=json)


@app.command("remove")
def remove_schedule(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Take it away.

    \b
    Examples:
      proviso change schedule remove
    """
    from provisioning.schedules.install import remove

    machine, chosen = scheduling.this_machine(scope)
    scheduling.tell_installed(remove(JOB, machine, chosen), "removed", json=json)


def _schedule(machine: "Machine", scope: Scope) -> Schedule:
    settings = surroundings.settings()
    return Schedule(
        name=JOB,
        description="Proviso carries out change requests that are due",
        command=scheduling.command_of("change", "run"),
        when=EveryMinutes(1),
        writes=(settings.state, settings.backups),
        environment_file=scheduling.environment_file(machine, scope),
        managed_by="proviso change schedule",
    )
