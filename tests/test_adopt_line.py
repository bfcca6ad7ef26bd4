"""Taking in simulated routers that somebody else put in service: read, and registered as they are."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fibre_lines import Fibre, fibre_world, form
from router_kinds import CISCO, LINUX, RouterKind
from warm import Warm
from worlds import Answer

MANAGEMENT = "10.255.0.0"
UNTOLD = ("order", "customer", "site", "formula", "options", "ont")


@pytest.fixture(params=[LINUX, CISCO], ids=["linux", "cisco"])
def kind(request: pytest.FixtureRequest) -> RouterKind:
    kind: RouterKind = request.param
    return kind


@pytest.fixture
def world(kind: RouterKind, request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    base: Path = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as up:
        yield up


class Elsewhere:
    """Another state directory, which knows nothing of the routers."""

    def __init__(self, world: Fibre, folder: Path) -> None:
        self.world, self.state = world, folder

    def run(self, *arguments: str | Path) -> Answer:
        answer = self.world.warm(arguments, {**self.world.environment, "PROVISO_STATE": str(self.state)})
        self.world.said.append(answer)
        return answer

    def adopt(self, *arguments: str | Path, host: str = MANAGEMENT) -> Answer:
        return self.run("line", "adopt", host, "--platform", self.world.kind.platform, *arguments)

    def form(self, **more: Any) -> Path:
        """What only people know of the line in service."""
        whole = form(kind=self.world.kind)
        path = self.world.up.folder / "untold.yaml"
        path.write_text(yaml.safe_dump({**{key: whole[key] for key in UNTOLD if key in whole}, **more}), "utf-8")
        return path


@pytest.fixture
def elsewhere(world: Fibre, tmp_path: Path) -> Elsewhere:
    return Elsewhere(world, tmp_path / "elsewhere")


def test_try(world: Fibre, elsewhere: Elsewhere) -> None:
    a = elsewhere.adopt("--plan")
    print(a.stdout, a.stderr)
    assert not elsewhere.state.exists() or not list(elsewhere.state.iterdir())
    a = elsewhere.adopt("--form", elsewhere.form())
    print(a.code, a.stdout, a.stderr)
    a = elsewhere.run("line", "show", "L-1")
    print(a.code, a.stdout, a.stderr)
    a = elsewhere.run("line", "list")
    print(a.code, a.stdout, a.stderr)
    a = elsewhere.run("device", "diff", world.kind.serial(1))
    print(a.code, a.stdout, a.stderr)
    a = elsewhere.run("drift", "run")
    print(a.code, a.stdout, a.stderr)
    a = elsewhere.adopt("--form", elsewhere.form(), "--json")
    print(a.code, json.dumps(a.json)[:3000], a.stderr)
    assert 0
