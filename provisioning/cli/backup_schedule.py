"""`proviso backup`: the nightly run by the machine itself."""

import typer

app = typer.Typer(rich_markup_mode=None)
