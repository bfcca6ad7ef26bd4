"""The course of a run: its steps in order, and the way back. Durable: killed anywhere, it is carried on from there.

Nothing but the run's id and words of ours go through DBOS: what a step needs it reads from the store and the devices.
"""

import logging
from collections.abc import Callable

from dbos import DBOS

from provisioning.errors import DeviceMoved, OutcomeUnknown, ProvisoError, cause_of
from provisioning.model.run import UNFINISHED, ChangeState, RunKind, Trouble
from provisioning.store import runs
from provisioning.workflows.attempt import Attempt
from provisioning.workflows.courses import Named, Step, course_of
from provisioning.workflows.executor import current
from provisioning.workflows.scope_lock import wait_for_lock
from provisioning.workflows.steps.access import take_access_back
from provisioning.workflows.steps.record import record_return, record_waiting, tell_others
from provisioning.workflows.steps.router import take_router_back

_LOG = logging.getLogger(__name__)

TRIES = 2
"""Courses of one run: what somebody changed between plan and apply is planned again, once."""

LOCK_SECONDS = 900.0

ON, AGAIN, BACK, KEPT, WAITS, ENDED = "on", "again", "back", "kept", "waits", "ended"


@DBOS.workflow(name="run")
def carry_out(identifier: str, kind: str) -> str:
    """Carry a run out; return `ended`, or `waits` when a device that must be asked does not answer.

    Args:
        identifier: of the run.
        kind: of the run.
    """
    executor = current()
    if executor.holds(identifier):
        return _course(identifier)
    # Whoever left this run is gone; somebody else may be about to change the same line.
    attempt = executor.attempt(identifier)
    try:
        with wait_for_lock(executor.around.state, attempt.line, seconds=LOCK_SECONDS):
            if not _take_over(attempt, executor.id):
                return ENDED
            return _course(identifier)
    finally:
        executor.forget(identifier)


def _take_over(attempt: Attempt, executor: str) -> bool:
    """Write down who carries a run on; return False when somebody else has ended it."""
    with attempt.around.store.write() as connection:
        if runs.need_run(connection, attempt.id).state not in UNFINISHED:
            return False
        runs.carry_on(connection, attempt.id, executor)
        return True


def _course(identifier: str) -> str:
    where = _do("take stock", identifier, _take_stock)
    if where == ENDED:
        return where
    course = course_of(current().attempt(identifier))
    if where == ON:
        where = _forward(identifier, course.forward)
    if where == BACK:
        where = _do("take back", identifier, _take_back)
    if where in (ON, KEPT):
        for name, step in course.closing:
            where = _do(name, identifier, _closing(step))
            if where != ON:
                break
    return ENDED if where == ON else where


def _forward(identifier: str, steps: tuple[Named, ...]) -> str:
    where = BACK
    for _ in range(TRIES):
        for name, step in steps:
            where = _do(name, identifier, _going(step))
            if where != ON:
                break
        if where != AGAIN:
            return where
    return _do("give up", identifier, _give_up)


def _do(name: str, identifier: str, step: Callable[[Attempt], str]) -> str:
    def done() -> str:
        return step(current().attempt(identifier))

    return str(DBOS.run_step({"name": name}, done))


def _take_stock(attempt: Attempt) -> str:
    """Say where a run goes on: it never turns round twice, nor asks a router again that keeps what was proven.

    A line that ceases has no way to its router any more once its ONT is cleared.
    """
    run = attempt.now()
    if run.state not in UNFINISHED:
        return ENDED
    if run.trouble is not None:
        return BACK
    change = run.router_change
    return KEPT if change is not None and change.state is ChangeState.KEPT else ON


def _going(step: Step) -> Callable[[Attempt], str]:
    """Return a step that can still turn back."""

    def done(attempt: Attempt) -> str:
        if attempt.now().trouble is not None:
            return BACK  # it was killed after it had turned, and before that was on record as a step
        try:
            in_the_way = step(attempt)
        except DeviceMoved as error:
            attempt.error = error
            return AGAIN
        except Exception as error:
            return _turn_back(attempt, error)
        if in_the_way:
            return _turn(attempt, Trouble("not proven", f"not proven: {in_the_way}"))
        return ON

    return done


def _closing(step: Step) -> Callable[[Attempt], str]:
    """Return a step after which there is no way back: it is done later where it cannot be done now."""

    def done(attempt: Attempt) -> str:
        try:
            step(attempt)
        except Exception as error:
            attempt.error = _ours(error)
            record_waiting(attempt, attempt.error)
            return WAITS
        return ON

    return done


def _take_back(attempt: Attempt) -> str:
    try:
        if attempt.run.kind is not RunKind.CEASE:
            tell_others(attempt)
        if take_router_back(attempt):
            return KEPT
        take_access_back(attempt)
        record_return(attempt)
    except Exception as error:
        record_waiting(attempt, _ours(error))
        return WAITS
    return ENDED


def _give_up(attempt: Attempt) -> str:
    return _turn_back(attempt, attempt.error or OutcomeUnknown("it moved again and again", where=attempt.id))


def _turn_back(attempt: Attempt, error: Exception) -> str:
    attempt.error = _ours(error)
    return _turn(attempt, Trouble(cause_of(attempt.error), str(attempt.error)))


def _turn(attempt: Attempt, trouble: Trouble) -> str:
    with attempt.around.store.write() as connection:
        runs.turn_back(connection, attempt.id, trouble)
    return BACK


def _ours(error: Exception) -> ProvisoError:
    """Return an error as one of ours: a mistake in Proviso turns a run back like anything else."""
    if isinstance(error, ProvisoError):
        return error
    # Nobody who asked for the run sees it raised; `--debug` shows what is logged.
    _LOG.debug("a step of a run failed: a mistake in Proviso", exc_info=error)
    mistake = OutcomeUnknown(
        f"this should not happen: {type(error).__name__}",
        where="Proviso itself",
        remedy="Run it again with `proviso --debug …` and report what it prints.",
    )
    mistake.__cause__ = error
    return mistake
