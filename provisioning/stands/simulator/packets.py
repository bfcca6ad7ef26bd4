"""Packets of the simulated network, and what becomes of one at a customer's router of whichever platform."""

from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
PROTOCOLS = {"tcp": TCP, "udp": UDP}
ECHO = {4: (ICMP, 8), 6: (ICMPV6, 128)}
"""Protocol and type of a request, by version (RFC 792, RFC 4443)."""

FIXED, MOBILE, LAN = "fixed", "mobile", "lan"
"""The sides of a router: its two bearers, and the customer's network."""

BEARERS = (FIXED, MOBILE)
LOCAL, DROPPED, REJECTED, UNROUTED, BLACKHOLE = "local", "dropped", "rejected", "unrouted", "blackhole"


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet as a router sees it.

    Attributes:
        version: 4 or 6.
        protocol: number of it (IANA).
        source: and `target`, as numbers.
        kind: type of an ICMP message.
        came_in: interface, by the router's own name for it; empty for the router's own.
        goes_out: interface; empty until it is routed, and for what is meant for the router.
        state: of its connection: new, established, related, invalid.
        reply: whether it goes against the direction of its connection.
        status: what was done with its connection: dnat, snat.
    """

    version: int
    protocol: int
    source: int
    target: int
    source_port: int = 0
    target_port: int = 0
    kind: int = 0
    ttl: int = 64
    came_in: str = ""
    goes_out: str = ""
    state: str = "new"
    reply: bool = False
    status: frozenset[str] = frozenset()

    def back(self) -> "Packet":
        """Return what answers it."""
        return replace(
            self,
            source=self.target,
            target=self.source,
            source_port=self.target_port,
            target_port=self.source_port,
            came_in=self.goes_out,
            goes_out=self.came_in,
            state="established",
            reply=not self.reply,
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """What became of a packet.

    Attributes:
        where: the side that it left by: `fixed`, `mobile`, `lan`; `local` for the router itself; `dropped`,
            `rejected`, `unrouted`, or `blackhole`.
        packet: as it was at the end, translated.
        answer: what the sender is told when it was rejected: host, network, port, prohibited, reset.
        gateway: the next hop, as text; empty when the target is on the link, `default` for the bearer's own.
        filtered: as the firewall saw it, between the two translations; None where that is the same.
        came: as it came in; None where nobody asks for that.
    """

    where: str
    packet: Packet
    answer: str = ""
    gateway: str = ""
    filtered: Packet | None = None
    came: Packet | None = None

    @property
    def arrived(self) -> bool:
        """Whether it got to the router's own services, or out of it."""
        return self.where not in (DROPPED, REJECTED, UNROUTED, BLACKHOLE)


def address_text(version: int, address: int) -> str:
    """Return an address as it is written."""
    return str(IPv4Address(address) if version == 4 else IPv6Address(address))
