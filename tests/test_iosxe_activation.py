"""Lines on Cisco routers that are brought into service on the simulator, by the ordinary command."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulated_lines import OLTS, Simulated, simulated
from worlds import ROOT, Answer

CPES = 20
"""Customers before them: the example orders name the routers that follow on."""

TOLD = {
    *("opening", "routed-block", "scan", "port-23", "lease", "nat", "customer-firewall", "source-filter"),
}
"""The kinds that a configuration says something of."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("ciscos"), CPES, iosxe=6, olts=OLTS) as up:
        yield up


def activate(world: Simulated, order: str, project: Path = ROOT) -> Answer:
    given = ("--project", project, "order", "activate", ROOT / "examples" / "orders" / f"{order}.yaml")
    return world.proviso(*given, environment=world.environment)


def copied(folder: Path) -> Path:
    """Return a project of one's own."""
    project = folder / "project"
    for each in ("inventory", "templates"):
        shutil.copytree(ROOT / each, project / each)
    shutil.copy(ROOT / "nornir.yaml", project)
    return project


def latest(world: Simulated, serial: str) -> Any:
    runs = world.proviso("run", "list", "--json", environment=world.environment).json["runs"]
    mine = next(each for each in runs if each["scope"] == serial)
    return world.proviso("run", "show", mine["id"], "--json", environment=world.environment).json["run"]


def test_an_order_ends_proven_and_the_same_again_changes_nothing(world: Simulated) -> None:
    serial = "FGL26000122"
    answer = activate(world, "fullfiber-extended-cisco")
    assert answer.code == 0, answer.stdout + answer.stderr
    run = latest(world, serial)
    assert run["state"] == "proven"
    assert {each["outcome"] for each in run["checks"]} == {"passed"}
    # What can be told from the configuration was told, too, and is what was seen.
    told = {each["kind"] for each in run["checks"] if "; the configuration says the same" in each["evidence"]}
    assert told == TOLD
    assert not any(each["evaluated"] for each in run["checks"])
    facts = world.proviso("device", "facts", serial, "--json", environment=world.environment).json
    assert facts["way"] == "management"
    again = activate(world, "fullfiber-extended-cisco")
    assert again.code == 0, again.stdout + again.stderr
    assert latest(world, serial)["message"].startswith("nothing to change, and proven again")


def plan(world: Simulated, form: dict[str, Any], folder: Path) -> Any:
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(form), "utf-8")
    given = ("--project", ROOT, "order", "plan", path, "--json")
    return world.proviso(*given, environment=world.environment).json["change"]


def test_a_plan_is_made_against_what_the_router_has_before_anybody_accepts_the_order(
    world: Simulated, tmp_path: Path
) -> None:
    form = yaml.safe_load((ROOT / "examples" / "orders" / "fullfiber-extended-cisco.yaml").read_text("utf-8"))
    devices = {"cpe": {**form["cpe"], "serial": "FGL26000126"}, "ont": {**form["ont"], "serial": "HWTC00000126"}}
    staged = plan(world, {**form, "order": "PX-2026-000990", **devices}, tmp_path)
    assert (staged["assumed"], staged["assumed_because"]) == (False, None)
    assert "hostname Router" in staged["rollback"]  # as it was staged
    activate(world, "fullfiber-extended-cisco")
    line = latest(world, "FGL26000122")["line"]
    changed = plan(
        world,
        {"schema": 1, "order": "PX-2026-000991", "kind": "change", "line": line, "wifi": {"enabled": False}},
        tmp_path,
    )
    assert not changed["assumed"]
    assert changed["commands"][1:-3] == [
        "no ap dot11 24ghz rrm channel dca 6",
        "no wireless country BE",
        "no wlan PROVISO",
    ]
    copper = yaml.safe_load((ROOT / "examples" / "orders" / "internet-pro-plus-cisco.yaml").read_text("utf-8"))
    nobody = {**copper["cpe"], "serial": "FGL26009999"}
    unknown = plan(world, {**copper, "order": "PX-2026-000992", "cpe": nobody}, tmp_path)
    assert unknown["assumed"]
    assert "FGL26009999" in unknown["assumed_because"]


def test_what_nobody_can_look_at_is_evaluated_and_told_apart(world: Simulated, tmp_path: Path) -> None:
    project, serial = copied(tmp_path), "FGL26000123"
    hosts = project / "inventory" / "hosts.yaml"
    inventory = yaml.safe_load(hosts.read_text("utf-8"))
    left = {name: each for name, each in inventory.items() if each.get("data", {}).get("cpe") != serial}
    assert len(left) == len(inventory) - 2
    hosts.write_text(yaml.safe_dump(left), "utf-8")
    answer = activate(world, "fiber-internet-pro-plus-cisco", project)
    assert answer.code == 0, answer.stdout + answer.stderr
    run = latest(world, serial)
    evaluated = {each["check"]: each["outcome"] for each in run["checks"] if each["evaluated"]}
    assert evaluated == dict.fromkeys(("lease", "nat", "source-filter lan"), "passed")
    unseen = {each["check"] for each in run["checks"] if each["outcome"] == "not observed"}
    assert unseen == {"slaac", "dns", "throughput"}
    sources = f"{len(run['checks'])} checks: {len(run['checks']) - 6} observed, 3 evaluated"
    assert sources in run["message"]
    shown = world.proviso("run", "show", run["id"], environment=world.environment).stdout
    assert sources in shown
    line = world.proviso("line", "show", run["line"], "--json", environment=world.environment).json
    assert {each["check"] for each in line["delivered"]["checks"] if each["evaluated"]} == set(evaluated)


@pytest.mark.parametrize(
    ("order", "serial", "part", "before", "after", "kinds"),
    [
        (
            "temporary-internet-pro-plus-cisco",
            "FGL26000124",
            "part-firewall.j2",
            " class class-default\n  drop",
            " class class-default\n  pass",
            {"scan"},
        ),
        (
            "internet-pro-plus-cisco",
            "FGL26000121",
            "part-nat.j2",
            "ip nat inside source list {{ nat_list }} interface {{ nat_interface }}",
            "ip nat inside source list {{ nat_list }} interface Loopback0",
            {"nat"},
        ),
    ],
)
def test_what_is_wrong_on_the_router_makes_the_proof_fail(
    world: Simulated, tmp_path: Path, order: str, serial: str, part: str, before: str, after: str, kinds: set[str]
) -> None:
    project = copied(tmp_path)
    template = project / "templates" / "cisco_iosxe" / part
    text = template.read_text("utf-8")
    assert before in text
    template.write_text(text.replace(before, after), "utf-8")
    answer = activate(world, order, project)
    assert answer.code == 1, answer.stdout + answer.stderr
    run = latest(world, serial)
    assert run["state"] == "went back"
    failed = {each["kind"] for each in run["checks"] if each["outcome"] != "passed" and each["weight"] == "gate"}
    assert kinds <= failed


def test_a_router_of_another_platform_is_asked_about(world: Simulated, tmp_path: Path) -> None:
    form = yaml.safe_load((ROOT / "examples" / "orders" / "internet-pro-plus-cisco.yaml").read_text("utf-8"))
    path = tmp_path / "linux.yaml"
    path.write_text(yaml.safe_dump({**form, "order": "PX-2026-000993", "cpe": {**form["cpe"], "serial": "LX0101"}}))
    answer = world.proviso("--project", ROOT, "order", "activate", path, environment=world.environment)
    assert answer.code == 3, answer.stdout + answer.stderr
    assert "Is it of the platform cisco_iosxe, as its line says?" in answer.stderr
