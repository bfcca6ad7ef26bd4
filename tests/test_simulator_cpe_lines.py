"""Lines that are brought into service on the simulator, by the ordinary command of an ordinary user.

What is wrong on the router must make the proof fail: nothing that is simulated knows what the product hopes for.
"""

import json
import shutil
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulated_lines import Simulated, simulated
from worlds import ROOT, Answer

from provisioning.devices.dial import dial
from provisioning.errors import DeviceUnreachable
from provisioning.model.proxy import parse_proxy
from provisioning.stands.simulator.fibre import Passing
from provisioning.stands.simulator.outcomes import OPEN, UNREACHABLE

CPES = 12
NFTABLES, FRR = "nftables.conf.j2", "frr.conf.j2"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("lines"), CPES) as up:
        yield up


def activate(world: Simulated, order: Path | str, project: Path = ROOT, **more: str) -> Answer:
    given = ("--project", project, "order", "activate", order)
    return world.proviso(*given, environment={**world.environment, **more})


def latest(world: Simulated, serial: str) -> Any:
    runs = world.proviso("run", "list", "--json", environment=world.environment).json["runs"]
    mine = next(each for each in runs if each["scope"] == serial)
    return world.proviso("run", "show", mine["id"], "--json", environment=world.environment).json["run"]


def failed(run: Any) -> set[str]:
    """Return the kinds of gates that stood in the way."""
    return {each["kind"] for each in run["checks"] if each["outcome"] != "passed" and each["weight"] == "gate"}


@pytest.mark.parametrize(
    ("order", "serial", "checks"),
    [("internet-pro", "LX0102", 20), ("internet-pro-plus", "LX0104", 45), ("business-internet-copper", "LX0103", 20)],
)
def test_an_order_ends_proven(world: Simulated, order: str, serial: str, checks: int) -> None:
    answer = activate(world, f"examples/orders/{order}.yaml")
    assert answer.code == 0, answer.stdout + answer.stderr
    run = latest(world, serial)
    assert run["state"] == "proven"
    assert len(run["checks"]) >= checks
    assert {each["outcome"] for each in run["checks"]} == {"passed"}
    assert answer.stderr.count("calls every opening") == 1
    status = world.proviso("device", "facts", serial, "--json", environment=world.environment).json
    assert (status["way"], status["status"]["outcome"]) == ("management", "confirmed")
    if order != "internet-pro":
        return
    again = activate(world, f"examples/orders/{order}.yaml")
    assert again.code == 0, again.stdout + again.stderr
    assert latest(world, serial)["message"].startswith("nothing to change, and proven again")


def order_for(world: Simulated, number: int, **keys: Any) -> tuple[Path, str]:
    serial = f"LX{100 + number:04}"
    form = {
        "order": f"PX-2026-0008{number:02}",
        "customer": {"name": "Imprimerie Exemple"},
        "site": {"address": "1 Rue Exemple, 1000 Bruxelles"},
        "formula": "internet-pro",
        "options": {"fixed_ipv4": True},
        "lan": {"subnet": f"192.168.{number}.0/24"},
        "servers": [{"ports": ["tcp/443"], "to": f"192.168.{number}.20"}],
        "cpe": {"platform": "linux_cpe", "serial": serial},
        **keys,
    }
    path = world.folder / f"order-{number}.yaml"
    path.write_text(yaml.safe_dump(form), "utf-8")
    return path, serial


