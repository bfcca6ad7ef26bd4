"""Restores that are killed with SIGKILL: carried on with the identity at hand, each ends as any other.

Without the identity, one that has not put the backup in force turns back; one that has is proven nevertheless.
"""

from functools import partial
from pathlib import Path

import pytest
from fibre_lines import LINE, Fibre, assert_no_secret, assert_serves, assert_whole, everything
from killed_runs import JOBS, Case, Kills, _undisturbed, killed
from restored_lines import backed_up, spoil
from router_kinds import CISCO, LINUX
from together import Together
from warm import KILLED, Kill, Warm
from worlds import SOAK

BEFORE = ("take stock", "put access in force", "plan router", "look before", "apply router")
"""Steps at whose beginning nothing of the backup is in force."""

AFTER = ("prove", "confirm router", "save access", "record")


def somebody_changed_it(world: Fibre) -> None:
    backed_up(world).keep()
    spoil(world)


RESTORE = Case(lambda world: ("backup", "restore", LINE, "--yes"), before=somebody_changed_it)

OWN = ("take stock", "plan router", "apply router", "prove", "confirm router", "record", "back up")
"""Steps in which the backup matters; the others are those of any run, and killed in them but for `make soak`."""


@pytest.fixture(params=[LINUX, CISCO], ids=["linux", "cisco"])
def kills(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Kills:
    base = request.getfixturevalue("line_in_service" if request.param is LINUX else "cisco_line_in_service")
    return Kills(warm, base, tmp_path, request.param)


def test_killed_at_any_step_it_ends_as_if_nobody_had_disturbed_it(kills: Kills) -> None:
    wanted = _undisturbed(kills, RESTORE)
    first = (LINUX, CISCO).index(kills.kind)  # one platform is killed where the other is not
    deaths = [
        Kill(step, done=done)
        for number, step in enumerate(RESTORE.steps if SOAK else OWN)
        for done in (False, True)
        if SOAK or done == bool((number + first) % 2)
    ]
    Together(JOBS)({str(death): partial(killed, kills, RESTORE, wanted, (death,), again=SOAK) for death in deaths})


def test_killed_twice_it_ends_as_if_nobody_had(kills: Kills) -> None:
    wanted = _undisturbed(kills, RESTORE)
    deaths = (Kill("apply router", done=True), Kill("prove", done=True))
    killed(kills, RESTORE, wanted, deaths, again=True)


def carried_on_without_identity(kills: Kills, death: Kill, state: str) -> None:
    with kills.world(RESTORE) as world:
        RESTORE.before(world)
        before = everything(world)
        assert RESTORE.begin(world, death).code == KILLED
        identity = world.extra.pop("PROVISO_BACKUP_IDENTITY_FILE")
        answer = world.resume()
        (run,) = world.runs()[-1:]
        assert (run["state"], answer.code) == (state, 0 if state == "proven" else 1), run["message"]
        if state == "proven":
            assert_whole(world)
            assert_serves(world)
        else:
            assert "no identity is named" in run["message"] or death.step in ("take stock", "put access in force")
            assert everything(world) == before
        assert_no_secret(world)
        world.extra["PROVISO_BACKUP_IDENTITY_FILE"] = identity
        assert RESTORE.begin(world).code == 0
        assert_whole(world)
        assert_serves(world)


@pytest.mark.parametrize("where", ["before", "after"])
def test_without_the_identity_only_what_is_in_force_is_carried_on(kills: Kills, where: str) -> None:
    steps, state = (BEFORE, "failed") if where == "before" else (AFTER, "proven")
    chosen = steps if SOAK else steps[::2]
    Together(JOBS)({step: partial(carried_on_without_identity, kills, Kill(step), state) for step in chosen})


def test_a_loss_of_power_in_the_middle_leaves_the_router_as_it_was_or_restored(kills: Kills) -> None:
    with kills.world(RESTORE) as world:
        RESTORE.before(world)
        assert RESTORE.begin(world, Kill("apply router", done=True)).code == KILLED
        world.up.do(lambda: world.up.world.lose_power(world.kind.serial(1)))
        world.resume_all()
        (run,) = world.runs()[-1:]
        assert run["state"] in ("proven", "went back"), run["message"]
        assert_whole(world)
        assert RESTORE.begin(world).code == 0
        assert_serves(world)
        assert_no_secret(world)
