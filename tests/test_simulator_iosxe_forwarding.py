"""What a simulated Cisco router does with packets, step by step, and how what is wrong on it shows."""

from collections.abc import Iterator
from copy import deepcopy
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any

import pytest
from iosxe_networks import Site, site

from provisioning.stands.simulator.cisco_iosxe.forwarding.passing import answers, call, forward
from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import Plane, read_plane
from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import read_sections
from provisioning.stands.simulator.cisco_iosxe.forwarding.table import route
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.outcomes import OPEN, REFUSED, TIMEOUT, UNREACHABLE
from provisioning.stands.simulator.packets import ECHO, FIXED, MOBILE, TCP, UDP, Packet, Passage

INTERNET = "198.18.1.10"
WAN, LAN = "GigabitEthernet0/0/0", "Vlan1"
BEARERS = (FIXED,)

SMALL = """
ip nat inside source static tcp 192.168.1.20 443 192.0.2.1 8443 extendable
ip nat inside source list NAT interface Loopback1 overload
ip access-list standard NAT
 10 permit 192.168.1.0 0.0.0.255
zone security INSIDE
zone security OUTSIDE
class-map type inspect match-any OPEN
 match access-group name OPENINGS
class-map type inspect match-all OUT
 match protocol tcp
policy-map type inspect IN
 class type inspect OPEN
  inspect
 class class-default
  drop
policy-map type inspect OUT
 class type inspect OUT
  inspect
 class class-default
  drop
zone-pair security IN source OUTSIDE destination INSIDE
 service-policy type inspect IN
zone-pair security OUT source INSIDE destination OUTSIDE
 service-policy type inspect OUT
ip access-list extended OPENINGS
 10 permit tcp any host 192.168.1.20 eq 443
interface Loopback1
 ip address 192.0.2.1 255.255.255.255
interface GigabitEthernet0/0/0
 ip address dhcp
 ip nat outside
 zone-member security OUTSIDE
interface Vlan1
 ip address 198.51.100.1 255.255.255.248 secondary
 ip address 192.168.1.1 255.255.255.0
 ip nat inside
 zone-member security INSIDE
ip route 203.0.113.0 255.255.255.0 Null0
"""


def plane(text: str = SMALL, *changes: tuple[str, str]) -> Plane:
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return read_plane(text, 1, None)


def sent(source: str, target: str, protocol: int = TCP, source_port: int = 40000, port: int = 80) -> Packet:
    one, other = ip_address(source), ip_address(target)
    return Packet(one.version, protocol, int(one), int(other), source_port, port)


def through(made: Plane, packet: Packet, came_in: str = WAN) -> Passage:
    interface = made.up(came_in)
    assert interface is not None
    return forward(made, packet, interface, BEARERS)


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
    assert call(plane(), asked, BEARERS).where == WAN
    pair = "zone-pair security SELF source OUTSIDE destination self\n service-policy type inspect OUT\n"
    fixed = (" ip address dhcp\n", " ip address 100.64.1.1 255.255.0.0\n")
    route = "ip route 0.0.0.0 0.0.0.0 100.64.0.1\n"
    assert call(plane(SMALL + route, fixed), asked, BEARERS).where == WAN
    assert call(plane(SMALL + route + pair, fixed), asked, BEARERS).where == "dropped"
    sources = "ip domain lookup source-interface Loopback1\n"
    assert call(plane(SMALL + sources), asked, BEARERS).packet.source == int(IPv4Address("192.0.2.1"))


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
        way = route(made, 4, int(IPv4Address(address)), BEARERS)
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
    assert route(made, 4, int(IPv4Address("192.168.1.77")), BEARERS) is not None
    assert made.owner(4, int(IPv4Address("192.168.1.1"))) is None


def test_ipv6_is_routed_when_it_is_switched_on() -> None:
    text = SMALL.replace("interface Vlan1\n", "interface Vlan1\n ipv6 address 2001:DB8::1/64\n").replace(
        " ip nat outside\n", " ip nat outside\n ipv6 address autoconfig default\n"
    )
    packet = sent("2001:db8::77", "3fff:0:1::10")
    assert through(plane(text), packet, LAN).where == "unrouted"
    assert through(plane(f"{text}ipv6 unicast-routing\n"), packet, LAN).where == WAN


# --- what DHCP gives, on either side ---


def test_a_lease_on_the_bearer_needs_the_answer_let_in() -> None:
    assert plane().own(WAN, 4) == int(IPv4Address("100.64.1.1"))
    pair = "zone-pair security SELF source OUTSIDE destination self\n service-policy type inspect OUT\n"
    assert plane(SMALL + pair).own(WAN, 4) == 0
    edge = "interface GigabitEthernet0/0/0\n ip access-group EDGE in\naccess-list 110 permit tcp any any\n".replace(
        "EDGE", "110"
    )
    assert plane(SMALL + edge).own(WAN, 4) == 0


