"""Runs over Cisco routers that are killed with SIGKILL: what holds for those over Linux holds here too."""

from functools import partial
from pathlib import Path

import pytest
from killed_runs import (
    CASES,
    FAILING,
    JOBS,
    Failing,
    Kills,
    again_after,
    assert_each_step_is_killed,
    at_random,
    deaths_of,
    killed,
    on_its_way_back,
    spoilt,
    undisturbed,
)
from router_kinds import CISCO
from together import Together
from warm import Kill, Warm
from worlds import SOAK, soaked

KINDS = tuple(CASES) if SOAK else ("activate", "wifi-off", "replace-cpe", "cease")
"""The kinds of runs in which a router has the larger part; all of them in `make soak`."""


@pytest.fixture
def kills(warm: Warm, cisco_line_in_service: Path, tmp_path: Path) -> Kills:
    return Kills(warm, cisco_line_in_service, tmp_path, CISCO)


def test_each_step_is_killed_before_it_and_after_it() -> None:
    assert_each_step_is_killed(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_killed_at_any_step_it_ends_as_if_nobody_had_disturbed_it(kills: Kills, name: str) -> None:
    case = CASES[name]
    wanted = undisturbed(kills, name)
    Together(JOBS)(
        {
            str(death): partial(killed, kills, case, wanted, (death,), again=again_after(death, number))
            for number, death in enumerate(deaths_of(name, KINDS))
        }
    )


@pytest.mark.parametrize("name", CISCO.sent)
def test_killed_while_a_router_does_what_it_was_told_it_ends_as_if_nobody_had(kills: Kills, name: str) -> None:
    case = CASES[name]
    wanted = undisturbed(kills, name)
    Together(JOBS)(
        {words: partial(killed, kills, case, wanted, (Kill(sent=words),), again=True) for words in CISCO.sent[name]}
    )


def test_killed_at_random_moments_it_ends_as_if_nobody_had(kills: Kills) -> None:
    Together(JOBS)({f"seed {seed}": partial(at_random, kills, seed) for seed in range(soaked(5, 50))})


@pytest.mark.parametrize(
    "failing", [each for each in FAILING if SOAK or each.project], ids=lambda each: f"{each.name} {each.cause}"
)
def test_killed_on_its_way_back_it_leaves_every_device_as_it_was(
    kills: Kills, failing: Failing, tmp_path: Path
) -> None:
    project = spoilt(tmp_path / "project", CISCO)
    deaths: tuple[Kill, ...] = (Kill(failing.step, done=True), Kill("take back"), Kill("take back", done=True))
    if not SOAK:
        deaths = deaths[FAILING.index(failing) % 3 :][:1]
    Together(JOBS)({str(death): partial(on_its_way_back, kills, failing, project, death) for death in deaths})
