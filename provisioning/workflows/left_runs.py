"""The runs that have not ended, and that nobody is carrying out."""

from provisioning.model.run import Run, RunState
from provisioning.store import runs
from provisioning.workflows.scope_lock import is_held
from provisioning.workflows.surroundings import Surroundings


def left_runs(around: Surroundings) -> list[Run]:
    """Return the runs whose process has ended without a word, and those that wait for a device; the oldest first."""
    with around.store.read() as connection:
        found = runs.unfinished_runs(connection)
    return [each for each in found if is_left(each, around)]


def is_left(run: Run, around: Surroundings) -> bool:
    """Return whether nobody is carrying out a run that has not ended."""
    return run.state is RunState.INTERRUPTED or (
        run.state is RunState.RUNNING and not is_held(around.state, run.executor)
    )
