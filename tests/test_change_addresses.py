"""Another fixed address, next hop or IP Pack on request, on simulated routers of both platforms, and the way back."""

import json
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml
from changed_lines import approved, form, request, run
from fibre_lines import Fibre, fibre_world
from fibre_lines import form as ordered
from router_kinds import CISCO, LINUX
from warm import Warm

REQUESTER = "contact@example.org"
NUMBERS = {"linux": 1, "cisco": 21}
"""Customers whom the shipped inventory knows hosts behind, by the kind of their router."""


def order(number: int) -> dict[str, Any]:
    """Return what the line has beyond its devices."""
    return {
        "formula": "fullfiber-extended",
        "customer": {"name": "Imprimerie Exemple", "representatives": [REQUESTER]},
        "options": {"ip_pack": {"addresses": 8}},
        "lan": {"subnet": f"192.168.{number}.0/24", "customer_firewall": True},
        "servers": [
            {"ports": ["tcp/443"], "to": f"192.168.{number}.2"},
            {"ports": ["tcp/25"], "to": "customer_firewall"},
        ],
    }


@pytest.fixture(params=NUMBERS)
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    number, kind = NUMBERS[request.param], LINUX if request.param == "linux" else CISCO
    with fibre_world(tmp_path / "world", warm, kind=kind, customers=1, others=number - 1) as made:
        answer = made.activate(ordered(number, kind, **order(number)))
        assert answer.code == 0, answer.stdout + answer.stderr
        yield made


def handed_in(world: Fibre, number: int, **asked: Any) -> str:
    """Hand a request in as people do; return its id."""
    data = {"request": f"CR-2026-{number:04}", "line": "L-1", "requester": REQUESTER, **asked}
    file = world.up.folder / f"{data['request']}.yaml"
    file.write_text(yaml.safe_dump(data), "utf-8")
    answer = world.run("change", "submit", file, "--json")
    assert answer.code == 0, answer.stdout + answer.stderr
    return f"C-{number}"


def held(world: Fibre) -> dict[str, list[int]]:
    """Return the first and last address of what the line holds, by role."""
    rows = world.rows("select role, first, last from assignment where line_id = 1 and state = 'assigned'")
    return {each["role"]: [int(each["first"], 16), int(each["last"], 16)] for each in rows}


def carried_out(world: Fibre, identifier: str) -> dict[str, str]:
    """Carry a request out; return the outcome of each check."""
    answer = run(world, identifier)
    assert answer.code == 0, answer.stdout + answer.stderr
    (done,) = answer.json["requests"]
    assert request(world, identifier)["state"] == "done"
    return {each["check"]: each["outcome"] for each in done["run"]["checks"]}


def record(world: Fibre) -> dict[str, Any]:
    told = world.record()
    assert told is not None
    return told


def told(world: Fibre, identifier: str) -> str:
    """Return what the customer is told, as the file for the operator's mail has it and as it is shown."""
    kept: str = json.loads((world.state / "messages" / f"{identifier}.json").read_text("utf-8"))["text"]
    assert world.run("change", "show", identifier, "--message", "--json").json["message"]["text"] == kept
    return kept


def test_a_new_fixed_address_takes_over_and_the_old_one_answers_no_more(world: Fibre) -> None:
    before = record(world)["fixed_ipv4"]
    outcome = carried_out(world, approved(world, handed_in(world, 1, fixed_ipv4="new")))
    now = record(world)["fixed_ipv4"]
    assert now != before and record(world)["former_ipv4"] == []
    assert outcome[f"opening tcp/443 {now}"] == outcome[f"scan {before}"] == "passed"
    assert f"as-before {now}" not in outcome
    assert world.answers(now) and not world.answers(before)
    assert "next-fixed-ipv4" not in held(world)
    assert f"\n\nYour address is now {now}; the one before is no longer yours.\n\n" in told(world, "C-1")
    plan = world.run("change", "show", "C-1", "--json").json["plan"]
    assert plan["assignments"] == [
        f"takes {now}/32 as fixed-ipv4",
        f"{before}/32, which it has as fixed-ipv4, is given back",
    ]
    (old,) = world.rows("select release_reason, state from assignment where state = 'quarantined'")
    assert old["release_reason"] == "change request C-1"


