"""What the BNG and the mobile core serve on their segments: addresses, router advertisements, delegated prefixes.

Every CPE is known by its MAC address, so each has the same addresses whenever it asks. Pure text and data.
"""

import json
from collections.abc import Iterable, Mapping
from ipaddress import IPv6Network
from types import MappingProxyType

from provisioning.stands.lab.topology import ACCESS, FIXED_PORT, MOBILE, MOBILE_PORT, Kind, Node, mac_of

DELEGATED = IPv6Network("3fff:1::/48")
"""Of these, each CPE may ask for a /56 of its own: outside of all pools of the shipped inventory."""

SERVED = {
    Kind.BNG: ("access", *ACCESS, FIXED_PORT),
    Kind.MOBILE_CORE: ("cells", *MOBILE, MOBILE_PORT),
}
"""By kind: the interface, its networks, and the port of a CPE that is on it."""

RESOLVER = "198.18.1.53"

# Leases are told by MAC address and never written down: a restart of anything changes nothing.
DNSMASQ = """\
port=0
interface={interface}
except-interface=lo
bind-dynamic
pid-file=/run/dhcp.pid
leasefile-ro
dhcp-authoritative
dhcp-rapid-commit
no-ping
dhcp-range={first},static,{netmask},1h
dhcp-option=option:router,{gateway}
dhcp-option=option:dns-server,{resolver}
enable-ra
ra-param={interface},30,1800
dhcp-range={prefix},ra-only,64,1h
"""


def bearer_address(kind: Kind, number: int) -> str:
    """Return the IPv4 address that a CPE has on the segment of the BNG or of the mobile core."""
    network = SERVED[kind][1]
    return str(network.network_address + 256 + number)


def link_local(mac: str) -> str:
    """Return the link-local IPv6 address that goes with a MAC address (RFC 4291, appendix A)."""
    return f"fe80::{_interface_id(mac)}"


def slaac_address(network: IPv6Network, mac: str) -> str:
    """Return the address that a host makes itself in an advertised /64 (RFC 4862)."""
    return str(network.network_address + int(_interface_id(mac).replace(":", ""), 16))


def _interface_id(mac: str) -> str:
    first, *rest = (int(each, 16) for each in mac.split(":"))
    eight = (first ^ 2, *rest[:2], 0xFF, 0xFE, *rest[2:])
    return ":".join(f"{eight[index] << 8 | eight[index + 1]:04x}" for index in range(0, 8, 2))


def delegated_prefix(number: int) -> str:
    """Return the /56 that a CPE may ask for."""
    return f"3fff:1:0:{number << 8:x}::/56"


def dhcp_configuration(kind: Kind, cpes: Iterable[Node]) -> str:
    """Return dnsmasq's configuration for the BNG or the mobile core."""
    interface, network, network6, port = SERVED[kind]
    text = DNSMASQ.format(
        interface=interface,
        first=network.network_address,
        netmask=network.netmask,
        gateway=network.network_address + 1,
        resolver=RESOLVER,
        prefix=network6.network_address,
    )
    hosts = (f"dhcp-host={mac_of(port, each.number)},{bearer_address(kind, each.number)}\n" for each in cpes)
    return text + "".join(hosts)


def delegation_configuration(cpes: Iterable[Node], blocks: Mapping[int, str] = MappingProxyType({})) -> str:
    """Return Kea's configuration for the BNG: a prefix for each CPE that asks for one.

    Args:
        cpes: all of the lab.
        blocks: the blocks of those lines that have one, by the number of the CPE.
    """
    interface, _, network6, port = SERVED[Kind.BNG]
    reservations = [
        {
            "hw-address": mac_of(port, each.number),
            "prefixes": [blocks.get(each.number) or delegated_prefix(each.number)],
        }
        for each in cpes
    ]
    subnet = {
        "subnet": str(network6),
        "interface": interface,
        "rapid-commit": True,
        "reservations": reservations,
    }
    server = {
        "interfaces-config": {"interfaces": [interface]},
        "lease-database": {"type": "memfile", "persist": False},
        "mac-sources": ["ipv6-link-local", "duid"],
        "host-reservation-identifiers": ["hw-address"],
        "preferred-lifetime": 3000,
        "valid-lifetime": 4000,
        "subnet6": [subnet],
        "loggers": [{"name": "kea-dhcp6", "severity": "WARN", "output_options": [{"output": "stderr"}]}],
    }
    return json.dumps({"Dhcp6": server}, indent=1) + "\n"


DNS = f"""\
no-resolv
no-hosts
bind-dynamic
listen-address={RESOLVER}
listen-address=3fff:0:1::53
pid-file=/run/dns.pid
local=/example.net/
host-record=www.example.net,198.18.1.10,3fff:0:1::10
host-record=whoami.example.net,198.18.1.11,3fff:0:1::11
host-record=dns.example.net,{RESOLVER},3fff:0:1::53
host-record=sip.example.net,198.18.2.10,3fff:0:2::10
"""
"""What the resolver of the internet knows; it knows nothing else."""
