"""Openings as nouns: ports and sources worked into each other, held against trying every port and address."""

from ipaddress import IPv4Address, IPv4Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limited_openings import limited_line, opening
from pydantic import TypeAdapter

from provisioning.expecting.sampling import MOST_OPENINGS, chosen
from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Opening, limited_by_source, merged, sorted_sources
from provisioning.model.port_range import PortRange, merge, without
from provisioning.store.earlier_intents import readable_addressed

RANGES = st.lists(
    st.tuples(st.sampled_from(["tcp", "udp"]), st.integers(1, 30), st.integers(0, 8)).map(
        lambda each: PortRange.parse(f"{each[0]}/{each[1]}-{each[1] + each[2]}")
    ),
    max_size=6,
)
NETWORKS = st.tuples(st.integers(0, 15), st.integers(28, 32)).map(
    lambda each: IPv4Network((int(IPv4Address("192.0.2.0")) + each[0], each[1]), strict=False)
)
OPENINGS = st.lists(
    st.tuples(RANGES.filter(bool), st.lists(NETWORKS, max_size=3)).map(
        lambda each: Opening(each[0][0], "customer_firewall", None, sorted_sources(each[1]))
    ),
    max_size=6,
)
EVERY = [(protocol, port) for protocol in ("tcp", "udp") for port in range(1, 40)]
CALLERS = [IPv4Address("192.0.2.0") + each for each in range(17)]


def among(ranges: tuple[PortRange, ...], protocol: str, port: int) -> bool:
    return any(each.protocol == protocol and port in each for each in ranges)


@given(RANGES, RANGES)
def test_ports_without_others(some: list[PortRange], others: list[PortRange]) -> None:
    left = without(some, others)
    for each in EVERY:
        assert among(left, *each) == (among(tuple(some), *each) and not among(tuple(others), *each))
    assert merge(left) == left


def lets_in(openings: tuple[Opening, ...], caller: IPv4Address, protocol: str, port: int) -> bool:
    return any(among((each.ports,), protocol, port) and each.lets_in(caller) for each in openings)


@given(OPENINGS)
def test_openings_by_source_let_in_the_same_and_never_overlap(openings: list[Opening]) -> None:
    limited = tuple(each for each in openings if each.sources)
    found = limited_by_source(openings, 4)
    for caller in CALLERS:
        for each in EVERY:
            times = sum(caller in network and among(ports, *each) for network, ports in found)
            assert times == int(lets_in(limited, caller, *each))
    assert limited_by_source(openings, 6) == ()


@given(OPENINGS)
def test_merged_openings_let_in_the_same(openings: list[Opening]) -> None:
    whole = merged(openings)
    assert merged(whole) == whole
    for caller in CALLERS[::4]:
        for each in EVERY:
            assert lets_in(whole, caller, *each) == lets_in(tuple(openings), caller, *each)


def test_a_family_that_is_not_named_is_shut() -> None:
    only_four = opening("tcp/22", "198.51.100.0/24")
    assert only_four.sources_of(4) == (ip_network("198.51.100.0/24"),)
    assert only_four.sources_of(6) is None
    assert opening("tcp/22").sources_of(6) == ()


def test_of_very_many_openings_a_sample_is_looked_at_and_what_was_asked_for() -> None:
    many = tuple(opening(f"tcp/{1000 + number}") for number in range(2000))
    asked = many[777:780]
    found = chosen(many, asked)
    assert len(found) <= MOST_OPENINGS
    assert {many[0], many[-1], *asked} <= set(found)
    assert list(found) == sorted(found, key=lambda each: each.ports)
    assert len(chosen(many, many)) == MOST_OPENINGS
    assert chosen(many[:MOST_OPENINGS]) == many[:MOST_OPENINGS]


@pytest.mark.parametrize("earlier", [True, False])
def test_a_line_that_an_earlier_version_kept_is_read(earlier: bool) -> None:
    line = limited_line("internet-pro-plus")
    adapter = TypeAdapter(AddressedIntent)
    kept = adapter.dump_python(line, mode="json")
    if earlier:
        kept["intent"]["customer_openings"] = [{"protocol": "tcp", "first": 80, "last": 81}]
        (found,) = adapter.validate_python(readable_addressed(kept)).intent.customer_openings
        assert found == opening("tcp/80-81")
    else:
        assert adapter.validate_python(readable_addressed(kept)) == line
    assert readable_addressed(None) is None