def test_another_next_hop_gets_the_routed_block(world: Fibre) -> None:
    outcome = carried_out(world, approved(world, handed_in(world, 1, next_hop="::20")))
    ipv6 = record(world)["ipv6"]
    assert ipv6["next_hop"].endswith("::20") and form(world)["lan"]["next_hop"] == "::20"
    assert (
        outcome[f"routed-block {ipv6['routed_half']}"]
        == outcome[f"customer-firewall {ipv6['next_hop']}/128"]
        == "passed"
    )


def test_old_and_new_pack_stand_side_by_side_until_the_old_one_is_retired(world: Fibre) -> None:
    before = IPv4Network(record(world)["ip_pack"])
    outcome = carried_out(world, approved(world, handed_in(world, 1, ip_pack={"block": "new", "side_by_side": "7d"})))
    now = IPv4Network(record(world)["ip_pack"])
    assert not now.overlaps(before) and now.prefixlen == before.prefixlen
    assert record(world)["former_ipv4"] == [str(before)]
    for host in (before[2], before[-2], now[2], now[-2]):
        assert outcome[f"opening tcp/25 {host}"] == "passed"
    assert f"\n\nYour IP Pack is now {now}; the one before works beside it until " in told(world, "C-1")
    follow = request(world, "C-2")
    assert (follow["action"], follow["state"], follow["parent_id"]) == ("retire-ip-pack", "approved", 1)
    # Without it the line would keep both for ever; nor does it get a third one beside them.
    for ending in ("cancel", "refuse"):
        answer = world.run("change", ending, "C-2", "--reason", "they want to keep it")
        assert answer.code == 1 and f"{before} would stay with L-1 for ever" in answer.stderr
    another = handed_in(world, 3, ip_pack={"block": "new"})
    answer = world.run("change", "plan", another)
    assert answer.code == 1 and f"{before} still stands beside its successor" in answer.stderr
    assert request(world, "C-2")["state"] == "approved"
    outcome = carried_out(world, "C-2")
    assert "\n- the former addresses of the IP Pack go\n" in told(world, "C-2")
    message = json.loads((world.state / "messages" / "C-2.json").read_text("utf-8"))
    assert (message["reference"], message["subject"]) == (
        "CR-2026-0001",
        "Your change request CR-2026-0001 (its end): done",
    )
    assert outcome[f"scan {before[2]}"] == outcome[f"opening tcp/25 {now[2]}"] == "passed"
    assert record(world)["former_ipv4"] == []
    assert set(held(world)) == {"fixed-ipv4", "ip-pack", "ipv6", "management", "ont-id"}
    assert world.run("change", "plan", another).code == 0


def test_what_is_not_carried_out_gives_back_what_was_reserved(world: Fibre) -> None:
    before = held(world)
    approved(world, handed_in(world, 1, fixed_ipv4="new"))
    assert set(held(world)) - set(before) == {"next-fixed-ipv4"}
    assert world.run("change", "cancel", "C-1", "--reason", "not wanted any more").code == 0
    assert held(world) == before


def test_what_is_reserved_for_one_request_is_no_other_ones(world: Fibre) -> None:
    approved(world, handed_in(world, 1, fixed_ipv4="new"))
    reserved = held(world)["next-fixed-ipv4"]
    other = handed_in(world, 2, fixed_ipv4="new")
    answer = world.run("change", "plan", other)
    assert answer.code == 1 and "is reserved for C-1, which changes the same" in answer.stderr
    assert world.run("change", "cancel", other).code == 0
    assert held(world)["next-fixed-ipv4"] == reserved
    carried_out(world, "C-1")
