"""What gets in the way of a run on simulated devices: each trouble is told apart, and leaves all devices as before."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from fibre_lines import (
    LINE,
    Fibre,
    assert_no_secret,
    assert_serves,
    assert_whole,
    everything,
    fibre_world,
    form,
)
from labs import eventually
from simulated_lines import BRUSSELS, NAMUR
from test_activation import project_with
from together import Together
from warm import Warm
from worlds import Answer

from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.smartax.config import Ont
from provisioning.workflows.scope_lock import wait_for_lock

JOBS = 5
SPEED = {"order": "PX-2026-000901", "kind": "change", "line": LINE, "options": {"speed": "fullfiber-boost-pro"}}
WIFI_OFF = {"order": "PX-2026-000902", "kind": "change", "line": LINE, "wifi": {"enabled": False}}


def fault(world: Fibre, host: str, **what: Any) -> None:
    """Break something in a device."""
    world.up.do(lambda: world.up.world.faults.update({host: Faults(**what)}))


def gone(world: Fibre, *names: str) -> None:
    """Let nothing answer to some names."""

    def unreach() -> None:
        for each in names:
            world.up.world.unreach(world.up.world.named(each).name, each)

    world.up.do(unreach)


def other_key(world: Fibre, name: str) -> None:
    """Have the operator know another host key of a machine."""
    path = world.up.folder / "known_hosts"
    lines = [each for each in path.read_text().splitlines() if name not in each.split()[0].split(",")]
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().split()
    path.write_text("\n".join([*lines, f"{name} {key[0]} {key[1]}"]) + "\n")


def no_ssh(world: Fibre) -> None:
    """Have the router's SSH server gone, while all else on it works."""
    world.up.do(lambda: world.up.router().active.discard("ssh"))


@dataclass(frozen=True)
class Trouble:
    """What is wrong, and how it is told.

    Attributes:
        order: that is activated.
        wrong: what is done before.
        says: words that whoever reads the message needs.
        new: whether the line is new; otherwise it is in service.
        mutated: whether a template of the project is wrong.
    """

    cause: str
    code: int
    order: dict[str, Any]
    wrong: Callable[[Fibre], None] = lambda world: None
    says: tuple[str, ...] = ()
    new: bool = False
    mutated: bool = False


TROUBLES = {
    "OLT unreachable": Trouble(
        "unreachable", 3, SPEED, lambda world: gone(world, f"{BRUSSELS}.example.net"), (BRUSSELS,)
    ),
    "OLT lets nobody in": Trouble(
        "authentication", 3, SPEED, lambda world: fault(world, BRUSSELS, refuse_login=True), (BRUSSELS,)
    ),
    "OLT is another one": Trouble(
        "host key", 3, SPEED, lambda world: other_key(world, f"{BRUSSELS}.example.net"), (BRUSSELS,)
    ),
    "OLT refuses a line": Trouble(
        "rejected",
        1,
        SPEED,
        lambda world: fault(world, BRUSSELS, reject=("service-port",)),
        (BRUSSELS, "service-port ", "Failure: Does not support this operation"),
    ),
    "OLT refuses the last line of many": Trouble(
        "rejected",
        1,
        form(),
        lambda world: fault(world, BRUSSELS, reject=("service-port",)),
        (BRUSSELS, "service-port vlan 100", "Failure: Does not support this operation"),
        new=True,
    ),
    "OLT says nothing": Trouble("timeout", 3, SPEED, lambda world: fault(world, BRUSSELS, hang=True), (BRUSSELS,)),
    "router unreachable": Trouble("unreachable", 3, WIFI_OFF, no_ssh, ("LX0101",)),
    "router lets nobody in": Trouble(
        "authentication", 3, form(), lambda world: fault(world, "LX0101", refuse_login=True), ("LX0101",), new=True
    ),
    "router is another one": Trouble(
        "host key", 3, form(), lambda world: other_key(world, "LX0101"), ("LX0101",), new=True
    ),
    "router refuses a document": Trouble(
        "rejected",
        1,
        form(),
        lambda world: fault(world, "LX0101", reject=("dhcp-authoritative", "domain-needed", "interface=br-lan")),
        ("dnsmasq.conf",),
        new=True,
    ),
    "proof fails": Trouble("not proven", 1, form(), says=("not proven",), new=True, mutated=True),
}


