"""Which nodes the lab has, how they are linked, and which addresses they boot with. Pure data.

None of these addresses lies in a pool of the shipped inventory: what a line gets comes on top of them.
"""

from collections.abc import Iterator
from ipaddress import ip_interface

from provisioning.errors import BadInput
from provisioning.stands.lab.topology import CPE_PORTS, Address, Interface, Kind, Link, Node, Olt, Topology, mac_of

MAX_CPES = 200
"""The last byte of an address tells the CPE."""

OLTS = (
    Olt(
        "olt-brussels-1",
        "olt-brussels-1.example.net",
        "100.127.2.11",
        {**{f"0/1/{port}": "gpon" for port in range(4)}, "0/2/0": "xgs-pon", "0/2/1": "xgs-pon"},
    ),
    Olt("olt-namur-1", "olt-namur-1.example.net", "100.127.2.12", {"0/1/0": "gpon", "0/2/0": "xgs-pon"}),
)
"""Those of the shipped inventory."""

TELEPHONY = ("198.18.2.10", "3fff:0:2::10")
"""The telephony host, in the voice prefixes of the shipped inventory."""

_BRUSSELS, _NAMUR = (each.name for each in OLTS)

EXAMPLES = {
    6: (_BRUSSELS, "0/1/0"),
    7: (_BRUSSELS, "0/2/0"),
    8: (_BRUSSELS, "0/1/1"),
    9: (_NAMUR, "0/2/0"),
    10: (_BRUSSELS, "0/1/2"),
    11: (_BRUSSELS, "0/1/3"),
    12: (_NAMUR, "0/1/0"),
    13: (_BRUSSELS, "0/1/3"),
    14: (_NAMUR, "0/1/0"),
    16: (_BRUSSELS, "0/2/1"),
}
"""OLT and port where the fibres of the customers of the example orders end."""

PLACES = tuple((olt.name, port) for olt in OLTS for port in olt.ports)


def fibre_end(number: int) -> tuple[str, str]:
    """Return the OLT and the port where a customer's fibre ends; it is authorised wherever somebody likes."""
    return EXAMPLES.get(number, PLACES[number % len(PLACES)])


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
        Link(("bng", "olts"), ("olt", "mgmt")),
    ]
    for number in numbers:
        nodes += _customer(number)
        links += _customer_links(number)
    return Topology(tuple(nodes), tuple(links), OLTS)


def _at(*addresses: str) -> tuple[Address, ...]:
    return tuple(ip_interface(each) for each in addresses)


def _internet() -> Node:
    # Hosts of the internet are addresses of one node: who asks from outside cannot tell.
    # The kernel lists IPv4 as it was added and IPv6 the other way round, and vantage points call what is listed first.
    # That must not be telephony, which mobile bearers do not carry.
    hosts = [f"198.18.1.{host}/32" for host in (10, 11, 53)] + [f"{TELEPHONY[0]}/32", f"{TELEPHONY[1]}/128"]
    hosts += [f"3fff:0:1::{host}/128" for host in (53, 11, 10)]
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
            Interface("olts", _at("100.127.2.1/24")),
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
        (
            Interface("uplink", bridge="access"),
            Interface("mgmt", _at(*(f"{each.address}/24" for each in OLTS))),
            *ports,
        ),
        bridges=(Interface("access"),),
        gateways=("100.127.2.1",),
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
