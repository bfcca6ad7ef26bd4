"""A packet, as far as a router's rules look at it."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Literal

Address = IPv4Address | IPv6Address

ICMP_ECHO = {4: 8, 6: 128}
"""Types of an echo request by family (RFC 792, RFC 4443)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A packet that comes to a router.

    Attributes:
        protocol: `icmp` stands for ICMPv6 in IPv6.
        arrives_on: the router's interface.
        source_port: 0 without ports.
        icmp_type: of ICMP; an echo request unless said.
        established: whether a TCP segment has ACK or RST set, as all but a session's first have.
    """

    protocol: Literal["tcp", "udp", "icmp"]
    source: Address
    destination: Address
    arrives_on: str
    source_port: int = 0
    destination_port: int = 0
    icmp_type: int | None = None
    icmp_code: int = 0
    established: bool = False

    @property
    def family(self) -> int:
        """4 or 6."""
        return self.destination.version

    @property
    def icmp(self) -> int:
        """The ICMP type."""
        return ICMP_ECHO[self.family] if self.icmp_type is None else self.icmp_type
