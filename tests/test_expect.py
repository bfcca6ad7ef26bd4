"""What must be observed of a line: the example orders as files in tests/cases/proof/expect, and what holds for all.

PROVISO_WRITE_CASES=1 writes the files anew.
"""

import os
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network

import pytest
from renderings import EVERY_ORDER, addressed, example, operator
from worlds import ROOT

from provisioning.expecting.expect import expect
from provisioning.expecting.sampling import RANGE_SAMPLE, SHORT_RANGE, block_hosts, pack_hosts, sample
from provisioning.model.checks.behind import NatCheck, SlaacCheck
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck
from provisioning.model.checks.performance import ThroughputCheck
from provisioning.model.checks.scans import ScanCheck
from provisioning.model.expectation import AnyCheck, Expectation
from provisioning.model.intent import AddressedIntent
from provisioning.model.port_range import HIGHEST_PORT, PortRange
from provisioning.model.proof import CheckKind
from provisioning.model.verdict import Viewpoint, Weight

CASES = ROOT / "tests" / "cases" / "proof" / "expect"
WRITE = os.environ.get("PROVISO_WRITE_CASES") == "1"
NAMES = [each.stem for each in EVERY_ORDER]

BEARERS = {
    "lo": ("127.0.0.1/8", "::1/128"),
    "wan0": ("100.64.1.7/16", "3fff:0:0:a::7/64", "fe80::7/64"),
    "wwan0": ("100.96.1.7/16",),
}
"""What a router says of itself; what is on no line's own addresses is left: three addresses."""

TOLD = [CheckKind.SOURCE_FILTER, CheckKind.THROUGHPUT, CheckKind.LATENCY, CheckKind.LOSS, CheckKind.MTU]
"""The kinds that never stand in the way (facts: I-7.2 promises no figures)."""


def expected(name: str) -> Expectation:
    return expect(example(name), operator(), BEARERS)


def shown(each: AnyCheck) -> str:
    """Return a check on one line, for a file that people read."""
    more = ""
    match each:
        case OpeningCheck():
            more = f"tries {each.ports.protocol} {','.join(map(str, each.tried))}; to {each.target}, {each.behind}"
        case ScanCheck():
            more = f"{len(each.tried) or 'all'} ports; may answer: {', '.join(map(str, each.ordered)) or 'none'}"
        case ClosedPortCheck():
            more = f"tcp/{each.port} of {', '.join(map(str, each.addresses))}"
        case RoutedBlockCheck():
            more = f"{each.protocol}/{each.port} of {each.address}"
        case NatCheck():
            more = f"seen as {', '.join(map(str, each.seen_as))}"
        case SlaacCheck():
            more = f"in {each.prefix or 'any prefix'}"
        case ThroughputCheck():
            more = f"{each.down} down, {each.up} up"
    return " | ".join((each.id, each.viewpoint, each.weight, each.subject, more)).rstrip(" |")


@pytest.mark.parametrize("name", NAMES)
def test_an_example_order_gives_this_expectation(name: str) -> None:
    text = "".join(f"{shown(each)}\n" for each in expected(name).checks)
    kept = CASES / f"{name}.txt"
    if WRITE:
        kept.write_text(text, "utf-8")
    assert text == kept.read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_every_check_has_its_facts(name: str) -> None:
    checks = expected(name).checks
    assert checks
    assert len({each.id for each in checks}) == len(checks)
    assert all(each.facts and each.subject for each in checks)


@pytest.mark.parametrize("name", NAMES)
def test_only_what_is_measured_is_told_without_standing_in_the_way(name: str) -> None:
    for each in expected(name).checks:
        assert (each.weight is Weight.REPORT) == (each.kind in TOLD), each.id


def kinds_of_address(line: AddressedIntent) -> Iterator[tuple[str, list[str]]]:
    """Yield each kind of address that a line has, as networks of which one address at least must be tried."""
    if line.fixed_ipv4:
        yield "fixed", [f"{line.fixed_ipv4}/32"]
    if line.ip_pack:
        yield "IP Pack", [f"{each}/32" for each in line.ip_pack.hosts()]
    if line.ipv6:
        yield "link", [str(line.ipv6.link)]
        if line.ipv6.routed_half:
            yield "routed block", [str(line.ipv6.routed_half)]
        if line.ipv6.next_hop:
            yield "next hop", [f"{line.ipv6.next_hop}/128"]
    if line.management:
        yield "management", [f"{line.management}/32"]
    yield "bearers", ["100.64.1.7/32", "3fff:0:0:a::7/128", "100.96.1.7/32"]


