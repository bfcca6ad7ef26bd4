"""`proviso change`: ports and addresses of lines in service, from request to proof."""

import typer

from provisioning.cli import change_approve

app = typer.Typer(
    help="Change requests: ports and addresses of lines in service, from request to proof.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(change_approve.app)


@app.callback()
def group() -> None:
    """Stand above the commands of the group."""
