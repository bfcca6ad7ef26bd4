"""A change request from the file to the customer's message, at the command line, on a simulated router."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from changed_lines import approved, audit, run
from fibre_lines import LINE, Fibre, fibre_world
from router_kinds import CISCO
from warm import Warm

from provisioning.store.engine import FILE_NAME

REQUESTER = "contact@example.org"


@pytest.fixture
def world(warm: Warm, cisco_line_in_service: Path, tmp_path: Path) -> Iterator[Fibre]:
    with fibre_world(tmp_path / "world", warm, cisco_line_in_service, kind=CISCO) as made:
        with closing(sqlite3.connect(made.state / FILE_NAME, timeout=30)) as connection:
            listed = "update line set form = json_set(form, '$.customer.representatives', json(?)) where id = 1"
            connection.execute(listed, (json.dumps([REQUESTER]),))
            connection.commit()
        yield made


def shown(world: Fibre, *arguments: str) -> Any:
    answer = world.run(*arguments, "--json")
    assert answer.code == 0, answer.stdout + answer.stderr
    return answer.json


def test_from_the_file_to_the_message(world: Fibre, tmp_path: Path) -> None:
    file = tmp_path / "request.yaml"
    asked = {"ports": ["tcp/8443"], "to": "192.168.1.2", "until": "2039-12-30T10:00"}
    data = {"request": "CR-1", "line": LINE, "requester": REQUESTER, "language": "fr", "open": [asked]}
    file.write_text(yaml.safe_dump({**data, "close": [{"ports": ["tcp/25"], "to": "192.168.1.2"}]}), "utf-8")
    (answer,) = shown(world, "change", "submit", str(file))["requests"]
    assert (answer["verdict"], answer["billing"]["free"]) == ("accepted", True)

    identifier = approved(world, answer["id"])
    assert "approuvée" in shown(world, "change", "show", identifier, "--message")["message"]["subject"]
    ran = run(world, identifier)
    assert ran.code == 0, ran.stdout + ran.stderr

    seen = shown(world, "change", "show", identifier)
    assert seen["request"]["state"] == "done"
    assert seen["evidence"]["state"] == "proven"
    assert seen["evidence"]["verdict"]["results"]
    assert [each["action"] for each in seen["history"]] == audit(world, identifier)
    assert [(each["action"], each["state"]) for each in seen["follow_ups"]] == [("close-port", "approved")]
    kept = json.loads((world.state / "messages" / f"{identifier}.json").read_text("utf-8"))
    assert kept["text"] == seen["message"]["text"]
    assert "C’est prouvé" in kept["text"]

    found = shown(world, "firewall", "show", LINE, "--from-device")
    assert (found["differs"], found["only_on_router"]) == (False, [])
    by = {each["ports"]: (each["by"], each["until"]) for each in found["openings"]}
    assert by["tcp/8443"] == (identifier, "2039-12-30T09:00:00Z")
    assert by["tcp/443"] == ("PX-2026-000801", None)
    assert "tcp/25" not in by
