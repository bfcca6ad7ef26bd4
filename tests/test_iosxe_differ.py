"""Changes of a Cisco router's configuration: there, back, in an order that the device takes."""

import itertools
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_changes import prove_circle
from iosxe_examples import EXAMPLES, HELD, documents, rendered
from renderings import example

from provisioning.model.intent import AddressedIntent, PortMapping
from provisioning.model.opening import CUSTOMER_FIREWALL, Opening, merged
from provisioning.model.port_range import PortRange
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, sections
from provisioning.platforms.cisco_iosxe.configuration_tree import read_configuration
from provisioning.platforms.cisco_iosxe.defaults import DEFAULTS
from provisioning.platforms.cisco_iosxe.differ import remediate


@pytest.mark.parametrize(("before", "after"), list(itertools.combinations([*EXAMPLES, "bootstrap"], 2)))
def test_any_formula_becomes_any_other_and_comes_back(before: str, after: str) -> None:
    prove_circle(documents(before), documents(after))


@pytest.mark.parametrize("name", [*EXAMPLES, "bootstrap"])
def test_nothing_is_done_where_nothing_differs(name: str) -> None:
    change = remediate(documents(name), documents(name))
    assert (change.commands, change.rollback, change.lost) == ((), (), ())


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_we_render_is_understood_and_nothing_of_it_is_left_alone(name: str) -> None:
    text = documents(name)[RUNNING_CONFIG]
    assert read_configuration(text).strange == ()
    unsaid = {"!", "", "end", "exit-address-family", *(each.line for each in DEFAULTS)}
    ours = {line.strip() for line in text.split("\n")} - unsaid
    known: set[str] = set()
    waiting = list(sections(text))
    while waiting:
        each = waiting.pop()
        known.add(each.text)
        waiting += each.children
    assert ours == known


# Lines that differ in what customers change.

PORTS = st.builds(
    lambda protocol, first, more: PortRange(protocol, first, min(first + more, 65535)),
    st.sampled_from(["tcp", "udp"]),
    st.sampled_from([25, 53, 80, 443, 5060, 8000, 40000]),
    st.integers(0, 3),
)


@st.composite
def variants(draw: st.DrawFn) -> AddressedIntent:
    line = example(draw(st.sampled_from(EXAMPLES)))
    intent = line.intent
    assert intent.lan is not None
    hosts = [IPv4Address(int(intent.lan.subnet.network_address) + each) for each in (2, 3)]
    different = st.lists(PORTS, max_size=2, unique_by=lambda ports: (ports.protocol, ports.first))
    mappings = tuple(PortMapping(ports, draw(st.sampled_from(hosts))) for ports in draw(different))
    changed = replace(
        intent,
        port_mappings=mappings if draw(st.booleans()) else intent.port_mappings,
        customer_openings=merged(Opening(ports, CUSTOMER_FIREWALL) for ports in draw(different))
        if draw(st.booleans())
        else intent.customer_openings,
        wifi=intent.wifi if draw(st.booleans()) else None,
        bearers=intent.bearers if draw(st.booleans()) else intent.bearers[:1],
        managed_firewall=draw(st.booleans()),
    )
    packs = (line.ip_pack, IPv4Network("203.0.113.64/28")) if line.ip_pack else (None,)
    pack = draw(st.sampled_from([*packs, None]))
    former = draw(st.sampled_from([each for each in packs if each != pack])) if pack else None
    fixed = draw(st.sampled_from([line.fixed_ipv4, IPv4Address("192.0.2.200") if line.fixed_ipv4 else None]))
    ipv6 = line.ipv6 if draw(st.booleans()) else None
    if ipv6 is not None and ipv6.next_hop is not None:
        ipv6 = replace(ipv6, next_hop=ipv6.next_hop + draw(st.sampled_from([0, 16])))
    return replace(line, intent=changed, ip_pack=pack, former_ip_pack=former, fixed_ipv4=fixed, ipv6=ipv6)


@settings(max_examples=15, deadline=None)
@given(variants(), variants())
def test_any_line_becomes_any_other_and_comes_back(before: AddressedIntent, after: AddressedIntent) -> None:
    prove_circle(rendered(before), rendered(after))


def test_a_line_that_loses_its_backup_is_told_so_before_its_filters_go() -> None:
    line = example(HELD)
    alone = replace(line, intent=replace(line.intent, bearers=line.intent.bearers[:1]))
    commands = prove_circle(rendered(line), rendered(alone)).commands
    assert commands.index("no router bgp 64511") < min(
        at for at, each in enumerate(commands) if each.startswith(("no route-map", "no ip prefix-list"))
    )
