"""A CPE of the lab as a router with an init: its addresses, its services, and what its boot starts."""

import json
from collections.abc import Iterator

import pytest
from labs import TestLab, eventually, lab_up, needs_lab

pytestmark = needs_lab

FRR = """
cat > /etc/frr/daemons <<'END'
bgpd=yes
bfdd=yes
zebra_options="-A 127.0.0.1"
bgpd_options="-A 127.0.0.1"
bfdd_options="-A 127.0.0.1"
staticd_options="-A 127.0.0.1"
END
echo 'hostname router' > /etc/frr/frr.conf
"""

MOBILE = """
cp /etc/dhcpcd.conf /root/
sed -i 's/^allowinterfaces.*/& wwan0/' /etc/dhcpcd.conf
printf 'interface wwan0\\n ipv6rs\\n nogateway\\n' >> /etc/dhcpcd.conf
systemctl restart dhcpcd
"""

DELEGATION = """
cp /etc/dhcpcd.conf /root/
sed -i 's/^allowinterfaces.*/& lan1/' /etc/dhcpcd.conf
printf ' ia_pd 1 lan1/0/64/1\\n' >> /etc/dhcpcd.conf
systemctl restart dhcpcd
"""

ONESHOT = """
cat > /etc/systemd/system/proviso.service <<'END'
[Unit]
Description=Some unit
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/mark boot
[Install]
WantedBy=multi-user.target
END
printf '#!/bin/sh\\necho $1 >> /root/booted\\n' > /usr/local/sbin/mark
chmod 755 /usr/local/sbin/mark
systemctl daemon-reload
systemctl enable proviso.service dnsmasq
systemctl is-enabled proviso
test ! -e /root/booted
"""

SETUP = {
    "frr": FRR,
    "dnsmasq": "printf 'port=5353\\ninterface=lan1\\nbind-dynamic\\n' > /etc/dnsmasq.conf",
    "hostapd": """
mkdir -p /etc/hostapd
cat > /etc/hostapd/hostapd.conf <<'END'
interface=wlan0
bridge=br-lan
driver=nl80211
ctrl_interface=/run/hostapd
hw_mode=g
channel=6
ssid=x
END
""",
    "snmpd": """
cat > /etc/snmp/snmpd.conf <<'END'
agentAddress udp:127.0.0.1:161
createUser u SHA 12345678 AES 12345678
rouser u authpriv
END
chmod 600 /etc/snmp/snmpd.conf
""",
    "ssh": "true",
    "dhcpcd": "true",
}
PROGRAMS = {"frr": "watchfrr", "ssh": "sshd"}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as up:
        yield up


def do(lab: TestLab, script: str, node: str = "cpe1") -> str:
    answer = lab.within(node, "sh", "-c", f"set -eu; {script}")
    assert answer.code == 0, answer.stdout + answer.stderr
    return answer.stdout


def test_its_addresses_come_by_dhcp_and_advertisement(lab: TestLab) -> None:
    (wan,) = json.loads(do(lab, "ip -j address show dev wan0"))
    assert wan["address"] == "02:00:00:00:01:01"
    held = {each["local"] for each in wan["addr_info"]}
    assert held == {"100.64.1.1", "3fff::a:0:ff:fe00:101", "fe80::ff:fe00:101"}
    assert "default via 100.64.0.1 dev wan0 proto dhcp" in do(lab, "ip route")
    assert "default via fe80::" in do(lab, "ip -6 route")
    assert "inet" not in do(lab, "ip address show dev wwan0 scope global")
    assert [each for each in lab.node("cpe1")["addresses"] if "100.64.1.1" in each]


def test_it_gets_an_address_of_the_mobile_core_when_it_asks(lab: TestLab) -> None:
    do(lab, MOBILE)
    try:
        assert eventually(lambda: "100.96.1.1/16" in do(lab, "ip address show dev wwan0"))
        assert eventually(lambda: "3fff::b:0:ff:fe00:201/64" in do(lab, "ip address show dev wwan0"))
    finally:
        do(lab, "mv /root/dhcpcd.conf /etc/; systemctl restart dhcpcd; ip address flush dev wwan0")


