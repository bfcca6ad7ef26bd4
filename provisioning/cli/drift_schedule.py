"""`proviso drift schedule`: the look at the fleet by the machine itself."""

from typing import TYPE_CHECKING

import typer

from provisioning.cli import scheduling, surroundings
from provisioning.cli.options import JsonOption
from provisioning.cli.scheduling import AtOption, ScopeOption, SplayOption
from provisioning.schedules.schedule import Schedule, Scope

if TYPE_CHECKING:
    from provisioning.schedules.install import Machine

app = typer.Typer(
    help="Look for drift every night: by systemd, or cron where there is none.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

JOB = "drift"


@app.command("show")
def show(at: AtOption = "04:30", splay: SplayOption = 30, scope: ScopeOption = None, json: JsonOption = False) -> None:
    """Print what `install` would install.

    The time lies behind that of the backups, so that routers and OLTs are asked by one at a time. A night at which the
    machine was off is made up for by systemd; by cron it is not, since the next night finds the same.

    \b
    Examples:
      proviso drift schedule show
      proviso drift schedule show --at 05:15 --splay 60
      proviso drift schedule show --scope cron
    """
    machine, chosen = scheduling.this_machine(scope)
    scheduling.show_schedule(_schedule(machine, chosen, at, splay), machine, chosen, json=json)


@app.command("install")
def install_schedule(
    at: AtOption = "04:30", splay: SplayOption = 30, scope: ScopeOption = None, json: JsonOption = False
) -> None:
    """Put it to work; asked again, nothing changes, and another time takes the place of the one before.

    Whoever is to hear of drift is named by the settings alert_command and alert_webhook.

    \b
    Examples:
      proviso drift schedule install
      proviso drift schedule install --at 05:15 --scope user
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
      proviso drift schedule remove
    """
    from provisioning.schedules.install import remove

    machine, chosen = scheduling.this_machine(scope)
    scheduling.tell_installed(remove(JOB, machine, chosen), "removed", json=json)


def _schedule(machine: "Machine", scope: Scope, at: str, splay: int) -> Schedule:
    return Schedule(
        name=JOB,
        description="Proviso looks for drift",
        command=scheduling.command_of("drift", "run"),
        when=scheduling.daily(at, splay, JOB),
        # Whoever holds an adopted line against its backup may be the first who needs the masking key.
        writes=(surroundings.settings().state,),
        environment_file=scheduling.environment_file(machine, scope),
        managed_by="proviso drift schedule",
    )
