"""`proviso run watch`: follows runs of any process by what the store says."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioning.cli import output, show_run, surroundings
from provisioning.cli.progress import Progress, progress

if TYPE_CHECKING:
    from provisioning.model.run import Run
    from provisioning.workflows.surroundings import Surroundings

POLL_SECONDS = 0.5


def watch(names: list[str]) -> None:
    """Show runs as they move, until all of them have ended."""
    around = surroundings.surroundings()
    followed = [each.id for each in _look(names, around)]
    if not followed:
        if not output.JSON_MODE.get():
            output.say("No run is under way.")
        return
    moves = Moves()
    with progress() as shown:
        while len(moves.ended) < len(followed):
            for run in _look([each for each in followed if each not in moves.ended], around):
                moves.show(run, shown)
            # A store has no way to tell that it has changed.
            time.sleep(POLL_SECONDS if len(moves.ended) < len(followed) else 0)
    if not output.JSON_MODE.get():
        for each in moves.ended.values():
            show_run.print_run_line(each)


@dataclass
class Moves:
    """What was told of runs so far."""

    told: "dict[str, tuple[str, str]]" = field(default_factory=dict)
    ended: "dict[str, Run]" = field(default_factory=dict)

    def show(self, run: "Run", shown: Progress) -> None:
        """Show a run, if it has moved."""
        where = (run.stage.value, run.state.value)
        if self.told.get(run.id) != where:
            if run.id not in self.told:
                shown.begin(run.id, run.scope)
            self.told[run.id] = where
            shown.tell(run.id, run.stage.value, f"line {run.line}, order {run.order}")
            if output.JSON_MODE.get():
                output.print_json_line(_moved(run))
        if run.ended_at is not None:
            self.ended[run.id] = run
            shown.end(run.id, run.state.value, run.message)


def _look(names: list[str], around: "Surroundings") -> "list[Run]":
    from provisioning.store import runs

    with around.store.read() as connection:
        if names:
            return [runs.need_run(connection, name) for name in dict.fromkeys(names)]
        return [each for each in runs.unfinished_runs(connection) if each.ended_at is None]


def _moved(run: "Run") -> dict[str, object]:
    return {"run": run.id, "line": run.line, "stage": run.stage, "state": run.state, "message": run.message}
