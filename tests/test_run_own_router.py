"""Fibre lines whose router is the customer's own, on simulated devices: their ONT is all of them that is proven."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from fibre_lines import Fibre, assert_whole, everything, fibre_world
from labs import eventually
from simulated_lines import BRUSSELS
from warm import Warm

from provisioning.stands.simulator.faults import Faults

ONT = "HWTC00000101"
ORDER = {
    "order": "PX-2026-000890",
    "customer": {"name": "Bureau Exemple"},
    "site": {"address": "3 Rue Exemple, 1000 Bruxelles"},
    "formula": "fullfiber-extended-essential",
    "ont": {"serial": ONT, "olt": BRUSSELS, "port": "0/1/1"},
}


def light(world: Fibre, *, on: bool) -> None:
    world.up.do(lambda: world.up.world.fibre.plug(ONT, plugged=on))


def is_looked_at(world: Fibre) -> bool:
    """Return whether a run has come to its proof; what it looks at first answers slowly."""
    try:
        return bool(world.rows("select 1 from run where stage = 'prove'"))
    except sqlite3.OperationalError:
        return False  # there is no store yet


def gate(run: dict[str, Any]) -> str:
    """Return how the one check came out that stands in the way."""
    (outcome,) = [each["outcome"] for each in json.loads(run["verdict"])["results"] if each["weight"] == "gate"]
    return str(outcome)


def test_an_ont_that_goes_dark_before_its_proof_turns_the_run_back_and_leaves_its_olt_as_before(
    warm: Warm, tmp_path: Path
) -> None:
    with fibre_world(tmp_path / "world", warm) as world:
        before = everything(world)
        # Whoever looks from outside takes his time, so that it is dark when its OLT is asked.
        world.up.do(lambda: world.up.world.faults.update(internet=Faults(slow=1.0)))
        running = world.start("order", "activate", world.write(ORDER), "--json")
        assert eventually(lambda: is_looked_at(world) or running.ended, 30), running.said()
        light(world, on=False)
        answer = running.answer()
        assert (answer.code, answer.json["summary"]) == (1, {"not proven": 1}), answer.stderr
        (run,) = world.runs()
        assert (run["state"], gate(run)) == ("went back", "failed")
        assert json.loads(run["trouble"])["cause"] == "not proven"
        assert f"ont {ONT}" in run["message"]
        assert everything(world)["olts"] == before["olts"]
        assert_whole(world)

        light(world, on=True)
        world.up.do(world.up.world.faults.clear)
        again = world.activate(ORDER)
        assert (again.code, again.json["summary"]) == (0, {"proven": 1}), again.stderr
        assert gate(world.runs()[-1]) == "passed"
        assert_whole(world)
