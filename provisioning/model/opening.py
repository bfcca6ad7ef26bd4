"""An opening of the managed firewall: which new connections come in, from where, and who gets them (facts: X-9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Literal

from provisioning.model.port_range import PortRange

CUSTOMER_FIREWALL: Literal["customer_firewall"] = "customer_firewall"
"""The customer's own firewall, on the IP Pack and the routed /57."""

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Opening:
    """One range of ports that is open to one target.

    Attributes:
        ports: as the internet addresses them.
        target: a LAN host, on the fixed IPv4; or the customer's firewall.
        to_port: the target's port that the first of `ports` leads to; None where ports are not translated.
        sources: who may connect, sorted; empty for everybody.
    """

    ports: PortRange
    target: IPv4Address | Literal["customer_firewall"]
    to_port: int | None = None
    sources: tuple[Network, ...] = ()

    @property
    def target_ports(self) -> PortRange:
        """The ports as the target sees them."""
        if self.to_port is None:
            return self.ports
        return PortRange(self.ports.protocol, self.to_port, self.to_port + self.ports.last - self.ports.first)

    def __str__(self) -> str:
        translated = f" {self.target_ports}" if self.to_port is not None else ""
        sources = f" from {', '.join(map(str, self.sources))}" if self.sources else ""
        return f"{self.ports} to {self.target}{translated}{sources}"


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """Since when an opening is there, and by whom.

    Attributes:
        since: when it was proven.
        by: number of the order, or id of the change request, that opened it.
        until: when it is to be closed; None when it stays.
        closed_at: when it was closed; None while it is open.
        closed_by: id of the change request, or number of the order, that closed it; empty while it is open.
    """

    line: str
    opening: Opening
    since: datetime
    by: str
    until: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""


def plain_opening(opening: Opening) -> Mapping[str, object]:
    """Return an opening as plain data, for `--json` and for digests: the same opening gives the same data."""
    return {
        "ports": str(opening.ports),
        "to": str(opening.target),
        "to_port": opening.to_port,
        "from": [str(each) for each in opening.sources],
    }
