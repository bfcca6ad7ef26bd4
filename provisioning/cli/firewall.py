"""`proviso firewall`: what is open on a line, since when, and by whom."""

import typer

app = typer.Typer(
    help="The managed firewall: what is open on a line, since when, and by whom.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def group() -> None:
    """Stand above the commands of the group."""
