"""What a lab is made of: nodes with interfaces, and the links between them. Pure data."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, IPv6Network

from provisioning.errors import BadInput, UnknownName

Address = IPv4Interface | IPv6Interface

OPERATOR_AS = 64500
ACCESS = (IPv4Network("100.64.0.0/16"), IPv6Network("3fff:0:0:a::/64"))
"""Between the BNG and the CPEs, across the access bridge."""

MOBILE = (IPv4Network("100.96.0.0/16"), IPv6Network("3fff:0:0:b::/64"))
"""Between the mobile core and the CPEs."""


FIXED_PORT, MOBILE_PORT, LAN_PORT, FIREWALL_PORT = "wan0", "wwan0", "lan1", "lan2"
"""The interfaces of a CPE."""

HOST_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
"""A serial is what the NOC finds a router by (RFC 1123, 2.1)."""

CPE_PORTS = (FIXED_PORT, MOBILE_PORT, LAN_PORT, FIREWALL_PORT)


def mac_of(port: str, number: int) -> str:
    """Return the MAC address of a CPE's interface; locally administered, and the same in every lab."""
    return f"02:00:00:00:{CPE_PORTS.index(port) + 1:02x}:{number:02x}"


class Kind(StrEnum):
    """What a node plays."""

    INTERNET = "internet"
    NOC = "noc"
    BNG = "bng"
    MOBILE_CORE = "mobile core"
    ACCESS_BRIDGE = "access bridge"
    CPE = "cpe"
    LAN_HOST = "lan host"
    CUSTOMER_FIREWALL = "customer firewall"


CUSTOMER_KINDS = (Kind.CPE, Kind.LAN_HOST, Kind.CUSTOMER_FIREWALL)


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface of a node as it stands after boot.

    Attributes:
        bridge: the bridge of the same node that it is a port of; empty when it is none.
        isolated: whether, as a port, it only speaks to ports that are not isolated: customers do not hear each other.
        mac: its MAC address; empty when the kernel chooses one.
    """

    name: str
    addresses: tuple[Address, ...] = ()
    bridge: str = ""
    isolated: bool = False
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node.

    Attributes:
        interfaces: the ends of links, and `lo` where it has more than its own addresses.
        bridges: made at boot; they may have addresses as well.
        gateways: next hops of its default routes.
        forwards: whether it routes.
        reached_at: the address at which the NOC reaches it by SSH; None when it runs no sshd.
        serial: of a CPE, as order forms name it.
        number: of the customer; 0 for what is the operator's.
        leased: the addresses that a CPE is given on its fixed bearer, by DHCP and by router advertisement.
    """

    name: str
    kind: Kind
    interfaces: tuple[Interface, ...]
    bridges: tuple[Interface, ...] = ()
    gateways: tuple[str, ...] = ()
    forwards: bool = False
    reached_at: str | None = None
    serial: str = ""
    number: int = 0
    leased: tuple[Address, ...] = ()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All addresses that it boots with."""
        return tuple(each for interface in (*self.interfaces, *self.bridges) for each in interface.addresses)

    @property
    def interface_names(self) -> tuple[str, ...]:
        """What can be captured on."""
        return tuple(dict.fromkeys(("lo", *(each.name for each in (*self.interfaces, *self.bridges)))))


@dataclass(frozen=True, slots=True)
class Link:
    """A cable: a node and an interface at either end."""

    left: tuple[str, str]
    right: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Olt:
    """An OLT; all of them stand on the access bridge.

    Attributes:
        name: in the shipped inventory.
        hostname: what the NOC finds it by.
        address: of the access bridge.
        ports: kind, gpon or xgs-pon, by frame/slot/port.
    """

    name: str
    hostname: str
    address: str
    ports: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Topology:
    """The whole lab."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    olts: tuple[Olt, ...] = ()

    @property
    def cpes(self) -> tuple[Node, ...]:
        """The CPEs, by number."""
        return tuple(each for each in self.nodes if each.kind is Kind.CPE)

    def node(self, name: str) -> Node:
        """Return a node by its name, or a CPE by its serial.

        Raises:
            UnknownName: when there is none; with the nearest one.
        """
        return self._find("node", name, self.nodes)

    def cpe(self, name: str) -> Node:
        """Return a CPE by its name or serial.

        Raises:
            UnknownName: when there is none; with the nearest one.
        """
        return self._find("CPE", name, self.cpes)

    def cuttable(self, name: str) -> Node:
        """Return a CPE by its name or serial, or the BNG or the mobile core by its name.

        Raises:
            UnknownName: when there is none; with the nearest one.
        """
        kinds = (Kind.CPE, Kind.BNG, Kind.MOBILE_CORE)
        return self._find("CPE, BNG or mobile core", name, tuple(each for each in self.nodes if each.kind in kinds))

    def customer_node(self, name: str) -> Node:
        """Return a node of a customer by its name or serial.

        Raises:
            UnknownName: when there is none; with the nearest one.
        """
        return self._find("customer's node", name, tuple(each for each in self.nodes if each.kind in CUSTOMER_KINDS))

    def olt(self, name: str) -> Olt | None:
        """Return an OLT by its name or host name; None when there is none."""
        return next((each for each in self.olts if name in (each.name, each.hostname)), None)

    def with_router(self, name: str, serial: str) -> "Topology":
        """Return the same lab with another router in the place of a CPE.

        Args:
            name: name or serial of the CPE.
            serial: of the router that takes its place; its own means a new one of the same serial.

        Raises:
            UnknownName: when there is no such CPE.
            BadInput: when another CPE has that serial, or it can be no name of a host.
        """
        old = self.cpe(name)
        if not re.fullmatch(HOST_NAME, serial):
            raise BadInput(f"{serial!r} can be no serial", where="--serial", remedy="Name one such as LX0201.")
        if any(serial in (each.name, each.serial) for each in self.nodes if each is not old):
            raise BadInput(f"the lab has {serial} already", where="--serial", remedy="Name another.")
        new = replace(old, serial=serial)
        return replace(self, nodes=tuple(new if each is old else each for each in self.nodes))

    def _find(self, what: str, name: str, among: tuple[Node, ...]) -> Node:
        for each in among:
            if name in (each.name, each.serial):
                return each
        raise unknown(what, name, [each.name for each in among])


def unknown(kind: str, name: str, present: list[str]) -> UnknownName:
    """Return the error for a name that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, present, n=1, cutoff=0.5)
    guess = f"Did you mean {near[0]}? " if near else ""
    return UnknownName(
        f"the lab has no {kind} {name}", where=name, remedy=f"{guess}`proviso lab status` lists what it has."
    )
