"""Lines that are brought into service on the simulator, by the ordinary command of an ordinary user.

What is wrong on the router must make the proof fail: nothing that is simulated knows what the product hopes for.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from simulated_lines import Simulated, simulated
from together import Case, Together
from warm import Warm
from worlds import ROOT, Answer

from provisioning.devices.dial import dial
from provisioning.errors import DeviceUnreachable
from provisioning.model.proxy import parse_proxy
from provisioning.stands.simulator.fibre import Passing
from provisioning.stands.simulator.outcomes import OPEN, UNREACHABLE

CPES = 12
JOBS = 4
"""Lines at a time: most of each is waiting."""
NFTABLES, FRR = "nftables.conf.j2", "frr.conf.j2"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("lines"), CPES) as up:
        yield up


@dataclass(frozen=True)
class Lines:
    """A world, and Proviso in it, run by a process that has imported all that it needs."""

    world: Simulated
    warm: Warm
    folder: Path

    def run(self, *arguments: str | Path, **more: str) -> Answer:
        return self.warm(arguments, self.world.proviso.environment(**self.world.environment, **more))

    def activate(self, order: Path | str, project: Path = ROOT, **more: str) -> Answer:
        return self.run("--project", project, "order", "activate", order, **more)

    def latest(self, serial: str) -> Any:
        runs = self.run("run", "list", "--json").json["runs"]
        mine = next(each for each in runs if each["scope"] == serial)
        return self.run("run", "show", mine["id"], "--json").json["run"]

    def facts(self, serial: str) -> Any:
        return self.run("device", "facts", serial, "--json").json


def failed(run: Any) -> set[str]:
    """Return the kinds of gates that stood in the way."""
    return {each["kind"] for each in run["checks"] if each["outcome"] != "passed" and each["weight"] == "gate"}


PROVEN = (
    ("internet-pro", "LX0102", 20),
    ("internet-pro-plus", "LX0104", 45),
    ("business-internet-copper", "LX0103", 20),
)


def an_order_ends_proven(lines: Lines, order: str, serial: str, checks: int) -> None:
    answer = lines.activate(f"examples/orders/{order}.yaml")
    assert answer.code == 0, answer.stdout + answer.stderr
    run = lines.latest(serial)
    assert run["state"] == "proven"
    assert len(run["checks"]) >= checks
    assert {each["outcome"] for each in run["checks"]} == {"passed"}
    assert answer.stderr.count("calls every opening") == 1
    status = lines.facts(serial)
    assert (status["way"], status["status"]["outcome"]) == ("management", "confirmed")
    if order != "internet-pro":
        return
    again = lines.activate(f"examples/orders/{order}.yaml")
    assert again.code == 0, again.stdout + again.stderr
    assert lines.latest(serial)["message"].startswith("nothing to change, and proven again")


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


WRONG: tuple[tuple[int, str, str, str, set[str]], ...] = (
    (5, NFTABLES, "{{ opening }} accept", "{{ opening }} drop", {"opening"}),
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
)


def project_with(folder: Path, document: str, before: str, after: str) -> Path:
    """Return a copy of the shipped project with one template changed."""
    for each in ("inventory", "templates"):
        shutil.copytree(ROOT / each, folder / each)
    shutil.copy(ROOT / "nornir.yaml", folder)
    template = folder / "templates" / "linux_cpe" / document
    text = template.read_text("utf-8")
    assert before in text
    template.write_text(text.replace(before, after), "utf-8")
    return folder


def what_is_wrong_on_the_router_makes_the_proof_fail(
    lines: Lines, number: int, document: str, before: str, after: str, kinds: set[str]
) -> None:
    project = project_with(lines.folder / f"project-{number}", document, before, after)
    if number == 7:
        template = project / "templates" / "linux_cpe" / document
        accept = "ct state invalid drop\n		tcp dport 23 accept"
        template.write_text(template.read_text("utf-8").replace("ct state invalid drop", accept), "utf-8")
    path, serial = order_for(lines.world, number)
    answer = lines.activate(path, project)
    assert answer.code == 1, answer.stdout + answer.stderr
    run = lines.latest(serial)
    assert run["state"] == "went back"
    assert kinds <= failed(run)
    facts = lines.facts(serial)
    assert facts["way"] == "staging"
    assert "abandoned" in facts["status"]["outcome"]


def a_lock_out_is_taken_back_by_the_router_itself(lines: Lines) -> None:
    project = project_with(lines.folder / "project-11", NFTABLES, "tcp dport 22 accept", "tcp dport 22 drop")
    path, serial = order_for(lines.world, 11)
    answer = lines.activate(path, project, PROVISO_REVERT_SECONDS="10")
    assert answer.code == 1, answer.stdout + answer.stderr
    assert "not confirmed within 10 s" in answer.stderr
    assert lines.latest(serial)["state"] == "went back"


def test_what_is_as_ordered_is_proven_and_what_is_not_is_not(world: Simulated, warm: Warm, tmp_path: Path) -> None:
    lines = Lines(world, warm, tmp_path)
    cases: dict[str, Case] = {"locked out": partial(a_lock_out_is_taken_back_by_the_router_itself, lines)}
    for proven in PROVEN:
        cases[proven[0]] = partial(an_order_ends_proven, lines, *proven)
    for wrong in WRONG:
        cases[f"{wrong[0]} {wrong[3]}"] = partial(what_is_wrong_on_the_router_makes_the_proof_fail, lines, *wrong)
    Together(JOBS)(cases)


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
