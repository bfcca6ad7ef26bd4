"""Two readers of the same configuration, which share nothing: the simulated router, and the evaluator of proofs.

What one lets pass the other must, to the same host and port, with the same source; where the evaluator cannot tell, it
must say so rather than contradict.
"""

from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_networks import CISCOS
from iosxe_renderings import running_config
from renderings import example
from worlds import soaked

from provisioning.evaluating import packet as asked
from provisioning.evaluating.cisco_iosxe.answering import answered
from provisioning.evaluating.cisco_iosxe.evaluate import passage
from provisioning.evaluating.cisco_iosxe.router import Router, read_router
from provisioning.evaluating.passage import Answer, Passage
from provisioning.stands.simulator import packets as sent
from provisioning.stands.simulator.cisco_iosxe.forwarding.passing import RESET, SESSION, answers, forward
from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import Plane, read_plane
from provisioning.stands.simulator.cisco_iosxe.forwarding.services import SNMP
from provisioning.stands.simulator.cisco_iosxe.forwarding.table import route
from provisioning.stands.simulator.cisco_iosxe.forwarding.ways import Ways

Address = IPv4Address | IPv6Address
Protocol = Literal["tcp", "udp", "icmp"]

WAYS = Ways(("fixed", "mobile"))
WAN, MOBILE, LAN = "GigabitEthernet0/0/0", "Cellular0/2/0", "Vlan1"
NUMBERS = {"tcp": (6, 6), "udp": (17, 17), "icmp": (1, 58)}
PORTS = [1, 20, 22, 23, 25, 53, 67, 68, 80, 143, 161, 179, 443, 500, 3784, 5060, 5063, 5064, 8000, 8005, 8006, 65535]

CHANGES = [
    ("", ""),
    (" ip nat inside\n", ""),
    (" zone-member security INSIDE\n", ""),
    ("destination self", "destination INSIDE"),
    ("class class-default\n  drop", "class class-default\n  pass"),
    ("  inspect SESSIONS", "  pass"),
    ("match-any", "match-all"),
    ("permit tcp any host", "deny tcp any host"),
    ("10 permit", "10 deny"),
    (" eq www", " gt 1023"),
    ("ip nat inside source list", "ip nat inside source route-map"),
    (" zone-member security OUTSIDE\n", " zone-member security INSIDE\n"),
    ("ipv6 unicast-routing\n", ""),
    (" ip nat outside\n", " ip nat outside\n ip verify unicast source reachable-via rx allow-default\n"),
    ("0.0.0.255", "0.0.0.254"),
    ("range 24 65535", "neq telnet"),
    ("interface Loopback1\n", "interface Loopback1\n shutdown\n"),
    (" secondary\n", " secondary\n shutdown\n"),
    (" ip nat inside\n", " ip nat inside\n ip access-group 150 out\n"),
    (" ip nat outside\n", " ip nat outside\n ip access-group GROUPED out\n"),
    (" zone-member security OUTSIDE\n", " ipv6 traffic-filter SIX out\n"),
    ("class type inspect LAN\n  inspect SESSIONS", "class type inspect PROTOCOLS\n  inspect"),
    ("class type inspect OPENINGS\n  inspect SESSIONS", "class type inspect NESTED\n  inspect"),
    ("source list NAT-LAN interface Loopback1", "source list 150 interface GigabitEthernet0/0/0"),
    (
        "ip nat inside source list NAT-LAN",
        "ip nat inside source static 192.168.22.20 192.0.2.1\nip nat inside source list NAT-LAN",
    ),
]
"""What may be wrong with a configuration: before and after."""


BESIDES = """
object-group network HOSTS
 host 198.18.1.10
 192.168.0.0 255.255.0.0
 range 172.16.0.0 172.31.255.255
object-group service SOME
 tcp eq 443
 udp range 5060 5063
 icmp
access-list 150 permit tcp any any established
access-list 150 permit udp any gt 1023 any
access-list 150 deny   tcp any any range 8000 8005
access-list 150 permit ip 172.16.0.0 0.15.255.254 any
ip access-list extended GROUPED
 10 deny object-group SOME any object-group HOSTS
 20 permit tcp any any neq www
 30 permit ip object-group HOSTS any
ipv6 access-list SIX
 sequence 10 permit tcp any any established
 sequence 20 deny udp any any range 5060 5063
 sequence 30 permit icmp any any echo-reply
 sequence 40 permit udp any any
class-map type inspect match-any PROTOCOLS
 match protocol udp
 match protocol icmp
class-map type inspect match-all NESTED
 match class-map OPENINGS
 match access-group 150
"""
"""What no line needs, and every reader has to understand."""


@cache
def both(name: str, change: int) -> tuple[Plane, Router]:
    """Return what the two readers make of an example order's configuration, changed."""
    before, after = CHANGES[change]
    text = running_config(name)
    text = (text.replace(before, after) if before else text) + BESIDES
    plane = read_plane(text, 21, None)
    learned = {
        interface: tuple(str(each) for each in plane.interfaces[interface].addresses)
        for interface in (WAN, MOBILE)
        if interface in plane.interfaces
    }
    return plane, read_router(text, learned)


