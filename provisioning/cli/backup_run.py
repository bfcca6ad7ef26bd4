"""`proviso backup run`: the fleet run."""

from typing import Annotated

import typer

from provisioning.cli.options import CustomersOption, FormulasOption, JsonOption, LinesArgument, PlatformsOption
from provisioning.errors import BadInput

app = typer.Typer(rich_markup_mode=None)


@app.command("run")
def run(
    line: LinesArgument = None,
    formula: FormulasOption = None,
    platform: PlatformsOption = None,
    customer: CustomersOption = None,
    smaller: Annotated[
        bool,
        typer.Option("--smaller", help="Of lines that are named: take much less than before; somebody has looked."),
    ] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Do not go on with a run that was killed or stopped.")] = False,
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Only if no run over all lines began within the last 24 hours and ended.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Back up the routers of all lines that have a nightly backup; exit code 1 if one is missed.

    Those are the lines of the contract's formulas, and of those that the setting backup_formulas adds; a line that is
    named is backed up whatever its formula. Each is fetched, checked for what the line must have, masked, encrypted
    and kept at once; one that is as it was is only seen. A run over all lines that was killed or stopped within the
    last 12 hours is gone on with.

    What holds over 30 % less than the version before is missed, as a part of it may be gone, until somebody has
    looked at the router and backs it up with --smaller.

    \b
    Examples:
      proviso backup run
      proviso backup run L-1 L-2
      proviso backup run L-2 --smaller
      proviso backup run --platform cisco_iosxe --json
    """
    from provisioning.cli.backing_up import Asked, back_up

    if smaller and not line:
        raise BadInput(
            "nobody has looked at all lines", where="--smaller", remedy="Name the lines that it is meant for."
        )
    asked = Asked(tuple(line or ()), tuple(formula or ()), tuple(platform or ()), tuple(customer or ()), smaller)
    back_up(asked, anew=anew, if_due=if_due)
