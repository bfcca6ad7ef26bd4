"""What a simulated Cisco router does with packets, step by step."""

from copy import deepcopy
from ipaddress import IPv4Address

import pytest
from iosxe_planes import INTERNET, LAN, SMALL, WAN, plane, sent

from provisioning.stands.simulator.cisco_iosxe.forwarding.passing import answers, call, forward
from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import Plane
from provisioning.stands.simulator.cisco_iosxe.forwarding.table import route
from provisioning.stands.simulator.cisco_iosxe.forwarding.ways import Ways
from provisioning.stands.simulator.packets import ECHO, FIXED, UDP, Packet, Passage

WAYS = Ways((FIXED,))


def through(made: Plane, packet: Packet, came_in: str = WAN) -> Passage:
    interface = made.up(came_in)
    assert interface is not None
    return forward(made, packet, interface, WAYS)


def where(passage: Passage) -> tuple[str, str, int]:
    """Return where a packet went, to whom, and to which of his ports."""
    return passage.where, str(IPv4Address(passage.packet.target)), passage.packet.target_port


def test_what_comes_in_is_translated_before_the_firewall_looks() -> None:
    passage = through(plane(), sent(INTERNET, "192.0.2.1", port=8443))
    assert where(passage) == (LAN, "192.168.1.20", 443)
    assert answers(plane(), passage)
    outside = ("permit tcp any host 192.168.1.20 eq 443", "permit tcp any host 192.0.2.1 eq 8443")
    assert through(plane(SMALL, outside), sent(INTERNET, "192.0.2.1", port=8443)).where == "dropped"


def test_what_goes_out_is_translated_after_the_firewall_looked() -> None:
    passage = through(plane(), sent("192.168.1.77", INTERNET), LAN)
    assert (passage.where, passage.packet.source) == (WAN, int(IPv4Address("192.0.2.1")))
    assert answers(plane(), passage)
    assert through(plane(), sent("192.168.1.77", INTERNET, UDP), LAN).where == "dropped"


def test_addresses_that_no_list_chooses_stay_as_they_are() -> None:
    passage = through(plane(), sent("198.51.100.2", INTERNET), LAN)
    assert (passage.where, passage.packet.source) == (WAN, int(IPv4Address("198.51.100.2")))


def test_a_mapped_server_is_seen_by_its_port() -> None:
    passage = through(plane(), sent("192.168.1.20", INTERNET, source_port=443), LAN)
    assert (passage.packet.source, passage.packet.source_port) == (int(IPv4Address("192.0.2.1")), 8443)


@pytest.mark.parametrize("role", [" ip nat inside\n", " ip nat outside\n"])
def test_without_both_sides_nothing_is_translated(role: str) -> None:
    made = plane(SMALL, (role, ""))
    out = through(made, sent("192.168.1.77", INTERNET), LAN)
    assert out.packet.source == int(IPv4Address("192.168.1.77"))
    into = through(made, sent(INTERNET, "192.0.2.1", port=8443))
    assert not (into.where == LAN and answers(made, into))


@pytest.mark.parametrize(
    ("mapping", "port", "target"),
    [
        ("static tcp 192.168.1.20 443 interface Loopback1 8443", 8443, 443),
        ("static 192.168.1.20 192.0.2.1", 443, 443),
        ("static network 192.168.1.20 192.0.2.1 /32", 443, 443),
        ("static tcp 192.168.1.20 443 192.0.2.1 www", 80, 443),
    ],
)
def test_every_way_to_write_a_static_translation(mapping: str, port: int, target: int) -> None:
    made = plane(SMALL, ("static tcp 192.168.1.20 443 192.0.2.1 8443 extendable", mapping))
    assert where(through(made, sent(INTERNET, "192.0.2.1", port=port))) == (LAN, "192.168.1.20", target)


def test_a_route_map_and_a_pool_translate_too() -> None:
    made = plane(
        SMALL + "ip nat pool P 192.0.2.9 192.0.2.9 prefix-length 29\nroute-map M permit 10\n match ip address NAT\n",
        ("source list NAT interface Loopback1 overload", "source route-map M pool P overload"),
    )
    assert through(made, sent("192.168.1.77", INTERNET), LAN).packet.source == int(IPv4Address("192.0.2.9"))


