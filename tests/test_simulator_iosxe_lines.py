"""Lines on Cisco routers of the simulator: what the vantage hosts of the inventory see of them."""

import json
from collections.abc import Iterator
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from iosxe_renderings import cisco_config
from renderings import example
from simulated_lines import Simulated, simulated
from worlds import ROOT

from provisioning.planning.network_record import network_record
from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration
from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import read_plane
from provisioning.stands.simulator.fibre import Passing
from provisioning.stands.simulator.outcomes import OPEN, TIMEOUT
from provisioning.stands.simulator.vantage.host import VantageHost

NUMBER, CPES = 22, 20
ORDER = "fullfiber-extended-cisco"
FIXED, SERVER = "192.0.2.1", "192.168.22.20"
GREETER = {"4": ["198.18.1.10", 40000], "6": ["3fff:0:1::10", 40000]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """A world in which the second Cisco router serves a line on fibre, with an IP Pack and a customer's firewall."""
    with simulated(tmp_path_factory.mktemp("ciscos"), CPES, iosxe=2) as up:
        line = example(ORDER)
        folder = up.proviso.state / "network"
        folder.mkdir(parents=True)
        (folder / "L-1.json").write_text(json.dumps(network_record(line, "PX-1")))
        text = cisco_config(ORDER)["running-config"].reveal()
        assert up.do(lambda: up.cisco(NUMBER).device.merge(text, "root")) == []
        ont = up.network.lines.of(up.cisco(NUMBER).name)
        assert ont is not None
        passing = Passing(ont.ont, "olt-namur-1", "0/1/0", 1000.0, 200.0)
        up.do(lambda: up.world.fibre.let_pass(ont.ont, passing))
        yield up


def ask(world: Simulated, host: str, what: str, **request: object) -> Any:
    """Return what a vantage host answers to the probe."""
    found = world.world.named(host)
    assert isinstance(found, VantageHost)
    return world.do(lambda: found.answer(what, request))


def test_a_new_host_on_the_lan(world: Simulated) -> None:
    seen = ask(
        world,
        f"lan{NUMBER}",
        "lan",
        do=["nat", "slaac", "dns", "spoof", "throughput"],
        greeter=GREETER,
        name="example.net",
        resolver="192.168.22.1",
        seconds=1,
        spoof={"sources": ["203.0.113.7"], "targets": {"4": "198.18.1.10"}, "port": 9},
    )
    assert seen["lease"]["address"] == "192.168.22.2"
    assert seen["nat"]["seen_as"] == FIXED
    assert seen["slaac"]["addresses"] == [seen["slaac"]["seen_as"]]
    assert seen["dns"] == {"name": "example.net", "rcode": 0, "answers": 1}
    assert (seen["throughput"]["down"]["mbit"], seen["throughput"]["up"]["mbit"]) == (940.0, 191.0)
    assert (seen["spoof"]["sent"], seen["spoof"]["controls"][0]) == (["203.0.113.7"], "192.168.22.2")


def test_the_customers_firewall(world: Simulated) -> None:
    seen = ask(
        world,
        f"firewall{NUMBER}",
        "firewall",
        within=["198.51.100.0/24", "2001:db8::/32"],
        greeter=GREETER,
        spoof={"sources": [], "targets": {}, "port": 9},
    )
    assert [each["seen_as"] for each in seen["tries"]] == ["198.51.100.2", "2001:db8::10", "2001:db8:0:80::1"]


def test_openings_from_the_internet_arrive_where_they_lead(world: Simulated) -> None:
    ask(world, f"lan{NUMBER}", "start", token="one", kind="witness", name="x", watched=[SERVER], seconds=5)
    ask(
        world, f"firewall{NUMBER}", "start", token="two", kind="witness", name="x", watched=["198.51.100.2"], seconds=5
    )
    wanted = [("tcp", FIXED, 443), ("tcp", FIXED, 80), ("tcp", "198.51.100.2", 25), ("tcp", "198.51.100.2", 23)]
    asked = [{"protocol": protocol, "address": address, "port": port} for protocol, address, port in wanted]
    seen = ask(world, "internet", "tries", seconds=1, wanted=asked)
    assert [each["state"] for each in seen["tries"]] == [OPEN, TIMEOUT, OPEN, "unreachable"]
    (arrival,) = ask(world, f"lan{NUMBER}", "ask", token="one")["arrivals"]
    assert (arrival["to"], arrival["port"]) == (SERVER, 443)
    (arrival,) = ask(world, f"firewall{NUMBER}", "ask", token="two")["arrivals"]
    assert (arrival["to"], arrival["port"]) == ("198.51.100.2", 25)


def test_a_scan_and_a_ping(world: Simulated) -> None:
    seen = ask(world, "internet", "scan", addresses=[FIXED], ports=[])
    assert seen["hosts"][FIXED]["open"] == [443]
    assert ask(world, "internet", "ping", address=FIXED, count=3, interval=0.1, bytes=100)["received"] == 3


def test_routers_of_both_platforms_stand_in_one_network(world: Simulated) -> None:
    network = world.network
    for name, reached in (("LX0101", True), ("FGL26000121", True), ("FGL26000122", False)):
        router = network.routers[name]
        assert world.do(partial(network.reached, router, name, "tcp", 22)) is reached
    assert network.find("100.64.1.21") is network.routers["FGL26000121"]
    assert network.find("100.64.1.20") is network.routers["LX0120"]
    assert network.find("10.255.0.0") is network.find(FIXED) is network.routers["FGL26000122"]
    # In service it is managed by its own address alone.
    assert world.do(lambda: network.reached(network.routers["FGL26000122"], "10.255.0.0", "tcp", 22)) is True


def test_without_light_nothing_passes(world: Simulated) -> None:
    ont = "HWTC00000122"
    passing = world.world.fibre.passing[ont]
    world.do(lambda: world.world.fibre.let_pass(ont, None))
    try:
        outcome = world.do(lambda: world.network.call_in("tcp", ip_address("198.18.1.10"), 4000, FIXED, 443))
        assert outcome.state != OPEN
    finally:
        world.do(lambda: world.world.fibre.let_pass(ont, passing))


def test_the_inventory_has_vantage_hosts_behind_them() -> None:
    hosts = yaml.safe_load((ROOT / "inventory" / "hosts.yaml").read_text("utf-8"))
    for number in range(21, 27):
        for kind, sees in (("lan", "lan"), ("firewall", "customer-firewall")):
            host = hosts[f"probe-{kind}-{number}"]
            assert host["hostname"] == f"{kind}{number}"
            assert (host["data"]["cpe"], host["data"]["sees"]) == (f"FGL26000{100 + number}", sees)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests/cases/render_cisco_iosxe").iterdir()), ids=lambda each: each.name
)
def test_what_the_device_shows_means_what_was_sent(path: Path) -> None:
    text = (path / "documents" / "running-config").read_text("utf-8")
    configuration = Configuration()
    assert configuration.merge(text) == []
    one, other = read_plane(text, 21, None), read_plane(configuration.text(), 21, None)
    assert (one.lists, one.firewall, one.bgp) == (other.lists, other.firewall, other.bgp)
    assert (one.services, one.translations) == (other.services, other.translations)
    assert set(one.routing.statics) == set(other.routing.statics)
    assert (one.routing.tracks, one.routing.probes) == (other.routing.tracks, other.routing.probes)
    assert one.interfaces.items() <= other.interfaces.items()
