"""What the lab's BNG and mobile core make of a router's wishes, and of bearers that die: with real packets."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from forgetful import second_connection, state
from labs import TestLab, eventually, lab_up, needs_lab
from two_bearers import BEARERS, CPE1, LINE, OWN, ROUTER

from provisioning.stands.lab.routing import PREFERENCES, frr_configuration
from provisioning.stands.lab.topology import Kind

FIXED, MOBILE, HOLD = "64500:200", "64500:100", "64500:50"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    """A lab with a router of two bearers."""
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as lab:
        folder = lab.folder.parent / "network"
        folder.mkdir()
        (folder / "L-1.json").write_text(json.dumps(LINE))
        assert eventually(lambda: "192.0.2.1" in lab.within("mobile", "nft", "list", "table", "inet", "lab").stdout)
        told = lab.within("cpe1", "sh", "-euc", ROUTER)
        assert told.code == 0, told.stderr
        yield lab


@pytest.fixture
def lab(whole: TestLab) -> TestLab:
    """The same, with everything as it is on a good day."""
    assert all_back(whole), sessions(whole)
    wish(whole, "FIXED")
    assert eventually(lambda: taken(whole) == {"fixed"}), taken(whole)
    return whole


def taken(lab: TestLab) -> set[str]:
    """Return the bearers by which the BNG reaches the router, of both families."""
    found = set()
    for address in OWN.values():
        told = lab.within("bng", "ip", "-json", "route", "get", address)
        found.add(BEARERS.get(told.json[0].get("dev"), "none") if told.code == 0 else "none")
    return found


def bfd_up(lab: TestLab, node: str = "cpe1") -> int:
    peers = json.loads(lab.within(node, "vtysh", "-c", "show bfd peers json").stdout or "[]")
    return sum(each["status"] == "up" for each in peers)


def all_back(lab: TestLab, wanted: int = 4) -> bool:
    """Return whether so many of the router's sessions are up again."""
    return eventually(lambda: bfd_up(lab) == wanted)


def neighbours(lab: TestLab, node: str) -> list[dict[str, Any]]:
    families = json.loads(lab.within(node, "vtysh", "-c", "show bgp summary json").stdout)
    return [each for family in families.values() for each in family.get("peers", {}).values()]


def sessions(lab: TestLab) -> str:
    """Return how every session of the router and of the operator stands, for whoever has to find out why."""
    words = [
        part for each in ("bfd peers brief", "bgp ipv4 summary", "bgp ipv6 summary") for part in ("-c", f"show {each}")
    ]
    return "\n".join(f"{node}: {lab.within(node, 'vtysh', *words).stdout}" for node in ("cpe1", "bng", "mobile"))


BY_BFD = {"Cease/BFD Down", "BFD down received"}
"""How FRR says that BFD ended BGP: by whether either end could tell the other one."""


def ended_by(lab: TestLab) -> set[str]:
    """Return why the BNG's sessions with the router ended the last time."""
    told = [lab.within("bng", "vtysh", "-c", f"show bgp neighbors {each} json").json for each in CPE1]
    return {each.get("lastNotificationReason", each["lastResetDueTo"]) for answer in told for each in answer.values()}


def wish(lab: TestLab, route_map: str) -> None:
    """Say to the BNG by which community the router wants to be reached on its fixed bearer."""
    families = (("ipv4", "100.64.0.1"), ("ipv6", "3fff:0:0:a::1"))
    commands = [
        word
        for family, neighbour in families
        for word in (f"address-family {family} unicast", f"neighbor {neighbour} route-map {route_map} out", "exit")
    ]
    words = [part for each in ("configure terminal", "router bgp 64511", *commands) for part in ("-c", each)]
    assert lab.within("cpe1", "vtysh", *words).code == 0


class Stream:
    """Pings every 20 ms from the internet, of both families, until it is asked what was lost."""

    def __init__(self, lab: TestLab) -> None:
        self.lab = lab
        for family, address in OWN.items():
            script = f"ping -n -i 0.02 -W 1 {address} > /tmp/{family} 2>&1 & echo $! > /tmp/{family}.pid"
            assert lab.within("internet", "sh", "-c", script).code == 0

    def lost(self) -> dict[str, int]:
        found = {}
        for family in OWN:
            self.lab.within("internet", "sh", "-c", f"kill -INT $(cat /tmp/{family}.pid)")
            assert eventually(lambda family=family: "packet loss" in self._said(family))  # type: ignore[misc]
            counts = re.search(r"(\d+) packets transmitted, (\d+) received", self._said(family))
            assert counts is not None
            assert int(counts[2]) > 20
            found[family] = int(counts[1]) - int(counts[2])
        return found

    def _said(self, family: str) -> str:
        return self.lab.within("internet", "cat", f"/tmp/{family}").stdout


def test_what_a_router_wishes_has_a_preference_each() -> None:
    assert PREFERENCES[FIXED] > PREFERENCES[MOBILE] > PREFERENCES[HOLD]
    for kind in (Kind.BNG, Kind.MOBILE_CORE):
        text = frr_configuration(kind, ())
        assert all(f"permit {community}\n" in text for community in PREFERENCES)
        assert text.count("route-map CUSTOMERS in") == 2


@needs_lab
def test_a_router_that_holds_its_fixed_bearer_is_reached_over_mobile_and_nothing_is_lost(lab: TestLab) -> None:
    stream = Stream(lab)
    for route_map, bearer in 3 * (("HOLD", "mobile"), ("FIXED", "fixed")):
        wish(lab, route_map)
        assert eventually(lambda bearer=bearer: taken(lab) == {bearer}), (route_map, taken(lab))  # type: ignore[misc]
    # A ping that is under way when they end has no answer.
    assert max(stream.lost().values()) <= 1