# --- zones ---


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        ("  inspect\n class class-default\n  drop\npolicy-map type inspect OUT", None, (LAN, True)),
        ("IN\n class type inspect OPEN\n  inspect", "IN\n class type inspect OPEN\n  pass", (LAN, False)),
        ("IN\n class type inspect OPEN\n  inspect", "IN\n class type inspect OPEN\n  drop", ("dropped", False)),
        ("IN\n class type inspect OPEN\n  inspect", "IN\n class type inspect OPEN", ("dropped", False)),
        (" zone-member security INSIDE\n", "", ("dropped", False)),
        ("match access-group name OPENINGS", "match protocol https", (LAN, True)),
        ("match access-group name OPENINGS", "match protocol http", ("dropped", False)),
        ("match access-group name OPENINGS", "match class-map OUT", (LAN, True)),
        ("match access-group name OPENINGS", "match access-group name MISSING", ("dropped", False)),
        (" service-policy type inspect IN\n", "", ("dropped", False)),
        ("security OUTSIDE\ninterface Vlan1", "security INSIDE\ninterface Vlan1", (LAN, True)),
    ],
)
def test_a_pair_lets_through_what_its_policy_says(before: str, after: str | None, result: tuple[str, bool]) -> None:
    made = deepcopy(plane(SMALL, *([(before, after)] if after is not None else [])))
    passage = through(made, sent(INTERNET, "192.0.2.1", port=8443))
    assert passage.where == result[0]
    # What passes without a session has no answer, where the pair of the other direction has no class for it.
    if passage.where == LAN:
        made.firewall.policies["OUT"] = [("class-default", "drop")]
        assert answers(made, passage) == result[1] or made.interfaces[WAN].zone == "INSIDE"


def test_the_router_itself_is_open_until_a_pair_says_otherwise() -> None:
    ping = Packet(4, ECHO[4][0], int(IPv4Address(INTERNET)), int(IPv4Address("192.0.2.1")), kind=8)
    assert through(plane(), ping).where == "local"
    pair = "zone-pair security SELF source OUTSIDE destination self\n service-policy type inspect OUT\n"
    assert through(plane(SMALL + pair), ping).where == "dropped"
    back = "zone-pair security SELF source self destination OUTSIDE\n service-policy type inspect OUT\n"
    made = plane(SMALL + back)
    assert not answers(made, through(made, ping))


def test_a_router_that_asks_needs_its_answer_let_in() -> None:
    asked = sent("0.0.0.0", "198.18.1.53", UDP, port=53)
    assert call(plane(), asked, WAYS).where == WAN
    pair = "zone-pair security SELF source OUTSIDE destination self\n service-policy type inspect OUT\n"
    fixed = (" ip address dhcp\n", " ip address 100.64.1.1 255.255.0.0\n")
    route = "ip route 0.0.0.0 0.0.0.0 100.64.0.1\n"
    assert call(plane(SMALL + route, fixed), asked, WAYS).where == WAN
    assert call(plane(SMALL + route + pair, fixed), asked, WAYS).where == "dropped"
    sources = "ip domain lookup source-interface Loopback1\n"
    assert call(plane(SMALL + sources), asked, WAYS).packet.source == int(IPv4Address("192.0.2.1"))


# --- access lists on interfaces, source checks, routes ---


def test_a_list_on_the_way_in_sees_what_comes_in() -> None:
    text = SMALL + "interface GigabitEthernet0/0/0\n ip access-group EDGE in\nip access-list extended EDGE\n"
    shut = plane(text + " 10 deny tcp any any eq 8443\n 20 permit ip any any\n")
    passage = through(shut, sent(INTERNET, "192.0.2.1", port=8443))
    assert (passage.where, passage.answer) == ("rejected", "prohibited")
    silent = plane(text + " 10 permit udp any any\n", (" ip nat outside\n", " ip nat outside\n no ip unreachables\n"))
    assert through(silent, sent(INTERNET, "192.0.2.1", port=8443)).where == "dropped"


