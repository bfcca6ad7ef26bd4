"""`proviso order activate`: several lines at once, each shown stage by stage."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.cli import output, show_order, show_run, surroundings
from provisioning.cli.progress import Progress, progress
from provisioning.errors import ExitCode, ProvisoError

if TYPE_CHECKING:
    from provisioning.model.run import RunStage
    from provisioning.orders.form import OrderForm
    from provisioning.workflows.activate_line import Activation
    from provisioning.workflows.surroundings import Surroundings


def activate(paths: list[Path], *, jobs: int) -> None:
    """Accept the orders and bring their lines into service; print what became of each, and end with an exit code."""
    from provisioning.orders.read import read

    around = surroundings.surroundings(create=True)
    forms: list[tuple[Path, OrderForm | ProvisoError]] = []
    for path in paths:
        try:
            forms.append((path, read(path)))
        except ProvisoError as error:
            forms.append((path, error))
    with progress() as shown, ThreadPoolExecutor(jobs) as pool:
        waiting = [
            (path, form if isinstance(form, ProvisoError) else pool.submit(_one, form, around, shown))
            for path, form in forms
        ]
        answers = [(path, each if isinstance(each, ProvisoError) else each.result()) for path, each in waiting]
    if output.JSON_MODE.get():
        output.print_json({"orders": [{"file": str(path), **_data(answer)} for path, answer in answers]})
    else:
        for path, answer in answers:
            _print(path, answer, brief=len(answers) > 1)
    surroundings.finish(max(_code(answer) for _, answer in answers))


def _one(form: "OrderForm", around: "Surroundings", shown: Progress) -> "Activation | ProvisoError":
    from provisioning.workflows.activate_line import activate_order

    device = (form.cpe.serial if form.cpe else None) or ""
    shown.begin(form.order, device)
    try:
        answer = activate_order(form, around, _teller(shown, form.order))
    except ProvisoError as error:
        shown.end(form.order, "failed", error.what)
        return error
    if answer.done and answer.run is not None:
        shown.end(form.order, "done", answer.run.message)
    else:
        shown.end(form.order, "refused", answer.obstacle or (answer.run.message if answer.run else "not accepted"))
    return answer


def _teller(shown: Progress, order: str) -> "Callable[[RunStage, str], None]":
    return lambda stage, text: shown.tell(order, stage.value, text)


def _code(answer: "Activation | ProvisoError") -> int:
    from provisioning.model.run import RunState

    if isinstance(answer, ProvisoError):
        return answer.exit_code
    if answer.done:
        return ExitCode.DONE
    if answer.run is not None and answer.run.state in (RunState.UNKNOWN, RunState.INTERRUPTED):
        return ExitCode.UNKNOWN
    return ExitCode.REFUSED


def _print(path: Path, answer: "Activation | ProvisoError", *, brief: bool) -> None:
    if isinstance(answer, ProvisoError):
        output.print_error(answer)
        return
    acceptance = answer.acceptance
    if not acceptance.accepted:
        show_order.print_acceptance_line(acceptance)
        return
    if answer.run is None:
        output.print_line(
            ("accepted  ", "yellow"), (acceptance.order, "bold"), (f"  line {acceptance.line}, not activated", "")
        )
        output.print_line((f"  {answer.obstacle}", ""))
        return
    show_run.print_run_line(answer.run)
    for note in answer.notes:
        output.print_line((f"  {note}", "yellow"))
    if not brief and answer.run.verdict is not None:
        show_run.print_verdict(answer.run.verdict)
    if answer.run.verdict is not None:
        output.note(f"`proviso run show {answer.run.id}` shows all of it.")


def _data(answer: "Activation | ProvisoError") -> dict[str, object]:
    if isinstance(answer, ProvisoError):
        return {"error": output.error_data(answer)}
    return {
        **show_order.acceptance_data(answer.acceptance, planned=False),
        "activated": answer.done,
        "obstacle": answer.obstacle or None,
        "notes": answer.notes,
        "run": show_run.run_data(answer.run) if answer.run else None,
    }