@cache
def places(name: str) -> tuple[Address, ...]:
    """Return addresses that mean something on a line, and their neighbours."""
    line = example(name)
    lan, ipv6 = line.intent.lan, line.ipv6
    assert lan is not None and ipv6 is not None
    found: list[Address] = [
        lan.router,
        lan.subnet[7],
        lan.subnet[-2],
        *(each.target for each in line.intent.port_mappings),
    ]
    found += [each for each in (line.fixed_ipv4, line.management, line.ip_pack[1] if line.ip_pack else None) if each]
    found += [line.ip_pack[2]] if line.ip_pack else []
    found += [
        ip_address(each)
        for each in ("198.18.1.10", "198.18.2.1", "100.127.0.2", "100.64.0.1", "100.64.1.21", "127.0.0.1")
    ]
    found += [ipv6.link[1], ipv6.link[0x10], ipv6.link[0x77], ipv6.block[-2]]
    found += [ipv6.routed_half[1]] if ipv6.routed_half else []
    found += [IPv6Address(each) for each in ("3fff:0:1::10", "3fff:0:2::1", "3fff:0:0:a::1", "2001:db9::1")]
    return tuple(dict.fromkeys(found))


@st.composite
def questions(draw: st.DrawFn, name: str) -> tuple[asked.Packet, sent.Packet]:
    """Return one packet, once for each reader."""
    version = draw(st.sampled_from([4, 6]))
    some = [each for each in places(name) if each.version == version]
    source, target = draw(st.sampled_from(some)), draw(st.sampled_from(some))
    protocol: Protocol = draw(st.sampled_from(["tcp", "udp", "icmp"]))
    with_ports = protocol != "icmp"
    port = draw(st.sampled_from(PORTS)) if with_ports else 0
    source_port = draw(st.sampled_from([40000, 53, 67, 443])) if with_ports else 0
    kind = 0 if with_ports else (8 if version == 4 else 128)
    interface = draw(st.sampled_from([WAN, WAN, LAN, MOBILE]))
    question = asked.Packet(
        protocol=protocol,
        source=source,
        destination=target,
        arrives_on=interface,
        source_port=source_port,
        destination_port=port,
    )
    number = NUMBERS[protocol][version == 6]
    simulated = sent.Packet(version, number, int(source), int(target), source_port, port, kind, came_in=interface)
    return question, simulated


@pytest.mark.parametrize("name", CISCOS)
@settings(max_examples=soaked(150, 4000), deadline=None)
@given(data=st.data())
def test_the_simulated_router_and_the_evaluator_agree(name: str, data: st.DataObject) -> None:
    plane, router = both(name, data.draw(st.integers(0, len(CHANGES) - 1)))
    question, packet = data.draw(questions(name))
    interface = plane.up(packet.came_in)
    if interface is None:
        assert passage(router, question).let_in is not Answer.YES
        return
    mine = forward(plane, packet, interface, WAYS)
    other = passage(router, question)
    if other.let_in is Answer.CANNOT_TELL or of_the_moment(plane, mine):
        return
    assert (other.let_in is Answer.YES) == mine.arrived, (question, other, mine)
    if not mine.arrived:
        return
    agree(other, mine)
    back = answered(router, question, other)
    if back is not None and back.let_in is not Answer.CANNOT_TELL and comes_from_there(plane, packet):
        # It is an answer when it comes from whom was asked.
        comes = back.let_in is Answer.YES and back.source == question.destination
        assert comes == answers(plane, mine), (question, other, back, mine)


def comes_from_there(plane: Plane, packet: sent.Packet) -> bool:
    """Return whether an answer goes back by where the packet came from, and not to the router itself."""
    way = route(plane, packet.version, packet.source, WAYS)
    own = plane.owner(packet.version, packet.source)
    return way is not None and way.interface == packet.came_in and own is None


def of_the_moment(plane: Plane, mine: sent.Passage) -> bool:
    """Return whether a packet met what the evaluator leaves out: whom a service serves, and a lease not had."""
    own_service = mine.answer == RESET or (mine.where == sent.DROPPED and mine.packet.target_port == SNMP)
    return own_service or (mine.where == sent.UNROUTED and not plane.own(WAN, mine.packet.version))


def agree(other: Passage, mine: sent.Passage) -> None:
    """Hold what both say of a packet that is let in against each other."""
    source, target = (
        ip_address(each.to_bytes(4 if mine.packet.version == 4 else 16, "big"))
        for each in (mine.packet.source, mine.packet.target)
    )
    # By which bearer it leaves stands in no configuration, nor with which address where that depends on it.
    assert mine.where in (other.leaves_by or (sent.LOCAL,)), (other, mine)
    assert other.source in (None, source), (other, mine)
    assert (other.destination, other.destination_port) == (target, mine.packet.target_port), (other, mine)
    assert other.inspected == (SESSION in mine.packet.status), (other, mine)


@pytest.mark.parametrize("name", CISCOS)
def test_the_evaluator_can_tell_of_most(name: str) -> None:
    plane, router = both(name, 0)
    told = []
    for address in places(name):
        if address.version == 4:
            for port in PORTS:
                question = asked.Packet(
                    protocol="tcp",
                    source=IPv4Address("198.18.1.10"),
                    destination=address,
                    arrives_on=WAN,
                    source_port=40000,
                    destination_port=port,
                )
                told.append(passage(router, question).let_in is not Answer.CANNOT_TELL)
    assert sum(told) > 0.8 * len(told)
    assert plane.unread == ()
