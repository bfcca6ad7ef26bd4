"""What the operator's nodes do for a line: routes, source filter, speed. Pure text, from what is exported of it."""

from collections.abc import Iterable, Iterator, Mapping

from provisioning.stands.lab.access import SERVED, bearer_address, delegated_prefix, link_local, slaac_address
from provisioning.stands.lab.access_ports import Port
from provisioning.stands.lab.exported_line import ExportedLine
from provisioning.stands.lab.topology import FIXED_PORT, Kind, Node, mac_of

Lines = Mapping[int, ExportedLine]
"""Lines by the number of their CPE."""

UNSHAPED_ABOVE = 10_000.0
"""Mbit/s; above all that is sold, and about what a quick machine carries itself."""

QUEUE_SECONDS = 0.05
"""How long a packet may wait for its turn where a line is limited."""

SMALLEST_BURST = 64 * 1024
"""Bytes; a packet of the kernel's between two interfaces of one machine may be as long."""

LAST_METRIC = 127 << 24
"""FRR reads the highest octet as the distance of a route: whatever BGP tells comes before."""

FILTER = """\
table inet lab
delete table inet lab
table inet lab {{
    set own4 {{ type ether_addr . ipv4_addr; flags interval; elements = {{ {own4} }}; }}
    set own6 {{ type ether_addr . ipv6_addr; flags interval; elements = {{ {own6} }}; }}
    chain sources {{
        type filter hook prerouting priority raw; policy accept;
        iifname != "{interface}" accept
        ip saddr 0.0.0.0 udp dport 67 accept
        ip6 saddr {{ ::, fe80::/10 }} accept
        ether saddr . ip saddr @own4 accept
        ether saddr . ip6 saddr @own6 accept
        counter drop
    }}
}}
"""
"""Customers send from their own addresses and from no others (RFC 2827)."""


def routes(lines: Lines) -> frozenset[str]:
    """Return the BNG's routes, as `ip route` takes them. Where there is a mobile bearer, BGP tells better ones."""
    return frozenset(each for number, line in lines.items() if line.static for each in _routes(number, line))


def _routes(number: int, line: ExportedLine) -> Iterator[str]:
    last = f" metric {LAST_METRIC}" if line.mobile else ""
    for prefix in line.prefixes4:
        yield f"{prefix} via {bearer_address(Kind.BNG, number)}{last}"
    if line.ipv6 is not None:
        yield f"{line.ipv6.block} via {link_local(mac_of(FIXED_PORT, number))} dev access{last}"


def source_filter(kind: Kind, cpes: tuple[Node, ...], lines: Lines) -> str:
    """Return the nftables file of the BNG or of the mobile core."""
    interface, _, network6, port = SERVED[kind]
    own4, own6 = [], []
    for number in (each.number for each in cpes):
        mac, line = mac_of(port, number), lines.get(number)
        prefixes4 = [bearer_address(kind, number)]
        prefixes6 = [slaac_address(network6, mac)]
        if line is not None and (kind is Kind.BNG or line.mobile):
            prefixes4 += map(str, line.prefixes4)
        if line is not None and line.ipv6 is not None:
            prefixes6 += [str(line.ipv6.block)] if kind is Kind.BNG or line.mobile else []
        elif kind is Kind.BNG:
            prefixes6.append(delegated_prefix(number))
        own4 += [f"{mac} . {each}" for each in prefixes4]
        own6 += [f"{mac} . {each}" for each in prefixes6]
    # A set without elements is told by leaving them out.
    return FILTER.format(interface=interface, own4=", ".join(own4), own6=", ".join(own6)) if own4 else ""


def shaping(cpes: Iterable[Node], ports: Mapping[str, Port]) -> dict[str, tuple[str, ...]]:
    """Return for each CPE's port of the access bridge the commands that limit its speed, as `tc -batch` takes them."""
    return {each.name: tuple(_limits(each, *ports[each.name].rate)) for each in cpes}


def _limits(cpe: Node, down: float | None, up: float | None) -> Iterator[str]:
    if down is not None and down <= UNSHAPED_ABOVE:
        burst = _burst(down)
        wait = f"{QUEUE_SECONDS * 1000:g}ms"
        yield f"qdisc replace dev {cpe.name} root tbf rate {down:g}mbit burst {burst} latency {wait}"
    if up is not None and up <= UNSHAPED_ABOVE:
        # One class of the uplink for each customer; the bridge tells a packet's class by the port that it came from.
        own, bursts = f"1:{cpe.number:x}", f"burst {_burst(up)} cburst {_burst(up)}"
        yield f"class replace dev uplink parent 1: classid {own} htb rate {up:g}mbit {bursts} quantum 3000"
        yield f"qdisc replace dev uplink parent {own} bfifo limit {int(up * 1e6 / 8 * QUEUE_SECONDS) + SMALLEST_BURST}"


def _burst(rate: float) -> int:
    """Return the bytes that may pass at once: those of 4 ms, and one packet of the kernel's at least."""
    return max(SMALLEST_BURST, int(rate * 1e6 / 8 * 0.004))


def no_limits(cpe: Node) -> tuple[str, ...]:
    """Return the commands that end the limits of a CPE; those of what is not there fail, which is no harm."""
    return (
        f"qdisc delete dev {cpe.name} root",
        f"qdisc delete dev uplink parent 1:{cpe.number:x}",
        f"class delete dev uplink classid 1:{cpe.number:x}",
    )


def classes(cpes: tuple[Node, ...]) -> str:
    """Return what the access bridge does at boot, so that each CPE's packets find their class of the uplink."""
    if not cpes:
        return ""
    ports = ", ".join(f'"{each.name}" : 1:{each.number:x}' for each in cpes)
    return f"""\
# Where the kernel has no HTB, only upstream speeds are not limited.
tc qdisc add dev uplink root handle 1: htb default 0 || exit 0
nft -f - <<'END' || exit 0
table bridge lab {{
    map classes {{ type ifname : classid; elements = {{ {ports} }}; }}
    chain sort {{
        type filter hook forward priority 10
        oifname "uplink" meta priority set iifname map @classes
    }}
}}
END
"""
