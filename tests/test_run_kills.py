"""Runs that are killed with SIGKILL, before and after each of their steps and at random moments, on simulated devices.

Carried on, each ends as one that nobody disturbed does, down to the last row and the last byte on a device; one that
was turning back leaves every device as it was before. How steps are shared out among kinds of runs: `kill_places`.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from killed_runs import (
    CASES,
    FAILING,
    JOBS,
    TWICE,
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
from together import Together
from warm import KILLED, Kill, Warm
from worlds import SOAK, soaked


@pytest.fixture
def kills(warm: Warm, line_in_service: Path, tmp_path: Path) -> Kills:
    return Kills(warm, line_in_service, tmp_path)


def test_each_step_is_killed_before_it_and_after_it() -> None:
    assert_each_step_is_killed(CASES)


@pytest.mark.parametrize("name", CASES)
def test_killed_at_any_step_it_ends_as_if_nobody_had_disturbed_it(kills: Kills, name: str) -> None:
    case = CASES[name]
    wanted = undisturbed(kills, name)
    Together(JOBS)(
        {
            str(death): partial(killed, kills, case, wanted, (death,), again=again_after(death, number))
            for number, death in enumerate(deaths_of(name))
        }
    )


SENT: Mapping[str, tuple[str, ...]] = {
    "activate": ("ont add", "service-port vlan", "save\n", "helper apply", "helper confirm"),
    "speed": ("service-port ",),
    "replace-ont": ("undo service-port", "ont delete"),
    "cease": ("undo service-port", "ont delete", "helper confirm"),
}
"""What has just gone out to a device, whose answer nobody hears."""


@pytest.mark.parametrize("name", SENT)
def test_killed_while_a_device_does_what_it_was_told_it_ends_as_if_nobody_had(kills: Kills, name: str) -> None:
    case = CASES[name]
    wanted = undisturbed(kills, name)
    Together(JOBS)(
        {words: partial(killed, kills, case, wanted, (Kill(sent=words),), again=SOAK) for words in SENT[name]}
    )


def test_what_is_killed_leaves_nothing_in_the_folder_for_temporary_files(kills: Kills) -> None:
    case = CASES["activate"]
    with kills.world(case) as world:
        folder = world.up.folder / "temporary"
        folder.mkdir()
        world.extra["TMPDIR"] = str(folder)
        # While one is logged in, and while one is logging in.
        for sent in ("undo smart", "cat /etc/device-serial", "helper apply"):
            assert case.begin(world, Kill(sent=sent)).code == KILLED
            assert list(folder.iterdir()) == []
        world.resume_all()
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", TWICE)
def test_killed_again_when_it_is_carried_on_it_ends_as_if_nobody_had(kills: Kills, name: str) -> None:
    case = CASES[name]
    wanted = undisturbed(kills, name)
    Together(JOBS)(
        {
            f"{first} {second}": partial(
                killed, kills, case, wanted, (Kill(first, done=one), Kill(second, done=two)), again=SOAK
            )
            for first, one, second, two in TWICE[name]
        }
    )


@pytest.mark.parametrize("half", range(2))
def test_killed_at_random_moments_it_ends_as_if_nobody_had(kills: Kills, half: int) -> None:
    seeds = range(half, soaked(8, 50), 2)
    Together(JOBS)({f"seed {seed}": partial(at_random, kills, seed) for seed in seeds})


@pytest.mark.parametrize("failing", FAILING, ids=lambda each: f"{each.name} {each.cause}")
def test_killed_on_its_way_back_it_leaves_every_device_as_it_was(
    kills: Kills, failing: Failing, tmp_path: Path
) -> None:
    project = spoilt(tmp_path / "project", kills.kind)
    deaths: tuple[Kill, ...] = (Kill(failing.step, done=True), Kill("take back"), Kill("take back", done=True))
    if not SOAK:
        deaths = deaths[FAILING.index(failing) % 3 :][:1]
    Together(JOBS)({str(death): partial(on_its_way_back, kills, failing, project, death) for death in deaths})
