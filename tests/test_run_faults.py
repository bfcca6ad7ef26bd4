"""Devices that fail in the middle of runs, on the simulator: connections that end, answers that are cut, silence.

Whatever fails, a run ends as one that nothing disturbed, or every device is as before; what was left is finished once
the device is well again, and whoever asks once more gets what was ordered.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fibre_lines import Fibre, assert_no_secret, assert_whole, everything
from killed_runs import CASES, JOBS, Kills, comparable, undisturbed
from simulated_lines import BRUSSELS
from together import Together
from warm import Warm
from worlds import SOAK

from provisioning.stands.simulator.faults import Faults

OLT, ROUTER, ONT = BRUSSELS, "LX0101", "HWTC00000101"
DELIVERED = ("proven", "ceased")
ROUTER_SOON = {"PROVISO_ROUTER_UP_SECONDS": "2"}
ONT_SOON = {"PROVISO_ONT_UP_SECONDS": "2"}
"""For what is certain not to come: a loaded machine may take longer for what does."""


@pytest.fixture
def kills(warm: Warm, line_in_service: Path, tmp_path: Path) -> Kills:
    return Kills(warm, line_in_service, tmp_path)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a device for as long as a command lasts.

    Attributes:
        drop_after: of each connection, the command whose answer never comes.
        truncate: bytes of each answer that come.
    """

    host: str
    drop_after: int | None = None
    truncate: int | None = None

    def __str__(self) -> str:
        what = f"truncate {self.truncate}" if self.drop_after is None else f"drop-after {self.drop_after}"
        return f"{self.host} {what}"

    @property
    def causes(self) -> tuple[str, ...]:
        """As which trouble it may be told: a cut answer may be noticed before its connection is gone."""
        return ("unreachable",) if self.truncate is None else ("unreachable", "not understood")


@dataclass
class Went:
    """What became of runs that were disturbed.

    Attributes:
        at_once: the state of each when its command ended.
        ended: the state of each in the end.
    """

    at_once: set[str]
    ended: set[str]


