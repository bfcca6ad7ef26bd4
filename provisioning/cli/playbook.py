"""`proviso playbook`: the steps by which changes are carried out."""

import typer

app = typer.Typer(
    help="Playbooks: the steps by which changes are carried out.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def group() -> None:
    """Stand above the commands of the group."""