def told(warm: Warm, base: Path, folder: Path, project: Path, trouble: Trouble) -> None:
    """Run into a trouble; look at what is told, and at the devices."""
    with fibre_world(folder, warm, None if trouble.new else base) as world:
        before, runs = everything(world), len(world.runs())
        trouble.wrong(world)
        if trouble.mutated:
            world.extra["PROVISO_PROJECT"] = str(project)
        answer = world.activate(trouble.order)
        assert answer.code == trouble.code, answer.stdout + answer.stderr
        last = world.runs()[-1]
        assert len(world.runs()) == runs + 1
        assert json.loads(last["trouble"])["cause"] == trouble.cause
        assert cause_told(answer) == trouble.cause
        assert not [each for each in trouble.says if each not in last["message"]], last["message"]
        assert "Traceback" not in answer.stderr
        assert last["state"] in ("failed", "went back"), last["message"]
        after = everything(world)
        assert [after[each] for each in ("olts", "routers")] == [before[each] for each in ("olts", "routers")]
        assert_whole(world)
        held = world.rows("select role, first from assignment where state = 'assigned'")
        assert {each["role"] for each in held} >= {"fixed-ipv4", "management", "ont-id"}
        assert_no_secret(world)


def cause_told(answer: Answer) -> str:
    """Return the one kind of trouble that a batch counts."""
    (cause,) = answer.json["summary"]
    return str(cause)


@pytest.fixture(scope="module")
def mutated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose routers do not bring callers to the customer's servers."""
    return project_with(
        tmp_path_factory.mktemp("mutated") / "project",
        "nftables.conf",
        lambda text: text.replace("dnat ip to {{ mapping.target }}", "accept"),
    )


@pytest.mark.parametrize("half", range(2))
def test_each_trouble_is_told_apart_and_leaves_every_device_as_before(
    warm: Warm, line_in_service: Path, mutated: Path, tmp_path: Path, half: int
) -> None:
    some = list(TROUBLES.items())[half::2]
    Together(JOBS)(
        {
            name: partial(told, warm, line_in_service, tmp_path / str(number), mutated, trouble)
            for number, (name, trouble) in enumerate(some)
        }
    )


def test_a_cease_whose_router_nobody_reaches_says_how_it_goes_without(
    warm: Warm, line_in_service: Path, tmp_path: Path
) -> None:
    cease = {"order": "PX-2026-000903", "kind": "cease", "line": LINE}
    with fibre_world(tmp_path / "world", warm, line_in_service) as world:
        no_ssh(world)
        answer = world.activate(cease)
        assert (answer.code, cause_told(answer)) == (3, "unreachable")
        assert "--without-router" in answer.json["orders"][0]["error"]["remedy"]
        gone(world, f"{BRUSSELS}.example.net")
        without = world.run("order", "activate", world.write(cease), "--without-router", "--json")
        assert (without.code, cause_told(without)) == (3, "unreachable")
        assert "--without-router" not in without.json["orders"][0]["error"]["remedy"]
        world.up.do(lambda: world.up.world.reach(BRUSSELS, f"{BRUSSELS}.example.net"))
        world.resume_all()
        assert world.runs()[-1]["state"] == "ceased"
        assert world.configuration(BRUSSELS)[0].onts == {}


def test_bad_devices_do_not_stop_the_others_of_a_batch(warm: Warm, tmp_path: Path) -> None:
    troubled = {3: "rejected", 5: "host key", 7: "authentication"}
    with fibre_world(tmp_path / "world", warm, customers=10) as world:
        fault(world, NAMUR, reject=("ont add",))
        other_key(world, "LX0105")
        fault(world, "LX0107", refuse_login=True)
        forms = [form(number) for number in range(1, 11)]
        forms[2]["ont"] = {**forms[2]["ont"], "olt": NAMUR, "port": "0/1/0"}
        answer = world.run("order", "activate", *map(world.write, forms), "--jobs", "5", "--json")
        assert answer.code == 3, answer.stderr
        assert answer.json["summary"] == {"proven": 7, "rejected": 1, "host key": 1, "authentication": 1}
        outcomes = {
            number: each["error"]["cause"] if "error" in each else each["run"]["state"]
            for number, each in enumerate(answer.json["orders"], 1)
        }
        assert outcomes == {number: troubled.get(number, "proven") for number in range(1, 11)}
        assert_whole(world)
        assert_no_secret(world)
        people = world.run("order", "activate", *map(world.write, forms), "--jobs", "5")
        assert people.code == 3
        assert "10 orders: 7 proven" in people.stdout


