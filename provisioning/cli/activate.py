"""`proviso order activate`: several lines at once, each shown stage by stage."""

from collections import Counter
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from provisioning.cli import output, show_order, show_run, surroundings
from provisioning.cli.carrying_out import in_turn, teller, teller_of_others
from provisioning.cli.progress import Progress, progress
from provisioning.errors import ExitCode, ProvisoError, Stopped, cause_of

if TYPE_CHECKING:
    from provisioning.orders.form import OrderForm
    from provisioning.workflows.activate_order import Activation
    from provisioning.workflows.executor import Executor

    Answer = Activation | ProvisoError


def activate(paths: list[Path], *, jobs: int, without_router: bool) -> None:
    """Accept the orders and bring their lines to what they say; end with an exit code."""
    from provisioning.orders.read import read
    from provisioning.workflows.executor import executor

    around = surroundings.surroundings(create=True)
    forms: list[OrderForm | ProvisoError] = []
    for path in paths:
        try:
            forms.append(read(path))
        except ProvisoError as error:
            forms.append(error)
    with progress() as shown, executor(around, teller_of_others(shown)) as up:
        found = in_turn(forms, lambda form, stop: _one(form, up, shown, stop, without_router), jobs=jobs)
    answers = [(path, _not_begun(path) if each is None else each) for path, each in zip(paths, found, strict=True)]
    if output.JSON_MODE.get():
        orders = [{"file": str(path), **_data(answer)} for path, answer in answers]
        output.print_json({"orders": orders, "summary": _counts([answer for _, answer in answers])})
    else:
        for _, answer in answers:
            _print(answer, brief=len(answers) > 1)
        if len(answers) > 1:
            _print_summary([answer for _, answer in answers])
    surroundings.finish(max(_code(answer) for _, answer in answers))


def _one(
    form: "OrderForm | ProvisoError", up: "Executor", shown: Progress, stop: Event, without_router: bool
) -> "Answer":
    from provisioning.workflows.activate_order import activate_order

    if isinstance(form, ProvisoError):
        return form
    shown.begin(form.order, (form.cpe.serial if form.cpe else None) or form.line or "")
    try:
        answer = activate_order(form, up, teller(shown, form.order), stop, without_router=without_router)
    except ProvisoError as error:
        shown.end(form.order, "failed", error.what)
        return error
    if answer.done:
        shown.end(form.order, "done", answer.run.message if answer.run else "nothing was in service")
    else:
        shown.end(form.order, "refused", answer.obstacle or (answer.run.message if answer.run else "not accepted"))
    return answer


def _not_begun(path: Path) -> ProvisoError:
    return Stopped("it was not begun", where=str(path), remedy="Activate it again when you are ready.")


def _code(answer: "Answer") -> int:
    from provisioning.model.run import RunState

    if isinstance(answer, ProvisoError):
        return answer.exit_code
    if answer.done:
        return ExitCode.DONE
    if answer.run is not None and answer.run.state in (RunState.UNKNOWN, RunState.INTERRUPTED):
        return ExitCode.UNKNOWN
    return ExitCode.REFUSED


def _outcome(answer: "Answer") -> str:
    """Return what became of an order, in a word or two; of trouble, of which kind it is."""
    if isinstance(answer, ProvisoError):
        return cause_of(answer)
    if not answer.acceptance.accepted:
        return "refused"
    if answer.run is None:
        return "not activated" if answer.obstacle else "ceased"
    if answer.done or answer.run.trouble is None:
        return answer.run.state.value
    return answer.run.trouble.cause


def _counts(answers: "list[Answer]") -> dict[str, int]:
    return dict(Counter(_outcome(each) for each in answers).most_common())


def _print_summary(answers: "list[Answer]") -> None:
    output.say()
    counts = ", ".join(f"{number} {what}" for what, number in _counts(answers).items())
    output.print_line((f"{len(answers)} orders: ", "bold"), (counts, ""))


def _print(answer: "Answer", *, brief: bool) -> None:
    if isinstance(answer, ProvisoError):
        output.print_error(answer)
        return
    acceptance = answer.acceptance
    if not acceptance.accepted:
        show_order.print_acceptance_line(acceptance)
        return
    if answer.run is None:
        what = "not activated" if answer.obstacle else "ceased; nothing of it was in service"
        output.print_line(
            ("accepted  ", "yellow"), (acceptance.order, "bold"), (f"  line {acceptance.line}, {what}", "")
        )
        if answer.obstacle:
            output.print_line((f"  {answer.obstacle}", ""))
        return
    show_run.print_run_line(answer.run)
    for note in answer.notes:
        output.print_line((f"  {note}", "yellow"))
    if not brief and answer.run.verdict is not None:
        show_run.print_verdict(answer.run.verdict)
    if answer.run.verdict is not None:
        output.note(f"`proviso run show {answer.run.id}` shows all of it.")


def _data(answer: "Answer") -> dict[str, object]:
    if isinstance(answer, ProvisoError):
        return {"error": {**output.error_data(answer), "cause": cause_of(answer)}}
    return {
        **show_order.acceptance_data(answer.acceptance, planned=False),
        "activated": answer.done,
        "obstacle": answer.obstacle or None,
        "notes": answer.notes,
        "run": show_run.run_data(answer.run) if answer.run else None,
    }
