"""Change requests whose processes are killed with SIGKILL before and after each step, on simulated routers.

Carried on, each ends as one that nobody disturbed does: in force, recorded once, its follow-up made once.
"""

from functools import partial
from pathlib import Path

import pytest
from killed_changes import TASKS, deaths, killed, undisturbed
from killed_runs import JOBS, Kills
from router_kinds import CISCO, LINUX, RouterKind
from together import Together
from warm import Kill, Warm
from worlds import ROOT

from provisioning.playbooks.load import load_playbook

KINDS: dict[str, RouterKind] = {"linux": LINUX, "cisco": CISCO}


@pytest.fixture(params=KINDS)
def kills(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Kills:
    kind = KINDS[request.param]
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    return Kills(warm, base, tmp_path, kind)


def test_the_steps_are_those_of_the_shipped_playbook() -> None:
    assert tuple(each.task for each in load_playbook(ROOT / "playbooks", "open-port").steps) == TASKS


def test_killed_at_any_step_it_ends_as_if_nobody_had_disturbed_it(kills: Kills) -> None:
    wanted = undisturbed(kills)
    Together(JOBS)(
        {
            str(death): partial(killed, kills, wanted, (death,), by=("run resume", "change run")[number % 3 == 2])
            for number, death in enumerate(deaths(first=list(KINDS.values()).index(kills.kind)))
        }
    )


TWICE = (
    (Kill("apply router", done=True), Kill("prove", done=True)),
    (Kill("plan router", done=True), Kill("apply router", done=True)),
    (Kill("confirm router", done=True), Kill("record", done=False)),
)


def test_killed_again_when_it_is_carried_on_it_ends_as_if_nobody_had(kills: Kills) -> None:
    wanted = undisturbed(kills)
    Together(JOBS)({f"{first}, {second}": partial(killed, kills, wanted, (first, second)) for first, second in TWICE})