def under_way(world: Fibre) -> bool:
    """Return whether a run has come as far as its OLT."""
    try:
        return bool(world.rows("select 1 from run where stage = 'access'"))
    except sqlite3.OperationalError:
        return False  # there is no store yet


def test_of_two_activations_of_one_order_at_once_one_runs_and_one_is_told(warm: Warm, tmp_path: Path) -> None:
    with fibre_world(tmp_path / "world", warm) as world:
        path = world.write(form())
        first = world.start("order", "activate", path, "--json")
        assert eventually(lambda: under_way(world), 30), first.said()
        second = world.run("order", "activate", path, "--json")
        assert second.code == 1
        (told,) = second.json["orders"]
        assert told["error"]["what"] == "another run is changing L-1"
        assert "which was left" not in second.stderr
        assert second.json["summary"] == {"busy": 1}
        answer = first.answer()
        assert (answer.code, answer.json["summary"]) == (0, {"proven": 1}), answer.stderr
        assert len(world.runs()) == 1
        assert_whole(world)


def test_two_orders_on_one_olt_at_once_are_both_proven(warm: Warm, tmp_path: Path) -> None:
    with fibre_world(tmp_path / "world", warm) as world:
        both = [world.start("order", "activate", world.write(form(number)), "--json") for number in (1, 2)]
        answers = [each.answer() for each in both]
        assert [each.code for each in answers] == [0, 0], [each.stderr for each in answers]
        assert [each.json["summary"] for each in answers] == [{"proven": 1}] * 2
        assert_whole(world)
        assert len(world.configuration(BRUSSELS)[0].onts) == 2


@contextmanager
def planned(world: Fibre, order: dict[str, Any]) -> Iterator[Any]:
    """Yield while a run has planned the change of an OLT, and waits for whoever writes there at the moment."""
    with wait_for_lock(world.state, f"olt {BRUSSELS}", seconds=10):
        running = world.start("order", "activate", world.write(order), "--json")
        query = "select 1 from run_change where device = ? and state = 'planned'"
        assert eventually(lambda: bool(world.rows(query, BRUSSELS)), 20), running.said()
        yield running


def test_what_somebody_changes_between_plan_and_write_is_planned_again(
    warm: Warm, line_in_service: Path, tmp_path: Path
) -> None:
    """He changed this ONT, and made another one: the first is made what was ordered, the second stays his."""
    with fibre_world(tmp_path / "world", warm, line_in_service) as world:
        device = world.up.olt().device
        (flow,) = device.config.flows.values()

        def change() -> Ont:
            config = device.config
            (mine,) = config.onts.values()
            config.flows[flow.index] = replace(flow, inbound=0, outbound=0)
            his = replace(mine, port="0/1/3", ont_id=9, serial="HWTC0BADCAFE", description="his")
            config.onts["0/1/3", 9] = his
            device.settle()
            return his

        with planned(world, SPEED) as running:
            his = world.up.do(change)
        answer = running.answer()
        assert answer.code == 0, answer.stdout + answer.stderr
        config, saved = world.configuration(BRUSSELS)
        assert config == saved
        assert config.onts["0/1/3", 9] == his
        (kept,) = config.flows.values()
        assert (kept.index, kept.inbound) != (flow.index, 0)
        assert_serves(world)
        run = world.runs()[-1]
        query = "select base, wanted, state from run_change where run_id = ? and device = ?"
        (after,) = world.rows(query, run["id"], BRUSSELS)
        assert (run["state"], after["state"]) == ("proven", "kept")
        assert after["base"] != after["wanted"]
