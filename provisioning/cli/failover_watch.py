"""`proviso failover watch`: follows the bearers of lines, opens and closes incidents."""

from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings, watching
from provisioning.cli.options import CustomersOption, FormulasOption, JsonOption, LinesArgument, PlatformsOption
from provisioning.errors import ExitCode

if TYPE_CHECKING:
    from provisioning.workflows.watch_bearers import LineNow
    from provisioning.workflows.watched_lines import WatchedLine

app = typer.Typer(rich_markup_mode=None)


@app.command("watch")
def watch(
    line: LinesArgument = None,
    formula: FormulasOption = None,
    platform: PlatformsOption = None,
    customer: CustomersOption = None,
    once: Annotated[bool, typer.Option("--once", help="One look at each line; exit code 1 if one is in trouble.")] = (
        False
    ),
    json: JsonOption = False,
) -> None:
    """Follow the bearers of lines with a mobile back-up; open and close incidents, and tell alerts.

    A fixed line that fails is seen within two seconds (P2). A mobile bearer that fails is an incident after ten (P3),
    a line with neither after about fifteen (P1; facts: I-9.1). One process watches at a time, until it is interrupted;
    lines that come into service meanwhile are watched as well. What it knows stands in the store, so that one that was
    killed goes on. With --json, a line of JSON for what moves.

    \b
    Examples:
      proviso failover watch
      proviso failover watch L-1 L-2
      proviso failover watch --once --json
    """
    from provisioning.cli.stoppable import stoppable
    from provisioning.workflows.watched_lines import watched_lines
    from provisioning.workflows.watching import watch_bearers

    around = surroundings.surroundings(create=not once)

    def choose() -> "list[WatchedLine]":
        return watched_lines(
            line or [], around, formulas=formula or [], platforms=platform or [], customers=customer or []
        )

    lines = choose()
    if once and not lines:
        if not output.JSON_MODE.get():
            output.say("No line in service has a mobile back-up.")
        return
    with stoppable(service=True) as stop, watching.picture(around) as shown:
        if not lines:
            output.note("No line in service has a mobile back-up yet: each is watched when it comes into service.")
        found = watch_bearers(choose, around, stop=stop, show=shown.show, once=once).lines
    if not output.JSON_MODE.get():
        output.say(f"{watching.summary(found)}.")
    if once:
        surroundings.finish(_exit_code(found))


def _exit_code(lines: "list[LineNow]") -> ExitCode:
    if any(each.incidents for each in lines):
        return ExitCode.REFUSED
    from provisioning.model.incident import Condition

    unknown = any(each.state is None or each.state.condition is Condition.SILENT for each in lines)
    return ExitCode.ENVIRONMENT if unknown else ExitCode.DONE
