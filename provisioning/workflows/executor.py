"""This process as one that carries out runs: DBOS, with an id of its own that is held by a file lock.

DBOS keeps which steps of a run are done, in a database file of its own. A run that a killed process has left is
carried on by whoever finds that process's lock free, and takes over its id. It keeps ids and words of ours only.
"""

import json
import logging
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, Serializer
from sqlalchemy.exc import DBAPIError

from provisioning.errors import EnvironmentTrouble, ExecutorLives, UnknownName
from provisioning.model.run import UNFINISHED
from provisioning.store import runs
from provisioning.workflows.attempt import Attempt, Tell, take_up
from provisioning.workflows.preload import preload
from provisioning.workflows.scope_lock import hold_if_free, is_held, lock_file
from provisioning.workflows.surroundings import Surroundings

FILE_NAME = "steps.sqlite"

VERSION = "3"
"""Of the steps and their order: what one version has begun, another one of another number does not carry on."""

LISTENER_SECONDS = 0.05

SEPARATOR = "/"
"""Between the id of a run and what makes the id of its workflow unique."""

PENDING = ["PENDING", "ENQUEUED"]
"""What DBOS calls a workflow that has not ended."""

Teller = Callable[[str], Tell]
"""Returns whom to tell of a run, by its id."""


KEPT = timedelta(days=30)
"""How long the steps of a run are kept that has ended."""

DELETED_AT_ONCE = 1000
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class _JsonSerializer(Serializer):
    """DBOS's own would be pickle: whoever may write the database could run code of his own here."""

    def serialize(self, data: Any) -> str:
        # An exception is told by its kind alone: its words may hold what a device said.
        return json.dumps(data, default=lambda value: type(value).__name__)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "json"


@dataclass
class Executor:
    """What the steps that run in this process work with.

    Attributes:
        id: under which DBOS knows this process.
        teller: returns whom to tell of a run that nobody in this process has asked for.
        attempts: the runs under way here, by id.
        notes: what people should know of runs that ended here and that nobody here has asked for, by id.
    """

    id: str
    around: Surroundings
    teller: Teller
    attempts: dict[str, Attempt] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, run: str) -> Attempt:
        """Return a run under way here; one that another process has left is taken up from the store."""
        with self._lock:
            found = self.attempts.get(run)
        if found is None:
            found = take_up(run, self.around, self.teller(run))
            with self._lock:
                found = self.attempts.setdefault(run, found)
        return found

    def holds(self, run: str) -> bool:
        """Return whether somebody here has taken that run up."""
        with self._lock:
            return run in self.attempts

    def forget(self, run: str) -> None:
        """Let go of a run that has ended."""
        with self._lock:
            found = self.attempts.pop(run, None)
            if found is not None and found.notes:
                self.notes[run] = found.notes
        if found is not None:
            found.close()


_CURRENT: list[Executor] = []


def current() -> Executor:
    """Return this process's executor.

    Raises:
        RuntimeError: when none is up.
    """
    if not _CURRENT:
        raise RuntimeError("no executor is up")
    return _CURRENT[-1]


@contextmanager
def executor(around: Surroundings, teller: Teller, *, successor_of: str = "") -> Iterator[Executor]:
    """Be an executor while the block lasts; within another one, be that one.

    Args:
        teller: returns whom to tell of a run that nobody in this process has asked for.
        successor_of: take over the id of a process that has ended, and with it what it had begun.

    Raises:
        ExecutorLives: when the process of that id lives, or somebody else has taken it over.
        EnvironmentTrouble: when the database cannot be used.
    """
    if _CURRENT:
        yield current()
        return
    import provisioning.workflows.carry_out  # noqa: F401 - DBOS must know the workflows before it is up

    preload()
    identifier = successor_of or f"executor-{uuid.uuid4().hex[:12]}"
    with hold_if_free(around.state, identifier) as held:
        if not held:
            raise ExecutorLives(
                f"the process {identifier} still lives", where=identifier, remedy="It carries on what it has begun."
            )
        up = Executor(identifier, around, teller)
        _CURRENT.append(up)
        try:
            with steps_usable(around.state):
                _launch(around.state, identifier)
                _tidy(up)
                yield up
                _forget_old_steps(around.clock.now())
        finally:
            _CURRENT.remove(up)
            DBOS.destroy()
            _forget_version(around.state / FILE_NAME, identifier)
            lock_file(around.state, identifier).unlink(missing_ok=True)


