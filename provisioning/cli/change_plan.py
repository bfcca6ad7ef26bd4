"""`proviso change plan`: what exactly a request would do, and what is to be approved."""

from typing import Annotated

import typer

from provisioning.cli import output, show_change_plan, surroundings
from provisioning.cli.options import JsonOption, complete_request
from provisioning.cli.playbook import complete_playbook

app = typer.Typer(rich_markup_mode=None)


@app.command("plan")
def plan(
    request: Annotated[str, typer.Argument(metavar="ID", help="Id of the request.", autocompletion=complete_request)],
    playbook: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Playbook; without it, the one that is named after what is asked for.",
            autocompletion=complete_playbook,
        ),
    ] = "",
    json: JsonOption = False,
) -> None:
    """Plan a request: ask the router, and show exactly what would be done to it; nothing on it is changed.

    The plan digest is what is approved. Planned again, the request has another plan, and an approval of the one before
    is void. Approved requests of the same line that come before it are taken for done.

    \b
    Examples:
      proviso change plan C-7
      proviso change plan C-7 --playbook open-port-watched
      proviso change plan C-7 --json
    """
    from provisioning.workflows.plan_change import plan_change

    planned = plan_change(request, surroundings.surroundings(create=True), playbook=playbook)
    if json:
        output.print_json(show_change_plan.plan_data(planned))
        return
    show_change_plan.print_plan(planned)
