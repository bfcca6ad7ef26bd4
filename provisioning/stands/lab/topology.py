"""Which nodes the lab has, how they are linked, and which addresses they boot with. Pure data.

None of these addresses lies in a pool of the shipped inventory: what a line gets comes on top of them.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, IPv6Network, ip_interface

from provisioning.errors import BadInput, UnknownName

Address = IPv4Interface | IPv6Interface

MAX_CPES = 200
"""The last byte of an address tells the CPE."""

OPERATOR_AS = 64500
ACCESS = (IPv4Network("100.64.0.0/16"), IPv6Network("3fff:0:0:a::/64"))
"""Between the BNG and the CPEs, across the access bridge."""

MOBILE = (IPv4Network("100.96.0.0/16"), IPv6Network("3fff:0:0:b::/64"))
"""Between the mobile core and the CPEs."""


FIXED_PORT, MOBILE_PORT, LAN_PORT, FIREWALL_PORT = "wan0", "wwan0", "lan1", "lan2"
"""The interfaces of a CPE."""

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
class Topology:
    """The whole lab."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

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

    def customer_node(self, name: str) -> Node:
        """Return a node of a customer by its name or serial.

        Raises:
            UnknownName: when there is none; with the nearest one.
        """
        return self._find("customer's node", name, tuple(each for each in self.nodes if each.kind in CUSTOMER_KINDS))

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


def build(cpes: int) -> Topology:
    """Return the lab with that many CPEs, each with a LAN host and a customer firewall behind it.

    Raises:
        BadInput: when it cannot have that many.
    """
    if not 0 <= cpes <= MAX_CPES:
        raise BadInput(f"a lab has 0 to {MAX_CPES} CPEs, not {cpes}", where="--cpes", remedy="Ask for fewer.")
    numbers = range(1, cpes + 1)
    nodes = [_internet(), _noc(numbers), _bng(), _mobile_core(numbers), _access_bridge(numbers)]
    links = [
        Link(("internet", "eth0"), ("bng", "internet")),
        Link(("noc", "eth0"), ("bng", "noc")),
        Link(("bng", "mobile"), ("mobile", "bng")),
        Link(("bng", "access"), ("olt", "uplink")),
    ]
    for number in numbers:
        nodes += _customer(number)
        links += _customer_links(number)
    return Topology(tuple(nodes), tuple(links))


def _at(*addresses: str) -> tuple[Address, ...]:
    return tuple(ip_interface(each) for each in addresses)


def _internet() -> Node:
    # Hosts of the internet are addresses of one node: who asks from outside cannot tell.
    hosts = [f"198.18.1.{host}/32" for host in (10, 11, 53)] + [f"3fff:0:1::{host}/128" for host in (10, 11, 53)]
    return Node(
        "internet",
        Kind.INTERNET,
        (Interface("lo", _at(*hosts)), Interface("eth0", _at("198.18.0.2/30", "3fff:0:0:1::2/64"))),
        gateways=("198.18.0.1", "3fff:0:0:1::1"),
        reached_at="198.18.1.10",
    )


def _noc(numbers: range) -> Node:
    # Out-of-band, so that the vantage points behind a CPE can be asked whatever becomes of the CPE.
    customers = [f"{side}{number}" for number in numbers for side in ("lan", "fw")]
    return Node(
        "noc",
        Kind.NOC,
        (
            Interface("eth0", _at("100.127.0.2/30", "3fff:0:0:2::2/64")),
            *(Interface(each, bridge="oob0", isolated=True) for each in customers),
        ),
        bridges=(Interface("oob0", _at("172.31.0.1/16")),),
        gateways=("100.127.0.1", "3fff:0:0:2::1"),
    )


def _bng() -> Node:
    return Node(
        "bng",
        Kind.BNG,
        (
            Interface("internet", _at("198.18.0.1/30", "3fff:0:0:1::1/64")),
            Interface("noc", _at("100.127.0.1/30", "3fff:0:0:2::1/64")),
            Interface("mobile", _at("100.127.1.1/30", "3fff:0:0:3::1/64")),
            Interface("access", _at("100.64.0.1/16", "3fff:0:0:a::1/64")),
        ),
        # The hosts of the internet lie beyond its own link.
        gateways=("198.18.0.2", "3fff:0:0:1::2"),
        forwards=True,
    )


def _mobile_core(numbers: range) -> Node:
    ports = tuple(Interface(f"cpe{number}", bridge="cells", isolated=True) for number in numbers)
    return Node(
        "mobile",
        Kind.MOBILE_CORE,
        (Interface("bng", _at("100.127.1.2/30", "3fff:0:0:3::2/64")), *ports),
        bridges=(Interface("cells", _at("100.96.0.1/16", "3fff:0:0:b::1/64")),),
        forwards=True,
    )


def _access_bridge(numbers: range) -> Node:
    ports = (Interface(f"cpe{number}", bridge="access", isolated=True) for number in numbers)
    return Node(
        "olt",
        Kind.ACCESS_BRIDGE,
        (Interface("uplink", bridge="access"), *ports),
        bridges=(Interface("access"),),
    )


def _customer(number: int) -> Iterator[Node]:
    # Its interface identifier is made of its MAC address (RFC 4291, appendix A).
    own = f"3fff:0:0:a:0:ff:fe00:{0x100 + number:x}/64"
    yield Node(
        f"cpe{number}",
        Kind.CPE,
        tuple(Interface(each, mac=mac_of(each, number)) for each in CPE_PORTS),
        reached_at=f"100.64.1.{number}",
        serial=f"LX{100 + number:04}",
        number=number,
        leased=_at(f"100.64.1.{number}/16", own),
    )
    yield Node(
        f"lan{number}",
        Kind.LAN_HOST,
        (Interface("eth0"), Interface("oob0", _at(f"172.31.1.{number}/16"))),
        reached_at=f"172.31.1.{number}",
        number=number,
    )
    yield Node(
        f"firewall{number}",
        Kind.CUSTOMER_FIREWALL,
        (Interface("eth0"), Interface("oob0", _at(f"172.31.2.{number}/16"))),
        forwards=True,
        reached_at=f"172.31.2.{number}",
        number=number,
    )


def _customer_links(number: int) -> Iterator[Link]:
    cpe = f"cpe{number}"
    yield Link((cpe, "wan0"), ("olt", cpe))
    yield Link((cpe, "wwan0"), ("mobile", cpe))
    yield Link((cpe, "lan1"), (f"lan{number}", "eth0"))
    yield Link((cpe, "lan2"), (f"firewall{number}", "eth0"))
    yield Link((f"lan{number}", "oob0"), ("noc", f"lan{number}"))
    yield Link((f"firewall{number}", "oob0"), ("noc", f"fw{number}"))