@contextmanager
def steps_usable(state: Path) -> Iterator[None]:
    """Say what stands in the way of keeping steps, while the block lasts; the store tells its own trouble.

    Raises:
        EnvironmentTrouble: when the database of the steps cannot be used.
    """
    try:
        yield
    except DBAPIError as error:
        raise steps_unusable(state, str(error.orig)) from None


def steps_unusable(state: Path, reason: str) -> EnvironmentTrouble:
    """Return the error for a database of steps that cannot be used."""
    return EnvironmentTrouble(
        f"cannot be used: {reason}",
        where=str(state / FILE_NAME),
        remedy="Is there room on the disk, and may you write there? `proviso run resume` carries on what was left.",
    )


def version_of(identifier: str) -> str:
    """Return the version under which DBOS keeps what an executor has begun.

    What DBOS recovers it puts into a queue, out of which any process of the same version takes it, and ends it with
    itself. So each executor is a version of its own, and whoever takes an executor over is the one who gets it.
    """
    return f"{VERSION} {identifier}"


def _forget_version(path: Path, identifier: str) -> None:
    """Delete what DBOS noted of this version: it has no call for that, and there is one for each process."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=30)) as connection, connection:
        connection.execute("delete from application_versions where version_name = ?", (version_of(identifier),))


def _forget_old_steps(now: datetime) -> None:
    """Delete the steps of runs that ended long ago; the runs themselves stay in the store."""
    old = DBOS.list_workflows(
        status=ENDED,
        end_time=(now - KEPT).isoformat(),
        limit=DELETED_AT_ONCE,
        load_input=False,
        load_output=False,
    )
    if old:
        DBOS.delete_workflows([each.workflow_id for each in old])


def _launch(state: Path, identifier: str) -> None:
    path = state / FILE_NAME
    try:
        _prepare(path)
    except sqlite3.Error as error:
        raise steps_unusable(state, str(error)) from None
    # It would greet everybody with an address on the internet.
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    config: DBOSConfig = {
        "name": "proviso",
        "system_database_url": f"sqlite:///{path}",
        "application_version": version_of(identifier),
        "executor_id": identifier,
        "serializer": _JsonSerializer(),
        "log_level": "CRITICAL",
        # It listens for messages, of which we send none; but whoever ends waits until it has looked once more.
        "notification_listener_polling_interval_sec": LISTENER_SECONDS,
    }
    DBOS(config=config)
    DBOS.launch()


def _tidy(up: Executor) -> None:
    """End what a process had under way that was killed when its run had ended, and before DBOS knew."""
    for each in DBOS.list_workflows(status=PENDING, load_input=False, load_output=False):
        owner = each.executor_id or ""
        if owner != up.id and not is_held(up.around.state, owner) and _has_ended(each.workflow_id, up.around):
            DBOS.cancel_workflow(each.workflow_id)


def _has_ended(workflow: str, around: Surroundings) -> bool:
    with around.store.read() as connection:
        try:
            return runs.need_run(connection, workflow.partition(SEPARATOR)[0]).state not in UNFINISHED
        except UnknownName:
            return True  # of a store that was made anew since


def _prepare(path: Path) -> None:
    """Let writers of several processes and threads wait for each other for as short as can be."""
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.execute("pragma journal_mode = wal")
    finally:
        connection.close()