@pytest.mark.parametrize("name", NAMES)
def test_port_23_is_tried_on_every_kind_of_address(name: str) -> None:
    tried = [
        address
        for each in expected(name).checks
        if isinstance(each, ClosedPortCheck) and each.port == 23
        for address in each.addresses
    ]
    for kind, networks in kinds_of_address(example(name)):
        for network in networks:
            assert any(each in ip_network(network) for each in tried), (kind, network)


@pytest.mark.parametrize("name", NAMES)
def test_port_23_is_never_ordered_and_never_tried_as_an_opening(name: str) -> None:
    for each in expected(name).checks:
        if isinstance(each, OpeningCheck):
            assert not (each.ports.protocol == "tcp" and 23 in each.ports), each.id
        if isinstance(each, ScanCheck):
            assert not any(23 in ports for ports in each.ordered), each.id


@pytest.mark.parametrize("name", [name for name in NAMES if example(name).intent.ipv4 == "dynamic"])
def test_a_dynamic_line_has_no_openings_and_is_scanned_whole_at_its_bearer(name: str) -> None:
    checks = expected(name).checks
    assert not [each for each in checks if isinstance(each, OpeningCheck) and each.address.version == 4]
    whole = [each.address for each in checks if isinstance(each, ScanCheck) and not each.tried]
    assert whole == [ip_address("100.64.1.7"), ip_address("100.96.1.7")]
    (nat,) = (each for each in checks if isinstance(each, NatCheck))
    assert nat.seen_as == (IPv4Address("100.64.1.7"), IPv4Address("100.96.1.7"))


def test_some_example_is_dynamic() -> None:
    assert any(example(name).intent.ipv4 == "dynamic" for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_mapping_and_each_customer_opening_is_called(name: str) -> None:
    line = example(name)
    openings = [each for each in expected(name).checks if isinstance(each, OpeningCheck)]
    for mapping in line.intent.port_mappings if line.fixed_ipv4 else ():
        (found,) = (each for each in openings if each.ports == mapping.ports and each.address == line.fixed_ipv4)
        assert found.target == mapping.target
        assert found.behind is Viewpoint.LAN
        assert found.viewpoint is (Viewpoint.INTERNET if mapping.ports.protocol == "tcp" else Viewpoint.LAN)
    for opening in line.intent.customer_openings:
        found_at = {each.address for each in openings if each.ports == opening.ports}
        if line.ip_pack:
            assert found_at >= set(pack_hosts(line.ip_pack))
        if line.ipv6 and line.ipv6.routed_half:
            assert found_at >= set(block_hosts(line.ipv6.routed_half))


def test_without_the_router_what_it_has_on_its_bearers_is_left_out() -> None:
    for path in EVERY_ORDER:
        alone = expect(addressed(path), operator(), {})
        assert {each.id for each in alone.checks} <= {
            each.id for each in expect(addressed(path), operator(), BEARERS).checks
        }
        assert not [each for each in alone.checks if "bearers" in each.id]


def test_a_short_range_is_tried_whole_and_a_long_one_at_its_ends() -> None:
    assert sample(PortRange("tcp", 80, 80)) == (80,)
    assert sample(PortRange("tcp", 1, SHORT_RANGE)) == tuple(range(1, SHORT_RANGE + 1))
    long = sample(PortRange("udp", 24, HIGHEST_PORT))
    assert len(long) == RANGE_SAMPLE
    assert (long[0], long[-1]) == (24, HIGHEST_PORT)
    assert list(long) == sorted(long)


def test_addresses_of_a_block_are_in_its_first_and_last_network() -> None:
    pack = IPv4Network("198.51.100.8/29")
    assert [str(each) for each in pack_hosts(pack)] == ["198.51.100.10", "198.51.100.14"]
    assert [str(each) for each in pack_hosts(IPv4Network("198.51.100.8/30"))] == ["198.51.100.10"]
    half = IPv6Network("2001:db8:0:180::/57")
    assert [str(each) for each in block_hosts(half)] == ["2001:db8:0:180::1", "2001:db8:0:1ff::1"]
