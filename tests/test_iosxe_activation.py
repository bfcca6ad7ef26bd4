"""Lines on Cisco routers that are brought into service on the simulator, by the ordinary command."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simulated_lines import OLTS, Simulated, simulated
from worlds import ROOT, Answer

CPES = 20
"""Customers before them: the example orders name the routers that follow on."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("ciscos"), CPES, iosxe=6, olts=OLTS) as up:
        yield up


def activate(world: Simulated, order: str, project: Path = ROOT) -> Answer:
    given = ("--project", project, "order", "activate", f"examples/orders/{order}.yaml")
    return world.proviso(*given, environment=world.environment)


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
    facts = world.proviso("device", "facts", serial, "--json", environment=world.environment).json
    assert facts["way"] == "management"
    again = activate(world, "fullfiber-extended-cisco")
    assert again.code == 0, again.stdout + again.stderr
    assert latest(world, serial)["message"].startswith("nothing to change, and proven again")


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
    project = tmp_path / "project"
    for each in ("inventory", "templates"):
        shutil.copytree(ROOT / each, project / each)
    shutil.copy(ROOT / "nornir.yaml", project)
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
