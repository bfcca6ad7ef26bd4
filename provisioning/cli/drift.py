"""`proviso drift`: how routers differ from what their lines are meant to be."""

from typing import Annotated

import typer

from provisioning.cli import drift_schedule, show_drift, surroundings
from provisioning.cli.options import (
    CustomersOption,
    FormulasOption,
    JsonOption,
    LinesArgument,
    PlatformsOption,
    complete_line,
)
from provisioning.errors import ExitCode

app = typer.Typer(
    help="Drift: routers that differ from what their lines are meant to be.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(drift_schedule.app, name="schedule")


@app.command("run")
def run(
    line: LinesArgument = None,
    formula: FormulasOption = None,
    platform: PlatformsOption = None,
    customer: CustomersOption = None,
    json: JsonOption = False,
) -> None:
    """Look how routers differ from what their lines are meant to be; exit code 1 if one does.

    Nothing on a router is changed. What the customer may change, that is SSID, key and channel, is no drift: it is
    told and kept, so that a router in the place of this one gets it. A router that does not answer stops no other.
    A line that was adopted is held against its backup, until its order form is whole.

    \b
    Examples:
      proviso drift run
      proviso drift run L-1 L-2
      proviso drift run --platform cisco_iosxe --json
    """
    from provisioning.cli.drift_run import look_for_drift

    look_for_drift(line or [], formulas=formula or [], platforms=platform or [], customers=customer or [])


@app.command("show")
def show(
    line: Annotated[
        str | None, typer.Argument(metavar="LINE", help="Id of the line.", autocompletion=complete_line)
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the lines that drift, or how one differs and what would bring it back.

    It tells what `proviso drift run` found last; exit code 1 if there is drift. Secrets are masked.

    \b
    Examples:
      proviso drift show
      proviso drift show L-1
    """
    from provisioning.store import drift, lines

    with surroundings.surroundings().store.read() as connection:
        if line is not None:
            found = lines.need_line(connection, line)
            orders = lines.orders_of(connection, found.id)
            state = drift.drift_of_line(connection, found.id)
        else:
            states = drift.list_drift(connection)
    if line is None:
        drifting = show_drift.show_lines(states)
    else:
        order = orders[-1].number if orders else ""
        drifting = show_drift.show_line(line, state, order)
    surroundings.finish(ExitCode.REFUSED if drifting else ExitCode.DONE)
