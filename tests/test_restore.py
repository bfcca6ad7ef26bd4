"""Backups that are brought back to the routers of lines, on simulated devices of both platforms."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fibre_lines import LINE, Fibre, assert_no_secret, assert_serves, assert_whole, fibre_world
from restored_lines import backed_up, comparable, customer_changes, fetch, settings, spoil
from router_kinds import CISCO, LINUX, RouterKind
from warm import Warm


@pytest.fixture(params=[LINUX, CISCO], ids=["linux", "cisco"])
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    kind: RouterKind = request.param
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as made:
        yield made


def test_what_somebody_changed_is_taken_back(world: Fibre) -> None:
    safe = backed_up(world)
    version = safe.keep()
    before = fetch(world)
    spoil(world)
    assert comparable(world.kind, fetch(world)) != comparable(world.kind, before)

    plan = world.run("backup", "restore", LINE, "--plan", "--json")
    assert plan.code == 0, plan.stderr
    assert plan.json["version"]["id"] == version.id
    assert plan.json["differences"]
    assert comparable(world.kind, fetch(world)) != comparable(world.kind, before)

    answer = world.run("backup", "restore", LINE, "--yes", "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    assert (answer.json["run"]["state"], answer.json["run"]["kind"]) == ("proven", "restore")
    assert comparable(world.kind, fetch(world)) == comparable(world.kind, before)
    (proof,) = world.rows("select * from restore_proof")
    assert (proof["version"], proof["how"], proof["outcome"]) == (version.id, "restore", "restored")
    assert_serves(world)
    assert_whole(world)
    assert_no_secret(world)


def test_what_the_customer_changed_on_the_router_survives(world: Fibre) -> None:
    safe = backed_up(world)
    safe.keep()
    key = customer_changes(world)
    spoil(world)
    answer = world.run("backup", "restore", LINE, "--yes", "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    ssid, channel, present = settings(world.kind, fetch(world))
    assert (ssid, channel, present) == ("Atelier", 11, key)
    assert key not in "".join(each.stdout + each.stderr for each in world.said)
