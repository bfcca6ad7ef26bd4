"""Runs on simulated devices that are killed with SIGKILL: kinds of runs, where they are killed, what must hold."""

import itertools
import json
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fibre_lines import (
    LINE,
    Fibre,
    assert_no_secret,
    assert_serves,
    assert_whole,
    everything,
    fibre_world,
    form,
)
from kill_places import MOMENTS, shared_out
from router_kinds import LINUX, RouterKind
from simulated_lines import BRUSSELS, NAMUR
from test_activation import project_with
from warm import KILLED, Kill, Warm
from worlds import SOAK, Answer

from provisioning.stands.simulator.faults import Faults
from provisioning.workflows.courses import CLOSING, DELIVERY, REMOVAL

JOBS = 3
"""Cases at a time: most of each is waiting, but other tests run beside them."""

LONGEST = 3.0
"""Seconds in which a run is over, more or less."""

AGAIN_EVERY = 12
"""Of so many cases one is proven once more at the end, outside of `make soak`."""


PATIENT = {"PROVISO_REVERT_SECONDS": "900"}
"""Whoever carries on what was killed must come before a router's own timer, on a machine however busy."""


@dataclass(frozen=True)
class Case:
    """A kind of run.

    Attributes:
        command: what begins it.
        state: how it ends.
        base: whether there is a line already.
        before: what happens at the customer's before it.
        new: number of the router that comes factory-new; 0 where none does.
    """

    command: Callable[[Fibre], tuple[str | Path, ...]]
    state: str = "proven"
    base: bool = True
    before: Callable[[Fibre], None] = lambda world: None
    new: int = 0

    @property
    def steps(self) -> tuple[str, ...]:
        course = REMOVAL if self.state == "ceased" else DELIVERY
        return ("take stock", *(name for name, _ in (*course, *CLOSING)))

    def begin(self, world: Fibre, kill: Kill | None = None) -> Answer:
        return world.run(*self.command(world), "--json", kill=kill)


def ordered(**keys: Any) -> Callable[[Fibre], tuple[str | Path, ...]]:
    """Return what activates a change of the line."""
    change = {"order": "PX-2026-000901", "kind": "change", "line": LINE, **keys}
    return lambda world: ("order", "activate", world.write(change))


def other_router(world: Fibre) -> None:
    world.up.do(lambda: world.up.network.exchange(world.kind.serial(1), world.kind.serial(2)))


def other_ont(world: Fibre) -> None:
    world.up.do(lambda: world.up.world.fibre.plug("HWTC00000101", plugged=False))


ELSEWHERE = {"address": "2 Rue Exemple, 1000 Bruxelles"}
CASES: Mapping[str, Case] = {
    "activate": Case(lambda world: ("order", "activate", world.write(form(kind=world.kind))), base=False, new=1),
    "speed": Case(lambda world: ordered(options={"speed": world.kind.faster})(world)),
    "wifi-off": Case(ordered(wifi={"enabled": False})),
    "move": Case(
        ordered(kind="move", site=ELSEWHERE, ont={"serial": "HWTC00000101", "olt": BRUSSELS, "port": "0/1/2"})
    ),
    "move-away": Case(
        ordered(kind="move", site=ELSEWHERE, ont={"serial": "HWTC00000102", "olt": NAMUR, "port": "0/1/0"})
    ),
    "replace-ont": Case(lambda world: ("line", "replace-ont", LINE, "--serial", "HWTC00000102"), before=other_ont),
    "replace-cpe": Case(
        lambda world: ("line", "replace-cpe", LINE, "--serial", world.kind.serial(2)), before=other_router, new=2
    ),
    "cease": Case(ordered(kind="cease"), state="ceased"),
}


@dataclass
class Kills:
    """Worlds in which runs are killed, each with a folder of its own."""

    warm: Warm
    base: Path
    folder: Path
    kind: RouterKind = LINUX
    # Several threads take the next one at a time: no two of them may get the same.
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def world(self, case: Case) -> Iterator[Fibre]:
        base = self.base if case.base else None
        with fibre_world(self.folder / str(next(self.numbers)), self.warm, base, kind=self.kind) as world:
            world.extra.update(PATIENT)
            yield world


