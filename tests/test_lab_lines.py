"""The operator's systems and the customers, played from what is exported of the lines: with real packets."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labs import TestLab, eventually, lab_up, lets_through, needs_lab

from provisioning.stands.lab.access_ports import ports
from provisioning.stands.lab.customer_side import customer_firewall, lan_host
from provisioning.stands.lab.exported_line import MAX_PORTS, Damaged, ExportedLine, parse
from provisioning.stands.lab.layout import build
from provisioning.stands.lab.operator_side import routes, shaping, source_filter
from provisioning.stands.lab.topology import Kind

LINE: dict[str, Any] = {
    "schema": 1,
    "line": "L-1",
    "order": "PX-2026-000101",
    "cpe": "LX0101",
    "access": "copper",
    "bearers": ["copper"],
    "rate": None,
    "management": "10.255.0.1",
    "fixed_ipv4": "192.0.2.1",
    "ip_pack": "198.51.100.8/29",
    "ipv6": {
        "block": "2001:db8:0:100::/56",
        "lan_half": "2001:db8:0:100::/57",
        "link": "2001:db8:0:100::/64",
        "routed_half": "2001:db8:0:180::/57",
        "next_hop": "2001:db8:0:100::10",
    },
    "customer_firewall": True,
    "servers": [{"target": "172.20.8.10", "ports": ["tcp/25", "tcp/8000-8003", "udp/5000"]}],
    "lan": {"subnet": "172.20.8.0/24", "router": "172.20.8.1"},
}

ROUTER = """
for each in 10.255.0.1/32 192.0.2.1/32 2001:db8:0:100::ffff/128; do ip address add $each dev lo; done
for each in 172.20.8.1/24; do ip address add $each dev lan1; done
for each in 198.51.100.9/29 2001:db8:0:100::1/64; do ip address add $each dev lan2 nodad; done
ip route add 2001:db8:0:180::/57 via 2001:db8:0:100::10 dev lan2
nft 'add table ip t; add chain ip t c { type nat hook postrouting priority 100; }'
nft add rule ip t c ip saddr 172.20.8.0/24 masquerade
sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
"""
"""What is needed of a configured router."""

CONNECT = """
exec 3<>/dev/tcp/{host}/{port} && head -n 1 <&3
"""
ASK = """
exec 3<>/dev/udp/{host}/{port} && echo hello >&3 && timeout 2 head -n 1 <&3
"""


def exported(**changes: Any) -> str:
    return json.dumps({**LINE, **changes})


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    """A lab with a line whose router has its addresses."""
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as lab:
        play(lab, exported())
        assert lab.within("cpe1", "sh", "-euc", ROUTER).code == 0
        yield lab


@pytest.fixture
def lab(played: TestLab) -> Iterator[TestLab]:
    """The same; whatever a test exports, the line is played again after it."""
    yield played
    play(played, exported())


def file_of(lab: TestLab) -> Path:
    return lab.folder.parent / "network" / "L-1.json"


def network(lab: TestLab) -> Any:
    return lab.status()["network"]


def play(lab: TestLab, text: str) -> None:
    file = file_of(lab)
    file.parent.mkdir(exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(text)
    new.rename(file)


def says(lab: TestLab, node: str, script: str) -> str:
    return lab.within(node, "timeout", "30", "bash", "-c", script).stdout.strip()


def dropped(lab: TestLab, node: str = "bng") -> int:
    told = lab.within(node, "nft", "-j", "list", "chain", "inet", "lab", "sources").json
    (found,) = (
        step["counter"]["packets"]
        for each in told["nftables"]
        for step in each.get("rule", {}).get("expr", [])
        if "counter" in step
    )
    return int(found)


@needs_lab
@pytest.mark.parametrize(
    ("node", "address"),
    [
        ("noc", "10.255.0.1"),
        ("internet", "192.0.2.1"),
        ("internet", "198.51.100.9"),
        ("internet", "198.51.100.10"),
        ("internet", "2001:db8:0:100::ffff"),
        ("internet", "2001:db8:0:100::10"),
        ("internet", "2001:db8:0:180::1"),
        ("lan1", "198.18.1.10"),
        ("firewall1", "198.18.1.10"),
        ("firewall1", "3fff:0:1::10"),
    ],
)
def test_what_a_line_has_is_reached(lab: TestLab, node: str, address: str) -> None:
    assert eventually(lambda: lab.pings(node, address))


@needs_lab
@pytest.mark.parametrize(
    ("node", "script", "answer"),
    [
        ("cpe1", CONNECT.format(host="172.20.8.10", port=25), "lan1 tcp 25"),
        ("cpe1", CONNECT.format(host="172.20.8.10", port=8003), "lan1 tcp 8003"),
        ("cpe1", CONNECT.format(host="172.20.8.10", port=8004), ""),
        ("cpe1", ASK.format(host="172.20.8.10", port=5000), "lan1 udp 5000"),
        ("internet", CONNECT.format(host="198.51.100.10", port=443), "firewall1 tcp 443"),
        ("internet", CONNECT.format(host="2001:db8:0:180::1", port=25), "firewall1 tcp 25"),
        ("internet", CONNECT.format(host="2001:db8:0:100::10", port=220), "firewall1 tcp 220"),
        ("internet", CONNECT.format(host="198.51.100.10", port=22), "SSH"),
    ],
)
def test_a_server_says_who_it_is(lab: TestLab, node: str, script: str, answer: str) -> None:
    assert eventually(lambda: says(lab, node, script)[: len(answer) or None] == answer)


@needs_lab
@pytest.mark.parametrize(
    ("source", "passes"),
    [
        ("192.0.2.1", True),
        ("100.64.1.1", True),
        ("192.0.2.7", False),
        ("100.64.1.2", False),
        ("2001:db8:0:100::ffff", True),
        ("2001:db8:0:200::1", False),
        ("3fff:1:0:100::1", False),
    ],
)
def test_only_what_is_the_lines_own_passes_the_bng(lab: TestLab, source: str, passes: bool) -> None:
    lab.within("cpe1", "ip", "address", "add", source, "dev", "lo")
    try:
        before = dropped(lab)
        target = "3fff:0:1::10" if ":" in source else "198.18.1.10"
        ping = ("ping", "-c", "1", "-W", "1", "-I", source, target)
        if passes:
            assert eventually(lambda: lab.within("cpe1", *ping).code == 0)
        else:
            assert lab.within("cpe1", *ping).code != 0
        assert (dropped(lab) == before) is passes
    finally:
        if not passes:
            lab.within("cpe1", "ip", "address", "delete", source, "dev", "lo")


@needs_lab
@pytest.mark.parametrize(
    "text", [None, "{", "[]", '{"schema": 2}', exported(management="a;b"), exported(cpe="LX0777")]
)
def test_what_vanishes_or_is_damaged_is_played_no_longer(lab: TestLab, text: str | None) -> None:
    play(lab, exported())
    assert eventually(lambda: "192.0.2.1 via 100.64.1.1" in says(lab, "bng", "ip route"))
    if text is None:
        file_of(lab).unlink()
    else:
        play(lab, text)
    assert eventually(lambda: "100.64.1.1 dev" not in says(lab, "bng", "ip route"))
    assert "2001:db8:0:100::/56" not in says(lab, "bng", "ip -6 route")
    assert "192.0.2.1" not in says(lab, "bng", "nft list table inet lab")
    assert eventually(lambda: "172.20.8" not in says(lab, "lan1", "ip address; ss -ltn"))
    assert network(lab)["lines"] == []
    assert list(network(lab)["damaged"]) == ([] if text is None or "LX0777" in text else ["L-1.json"])
    assert lab.drops("internet", "192.0.2.1")


@needs_lab
def test_lines_with_a_mobile_bearer_are_told_by_bgp(lab: TestLab) -> None:
    assert "192.0.2.1" not in says(lab, "mobile", "nft list table inet lab")
    play(lab, exported(bearers=["copper", "mobile"]))
    assert eventually(lambda: "02:00:00:00:02:01 . 192.0.2.1" in says(lab, "mobile", "nft list table inet lab"))
    assert "02:00:00:00:02:01 . 2001:db8:0:100::/56" in says(lab, "mobile", "nft list table inet lab")
    assert "192.0.2.1" in says(lab, "bng", "nft list table inet lab")
    assert "100.64.1.1 dev" not in says(lab, "bng", "ip route")


@needs_lab
def test_a_customers_node_that_restarts_has_it_all_again(lab: TestLab) -> None:
    assert lab.proviso("lab", "restart", "firewall1").code == 0
    assert eventually(
        lambda: says(lab, "internet", CONNECT.format(host="198.51.100.10", port=80)) == "firewall1 tcp 80"
    )


@needs_lab
def test_a_line_is_as_fast_as_its_rate(lab: TestLab) -> None:
    if lab.within("internet", "pidof", "iperf3").code:
        pytest.skip("iperf3 is not installed: `proviso lab setup`")
    play(lab, exported(rate={"down": 50, "up": 20}))
    assert eventually(lambda: "rate 20Mbit" in says(lab, "olt", "tc class show dev uplink"))
    for wanted, reverse in ((50, ["-R"]), (20, [])):
        assert lets_through(lab, 0.8 * wanted, wanted, *reverse)
    play(lab, exported())
    assert eventually(lambda: "tbf" not in says(lab, "olt", "tc qdisc; tc class show dev uplink"))


@needs_lab
def test_the_internet_answers_by_name_and_says_who_asks(lab: TestLab) -> None:
    asking = "exec 3<>/dev/tcp/{}/80 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && tail -n 1 <&3"
    assert eventually(lambda: says(lab, "cpe1", asking.format("198.18.1.11")) == "100.64.1.1")
    assert says(lab, "cpe1", asking.format("3fff:0:1::11")) == "3fff::a:0:ff:fe00:101"
    assert says(lab, "cpe1", "getent ahostsv4 www.example.net").startswith("198.18.1.10 ")
    assert says(lab, "cpe1", "getent ahostsv6 www.example.net").startswith("3fff:0:1::10 ")
    assert says(lab, "cpe1", "getent ahostsv4 sip.example.net").startswith("198.18.2.10 ")
    assert says(lab, "cpe1", "getent hosts other.example.net") == ""


@needs_lab
def test_what_no_line_has_does_not_go_round_in_circles(lab: TestLab) -> None:
    for address in ("192.0.2.200", "203.0.113.9", "2001:db8:5::1"):
        answer = lab.within("internet", "ping", "-c", "1", "-W", "1", address)
        assert answer.code == 1
        assert "exceeded" not in answer.stdout


@needs_lab
def test_proviso_in_the_noc_has_the_labs_key(lab: TestLab) -> None:
    show = ("sh", "-c", "echo $PROVISO_SSH_KEY_FILE $PROVISO_KNOWN_HOSTS_FILE")
    assert lab.run(*show).stdout.split() == [str(lab.folder / "key"), str(lab.folder / "known_hosts")]
    known = (lab.folder / "known_hosts").read_text()
    assert "100.64.1.1,3fff::a:0:ff:fe00:101,cpe1,LX0101 ssh-ed25519 " in known


def test_a_line_is_read_as_it_is_exported() -> None:
    line = parse(exported(rate={"down": 100, "up": 40}))
    assert (line.cpe, line.mobile, line.rate) == ("LX0101", False, (100.0, 40.0))
    assert routes({1: line}) == {
        "10.255.0.1/32 via 100.64.1.1",
        "192.0.2.1/32 via 100.64.1.1",
        "198.51.100.8/29 via 100.64.1.1",
        "2001:db8:0:100::/56 via fe80::0000:00ff:fe00:0101 dev access",
    }
    # BGP tells better ones as soon as the router speaks it; until then it is reached all the same.
    coming = parse(exported(bearers=["copper", "mobile"], static_routes=True, ipv6=None, ip_pack=None))
    last = 127 << 24
    assert routes({1: coming}) == {
        f"10.255.0.1/32 via 100.64.1.1 metric {last}",
        f"192.0.2.1/32 via 100.64.1.1 metric {last}",
    }
    assert routes({1: parse(exported(bearers=["copper", "mobile"]))}) == frozenset()
    everything_null = dict.fromkeys(("cpe", "rate", "management", "fixed_ipv4", "ip_pack", "ipv6", "lan"))
    assert routes({1: parse(exported(**everything_null, servers=[]))}) == frozenset()


def test_what_the_stand_does_not_carry_is_not_limited() -> None:
    fast = parse(exported(rate={"down": 25_000, "up": 400}))
    limits = limits_of(fast)["cpe1"]
    assert limits
    assert all("uplink" in each for each in limits)


def limits_of(line: ExportedLine) -> dict[str, tuple[str, ...]]:
    cpes = build(1).cpes
    return shaping(cpes, ports(cpes, {1: line}, {1: "HWTC00000101"}, {}))


def test_ports_of_a_server_have_a_limit() -> None:
    servers = [{"target": "172.20.8.10", "ports": ["tcp/1-65535", "all", "tcp/0", "tcp/x"]}]
    (server,) = parse(exported(servers=servers)).servers
    assert len(server.ports) == MAX_PORTS


@given(st.text() | st.recursive(st.none() | st.text() | st.integers(), lambda each: st.lists(each)).map(json.dumps))
def test_any_text_is_a_line_or_damaged(text: str) -> None:
    with suppress(Damaged):
        parse(text)


VALUES = (
    st.none()
    | st.text()
    | st.integers()
    | st.floats()
    | st.lists(st.text())
    | st.just(10**400)
    | st.just("fe80::1%a\nb")
    | st.sampled_from(
        ["192.0.2.0/32", "192.0.2.0/31", "2001:db8::/128", {"down": 0, "up": 1e9}, {"target": {}, "ports": 1}]
    )
)


@given(st.data(), VALUES)
def test_any_value_makes_a_line_that_can_be_played_or_is_damage(data: st.DataObject, value: object) -> None:
    changed = json.loads(exported(rate={"down": 100, "up": 40}))
    place = data.draw(
        st.sampled_from([changed, changed["ipv6"], changed["rate"], changed["lan"], changed["servers"][0]])
    )
    place[data.draw(st.sampled_from(sorted(place)))] = value
    with suppress(Damaged):
        line = parse(json.dumps(changed))
        topology = build(1)
        routes({1: line}), limits_of(line), source_filter(Kind.BNG, topology.cpes, {1: line})
        lan_host(line), customer_firewall(line)
        assert "\n" not in "".join(
            (*lan_host(line).commands(), *customer_firewall(line).commands(), *routes({1: line}))
        )
        assert {line.cpe: 1}
