"""`proviso backup`: a version back on a router."""

import typer

app = typer.Typer(rich_markup_mode=None)