def test_a_prefix_is_delegated_to_it_and_routed(lab: TestLab) -> None:
    do(lab, DELEGATION)
    try:
        assert eventually(lambda: "3fff:1:0:100::1/64" in do(lab, "ip -6 address show dev lan1"))
        assert lab.pings("internet", "3fff:1:0:100::1")
    finally:
        do(lab, "mv /root/dhcpcd.conf /etc/; systemctl restart dhcpcd; ip address flush dev lan1 scope global")


@pytest.mark.parametrize("unit", SETUP)
def test_a_service_starts_stops_and_starts_again_after_a_crash(lab: TestLab, unit: str) -> None:
    program = PROGRAMS.get(unit, unit)
    do(lab, SETUP[unit])
    try:
        do(lab, f"systemctl start {unit}")
        assert do(lab, f"systemctl is-active {unit}.service") == "active\n"
        do(lab, f"systemctl start {unit}; systemctl reload-or-restart {unit}; systemctl is-active {unit}")
        do(lab, f"systemctl restart {unit}; systemctl is-active {unit}")
        # One of its processes may end by itself between the two.
        do(lab, f"kill -9 $(pidof {program}) || true")
        assert eventually(lambda: lab.within("cpe1", "systemctl", "is-active", unit).code == 3)
        do(lab, f"systemctl restart {unit}; systemctl is-active {unit}")
        do(lab, f"systemctl stop {unit}; ! systemctl is-active {unit}")
        assert do(lab, f"pidof {program} || true") == ""
    finally:
        do(lab, f"systemctl {'start' if unit in ('ssh', 'dhcpcd') else 'stop'} {unit}")
    assert eventually(lambda: lab.pings("noc", "cpe1"))


def test_nothing_of_a_service_is_left_when_it_starts_anew(lab: TestLab) -> None:
    # Without their manager, dhcpcd's other processes go on, and take what their successors are answered.
    do(lab, "kill -9 $(cat /run/dhcpcd/pid); systemctl restart dhcpcd")
    for _ in range(4):
        # While it starts, it may miss that it is to end.
        do(lab, "systemctl restart dhcpcd; systemctl restart dhcpcd")
    assert eventually(lambda: do(lab, "ps axo args= | grep -c '^dhcpcd: .network proxy'") == "1\n")


def test_what_does_not_start_is_told(lab: TestLab) -> None:
    do(lab, "echo nonsense > /etc/dnsmasq.conf")
    answer = lab.within("cpe1", "systemctl", "start", "dnsmasq")
    assert answer.code != 0
    assert "bad option at line 1" in answer.stderr
    assert lab.within("cpe1", "systemctl", "start", "nothing").code == 5


def test_a_service_outlives_the_session_that_started_it(lab: TestLab) -> None:
    do(lab, SETUP["dnsmasq"])
    status = lab.status()
    options = ["-tt", "-o", "BatchMode=yes", "-i", status["key"], "-o", f"UserKnownHostsFile={status['known_hosts']}"]
    script = "exec 9>/root/lock && flock 9 && systemctl restart dnsmasq && systemctl reload-or-restart ssh"
    lab.run("ssh", *options, "-o", "StrictHostKeyChecking=yes", "root@LX0101", "sh", "-c", f"'{script}'")
    assert do(lab, "systemctl is-active dnsmasq ssh") == "active\nactive\n"
    # Whoever starts a service keeps his locks to himself.
    do(lab, "flock -n /root/lock true")


def test_its_boot_starts_what_is_enabled(lab: TestLab) -> None:
    do(lab, SETUP["dnsmasq"] + ONESHOT)
    assert lab.proviso("lab", "restart", "cpe1").code == 0
    assert do(lab, "cat /root/booted; systemctl is-active dnsmasq dhcpcd ssh") == "boot\n" + 3 * "active\n"
    do(lab, "systemctl disable --now proviso dnsmasq")
    assert lab.proviso("lab", "restart", "cpe1").code == 0
    assert do(lab, "cat /root/booted") == "boot\n"
    assert lab.pings("noc", "cpe1")