def undisturbed(kills: Kills, name: str) -> dict[str, Any]:
    """Return what there is after a run of a kind that nobody disturbed; each is seen once in a process of tests."""
    key = (kills.kind.platform, name)
    if key not in _UNDISTURBED:
        _UNDISTURBED[key] = _undisturbed(kills, CASES[name])
    return _UNDISTURBED[key]


_UNDISTURBED: dict[tuple[str, str], dict[str, Any]] = {}


def _undisturbed(kills: Kills, case: Case) -> dict[str, Any]:
    with kills.world(case) as world:
        case.before(world)
        answer = case.begin(world)
        assert answer.code == 0, answer.stdout + answer.stderr
        assert_ended(world, case)
        return comparable(world, case)


def comparable(world: Fibre, case: Case) -> dict[str, Any]:
    """Return all that compares: of a new line, secrets are made anew each time, and so are routers' digests."""
    found = everything(world)
    return found if case.base else {**found, "routers": None}


def assert_ended(world: Fibre, case: Case) -> None:
    """The latest run has ended as it should, and every device is what it says."""
    last = world.runs()[-1]
    assert (last["state"], last["trouble"]) == (case.state, None), last["message"]
    assert_whole(world)
    if case.state == "proven":
        assert_serves(world)
    changes = world.rows("select * from run_change where run_id = ? and ont is null", last["id"])
    for change in changes:
        assert change["state"] == "kept"
        assert world.where(change["device"])["confirmed"] in (change["wanted"], "")
    states = world.rows("select state from run_change where run_id = ? and ont is not null", last["id"])
    assert {each["state"] for each in states} <= {"kept", "planned"}


def assert_outlives_power(world: Fibre, case: Case, wanted: dict[str, Any]) -> None:
    """Nothing that was said to be done goes with the power of a device."""

    def lose() -> None:
        for name in (BRUSSELS, NAMUR, world.kind.serial(1), world.kind.serial(2)):
            world.up.world.lose_power(name)

    world.up.do(lose)
    world.await_onts()
    assert comparable(world, case) == wanted


def assert_nothing_to_do(world: Fibre, case: Case) -> None:
    """Asked for once more, the line is looked at, and nothing on it changes."""
    before = everything(world)
    runs = len(world.runs())
    again = world.run(*case.command(world), "--json")
    assert again.code == 0, again.stdout + again.stderr
    message = world.runs()[-1]["message"]
    assert message.startswith("nothing to change, and proven again" if case.state == "proven" else "taken out"), (
        message
    )
    assert everything(world) == before
    assert world.pending_workflows() == []
    assert len(world.runs()) == runs + (case.state == "proven")


def killed(kills: Kills, case: Case, wanted: dict[str, Any], deaths: tuple[Kill, ...], *, again: bool) -> None:
    """Kill a run, and its successors, and have it carried on."""
    with kills.world(case) as world:
        case.before(world)
        runs = len(world.runs())
        first, *rest = deaths
        answer = case.begin(world, first)
        assert answer.code == KILLED, answer.stdout + answer.stderr
        for death in rest:
            assert world.resume(death).code == KILLED
        world.resume_all()
        assert len(world.runs()) == runs + 1
        assert_ended(world, case)
        assert comparable(world, case) == wanted
        assert_outlives_power(world, case, wanted)
        if again:
            assert_nothing_to_do(world, case)
        assert_no_secret(world)


def deaths_of(name: str, kinds: Collection[str] = CASES) -> Sequence[Kill]:
    """Return where a run of a kind is killed, of the kinds among which that is shared out."""
    return shared_out({each: CASES[each].steps for each in kinds})[name]


def assert_each_step_is_killed(kinds: Collection[str]) -> None:
    """Of the steps that there are, each is killed at both moments, in one kind of run or another."""
    killed = {(death.step, death.done) for name in kinds for death in deaths_of(name, kinds)}
    assert killed == {(step, done) for case in CASES.values() for step in case.steps for done in MOMENTS}


def again_after(death: Kill, number: int) -> bool:
    """Return whether a line is proven once more at the end; always where something must be tidied up then."""
    return SOAK or death == Kill("record", done=True) or not number % AGAIN_EVERY


