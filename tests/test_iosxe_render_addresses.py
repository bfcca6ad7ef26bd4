"""What the configuration of a Cisco router says of addresses, of its two bearers, of Wi-Fi and of the operator."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_renderings import RICHEST, cisco_config, running_config
from iosxe_texts import begins, entries, every, lists, sections
from renderings import example, operator, with_wifi
from worlds import soaked

from provisioning.errors import CannotEncode
from provisioning.model.intent import DhcpRange, Lan, PortMapping
from provisioning.model.port_range import ALL_BUT_MANAGEMENT, PortRange
from provisioning.platforms.cisco_iosxe.lan_services import excluded
from provisioning.platforms.cisco_iosxe.nat import MOST_MAPPED_PORTS

# --- addresses -------------------------------------------------------------------------------------------------------


def test_each_mapped_port_has_a_line_and_a_range_as_many_as_ports() -> None:
    assert begins(running_config(RICHEST), "ip nat inside source static ") == [
        "tcp 172.20.21.10 25 192.0.2.1 25 extendable",
        "tcp 172.20.21.10 443 192.0.2.1 443 extendable",
        *(f"tcp 172.20.21.10 {port} 192.0.2.1 {port} extendable" for port in range(8000, 8006)),
        *(f"udp 172.20.21.11 {port} 192.0.2.1 {port} extendable" for port in range(5060, 5064)),
    ]
    assert begins(running_config(RICHEST), "ip nat inside source list ") == ["NAT-LAN interface Loopback1 overload"]


@pytest.mark.parametrize(
    "ranges", [(PortRange("udp", 10000, 10000 + MOST_MAPPED_PORTS),), ALL_BUT_MANAGEMENT], ids=["one-too-many", "all"]
)
def test_more_ports_than_the_router_should_map_are_refused_with_what_to_do(ranges: tuple[PortRange, ...]) -> None:
    line = example(RICHEST)
    mappings = tuple(PortMapping(each, IPv4Address("172.20.21.10")) for each in ranges)
    with pytest.raises(CannotEncode, match="maps each of them") as caught:
        running_config(replace(line, intent=replace(line.intent, port_mappings=mappings)))
    assert "IP Pack" in str(caught.value.remedy)


@every
def test_what_is_not_lent_is_excluded(name: str) -> None:
    text, lan = running_config(name), example(name).intent.lan
    assert lan is not None
    shut: set[IPv4Address] = set()
    for each in begins(text, "ip dhcp excluded-address "):
        ends = [IPv4Address(word) for word in each.split()]
        shut |= {IPv4Address(number) for number in range(int(ends[0]), int(ends[-1]) + 1)}
    lent = {IPv4Address(n) for each in lan.dhcp for n in range(int(each.first), int(each.last) + 1)}
    assert set(lan.subnet.hosts()) - shut == lent
    assert 1 <= len(lent) <= 253


@settings(max_examples=soaked(100, 2000), deadline=None)
@given(st.integers(22, 30), st.sets(st.integers(1, 1022), max_size=20))
def test_exactly_the_ranges_of_the_intent_are_lent(length: int, chosen: set[int]) -> None:
    subnet = IPv4Network((IPv4Address("10.0.0.0"), length))
    hosts = set(subnet.hosts())
    lent = {subnet.network_address + number for number in chosen if subnet.network_address + number in hosts}
    ranges = tuple(DhcpRange(each, each) for each in sorted(lent, reverse=True))
    shut = [
        IPv4Address(n)
        for each in excluded(Lan(subnet, subnet[1], ranges))
        for n in range(int(each[0]), int(each[-1]) + 1)
    ]
    assert len(shut) == len(set(shut))
    assert hosts - set(shut) == lent


def test_a_line_with_dynamic_addresses_asks_for_a_prefix_and_hides_behind_its_bearer() -> None:
    line = example(RICHEST)
    dynamic = replace(line, fixed_ipv4=None, ip_pack=None, ipv6=None, intent=replace(line.intent, bearers=("copper",)))
    text = running_config(dynamic)
    wan = sections(text)["interface GigabitEthernet0/0/0"]
    assert "ipv6 dhcp client pd DELEGATED" in wan and "ipv6 address autoconfig default" in wan
    assert "ipv6 address DELEGATED ::1/64" in sections(text)["interface Vlan1"]
    assert begins(text, "ip nat inside source list ") == ["NAT-LAN interface GigabitEthernet0/0/0 overload"]
    assert entries(text, "LAN6") == ["permit ipv6 any any"]
    assert "interface Loopback1" not in sections(text)
    assert "Loopback1" not in text


@every
def test_a_fixed_block_is_announced_and_nothing_is_delegated(name: str) -> None:
    text, ipv6 = running_config(name), example(name).ipv6
    assert ipv6 is not None and "DELEGATED" not in text
    lan = sections(text)["interface Vlan1"]
    assert f"ipv6 address {str(ipv6.link.network_address + 1).upper()}/64" in lan
    assert "ipv6 nd ra dns server 3FFF:0:1::53" in lan
    routed = begins(text, f"ipv6 route {str(ipv6.routed_half).upper()} ")
    assert routed == ([f"Vlan1 {str(ipv6.next_hop).upper()}"] if ipv6.routed_half else [])


def test_the_pack_stands_on_the_lan_beside_its_own_network() -> None:
    addresses = [
        each for each in sections(running_config(RICHEST))["interface Vlan1"] if each.startswith("ip address")
    ]
    assert addresses == [
        "ip address 198.51.100.1 255.255.255.248 secondary",
        "ip address 172.20.21.1 255.255.255.0",
    ]


# --- the two bearers -------------------------------------------------------------------------------------------------


@every
def test_bgp_is_spoken_where_there_is_a_back_up_and_nowhere_else(name: str) -> None:
    backed_up = "mobile" in example(name).intent.bearers
    text = running_config(name)
    heads = sections(text)
    assert ("router bgp 64511" in heads) is backed_up
    assert ("ip sla 1" in heads) is backed_up
    mobile = heads["interface Cellular0/2/0"]
    assert ("ip address negotiated" in mobile) is backed_up
    assert ("shutdown" in mobile) is not backed_up
    assert ("ipv6 address autoconfig default" in heads["interface GigabitEthernet0/0/0"]) is not backed_up


def test_the_same_is_announced_on_both_bearers_and_bfd_watches_the_fixed_one() -> None:
    text = running_config(RICHEST)
    bgp = sections(text)["router bgp 64511"]
    for neighbour in ("100.64.0.1", "100.96.0.1", "3FFF:0:0:A::1", "3FFF:0:0:B::1"):
        assert f"neighbor {neighbour} remote-as 64500" in bgp
        assert f" neighbor {neighbour} send-community" in bgp
    assert "no bfd echo" in sections(text)["interface GigabitEthernet0/0/0"]
    assert [line for line in bgp if "bfd" in line] == [
        "neighbor 100.64.0.1 fall-over bfd",
        "neighbor 3FFF:0:0:A::1 fall-over bfd",
    ]
    for bearer, preference, community in (("FIXED", 200, "64500:200"), ("MOBILE", 100, "64500:100")):
        for version in (4, 6):
            assert f"set local-preference {preference}" in sections(text)[f"route-map {bearer}-IN{version} permit 10"]
            assert f"set community {community}" in sections(text)[f"route-map {bearer}-OUT{version} permit 10"]
    assert [each.split()[-1] for each in begins(text, "ip prefix-list OWN4 ")] == [
        "192.0.2.1/32",
        "198.51.100.0/29",
        "10.255.0.0/32",
    ]


def test_the_fixed_bearer_is_trusted_again_only_after_the_hold() -> None:
    around = replace(operator(), routing=replace(operator().routing, hold_seconds=90))
    text = cisco_config(RICHEST, around=around)["running-config"].reveal()
    heads = sections(text)
    assert heads["track 6 list boolean and"] == ["object 4", "object 5", "delay up 90"]
    assert heads["track 3 list boolean and"] == ["object 6 not", "object 2"]
    held = [line for line in text.splitlines() if line.endswith(" track 3")]
    assert held == [
        "ip route 0.0.0.0 0.0.0.0 Cellular0/2/0 10 track 3",
        "ip route 192.0.0.8 255.255.255.255 Null0 track 3",
        "ipv6 route 100::1/128 Null0 track 3",
        "ipv6 route ::/0 Cellular0/2/0 10 track 3",
    ]
    assert " neighbor 100.64.0.1 advertise-map OWN4 non-exist-map HELD4" in heads["router bgp 64511"]


def test_telephony_is_kept_off_the_back_up_both_ways() -> None:
    text = running_config(RICHEST)
    assert "deny ip 198.18.2.0 0.0.0.255 any" in entries(text, "MOBILE-IN4")
    assert entries(text, "MOBILE-OUT4")[0] == "deny ip any 198.18.2.0 0.0.0.255"
    assert entries(text, "MOBILE-OUT6")[0] == "deny ipv6 any 3FFF:0:2::/48"
    assert "198.18.2.0" not in " ".join(entries(text, "FIXED-IN4"))
    silent = cisco_config(RICHEST, around=replace(operator(), voice_ipv4=(), voice_ipv6=()))
    assert not [each for each in lists(silent["running-config"].reveal()) if each.startswith("MOBILE-OUT")]


# --- the rest --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("security", "said"),
    [
        ("wpa2", {"security wpa akm psk", "security pmf optional"}),
        (
            "wpa2-wpa3",
            {
                "security wpa akm psk",
                "security wpa akm sae",
                "security wpa wpa3",
                "security pmf optional",
                "no security ft adaptive",
            },
        ),
        (
            "wpa3",
            {
                "security wpa akm sae",
                "security wpa wpa3",
                "security pmf mandatory",
                "no security ft adaptive",
                "no security wpa wpa2",
            },
        ),
    ],
)
def test_wifi_is_secured_as_ordered(security: str, said: set[str]) -> None:
    text = running_config(with_wifi(example(RICHEST), "Office", 6, security))
    always = {
        "radio policy dot11 24ghz",
        "security wpa psk set-key ascii 0 wifi-key:canary",
        "no security wpa akm dot1x",
    }
    assert set(sections(text)["wlan PROVISO 1 Office"]) == said | always | {"no shutdown"}
    assert "ap dot11 24ghz rrm channel dca 6" in text.splitlines()


def test_without_a_channel_the_router_chooses_in_both_bands() -> None:
    text = running_config(with_wifi(example(RICHEST), "Office", None))
    assert "rrm channel" not in text and "radio policy" not in text


def test_without_wifi_there_is_no_network() -> None:
    assert "wlan" not in running_config("temporary-internet-pro-plus-cisco")


def test_syslog_goes_to_the_operators_servers_where_there_are_any() -> None:
    assert "logging host" not in running_config(RICHEST)
    around = replace(operator(), syslog_servers=(IPv4Address("198.18.1.12"),))
    lines = cisco_config(RICHEST, around=around)["running-config"].reveal().splitlines()
    assert "logging host 198.18.1.12" in lines and "logging source-interface Loopback0" in lines


def test_time_and_names_are_asked_from_the_fixed_address() -> None:
    lines = running_config(RICHEST).splitlines()
    for said in ("ntp server 198.18.1.11", "ntp source Loopback1", "ip domain lookup source-interface Loopback1"):
        assert said in lines
    assert " option 42 ip 198.18.1.11" in lines


def test_the_same_line_gives_the_same_text_again() -> None:
    assert running_config(RICHEST) == running_config(RICHEST)
