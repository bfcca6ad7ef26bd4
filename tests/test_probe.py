"""The probe with real packets: what it tells apart, how fast it is, and that it leaves nothing behind."""

import ast
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from probes import CALL_SECONDS
from segments import (
    HOST,
    HOST6,
    NOBODY,
    NOBODY6,
    OUTSIDE,
    Street,
    needs_namespaces,
)
from worlds import ROOT

from provisioning.errors import VantageTrouble
from provisioning.model.verdict import Viewpoint
from provisioning.vantages.service import service
from provisioning.vantages.ssh_vantage import SshVantage

SOURCES = [*sorted((ROOT / "provisioning/vantages/probe").glob("*.py")), ROOT / "provisioning/vantages/loader.py"]
NEWER = {"tomllib", "StrEnum", "Self", "ExceptionGroup", "BaseExceptionGroup", "TaskGroup", "UTC", "Never", "batched"}
"""What came into the standard library after Python 3.10."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_probe_needs_nothing_but_python_3_10(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 10))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {each.name.split(".")[0] for each in node.names} <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert str(node.module).split(".")[0] in sys.stdlib_module_names
            assert not {each.name for each in node.names} & NEWER
        assert not (isinstance(node, ast.Attribute) and node.attr in NEWER), ast.dump(node)
        assert not isinstance(node, ast.TryStar if sys.version_info >= (3, 11) else ())


@needs_namespaces
def test_tries_tell_apart_what_comes_back(place: Street, internet: SshVantage) -> None:
    calls = [
        (protocol, address, port)
        for protocol in ("tcp", "udp")
        for address in (HOST, HOST6)
        for port in (80, 81, 82, 83)
    ]
    calls += [("tcp", address, port) for address in (HOST, HOST6) for port in (84, 85)]
    calls += [("tcp", NOBODY, 81), ("tcp", NOBODY6, 81), ("udp", NOBODY, 81), ("udp", NOBODY6, 81)]
    calls += [("tcp", "203.0.113.1", 81), ("udp", "2001:dead::1", 81), ("tcp", "198.18.1.77", 81)]
    wanted = [{"protocol": protocol, "address": address, "port": port} for protocol, address, port in calls]
    request = {"wanted": wanted, "seconds": CALL_SECONDS}
    with service(place.host.vantage(Viewpoint.LAN), "witness", {"name": "host", "watched": [HOST, HOST6]}) as witness:
        seen = internet.probe("tries", request, seconds=30)["tries"]
        arrivals = witness.end()["arrivals"]
    assert isinstance(seen, list) and isinstance(arrivals, list)
    found = {(each["protocol"], each["address"], each["port"]): each for each in seen}
    assert len(found) == len(calls)

    def told(protocol: str, address: str, port: int) -> tuple[Any, ...]:
        one = found[protocol, address, port]
        return (one["state"], one.get("icmp", ""), one.get("by", ""))

    for address, router, prohibited, nobody in (
        (HOST, OUTSIDE, "administratively prohibited", NOBODY),
        (HOST6, "3fff:0:1::1", "administratively prohibited", NOBODY6),
    ):
        gone = "host unreachable" if nobody == NOBODY else "address unreachable"
        assert told("tcp", address, 80) == ("open", "", "")
        assert told("tcp", address, 81) == ("refused", "", "")
        assert told("tcp", address, 82) == ("timeout", "", "")
        assert told("tcp", address, 83) == ("unreachable", prohibited, router)
        assert told("tcp", address, 84) == ("unreachable", "port unreachable", router)
        assert told("tcp", address, 85) == ("refused", "", "")
        assert told("udp", address, 80) == ("open", "", "")
        assert told("udp", address, 81) == ("unreachable", "port unreachable", address)
        assert told("udp", address, 82) == ("silent", "", "")
        assert told("udp", address, 83) == ("unreachable", prohibited, router)
        assert told("tcp", nobody, 81) == ("unreachable", gone, router)
        assert told("udp", nobody, 81) == ("unreachable", gone, router)
    assert found["tcp", "203.0.113.1", 81]["state"] == "unsent"
    assert found["udp", "2001:dead::1", 81]["state"] == "unsent"
    assert found["tcp", "198.18.1.77", 81]["state"] == "unsent"  # it is this host that finds nobody on its own cable

    arrived = {(each["protocol"], each["to"], each["port"], each["from"]) for each in arrivals}
    for (protocol, address, port), one in found.items():
        if address in (HOST, HOST6):
            assert ((protocol, address, port, one["from"]) in arrived) == (port in (80, 81)), (protocol, address, port)


@needs_namespaces
def test_two_hundred_calls_go_at_once_and_more_in_turn(place: Street, internet: SshVantage) -> None:
    wanted = [{"protocol": "tcp", "address": HOST, "port": port} for port in range(1000, 1450)]
    seen = internet.probe("tries", {"wanted": wanted, "seconds": 2}, seconds=30)["tries"]
    assert isinstance(seen, list)
    assert {each["state"] for each in seen} == {"refused"}
    assert [each["port"] for each in seen] == list(range(1000, 1450))


@needs_namespaces
@pytest.mark.parametrize("address", [HOST, HOST6])
def test_a_scan_sees_what_is_open_and_what_refuses(place: Street, internet: SshVantage, address: str) -> None:
    request = {"addresses": [address], "ports": [79, 80, 81, 82], "seconds": 30}
    hosts = internet.probe("scan", request, seconds=40)["hosts"]
    assert isinstance(hosts, dict)
    assert (hosts[address]["open"], hosts[address]["closed"]) == ([80], [79, 81])
    assert hosts[address]["scanned"] == 4


@needs_namespaces
def test_a_whole_scan_is_quick_and_tries_each_port_twice(place: Street, internet: SshVantage) -> None:
    place.rules("tcp dport 80 accept\ntcp dport 82 counter drop\niifname out drop")
    hosts = internet.probe("scan", {"addresses": [HOST], "ports": [], "seconds": 60}, seconds=70)["hosts"]
    assert isinstance(hosts, dict)
    assert (hosts[HOST]["open"], hosts[HOST]["closed"], hosts[HOST]["scanned"]) == ([80], [], 65535)
    assert hosts[HOST]["seconds"] < 15
    assert "counter packets 2 " in place.router.sh("nft list ruleset")


@needs_namespaces
def test_ping_finds_the_largest_packet_that_passes(place: Street, internet: SshVantage) -> None:
    place.rules()
    for address in (HOST, HOST6):
        request = {"address": address, "count": 5, "interval": 0.02, "bytes": 1500}
        whole = internet.probe("ping", request, seconds=30)
        assert (whole["sent"], whole["received"], whole["largest"]) == (5, 5, 1500)
        place.router.sh("ip link set in mtu 1400")
        place.host.sh("ip link set eth0 mtu 1400")
        try:
            assert internet.probe("ping", request, seconds=30)["largest"] == 1400
        finally:
            place.router.sh("ip link set in mtu 1500")
            place.host.sh("ip link set eth0 mtu 1500; ip route flush cache")
            place.internet.sh("ip route flush cache; ip -6 route flush cache")


@needs_namespaces
def test_ping_tells_of_silence(internet: SshVantage) -> None:
    request = {"address": "203.0.113.1", "count": 2, "interval": 0.02, "bytes": 1500}
    assert internet.probe("ping", request, seconds=30)["error"] == "no answer"


@needs_namespaces
def test_many_are_asked_at_once_whether_they_answer(place: Street, internet: SshVantage) -> None:
    silent = [f"203.0.113.{number}" for number in range(1, 60)]
    request = {"addresses": [*silent, HOST, HOST6], "count": 2, "interval": 0.02}
    begun = time.monotonic()
    assert internet.probe("answering", request, seconds=30) == {"answered": [HOST, HOST6]}
    assert time.monotonic() - begun < 15


@needs_namespaces
def test_a_host_without_nmap_says_so(place: Street) -> None:
    place.internet.sh("mount --bind /dev/null $(command -v nmap)")
    try:
        with pytest.raises(VantageTrouble, match="nmap is not installed there"):
            place.internet.vantage(Viewpoint.INTERNET).probe("scan", {"addresses": [HOST], "ports": [80]}, seconds=20)
    finally:
        place.internet.sh("umount /dev/null 2>/dev/null || umount $(readlink -f /usr/bin/nmap)")
