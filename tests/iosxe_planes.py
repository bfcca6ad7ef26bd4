"""Small configurations of a simulated Cisco router, and packets through it."""

from ipaddress import ip_address

from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import Plane, read_plane
from provisioning.stands.simulator.packets import TCP, Packet

INTERNET = "198.18.1.10"
WAN, LAN = "GigabitEthernet0/0/0", "Vlan1"

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
