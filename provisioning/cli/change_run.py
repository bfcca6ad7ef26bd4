"""`proviso change run`: carries out what is approved and due."""

from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_change_run, surroundings
from provisioning.cli.options import JsonOption, complete_request
from provisioning.errors import BadInput, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioning.cli.progress import Progress
    from provisioning.model.change_request import ChangeRequest
    from provisioning.workflows.attempt import Tell
    from provisioning.workflows.run_change import RanChange
    from provisioning.workflows.run_changes import Chosen
    from provisioning.workflows.surroundings import Surroundings

app = typer.Typer(rich_markup_mode=None)


@app.command("run")
def run(
    request: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Only these requests.", autocompletion=complete_request)
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Do not wait for the window, nor for the wanted time.")] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why now; it stands in the audit.")] = "",
    json: JsonOption = False,
) -> None:
    """Carry out requests that are approved and due: on the router under its own timer, proven, and only then kept.

    A line with the standard-changes option is changed at once, any other in the change window (facts: X-17). Several
    lines are changed at once, requests of one line in the order in which they came in. Openings whose time is over are
    closed by the same call. `proviso change schedule` has it done every minute.

    \b
    Examples:
      proviso change run
      proviso change run C-7 C-8
      proviso change run C-7 --now --reason "the shop is cut off"
    """
    from provisioning.workflows.run_changes import choose_changes

    because = _because(request or [], now=now, reason=reason)
    around = surroundings.surroundings(create=True)
    chosen = choose_changes(tuple(dict.fromkeys(request or [])), around, at_once=now)
    answers = _carry_out(chosen, around, because) if chosen.lines else []
    if json:
        output.print_json(show_change_run.ran_data(answers, chosen))
    else:
        show_change_run.print_ran(answers, chosen)
    surroundings.finish(max((_code(each, named=bool(request)) for each in answers), default=ExitCode.DONE))


def _because(names: list[str], *, now: bool, reason: str) -> str:
    if now and not reason.strip():
        raise BadInput("what is done before its time needs a reason", where="--now", remedy='Add --reason "…".')
    if now and not names:
        raise BadInput("name the requests that cannot wait", where="--now", remedy="proviso change run C-7 --now …")
    if reason and not now:
        raise BadInput("a reason is given for --now only", where="--reason", remedy="Add --now, or leave it out.")
    return reason.strip()


def _carry_out(chosen: "Chosen", around: "Surroundings", because: str) -> "list[RanChange]":
    from provisioning.cli.carrying_out import in_turn, teller, teller_of_others
    from provisioning.cli.progress import progress
    from provisioning.workflows.executor import executor
    from provisioning.workflows.run_changes import run_in_order

    with progress() as shown, executor(around, teller_of_others(shown)) as up:
        for each in (one for some in chosen.lines for one in some):
            shown.begin(each.id, each.line)

        def tell(identifier: str) -> "Tell":
            return teller(shown, identifier)

        def do(some: "Sequence[ChangeRequest]", stop: Event) -> "list[RanChange]":
            answers = run_in_order(some, up, tell, stop, now_because=because)
            for each in answers:
                _end(shown, each)
            return answers

        done = in_turn(chosen.lines, do, jobs=around.changes.at_once)
    return [each for some in done if some is not None for each in some]


def _end(shown: "Progress", answer: "RanChange") -> None:
    what = answer.error.what if answer.error is not None else answer.run.message if answer.run is not None else ""
    shown.end(answer.request.id, answer.request.state.value, what)


def _code(answer: "RanChange", *, named: bool) -> int:
    from provisioning.model.change_request import RequestState

    if answer.request.state is RequestState.DONE:
        return ExitCode.DONE
    if answer.busy and not named:
        return ExitCode.DONE  # somebody else is at it; whoever looks next finds what is left
    if answer.error is not None:
        return answer.error.exit_code
    return ExitCode.UNKNOWN if answer.request.state is RequestState.UNKNOWN else ExitCode.REFUSED
