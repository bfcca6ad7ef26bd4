"""`proviso run schedule`: unfinished runs are taken up by the machine itself, at boot and every minute."""

from typing import TYPE_CHECKING

import typer

from provisioning.cli import scheduling, surroundings
from provisioning.cli.options import JsonOption
from provisioning.cli.scheduling import ScopeOption
from provisioning.schedules.schedule import EveryMinutes, Schedule, Scope

if TYPE_CHECKING:
    from provisioning.schedules.install import Machine

app = typer.Typer(
    help="Take up unfinished runs at boot and every minute: by systemd, or cron where there is none.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

JOB = "resume"


@app.command("show")
def show(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Print what `install` would install.

    \b
    Examples:
      proviso run schedule show
      proviso run schedule show --scope cron
    """
    machine, chosen = scheduling.this_machine(scope)
    scheduling.show_schedule(_schedule(machine, chosen), machine, chosen, json=json)


@app.command("install")
def install_schedule(scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Put it to work; asked again, nothing changes.

    \b
    Examples:
      proviso run schedule install
      proviso run schedule install --scope user
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
      proviso run schedule remove
    """
    from provisioning.schedules.install import remove

    machine, chosen = scheduling.this_machine(scope)
    scheduling.tell_installed(remove(JOB, machine, chosen), "removed", json=json)


def _schedule(machine: "Machine", scope: Scope) -> Schedule:
    return Schedule(
        name=JOB,
        description="Proviso takes up unfinished runs",
        command=scheduling.command_of("run", "resume"),
        when=EveryMinutes(1),
        writes=(surroundings.settings().state,),
        environment_file=scheduling.environment_file(machine, scope),
    )
