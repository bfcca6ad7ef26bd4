"""`proviso audit`: who did what, when, from where and why."""

import typer

app = typer.Typer(
    help="The audit: who did what, when, from where and why.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def group() -> None:
    """Stand above the commands of the group."""
