"""How what is wrong on a simulated Cisco router shows, on what DHCP gives and on a rendered router."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from pathlib import Path
from typing import Any

import pytest
from iosxe_networks import Site, site
from iosxe_planes import INTERNET, LAN, SMALL, WAN, plane, sent

from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import read_plane
from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import read_sections
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.outcomes import OPEN, REFUSED, TIMEOUT, UNREACHABLE
from provisioning.stands.simulator.packets import FIXED, MOBILE

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
