"""Two bearers of a simulated line: what comes by which, as BGP on the router and the OLT have it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from simulated_lines import Simulated, simulated
from test_simulator_cpe_checkers import text_of
from worlds import ROOT

from provisioning.stands.simulator.fibre import Passing
from provisioning.stands.simulator.linux_cpe.documents import PLACES
from provisioning.stands.simulator.operator_side import INTERNET
from provisioning.stands.simulator.outcomes import OPEN, TIMEOUT

DOCUMENTS = ROOT / "tests/cases/render/fullfiber-extended/documents"
ONT = "HWTC0A0B0C0D"
FIXED, MANAGEMENT = "192.0.2.1", "10.255.0.0"

RECORD = {
    "schema": 1,
    "line": "L-1",
    "order": "PX-1",
    "cpe": "LX0101",
    "ont": ONT,
    "access": "fibre",
    "bearers": ["fibre", "mobile"],
    "rate": {"down": 500, "up": 200},
    "management": MANAGEMENT,
    "fixed_ipv4": FIXED,
    "ip_pack": "198.51.100.0/28",
    "ipv6": {
        "block": "2001:db8::/56",
        "lan_half": "2001:db8::/57",
        "link": "2001:db8::/64",
        "routed_half": "2001:db8:0:80::/57",
        "next_hop": "2001:db8::10",
    },
    "customer_firewall": True,
    "servers": [{"target": "192.168.40.10", "ports": ["tcp/443", "tcp/25"]}],
    "lan": {"subnet": "192.168.40.0/24", "router": "192.168.40.1"},
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Simulated]:
    """A world in which LX0101 has a fibre line with mobile back-up, in service."""
    with simulated(tmp_path, cpes=2) as up:
        folder = up.proviso.state / "network"
        folder.mkdir(parents=True)
        (folder / "L-1.json").write_text(json.dumps(RECORD))
        up.do(lambda: put(up))
        yield up


def put(world: Simulated, **changed: str) -> None:
    router = world.router()
    for name, place in PLACES.items():
        path = DOCUMENTS / name
        text = changed.get(name.split(".")[0]) or text_of(path)
        router.tree.make_folder(place.path.rpartition("/")[0])
        router.tree.write(place.path, text.encode(), place.mode)
        assert router.load(name, text.encode()) == ""


def light(world: Simulated, *, on: bool) -> None:
    passing = Passing(ONT, "olt-brussels-1", "0/1/3", 350.0, 100.0) if on else None
    world.do(lambda: world.world.fibre.let_pass(ONT, passing))


def wait(world: Simulated, seconds: float) -> None:
    """Let time pass; the router notices on the way what it would notice by itself."""
    world.do(world.router().tick)
    world.clock.added += timedelta(seconds=seconds)
    world.do(world.router().tick)


def way(world: Simulated, address: str) -> str:
    return world.do(lambda: world.network.way(world.router(), ip_address(address)))


def call(world: Simulated, address: str, port: int) -> str:
    return world.do(lambda: world.network.call_in("tcp", INTERNET[4], 40000, address, port).state)


def test_what_comes_moves_to_the_mobile_bearer_and_back(world: Simulated) -> None:
    light(world, on=True)
    assert (way(world, MANAGEMENT), call(world, FIXED, 443)) == ("fixed", OPEN)
    assert world.do(lambda: world.network.rate(world.router())) == (350.0, 100.0)
    light(world, on=False)
    wait(world, 1)  # that BFD takes to notice; until then, what is sent is lost
    assert (way(world, MANAGEMENT), call(world, FIXED, 443)) == ("mobile", OPEN)
    assert way(world, "2001:db8::1") == "mobile"
    assert world.do(lambda: world.network.reached(world.router(), MANAGEMENT, "tcp", 22)) is True
    light(world, on=True)
    wait(world, 30)
    assert way(world, MANAGEMENT) == "mobile"
    wait(world, 40)
    assert way(world, MANAGEMENT) == "fixed"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("neighbor 100.96.0.1 remote-as 64500", "neighbor 100.96.0.1 remote-as 64501"),
        ("router bgp 64511", "router bgp 64999"),
        ("network 192.0.2.1/32", "network 192.0.2.2/32"),
        ("neighbor 100.96.0.1 route-map MOBILE-OUT4 out", "neighbor 100.96.0.1 route-map MOBILE-OUT6 out"),
    ],
)
def test_without_bgp_nothing_comes_by_it(world: Simulated, before: str, after: str) -> None:
    text = text_of(DOCUMENTS / "frr.conf")
    assert before in text
    world.do(lambda: put(world, frr=text.replace(before, after)))
    assert (way(world, FIXED), call(world, FIXED, 443)) == ("", TIMEOUT)


def test_a_router_that_was_taken_away_is_reached_by_no_bearer(world: Simulated) -> None:
    light(world, on=True)
    assert way(world, MANAGEMENT) == "fixed"
    # What it has in force here would not survive the loss of power; that of a router in service does.
    world.do(lambda: world.network.successors.update(LX0101="LX0102"))
    assert (way(world, MANAGEMENT), way(world, FIXED)) == ("", "")
    assert world.do(lambda: world.network.reached(world.router(), MANAGEMENT, "tcp", 22)) is False


def test_a_firewall_that_shuts_bgp_out_cuts_the_line_off(world: Simulated) -> None:
    light(world, on=True)
    text = text_of(DOCUMENTS / "nftables.conf").replace("tcp dport 179 accept", "tcp dport 179 drop")
    world.do(lambda: put(world, nftables=text))
    assert call(world, FIXED, 443) == TIMEOUT
    assert world.do(lambda: world.network.reached(world.router(), MANAGEMENT, "tcp", 22)) is False
