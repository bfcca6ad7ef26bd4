"""`proviso failover list` and `show`: the drills that were, and what they came to."""

from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_drill, surroundings
from provisioning.cli.options import JsonOption, complete_drill, complete_line
from provisioning.model.drill import DrillState

if TYPE_CHECKING:
    from provisioning.workflows.surroundings import Surroundings

app = typer.Typer(rich_markup_mode=None)

SHOWN_AT_ONCE = 50


@app.command("list")
def list_drills(
    line: Annotated[
        str | None, typer.Argument(metavar="LINE", help="Only of this line.", autocompletion=complete_line)
    ] = None,
    state: Annotated[
        list[DrillState] | None, typer.Option(help="Only in this state; can be given several times.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many.")] = SHOWN_AT_ONCE,
    json: JsonOption = False,
) -> None:
    """List drills, the latest first. One whose process is gone is settled first: its router is asked to end the cut.

    \b
    Examples:
      proviso failover list
      proviso failover list L-1 --state failed
      proviso failover list --json
    """
    from provisioning.store import drills, lines

    around = surroundings.surroundings()
    if line is not None:
        with around.store.read() as connection:
            lines.need_line(connection, line)
    settle(around, line)
    with around.store.read() as connection:
        found = drills.list_drills(connection, line=line, states=state or None, limit=limit)
    if json:
        output.print_json({"drills": [show_drill.drill_data(each, whole=False) for each in found]})
        return
    if not found:
        some = line is not None or state
        output.say("No such drills." if some else "There are no drills yet: `proviso failover drill LINE` makes one.")
        return
    show_drill.print_drills(found)
    if len(found) == limit:
        output.note("There may be more; `--limit` shows them.")


@app.command("show")
def show(
    drill: Annotated[str, typer.Argument(metavar="DRILL", help="Id of the drill.", autocompletion=complete_drill)],
    json: JsonOption = False,
) -> None:
    """Show one drill: every figure with its target and outcome, what was done when, and what the router saw.

    \b
    Examples:
      proviso failover show D-1
      proviso failover show D-1 --json
    """
    from provisioning.store import drills

    around = surroundings.surroundings()
    with around.store.read() as connection:
        found = drills.need_drill(connection, drill)
    if found.state is DrillState.RUNNING:
        settle(around, found.line)
        with around.store.read() as connection:
            found = drills.need_drill(connection, drill)
    if json:
        output.print_json(show_drill.drill_data(found))
    else:
        show_drill.print_drill(found)


def settle(around: "Surroundings", line: str | None = None) -> None:
    """Settle the drills whose process is gone, and tell of them."""
    from provisioning.workflows.settle_drills import left_drills, settle_left_drills

    if not left_drills(around, line=line):
        return
    for each in settle_left_drills(around, line=line):
        output.note(each.told)
