"""Campaigns over simulated lines: what is due is drilled as the policy has it; whatever ends it leaves nothing cut."""

import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from drilled_lines import PATIENCE, Begun, await_ready, backed_up_form, backed_up_world, drills
from fibre_lines import LINE, Fibre
from labs import eventually, eventually_said
from router_kinds import LINUX
from warm import Warm
from worlds import SOAK

at_leisure = pytest.mark.skipif(not SOAK, reason="takes half a minute: PROVISO_SOAK=1 tries it")

OTHER = "L-2"
POLICY = {"PROVISO_DRILL_NOTICE_HOURS": "0", "PROVISO_DRILL_SECONDS": "14", "PROVISO_DRILLS_PER_CELL": "2"}


@pytest.fixture(scope="module")
def base(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a world with two backed-up lines of two customers in service."""
    folder = tmp_path_factory.mktemp("campaign")
    with backed_up_world(folder, warm, LINUX) as world:
        second = {**backed_up_form(LINUX, 2), "customer": {"name": "Garage Exemple"}}
        answer = world.activate(second)
        assert answer.code == 0, answer.stdout + answer.stderr
    return folder / "world"


@pytest.fixture
def world(base: Path, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    with backed_up_world(tmp_path, warm, LINUX, base) as made:
        made.extra.update(POLICY)
        await_ready(made)
        yield made


def announce(world: Fibre, *lines: str) -> None:
    """Tell customers of a period that has begun."""
    now = datetime.now(ZoneInfo("Europe/Brussels"))
    begins, ends = ((now + timedelta(hours=hours)).isoformat(timespec="seconds") for hours in (-1, 2))
    answer = world.run("failover", "announce", *lines, "--from", begins, "--until", ends)
    assert answer.code == 0, answer.stdout + answer.stderr


def due(world: Fibre) -> dict[str, str]:
    """Return where each line stands."""
    answer = world.run("failover", "schedule", "due", "--json")
    return {each["line"]: each["stands"] for each in answer.json["lines"]}


def overlap(rows: list[dict[str, Any]]) -> bool:
    """Whether two drills were under way at the same time."""
    one, other = sorted(rows, key=lambda each: str(each["begun_at"]))
    return bool(other["begun_at"] < one["ended_at"])


def router(world: Fibre, number: int) -> Any:
    """Return a simulated router; to be asked in the simulator's own thread."""
    return world.up.network.routers[LINUX.serial(number)]


def test_who_was_told_is_drilled_two_customers_at_once_and_proven_then(world: Fibre) -> None:
    assert due(world) == {LINE: "not-told", OTHER: "not-told"}
    answer = world.run("failover", "schedule", "run", "--json")
    assert (answer.code, answer.json["campaign"]) == (0, None)
    assert drills(world) == []
    announce(world, LINE, OTHER)
    assert due(world) == {LINE: "now", OTHER: "now"}
    answer = world.run("failover", "schedule", "run", "--json")
    rows = drills(world)
    assert answer.code == 0, (answer.stdout, [each["reason"] for each in rows])
    assert {each["line_id"]: each["state"] for each in rows} == {1: "passed", 2: "passed"}
    assert {each["campaign_id"] for each in rows} == {1}
    assert overlap(rows)
    assert due(world) == {LINE: "proven", OTHER: "proven"}
    assert world.run("failover", "schedule", "run", "--json").json["campaign"] is None
    assert world.run("audit", "verify").code == 0


@at_leisure
def test_a_line_in_trouble_is_left_out(world: Fibre) -> None:
    announce(world, LINE, OTHER)
    world.up.do(lambda: router(world, 2).cut_bearer("mobile", "silent"))
    assert eventually_said(lambda: world.run("failover", "check", OTHER).code == 1, PATIENCE)
    answer = world.run("failover", "schedule", "run", "--json")
    left_out = {each["line"]: each for each in answer.json["lines"]}
    assert answer.code == 1
    assert left_out[OTHER]["drill"] is None
    assert "mobile" in left_out[OTHER]["reason"]
    assert [each["line_id"] for each in drills(world)] == [1]


def begin_campaign(world: Fibre) -> Begun:
    """Begin a campaign in a process of its own, and wait until it drills."""
    given = {name: value for name, value in world.environment.items() if name.startswith(("PROVISO_", "SITE_"))}
    begun = Begun(world.up.proviso.fork("failover", "schedule", "run", **given))
    assert eventually(lambda: bool(drills(world)), PATIENCE)
    return begun


def test_a_campaign_that_is_killed_leaves_nothing_cut_and_the_next_one_goes_on(world: Fibre) -> None:
    world.extra["PROVISO_DRILLS_PER_CELL"] = "1"
    announce(world, LINE, OTHER)
    begin_campaign(world).end(signal.SIGKILL)
    answer = world.run("failover", "schedule", "run", "--json")
    assert answer.json["campaign"] == "K-2", answer.stdout + answer.stderr
    campaigns = world.rows("select * from drill_campaign order by id")
    assert campaigns[0]["reason"] == "its process ended without a word"
    assert all(each["ended_at"] for each in campaigns)
    assert drills(world)[0]["state"] == "interrupted"
    # What the simulated modems say of their cell is the same for both: one after the other.
    assert [each["state"] for each in drills(world)[1:]] == ["passed", "passed"]
    assert not overlap(drills(world)[1:])
    await_ready(world)


@at_leisure
def test_interrupted_it_heals_what_it_cut_and_begins_nothing_more(world: Fibre) -> None:
    world.extra["PROVISO_DRILLS_AT_ONCE"] = "1"
    announce(world, LINE, OTHER)
    begun = begin_campaign(world)
    assert begun.end(signal.SIGINT) == 1, begun.said
    (row,) = drills(world)
    assert row["state"] == "interrupted"
    assert world.rows("select reason from drill_campaign")[0]["reason"] == "it was interrupted"
    await_ready(world)


def test_failed_drills_stop_a_campaign(world: Fibre) -> None:
    world.extra.update({"PROVISO_DRILLS_AT_ONCE": "1", "PROVISO_DRILL_FAILURES": "1"})
    announce(world, LINE, OTHER)
    begun = begin_campaign(world)
    # Traffic cannot return once the drill is over: the access line itself is dead.
    world.up.do(lambda: router(world, 1).cut_bearer("fixed", "silent"))
    assert begun.wait() == 1, begun.said
    assert [each["state"] for each in drills(world)] == ["failed"]
    assert "1 drill failed" in world.rows("select reason from drill_campaign")[0]["reason"]
