"""`proviso failover report`: drills and incidents as one page, or as data."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption, complete_line
from provisioning.cli.report import Language
from provisioning.errors import BadInput

app = typer.Typer(rich_markup_mode=None)

_MONTH = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])", re.ASCII)


@app.command("report")
def report(
    line: Annotated[
        str | None, typer.Argument(metavar="LINE", help="Only this line.", autocompletion=complete_line)
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Only drills and incidents of that month; default all.")
    ] = None,
    language: Annotated[Language, typer.Option(help="Language of the page.")] = Language.ENGLISH,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it; `-` is standard output.")] = None,
    json: JsonOption = False,
) -> None:
    """Write the report of drills and incidents: one HTML page that needs nothing else.

    It draws each drill over time (its phases, what was lost, latency, throughput), holds what was measured against
    its target, and tells which back-ups nobody has proven. With --json it is the same as data, on standard output
    unless --to names a file.

    \b
    Examples:
      proviso failover report
      proviso failover report L-1 --to drills.html
      proviso failover report --month 2026-11 --language nl
      proviso failover report --json
    """
    from provisioning.reports.failover_data import failover_data
    from provisioning.reports.failover_page import failover_page
    from provisioning.workflows.report_failover import report_failover

    found = report_failover(line, _first_day(month), surroundings.surroundings())
    if json:
        surroundings.hand_over_data(failover_data(found), to)
        return
    name = "-".join(["failover", *filter(None, (line, month))])
    page = failover_page(found, language.value)
    if surroundings.hand_over_page(page, to, f"{name}.{language.value}.html") and not found.drills:
        some = line is not None or month is not None
        output.note("No such drills." if some else "Nothing was drilled yet: `proviso failover drill LINE` does.")


def _first_day(month: str | None) -> date | None:
    if month is None:
        return None
    written = _MONTH.fullmatch(month)
    if written is None:
        raise BadInput(f"{month[:20]!r} is no month", where="--month", remedy="Write it like 2026-11.")
    return date(int(written[1]), int(written[2]), 1)
