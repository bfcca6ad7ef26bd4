"""What is open on a line held against its simulated router: as intended, closed behind our back, opened behind it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fibre_lines import LINE, Fibre, fibre_world
from router_kinds import CISCO, LINUX
from warm import Warm

from provisioning.store.engine import FILE_NAME


@pytest.fixture(params=["linux", "cisco"])
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    kind = LINUX if request.param == "linux" else CISCO
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as made:
        yield made


def look(world: Fibre, *options: str, code: int) -> Any:
    answer = world.run("firewall", "show", LINE, *options, "--json")
    assert answer.code == code, answer.stdout + answer.stderr
    return answer.json


def order_says(world: Fibre, servers: str) -> None:
    """Put other servers into the line's form, past Proviso: its router knows nothing of them."""
    with closing(sqlite3.connect(world.state / FILE_NAME, timeout=30)) as connection:
        connection.execute("update line set form = json_set(form, '$.servers', json(?)) where id = 1", (servers,))
        connection.commit()


def test_the_router_is_held_against_the_form(world: Fibre) -> None:
    found = look(world, "--from-device", code=0)
    assert found["asked_router"] is True
    assert (found["differs"], found["only_on_router"], found["unread"]) == (False, [], [])
    assert [each["on_router"] for each in found["openings"]] == [True] * 10
    assert {each["by"] for each in found["openings"]} == {"PX-2026-000801"}
    assert all(each["since"] for each in found["openings"])

    order_says(world, '[{"ports": ["tcp/443", "tcp/8443"], "to": "192.168.1.2"}]')
    found = look(world, "--from-device", code=1)
    assert {each["ports"]: each["on_router"] for each in found["openings"]} == {"tcp/443": True, "tcp/8443": False}
    assert len(found["only_on_router"]) == 9
    assert look(world, code=0)["differs"] is None
    shown = world.run("firewall", "show", LINE, "--from-device")
    assert "not on the router" in shown.stdout
    assert "only on the router  tcp/25 to 192.168.1.2" in shown.stdout