@pytest.mark.parametrize(
    ("number", "document", "before", "after", "kinds"),
    [
        (5, NFTABLES, "		ct status dnat ip daddr", "		ct status snat ip daddr", {"opening"}),
        (6, NFTABLES, "dnat ip to {{ mapping.target }}", "dnat ip to 192.168.6.77", {"opening"}),
        (
            7,
            NFTABLES,
            "meta l4proto { tcp, udp } th dport 23 drop",
            "meta l4proto { tcp, udp } th dport 23 accept",
            {"port-23", "scan"},
        ),
        (8, NFTABLES, "ip saddr {{ lan_subnet }} snat ip to {{ fixed_ipv4 }}", "accept", {"nat"}),
        (9, "dnsmasq.conf.j2", "dhcp-range={{ first }}", "#", {"lease", "nat", "dns"}),
        (10, NFTABLES, "udp dport 161 accept", "udp dport 161 drop", {"management"}),
    ],
)
def test_what_is_wrong_on_the_router_makes_the_proof_fail(
    world: Simulated, tmp_path: Path, number: int, document: str, before: str, after: str, kinds: set[str]
) -> None:
    project = tmp_path / "project"
    for each in ("inventory", "templates"):
        shutil.copytree(ROOT / each, project / each)
    shutil.copy(ROOT / "nornir.yaml", project)
    template = project / "templates" / "linux_cpe" / document
    text = template.read_text("utf-8")
    assert before in text
    text = text.replace(before, after)
    if number == 7:
        accept = "ct state invalid drop\n		tcp dport 23 accept"
        text = text.replace("ct state invalid drop", accept)
    template.write_text(text, "utf-8")
    path, serial = order_for(world, number)
    answer = activate(world, path, project)
    assert answer.code == 1, answer.stdout + answer.stderr
    run = latest(world, serial)
    assert run["state"] == "went back"
    assert kinds <= failed(run)
    facts = world.proviso("device", "facts", serial, "--json", environment=world.environment).json
    assert facts["way"] == "staging" and "abandoned" in facts["status"]["outcome"]


def test_a_lock_out_is_taken_back_by_the_router_itself(world: Simulated, tmp_path: Path) -> None:
    project = tmp_path / "project"
    for each in ("inventory", "templates"):
        shutil.copytree(ROOT / each, project / each)
    shutil.copy(ROOT / "nornir.yaml", project)
    template = project / "templates" / "linux_cpe" / NFTABLES
    template.write_text(template.read_text("utf-8").replace("tcp dport 22 accept", "tcp dport 22 drop"), "utf-8")
    path, serial = order_for(world, 11)
    answer = activate(world, path, project, PROVISO_REVERT_SECONDS="10")
    assert answer.code == 1, answer.stdout + answer.stderr
    assert "not confirmed within 10 s" in answer.stderr
    assert latest(world, serial)["state"] == "went back"


RECORD = {
    "schema": 1,
    "line": "L-900",
    "order": "PX-1",
    "cpe": "LX0112",
    "ont": "HWTC0A0B0C0D",
    "access": "fibre",
    "bearers": ["fibre"],
    "rate": {"down": 500, "up": 200},
    "management": "10.255.9.9",
    "fixed_ipv4": None,
    "ip_pack": None,
    "ipv6": None,
    "customer_firewall": False,
    "servers": [],
    "lan": {"subnet": "192.168.12.0/24", "router": "192.168.12.254"},
}


@pytest.fixture
def fibre(world: Simulated) -> Iterator[Simulated]:
    """A world in which LX0112 has a line on fibre."""
    folder = world.proviso.state / "network"
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / "L-900.part"
    partial.write_text(json.dumps(RECORD))
    partial.rename(folder / "L-900.json")
    yield world
    (folder / "L-900.json").unlink()
    world.do(lambda: world.world.fibre.let_pass("HWTC0A0B0C0D", None) if world.world.fibre.passing else None)


def test_on_fibre_a_router_is_reached_while_its_ont_passes(fibre: Simulated) -> None:
    proxy = parse_proxy(fibre.proxy)
    router, network = fibre.router(12), fibre.network

    def outcome() -> str:
        return network.call_in("tcp", ip_address("198.18.1.10"), 40000, "100.64.1.12", 22).state

    with pytest.raises(DeviceUnreachable, match="no route to host"):
        dial("LX0112", 22, 5, proxy)
    assert fibre.do(outcome) == UNREACHABLE
    passing = Passing("HWTC0A0B0C0D", "olt-brussels-1", "0/1/3", 350.0, 100.0)
    fibre.do(lambda: fibre.world.fibre.let_pass("HWTC0A0B0C0D", passing))
    dial("LX0112", 22, 5, proxy).close()
    assert fibre.do(outcome) == OPEN
    assert fibre.do(lambda: network.rate(router)) == (350.0, 100.0)
    fibre.do(lambda: fibre.world.fibre.let_pass("HWTC0A0B0C0D", None))
    with pytest.raises(DeviceUnreachable):
        dial("LX0112", 22, 5, proxy)


def test_damaged_records_of_lines_harm_nobody(world: Simulated) -> None:
    folder = world.proviso.state / "network"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "zz.json").write_text('{"schema": 1, "line": [[[')
    (folder / "zy.json").write_bytes(b"\xff\xfe\x00")
    dial("LX0101", 22, 5, parse_proxy(world.proxy)).close()
