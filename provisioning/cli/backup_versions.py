"""`proviso backup`: what is kept of each line, and how it changed."""

import typer

app = typer.Typer(rich_markup_mode=None)
