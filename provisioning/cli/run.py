"""`proviso run`: what was done to lines, and what became of it."""

from typing import Annotated

import typer

from provisioning.cli import output, show_run, surroundings
from provisioning.cli.options import JsonOption, complete_line, complete_run

app = typer.Typer(
    help="Runs: what was done, proven, and what became of it.", no_args_is_help=True, rich_markup_mode=None
)

SHOWN_AT_ONCE = 50


@app.command("list")
def list_runs(
    line: Annotated[
        str | None, typer.Option(metavar="LINE", help="Only of this line.", autocompletion=complete_line)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = SHOWN_AT_ONCE,
    json: JsonOption = False,
) -> None:
    """List runs, the latest first.

    \b
    Examples:
      proviso run list
      proviso run list --line L-1 --json
    """
    from provisioning.store import lines, runs

    with surroundings.surroundings().store.read() as connection:
        if line is not None:
            lines.need_line(connection, line)
        found = runs.list_runs(connection, line=line, limit=limit)
    if json:
        output.print_json({"runs": [show_run.run_data(each) for each in found]})
    elif found:
        show_run.print_runs(found)
    else:
        output.say("There are no runs yet: `proviso order activate FILE` makes one.")


@app.command("show")
def show_one(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.", autocompletion=complete_run)],
    diff: Annotated[bool, typer.Option("--diff", help="Show how the configuration changes.")] = False,
    json: JsonOption = False,
) -> None:
    """Show one run: what it changed, what was proven, what became of it.

    Where its process ended without a word, the router is asked.

    \b
    Examples:
      proviso run show R-1
      proviso run show R-1 --diff
    """
    from provisioning.workflows.settle_run import look_at_run

    found = look_at_run(run, surroundings.surroundings())
    if json:
        output.print_json({"run": show_run.run_data(found)})
    else:
        show_run.print_run(found, diff=diff)
