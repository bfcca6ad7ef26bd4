"""`proviso report`: pages about the whole fleet."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption, complete_night

app = typer.Typer(help="Reports: pages about the whole fleet.", no_args_is_help=True, rich_markup_mode=None)


class Language(StrEnum):
    """Languages of reports."""

    ENGLISH = "en"
    FRENCH = "fr"
    DUTCH = "nl"


@app.callback()
def reports() -> None:
    """Reports: pages about the whole fleet."""


@app.command("nightly")
def nightly(
    night: Annotated[
        str | None,
        typer.Option(
            metavar="NIGHT",
            help="Id of the night, such as B-7; without it, the latest.",
            autocompletion=complete_night,
        ),
    ] = None,
    language: Annotated[Language, typer.Option(help="Language of the page.")] = Language.ENGLISH,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it; `-` is standard output.")] = None,
    json: JsonOption = False,
) -> None:
    """Write the report of a night: one HTML page that needs nothing else.

    It tells what was backed up and what is proven to restore, what failed and why, drift, sizes, speed, and the
    nights before. With --json it is the same as data, on standard output unless --to names a file.

    \b
    Examples:
      proviso report nightly
      proviso report nightly --night B-7 --to night.html
      proviso report nightly --json
    """
    from provisioning.reports.nightly_data import nightly_data
    from provisioning.reports.nightly_page import nightly_page
    from provisioning.workflows.report_nightly import report_nightly

    report = report_nightly(night, surroundings.surroundings())
    if json:
        surroundings.hand_over_data(nightly_data(report), to)
        return
    page = nightly_page(report, language.value)
    name = f"nightly-{report.night.id if report.night else 'none'}.{language.value}.html"
    if surroundings.hand_over_page(page, to, name) and report.night is None:
        output.note("There was no night yet: `proviso backup run` takes the backups.")
