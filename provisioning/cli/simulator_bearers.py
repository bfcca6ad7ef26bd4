"""`proviso simulator cut` and `heal`: a router's way to the operator is cut from outside, as by an excavator."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from provisioning.cli import output
from provisioning.cli.options import JsonOption
from provisioning.cli.simulated import complete_host, find_client, need_host

FIXED, LINK_DOWN = "fixed", "link-down"


def complete_bearer(incomplete: str) -> Iterator[str]:
    """Yield the bearers that begin so."""
    from provisioning.stands.simulator.packets import BEARERS

    return (each for each in BEARERS if each.startswith(incomplete))


def complete_kind(incomplete: str) -> Iterator[str]:
    """Yield the kinds of cut that begin so."""
    from provisioning.stands.simulator.cables import CutKind

    return (each.value for each in CutKind if each.value.startswith(incomplete))


RouterArgument = Annotated[
    str, typer.Argument(metavar="ROUTER", help="Serial of a router.", autocompletion=complete_host)
]


def cut(
    router: RouterArgument,
    bearer: Annotated[
        str, typer.Option(metavar="BEARER", help="fixed or mobile.", autocompletion=complete_bearer)
    ] = FIXED,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="How, see below.", autocompletion=complete_kind)
    ] = LINK_DOWN,
    json: JsonOption = False,
) -> None:
    """Cut a router's bearer, until it is healed; nobody but the router's own timers notices.

    \b
    link-down   the interface goes down
    silent      nothing passes, and the link stays up
    one-way     what comes in is dropped
    loss        30 % are dropped, each way
    flapping    nothing passes for 3 s, then everything for 3 s, and so on

    \b
    Examples:
      proviso simulator cut LX0101
      proviso simulator cut FGL26000121 --kind silent
      proviso simulator cut LX0101 --bearer mobile
    """
    from provisioning.stands.simulator.cables import bearer_named, kind_named

    need_host(router)
    asked = bearer_named(bearer), kind_named(kind).value
    _tell(find_client().ask("cut", host=router, bearer=asked[0], kind=asked[1]), json=json)


def heal(
    router: RouterArgument,
    bearer: Annotated[
        str | None,
        typer.Option(metavar="BEARER", help="fixed or mobile; both unless said.", autocompletion=complete_bearer),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Let a router's bearer be whole again.

    \b
    Examples:
      proviso simulator heal LX0101
      proviso simulator heal FGL26000121 --bearer mobile
    """
    from provisioning.stands.simulator.cables import bearer_named

    need_host(router)
    asked = None if bearer is None else bearer_named(bearer)
    _tell(find_client().ask("heal", host=router, bearer=asked), json=json)


def _tell(answer: dict[str, Any], *, json: bool) -> None:
    if json:
        output.print_json(answer)
        return
    cuts = ", ".join(f"{bearer} is cut ({kind})" for bearer, kind in answer["cuts"].items())
    output.say(f"{answer['host']}: {cuts or 'its bearers are whole'}.")
    if cuts:
        output.say(f"`proviso simulator heal {answer['host']}` heals it.", "dim")
