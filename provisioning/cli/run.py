"""`proviso run`: what was done to lines, and what became of it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from provisioning.cli import output, run_schedule, show_run, surroundings
from provisioning.cli.options import JsonOption, complete_line, complete_run

app = typer.Typer(
    help="Runs: what was done, proven, and what became of it.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(run_schedule.app, name="schedule")

SHOWN_AT_ONCE = 50


class Language(StrEnum):
    """Languages of reports."""

    ENGLISH = "en"
    FRENCH = "fr"
    DUTCH = "nl"


@app.command("list")
def list_runs(
    line: Annotated[
        str | None, typer.Option(metavar="LINE", help="Only of this line.", autocompletion=complete_line)
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on after this run.", autocompletion=complete_run)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many.")] = SHOWN_AT_ONCE,
    json: JsonOption = False,
) -> None:
    """List runs, the latest first.

    \b
    Examples:
      proviso run list
      proviso run list --line L-1 --json
      proviso run list --after R-951
    """
    with surroundings.glance() as store:
        if line is not None:
            store.need_line(line)
        if after is not None:
            store.need_run(after)
        if json:
            whole = store.whole_runs(line=line, after=after, limit=limit)
            output.print_json({"runs": [show_run.listed_data(each) for each in whole]})
            return
        found = store.runs(line=line, after=after, limit=limit)
    if not found:
        older = line is not None or after is not None
        output.say("No such runs." if older else "There are no runs yet: `proviso order activate FILE` makes one.")
        return
    show_run.print_runs(found)
    if len(found) == limit:
        output.note(f"There may be more; go on with `proviso run list --after {found[-1].id}`.")


@app.command("show")
def show_one(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.", autocompletion=complete_run)],
    diff: Annotated[bool, typer.Option("--diff", help="Show how the configuration changes.")] = False,
    json: JsonOption = False,
) -> None:
    """Show one run: what it changed, what was proven, what became of it.

    A run whose process has ended without a word is carried on by `proviso run resume`.

    \b
    Examples:
      proviso run show R-1
      proviso run show R-1 --diff
    """
    from provisioning.store import runs
    from provisioning.workflows.left_runs import is_left

    around = surroundings.surroundings()
    with around.store.read() as connection:
        found = runs.need_run(connection, run)
    left = is_left(found, around)
    if json:
        output.print_json({"run": {**show_run.run_data(found), "left": left}})
        return
    show_run.print_run(found, diff=diff)
    if left:
        output.note(f"Nobody is carrying it out at the moment: `proviso run resume {found.id}` does.")


@app.command("resume")
def resume(
    run: Annotated[
        list[str] | None, typer.Argument(metavar="RUN", help="Only these runs.", autocompletion=complete_run)
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Runs at a time.")] = 2,
    json: JsonOption = False,
) -> None:
    """Carry on the runs that nobody is carrying out.

    A run is left when its process was killed, or when it waits for a device. It goes on where it was: the line ends
    active and proven, or every device as before. `proviso run schedule` has this done at boot and every minute.

    \b
    Examples:
      proviso run resume
      proviso run resume R-7
    """
    from provisioning.cli.resume import resume as carry_on

    carry_on(run or [], jobs=jobs)


@app.command("watch")
def watch(
    run: Annotated[
        list[str] | None, typer.Argument(metavar="RUN", help="Only these runs.", autocompletion=complete_run)
    ] = None,
    json: JsonOption = False,
) -> None:
    """Follow runs, whichever process carries them out, until they have ended.

    Without a name, follows those that are under way. With --json, prints a line each time a run moves.

    \b
    Examples:
      proviso run watch
      proviso run watch R-7
    """
    from provisioning.cli.watch import watch as follow

    follow(run or [])


@app.command("report")
def write_report(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of the run.", autocompletion=complete_run)],
    language: Annotated[Language, typer.Option(help="Language of the page.")] = Language.ENGLISH,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it; `-` is standard output.")] = None,
    json: JsonOption = False,
) -> None:
    """Write the acceptance report of a run: one HTML page that needs nothing else.

    \b
    Examples:
      proviso run report R-1
      proviso run report R-1 --language nl --to acceptance.html
    """
    from provisioning.reports.acceptance_data import acceptance_data
    from provisioning.reports.acceptance_page import acceptance_page
    from provisioning.workflows.report_run import report_run

    report = report_run(run, surroundings.surroundings())
    if json:
        output.print_json(acceptance_data(report))
        return
    page = acceptance_page(report, language.value)
    surroundings.hand_over_page(page, to, f"{report.addressed.intent.line}-{run}.{language.value}.html")
