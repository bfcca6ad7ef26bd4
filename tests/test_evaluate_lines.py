"""The evaluator on the configurations of the example orders: open is what the order says, and nothing else."""

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv6Address

import pytest
from renderings import example, operator
from worlds import ROOT

from provisioning.evaluating.cisco_iosxe.port_spans import CALLER_PORT, passages, port_bounds
from provisioning.evaluating.cisco_iosxe.router import Router, read_router
from provisioning.evaluating.evaluate_checks import evaluate_checks
from provisioning.evaluating.packet import Packet
from provisioning.evaluating.passage import Answer
from provisioning.evaluating.surroundings import Surroundings
from provisioning.expecting.expect import expect
from provisioning.expecting.router_interfaces import ROUTER_INTERFACES
from provisioning.judging.judge import judge
from provisioning.model.checks.check import Address
from provisioning.model.port_range import PortRange, Protocol
from provisioning.model.proof import CheckKind, Found
from provisioning.model.verdict import CheckResult, Outcome

CASES = ROOT / "tests" / "cases" / "render_cisco_iosxe"
NAMES = sorted(each.name for each in CASES.iterdir())
EVERYTHING = "internet-pro-plus-cisco"
PROTOCOLS: tuple[Protocol, ...] = ("tcp", "udp")

CALLERS = (IPv4Address("198.51.100.200"), IPv6Address("3fff:aaa::1"))
LEARNED = {
    "GigabitEthernet0/0/0": ("100.64.7.2/16", "3fff:0:0:a::7/64"),
    "Cellular0/2/0": ("100.96.7.2/32", "3fff:0:0:b::7/64"),
}

ANSWERED = {
    *(CheckKind.OPENING, CheckKind.ROUTED_BLOCK, CheckKind.SCAN, CheckKind.PORT_23, CheckKind.LEASE, CheckKind.NAT),
    *(CheckKind.CUSTOMER_FIREWALL, CheckKind.SOURCE_FILTER),
}
"""The kinds that a configuration says something of."""

each_line = pytest.mark.parametrize("name", NAMES)


def bearers(name: str) -> tuple[str, ...]:
    return ROUTER_INTERFACES["cisco_iosxe"].bearers[: len(example(name).intent.bearers)]


def learned(name: str) -> dict[str, tuple[str, ...]]:
    return {each: LEARNED[each] for each in bearers(name)}


@cache
def configuration(name: str) -> str:
    return (CASES / name / "documents" / "running-config").read_text("utf-8")


def verdict(name: str, text: str) -> dict[str, CheckResult]:
    """Return what comes of a line's checks by a configuration alone."""
    around = Surroundings(bearers(name), "Vlan1", learned(name))
    expectation = expect(example(name), operator(), learned(name))
    said = evaluate_checks("cisco_iosxe", expectation, {"running-config": text}, around)
    return {each.check: each for each in judge(expectation, said).results}


@each_line
def test_every_check_that_a_configuration_answers_has_passed(name: str) -> None:
    results = verdict(name, configuration(name)).values()
    assert {each.kind for each in results if each.evaluated} <= ANSWERED
    for each in results:
        wanted = (Outcome.PASSED, True) if each.kind in ANSWERED else (Outcome.NOT_OBSERVED, False)
        assert (each.outcome, each.evaluated) == wanted, each


def together(ranges: Iterable[PortRange], protocol: Protocol) -> set[int]:
    return {port for each in ranges if each.protocol == protocol for port in range(each.first, each.last + 1)}


def ordered(name: str, protocol: Protocol) -> dict[Address, set[int]]:
    """Return the ports that an order opens, by address; router and customer alike, each address of a pack."""
    addressed = example(name)
    wanted: dict[Address, set[int]] = {}
    if addressed.fixed_ipv4 is not None:
        wanted[addressed.fixed_ipv4] = together((each.ports for each in addressed.intent.port_mappings), protocol)
    opened = together((each.ports for each in addressed.intent.customer_openings), protocol)
    if addressed.ip_pack is not None:
        router, *hosts = addressed.ip_pack.hosts()
        wanted |= {router: set(), **dict.fromkeys(hosts, opened)}
    if addressed.ipv6 is not None:
        link = addressed.ipv6.link.network_address
        wanted |= {link + 1: set(), link + 0x10: set(), addressed.ipv6.lan_half.broadcast_address: set()}
        if addressed.ipv6.routed_half is not None:
            half = addressed.ipv6.routed_half
            wanted |= dict.fromkeys((half.network_address + 1, half.broadcast_address - 1), opened)
    if addressed.management is not None:
        wanted[addressed.management] = set()
    return wanted


@each_line
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_is_open_is_exactly_what_was_ordered(name: str, protocol: Protocol) -> None:
    router = read_router(configuration(name), learned(name))
    for bearer in bearers(name):
        for address, wanted in ordered(name, protocol).items():
            assert together(open_ports(router, protocol, address, bearer), protocol) == wanted, (bearer, address)


