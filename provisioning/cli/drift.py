"""`proviso drift`: how routers differ from what their lines are meant to be."""

import typer

app = typer.Typer(
    help="Drift: routers that differ from what their lines are meant to be.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
