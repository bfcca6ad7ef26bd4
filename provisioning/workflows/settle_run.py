"""Finding out what became of a run whose process was killed: its row and the router together know."""

from contextlib import suppress

from sqlalchemy import Connection

from provisioning.errors import ProvisoError
from provisioning.model.device import DeviceStatus
from provisioning.model.run import Run, RunState
from provisioning.planning.settle import settle
from provisioning.store import assignments, lines, runs
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.scope_lock import hold_if_free
from provisioning.workflows.surroundings import Surroundings


def settle_runs(scope: str, status: DeviceStatus, around: Surroundings, *, but: str) -> None:
    """Settle the runs of a router whose processes have ended, before another one makes it tell something else.

    Args:
        status: of the router.
        but: the run that is under way.
    """
    with around.store.write() as connection:
        for run in runs.unsettled_runs(connection, scope):
            if run.id != but:
                _end(connection, run, status, around)


def look_at_run(identifier: str, around: Surroundings) -> Run:
    """Return a run as it stands now; one whose process has ended without a word is settled first, with the router.

    Raises:
        UnknownName: when there is no such run.
    """
    with around.store.read() as connection:
        run = runs.need_run(connection, identifier)
    if run.state not in (RunState.RUNNING, RunState.INTERRUPTED):
        return run
    with hold_if_free(around.state, run.scope) as free:
        if free:
            _settle(run, around)
    with around.store.read() as connection:
        return runs.need_run(connection, identifier)


def _settle(run: Run, around: Surroundings) -> None:
    status = _ask(run, around) if run.wanted else None
    with around.store.write() as connection:
        _end(connection, run, status, around)


def _end(connection: Connection, run: Run, status: DeviceStatus | None, around: Surroundings) -> None:
    state, message = settle(run, status)
    runs.end_run(connection, run.id, state, message, run.ended_at or around.clock.now())
    if state is RunState.PROVEN:
        lines.activate_line(connection, run.line, around.clock.now())


def _ask(run: Run, around: Surroundings) -> DeviceStatus | None:
    with around.store.read() as connection:
        management = assignments.management_of(connection, run.line)
        devices = lines.devices_of(connection, run.line)
    platform = next((each.platform for each in devices if each.serial == run.scope), "")
    router = Router(run.scope, platform, management, Reach(around, prepare=False))
    try:
        with suppress(ProvisoError):
            return router.status()
        return None
    finally:
        router.close()
