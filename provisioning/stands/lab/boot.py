"""The script that a node runs at boot: interfaces, addresses, routes, then its daemons. Pure text."""

from collections.abc import Iterator, Sequence

from provisioning.stands.lab.access import DELEGATED, delegated_prefix, link_local
from provisioning.stands.lab.cuts import LOSS_PERCENT
from provisioning.stands.lab.operator_side import LAST_METRIC, classes
from provisioning.stands.lab.topology import FIXED_PORT, Interface, Kind, Node, mac_of

FRR_KINDS = (Kind.BNG, Kind.MOBILE_CORE)
"""Nodes whose routing daemons start at boot. A CPE has them too; who configures it starts them."""

FRR_DAEMONS = ("zebra", "bgpd", "bfdd")

SETTINGS = """\
# Addresses serve at once: nobody else is on a new cable, so there is nothing to detect.
for file in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > "$file"; done
"""

FORWARDING = """\
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
"""

PORTS_TABLE = f"""\
nft -f - <<'END'
table bridge lab {{
    set inbound {{ type ifname; }}
    set outbound {{ type ifname; }}
    set lossy {{ type ifname; }}
    set dark {{ type ifname; }}
    chain received {{
        type filter hook prerouting priority 0
        iifname @inbound drop
        iifname @dark drop
        iifname @lossy numgen random mod 100 < {LOSS_PERCENT} drop
    }}
    chain sent {{
        type filter hook postrouting priority 0
        oifname @outbound drop
        oifname @dark drop
        oifname @lossy numgen random mod 100 < {LOSS_PERCENT} drop
    }}
}}
END
"""
"""Ports in a set drop silently, of bearers that are cut and of ONTs that may pass nothing. Links stay up at
both ends. The state of a bridge port would do as well, were it not for the kernel, which opens the port again when the
link comes back. What the mobile core itself says passes these hooks too."""

CUSTOMERS_TABLE = 100
"""Of the mobile core's routes for what comes from CPEs."""

SSHD = "/usr/sbin/sshd -f /etc/ssh/sshd_config\n"

FRR = """\
for daemon in {daemons}; do
    /usr/lib/frr/$daemon -d -A 127.0.0.1
done
for daemon in {daemons}; do
    tries=0
    until [ -S /run/frr/$daemon.vty ]; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || {{ echo "$daemon does not answer" >&2; exit 1; }}
        sleep 0.05
    done
done
vtysh -b >/dev/null
"""


QUIET_BFD = """\
nft -f - <<'END'
table inet bfd {
    chain sent {
        type filter hook output priority 0
        oifname { access, cells } udp dport 3784 @th,128,32 0 drop
    }
}
END
"""
"""Towards CPEs they are passive, and have nothing to say to a neighbour of which they know no discriminator
(RFC 5880, 6.1). For a CPE that calls, FRR makes a session and then another one in its place, when it knows the
interface: what the former says at its end would keep the CPE from the latter for three seconds."""

DHCP = "dnsmasq -C /etc/lab/dhcp.conf\n"

DELEGATION = """\
if command -v kea-dhcp6 >/dev/null; then
    mkdir -p /run/kea /var/lib/kea
    setsid env KEA_LOCKFILE_DIR=/run/kea KEA_PIDFILE_DIR=/run/kea \\
        kea-dhcp6 -c /etc/kea/kea-dhcp6.conf </dev/null >/run/kea/log 2>&1 &
fi
"""
"""Without it, lines that have no IPv6 block get none: all others work."""

INTERNET = """\
dnsmasq -C /etc/lab/dns.conf
if command -v iperf3 >/dev/null; then iperf3 -s -D; fi
"""

BY_THE_BNG = f"""\
for family in -4 -6; do ip $family rule add iif cells lookup {CUSTOMERS_TABLE} || exit 0; done
ip route add default via 100.127.1.1 table {CUSTOMERS_TABLE}
ip route add default via 3fff:0:0:3::1 table {CUSTOMERS_TABLE}
"""
"""What CPEs send over mobile goes to the BNG, which knows by which bearer other CPEs are reached. Where the kernel has
no policy routing, only packets from one CPE to another may take the wrong bearer."""

POOLS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.255.0.0/16", "2001:db8::/32", str(DELEGATED))
"""Where lines get their addresses from, in the shipped inventory and here: the BNG drops what no line has, instead of
sending it out to where it came from."""

CPE_UNITS = """\
# What is advertised is for dhcpcd alone, on the interfaces that it is given.
for file in /proc/sys/net/ipv6/conf/*/accept_ra; do echo 0 > "$file"; done
/usr/local/sbin/systemctl default
# Up means reached; a line that is cut does not keep the router from booting.
tries=0
until [ "$(ip -o address show dev wan0 scope global | cut -c1-30 | grep -o 'inet6*' | sort -u | wc -l)" = 2 ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || break
    sleep 0.05
done
"""


def boot_script(node: Node, cpes: Sequence[Node] = ()) -> str:
    """Return the script; it is run again when the node is.

    Args:
        node: what boots.
        cpes: all CPEs of the lab; the operator's nodes know them.
    """
    parts = ["#!/bin/sh", "set -eu", "ip -batch - <<'END'", *_links(node), "END", SETTINGS + "ip -batch - <<'END'"]
    parts += [*_addresses(node), "END"]
    text = "\n".join(parts) + "\n"
    if node.forwards:
        text += FORWARDING
    if node.kind in (Kind.ACCESS_BRIDGE, Kind.MOBILE_CORE):
        text += PORTS_TABLE
    if node.kind is Kind.ACCESS_BRIDGE:
        text += classes(tuple(cpes))
    if node.kind is Kind.CPE:
        return text + CPE_UNITS
    if node.reached_at is not None:
        text += SSHD
    if node.kind in FRR_KINDS:
        text += QUIET_BFD + FRR.format(daemons=" ".join(FRR_DAEMONS)) + DHCP
    if node.kind is Kind.MOBILE_CORE:
        text += BY_THE_BNG
    if node.kind is Kind.BNG:
        text += "\n".join(("ip -batch - <<'END'", *_bng_routes(cpes), "END", DELEGATION))
    if node.kind is Kind.INTERNET:
        text += INTERNET
    return text


def _bng_routes(cpes: Sequence[Node]) -> Iterator[str]:
    for pool in POOLS:
        yield f"route add blackhole {pool} metric {LAST_METRIC}"
    for cpe in cpes:
        yield f"route add {delegated_prefix(cpe.number)} via {link_local(mac_of(FIXED_PORT, cpe.number))} dev access"


def _links(node: Node) -> Iterator[str]:
    """Make what is not a cable; nothing is up yet."""
    for bridge in node.bridges:
        yield f"link add name {bridge.name} type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
    for interface in node.interfaces:
        if interface.bridge:
            yield f"link set dev {interface.name} master {interface.bridge}"
        if interface.isolated:
            yield f"link set dev {interface.name} type bridge_slave isolated on"


def _addresses(node: Node) -> Iterator[str]:
    yield "link set dev lo up"
    for interface in (*node.bridges, *node.interfaces):
        yield from _up(interface)
    for gateway in node.gateways:
        yield f"route add {'::/0' if ':' in gateway else '0.0.0.0/0'} via {gateway}"


def _up(interface: Interface) -> Iterator[str]:
    if interface.name != "lo":
        yield f"link set dev {interface.name} up"
    for address in interface.addresses:
        yield f"addr add {address} dev {interface.name}"