def test_a_list_on_the_way_out_sees_what_goes_out() -> None:
    text = SMALL + "interface GigabitEthernet0/0/0\n ip access-group EDGE out\nip access-list extended EDGE\n"
    for address, passes in (("192.0.2.1", True), ("192.168.1.77", False)):
        made = plane(f"{text} 10 permit ip host {address} any\n")
        passage = through(made, sent("192.168.1.77", INTERNET), LAN)
        assert (passage.where == WAN) == passes


def test_answers_need_a_list_that_lets_them_in() -> None:
    text = SMALL + "interface GigabitEthernet0/0/0\n ip access-group EDGE in\nip access-list extended EDGE\n"
    for entry, passes in (("permit tcp any any established", True), ("permit udp any any", False)):
        made = plane(f"{text} 5 permit udp any eq bootps any eq bootpc\n 10 {entry}\n")
        assert answers(made, through(made, sent("192.168.1.77", INTERNET), LAN)) == passes


@pytest.mark.parametrize(
    ("how", "source", "passes"),
    [
        ("rx", INTERNET, False),
        ("rx allow-default", INTERNET, True),
        ("rx allow-default", "192.168.1.5", False),
        ("any", "192.168.1.5", True),
        ("any allow-default", "203.0.113.5", False),
    ],
)
def test_a_source_must_be_where_it_comes_from(how: str, source: str, passes: bool) -> None:
    check = (" ip nat outside\n", f" ip nat outside\n ip verify unicast source reachable-via {how}\n")
    passage = through(plane(SMALL, check), sent(source, "192.0.2.1", port=8443))
    assert (passage.where == LAN) == passes


def test_routes() -> None:
    text = SMALL + (
        "ip route 203.0.113.7 255.255.255.255 192.168.1.9\nip route 10.0.0.0 255.0.0.0 172.31.9.9\n"
        "ip route 10.9.0.0 255.255.0.0 Vlan1 192.168.1.8 250\nip route 10.9.0.0 255.255.0.0 Null0 254\n"
    )
    made = plane(text)

    def found(address: str) -> tuple[str, str] | None:
        way = route(made, 4, int(IPv4Address(address)), WAYS)
        return (way.interface, way.gateway) if way is not None else None

    assert found("192.168.1.77") == (LAN, "")
    assert found("203.0.113.7") == (LAN, "192.168.1.9")
    assert found("203.0.113.8") == ("Null0", "")
    assert found("10.9.1.1") == (LAN, "192.168.1.8")
    assert found("10.8.1.1") == found("8.8.8.8") == (WAN, "default")
    passage = through(plane(), sent("192.168.1.77", "203.0.113.8"), LAN)
    assert (passage.where, passage.answer) == ("rejected", "host")
    quiet = plane(SMALL + "interface Null0\n no ip unreachables\n")
    assert through(quiet, sent("192.168.1.77", "203.0.113.8"), LAN).where == "blackhole"


def test_a_shut_interface_has_no_addresses_and_no_routes() -> None:
    made = plane(SMALL, ("interface Vlan1\n", "interface Vlan1\n shutdown\n"))
    assert made.lan(1) is None
    # Its network is somebody else's now, behind the default route.
    assert route(made, 4, int(IPv4Address("192.168.1.77")), WAYS) is not None
    assert made.owner(4, int(IPv4Address("192.168.1.1"))) is None


def test_ipv6_is_routed_when_it_is_switched_on() -> None:
    text = SMALL.replace("interface Vlan1\n", "interface Vlan1\n ipv6 address 2001:DB8::1/64\n").replace(
        " ip nat outside\n", " ip nat outside\n ipv6 address autoconfig default\n"
    )
    packet = sent("2001:db8::77", "3fff:0:1::10")
    assert through(plane(text), packet, LAN).where == "unrouted"
    assert through(plane(f"{text}ipv6 unicast-routing\n"), packet, LAN).where == WAN
