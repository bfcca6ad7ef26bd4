"""Runs that are killed with SIGKILL, before and after each of their steps and at random moments, on simulated devices.

Carried on, each ends as one that nobody disturbed does, down to the last row and the last byte on a device; one that
was turning back leaves every device as it was before.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fibre_lines import (
    LINE,
    Fibre,
    Together,
    assert_no_secret,
    assert_serves,
    assert_whole,
    everything,
    fibre_world,
    form,
)
from simulated_lines import BRUSSELS, NAMUR
from warm import KILLED, Kill, Warm
from worlds import SOAK, Answer

from provisioning.workflows.carry_out import CLOSING, DELIVERY, REMOVAL

JOBS = 5
"""Cases at a time: most of each is waiting."""

LONGEST = 3.0
"""Seconds in which a run is over, more or less."""

AGAIN_EVERY = 6
"""Of so many cases one is proven once more at the end, outside of `make soak`."""


@dataclass(frozen=True)
class Case:
    """A kind of run.

    Attributes:
        command: what begins it.
        state: how it ends.
        base: whether there is a line already.
        before: what happens at the customer's before it.
    """

    command: Callable[[Fibre], tuple[str | Path, ...]]
    state: str = "proven"
    base: bool = True
    before: Callable[[Fibre], None] = lambda world: None

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
    world.up.do(lambda: world.up.network.exchange("LX0101", "LX0102"))


def other_ont(world: Fibre) -> None:
    world.up.do(lambda: world.up.world.fibre.plug("HWTC00000101", plugged=False))


ELSEWHERE = {"address": "2 Rue Exemple, 1000 Bruxelles"}
CASES: Mapping[str, Case] = {
    "activate": Case(lambda world: ("order", "activate", world.write(form())), base=False),
    "speed": Case(ordered(options={"speed": "fullfiber-boost-pro"})),
    "wifi-off": Case(ordered(wifi={"enabled": False})),
    "move": Case(
        ordered(kind="move", site=ELSEWHERE, ont={"serial": "HWTC00000101", "olt": BRUSSELS, "port": "0/1/2"})
    ),
    "move-away": Case(
        ordered(kind="move", site=ELSEWHERE, ont={"serial": "HWTC00000102", "olt": NAMUR, "port": "0/1/0"})
    ),
    "replace-ont": Case(lambda world: ("line", "replace-ont", LINE, "--serial", "HWTC00000102"), before=other_ont),
    "replace-cpe": Case(lambda world: ("line", "replace-cpe", LINE, "--serial", "LX0102"), before=other_router),
    "cease": Case(ordered(kind="cease"), state="ceased"),
}


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    parent = Warm(tmp_path_factory.mktemp("warm"))
    yield parent
    parent.close()


@pytest.fixture(scope="module")
def base(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world that has a line in service, whose devices have lost their power since."""
    folder = tmp_path_factory.mktemp("base") / "world"
    with fibre_world(folder, warm) as world:
        answer = world.activate(form())
        assert answer.code == 0, answer.stdout + answer.stderr
        assert_whole(world)
        assert_serves(world)
    return folder


@dataclass
class Kills:
    """Worlds in which runs are killed, each with a folder of its own."""

    warm: Warm
    base: Path
    folder: Path
    number: int = 0

    def world(self, case: Case) -> Any:
        self.number += 1
        return fibre_world(self.folder / str(self.number), self.warm, self.base if case.base else None)


@pytest.fixture
def kills(warm: Warm, base: Path, tmp_path: Path) -> Kills:
    return Kills(warm, base, tmp_path)


def undisturbed(kills: Kills, case: Case) -> dict[str, Any]:
    """Return what there is after a run that nobody disturbed."""
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
        assert world.helper(change["device"])["confirmed"] in (change["wanted"], "")
    states = world.rows("select state from run_change where run_id = ? and ont is not null", last["id"])
    assert {each["state"] for each in states} <= {"kept", "planned"}


def assert_outlives_power(world: Fibre, case: Case, wanted: dict[str, Any]) -> None:
    """Nothing that was said to be done goes with the power of a device."""

    def lose() -> None:
        for name in (BRUSSELS, NAMUR, "LX0101", "LX0102"):
            world.up.world.lose_power(name)

    world.up.do(lose)
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


def deaths_of(name: str) -> Iterator[Kill]:
    """Yield where a run of a kind is killed: everywhere; except for activations, every other place outside of soak."""
    for number, step in enumerate(CASES[name].steps):
        for done in (False, True):
            if SOAK or name == "activate" or done == bool(number % 2):
                yield Kill(step, done=done)


def again_after(death: Kill, number: int) -> bool:
    """Return whether a line is proven once more at the end; always where something must be tidied up then."""
    return SOAK or death == Kill("record", done=True) or not number % AGAIN_EVERY


@pytest.mark.parametrize("name", CASES)
def test_killed_at_any_step_it_ends_as_if_nobody_had_disturbed_it(kills: Kills, name: str) -> None:
    case = CASES[name]
    wanted = undisturbed(kills, case)
    Together(JOBS)(
        {
            str(death): partial(killed, kills, case, wanted, (death,), again=again_after(death, number))
            for number, death in enumerate(deaths_of(name))
        }
    )
