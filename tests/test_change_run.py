"""Change requests carried out on simulated routers of both platforms, from the plan to the record."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from changed_lines import audit, form, opening, ready, request, run
from fibre_lines import Fibre, assert_serves, assert_whole, fibre_world
from router_kinds import CISCO, LINUX
from warm import Warm


@pytest.fixture(params=["linux", "cisco"])
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    kind = LINUX if request.param == "linux" else CISCO
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as made:
        yield made


def test_an_approved_request_is_put_in_force_proven_and_recorded(world: Fibre) -> None:
    identifier = ready(world, opening())
    answer = run(world, identifier)
    assert answer.code == 0, answer.stdout + answer.stderr
    assert request(world, identifier)["state"] == "done"
    assert "tcp/8443" in str(form(world)["servers"])
    assert audit(world, identifier) == ["change submit", "change plan", "change approve", "change run", "change done"]
    assert_whole(world)
    assert_serves(world)
    print(answer.stdout)
