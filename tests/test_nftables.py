"""The firewall as the kernel runs it, with real packets between network namespaces."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from limited_openings import limited_line
from packet_lines import (
    ANSWER_EVERYWHERE,
    ANSWERING,
    CUSTOMER,
    FIXED,
    INTERNET,
    INTERNET6,
    MANAGEMENT,
    NEXT_HOP,
    NOC,
    PORTS,
    ROUTED6,
    SERVER,
    SERVER6,
    VOICE,
    VOICE6,
    WAIT,
    Line,
    packet_line,
)
from renderings import config, need, revealed

from provisioning.model.live_session import sessions_to_end
from provisioning.platforms.linux_cpe.sessions import shown_sessions

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="packet tests make network namespaces: run them as root")


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with packet_line(tmp_path_factory.mktemp("line")) as made:
        yield made


@pytest.fixture(autouse=True)
def as_rendered(line: Line) -> None:
    for each in (line.outside, line.lan):
        each.do("let go")
    line.load()
    line.router.run("conntrack -F || true")
    line.leave_by("100.64.0.1", "3fff:0:0:a::1", "access")


def test_the_openings_of_the_fixed_address_and_nothing_else(line: Line) -> None:
    assert line.outside.ask(INTERNET, FIXED) == {25: INTERNET, 443: INTERNET}
    assert line.outside.ask(INTERNET, FIXED, protocol="udp") == {}


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_the_customers_firewall_gets_all_but_port_23(line: Line, protocol: str) -> None:
    all_but = {port for port in PORTS if port != 23}
    assert set(line.outside.ask(INTERNET, CUSTOMER, protocol=protocol)) == all_but
    assert set(line.outside.ask(INTERNET6, ROUTED6, protocol=protocol)) == all_but


def test_nothing_else_of_the_line_answers(line: Line) -> None:
    pairs = [(INTERNET6, each) for each in (SERVER6, NEXT_HOP, "2001:db8::1")]
    pairs += [(INTERNET, each) for each in (MANAGEMENT, "198.51.100.1", "100.64.1.1")]
    probes = [[kind, *pair, port, WAIT] for kind in ("tcp", "udp") for pair in pairs for port in PORTS]
    answers = line.outside.do("ask", probes=probes)
    assert [probe for probe, answer in zip(probes, answers, strict=True) if answer is not None] == []


def test_port_23_is_shut_even_where_a_mapping_leads_to_it(line: Line) -> None:
    line.load(
        line.changed(
            (
                "ip daddr 192.0.2.1 tcp dport { 25, 443 } dnat ip to 172.20.8.10\n",
                "ip daddr 192.0.2.1 tcp dport { 25, 443 } dnat ip to 172.20.8.10\n"
                "ip daddr 192.0.2.1 tcp dport 2323 dnat ip to 172.20.8.10:23\n"
                "ip daddr 192.0.2.1 tcp dport 23 dnat ip to 172.20.8.10:80\n"
                "ip daddr 198.51.100.2 tcp dport 2323 dnat ip to 198.51.100.2:23\n"
                "ip6 daddr 2001:db8:0:80::1 tcp dport 2323 dnat ip6 to [2001:db8:0:80::1]:23\n",
            ),
            ("chain openings {", "chain openings {\ntcp dport { 22, 23, 80 } accept"),
        )
    )
    # The spoilt rules are in force: what they open beside port 23 is open.
    assert line.outside.ask(INTERNET, CUSTOMER, [80, 23, 2323]).keys() == {80}
    assert line.outside.ask(INTERNET, FIXED, [23, 2323, 25]).keys() == {25}
    assert line.outside.ask(INTERNET6, ROUTED6, [23, 2323, 80]).keys() == {80}
    assert line.outside.ask(INTERNET6, SERVER6, [23, 22]).keys() == {22}
    for address in (MANAGEMENT, "198.51.100.1"):
        assert line.outside.ask(NOC, address, [23]) == {}


def test_from_inside_the_fixed_address_is_seen(line: Line) -> None:
    assert line.lan.ask(SERVER, INTERNET, [ANSWERING]) == {ANSWERING: FIXED}
    assert line.lan.ask(SERVER, INTERNET, [ANSWERING], "udp") == {ANSWERING: FIXED}
    assert line.firewall.ask(CUSTOMER, INTERNET, [ANSWERING]) == {ANSWERING: CUSTOMER}
    assert line.lan.ask(SERVER6, INTERNET6, [ANSWERING]) == {ANSWERING: SERVER6}
    assert line.firewall.ask(ROUTED6, INTERNET6, [ANSWERING]) == {ANSWERING: ROUTED6}


def test_the_router_uses_the_fixed_address_too_but_not_towards_neighbours(line: Line) -> None:
    assert line.router.ask("0.0.0.0", INTERNET, [ANSWERING], "udp") == {ANSWERING: FIXED}
    assert line.router.ask("0.0.0.0", "100.64.0.1", [ANSWERING]) == {ANSWERING: "100.64.1.1"}


def test_the_lan_reaches_its_own_server_by_the_fixed_address(line: Line) -> None:
    assert line.firewall.ask(CUSTOMER, FIXED, [443, 80]).keys() == {443}


def test_management_from_the_operator_only_by_either_bearer(line: Line) -> None:
    ports = (22, 23, 161, 53)
    pairs = [(NOC, each) for each in (MANAGEMENT, FIXED, "198.51.100.1", "100.64.1.1")] + [(INTERNET, MANAGEMENT)]
    probes = [[kind, *pair, port, WAIT] for kind in ("tcp", "udp") for pair in pairs for port in ports]
    for way in (("100.64.0.1", "3fff:0:0:a::1", "access"), ("100.96.0.1", "3fff:0:0:b::1", "cells")):
        line.leave_by(*way)
        answers = line.outside.do("ask", probes=probes)
        answered = [probe[:4] for probe, answer in zip(probes, answers, strict=True) if answer is not None]
        assert answered == [["tcp", NOC, MANAGEMENT, 22], ["udp", NOC, MANAGEMENT, 161]]
    assert line.lan.ask(SERVER, MANAGEMENT, ports) == {}
    assert line.lan.ask(SERVER, "172.20.8.1", ports).keys() == {53}


def test_sessions_survive_a_reload_and_end_with_their_opening(line: Line) -> None:
    line.outside.do("hold", name="in", address=FIXED, port=443, wait=WAIT)
    line.lan.do("hold", name="out", address=INTERNET, port=ANSWERING, wait=WAIT)
    assert line.outside.do("alive", name="in")
    line.load()
    assert line.outside.do("alive", name="in")
    assert line.lan.do("alive", name="out")
    line.load(line.changed(("{ 25, 443 }", "{ 25 }")))
    assert not line.outside.do("alive", name="in")
    assert line.lan.do("alive", name="out")


def test_nobody_lends_himself_another_source(line: Line) -> None:
    assert line.lan.ask("10.9.9.9", INTERNET, [ANSWERING], "udp") == {}
    line.outside.ask("172.20.8.77", CUSTOMER, [80], "udp", 0.2)
    line.outside.ask("2001:db8:0:80::77", ROUTED6, [80], "udp", 0.2)
    line.outside.ask(INTERNET, CUSTOMER, [80], "udp")
    heard = line.firewall.do("heard")
    assert INTERNET in heard
    assert not {"172.20.8.77", "2001:db8:0:80::77"} & set(heard)
    assert "10.9.9.9" not in line.outside.do("heard")


def test_telephony_is_not_carried_on_mobile(line: Line) -> None:
    def carried() -> list[bool]:
        return [
            bool(line.lan.ask(source, address, [ANSWERING], protocol))
            for source, address in ((SERVER, VOICE), (SERVER6, VOICE6), (SERVER, INTERNET), (SERVER6, INTERNET6))
            for protocol in ("tcp", "udp")
        ]

    assert carried() == [True] * 8
    line.leave_by("100.96.0.1", "3fff:0:0:b::1", "cells")
    assert carried() == [False] * 4 + [True] * 4
    assert line.lan.ask(SERVER, INTERNET, [ANSWERING]) == {ANSWERING: FIXED}


def test_an_idle_sessions_timer_is_the_operators(line: Line) -> None:
    need("conntrack")
    line.outside.run("nft -f -", ANSWER_EVERYWHERE.replace("eth0", "access"))
    line.lan.do("hold", name="web", address=INTERNET, port=443, wait=WAIT)
    listed = line.router.run("conntrack -L -p tcp --dport 443").splitlines()
    (entry,) = (each for each in listed if "ESTABLISHED" in each)
    assert 3500 < int(entry.split()[2]) <= 3600
    line.outside.run("nft delete table inet answer")


def limited(line: Line) -> None:
    """Put openings in force that name who may connect, and lead to other ports."""
    line.load(revealed(config(limited_line("internet-pro-plus")))["nftables.conf"])


def test_who_may_connect_is_let_in_and_nobody_else(line: Line) -> None:
    limited(line)
    mapped, opened = (25, 443, 8443, 8080, 80, 9000), (22, 80, 100, 149, 150, 160, 161, 200)
    assert line.outside.ask(INTERNET, FIXED, mapped).keys() == {25, 443, 8443, 8080}
    assert line.outside.ask(VOICE, FIXED, mapped).keys() == {25, 8080}
    assert line.outside.ask(INTERNET, CUSTOMER, opened).keys() == {22, 80, 150, 160}
    assert line.outside.ask(VOICE, CUSTOMER, opened).keys() == {80}
    assert line.outside.ask(INTERNET6, ROUTED6, opened).keys() == {22, 80}
    assert line.outside.ask(VOICE6, ROUTED6, opened).keys() == {80}
    assert line.outside.ask(INTERNET, CUSTOMER, [53], "udp") == {}


def test_translated_ports_arrive_at_the_hosts_own(line: Line) -> None:
    limited(line)
    line.lan.run("nft flush ruleset")
    line.lan.run("nft -f -", ANSWER_EVERYWHERE.replace("meta l4proto { tcp, udp }", "tcp dport 80"))
    try:
        # 8080 leads to port 80, which answers here alone; 25 and 443 lead to themselves.
        assert line.outside.ask(INTERNET, FIXED, [8080, 443, 8443, 25]).keys() == {8080}
    finally:
        line.lan.run("nft flush ruleset")
        line.lan.run("nft -f -", ANSWER_EVERYWHERE)


@pytest.mark.parametrize(
    ("source", "address", "port", "closed"),
    [
        (INTERNET, FIXED, 8080, "tcp/8080"),
        (INTERNET, CUSTOMER, 22, "tcp/22"),
        (INTERNET6, ROUTED6, 22, "tcp/22"),
    ],
)
def test_the_sessions_of_what_is_closed_are_told_apart(
    line: Line, source: str, address: str, port: int, closed: str
) -> None:
    need("conntrack")
    limited(line)
    line.outside.do("hold", name="closed", source=source, address=address, port=port, wait=WAIT)
    line.outside.do("hold", name="kept", source=INTERNET, address=FIXED, port=25, wait=WAIT)
    before = limited_line("internet-pro-plus")
    gone = [each for each in before.intent.openings if str(each.ports) == closed]
    after = replace(
        before,
        intent=replace(
            before.intent,
            port_mappings=tuple(each for each in before.intent.port_mappings if str(each.ports) != closed),
            customer_openings=tuple(each for each in before.intent.customer_openings if str(each.ports) != closed),
        ),
    )
    line.load(revealed(config(after))["nftables.conf"])
    listed = line.router.run("conntrack -L -f ipv4 2>/dev/null; conntrack -L -f ipv6 2>/dev/null")
    (found,) = sessions_to_end(shown_sessions(listed), gone, after)
    assert (str(found.source), str(found.target), found.target_port) == (source, address, port)
    line.router.run(
        f"conntrack -D -f ipv{found.source.version} -p tcp -s {found.source} --sport {found.source_port}"
        f" -d {found.target} --dport {found.target_port}"
    )
    assert not line.outside.do("alive", name="closed")
    assert line.outside.do("alive", name="kept")


def test_all_of_it_is_undone(line: Line) -> None:
    script = f"sh {line.folder}/network.sh"
    before = line.router.run("ip -o address show")
    assert line.router.run(f"{script} && ip -o address show") == before
    try:
        line.router.run(f"{script} down && {script} down && ! ip link show br-lan")
        left = line.router.run("ip -o -4 address show scope global")
        assert [each.split()[1] for each in left.splitlines()] == ["wan0", "wwan0"]
    finally:
        line.router.run(script)
