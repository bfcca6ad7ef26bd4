"""What the simulated IOS-XE router shows is read by ntc-templates, wherever they have the command."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from iosxe_routers import SERIAL, Bench, Terminal, bench
from ntc_templates.parse import parse_output  # type: ignore[import-untyped]  # has no types

CONFIGURED = """\
hostname cpe-21
ip domain name example.net
interface Loopback0
 description management
 ip address 10.255.0.21 255.255.255.255
interface GigabitEthernet0/0/0
 zone-member security OUTSIDE
interface Vlan1
 ip address 192.168.1.1 255.255.255.0
 ip address 198.51.100.1 255.255.255.248 secondary
 ipv6 address 2001:DB8:1:2::1/64
ipv6 unicast-routing
ip name-server 192.0.2.53
ip access-list extended OPENINGS4
 10 permit tcp any host 192.168.1.10 eq 443
 20 permit udp any any range 5000 5010
 30 deny ip any any
ipv6 access-list OPENINGS6
 sequence 10 permit tcp any host 2001:DB8:1:2::10 eq 443
router bgp 64511
 bgp router-id 10.255.0.21
 neighbor 100.64.0.1 remote-as 64500
 neighbor 100.64.0.1 fall-over bfd
ip route 203.0.113.0 255.255.255.0 Null0
ip nat inside source static tcp 192.168.1.10 443 198.51.100.2 443 extendable
snmp-server group watchers v3 priv
snmp-server user watcher watchers v3 auth sha canary-sha-phrase priv aes 128 canary-aes-phrase
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with bench(Path(tmp_path_factory.mktemp("outputs"))) as made:
        made.configure(CONFIGURED.replace("zone-member", "! zone-member"))
        with Terminal(made) as terminal:
            terminal.say("terminal length 0")
            yield terminal


@pytest.fixture(scope="module")
def made(shown: Terminal) -> Bench:
    return shown.bench


def parsed(terminal: Terminal, command: str) -> list[dict[str, Any]]:
    said = terminal.say(command)
    found: list[dict[str, Any]] = parse_output(
        platform="cisco_ios", command=command, data=said.rpartition("\n")[0] + "\n"
    )
    return found


def test_version(shown: Terminal) -> None:
    (row,) = parsed(shown, "show version")
    assert row["hostname"] == "cpe-21"
    assert row["serial"] == [SERIAL]
    assert row["version"] == "17.9.4a"
    assert row["hardware"] == ["C1111-8PLTE"]
    assert row["running_image"].startswith("c1100-universalk9")
    assert row["rommon"] == "17.5(1r)"
    assert row["uptime_minutes"] == "0"
    assert row["config_register"] == "0x2102"


def test_inventory(shown: Terminal) -> None:
    rows = parsed(shown, "show inventory")
    assert (rows[0]["name"], rows[0]["pid"], rows[0]["sn"]) == ("Chassis", "C1111-8PLTE", SERIAL)


def test_interfaces(shown: Terminal) -> None:
    rows = {each["interface"]: each for each in parsed(shown, "show interfaces")}
    assert rows["Loopback0"]["description"] == "management"
    assert rows["Loopback0"]["ip_address"] == "10.255.0.21"
    assert rows["GigabitEthernet0/0/0"]["link_status"] == "up"
    assert rows["GigabitEthernet0/0/1"]["link_status"] == "administratively down"
    assert rows["GigabitEthernet0/1/7"]["link_status"] == "down"
    assert parsed(shown, "show interfaces description")


def test_addresses(shown: Terminal) -> None:
    rows = {each["interface"]: each for each in parsed(shown, "show ip interface brief")}
    assert rows["Vlan1"]["ip_address"] == "192.168.1.1"
    assert rows["GigabitEthernet0/0/0"]["ip_address"] == "100.64.1.21"
    assert rows["GigabitEthernet0/0/1"]["status"] == "administratively down"
    six = {each["interface"]: each for each in parsed(shown, "show ipv6 interface brief")}
    assert "2001:DB8:1:2::1" in six["Vlan1"]["ipv6_address"]
    lines = shown.say("show ip interface | include line protocol|Internet address|Secondary address")
    assert "Vlan1 is up, line protocol is up\n  Internet address is 192.168.1.1/24\n" in lines
    assert "  Secondary address 198.51.100.1/29\n" in lines
    lines = shown.say("show ipv6 interface | include line protocol|subnet is")
    assert "    2001:DB8:1:2::1, subnet is 2001:DB8:1:2::/64" in lines


def test_routes_and_neighbours(shown: Terminal) -> None:
    routes = parsed(shown, "show ip route")
    assert ("C", "192.168.1.0", "24") in {
        (each["protocol"], each["network"], each["prefix_length"]) for each in routes
    }
    assert ("B", "0.0.0.0", "0") in {(each["protocol"], each["network"], each["prefix_length"]) for each in routes}
    (neighbour,) = parsed(shown, "show ip bgp summary")
    assert neighbour["bgp_neighbor"] == "100.64.0.1"
    assert neighbour["router_id"] == "10.255.0.21"
    assert neighbour["state_or_prefixes_received"] == "1"
    assert "100.64.0.1" in shown.say("show bfd neighbors")


def test_filters_and_translations(shown: Terminal) -> None:
    rows = parsed(shown, "show ip access-lists")
    assert [each["line_num"] for each in rows if each["line_num"]] == ["10", "20", "30"]
    assert "    permit tcp any host 2001:DB8:1:2::10 eq 443 sequence 10\n" in shown.say(
        "show ipv6 access-list OPENINGS6"
    )
    assert len(parsed(shown, "show access-lists")) >= 3
    (row,) = parsed(shown, "show ip nat translations")
    assert (row["protocol"], row["inside_global_ip"], row["inside_global_port"]) == ("tcp", "198.51.100.2", "443")
    assert "Bindings from all pools" in shown.say("show ip dhcp binding")


def test_the_device_itself(shown: Terminal) -> None:
    (row,) = parsed(shown, "show clock")
    assert (row["time"], row["day"], row["year"]) == ("12:00:00.000", "1", "2026")
    assert parsed(shown, "show users")[0]["user"] == "root"
    (user,) = parsed(shown, "show snmp user")
    assert (user["user_name"], user["group_name"]) == ("watcher", "watchers")
    assert (user["authentication_protocol"], user["privacy_protocol"]) == ("SHA", "AES128")
    assert parsed(shown, "show archive")[0]["next_filename"] == "bootflash:archive-<timestamp>-0"
    (file,) = [each for each in parsed(shown, "dir") if each["name"].endswith(".bin")]
    assert int(file["total_free"]) > 1_000_000_000
    (ping,) = parsed(shown, "ping 198.18.1.10")
    assert ping["sent_qty"] == "5"
    assert "UDI: PID:C1111-8PLTE,SN:FGL26000121" in shown.say("show license udi")
    assert "Current privilege level is 15" in shown.say("show privilege")
    assert "Default domain is example.net" in shown.say("show hosts")
    assert "Current RSSI" in shown.say("show cellular 0/2/0 radio")
    assert "Current Service Status = Normal" in shown.say("show cellular 0/2/0 all")


def test_the_size_of_the_configuration_is_true(shown: Terminal) -> None:
    said = shown.say("show running-config")
    head, _, text = said.partition(" bytes\n")
    assert int(head.rpartition(" ")[2]) == len(text.removesuffix("\ncpe-21#"))
    startup = shown.say("show startup-config")
    head, _, text = startup.partition(" bytes\n")
    assert head.startswith("Using ") and int(head.split()[1]) == len(text.removesuffix("\ncpe-21#"))
