"""The product: an accepted order with the catalogue's answers filled in."""

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from provisioning.catalogue import Access, Level, Rate, Router, Volume
from provisioning.model.opening import Network
from provisioning.model.port_range import PortRange

CustomerFirewall = Literal["customer_firewall"]

CUSTOMER_ROUTER = 0x10
"""The interface identifier of the customer's router, which ends in `::10` unless he asks otherwise (facts: I-4.3)."""


@dataclass(frozen=True, slots=True)
class Opening:
    """New connections from the internet to these ports reach this target (facts: X-9).

    Attributes:
        target: a LAN host, through a port mapping on the fixed IPv4; or the customer's firewall, on the IP Pack
            and the routed /57.
        to_port: the host's port that the first of the ports leads to, of one range alone; None where ports are not
            translated.
        sources: who may connect, sorted; empty for everybody.
    """

    ports: tuple[PortRange, ...]
    target: IPv4Address | CustomerFirewall
    to_port: int | None = None
    sources: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class WifiNetwork:
    """A Wi-Fi network that is on (facts: I-8.1).

    Attributes:
        channel: None lets the router choose.
        key_from: where the key is read from, `env:NAME`; None when it is to be generated. Never the key.
    """

    ssid: str
    channel: int | None
    security: str
    key_from: str | None


@dataclass(frozen=True, slots=True)
class CpeDevice:
    """The router that the operator supplies."""

    platform: str
    serial: str


@dataclass(frozen=True, slots=True)
class OntDevice:
    """The ONT and where it hangs (facts: X-13)."""

    serial: str
    olt: str
    port: str


@dataclass(frozen=True, slots=True)
class Product:
    """What the customer subscribes to, in the contract's terms.

    Attributes:
        rate: Mbit/s after the speed upgrade; None where nobody states any (facts: X-6).
        ip_pack: number of addresses; None without a pack (facts: I-4.3).
        lan: None where the router is the customer's own.
        needs_xgs_pon: whether the speed is too much for a GPON port (facts: X-13).
        next_hop: interface identifier, on the link /64, of the customer's router that the second /57 is routed to.
    """

    order: str
    customer: str
    site: str
    formula: str
    formula_name: str
    access: Access
    rate: Rate | None
    volume: Volume
    volume_pack: bool
    level: Level
    term_months: int
    rush: date | None
    router: Router
    router_choice: bool
    fixed_ipv4: bool
    fixed_ipv6: bool
    ip_pack: int | None
    mobile_backup: bool
    managed_firewall: bool
    standard_changes: bool
    configuration_backup: bool
    wifi: WifiNetwork | None
    lan: IPv4Network | None
    customer_firewall: bool
    openings: tuple[Opening, ...]
    cpe: CpeDevice | None
    ont: OntDevice | None
    needs_xgs_pon: bool
    next_hop: int = CUSTOMER_ROUTER
