"""Carrying on what somebody has left: runs whose process was killed, and runs that wait for a device."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event

from dbos import DBOS

from provisioning.errors import ExecutorLives, OutcomeUnknown, ProvisoError, ScopeBusy
from provisioning.model.run import UNFINISHED, Run, RunState
from provisioning.store import runs
from provisioning.workflows.attempt import Tell
from provisioning.workflows.begin_run import carry, line_to_itself
from provisioning.workflows.executor import (
    PENDING,
    SEPARATOR,
    Executor,
    Teller,
    executor,
    steps_unusable,
    version_of,
)
from provisioning.workflows.left_runs import is_left
from provisioning.workflows.surroundings import Surroundings

POLL_SECONDS = 0.2

IDLE_SECONDS = 20.0
"""How long DBOS may have a run to carry on without taking up any."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of a run that was carried on.

    Attributes:
        error: what stands in its way; None when nothing does.
        notes: what else people should know.
    """

    run: Run
    error: ProvisoError | None = None
    notes: tuple[str, ...] = ()


def resume_runs(left: Sequence[Run], around: Surroundings, teller: Teller, *, jobs: int) -> Iterator[Resumed]:
    """Carry runs on that nobody is carrying out; yield what became of each, but of those that others take up first.

    What a killed process had under way, DBOS carries on under the id of that process. What waits for a device, or has
    no steps on record, goes through its course anew; each step sees what is done already.

    Args:
        left: as `left_runs` returns them.
        jobs: so many at a time.
    """
    dead: dict[str, list[Run]] = {}
    for run in left:
        dead.setdefault(run.executor if run.state is RunState.RUNNING else "", []).append(run)
    for identifier, some in dead.items():
        with ExitStack() as stack:
            try:
                up = stack.enter_context(executor(around, teller, successor_of=identifier))
            except ExecutorLives:
                continue  # somebody else has just taken it over
            pool = stack.enter_context(ThreadPoolExecutor(jobs))
            for answer in pool.map(lambda run, up=up: _resume(run, up, teller(run.id)), some):
                if answer is not None:
                    yield answer


def finish_run(run: Run, executor: Executor, tell: Tell, stop: Event) -> Resumed:
    """Carry a run on that somebody has left, in this thread; the caller holds the line's lock."""
    for each in _pending(run):
        DBOS.cancel_workflow(each)
    with executor.around.store.write() as connection:
        now = runs.need_run(connection, run.id)
        if now.state not in UNFINISHED:
            return Resumed(now)
        runs.carry_on(connection, run.id, executor.id)
    ended = carry(executor, run.id, tell, stop)
    return Resumed(ended.run, ended.error, ended.notes)


def finish_left(run: Run, executor: Executor, tell: Tell, stop: Event) -> None:
    """Carry a run on before another one of its line begins, and tell what people should know of it."""
    tell(run.stage, f"carries on run {run.id}, which was left")
    done = finish_run(run, executor, tell, stop)
    for note in done.notes:
        tell(done.run.stage, f"{run.id}: {note}")


def _resume(run: Run, up: Executor, tell: Tell) -> Resumed | None:
    try:
        if _pending(run, of=up.id):
            return _await(run, up)
        with line_to_itself(up, run.line):
            return finish_run(run, up, tell, Event())
    except ScopeBusy as error:
        with up.around.store.read() as connection:
            now = runs.need_run(connection, run.id)
        return Resumed(now, error) if is_left(now, up.around) else None
    except ProvisoError as error:
        return Resumed(run, error)


def _await(run: Run, up: Executor) -> Resumed:
    """Wait for what DBOS carries on, in threads of its own."""
    since = time.monotonic()
    while _pending(run, of=up.id):
        if up.attempts:
            since = time.monotonic()
        elif time.monotonic() - since > IDLE_SECONDS:
            # DBOS tells nobody that it cannot write.
            raise steps_unusable(up.around.state, "no run is taken up")
        # DBOS has no way to be told: its own handle polls as well.
        time.sleep(POLL_SECONDS)
    with up.around.store.read() as connection:
        ended = runs.need_run(connection, run.id)
    if ended.state is RunState.RUNNING:
        return Resumed(ended, OutcomeUnknown("it was not carried on", where=run.id, remedy="Try again."))
    return Resumed(ended, notes=up.notes.pop(run.id, ()))


def _pending(run: Run, *, of: str = "") -> list[str]:
    """Return the ids of the workflows of a run that DBOS still has to end; only those of one executor, if it is named.

    What another version of the steps has begun, DBOS does not carry on: that goes through its course anew.

    What a process had under way that was killed just after its run began to wait for a device, nobody carries on.
    """
    found = DBOS.list_workflows(
        status=PENDING, workflow_id_prefix=f"{run.id}{SEPARATOR}", load_input=False, load_output=False
    )
    return [each.workflow_id for each in found if not of or each.app_version == version_of(of)]