def open_ports(router: Router, protocol: Protocol, address: Address, bearer: str) -> Iterable[PortRange]:
    """Return the ports at which a stranger is let in, or nobody can tell whether he is."""
    (caller,) = (each for each in CALLERS if each.version == address.version)
    packet = Packet(protocol=protocol, source=caller, destination=address, arrives_on=bearer, source_port=CALLER_PORT)
    spans = passages(router, packet, port_bounds(router))
    return [PortRange(protocol, first, last) for first, last, each in spans if each.let_in is not Answer.NO]


BROKEN = {
    "telnet is not refused any more": (
        (" 10 deny tcp any any eq telnet\n", ""),
        {"port-23 the IP Pack 198.51.100.0/29": Found.SHUT_EVERYWHERE},
    ),
    "telnet is not refused any more, and opened": (
        (
            " 10 deny tcp any any eq telnet\n",
            "",
            " 60 permit tcp any 198.51.100.0 0.0.0.7 range 24 65535",
            " 60 permit tcp any any",
        ),
        {"port-23 the IP Pack 198.51.100.0/29": Found.NOT_SHUT, "scan 198.51.100.2": Found.MORE_OPEN},
    ),
    "a mapping leads to another host": (
        (
            "static tcp 172.20.21.10 443",
            "static tcp 172.20.21.12 443",
            "host 172.20.21.10 eq 443",
            "host 172.20.21.12 eq 443",
        ),
        {"opening tcp/443 192.0.2.1": Found.LED_ELSEWHERE, "opening tcp/25 192.0.2.1": Found.LET_IN},
    ),
    "a mapping is missing": (
        ("ip nat inside source static tcp 172.20.21.10 8003 192.0.2.1 8003 extendable\n", ""),
        {"opening tcp/8000-8005 192.0.2.1": Found.SHUT, "scan 192.0.2.1": Found.NOTHING_ELSE_OPEN},
    ),
    "the pack is translated": (
        (" 10 permit 172.20.21.0 0.0.0.255\n", " 10 permit any\n"),
        {"customer-firewall 198.51.100.0/29": Found.LEAVES_OTHERWISE, "nat": Found.LEAVES_AS_ORDERED},
    ),
    "nothing is translated": (
        ("ip nat inside source list NAT-LAN interface Loopback1 overload\n", ""),
        {"nat": Found.LEAVES_OTHERWISE},
    ),
    "the LAN is not let out": (
        (" 10 permit ip 172.20.21.0 0.0.0.255 any\n", "", " 20 permit tcp 172.20.21.0 0.0.0.255 any eq 443\n", ""),
        {"nat": Found.LEAVES_NOT},
    ),
    "foreign sources are let out": (
        (" 10 permit ip 172.20.21.0 0.0.0.255 any\n", " 10 permit ip any any\n"),
        {"source-filter lan": Found.FOREIGN_PASSED},
    ),
    "answers are stopped on their way back": (
        (
            " 70 permit ip any any\n!\nip access-list extended LAN-MAIL",
            " 65 deny tcp any eq 443 any\n 70 permit ip any any\n!\nip access-list extended LAN-MAIL",
        ),
        {"opening tcp/443 192.0.2.1": Found.SHUT, "opening tcp/25 192.0.2.1": Found.LET_IN},
    ),
    "the routed block leads to another neighbour": (
        ("ipv6 route 2001:DB8:0:80::/57 Vlan1 2001:DB8::10", "ipv6 route 2001:DB8:0:80::/57 Vlan1 2001:DB8::11"),
        {"routed-block 2001:db8:0:80::/57": Found.DOES_NOT_ARRIVE},
    ),
    "the router routes no IPv6": (
        ("ipv6 unicast-routing\n", ""),
        {"routed-block 2001:db8:0:80::/57": Found.DOES_NOT_ARRIVE},
    ),
    "a reserved address is lent": (
        ("ip dhcp excluded-address 172.20.21.10 172.20.21.11\n", ""),
        {"lease": Found.LEASE_OUTSIDE},
    ),
    "a bearer is in no zone": (
        (
            " ip access-group MOBILE-OUT4-44f3110e out\n zone-member security OUTSIDE\n",
            "",
        ),
        {"opening tcp/443 192.0.2.1": Found.SHUT},
    ),
    "the router's own services are open": (
        (" service-policy type inspect OUTSIDE-SELF\n", ""),
        {"scan 192.0.2.1": Found.MORE_OPEN, "scan 100.64.7.2": Found.MORE_OPEN},
    ),
    "a line stands there that nobody here can read": (
        ("zone security INSIDE\n", "nat64 enable\nzone security INSIDE\n"),
        {"scan 192.0.2.1": Found.NOBODY_COULD_LOOK, "opening tcp/443 192.0.2.1": Found.NOBODY_COULD_LOOK},
    ),
}
"""What somebody changed, as old and new texts, and what is found then."""


@pytest.mark.parametrize("change", BROKEN)
def test_what_is_broken_is_found(change: str) -> None:
    pairs, wanted = BROKEN[change]
    text = configuration(EVERYTHING)
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new)
    results = verdict(EVERYTHING, text)
    assert {check: results[check].finding for check in wanted} == wanted
