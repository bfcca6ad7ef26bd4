"""`proviso report`: pages about the whole fleet."""

import typer

app = typer.Typer(help="Reports: pages about the whole fleet.", no_args_is_help=True, rich_markup_mode=None)
