"""`proviso failover`: mobile back-ups, checked, drilled, measured and watched."""

import typer

from provisioning.cli import (
    failover_announce,
    failover_check,
    failover_drill,
    failover_incidents,
    failover_list,
    failover_report,
    failover_schedule,
    failover_watch,
)

app = typer.Typer(
    help="Mobile back-ups: checked, drilled, measured and watched.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(failover_check.app)
app.add_typer(failover_announce.app)
app.add_typer(failover_drill.app)
app.add_typer(failover_list.app)
app.add_typer(failover_schedule.app, name="schedule")
app.add_typer(failover_report.app)
app.add_typer(failover_watch.app)
app.add_typer(failover_incidents.app)


@app.callback()
def group() -> None:
    """Stand above the commands of the group."""
