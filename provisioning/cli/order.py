"""`proviso order`: check, plan, accept, activate."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from provisioning.cli import output, show_order, surroundings
from provisioning.cli.options import FileArgument, FilesArgument, JsonOption
from provisioning.errors import EnvironmentTrouble, ExitCode, ProvisoError, UnreadableForm, unreadable

if TYPE_CHECKING:
    from provisioning.workflows.accept_order import Acceptance

app = typer.Typer(help="Order forms: check, plan, accept, activate.", no_args_is_help=True, rich_markup_mode=None)

SUFFIXES = (".yaml", ".yml", ".json")
PROGRESS_FROM = 200
"""Forms from which a progress bar is worth its place."""


@app.command("check")
def check_orders(
    files: FilesArgument,
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Show only what is refused or unreadable."),
    json: JsonOption = False,
) -> None:
    """Accept or refuse each form, with all reasons at once.

    Each reason has a code, its fact references and a remedy.

    Looks at the forms alone, at neither store nor inventory. Exit code 1 if any is refused, 2 if any is unreadable.

    \b
    Examples:
      proviso order check order.yaml
      proviso order check examples/orders examples/refused
    """
    from provisioning.clock import SystemClock, contract_date
    from provisioning.orders.check import check
    from provisioning.orders.read import read

    today = contract_date(SystemClock())
    results: list[show_order.Checked] = []
    for path in _with_progress(_forms(files), show=not json):
        try:
            form = read(path)
        except ProvisoError as error:
            checked = show_order.Checked(str(path), None, None, error)
        else:
            checked = show_order.Checked(str(path), form, check(form, today), None)
        results.append(checked)
        if not json:
            show_order.print_checked(checked, quiet=quiet)
    if json:
        output.print_json(show_order.checked_data(results))
    elif len(results) > 1:
        output.say(show_order.summary(results))
    surroundings.finish(max(each.exit_code for each in results))


@app.command("plan")
def plan_order(
    file: FileArgument,
    configuration: Annotated[bool, typer.Option("--configuration", help="Show the documents in full.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show how the documents change.")] = False,
    json: JsonOption = False,
) -> None:
    """Show what accepting and activating the order would do.

    The product, the addresses that would be given, the addressed intent, and the change of the router: documents,
    commands, rollback. Changes nothing, reserves nothing. Secrets are masked.

    \b
    Examples:
      proviso order plan examples/orders/fullfiber-extended.yaml
      proviso order plan examples/orders/internet-pro.yaml --diff
    """
    from provisioning.cli import show_plan
    from provisioning.orders.read import read
    from provisioning.workflows.accept_order import plan_order as plan
    from provisioning.workflows.rehearse_access import rehearse_access
    from provisioning.workflows.rehearse_change import rehearse_change

    around = surroundings.surroundings()
    acceptance = plan(read(file), around)
    planned = rehearse_change(acceptance, around) if acceptance.accepted else None
    access = rehearse_access(acceptance, around) if acceptance.accepted else ()
    if json:
        data = show_order.acceptance_data(acceptance, planned=True)
        change = show_plan.plan_data(planned) if planned is not None else None
        output.print_json({**data, "access": [show_plan.access_data(each) for each in access], "change": change})
    else:
        show_order.print_acceptance(acceptance, planned=True)
        for each in access:
            show_plan.print_access(each, diff=diff)
        if planned is not None:
            show_plan.print_plan(planned, configuration=configuration, diff=diff)
    surroundings.finish(ExitCode.DONE if acceptance.accepted else ExitCode.REFUSED)


@app.command("accept")
def accept_orders(files: FilesArgument, json: JsonOption = False) -> None:
    """Register orders on their lines and assign addresses.

    Asked again, it gives the same. Change, move and cease act on the store. A form that fails does not stop the
    others; the highest exit code wins.

    \b
    Examples:
      proviso order accept order.yaml
      proviso order accept examples/orders
    """
    from provisioning.orders.read import read
    from provisioning.workflows.accept_order import accept_order

    around = surroundings.surroundings(create=True)
    data: list[object] = []
    worst = int(ExitCode.DONE)
    paths = _forms(files)
    for path in _with_progress(paths, show=not json):
        try:
            answer = accept_order(read(path), around)
        except ProvisoError as error:
            worst = max(worst, error.exit_code)
            data.append({"file": str(path), "error": output.error_data(error)})
            output.print_error(error)
            if isinstance(error, EnvironmentTrouble) and len(paths) > 1:
                output.note("The forms after it were not tried.")
                break
            continue
        worst = max(worst, ExitCode.DONE if answer.accepted else ExitCode.REFUSED)
        data.append({"file": str(path), **show_order.acceptance_data(answer, planned=False)})
        if not json:
            _print_accepted(answer, brief=len(paths) > 1)
    if json:
        output.print_json({"orders": data})
    surroundings.finish(worst)


@app.command("activate")
def activate_orders(
    files: FilesArgument,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Lines at a time.")] = 2,
    without_router: Annotated[
        bool, typer.Option("--without-router", help="Cease lines whose router nobody can reach any more.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Bring lines to what orders say: apply, prove from outside, confirm.

    Accepts each order first: new, change, move or cease. Every device goes back unless the proof succeeds in time.
    Asked again, it looks whether the line is as ordered, and proves it again. Exit code 1 if a line is not as ordered
    at the end.

    
    Examples:
      proviso order activate order.yaml
      proviso lab run -- proviso order activate examples/orders/internet-pro.yaml
    """
    from provisioning.cli.activate import activate

    activate(_forms(files), jobs=jobs, without_router=without_router)


def _print_accepted(acceptance: "Acceptance", *, brief: bool) -> None:
    if brief:
        show_order.print_acceptance_line(acceptance)
    else:
        show_order.print_acceptance(acceptance, planned=False)


def _forms(files: list[Path]) -> list[Path]:
    """Return the forms that were named: files as they are, folders by what lies in them."""
    found: list[Path] = []
    for path in files:
        if not _is_folder(path):
            found.append(path)
            continue
        inside = sorted(_forms_inside(path))
        if not inside:
            raise UnreadableForm(
                "the folder holds no order form", where=str(path), remedy=f"Forms end in {', '.join(SUFFIXES)}."
            )
        found.extend(inside)
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # reading it will say why


def _forms_inside(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> Never:
        raise unreadable(error, UnreadableForm, str(error.filename))

    state = str(surroundings.settings().state)
    for parent, folders, names in os.walk(folder, onerror=refuse):
        # What Proviso keeps there is no form, whatever it is called.
        folders[:] = [each for each in folders if str(Path(parent, each).absolute()) != state]
        paths = (Path(parent, name) for name in names if name.endswith(SUFFIXES))
        # A pipe or a device would be waited for, or never end.
        yield from (path for path in paths if path.is_file())


def _with_progress(paths: Sequence[Path], *, show: bool) -> Iterator[Path]:
    """Yield the paths, with a progress bar on standard error where somebody watches long work."""
    from rich.console import Console
    from rich.progress import track

    screen = Console(stderr=True)
    # Where the answer goes to the same terminal, it shows the progress itself.
    if not show or len(paths) < PROGRESS_FROM or not screen.is_terminal or sys.stdout.isatty():
        yield from paths
    else:
        yield from track(paths, description="order forms", console=screen, transient=True)
