"""`proviso catalogue`: what the contract offers, each cell with its fact reference."""

from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli.options import JsonOption, complete_formula
from provisioning.errors import UnknownName

if TYPE_CHECKING:
    from provisioning.catalogue import Formula


def show_catalogue(
    formula: Annotated[
        str | None,
        typer.Argument(metavar="[FORMULA]", help="Identifier of one formula.", autocompletion=complete_formula),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the formulas, or all of one, with fact references.

    With FORMULA: every cell of the contract's tables, the speed upgrades and the levels.
    The references are sections of docs/service-facts.md.

    \b
    Examples:
      proviso catalogue
      proviso catalogue fullfiber-extended
    """
    from provisioning.cli.show_catalogue import print_formula, print_formulas

    if formula is None:
        print_formulas(json=json)
    else:
        print_formula(_find(formula), json=json)


def _find(identifier: str) -> "Formula":
    from provisioning.catalogue import FORMULAS
    from provisioning.orders.rules.formula import nearest

    found = FORMULAS.get(identifier)
    if found is None:
        raise UnknownName(f"there is no formula {identifier!r}", where="FORMULA", remedy=nearest(identifier, FORMULAS))
    return found
