"""A new host on the LAN, played by the probe: it has the service, and leaves nothing behind."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from labs import eventually
from segments import (
    HOST,
    INSIDE,
    INTERNET,
    INTERNET6,
    OUTSIDE,
    Street,
    needs_namespaces,
)

from provisioning.errors import VantageTrouble
from provisioning.judging.reading import texts
from provisioning.model.verdict import Viewpoint
from provisioning.vantages.service import service
from provisioning.vantages.ssh_vantage import SshVantage


@pytest.fixture
def served(place: Street) -> Iterator[Street]:
    """The street with a DHCP server and resolver on the router, and NAT."""
    place.rules(nat=True)
    dnsmasq = place.router.start(
        *(
            "dnsmasq",
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--interface=in",
            "--bind-interfaces",
            "--no-resolv",
        ),
        *(
            "--no-hosts",
            "--dhcp-range=192.168.1.100,192.168.1.110,255.255.255.0,1h",
            "--dhcp-range=2001:db8::,ra-only",
        ),
        *("--enable-ra", "--dhcp-leasefile=/run/leases", "--dhcp-authoritative", "--pid-file=/run/dnsmasq.pid"),
        *("--address=/www.example.net/192.0.2.5", "--user=root", "--dhcp-no-override", "--no-ping"),
        stderr=subprocess.DEVNULL,
    )
    try:
        assert eventually(
            lambda: "dnsmasq" in place.router.sh("cat /run/dnsmasq.pid 2>/dev/null && echo dnsmasq || true")
        )
        yield place
    finally:
        place.router.sh("kill $(cat /run/dnsmasq.pid); rm -f /run/leases")
        dnsmasq.wait()
        place.router.sh("rm -f /run/dnsmasq.pid")


def left(place: Street) -> tuple[str, list[str], str]:
    """Return interfaces and addresses, processes, and what listens on a host of the LAN."""
    return (
        place.host.sh("ip -o -br address; ip route; ip -6 route; ls /run"),
        [each for each in place.host.processes() if "python3 -c" in each or "proviso" in each],
        place.host.sh("ss -Hxl | grep proviso- || true"),
    )


def lan_request(*do: str, greeter: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "interface": "eth0",
        "do": list(do),
        "name": "www.example.net",
        "resolver": INSIDE,
        "greeter": greeter or {},
        **more,
    }


@needs_namespaces
def test_a_new_host_on_the_lan_has_the_service_and_leaves_nothing(served: Street) -> None:
    before = left(served)
    internet, lan = served.internet.vantage(Viewpoint.INTERNET), served.host.vantage(Viewpoint.LAN)
    with service(internet, "greeter", {"addresses": [INTERNET, INTERNET6]}) as greeter:
        ports = greeter.told["ports"]
        assert isinstance(ports, dict)
        reached = {"4": [INTERNET, ports[INTERNET]], "6": [INTERNET6, ports[INTERNET6]]}
        seen: Any = lan.probe("lan", lan_request("nat", "slaac", "dns", greeter=reached), seconds=60)
        greeted = greeter.end()["greeted"]
        assert isinstance(greeted, list) and INTERNET not in greeted
    assert seen["lease"]["address"].startswith("192.168.1.1")
    assert (seen["lease"]["router"], seen["lease"]["resolvers"], seen["lease"]["prefix"]) == (INSIDE, [INSIDE], 24)
    assert seen["nat"]["seen_as"] == OUTSIDE
    assert seen["nat"]["address"] == seen["lease"]["address"]
    assert seen["slaac"]["seen_as"] in (OUTSIDE, "3fff:0:1::1", *seen["slaac"]["addresses"])
    assert (seen["dns"]["rcode"], seen["dns"]["answers"]) == (0, 1)
    assert eventually(lambda: served.router.sh("grep -v duid /run/leases || true") == "")
    assert left(served) == before


@needs_namespaces
def test_a_foreign_source_gets_out_where_nobody_filters(served: Street) -> None:
    internet, lan = served.internet.vantage(Viewpoint.INTERNET), served.host.vantage(Viewpoint.LAN)

    def arrived() -> set[str]:
        with service(internet, "witness", {"name": "internet", "watched": [INTERNET, INTERNET6]}) as witness:
            spoof = {
                "sources": ["203.0.113.254", "3fff:fff::bad"],
                "targets": {"4": INTERNET, "6": INTERNET6},
                "port": 40000,
            }
            seen: Any = lan.probe("lan", lan_request("slaac", "spoof", spoof=spoof), seconds=60)["spoof"]
            assert seen["sent"] == ["203.0.113.254", "3fff:fff::bad"]
            assert len(seen["controls"]) == 2
            calls: Any = witness.end()["arrivals"]
        return {each["from"].split(" ")[0] for each in calls if each["port"] == 40000}

    served.rules()
    assert {"203.0.113.254", "3fff:fff::bad"} <= arrived()
    served.rules("ip saddr 203.0.113.254 drop\nip6 saddr 3fff:fff::bad drop")
    assert arrived()
    assert not {"203.0.113.254", "3fff:fff::bad"} & arrived()


@needs_namespaces
def test_throughput_is_what_the_line_carries(served: Street) -> None:
    internet, lan = served.internet.vantage(Viewpoint.INTERNET), served.host.vantage(Viewpoint.LAN)
    shape = "root tbf rate 20mbit burst 32kb latency 60ms"
    served.router.sh(f"tc qdisc add dev out {shape}; tc qdisc add dev in {shape}")
    try:
        with service(internet, "greeter", {"addresses": [INTERNET]}) as greeter:
            ports: Any = greeter.told["ports"]
            request = lan_request("throughput", greeter={"4": [INTERNET, ports[INTERNET]]}, seconds=3)
            seen: Any = lan.probe("lan", request, seconds=60)["throughput"]
    finally:
        served.router.sh("tc qdisc del dev out root; tc qdisc del dev in root")
    for way in ("down", "up"):
        assert 18 <= seen[way]["mbit"] <= 22, seen
        assert len(seen[way]["points"]) >= 8


NAK_SERVER = """
import os, socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"in")
server.bind(("", 67))
print(os.getpid(), flush=True)
while True:
    asked = server.recv(2048)
    kind = b"\\x02" if bytes([53, 1, 1]) in asked else b"\\x06"
    head = b"\\x02" + asked[1:16] + bytes([192, 168, 1, 100]) + asked[20:240]
    for options in (b"\\x35\\x00\\xff", b"\\x35\\x01" + kind + b"\\x36\\x04\\xc0\\xa8\\x01\\x01\\xff", b"\\x35"):
        server.sendto(head + options, ("255.255.255.255", 68))