TWICE: Mapping[str, tuple[tuple[str, bool, str, bool], ...]] = {
    "activate": (
        ("put access in force", True, "put access in force", False),
        ("apply router", True, "prove", True),
        ("confirm router", True, "save access", True),
    ),
    "move-away": (("put access in force", True, "apply router", True), ("prove", True, "save what is cleared", True)),
    "replace-cpe": (("apply router", True, "apply router", True), ("save access", True, "record", False)),
    "cease": (("apply router", True, "prove idle", True), ("confirm router", True, "clear access", True)),
}


def at_random(kills: Kills, seed: int) -> None:
    """Kill a command, and those that carry it on, whenever a seed says; then ask for the same once more."""
    chance = random.Random(seed)
    name = list(CASES)[seed % len(CASES)]
    case = CASES[name]
    wanted = undisturbed(kills, name)
    with kills.world(case) as world:
        case.before(world)
        runs = len(world.runs())
        case.begin(world, Kill(after=chance.uniform(0.02, LONGEST)))
        for _ in range(chance.randrange(3)):
            world.resume(Kill(after=chance.uniform(0.02, LONGEST)))
        world.resume_all()
        assert_whole(world)
        assert len(world.runs()) in (runs, runs + 1)
        begun = len(world.runs()) > runs
        if begun:
            assert_ended(world, case)
            assert comparable(world, case) == wanted
        answer = case.begin(world)
        assert answer.code == 0, answer.stdout + answer.stderr
        assert_ended(world, case)
        assert comparable(world, case) == wanted
        assert_outlives_power(world, case, wanted)
        assert_no_secret(world)


@dataclass(frozen=True)
class Failing:
    """What makes a run of a kind turn back."""

    name: str
    cause: str
    step: str
    project: bool = False
    refuses: str = ""


FAILING = (
    Failing("activate", "rejected", "put access in force", refuses="service-port"),
    Failing("activate", "not proven", "prove", project=True),
    Failing("speed", "rejected", "put access in force", refuses="service-port"),
    Failing("move-away", "not proven", "prove", project=True),
    Failing("replace-ont", "rejected", "put access in force", refuses="ont add"),
    Failing("replace-cpe", "not proven", "prove", project=True),
)


def on_its_way_back(kills: Kills, failing: Failing, project: Path, death: Kill) -> None:
    """Kill a run that turns back, and have it carried on: every device is as before, and the line keeps its own."""
    case = CASES[failing.name]
    with kills.world(case) as world:
        case.before(world)
        if case.new:
            world.make_ready(case.new)
        before, runs = everything(world), len(world.runs())
        if failing.project:
            world.extra["PROVISO_PROJECT"] = str(project)
        if failing.refuses:
            faults = Faults(reject=(failing.refuses,))
            world.up.do(lambda: world.up.world.faults.update(dict.fromkeys((BRUSSELS, NAMUR), faults)))
        assert case.begin(world, death).code == KILLED
        # What is mended in the meantime does not turn it round again.
        world.up.do(world.up.world.faults.clear)
        world.extra.pop("PROVISO_PROJECT", None)
        world.resume_all()
        after, last = everything(world), world.runs()[-1]
        assert len(world.runs()) == runs + 1
        assert last["state"] in ("went back", "failed"), last["message"]
        assert json.loads(last["trouble"])["cause"] == failing.cause
        assert_whole(world)
        for part in ("olts", "routers"):
            assert after[part] == before[part]
        if case.base and failing.name not in ("replace-ont", "replace-cpe"):
            assert_serves(world)  # otherwise what served it has been taken away
        assert_no_secret(world)
        held = world.rows("select role, first from assignment where state = 'assigned' order by role")
        answer = case.begin(world)
        assert answer.code == 0, answer.stdout + answer.stderr
        assert_ended(world, case)
        assert world.rows("select role, first from assignment where state = 'assigned' order by role") == held


def spoilt(folder: Path, kind: RouterKind) -> Path:
    """Return a project that renders routers of a kind so that their lines cannot be proven."""
    name, stands, instead = kind.spoils
    return project_with(folder, name, lambda text: text.replace(stands, instead), platform=kind.platform)
