"""`proviso run resume`: carries on what somebody has left."""

from typing import TYPE_CHECKING

from provisioning.cli import output, show_run, surroundings
from provisioning.cli.carrying_out import teller
from provisioning.cli.progress import progress
from provisioning.errors import ExitCode, Refused

if TYPE_CHECKING:
    from provisioning.model.run import Run
    from provisioning.workflows.attempt import Tell
    from provisioning.workflows.resume_runs import Resumed
    from provisioning.workflows.surroundings import Surroundings


def resume(names: list[str], *, jobs: int) -> None:
    """Carry runs on; print what became of each, and end with an exit code."""
    from provisioning.cli.failover_list import settle

    around = surroundings.surroundings()
    settle(around)
    left = _chosen(names, around)
    # None, too, when another process has just taken all of them up.
    answers = _carry_on(left, jobs) if left else []
    if output.JSON_MODE.get():
        output.print_json({"runs": [_data(each) for each in answers]})
    elif not answers:
        output.say("Nothing is left to be carried on.")
    else:
        for each in answers:
            show_run.print_run_line(each.run)
            for note in each.notes:
                output.print_line((f"  {note}", "yellow"))
            if each.error is not None:
                output.print_error(each.error)
    surroundings.finish(max((_code(each) for each in answers), default=ExitCode.DONE))


def _chosen(names: list[str], around: "Surroundings") -> "list[Run]":
    from provisioning.store import runs
    from provisioning.workflows.left_runs import is_left, left_runs

    if not names:
        return left_runs(around)
    with around.store.read() as connection:
        found = [runs.need_run(connection, name) for name in dict.fromkeys(names)]
    for each in found:
        if not is_left(each, around):
            under_way = each.ended_at is None
            raise Refused(
                "it is being carried out" if under_way else f"it has ended: {each.state.value}",
                where=each.id,
                remedy=f"`proviso run {'watch' if under_way else 'show'} {each.id}` shows it.",
            )
    return found


def _carry_on(left: "list[Run]", jobs: int) -> "list[Resumed]":
    from provisioning.workflows.resume_runs import resume_runs

    answers = []
    with progress() as shown:
        for run in left:
            shown.begin(run.id, run.scope)

        def of(run: str) -> "Tell":
            return teller(shown, run)

        for answer in resume_runs(left, surroundings.surroundings(create=True), of, jobs=jobs):
            shown.end(answer.run.id, answer.run.state.value, answer.run.message)
            answers.append(answer)
    return answers


def _code(answer: "Resumed") -> int:
    from provisioning.model.run import DELIVERED, RunState

    if answer.error is not None:
        return answer.error.exit_code
    if answer.run.state in DELIVERED:
        return ExitCode.DONE
    return ExitCode.REFUSED if answer.run.state in (RunState.WENT_BACK, RunState.FAILED) else ExitCode.UNKNOWN


def _data(answer: "Resumed") -> dict[str, object]:
    data = {**show_run.run_data(answer.run), "notes": answer.notes}
    return {**data, "error": output.error_data(answer.error)} if answer.error is not None else data