"""


@needs_namespaces
def test_a_server_that_takes_its_offer_back_is_told_of(place: Street) -> None:
    server = place.router.start(sys.executable, "-c", NAK_SERVER, stdout=subprocess.PIPE)
    assert server.stdout
    pid = int(server.stdout.readline())
    before = left(place)
    seen: Any = place.host.vantage(Viewpoint.LAN).probe("lan", lan_request(), seconds=40)
    place.router.sh(f"kill {pid}")
    server.wait()
    assert seen["lease"] == {"error": "the server took its offer back"}
    assert left(place) == before


@needs_namespaces
def test_killed_without_a_server_it_leaves_nothing(place: Street) -> None:
    before = left(place)
    probe = _sent("lan", lan_request())
    killed = place.host.start(
        "python3", "-c", probe[0], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert killed.stdin
    killed.stdin.write(probe[1])
    killed.stdin.flush()
    assert eventually(lambda: len(left(place)[1]) >= 2)
    place.host.sh("kill -9 $(pgrep -o -f 'python3 -c')")
    killed.wait()
    assert eventually(lambda: left(place) == before, 3)
    # The next one is not kept from its work.
    patient: Any = place.host.vantage(Viewpoint.LAN).probe("lan", lan_request(), seconds=40)
    assert patient["lease"] == {"error": "no server made an offer"}
    assert left(place) == before


@needs_namespaces
def test_killed_with_a_lease_it_gives_it_back(served: Street) -> None:
    before = left(served)
    program, given = _sent("lan", lan_request("dns") | {"resolver": "192.168.1.98"})  # nobody: it waits for an answer
    killed = served.host.start("python3", "-c", program, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert killed.stdin
    killed.stdin.write(given)
    killed.stdin.flush()
    assert eventually(lambda: "192.168.1." in served.router.sh("cat /run/leases 2>/dev/null || true"))
    served.host.sh("kill -9 $(pgrep -o -f 'python3 -c')")
    killed.wait()
    assert eventually(lambda: left(served) == before, 3)
    assert eventually(lambda: "192.168.1." not in served.router.sh("cat /run/leases || true"), 3)


def _sent(what: str, request: dict[str, Any]) -> tuple[str, bytes]:
    """Return the program and its input as a vantage point is sent them."""
    from provisioning.ports import Completed

    kept: list[tuple[str, bytes]] = []

    class Keeping:
        def run(self, command: str, *, given: bytes = b"", seconds: float = 30.0) -> Completed:
            kept.append((command.removeprefix("python3 -c '").removesuffix("'"), given))
            return Completed(0, b"{}", "")

        def close(self) -> None:
            pass

    SshVantage(Keeping(), "kept", Viewpoint.LAN).probe(what, request, seconds=1)
    return kept[0]


@needs_namespaces
def test_a_service_ends_by_itself_when_nobody_asks(place: Street) -> None:
    before = left(place)
    request = {"kind": "witness", "token": "t", "seconds": 1, "name": "host", "watched": []}
    told = place.host.vantage(Viewpoint.LAN).probe("start", request, seconds=20)
    assert HOST in texts(told, "addresses")
    assert eventually(lambda: left(place) == before, 10)


@needs_namespaces
@pytest.mark.parametrize(
    ("what", "request_", "word"),
    [
        ("lan", lan_request() | {"interface": "none0"}, "no interface on none0"),
        ("ask", {"token": "nobody's"}, "ConnectionRefusedError"),
        ("dance", {}, "KeyError"),
        ("tries", {}, "KeyError"),
    ],
)
def test_what_goes_wrong_there_is_told(place: Street, what: str, request_: dict[str, Any], word: str) -> None:
    with pytest.raises(VantageTrouble, match=word):
        place.host.vantage(Viewpoint.LAN).probe(what, json.loads(json.dumps(request_)), seconds=20)


def begun_on_the_lan(place: Street, token: str) -> str:
    """Begin a stream from a new host on the LAN; return the address that it is lent."""
    flows = [{"name": "fixed-ipv4", "version": "4"}]
    request = {"kind": "stream", "token": token, "seconds": 60, "interface": "eth0", "flows": flows, "interval": 0.02}
    reflector = {"4": [INTERNET, 40001]}
    told: Any = place.host.vantage(Viewpoint.LAN).probe("start", {**request, "reflector": reflector}, seconds=30)
    (flow,) = told["flows"]
    assert "error" not in flow, flow
    return str(flow["address"])


@needs_namespaces
def test_a_stream_that_was_left_does_not_stand_in_the_way_of_the_next(served: Street) -> None:
    before, lan = left(served), served.host.vantage(Viewpoint.LAN)
    first = begun_on_the_lan(served, "left")
    assert begun_on_the_lan(served, "next") == first, "the same host, so the same lease"
    with pytest.raises(VantageTrouble, match="ConnectionRefusedError"):
        lan.probe("ask", {"token": "left"}, seconds=20)
    seen: Any = lan.probe("ask", {"token": "next"}, seconds=30)
    assert seen["flows"][0]["sent"]
    assert eventually(lambda: left(served) == before)


@needs_namespaces
def test_somebody_elses_call_ends_no_stream(served: Street) -> None:
    lan = served.host.vantage(Viewpoint.LAN)
    begun_on_the_lan(served, "ours")
    call = "import os, socket; os.setuid(65534); socket.socket(socket.AF_UNIX).connect(chr(0) + 'proviso-stream-eth0')"
    served.host.sh(f'{sys.executable} -c "{call}"')
    seen: Any = lan.probe("ask", {"token": "ours"}, seconds=30)
    assert seen["flows"][0]["sent"]