@needs_lab
@pytest.mark.parametrize("kind", ["link-down", "silent", "one-way"])
def test_a_cut_bearer_is_left_for_the_other_one_and_nobody_waits_for_bgp(lab: TestLab, kind: str) -> None:
    assert lab.proviso("lab", "cut", "cpe1", "--kind", kind).code == 0
    try:
        assert eventually(lambda: taken(lab) == {"mobile"}), taken(lab)
        assert ended_by(lab) <= BY_BFD, ended_by(lab)
        assert all(lab.pings("internet", each) for each in OWN.values())
    finally:
        assert lab.proviso("lab", "heal", "cpe1").code == 0
    assert eventually(lambda: taken(lab) == {"fixed"}), taken(lab)


@needs_lab
@pytest.mark.parametrize(("victim", "left"), [("bng", "mobile"), ("mobile", "fixed")])
def test_what_dies_for_everybody_leaves_the_other_bearer(lab: TestLab, victim: str, left: str) -> None:
    assert lab.proviso("lab", "cut", victim).code == 0
    try:
        assert eventually(lambda: taken(lab) == {left} and bfd_up(lab) == 2), (taken(lab), bfd_up(lab))
        # The line of the BNG to the internet and to the mobile core is not what died.
        assert all(lab.pings("internet", each) for each in OWN.values())
        assert lab.within("cpe1", "ip", "-json", "link", "show", "wan0").json[0]["operstate"] == "UP"
    finally:
        assert lab.proviso("lab", "heal", victim).code == 0
    assert all_back(lab), sessions(lab)
    assert eventually(lambda: taken(lab) == {"fixed"}), (taken(lab), sessions(lab))


@needs_lab
def test_a_line_with_both_bearers_dead_comes_back_with_either(lab: TestLab) -> None:
    for bearer in ("fixed", "mobile"):
        assert lab.proviso("lab", "cut", "cpe1", "--bearer", bearer).code == 0
    try:
        assert eventually(lambda: bfd_up(lab) == 0)
        assert all(lab.drops("internet", each) for each in OWN.values())
        assert lab.proviso("lab", "heal", "cpe1", "--bearer", "mobile").code == 0
        assert all_back(lab, 2), sessions(lab)
        assert eventually(lambda: all(lab.pings("internet", each) for each in OWN.values())), sessions(lab)
        assert taken(lab) == {"mobile"}
    finally:
        for bearer in ("fixed", "mobile"):
            lab.proviso("lab", "heal", "cpe1", "--bearer", bearer)


@needs_lab
@pytest.mark.parametrize(("interval", "least", "most"), [(300, 220, 310), (100, 70, 110)])
def test_the_router_says_how_quickly_a_dead_bearer_is_noticed(
    lab: TestLab, interval: int, least: float, most: float
) -> None:
    words = ("bfd", "profile bearer", f"receive-interval {interval}", f"transmit-interval {interval}")
    commands = [part for each in ("configure terminal", *words) for part in ("-c", each)]
    assert lab.within("cpe1", "vtysh", *commands).code == 0
    try:
        assert eventually(lambda: least <= spacing(lab) <= most), spacing(lab)
    finally:
        commands = [part.replace(f"val {interval}", "val 300") for part in commands]
        assert lab.within("cpe1", "vtysh", *commands).code == 0


def spacing(lab: TestLab) -> float:
    """Return the milliseconds between packets of BFD that the BNG sends."""
    words = ("tcpdump", "-i", "wan0", "-n", "-tt", "-c", "9", "udp dst port 3784 and src host 100.64.0.1")
    times = [float(line.split()[0]) for line in lab.within("cpe1", *words).stdout.splitlines() if " IP " in line]
    gaps = sorted(after - before for before, after in pairwise(times))
    return gaps[len(gaps) // 2] * 1000


@needs_lab
def test_a_router_that_calls_anew_before_its_former_connection_has_ended_is_not_forgotten(lab: TestLab) -> None:
    second_connection(lab)
    assert eventually(lambda: state(lab, "bng") == state(lab, "cpe1") == "Established"), sessions(lab)
    assert all_back(lab), sessions(lab)
    assert eventually(lambda: taken(lab) == {"fixed"}), (taken(lab), sessions(lab))


@needs_lab
def test_bfd_outlives_bgp_that_begins_anew(lab: TestLab) -> None:
    """What a session of BFD that FRR puts in the place of another one said at its end would keep it down."""
    before, begun = watched(lab), times_begun(lab)
    assert (len(before), len(begun)) == (4, 4)
    assert lab.within("cpe1", "vtysh", "-c", "clear bgp *").code == 0
    assert eventually(lambda: all(now > then for then, now in zip(begun, times_begun(lab), strict=True)))
    assert watched(lab) == before, sessions(lab)
    told = lab.within("bng", "nft", "-json", "list", "chain", "inet", "bfd", "sent").json
    assert any("drop" in step for each in told["nftables"] for step in each.get("rule", {}).get("expr", []))


def watched(lab: TestLab) -> set[int]:
    """Return the router's sessions of BFD that are up, by the number that each gets when it is made."""
    peers = json.loads(lab.within("cpe1", "vtysh", "-c", "show bfd peers json").stdout or "[]")
    return {each["id"] for each in peers if each["status"] == "up"}


def times_begun(lab: TestLab) -> list[int]:
    """Return how often BGP was established with each of the router's neighbours."""
    return [each["connectionsEstablished"] for each in neighbours(lab, "cpe1")]
