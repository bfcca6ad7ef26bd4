"""Openings limited, translated and closed on request, on simulated routers of both platforms: what is proven."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from changed_lines import opening, ready, run
from fibre_lines import Fibre, fibre_world
from router_kinds import CISCO, LINUX
from warm import Warm

HOST = "192.168.1.2"


@pytest.fixture(params=["linux", "cisco"])
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    kind = LINUX if request.param == "linux" else CISCO
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as made:
        yield made


def carried_out(world: Fibre, content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Carry a request out, and return its checks by id."""
    answer = run(world, ready(world, content))
    assert answer.code == 0, answer.stdout + answer.stderr
    (done,) = answer.json["requests"]
    return {each["check"]: each for each in done["run"]["checks"]}


def test_what_is_limited_translated_and_closed_is_proven(world: Fibre) -> None:
    checks = carried_out(
        world,
        opening(
            open=[
                {"ports": ["tcp/8443"], "to": HOST, "to_port": 1443, "from": ["198.18.1.0/24"]},
                {"ports": ["tcp/9443"], "to": HOST, "from": ["203.0.113.0/24"]},
            ]
        ),
    )
    outcome = {name: each["outcome"] for name, each in checks.items()}
    assert outcome["opening tcp/8443 192.0.2.1 from 198.18.1.0/24"] == "passed"
    assert outcome["shut tcp/9443 192.0.2.1 from 203.0.113.0/24"] == "passed"
    assert outcome["as-before 192.0.2.1"] == "passed"
    assert outcome["session-survives 192.0.2.1"] == "passed"
    # Nobody stands where these may be seen; on one platform the configuration tells.
    told = {"not observed", "passed"}
    assert outcome["opening tcp/9443 192.0.2.1 from 203.0.113.0/24"] in told
    assert outcome["shut tcp/8443 192.0.2.1 from 198.18.1.0/24"] in told
    closing = {
        **opening(2),
        "close": [{"ports": ["tcp/8443"], "to": HOST, "from": ["198.18.1.0/24"]}],
    }
    del closing["open"]
    checks = carried_out(world, closing)
    outcome = {name: each["outcome"] for name, each in checks.items()}
    assert outcome["session-ended 192.0.2.1"] == "passed"
    assert outcome["session-survives 192.0.2.1"] == "passed"
    assert outcome["shut tcp/8443 192.0.2.1"] == "passed"
    assert outcome["as-before 192.0.2.1"] == "passed"


@pytest.mark.parametrize("world", ["linux"], indirect=True)
def test_two_thousand_openings_go_in_by_one_commit(world: Fibre) -> None:
    ports = [f"tcp/{10_000 + 2 * number}" for number in range(2000)]
    checks = carried_out(world, opening(open=[{"ports": ports, "to": HOST, "from": ["198.18.1.0/24"]}]))
    looked_at = [name for name in checks if name.startswith("opening tcp/")]
    assert 10 < len(looked_at) < 100
    assert {checks[name]["outcome"] for name in looked_at} == {"passed"}
    assert checks["as-before 192.0.2.1"]["outcome"] == "passed"
