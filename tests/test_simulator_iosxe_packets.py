"""Rendered Cisco routers in the simulated network: what passes, from outside and from inside, is what was ordered."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import pytest
from iosxe_networks import CISCOS, Site, site

from provisioning.stands.simulator.outcomes import OPEN, Watch
from provisioning.stands.simulator.packets import Packet

GREETER = {"4": ["198.18.1.10", 40000], "6": ["3fff:0:1::10", 40000]}
EVERYTHING = ["nat", "slaac", "dns", "spoof", "throughput"]
TELNET = 23


@pytest.fixture(params=CISCOS)
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, request.param) as made:
        yield made


@pytest.fixture
def rich(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, "internet-pro-plus-cisco") as made:
        yield made


def firewall_addresses(made: Site) -> list[str]:
    """Return the addresses of the customer's firewall."""
    told = made.network.lines.of(made.serial)
    assert told is not None
    return [str(each) for each in told.firewall]


def test_nothing_of_an_access_list_is_left_unread(line: Site) -> None:
    assert line.router.plane().unread == ()


def test_a_scan_from_outside_finds_what_was_ordered_and_nothing_else(line: Site) -> None:
    intent = line.line.intent
    mapped = {
        port
        for each in intent.port_mappings
        if each.ports.protocol == "tcp"
        for port in range(each.ports.first, each.ports.last + 1)
    }
    assert line.line.fixed_ipv4 is not None
    assert line.scan(str(line.line.fixed_ipv4)) == mapped
    # The link between router and firewall is no target of openings (facts: X-9).
    ipv6 = line.line.ipv6
    link = str(ipv6.next_hop) if ipv6 else ""
    assert link not in firewall_addresses(line) or line.scan(link) == set()
    for address in [each for each in firewall_addresses(line) if each != link]:
        wanted = {port for port in (20, 21, 22, 25, 80, 110, 119, 143, 220, 443) if _opened(line, "tcp", port)}
        # What answers behind an open port is the firewall's own matter: it has the usual services.
        assert line.scan(address) == wanted
    for own in (line.line.management, ipv6.link[1] if ipv6 else None):
        assert own is None or line.scan(str(own)) == set()


def _opened(made: Site, protocol: str, port: int) -> bool:
    return any(each.ports.protocol == protocol and port in each.ports for each in made.line.intent.customer_openings)


def test_udp_is_open_where_it_was_ordered(line: Site) -> None:
    wanted = [each for each in line.line.intent.port_mappings if each.ports.protocol == "udp"]
    for each in wanted:
        for port in (each.ports.first, each.ports.last):
            assert line.opens(str(line.line.fixed_ipv4), "udp", port) == OPEN
        assert line.opens(str(line.line.fixed_ipv4), "udp", each.ports.last + 1) != OPEN


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_port_23_is_shut_everywhere(line: Site, protocol: str) -> None:
    own = [line.line.management, line.line.fixed_ipv4, *(line.line.ip_pack or ())]
    ipv6 = line.line.ipv6
    own += [ipv6.link[1], ipv6.link[0x10], ipv6.block[-2]] if ipv6 else []
    for address in (each for each in own if each is not None):
        assert line.opens(str(address), protocol, TELNET) not in (OPEN, "refused"), address


def test_port_23_stays_shut_where_somebody_maps_it(rich: Site) -> None:
    rich.router.text += "ip nat inside source static tcp 172.20.21.10 23 192.0.2.1 23 extendable\n"
    assert rich.opens("192.0.2.1", "tcp", TELNET) != OPEN


def test_what_is_mapped_is_seen_by_the_host_that_it_is_mapped_to(rich: Site) -> None:
    source = IPv4Address("198.18.1.10")
    outcome = rich.network.call_in("tcp", source, 40000, "192.0.2.1", 8003)
    (arrival,) = outcome.arrivals
    assert (outcome.state, arrival.host, arrival.target, arrival.port) == (OPEN, "lan", "172.20.21.10", 8003)


def ask(made: Site, *what: str, resolver: str = "") -> dict[str, Any]:
    """Return what a new host on the LAN sees."""
    lan = made.line.intent.lan
    assert lan is not None
    request = {
        "do": [*what],
        "greeter": GREETER,
        "name": "example.net",
        "resolver": resolver or str(lan.router),
        "seconds": 1,
        "spoof": {
            "sources": ["198.51.100.77", "2001:db8:ffff::1"],
            "targets": {"4": "198.18.1.10", "6": "3fff:0:1::10"},
            "port": 9,
        },
    }
    return made.behind().new_host(request)


