"""A run under way in this process: what its steps share. Made anew from the store wherever a run is carried on."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioning.errors import ProvisoError, Stopped
from provisioning.model.intent import AddressedIntent
from provisioning.model.product import Product
from provisioning.model.run import ChangeState, Run, RunChange, RunKind, RunStage, Snapshot
from provisioning.store import lines, run_changes, runs
from provisioning.workflows.plan_line import Planned
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings

if TYPE_CHECKING:
    from provisioning.vantages.points import Points

Tell = Callable[[RunStage, str], None]
"""Told what is being done, stage by stage."""


@dataclass
class Attempt:
    """One run under way.

    Attributes:
        run: as it was when this process took it up.
        previous: the line as it was delivered last; None when it never was.
        stop: set when whoever asked for the run wants it to end; it turns back then.
        planned: for the router; None until this process has planned.
        deadline: of the monotonic clock, when the router goes back by itself; 0 when nothing of ours is pending.
        error: what made the run turn back, as it was raised.
        notes: what else people should know.
    """

    run: Run
    previous: Snapshot | None
    around: Surroundings
    tell: Tell
    stop: threading.Event = field(default_factory=threading.Event)
    planned: Planned | None = None
    deadline: float = 0.0
    error: ProvisoError | None = None
    notes: tuple[str, ...] = ()
    _router: Router | None = None
    _points: "Points | None" = None
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def id(self) -> str:
        """Of the run."""
        return self.run.id

    @property
    def line(self) -> str:
        """Which it is about."""
        return self.run.line

    @property
    def goal(self) -> Snapshot | None:
        """What it sets out for; None when the line ceases."""
        return self.run.target if self.run.kind is not RunKind.CEASE else None

    @property
    def subject(self) -> Snapshot:
        """The line as its devices are known by: of a line that ceases, as it was delivered."""
        found = self.run.target or self.previous
        if found is None:
            raise ValueError(f"{self.id} is about no line")
        return found

    @property
    def product(self) -> Product:
        """What the customer subscribes to, or did."""
        return self.subject.product

    @property
    def addressed(self) -> AddressedIntent:
        """The line with its addresses."""
        return self.subject.addressed

    @property
    def router(self) -> Router:
        """The line's router; connected when it is first asked for something."""
        if self._router is None:
            cpe = self.product.cpe
            assert cpe is not None  # noqa: S101 - steps of routers are for lines that have one
            self._router = Router(
                cpe.serial, cpe.platform, self.addressed.management, Reach(self.around, prepare=True)
            )
        return self._router

    @property
    def points(self) -> "Points":
        """Who can see the line; connected when they are first asked for."""
        if self._points is None:
            from provisioning.workflows.prove_line import vantages

            self._points = self._open.enter_context(vantages(self._serials(), self.around))
        return self._points

    def close(self) -> None:
        """End the connections."""
        self._open.close()
        self._points = None
        if self._router is not None:
            self._router.close()

    def _serials(self) -> set[str]:
        """Return the routers that the line has and had: who stood behind one of them stands behind its successor."""
        with self.around.store.read() as connection:
            had = {each.serial for each in lines.devices_of(connection, self.line) if each.kind == "cpe"}
            ours = {each for each in had if lines.line_using(connection, "cpe", each) in (None, self.line)}
        return {*ours, self.router.serial}

    def enter(self, stage: RunStage, text: str) -> None:
        """Come to a stage, unless the run is to stop."""
        self.say(stage, text)
        with self.around.store.write() as connection:
            runs.enter_stage(connection, self.id, stage, self.around.clock.now())

    def say(self, stage: RunStage, text: str) -> None:
        """Tell what is being done.

        Raises:
            Stopped: when the run is to stop, and can still turn back.
        """
        if self.stop.is_set() and stage in _TURNING:
            raise Stopped("it was told to stop", where=self.id, remedy="Begin it again when you are ready.")
        self.tell(stage, text)

    def now(self) -> Run:
        """Return the run as it stands in the store."""
        with self.around.store.read() as connection:
            return runs.need_run(connection, self.id)

    def router_change(self) -> RunChange | None:
        """Return what the run does to the router; None when it has planned nothing yet."""
        return self.now().router_change

    def mark(self, change: RunChange, state: ChangeState) -> None:
        """Write down how far the change of a device has come."""
        with self.around.store.write() as connection:
            run_changes.enter_state(connection, self.id, change, state)

    def begin_waiting(self, seconds: float) -> None:
        """Count down to the moment when the router goes back by itself."""
        self.deadline = time.monotonic() + seconds


_TURNING = (RunStage.ACCESS, RunStage.REACH, RunStage.PLAN, RunStage.APPLY, RunStage.PROVE)
"""Stages in which a run can be told to stop: afterwards it is quicker to end than to turn back."""


def take_up(identifier: str, around: Surroundings, tell: Tell) -> Attempt:
    """Return a run, to be carried out by this process.

    Raises:
        UnknownName: when there is no such run.
    """
    with around.store.read() as connection:
        run = runs.need_run(connection, identifier)
        earlier = runs.latest_delivered(connection, run.line, before=run.id)
    return Attempt(run, earlier.snapshot if earlier else None, around, tell)