def turned_back(run: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Look at a run that was not delivered: nothing of it is left; return the cause that it tells."""
    assert run["state"] in ("went back", "failed"), run["message"]
    assert [after[each] for each in ("olts", "routers")] == [before[each] for each in ("olts", "routers")]
    return str(json.loads(run["trouble"])["cause"])


def asked_again(world: Fibre, kills: Kills, name: str) -> None:
    """Ask once more, when all is well again: the line is what a run makes of it that nothing disturbed."""
    case = CASES[name]
    world.extra.clear()
    again = case.begin(world)
    assert again.code == 0, again.stdout + again.stderr
    assert comparable(world, case) == undisturbed(kills, name)
    assert_whole(world)
    assert_no_secret(world)


def disturbed(kills: Kills, name: str, fault: Fault, went: Went) -> None:
    """Ask for something while a device fails, and once more when it is well."""
    case = CASES[name]
    wanted = undisturbed(kills, name)
    with kills.world(case) as world:
        world.extra.update(ROUTER_SOON if fault.host == ROUTER else {})
        case.before(world)
        before, count = everything(world), len(world.runs())
        faults = Faults(drop_after=fault.drop_after, truncate=fault.truncate)
        world.up.do(lambda: world.up.world.faults.update({fault.host: faults}))
        first = case.begin(world)
        assert first.code in (0, 3), first.stderr
        assert "Traceback" not in first.stderr
        went.at_once.add(world.runs()[-1]["state"])
        world.up.do(world.up.world.faults.clear)
        world.resume_all()
        assert_whole(world)
        run = world.runs()[-1]
        assert len(world.runs()) == count + 1
        went.ended.add(run["state"])
        if run["state"] in DELIVERED:
            assert run["trouble"] is None
            assert comparable(world, case) == wanted
        else:
            assert first.code == 3
            assert turned_back(run, before, everything(world)) in fault.causes
        asked_again(world, kills, name)


def drops(host: str, some: Iterable[int], every: Iterable[int]) -> Iterator[Fault]:
    yield from (Fault(host, drop_after=each) for each in (every if SOAK else some))


def cuts(host: str, some: Iterable[int], every: Iterable[int]) -> Iterator[Fault]:
    yield from (Fault(host, truncate=each) for each in (every if SOAK else some))


BYTES = (0, 3, 10, 40, 100, 200, 300, 400, 700, 900, 1400, 2500, 3500, 6000, 12_000, 30_000)

FAULTS: Mapping[str, tuple[Fault, ...]] = {
    # In the first questions, in the middle of what is written, at what is asked afterwards, and after all of it.
    "activate": (
        *drops(OLT, (14, 21, 28, 66), range(90)),
        *cuts(OLT, (200, 1400), BYTES),
        *drops(ROUTER, (3, 13, 21), range(30)),
        *cuts(ROUTER, (100, 6000), BYTES),
    ),
    "speed": (*drops(OLT, (20, 42), range(60)), *cuts(OLT, (300,), BYTES)),
    "wifi-off": (*drops(ROUTER, (4, 10, 11, 12), range(20)), *cuts(ROUTER, (1400,), BYTES)),
    "move-away": tuple(drops(OLT, (18,), range(60))),
    "replace-ont": tuple(drops(OLT, (34,), range(60))),
    "cease": (
        *drops(OLT, (6, 18), range(30)),
        *cuts(OLT, (100,), BYTES),
        *drops(ROUTER, (11, 12), range(28)),
        *cuts(ROUTER, (0,), BYTES),
    ),
}

WENT: Mapping[str, Went] = {
    "activate": Went({"failed", "went back", "interrupted", "proven"}, {"failed", "went back", "proven"}),
    "speed": Went({"failed", "went back"}, {"failed", "went back"}),
    "wifi-off": Went({"failed", "went back"}, {"failed", "went back"}),
    "move-away": Went({"interrupted"}, {"proven"}),
    "replace-ont": Went({"interrupted"}, {"went back"}),
    "cease": Went({"interrupted", "failed", "went back"}, {"ceased", "failed", "went back"}),
}
"""What the faults above come to, so that all of these ways are gone."""


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_a_device_fails_at_a_run_ends_delivered_or_with_every_device_as_before(
    kills: Kills, name: str
) -> None:
    went = Went(set(), set())
    Together(JOBS)({str(fault): partial(disturbed, kills, name, fault, went) for fault in FAULTS[name]})
    assert WENT[name].at_once <= went.at_once
    assert WENT[name].ended <= went.ended


# --- what never comes ------------------------------------------------------------------------------------------------


def dark(world: Fibre, *, well: bool) -> None:
    world.up.do(lambda: world.up.world.fibre.plug(ONT, plugged=well))


def mute(world: Fibre, *, well: bool) -> None:
    active = world.up.router().active
    world.up.do(lambda: active.add("ssh") if well else active.discard("ssh"))


SILENT: Mapping[str, tuple[Callable[..., None], dict[str, str], str]] = {
    "ont": (dark, ONT_SOON, f"the ONT {ONT} does not come up within 2 s"),
    "router": (mute, ROUTER_SOON, "no connection"),
}


@pytest.mark.parametrize("what", SILENT)
def test_what_never_comes_up_is_waited_for_no_longer_than_is_set_and_the_run_turns_back(
    kills: Kills, what: str
) -> None:
    silence, soon, says = SILENT[what]
    case = CASES["activate"]
    with kills.world(case) as world:
        world.extra.update(soon)
        before = everything(world)
        silence(world, well=False)
        answer = case.begin(world)
        assert (answer.code, answer.json["summary"]) == (3, {"unreachable": 1}), answer.stderr
        (run,) = world.runs()
        assert says in run["message"]
        assert turned_back(run, before, everything(world)) == "unreachable"
        assert run["state"] == "went back"
        assert_whole(world)
        silence(world, well=True)
        asked_again(world, kills, "activate")
