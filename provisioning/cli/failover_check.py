"""`proviso failover check`: whether mobile back-ups are ready."""

from typing import TYPE_CHECKING

import typer

from provisioning.cli import show_readiness, surroundings
from provisioning.cli.options import (
    CustomersOption,
    FormulasOption,
    JsonOption,
    LinesArgument,
    PlatformsOption,
)
from provisioning.errors import ExitCode

if TYPE_CHECKING:
    from provisioning.errors import ProvisoError
    from provisioning.model.readiness import Readiness
    from provisioning.workflows.surroundings import Surroundings

app = typer.Typer(rich_markup_mode=None)


@app.command("check")
def check(
    line: LinesArgument = None,
    formula: FormulasOption = None,
    platform: PlatformsOption = None,
    customer: CustomersOption = None,
    json: JsonOption = False,
) -> None:
    """Look whether mobile back-ups are ready to be drilled; exit code 1 if one is not. Nothing is changed.

    Routers are asked by their command line and by SNMPv3: both bearers, BGP and BFD in each family, the hold, SIM and
    signal where the platform shows them, which bearer is in use, which addresses are announced on each, and that
    telephony is kept off mobile (facts: I-6.3). Without a line, all lines with a back-up are looked at.

    \b
    Examples:
      proviso failover check L-1
      proviso failover check --platform linux_cpe
      proviso failover check L-1 L-2 --json
    """
    from provisioning.cli.counted import counted
    from provisioning.cli.stoppable import stoppable
    from provisioning.workflows.check_backup import check_backups

    around = surroundings.surroundings()
    named = _lines(line or [], around, formula or [], platform or [], customer or [])
    found: list[tuple[str, Readiness | ProvisoError]] = []
    with counted("looking at back-ups", len(named)) as shown, stoppable() as stop:
        for each, answer in check_backups(named, around, stop):
            shown.step()
            found.append((each, answer))
    if not line:
        found = [each for each in found if not show_readiness.has_none(each[1])]
    show_readiness.print_found(found)
    surroundings.finish(max((_code(answer) for _, answer in found), default=ExitCode.DONE))


def _lines(
    named: list[str], around: "Surroundings", formulas: list[str], platforms: list[str], customers: list[str]
) -> list[str]:
    from provisioning.store import lines
    from provisioning.workflows.choose_routers import choose_routers

    if named and not (formulas or platforms or customers):
        with around.store.read() as connection:
            for each in named:
                lines.need_line(connection, each)
        return list(dict.fromkeys(named))
    chosen = choose_routers(named, around, formulas=formulas, platforms=platforms, customers=customers)
    return [each.line for each in chosen]


def _code(answer: "Readiness | ProvisoError") -> int:
    from provisioning.errors import ProvisoError

    if isinstance(answer, ProvisoError):
        return answer.exit_code
    return ExitCode.DONE if answer.ready else ExitCode.REFUSED
