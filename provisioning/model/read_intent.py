"""What a router's configuration says that its line does, as far as it can be read, without regard to its platform."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Generic, TypeVar

from provisioning.model.intent import DhcpRange, PortMapping
from provisioning.model.opening import Opening
from provisioning.model.secret import Secret

Value = TypeVar("Value", covariant=True)

SNMP_KEYS = "SNMPv3 keys"
"""What of a router is unread where it does not show the pass phrases of its SNMPv3 user."""


class Sureness(StrEnum):
    """How sure something is that was read.

    `stated`: a line says it. `inferred`: it follows from how several lines stand together. `labelled`: a comment or a
    description says it, and nothing holds the router to that.
    """

    STATED = "stated"
    INFERRED = "inferred"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands.

    Attributes:
        line: from 1; 0 for the document as a whole.
    """

    document: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.document}:{self.line}" if self.line else self.document


@dataclass(frozen=True, slots=True)
class Known(Generic[Value]):
    """Something that was read, and where."""

    value: Value
    place: Place
    sure: Sureness = Sureness.STATED


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that stands there and could not be read as part of a line's intent.

    Attributes:
        what: the subject: `port mapping`, `Wi-Fi`.
        reason: why, for people; it holds no text of the router's.
    """

    place: Place
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadLabel:
    """What Proviso wrote into a router's comments when it configured it."""

    line: str
    formula: str
    serial: str


@dataclass(frozen=True, slots=True)
class ReadBearer:
    """A way to the internet.

    Attributes:
        mobile: whether it leads over the mobile network.
        addressing: how it gets its address: `dhcp`, `negotiated`, `pppoe`, `static`.
    """

    interface: str
    mobile: bool
    addressing: str


@dataclass(frozen=True, slots=True)
class ReadWifi:
    """A Wi-Fi network that is on.

    Attributes:
        security: `wpa2`, `wpa2-wpa3` or `wpa3`; empty where it is none of these.
        key: None where the router shows it encrypted only.
    """

    ssid: str
    channel: int | None
    security: str
    key: Secret | None


@dataclass(frozen=True, slots=True)
class ReadPpp:
    """The data of a PPP connection (facts: I-8.3); its password stays in the router's configuration and its backup."""

    interface: str
    user: str


@dataclass(frozen=True, slots=True)
class ReadBgp:
    """BGP, as far as an order's line has it."""

    as_number: int
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadIntent:
    """What was read; None, or empty, where nothing says it.

    Attributes:
        ipv6: the block of the line.
        ipv6_routed: what of it is routed to the customer's firewall.
        router: the router's own address on the LAN.
        wifi: None where Wi-Fi is off; whether it could not be read is told by `unread`.
        port_mappings: on the fixed IPv4, towards LAN hosts.
        customer_openings: towards the customer's firewall.
        managed_firewall: where sessions are remembered by application (facts: I-5.3).
        resolvers: whom the router asks for names.
    """

    label: Known[ReadLabel] | None = None
    hostname: Known[str] | None = None
    management: Known[IPv4Address] | None = None
    fixed_ipv4: Known[IPv4Address] | None = None
    ip_pack: Known[IPv4Network] | None = None
    ipv6: Known[IPv6Network] | None = None
    ipv6_routed: Known[IPv6Network] | None = None
    bearers: tuple[Known[ReadBearer], ...] = ()
    lan: Known[IPv4Network] | None = None
    router: Known[IPv4Address] | None = None
    dhcp: tuple[Known[DhcpRange], ...] = ()
    wifi: Known[ReadWifi] | None = None
    port_mappings: tuple[Known[PortMapping], ...] = ()
    customer_openings: tuple[Known[Opening], ...] = ()
    managed_firewall: Known[bool] | None = None
    resolvers: tuple[Known[str], ...] = ()
    ppp: Known[ReadPpp] | None = None
    bgp: Known[ReadBgp] | None = None
    snmp_authentication: Known[Secret] | None = None
    snmp_privacy: Known[Secret] | None = None
    unread: tuple[Unread, ...] = ()

    @property
    def mobile(self) -> Known[ReadBearer] | None:
        """The bearer over the mobile network."""
        return next((each for each in self.bearers if each.value.mobile), None)
