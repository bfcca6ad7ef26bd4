"""`proviso change`: change requests, from request to proof."""

import typer

from provisioning.cli import change_approve, change_plan, change_requests, change_run, change_schedule

app = typer.Typer(
    help="Change requests: ports and addresses of lines in service, from request to proof.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(change_requests.app)
app.add_typer(change_plan.app)
app.add_typer(change_approve.app)
app.add_typer(change_run.app)
app.add_typer(change_schedule.app, name="schedule")


@app.callback()
def group() -> None:
    """Stand above the commands of the group."""
