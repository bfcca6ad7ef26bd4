"""`proviso lab cut` and `heal`: bearers that die, in the lab, in ways in which they do outside of it."""

from typing import Annotated

import typer

from provisioning.cli import output
from provisioning.cli.lab_nodes import find_client
from provisioning.cli.options import JsonOption
from provisioning.stands.lab.cuts import Bearer, CutKind

PlaceArgument = Annotated[
    str, typer.Argument(metavar="PLACE", help="A CPE by its name or serial; or `bng` or `mobile`, for everybody.")
]
BearerOption = Annotated[Bearer | None, typer.Option(help="Which bearer of the CPE; default fixed.")]

DEATHS = {"bng": "the access side of the BNG is dead for everybody", "mobile": "the mobile core is dead for everybody"}


def cut(
    place: PlaceArgument,
    bearer: BearerOption = None,
    kind: Annotated[CutKind | None, typer.Option(help="How it dies; default silent.")] = None,
    json: JsonOption = False,
) -> None:
    """Cut a bearer of a CPE, or one of everybody.

    link-down takes the carrier from the CPE; with the others its link stays up: silent drops everything, one-way what
    goes to the CPE, loss 30 % each way. flapping takes the carrier for 3 s of every 6. A bearer that is cut already is
    cut in the new way.

    \b
    Examples:
      proviso lab cut cpe1
      proviso lab cut LX0101 --kind link-down
      proviso lab cut cpe1 --bearer mobile --kind loss
      proviso lab cut bng
    """
    named = {"bearer": bearer.value if bearer else "", "kind": kind.value if kind else ""}
    answer = find_client().ask("cut", name=place, **named)
    if json:
        output.print_json(answer)
        return
    name = answer["node"]
    how = DEATHS.get(name) or f"{name} is cut off on its {bearer or Bearer.FIXED} bearer, {kind or CutKind.SILENT}"
    option = " --bearer mobile" if bearer is Bearer.MOBILE else ""
    output.say(f"{how}; `proviso lab heal {name}{option}` ends that.")


def heal(place: PlaceArgument, bearer: BearerOption = None, json: JsonOption = False) -> None:
    """End a cut, of whatever kind.

    \b
    Examples:
      proviso lab heal cpe1
      proviso lab heal cpe1 --bearer mobile
      proviso lab heal bng
    """
    answer = find_client().ask("heal", name=place, bearer=bearer.value if bearer else "")
    name, left = answer["node"], answer["cuts"]
    if json:
        output.print_json(answer)
    elif left:
        told = ", ".join(f"{each['bearer']} {each['kind']}" for each in left)
        output.say(f"{name} is connected on its {bearer or Bearer.FIXED} bearer; still cut: {told}.")
    else:
        output.say(f"{name} is connected.")
