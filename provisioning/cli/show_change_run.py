"""How carried out change requests look, to people and as JSON."""

from typing import TYPE_CHECKING

from provisioning.cli import output, show_run
from provisioning.clock import CONTRACT_TIME_ZONE

if TYPE_CHECKING:
    from provisioning.workflows.run_change import RanChange
    from provisioning.workflows.run_changes import Chosen, Later

_STYLES = {
    "done": "green",
    "approved": "yellow",
    "submitted": "yellow",
    "running": "cyan",
    "failed": "bold red",
    "unknown": "bold red",
}


def print_ran(answers: "list[RanChange]", chosen: "Chosen") -> None:
    """Print what became of requests, and which one is next."""
    for each in answers:
        _print_one(each)
    if not answers and not chosen.lines:
        output.say("Nothing is due.")
    if len(answers) > 1:
        done = sum(each.request.state.value == "done" for each in answers)
        output.say(f"{done} of {len(answers)} done.")
    if chosen.later:
        output.say(f"Next: {_later(chosen.later[0])}")
        if len(chosen.later) > 1:
            more = len(chosen.later) - 1
            output.say(f"{more} more {'is' if more == 1 else 'are'} approved, and due later.")


def _print_one(answer: "RanChange") -> None:
    request, run = answer.request, answer.run
    state = "busy" if answer.busy else request.state.value
    message = run.message if run is not None else "" if answer.error is not None else request.reason
    told = f"  line {request.line}" + (f", run {run.id}" if run is not None else "")
    output.print_line(
        (f"{state:<10}", _STYLES.get(state, "yellow")),
        (request.id, "bold"),
        (f"{told}: {message}" if message else told, ""),
    )
    for each in answer.notes:
        output.print_wrapped(each, indent=2, style="yellow")
    if answer.error is not None:
        output.print_error(answer.error)


def _later(later: "Later") -> str:
    if later.at is None:
        return f"{later.request.id}: {later.why}"
    local = later.at.astimezone(CONTRACT_TIME_ZONE)
    return f"{later.request.id} is due on {local:%A %Y-%m-%d at %H:%M} (Brussels): {later.why}"


def ran_data(answers: "list[RanChange]", chosen: "Chosen") -> dict[str, object]:
    """Return what became of requests for JSON, and what is due later."""
    return {
        "requests": [_data(each) for each in answers],
        "later": [
            {"id": each.request.id, "line": each.request.line, "at": each.at, "why": each.why} for each in chosen.later
        ],
    }


def _data(answer: "RanChange") -> dict[str, object]:
    return {
        "id": answer.request.id,
        "line": answer.request.line,
        "state": answer.request.state,
        "reason": answer.request.reason,
        "busy": answer.busy,
        "run": show_run.run_data(answer.run) if answer.run is not None else None,
        "notes": answer.notes,
        **({"error": output.error_data(answer.error)} if answer.error is not None else {}),
    }
