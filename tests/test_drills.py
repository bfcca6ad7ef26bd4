"""Whole drills of lines on simulated routers: what they find, what refuses them, and what ends them early.

However a drill ends, the line is back on its fixed bearer within the router's own timer, and the drill is settled.
"""

import json
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from drilled_lines import NOW, PATIENCE, await_ready, backed_up_world, begin, drill, drills
from fibre_lines import LINE, Fibre
from labs import eventually, eventually_said
from router_kinds import CISCO, LINUX, RouterKind
from together import Together
from warm import Warm
from worlds import SOAK

from provisioning.stands.simulator.cables import HasBearers

JOBS = 4
KINDS: tuple[RouterKind, ...] = (LINUX, CISCO)


@pytest.fixture(scope="module")
def bases(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of worlds with a backed-up line in service, by platform."""
    found = {}
    for kind in KINDS:
        folder = tmp_path_factory.mktemp(kind.platform)
        with backed_up_world(folder, warm, kind):
            pass
        found[kind.platform] = folder / "world"
    return found


@pytest.fixture
def kind() -> RouterKind:
    """Routers that most is tried on; the rest is tried on both."""
    return LINUX


both = pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.platform)


@pytest.fixture
def world(bases: dict[str, Path], warm: Warm, tmp_path: Path, kind: RouterKind) -> Iterator[Fibre]:
    with backed_up_world(tmp_path, warm, kind, bases[kind.platform]) as made:
        yield made


def on_fixed(world: Fibre) -> bool:
    """Whether the router says that it is on its fixed bearer, and holds no cut."""
    answer = world.run("failover", "check", LINE, "--json")
    bearers = answer.json["lines"][0]["bearers"]
    return bearers is not None and bearers["drill"] is None and set(map(str, bearers["in_use"].values())) == {"fixed"}


def codes(answer: Any) -> list[str]:
    return [each["code"] for each in answer.json["drills"][0]["refusals"]]


def figures(row: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: each for each in json.loads(row["result"])["figures"]}


def looked_at(world: Fibre) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what `failover check` finds, by code, and what it tells of each bearer."""
    (line,) = world.run("failover", "check", LINE, "--json").json["lines"]
    return {each["code"]: each for each in line["findings"]}, line["bearers"]


@both
def test_what_the_router_announces_decides_whether_addresses_move(world: Fibre) -> None:
    found, bearers = looked_at(world)
    own = bearers["fixed"]["announced"]
    assert len(own) == 4 and own == bearers["mobile"]["announced"]
    for each in own:
        assert each.removesuffix("/32") in found["announced-mobile"]["reason"]
    assert {found[each]["standing"] for each in ("announced-fixed", "announced-mobile", "announced-else")} == {"good"}
    router = world.up.network.routers[world.kind.serial(1)]
    assert isinstance(router, HasBearers)
    world.up.do(lambda: router.cut_bearer("mobile", "link-down"))

    def nothing_on_mobile() -> bool:
        return bool(looked_at(world)[1]["mobile"]["announced"] == [])

    assert eventually_said(nothing_on_mobile, PATIENCE)
    found, bearers = looked_at(world)
    assert found["announced-mobile"]["standing"] == "bad" and found["addresses-move"]["standing"] == "good"
    assert bearers["fixed"]["announced"] == own
    refused = drill(world)
    assert (refused.code, set(codes(refused))) == (1, {"not-ready"})


@both
def test_a_whole_drill_passes_and_leaves_the_line_as_it_was(world: Fibre) -> None:
    before = world.where(world.kind.serial(1))
    answer = drill(world, "--for", "20s")
    (row,) = drills(world)
    assert answer.code == 0, (row["reason"], answer.stderr)
    assert row["state"] == "passed"
    found = figures(row)
    for key in ("gap", "over-mobile", "reachable", "address", "sessions", "voice-rule", "return", "lost-at-return"):
        assert found[key]["outcome"] == "met", found[key]
    result = json.loads(row["result"])
    assert [each["kind"] for each in result["events"] if each["bearer"] == "fixed"][:2] == ["cut", "failed"]
    assert {each["name"] for each in result["streams"]} == {"fixed-ipv4", "ip-pack", "lan-ipv6", "routed-ipv6"}
    assert result["mobile_bytes"] > 0
    assert world.where(world.kind.serial(1)) == before
    assert on_fixed(world)
    entries = world.rows("select action, reason from audit_entry where action like 'failover%' order by number")
    assert [each["action"] for each in entries] == ["failover drill", "failover drill end"]
    assert entries[0]["reason"] == NOW[2]
    assert world.run("audit", "verify").code == 0


def test_a_bounce_in_the_hold_stays_on_mobile(world: Fibre) -> None:
    answer = drill(world, "--for", "12s", "--bounce")
    (row,) = drills(world)
    assert row["state"] in ("passed", "failed"), answer.stderr
    found = figures(row)
    assert found["flaps"]["outcome"] == "met", row["reason"]
    assert found["lost-at-return"]["outcome"] == "met", row["reason"]
    assert on_fixed(world)


def test_nobody_is_drilled_who_was_not_told(world: Fibre) -> None:
    refused = world.run("failover", "drill", LINE, "--json")
    assert (refused.code, codes(refused)) == (1, ["outside-window", "not-told"])
    period = ("--from", "2020-01-01T00:00", "--until", "2099-01-01T00:00")
    assert world.run("failover", "announce", LINE, *period).code == 2
    world.run("failover", "announce", LINE, "--from", "2026-11-01T00:00", "--until", "2026-12-01T00:00")
    assert drills(world) == []
    assert on_fixed(world)


def test_a_cut_that_the_platform_cannot_make_is_refused(bases: dict[str, Path], warm: Warm, tmp_path: Path) -> None:
    with backed_up_world(tmp_path, warm, CISCO, bases[CISCO.platform]) as world:
        refused = drill(world, "--cut", "silent")
        assert (refused.code, codes(refused)) == (1, ["cut-impossible"])


def test_two_at_once_and_no_change_beside_them(world: Fibre) -> None:
    first = begin(world, "--for", "20s")
    first.until("asks whether telephony")
    refused = drill(world)
    assert (refused.code, codes(refused)) == (1, ["busy"])
    order = {"order": "PX-2026-000901", "kind": "change", "line": LINE, "wifi": {"enabled": False}}
    change = world.run("order", "activate", world.write(order), "--json")
    assert change.code == 1, change.stdout
    assert "another run is changing L-1" in change.stdout
    assert first.wait() in (0, 1)
    assert len(drills(world)) == 1
    assert world.run("order", "activate", world.write(order), "--json").code == 0


def test_no_drill_beside_a_change(world: Fibre) -> None:
    order = {"order": "PX-2026-000901", "kind": "change", "line": LINE, "wifi": {"enabled": False}}
    running = world.start("order", "activate", world.write(order), "--json")
    assert eventually(lambda: any(each["state"] == "running" for each in world.runs()[1:]), PATIENCE)
    refused = drill(world)
    assert refused.code == 1
    assert codes(refused) == ["busy"]
    assert running.answer().code == 0
    assert drills(world) == []


@both
def test_an_interrupt_heals_at_once_and_is_recorded(world: Fibre) -> None:
    begun = begin(world, "--for", "60s")
    begun.until("asks whether telephony")
    assert begun.end(signal.SIGINT) == 1, begun.said
    (row,) = drills(world)
    assert (row["state"], row["reason"]) == ("interrupted", "it was told to stop")
    assert begun.said.count("it was told to stop") == 1
    marks = [each["text"] for each in json.loads(row["result"])["marks"]]
    assert "the router has ended the cut" in marks
    await_ready(world)


STAGES = (
    "begins streams",
    "watches the line as it is",
    "cuts the fixed bearer",
    "asks whether telephony",
    "looks at the line from outside",
    "traffic goes over mobile",
    "ends the cut",
    "waits for the fixed bearer",
    "asks what became of the streams",
)


def killed_at(words: str, kind: RouterKind, base: Path, warm: Warm, folder: Path) -> None:
    """Kill a drill at a stage; whoever comes by next settles it, and the line is back on fixed."""
    with backed_up_world(folder, warm, kind, base) as world:
        begun = begin(world, "--for", "15s")
        begun.until(words)
        assert begun.end(signal.SIGKILL) == -signal.SIGKILL
        assert [each["state"] for each in drills(world)] == ["running"]
        assert eventually_said(lambda: settled(world), PATIENCE), words
        (row,) = drills(world)
        assert row["state"] == "interrupted"
        assert row["reason"].startswith("its process ended without a word; the router"), row["reason"]
        await_ready(world)
        if SOAK:
            assert drill(world, "--for", "10s").json["drills"][0]["drill"]["id"] == "D-2"


def settled(world: Fibre) -> bool:
    assert world.run("failover", "list").code == 0
    return bool(drills(world)[0]["state"] != "running")


def test_killed_at_any_stage_the_line_comes_back_and_the_drill_is_settled(
    bases: dict[str, Path], warm: Warm, tmp_path: Path
) -> None:
    Together(JOBS)(
        {
            f"{kind.platform} {words}": partial(
                killed_at, words, kind, bases[kind.platform], warm, tmp_path / f"{kind.platform}-{number}"
            )
            for number, words in enumerate(STAGES)
            for place, kind in enumerate(KINDS)
            if SOAK or number % 4 == 2 * place
        }
    )


def test_killed_and_never_looked_after_the_router_heals_by_itself(world: Fibre) -> None:
    begun = begin(world, "--for", "10s")
    begun.until("asks whether telephony")
    assert begun.end(signal.SIGKILL) == -signal.SIGKILL
    assert eventually_said(lambda: on_fixed(world), PATIENCE)
    assert drills(world)[0]["state"] == "running"
    assert world.run("run", "resume", "--json").code == 0
    (row,) = drills(world)
    assert row["state"] == "interrupted"
    assert row["reason"].endswith("the router held no cut of it")


@both
def test_a_router_that_loses_its_power_comes_back_on_fixed(world: Fibre) -> None:
    begun = begin(world, "--for", "60s")
    begun.until("looks at the line")
    world.up.do(lambda: world.up.world.lose_power(world.kind.serial(1)))
    assert begun.wait() == 1
    (row,) = drills(world)
    assert row["state"] == "failed"
    marks = [each["text"] for each in json.loads(row["result"])["marks"]]
    assert any("restarted" in each or "ended the cut" in each for each in marks), marks
    await_ready(world)


def test_a_router_that_says_nothing_any_more_ends_the_cut_by_itself(world: Fibre) -> None:
    from provisioning.stands.simulator.faults import Faults

    serial = world.kind.serial(1)
    begun = begin(world, "--for", "10s")
    begun.until("asks whether telephony")
    world.up.do(lambda: world.up.world.faults.update({serial: Faults(refuse_login=True)}))
    world.up.do(lambda: world.up.world.end_connections(serial))
    assert begun.wait() in (1, 3)
    (row,) = drills(world)
    assert row["state"] == "failed"
    world.up.do(world.up.world.faults.clear)
    await_ready(world)
