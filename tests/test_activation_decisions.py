"""What an activation decides when answers are lost, or somebody else is at the router: on a stateful device."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from forms import minimal, typed
from worlds import NOON, World

from provisioning.catalogue import FORMULAS
from provisioning.errors import DeviceUnreachable, ScopeBusy
from provisioning.model.change import Change
from provisioning.model.config import Config
from provisioning.model.device import DeviceFacts, DeviceStatus, Running
from provisioning.model.line_secrets import PLACEHOLDER
from provisioning.model.run import RunState, Snapshot
from provisioning.store import runs
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order
from provisioning.workflows.activate_line import _after_trouble, _Attempt, _clear_pending, _take_back
from provisioning.workflows.plan_line import Planned
from provisioning.workflows.reaching import Reach, Reached
from provisioning.workflows.router import Router

SERIAL = "LX0900"
BEFORE, WANTED, FOREIGN = "a" * 64, "b" * 64, "c" * 64
CHANGE = Change(SERIAL, "linux_cpe", "", BEFORE, WANTED, Config("linux_cpe", ()), (), (), ())


@dataclass
class Device:
    """A router as its helper tells it: what is confirmed, and what is pending."""

    confirmed: str = BEFORE
    pending: str = ""

    def status(self) -> DeviceStatus:
        live = self.pending or self.confirmed
        return DeviceStatus(self.confirmed, self.pending, NOON if self.pending else None, live, True, "")

    def confirm(self, digest: str) -> None:
        self.confirmed, self.pending = digest, ""

    def abandon(self) -> None:
        self.pending = ""

    def close(self) -> None:
        pass

    def facts(self) -> DeviceFacts:
        raise NotImplementedError

    def fetch(self) -> Running:
        raise NotImplementedError

    def apply(self, change: Change, *, seconds: int) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class ReachDevice(Reach):
    """Reaches that device, wherever it is looked for."""

    device: Device

    def __call__(self, serial: str, management: IPv4Address | None, *, first: bool) -> Reached:
        return Reached(self.device, "here", staged=False)


@dataclass
class Scene:
    """A run under way on that device."""

    world: World
    attempt: _Attempt
    device: Device = field(default_factory=Device)

    @property
    def router(self) -> Router:
        return Router(SERIAL, "linux_cpe", None, ReachDevice(self.world.around, prepare=False, device=self.device))

    @property
    def planned(self) -> Planned:
        return Planned(self.attempt.addressed, PLACEHOLDER, CHANGE, (), None, None)

    def state(self, run: str) -> RunState:
        with self.world.store.read() as connection:
            return runs.need_run(connection, run).state

    def earlier(self) -> str:
        """Put a run on record that was killed while its change was pending."""
        snapshot = Snapshot(self.attempt.product, self.attempt.addressed)
        with self.world.store.write() as connection:
            runs.interrupt_runs(connection, SERIAL, NOON)
            run = runs.begin_run(connection, line="L-1", order="PX-2026-000900", scope=SERIAL, now=NOON)
            runs.keep_plan(connection, run, CHANGE, snapshot, None)
            runs.interrupt_runs(connection, SERIAL, NOON)
        return run


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    store = Store.in_memory()
    world = World(store, state=tmp_path)
    accepted = accept_order(typed(minimal(FORMULAS["internet-pro-plus"])), world.around)
    assert accepted.product is not None and accepted.addressed is not None
    with store.write() as connection:
        run = runs.begin_run(connection, line="L-1", order=accepted.order, scope=SERIAL, now=NOON)
    told: list[str] = []
    attempt = _Attempt(
        run, accepted.order, accepted.product, accepted.addressed, world.around, lambda _, text: told.append(text)
    )
    yield Scene(world, attempt)
    store.close()


def test_what_somebody_else_left_pending_is_not_ours_to_take_back(scene: Scene) -> None:
    scene.device.pending = FOREIGN
    with pytest.raises(ScopeBusy, match="not in this store") as caught:
        _clear_pending(scene.attempt, scene.router)
    assert "at 11:00:00 UTC" in caught.value.remedy
    assert scene.device.pending == FOREIGN


def test_what_a_killed_run_of_ours_left_pending_goes_back_and_that_run_says_so(scene: Scene) -> None:
    earlier = scene.earlier()
    scene.device.pending = WANTED
    _clear_pending(scene.attempt, scene.router)
    assert scene.device.pending == ""
    assert scene.state(earlier) is RunState.WENT_BACK


def test_with_nothing_pending_a_killed_run_is_settled_and_the_one_under_way_is_not(scene: Scene) -> None:
    earlier = scene.earlier()
    with scene.world.store.write() as connection:
        scene.attempt.run = runs.begin_run(connection, line="L-1", order="PX-1", scope=SERIAL, now=NOON)
    _clear_pending(scene.attempt, scene.router)
    assert scene.state(earlier) is RunState.WENT_BACK
    assert scene.state(scene.attempt.run) is RunState.RUNNING


def test_taking_back_what_was_confirmed_and_only_not_answered_finds_out(scene: Scene) -> None:
    scene.device.confirm(WANTED)
    scene.attempt.touched = True
    _take_back(scene.attempt, scene.router, scene.planned, 1)
    assert (scene.attempt.confirmed, scene.attempt.went_back, scene.attempt.touched) == (True, False, False)


def test_taking_back_what_is_pending_goes_back(scene: Scene) -> None:
    scene.device.pending = WANTED
    scene.attempt.touched = True
    _take_back(scene.attempt, scene.router, scene.planned, 1)
    assert (scene.attempt.confirmed, scene.attempt.went_back, scene.attempt.touched) == (False, True, False)
    assert scene.device.status().live == BEFORE


@pytest.mark.parametrize(
    ("confirmed", "touched", "went_back", "state"),
    [
        (True, False, False, RunState.PROVEN),
        (False, True, False, RunState.INTERRUPTED),
        (False, False, True, RunState.WENT_BACK),
        (False, False, False, RunState.FAILED),
    ],
)
def test_trouble_at_any_moment_leaves_a_run_that_says_what_is_so(
    scene: Scene, confirmed: bool, touched: bool, went_back: bool, state: RunState
) -> None:
    attempt = scene.attempt
    attempt.confirmed, attempt.touched, attempt.went_back = confirmed, touched, went_back
    for error in (DeviceUnreachable("no answer", where=SERIAL), KeyboardInterrupt(), ValueError("x")):
        assert _after_trouble(attempt, error)[0] is state
