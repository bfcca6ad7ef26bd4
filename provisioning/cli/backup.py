"""`proviso backup`: configurations fetched every night, kept safe, and known to restore (facts: I-8.3, I-8.4)."""

import typer

from provisioning.cli import (
    backup_care,
    backup_keys,
    backup_rehearse,
    backup_restore,
    backup_run,
    backup_schedule,
    backup_versions,
)

app = typer.Typer(
    help="Backups: taken every night, kept safe, and known to restore.", no_args_is_help=True, rich_markup_mode=None
)
for part in (backup_run, backup_versions, backup_restore, backup_rehearse, backup_care):
    app.add_typer(part.app)
app.add_typer(backup_schedule.app, name="schedule")
app.add_typer(backup_keys.app, name="keys")
