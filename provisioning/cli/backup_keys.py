"""`proviso backup`: who can read the originals."""

import typer

app = typer.Typer(rich_markup_mode=None)
