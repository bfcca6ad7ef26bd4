"""`proviso change submit`, `list`, `show`, `refuse`, `cancel`: change requests and where they stand."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_change_request, surroundings
from provisioning.cli.options import JsonOption, RequestArgument, complete_line, complete_request
from provisioning.errors import BadInput, EnvironmentTrouble, ExitCode, ProvisoError
from provisioning.model.change_request import OPEN_STATES, RequestState

if TYPE_CHECKING:
    from provisioning.workflows.submit_change import Submission
    from provisioning.workflows.surroundings import Surroundings

app = typer.Typer(rich_markup_mode=None)

SHOWN_AT_ONCE = 50


class Language(StrEnum):
    """Languages of messages."""

    ENGLISH = "en"
    FRENCH = "fr"
    DUTCH = "nl"


@app.command("submit")
def submit(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Change requests, YAML or JSON; `-` reads one from standard input."),
    ],
    json: JsonOption = False,
) -> None:
    """Hand in change requests: each is judged, with all reasons at once, and kept with its answer.

    Handed in again under the same reference, the same content gets the same answer; another content is refused.
    A request that fails does not stop the others; the highest exit code wins.

    \b
    Examples:
      proviso change submit examples/changes-on-request/open-web.yaml
      proviso change submit request.yaml --json
      mail-to-yaml < mail | proviso change submit -
    """
    around = surroundings.surroundings(create=True)
    data: list[object] = []
    worst = int(ExitCode.DONE)
    for path in files:
        try:
            answer = _submit(path, around)
        except ProvisoError as error:
            worst = max(worst, error.exit_code)
            data.append({"file": str(path), "error": output.error_data(error)})
            output.print_error(error)
            if isinstance(error, EnvironmentTrouble) and len(files) > 1:
                output.note("The requests after it were not tried.")
                break
            continue
        worst = max(worst, ExitCode.DONE if answer.accepted else ExitCode.REFUSED)
        data.append({"file": str(path), **show_change_request.submission_data(answer)})
        if not json:
            show_change_request.print_submission(answer)
    if json:
        output.print_json({"requests": data})
    surroundings.finish(worst)


def _submit(path: Path, around: "Surroundings") -> "Submission":
    from provisioning.changes.request import read_request
    from provisioning.workflows.submit_change import submit_change

    return submit_change(read_request(path), around)


@app.command("list")
def list_requests(
    line: Annotated[
        str | None, typer.Option(metavar="LINE", help="Only of this line.", autocompletion=complete_line)
    ] = None,
    state: Annotated[
        list[RequestState] | None, typer.Option(help="Only in this state; can be given several times.")
    ] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only those with something still to be done.")] = False,
    after: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on after this request.", autocompletion=complete_request)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many.")] = SHOWN_AT_ONCE,
    json: JsonOption = False,
) -> None:
    """List change requests, the latest first; times are those of Brussels.

    \b
    Examples:
      proviso change list --open
      proviso change list --line L-1 --state done --json
    """
    if state and open_only:
        raise BadInput("--open and --state exclude each other", where="--open", remedy="Leave one of them out.")
    states = [each.value for each in (OPEN_STATES if open_only else state or ())]
    with surroundings.glance() as store:
        if line is not None:
            store.need_line(line)
        if after is not None:
            store.need_request(after)
        found = store.requests(line=line, states=states, after=after, limit=limit)
    if json:
        output.print_json({"requests": found})
        return
    if not found:
        some = line is not None or after is not None or states
        output.say(
            "No such requests." if some else "There are no requests yet: `proviso change submit FILE` makes one."
        )
        return
    show_change_request.print_requests(found)
    if len(found) == limit:
        output.note(f"There may be more; go on with `proviso change list --after {found[-1].id}`.")


@app.command("show")
def show(
    request: RequestArgument,
    message: Annotated[
        bool, typer.Option("--message", help="Show the message for the customer, and only that.")
    ] = False,
    language: Annotated[
        Language | None, typer.Option(help="Language of the message, instead of the request's.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show one request: what is asked, where it stands, what was found, planned, approved, proven, and its history.

    \b
    Examples:
      proviso change show C-1
      proviso change show C-1 --message --language nl
    """
    from provisioning.workflows.look_at_change import look_at_change

    found = look_at_change(request, surroundings.surroundings(), language=language.value if language else None)
    if json:
        output.print_json(show_change_request.message_data(found) if message else show_change_request.seen_data(found))
    elif message:
        show_change_request.print_message(found)
    else:
        show_change_request.print_seen(found)


@app.command("refuse")
def refuse(
    request: RequestArgument,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; the customer is told.")],
    json: JsonOption = False,
) -> None:
    """Refuse a request; the customer is told the reason (facts: I-8.5).

    \b
    Examples:
      proviso change refuse C-3 --reason "The target is no server of yours."
    """
    from provisioning.workflows.withdraw_change import refuse_change

    ended = refuse_change(request, reason, surroundings.surroundings(create=True))
    show_change_request.say_ended(ended, json=json)


@app.command("cancel")
def cancel(
    request: RequestArgument,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; the customer is told.")] = "",
    json: JsonOption = False,
) -> None:
    """Cancel a request that whoever asked for it took back, before it is carried out.

    \b
    Examples:
      proviso change cancel C-3
      proviso change cancel C-3 --reason "Asked again as CR-2026-0009."
    """
    from provisioning.workflows.withdraw_change import cancel_change

    ended = cancel_change(request, reason, surroundings.surroundings(create=True))
    show_change_request.say_ended(ended, json=json)
