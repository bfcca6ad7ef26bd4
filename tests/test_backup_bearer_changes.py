"""A mobile back-up that is put on a line in service, and taken off it: its router is reached all the way."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulated_lines import OLTS, Simulated, simulated
from worlds import ROOT, Answer

CPES = 20
"""Customers before the Cisco router: the example order names it."""

ORDERS = {"linux_cpe": ("internet-pro-plus", "LX0104"), "cisco_iosxe": ("internet-pro-plus-cisco", "FGL26000121")}
SPOILT = {
    "linux_cpe": ("nftables.conf.j2", "policy drop;", "policy accept;"),
    "cisco_iosxe": ("part-firewall.j2", " class class-default\n  drop", " class class-default\n  pass"),
}
"""What makes the proof fail: template, what it says, what it says then."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("bearers"), CPES, iosxe=1, olts=OLTS) as up:
        yield up


def activate(world: Simulated, form: dict[str, Any], folder: Path, project: Path = ROOT) -> Answer:
    path = folder / f"{form['order']}.yaml"
    path.write_text(yaml.safe_dump(form), "utf-8")
    return world.proviso("--project", project, "order", "activate", path, environment=world.environment)


def spoilt(folder: Path, platform: str) -> Path:
    """Return a project whose lines do not pass the proof."""
    project, (name, text, instead) = folder / "project", SPOILT[platform]
    for each in ("inventory", "templates"):
        shutil.copytree(ROOT / each, project / each)
    shutil.copy(ROOT / "nornir.yaml", project)
    template = project / "templates" / platform / name
    assert text in template.read_text("utf-8")
    template.write_text(template.read_text("utf-8").replace(text, instead), "utf-8")
    return project


def told(world: Simulated, line: str) -> Any:
    """Return what others' systems were told of the bearers."""
    record = json.loads((world.proviso.state / "network" / f"{line}.json").read_text("utf-8"))
    return record["bearers"], record["static_routes"]


@pytest.mark.parametrize("platform", sorted(ORDERS))
def test_a_back_up_comes_and_goes_on_a_line_in_service(world: Simulated, tmp_path: Path, platform: str) -> None:
    example, serial = ORDERS[platform]
    form = yaml.safe_load((ROOT / "examples" / "orders" / f"{example}.yaml").read_text("utf-8"))
    form["options"]["mobile_backup"] = False
    form["cpe"]["serial"] = serial
    first = activate(world, form, tmp_path)
    assert first.code == 0, first.stdout + first.stderr
    runs = world.proviso("run", "list", "--json", environment=world.environment).json["runs"]
    line = next(each["line"] for each in runs if each["order"] == form["order"])
    assert told(world, line) == (["copper"], True)

    change = {"schema": 1, "order": f"{form['order']}1", "kind": "change", "line": line}
    on = {**change, "options": {"mobile_backup": True}}
    refused = activate(world, on, tmp_path, spoilt(tmp_path, platform))
    assert refused.code == 1, refused.stdout + refused.stderr
    assert "every device is as before" in refused.stdout + refused.stderr
    assert told(world, line) == (["copper"], True)

    added = activate(world, on, tmp_path)
    assert added.code == 0, added.stdout + added.stderr
    assert told(world, line) == (["copper", "mobile"], False)

    dropped = activate(world, {**change, "order": f"{form['order']}2", "options": {"mobile_backup": None}}, tmp_path)
    assert dropped.code == 0, dropped.stdout + dropped.stderr
    assert told(world, line) == (["copper"], True)