def test_a_new_host_gets_a_lease_names_and_the_internet(line: Site) -> None:
    lan = line.line.intent.lan
    assert lan is not None
    seen = ask(line, *EVERYTHING)
    lease = seen["lease"]
    assert (lease["router"], lease["server"], lease["resolvers"]) == (
        str(lan.router),
        str(lan.router),
        [str(lan.router)],
    )
    assert lease["prefix"] == lan.subnet.prefixlen
    assert any(each.first <= IPv4Address(lease["address"]) <= each.last for each in lan.dhcp)
    assert seen["nat"] == {"address": lease["address"], "seen_as": str(line.line.fixed_ipv4)}
    assert seen["dns"]["rcode"] == 0
    assert seen["throughput"]["down"]["mbit"] > 0
    ipv6 = line.line.ipv6
    assert ipv6 is not None
    assert IPv6Address(seen["slaac"]["addresses"][0]) in ipv6.link
    assert seen["slaac"]["seen_as"] == seen["slaac"]["addresses"][0]


def test_the_customers_firewall_is_seen_as_itself(line: Site) -> None:
    addresses = firewall_addresses(line)
    request = {
        "within": ["0.0.0.0/0", "::/0"],
        "greeter": GREETER,
        "spoof": {"sources": [], "targets": {}, "port": 9},
    }
    seen: Any = line.behind("firewall").firewall(request)
    assert [each["seen_as"] for each in seen["tries"]] == addresses


def test_nobody_gets_out_with_an_address_that_is_not_the_lines(rich: Site) -> None:
    watch = Watch(("internet", ""), frozenset(("198.18.1.10", "3fff:0:1::10")))
    rich.network.watches.append(watch)
    seen = ask(rich, "spoof")
    assert seen["spoof"]["sent"] == ["198.51.100.77", "2001:db8:ffff::1"]
    assert [each.source.split()[0] for each in watch.arrivals] == [
        "192.0.2.1",
        str(rich.behind()._made_addresses()[0]),
    ]


def test_it_is_managed_from_where_it_may_be(line: Site) -> None:
    router: Any = line.router
    management = str(line.line.management)
    assert line.network.reached(router, management, "tcp", 22) is True
    assert line.network.reached(router, management, "udp", 161) is True
    assert line.network.reached(router, str(line.line.fixed_ipv4), "tcp", 22) is False
    for port in (22, 161, 53, 80, 443, 179):
        assert line.opens(management, "tcp", port) != OPEN


def test_it_answers_a_ping(line: Site) -> None:
    assert line.network.ping(IPv4Address("198.18.1.10"), str(line.line.fixed_ipv4))
    assert line.line.ipv6 is not None
    assert line.network.ping(IPv6Address("3fff:0:1::10"), str(line.line.ipv6.link[1]))


def test_a_line_with_back_up_moves_to_the_mobile_bearer_and_back(tmp_path: Path) -> None:
    with site(tmp_path, "temporary-fullfiber-extended-cisco") as made:
        fixed, router = IPv4Address(str(made.line.fixed_ipv4)), made.router
        ports = made.scan(str(fixed))
        assert made.network.way(made.network.routers[made.serial], fixed) == "fixed"
        made.light(on=False)
        assert made.network.way(made.network.routers[made.serial], fixed) == "mobile"
        assert made.scan(str(fixed)) == ports
        assert ask(made, "nat")["nat"]["seen_as"] == str(fixed)
        router.change("interface Cellular0/2/0\n", "interface Cellular0/2/0\n shutdown\n")
        assert made.network.way(made.network.routers[made.serial], fixed) == ""
        made.light(on=True)
        assert made.network.way(made.network.routers[made.serial], fixed) == "fixed"


def test_telephony_is_not_carried_on_the_back_up(tmp_path: Path) -> None:
    with site(tmp_path, "temporary-fullfiber-extended-cisco") as made:
        lan = made.line.intent.lan
        assert lan is not None
        call = Packet(4, 17, int(lan.subnet[77]), int(IPv4Address("198.18.2.1")), 5060, 5060)
        assert made.router.forward(call, "lan").where == "fixed"
        made.light(on=False)
        passage = made.router.forward(call, "lan")
        assert passage.where in ("dropped", "rejected")
