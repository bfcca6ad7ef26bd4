"""Streams and sessions with real packets: steady, numbered, and honest about what was lost on a busy host."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from labs import eventually
from renderings import need
from segments import (
    HOST,
    HOST6,
    INTERNET,
    INTERNET6,
    OUTSIDE,
    Street,
    needs_namespaces,
    street,
)

from provisioning.errors import VantageTrouble
from provisioning.model.verdict import Viewpoint
from provisioning.vantages.service import service
from provisioning.vantages.ssh_vantage import SshVantage

pytestmark = needs_namespaces


@pytest.fixture(scope="module")
def place() -> Iterator[Street]:
    need("nft", "dnsmasq", "ping")
    with street() as up:
        up.rules(nat=True)
        up.router.start(
            *("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--interface=in", "--bind-interfaces"),
            *("--no-resolv", "--no-hosts", "--dhcp-range=192.168.1.100,192.168.1.110,255.255.255.0,1h", "--no-ping"),
            *(
                "--dhcp-range=2001:db8::,ra-only",
                "--enable-ra",
                "--dhcp-leasefile=/run/leases",
                "--dhcp-authoritative",
            ),
            *("--user=root", "--pid-file=/run/dnsmasq.pid", "--port=0"),
        )
        assert eventually(lambda: up.router.sh("ls /run/dnsmasq.pid 2>/dev/null || true") != "")
        yield up


def stream_request(told: Any, **more: Any) -> dict[str, Any]:
    ports = told["ports"]
    return {
        "flows": [
            {"name": "ip-pack", "version": "4", "within": ["203.0.113.0/24", f"{HOST}/32"]},
            {"name": "routed-ipv6", "version": "6", "within": [f"{HOST6}/128"]},
        ],
        "interval": 0.02,
        "reflector": {"4": [INTERNET, ports[INTERNET]], "6": [INTERNET6, ports[INTERNET6]]},
        **more,
    }


def ask(vantage: SshVantage, token: str, **more: Any) -> Any:
    return vantage.probe("ask", {"token": token, **more}, seconds=30)


def test_a_cut_is_seen_as_one_run_of_losses_and_the_session_goes_on(place: Street) -> None:
    internet, host = place.internet.vantage(Viewpoint.INTERNET), place.host.vantage(Viewpoint.LAN)
    token = secrets.token_hex(8)
    with service(internet, "reflector", {"addresses": [INTERNET, INTERNET6]}) as reflector:
        asked = stream_request(reflector.told, kind="stream", token=token, seconds=60)
        told: Any = host.probe("start", asked, seconds=20)
        assert [each["address"] for each in told["flows"]] == [HOST, HOST6]
        assert eventually(lambda: all(each["returned"] > 50 for each in ask(host, token, end=False)["flows"]))
        place.router.sh(
            "ip link set out down; sleep 0.6; ip link set out up; ip -6 address replace 3fff:0:1::1/64 dev out nodad"
        )

        def back() -> bool:
            flows = ask(host, token, end=False)["flows"]
            return all(sum(one[1] for one in each["buckets"][-5:]) > 5 for each in flows)

        assert eventually(back)
        seen = ask(host, token)
        reflected: Any = reflector.end()["reflected"]
    froms = {each["id"]: each["from"] for each in reflected}
    for each in seen["flows"]:
        assert each["sent"] == sum(one[0] for one in each["buckets"])
        assert each["returned"] == sum(one[1] for one in each["buckets"])
        lost = sum(packets for _, packets in each["losses"])
        assert each["sent"] == each["returned"] + lost
        at, packets = max(each["losses"], key=lambda one: one[1])
        assert 0.5 <= packets * 0.02 <= 5 and at > 1, each["losses"]
        assert each["session"]["state"] == "lives"
        assert each["session"]["stall"] >= 0.4
        assert froms[each["id"]] == [OUTSIDE if each["version"] == "4" else "3fff:0:1::1"]
    assert seen["age"] >= 1
    with pytest.raises(VantageTrouble):
        ask(host, token)


def test_an_intermediate_look_ends_nothing_and_may_leave_out_what_was(place: Street) -> None:
    internet, host = place.internet.vantage(Viewpoint.INTERNET), place.host.vantage(Viewpoint.LAN)
    token = secrets.token_hex(8)
    with service(internet, "reflector", {"addresses": [INTERNET, INTERNET6]}) as reflector:
        asked = stream_request(reflector.told, kind="stream", token=token, seconds=60)
        host.probe("start", asked, seconds=20)
        assert eventually(lambda: ask(host, token, end=False)["age"] > 1.5)
        late = ask(host, token, end=False, since=1.0)["flows"][0]
        assert late["first"] == 10
        assert late["sent"] > sum(one[0] for one in late["buckets"])
        whole = ask(host, token)["flows"][0]
        assert whole["sent"] > late["sent"] and not whole["losses"]
        # As many as there is time for: those that were late were sent nevertheless.
        assert whole["sent"] >= 0.9 * 50 * (len(whole["buckets"]) - 1) * 0.1


def test_a_host_that_is_kept_from_its_work_sends_late_and_leaves_nothing_out(place: Street) -> None:
    internet, host = place.internet.vantage(Viewpoint.INTERNET), place.host.vantage(Viewpoint.LAN)
    token = secrets.token_hex(8)
    with service(internet, "reflector", {"addresses": [INTERNET, INTERNET6]}) as reflector:
        host.probe("start", stream_request(reflector.told, kind="stream", token=token, seconds=60), seconds=20)
        assert eventually(lambda: ask(host, token, end=False)["age"] > 0.5)
        sender = "$(ss -Huapn | grep -o 'pid=[0-9]*' | head -1 | cut -d= -f2)"
        place.host.sh(f"kill -STOP {sender}; sleep 1; kill -CONT {sender}")
        seen = ask(host, token)
    for each in seen["flows"]:
        assert each["sent"] >= 50 * (seen["age"] - 3)
        assert each["sent"] == each["returned"] and not each["losses"]
        assert max(one[0] for one in each["buckets"]) > 20


def test_a_stream_ends_by_itself_when_nobody_asks(place: Street) -> None:
    internet, host = place.internet.vantage(Viewpoint.INTERNET), place.host.vantage(Viewpoint.LAN)
    with service(internet, "reflector", {"addresses": [INTERNET, INTERNET6]}) as reflector:
        asked = stream_request(reflector.told, kind="stream", token=secrets.token_hex(8), seconds=1)
        host.probe("start", asked, seconds=20)
        assert eventually(lambda: not [each for each in place.host.processes() if "python3 -c" in each], 10)


def test_a_new_host_on_the_lan_sends_with_what_it_is_lent_and_gives_it_back(place: Street) -> None:
    before = place.host.sh("ip -o -br address; ip route")
    internet, lan = place.internet.vantage(Viewpoint.INTERNET), place.host.vantage(Viewpoint.LAN)
    token = secrets.token_hex(8)
    with service(internet, "reflector", {"addresses": [INTERNET, INTERNET6]}) as reflector:
        flows = [{"name": "fixed-ipv4", "version": "4"}, {"name": "lan-ipv6", "version": "6"}]
        asked = stream_request(reflector.told, kind="stream", token=token, seconds=60, interface="eth0")
        told: Any = lan.probe("start", {**asked, "flows": flows}, seconds=45)
        assert [each["name"] for each in told["flows"]] == ["fixed-ipv4", "lan-ipv6"], told
        assert told["flows"][0]["address"].startswith("192.168.1.1")
        # A new host of the checks lives beside it, with an address of its own.
        checked: Any = lan.probe("lan", {"interface": "eth0", "do": [], "greeter": {}}, seconds=45)
        assert checked["lease"]["address"] != told["flows"][0]["address"]
        assert place.host.sh("ip -o -br address; ip route") == before
        seen = ask(lan, token)
        reflected: Any = reflector.end()["reflected"]
    assert all(each["returned"] > 0 and not each["losses"] for each in seen["flows"])
    assert {tuple(each["from"]) for each in reflected} == {(OUTSIDE,), ("3fff:0:1::1",)}
    assert eventually(lambda: place.router.sh("grep -v duid /run/leases || true") == "")
    assert eventually(lambda: not [each for each in place.host.processes() if "python3 -c" in each])


def test_echoes_are_asked_for_from_outside(place: Street) -> None:
    internet = place.internet.vantage(Viewpoint.INTERNET)
    token = secrets.token_hex(8)
    flows = [
        {"name": "from-outside", "version": "4", "address": OUTSIDE},
        {"name": "from-outside", "version": "6", "address": "3fff:0:1::1"},
    ]
    asked = {"kind": "echo", "token": token, "seconds": 60, "flows": flows, "interval": 0.1}
    internet.probe("start", asked, seconds=20)
    assert eventually(lambda: all(each["returned"] > 5 for each in ask(internet, token, end=False)["flows"]))
    assert all(each["sent"] == each["returned"] for each in ask(internet, token)["flows"])


ANSWERS = """
import socket, sys
sip, media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sip.bind(("198.18.1.10", 5060)); media.bind(("198.18.1.10", 16384))
print("ready", flush=True)
data, sender = sip.recvfrom(2048)
assert data.startswith(b"OPTIONS sip:198.18.1.10 SIP/2.0"), data
sip.sendto(b"SIP/2.0 200 OK", sender)
data, sender = media.recvfrom(2048)
media.sendto(data, sender)
"""


def test_telephony_that_answers_is_told_from_telephony_that_does_not(place: Street) -> None:
    server = place.internet.start(sys.executable, "-c", ANSWERS, stdout=subprocess.PIPE)
    assert server.stdout and server.stdout.readline() == b"ready\n"
    lan = place.host.vantage(Viewpoint.LAN)
    request = {"interface": "eth0", "do": ["voice"], "voice": [INTERNET, "198.18.1.77"], "greeter": {}}
    seen: Any = lan.probe("lan", request, seconds=60)
    found = {each["address"]: (each.get("sip"), each.get("media")) for each in seen["voice"]["asked"]}
    assert found == {INTERNET: (True, True), "198.18.1.77": (False, False)}, seen
