"""`proviso failover drill`: cuts fixed bearers on purpose, measures, and heals."""

import re
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, show_drill, surroundings
from provisioning.cli.options import JsonOption, complete_line
from provisioning.errors import BadInput, ExitCode, ProvisoError, Stopped
from provisioning.model.bearer import Cut

if TYPE_CHECKING:
    from provisioning.cli.progress import Progress
    from provisioning.drills.preconditions import Asked
    from provisioning.model.drill import Phase
    from provisioning.workflows.drill_course import Tell
    from provisioning.workflows.drill_line import Drilled
    from provisioning.workflows.surroundings import Surroundings

app = typer.Typer(rich_markup_mode=None)

SHORTEST, LONGEST = 10, 3600
"""Seconds of a cut: by then BFD has noticed, and no longer than a customer is told."""


@app.command("drill")
def drill(
    line: Annotated[list[str], typer.Argument(metavar="LINE", help="Lines to drill.", autocompletion=complete_line)],
    duration: Annotated[
        str, typer.Option("--for", metavar="TIME", help="How long it is cut: `60s`, `2m`; else setting drill_seconds.")
    ] = "",
    cut: Annotated[Cut, typer.Option(help="How the fixed bearer is cut.")] = Cut.LINK_DOWN,
    bounce: Annotated[bool, typer.Option("--bounce", help="Cut it once more for a moment while it is held.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Do not wait for the agreed period, nor for the notice.")] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why now; it stands in the audit.")] = "",
    json: JsonOption = False,
) -> None:
    """Drill mobile back-ups: cut the fixed bearer, look at the line over mobile, heal it, watch the return, and judge.

    Refused, with all reasons at once, where the back-up is not ready, the line has an open incident, work is under
    way, or the customer was not told of a period that is open now. `--now` does not wait for that period; it never
    drills a back-up that is not ready. The router itself ends the cut, whatever happens here; so does an interrupt.

    \b
    Examples:
      proviso failover drill L-1
      proviso failover drill L-1 L-2 --for 2m --cut silent
      proviso failover drill L-1 --bounce --now --reason "after the antenna was moved"
    """
    from provisioning.drills.preconditions import Asked

    because = _because(now=now, reason=reason)
    around = surroundings.surroundings(create=True)
    seconds = read_seconds(duration) if duration else around.drills.seconds
    asked = Asked(cut, seconds, bounce=bounce, at_once=now)
    answers = _drill(list(dict.fromkeys(line)), asked, around, because)
    if json:
        output.print_json({"drills": [show_drill.drilled_data(each) for each in answers]})
    else:
        show_drill.print_drilled(answers)
    surroundings.finish(max((code_of(each) for each in answers), default=ExitCode.DONE))


def read_seconds(written: str) -> int:
    """Return how many seconds a duration has: `60s`, `2m`, `90`.

    Raises:
        BadInput: when it is written otherwise, or is too short or too long for a drill.
    """
    found = re.fullmatch(r"([0-9]{1,5})(s|m|)", written, re.ASCII)
    seconds = int(found[1]) * (60 if found[2] == "m" else 1) if found else 0
    if not SHORTEST <= seconds <= LONGEST:
        raise BadInput(
            f"{written[:20]!r} is no time that a bearer can be cut for",
            where="--for",
            remedy=f"Give {SHORTEST}s to {LONGEST // 60}m, such as 60s or 2m.",
        )
    return seconds


def _because(*, now: bool, reason: str) -> str:
    if now and not reason.strip():
        raise BadInput(
            "what is done before the customer was told needs a reason", where="--now", remedy='Add --reason "…".'
        )
    if reason and not now:
        raise BadInput("a reason is given for --now only", where="--reason", remedy="Add --now, or leave it out.")
    return reason.strip()


def _drill(lines: list[str], asked: "Asked", around: "Surroundings", because: str) -> "list[Drilled]":
    from provisioning.cli.carrying_out import in_turn
    from provisioning.cli.progress import progress
    from provisioning.store import lines as stored_lines
    from provisioning.workflows.drill_line import Drilled, drill_line
    from provisioning.workflows.preload import preload

    with around.store.read() as connection:
        for each in lines:
            stored_lines.need_line(connection, each)
    _ = around.operator, around.vantages  # read once, and not by several threads at the same time
    preload()
    with progress() as shown:
        for each in lines:
            shown.begin(each, "")

        def do(line: str, stop: Event) -> "Drilled":
            try:
                answer = drill_line(line, asked, around, teller(shown, line), stop, because=because)
            except ProvisoError as error:
                answer = Drilled(line, None, error=error)
            shown.end(line, show_drill.word_of(answer), answer.drill.reason if answer.drill is not None else "")
            return answer

        done = in_turn(lines, do, jobs=around.drills.at_once, rest="the routers' own timers see to the rest")
    return [answer or not_begun(line) for line, answer in zip(lines, done, strict=True)]


def not_begun(line: str) -> "Drilled":
    """Return what became of a drill that an interrupt came before."""
    from provisioning.workflows.drill_line import Drilled

    error = Stopped("it was not begun", where=line, remedy="Drill it again when you are ready.")
    return Drilled(line, None, error=error)


def teller(shown: "Progress", line: str) -> "Tell":
    """Return what shows the phases of one drill, with the seconds that are left where people see them pass."""

    def tell(phase: "Phase", text: str, left: float | None = None) -> None:
        counted = f"{text}, {left:.0f} s left" if left is not None and shown.live else text
        shown.tell(line, phase.value, counted)

    return tell


def code_of(answer: "Drilled") -> int:
    """Return the exit code for what became of a drill."""
    from provisioning.model.drill import DrillState

    if answer.drill is not None and answer.drill.state is DrillState.PASSED:
        return ExitCode.DONE
    return answer.error.exit_code if answer.error is not None else ExitCode.REFUSED