def test_a_delegated_prefix_is_used_where_the_configuration_wants_it() -> None:
    text = SMALL.replace("interface Vlan1\n", "interface Vlan1\n ipv6 address PD ::1/64\n")
    asking = text.replace(" ip nat outside\n", " ip nat outside\n ipv6 dhcp client pd PD\n")
    prefix = IPv6Network("3fff:1:0:100::/56")
    assert read_plane(asking, 1, prefix).owner(6, int(IPv6Address("3fff:1:0:100::1"))) is not None
    assert read_plane(text, 1, prefix).owner(6, int(IPv6Address("3fff:1:0:100::1"))) is None
    assert read_plane(asking, 1, None).owner(6, 1) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", "192.168.1.2"),
        ("ip dhcp excluded-address 192.168.1.1 192.168.1.10", "192.168.1.11"),
        ("ip dhcp excluded-address 192.168.1.2", "192.168.1.3"),
        ("no service dhcp", None),
        ("ip dhcp excluded-address 192.168.1.1 192.168.1.254", None),
    ],
)
def test_the_lowest_address_that_is_free_is_lent(text: str, address: str | None) -> None:
    pool = "ip dhcp pool P\n network 192.168.1.0 255.255.255.0\n default-router 192.168.1.1\n"
    pool += " dns-server 192.168.1.1 9.9.9.9\n"
    lan = next(plane().interfaces[LAN].holding(4))
    lease = plane(f"{SMALL}{text}\n{pool}").services.lease(lan)  # type: ignore[arg-type]
    assert (lease.address if lease else None) == address
    assert lease is None or lease.resolvers == ("192.168.1.1", "9.9.9.9")


# --- what is wrong on a rendered router shows ---


@pytest.fixture
def rich(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, "internet-pro-plus-cisco") as made:
        yield made


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ("tcp 172.20.21.10 443 192.0.2.1 443", "tcp 172.20.21.77 443 192.0.2.1 443", TIMEOUT),
        ("tcp 172.20.21.10 443 192.0.2.1 443", "tcp 172.20.21.10 443 192.0.2.9 443", TIMEOUT),
        ("10 permit tcp any host 172.20.21.10 eq 443\n 20", "10 deny tcp any host 172.20.21.10 eq 443\n 20", OPEN),
        ("permit tcp any host 172.20.21.10 eq 443", "deny tcp any host 172.20.21.10 eq 443", TIMEOUT),
        (" ip nat inside\n", "", TIMEOUT),
        (
            "OUTSIDE-INSIDE source OUTSIDE destination INSIDE",
            "OUTSIDE-INSIDE source INSIDE destination INSIDE",
            TIMEOUT,
        ),
        # Nothing comes in by the fixed bearer any more, no neighbour either: the mobile one takes over.
        (" 80 permit ip any any\n", "", OPEN),
        ("neighbor 100.64.0.1 remote-as 64500", "neighbor 100.64.0.1 remote-as 64501", OPEN),
        ("network 192.0.2.1 mask 255.255.255.255", "network 192.0.2.3 mask 255.255.255.255", TIMEOUT),
        ("interface Loopback1\n", "interface Loopback1\n shutdown\n", TIMEOUT),
        ("router bgp 64511", "router bgp 64999", TIMEOUT),
        ("neighbor 100.64.0.1 activate", "no neighbor 100.64.0.1 activate", OPEN),
        ("interface GigabitEthernet0/1/0\n", "interface GigabitEthernet0/1/0\n shutdown\n", UNREACHABLE),
        (
            "interface GigabitEthernet0/1/0\n",
            "interface GigabitEthernet0/1/0\n switchport access vlan 9\n",
            UNREACHABLE,
        ),
    ],
)
def test_what_is_wrong_shows_from_outside(rich: Site, before: str, after: str, outcome: str) -> None:
    assert rich.opens("192.0.2.1", "tcp", 443) == OPEN
    rich.router.change(before, after)
    assert rich.opens("192.0.2.1", "tcp", 443) == outcome


