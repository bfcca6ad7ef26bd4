"""Beginning a run, and carrying it out in this thread."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from dbos import SetWorkflowID

from provisioning.errors import ProvisoError, ScopeBusy
from provisioning.model.drill import DrillState
from provisioning.model.run import Run, RunKind, Snapshot
from provisioning.store import runs
from provisioning.workflows.attempt import Tell, take_up
from provisioning.workflows.auditing import Audit, audited
from provisioning.workflows.carry_out import carry_out
from provisioning.workflows.executor import SEPARATOR, Executor, steps_usable
from provisioning.workflows.scope_lock import scope_lock
from provisioning.workflows.settle_drills import settle_line
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended, or waits.

    Attributes:
        notes: what else people should know.
        error: what made it turn back or wait, where that was not the proof.
    """

    run: Run
    notes: tuple[str, ...]
    error: ProvisoError | None


def run_line(
    executor: Executor,
    *,
    line: str,
    order: str,
    kind: RunKind,
    target: Snapshot,
    tell: Tell,
    stop: Event,
    backup: str = "",
    request: str = "",
    also: Callable[[Audit, str], None] | None = None,
) -> Ended:
    """Begin a run of a line and carry it out; the caller holds the line's lock.

    Args:
        backup: the id of the version that it restores; empty when it restores none.
        request: the id of the change request that it carries out; empty when it carries out none.
        also: writes down what stands or falls with the run's beginning; given the run's id.

    Raises:
        ScopeBusy: when another run of that line has not ended, or a drill that was left cannot be settled yet.
    """
    cpe, ont = target.product.cpe, target.product.ont
    _need_no_drill(line, executor.around)
    with audited(executor.around) as audit:
        identifier = runs.begin_run(
            audit.connection,
            line=line,
            order=order,
            kind=kind,
            scope=cpe.serial if cpe else ont.serial if ont else line,
            executor=executor.id,
            target=target,
            now=audit.at,
            backup=backup,
            request=request,
        )
        if also is not None:
            also(audit, identifier)
    return carry(executor, identifier, tell, stop)


def _need_no_drill(line: str, around: Surroundings) -> None:
    """Settle a drill that was left: its router takes no change while it holds the cut.

    Raises:
        ScopeBusy: when its router does not answer, and may hold the cut still.
    """
    for each in settle_line(line, around):
        if each.drill.state is DrillState.RUNNING:
            raise ScopeBusy(each.told, where=line, remedy="Try again then; `proviso failover list` shows it.")


def carry(executor: Executor, identifier: str, tell: Tell, stop: Event) -> Ended:
    """Carry a run out in this thread; the caller holds the line's lock.

    Raises:
        EnvironmentTrouble: when what is done cannot be written down; the run is left to be carried on.
    """
    attempt = take_up(identifier, executor.around, tell)
    attempt.stop = stop
    executor.attempts[identifier] = attempt
    try:
        # Never the same twice: a store that was made anew numbers its runs anew.
        name = f"{identifier}{SEPARATOR}{uuid.uuid4().hex[:12]}"
        with steps_usable(executor.around.state), SetWorkflowID(name):
            carry_out(identifier, attempt.run.kind.value)
        return Ended(attempt.now(), attempt.notes, attempt.error)
    finally:
        executor.forget(identifier)


@contextmanager
def line_to_itself(executor: Executor, line: str, *serials: str) -> Iterator[None]:
    """Hold the lock of a line, and of devices that are going to be its own.

    Raises:
        ScopeBusy: when another process holds one of them.
    """
    state = executor.around.state
    with scope_lock(state, line):
        if not serials:
            yield
            return
        with line_to_itself(executor, serials[0], *serials[1:]):
            yield
