"""`proviso backup`: backups restored onto stand-ins."""

import typer

app = typer.Typer(rich_markup_mode=None)