@pytest.mark.parametrize(
    ("before", "after", "what", "seen"),
    [
        (" default-router 172.20.21.1\n", "", "nat", {"error": "[Errno 101] Network is unreachable"}),
        ("ip dns server\n", "", "dns", {"error": "no answer"}),
        ("ip name-server 198.18.1.53\n", "", "dns", {"rcode": 5}),
        ("ip name-server 198.18.1.53\n", "ip name-server 198.18.1.99\n", "dns", {"error": "no answer"}),
        (" dns-server 172.20.21.1\n", "", "lease", {"resolvers": []}),
        (
            "10 permit udp any eq bootpc any eq bootps",
            "10 deny ip any any",
            "lease",
            {"error": "no server made an offer"},
        ),
        ("ip nat inside source list NAT-LAN", "ip nat inside source list NAT-WAN", "nat", {"error": "timed out"}),
        ("ipv6 unicast-routing\n", "", "slaac", {"error": "no prefix was advertised"}),
        (" ipv6 nd ra interval 30\n", " ipv6 nd ra suppress all\n", "slaac", {"error": "no prefix was advertised"}),
        ("permit ipv6 2001:DB8::/56 any", "permit ipv6 2001:DB8:1::/56 any", "slaac", {"error": "timed out"}),
    ],
)
def test_what_is_wrong_shows_from_the_lan(
    rich: Site, before: str, after: str, what: str, seen: dict[str, object]
) -> None:
    rich.router.change(before, after)
    request = {
        "do": ["nat", "slaac", "dns"],
        "greeter": {"4": [INTERNET, 40000], "6": ["3fff:0:1::10", 40000]},
        "name": "example.net",
        "resolver": "172.20.21.1",
    }
    found: Any = rich.behind().new_host(request)
    assert found[what].items() >= seen.items()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" neighbor 100.96.0.1 disable-connected-check\n", ""),
        ("ip route 100.96.0.1 255.255.255.255 Cellular0/2/0\n", ""),
        (" ip address negotiated\n", " no ip address\n"),
        (" dialer-group 1\n", ""),
        ("dialer-list 1 protocol ip permit\n", ""),
        (
            "10 permit tcp 100.127.0.0 0.0.0.3 host 10.255.0.0 eq 22\n",
            "10 permit tcp any any eq 7\n 15 deny ip any any\n",
        ),
    ],
)
def test_what_the_back_up_needs(tmp_path: Path, before: str, after: str) -> None:
    with site(tmp_path, "temporary-fullfiber-extended-cisco") as made:
        made.light(on=False)
        fixed, router = IPv4Address(str(made.line.fixed_ipv4)), made.network.routers[made.serial]
        assert made.network.way(router, fixed) == MOBILE
        made.router.change(before, after)
        assert made.network.way(router, fixed) == ""


def test_while_the_fixed_bearer_is_held_nothing_of_the_line_is_told_there(rich: Site) -> None:
    router = rich.network.routers[rich.serial]
    fixed = IPv4Address("192.0.2.1")
    assert rich.network.way(router, fixed) == FIXED
    # The probe that watches the fixed bearer has no answer: its target does not exist.
    rich.router.change(" icmp-echo 100.64.0.1 ", " icmp-echo 100.64.0.99 ")
    assert rich.network.way(router, fixed) == MOBILE
    out = rich.router.forward(sent("172.20.21.77", INTERNET), "lan")
    assert (out.where, out.packet.source) == (MOBILE, int(fixed))


def test_who_may_not_manage_it_is_refused(rich: Site) -> None:
    router: Any = rich.router
    rich.router.change(" 10 permit 100.127.0.0 0.0.0.3\n", " 10 permit 100.127.9.0 0.0.0.3\n")
    assert not rich.network.reached(router, "10.255.0.0", "tcp", 22)
    assert not rich.network.reached(router, "10.255.0.0", "udp", 161)


def test_telnet_listens_where_a_line_takes_it(rich: Site) -> None:
    rich.router.change(" transport input ssh\n", " transport input all\n")
    assert rich.router.listens("tcp", "10.255.0.0", 23, FIXED)
    assert rich.opens("10.255.0.0", "tcp", 23) == UNREACHABLE


def test_a_bare_router_refuses_what_it_does_not_serve(tmp_path: Path) -> None:
    with site(tmp_path, "fullfiber-extended-cisco") as made:
        made.router.text = "interface GigabitEthernet0/0/0\n ip address dhcp\nline vty 0 4\n transport input ssh\n"
        network: OperatorNetwork = made.network
        router: Any = made.router
        assert network.reached(router, made.serial, "tcp", 22) is True
        assert network.reached(router, made.serial, "tcp", 80) is None
        assert made.opens("100.64.1.21", "tcp", 443) == REFUSED


def test_a_configuration_is_a_tree_in_which_nothing_is_lost() -> None:
    text = "hostname x\n!\nbanner motd ^C\nno one\n interface fake\n^C\n"
    text += "interface Vlan1\n ip address dhcp\n !\n shutdown\n!\nend\n"
    root = read_sections(text)
    assert [each.words for each in root.children] == [
        ("hostname", "x"),
        ("banner", "motd", "^C"),
        ("interface", "Vlan1"),
    ]
    assert [each.words for each in root.children[2].children] == [("ip", "address", "dhcp"), ("shutdown",)]
