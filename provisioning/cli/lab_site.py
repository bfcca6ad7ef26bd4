"""`proviso lab replace` and `plug`: what a technician does at a customer's of the lab."""

from typing import Annotated

import typer

from provisioning.cli import output
from provisioning.cli.lab_nodes import find_client
from provisioning.cli.options import JsonOption

CpeArgument = Annotated[str, typer.Argument(metavar="CPE", help="Name or serial of the CPE.")]


def replace(
    cpe: CpeArgument,
    serial: Annotated[str, typer.Option(metavar="SERIAL", help="Of the router that takes its place.")],
    json: JsonOption = False,
) -> None:
    """Put a factory-new router in the place of a CPE, on the same cables.

    It has another host key, and nothing of what was on the old one's disk.

    \b
    Examples:
      proviso lab replace cpe3 --serial LX0203
      proviso lab replace LX0203 --serial LX0203
    """
    name = find_client().ask("replace", name=cpe, serial=serial)["cpe"]
    if json:
        output.print_json({"cpe": name, "serial": serial})
    else:
        output.say(f"{name} is a factory-new router now, {serial}.")


def plug(
    cpe: CpeArgument,
    ont: Annotated[str, typer.Option(metavar="SERIAL", help="Of the ONT.")],
    json: JsonOption = False,
) -> None:
    """Put another ONT at the end of a customer's fibre.

    \b
    Examples:
      proviso lab plug cpe3 --ont HWTC0000AAAA
    """
    name = find_client().ask("plug", name=cpe, ont=ont)["cpe"]
    if json:
        output.print_json({"cpe": name, "ont": ont})
    else:
        output.say(f"{name} is behind the ONT {ont} now.")
