"""A router at the connection seam, with the state that its helper keeps, and runs that are carried out on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address

from dbos import SetWorkflowID
from forms import minimal, typed
from worlds import NOON, World

from provisioning.catalogue import FORMULAS
from provisioning.errors import DeviceMoved, DeviceRefused, DeviceUnreachable, ProvisoError
from provisioning.model.change import Change
from provisioning.model.device import DeviceFacts, DeviceStatus, Running
from provisioning.model.intent import AddressedIntent
from provisioning.model.live_session import EndedSessions
from provisioning.model.opening import Opening
from provisioning.model.run import Run, RunKind, RunStage, RunState, Snapshot
from provisioning.platforms.linux_cpe.digest import documents_digest
from provisioning.rendering.render import render_bootstrap
from provisioning.store import runs
from provisioning.workflows.accept_order import accept_order
from provisioning.workflows.attempt import Attempt, take_up
from provisioning.workflows.carry_out import carry_out
from provisioning.workflows.executor import Executor
from provisioning.workflows.reaching import Reach, Reached
from provisioning.workflows.router import Router

SERIAL = "LX0900"
ORDER = "PX-2026-000900"

Documents = dict[str, str]


@dataclass
class FakeRouter:
    """A router as its helper tells it: what is confirmed, what is pending, and which set that is.

    Attributes:
        calls: what it was asked to change, in order.
        raises: what a call raises instead of doing it, by name, one after the other; `reach` is one.
        lost: how many answers of a call are lost that it has done.
    """

    documents: Documents = field(default_factory=dict)
    pending: Documents | None = None
    calls: list[str] = field(default_factory=list)
    raises: dict[str, list[Exception]] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    seconds: int = 120
    outcome: str = ""

    @property
    def live(self) -> Documents:
        return self.documents if self.pending is None else self.pending

    @property
    def staged(self) -> bool:
        """Whether it serves no line."""
        return "network.sh" not in self.live

    def status(self) -> DeviceStatus:
        pending = documents_digest(self.pending) if self.pending is not None else ""
        deadline = NOON + timedelta(seconds=self.seconds) if pending else None
        return DeviceStatus(
            documents_digest(self.documents), pending, deadline, documents_digest(self.live), True, self.outcome
        )

    def facts(self) -> DeviceFacts:
        return DeviceFacts(SERIAL, "router", 60, {}, "", {})

    def fetch(self) -> Running:
        return Running(documents_digest(self.live), dict(self.live))

    def apply(self, change: Change, *, seconds: int) -> None:
        self._called("apply")
        if change.base != documents_digest(self.live):
            raise DeviceMoved("it is not what it was", where=SERIAL)
        self.pending, self.seconds = {each.name: each.reveal() for each in change.config.documents}, seconds
        self._answers("apply")

    def confirm(self, digest: str) -> None:
        self._called("confirm")
        if digest not in (self.status().pending, self.status().confirmed):
            raise DeviceRefused("something else is pending", where=SERIAL)
        self.documents, self.pending = self.live, None
        self._answers("confirm")

    def abandon(self) -> None:
        self._called("abandon")
        self.pending = None
        self._answers("abandon")

    def end_sessions(self, closed: Sequence[Opening], addressed: AddressedIntent) -> EndedSessions:
        self._called("end_sessions")
        return EndedSessions(len(closed))

    def close(self) -> None:
        """There is no connection to end."""

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self.fail(name)

    def fail(self, name: str) -> None:
        """Raise what this call is to raise now."""
        if waiting := self.raises.get(name):
            raise waiting.pop(0)

    def _answers(self, name: str) -> None:
        if self.lost.get(name, 0) > 0:
            self.lost[name] -= 1
            raise DeviceUnreachable("the answer was lost", where=SERIAL)


@dataclass(frozen=True)
class ReachFake(Reach):
    """Reaches that router, wherever it is looked for."""

    device: FakeRouter

    def __call__(self, serial: str, platform: str, management: IPv4Address | None, *, first: bool) -> Reached:
        self.device.fail("reach")
        return Reached(self.device, "here", staged=self.device.staged)


@dataclass
class Scene:
    """A copper line whose router is a fake one, and runs of it."""

    world: World
    device: FakeRouter = field(default_factory=FakeRouter)
    told: list[str] = field(default_factory=list)
    when: dict[RunStage, Callable[[], None]] = field(default_factory=dict)

    def target(self) -> Snapshot:
        """Accept the line's order; return what it sets out for."""
        answer = accept_order(typed(minimal(FORMULAS["internet-pro-plus"])), self.world.around)
        assert answer.product is not None
        assert answer.addressed is not None
        return Snapshot(answer.product, answer.addressed)

    def begin(self, kind: RunKind = RunKind.ACTIVATE, executor: str = "executor-1") -> str:
        """Begin a run of the line."""
        target = self.target()
        with self.world.store.write() as connection:
            return runs.begin_run(
                connection,
                line="L-1",
                order=ORDER,
                kind=kind,
                scope=SERIAL,
                executor=executor,
                target=target,
                now=NOON,
            )

    def end(self, run: str, state: RunState = RunState.WENT_BACK) -> None:
        """End a run, so that another one may begin."""
        with self.world.store.write() as connection:
            runs.end_run(connection, run, state, "", NOON)

    def attempt(self, run: str) -> Attempt:
        """Take a run up, as a process does that begins it or carries it on."""
        attempt = take_up(run, self.world.around, self._tell)
        attempt._router = Router(
            SERIAL, "linux_cpe", None, ReachFake(self.world.around, prepare=False, device=self.device)
        )
        return attempt

    def carry_out(self, run: str, executor: Executor) -> Run:
        """Carry a run out to where it ends or waits."""
        attempt = self.attempt(run)
        executor.attempts[run] = attempt
        count = len(self.told)
        with SetWorkflowID(f"{run}/{count}"):
            carry_out(run, attempt.run.kind.value)
        executor.forget(run)
        return attempt.now()

    def now(self, run: str) -> Run:
        """Return a run as the store has it."""
        with self.world.store.read() as connection:
            return runs.need_run(connection, run)

    def in_service(self) -> None:
        """Let the router have documents of its line."""
        self.device.documents = {"network.sh": "#!/bin/sh\n", "sshd_config": "# of the line\n"}

    def idle(self) -> Documents:
        """Return the documents of a router that serves no line."""
        around = self.world.around
        config = render_bootstrap(SERIAL, "linux_cpe", around.operator, around.templates)
        return {each.name: each.reveal() for each in config.documents}

    def _tell(self, stage: RunStage, text: str) -> None:
        self.told.append(f"{stage.value}: {text}")
        if stage in self.when:
            self.when.pop(stage)()


def always(error: ProvisoError) -> list[Exception]:
    """Return an error for as often as anybody may ask."""
    return [error] * 1000
