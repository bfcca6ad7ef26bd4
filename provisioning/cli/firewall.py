"""`proviso firewall`: what is open on a line, since when, and by whom."""

from typing import Annotated

import typer

from provisioning.cli import output, show_firewall, surroundings
from provisioning.cli.options import JsonOption, LineArgument

app = typer.Typer(
    help="The managed firewall: what is open on a line, since when, and by whom.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def group() -> None:
    """Stand above the commands of the group."""


@app.command("show")
def show(
    line: LineArgument,
    from_device: Annotated[
        bool, typer.Option("--from-device", help="Ask the router as well, and mark what differs.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show what is open on a line, since when, by which order or change request, and until when.

    Marks what a wider opening covers, what two entries open, and what should be closed by now. With --from-device
    the router is asked as well, and nothing on it is changed; exit code 1 when it lets in other connections.

    \b
    Examples:
      proviso firewall show L-1
      proviso firewall show L-1 --from-device --json
    """
    from provisioning.errors import ExitCode
    from provisioning.workflows.look_at_firewall import look_at_firewall

    seen = look_at_firewall(line, surroundings.surroundings(), from_device=from_device)
    if json:
        output.print_json(show_firewall.firewall_data(seen))
    else:
        show_firewall.print_firewall(seen)
    surroundings.finish(ExitCode.REFUSED if seen.differs else ExitCode.DONE)
