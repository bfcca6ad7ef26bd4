"""Calls that were answered and go on: what routers remember of them, and whether they still pass."""

from dataclasses import dataclass

from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.packets import Packet, Passage, address_text


@dataclass(frozen=True, slots=True, eq=False)
class LiveCall:
    """A call from outside that goes on.

    Attributes:
        packet: the first, as it came in by `side`.
        passage: what became of it.
    """

    protocol: str
    source: Address
    source_port: int
    target: Address
    target_port: int
    packet: Packet
    passage: Passage
    side: str

    @property
    def host(self) -> str:
        """Where it really goes."""
        return address_text(self.passage.packet.version, self.passage.packet.target)

    @property
    def host_port(self) -> int:
        """Which port it has there."""
        return self.passage.packet.target_port

    @property
    def translated(self) -> bool:
        """Whether that is not what was called."""
        return (self.host, self.host_port) != (str(self.target), self.target_port)
