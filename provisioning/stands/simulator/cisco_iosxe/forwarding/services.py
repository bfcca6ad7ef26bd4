"""What a router serves itself: management, names, leases (IOS XE 17 configuration guides).

- SSH and Telnet: Terminal Services guide; a line's access class decides who may come, and refuses others with a reset.
- SNMP: SNMP guide; a group's access list decides, and nobody else gets an answer.
- DHCP: IP Addressing: DHCP guide; the first that a pool lends is its lowest address that is not excluded.
- DNS: IP Addressing: DNS guide.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section
from provisioning.stands.simulator.customer_router import Lease

SSH, TELNET, DNS, HTTP, SNMP, BGP, HTTPS = 22, 23, 53, 80, 161, 179, 443


@dataclass(frozen=True, slots=True)
class Lines:
    """Terminal lines that are reached over the network.

    Attributes:
        first: number of the first one: lines are taken in their order.
        transports: protocols that they take.
        classes: access list by version.
    """

    first: int
    transports: frozenset[str]
    classes: dict[int, str]


@dataclass(frozen=True, slots=True)
class Pool:
    """What a DHCP pool lends."""

    network: IPv4Network
    routers: tuple[str, ...]
    resolvers: tuple[str, ...]


@dataclass(slots=True)
class Services:
    """The services of a configuration.

    Attributes:
        excluded: first and last of what no pool lends.
        snmp_lists: access lists of SNMP groups and communities, one empty for each without.
        name_servers: whom it asks for names.
        web_ports: on which its pages are served.
        sources: interface whose address a call of its own is sent from, by port.
    """

    lines: list[Lines] = field(default_factory=list)
    ssh_port: int = SSH
    serves_names: bool = False
    name_servers: tuple[str, ...] = ()
    snmp_lists: list[str] = field(default_factory=list)
    lends: bool = True
    pools: list[Pool] = field(default_factory=list)
    excluded: list[tuple[IPv4Address, IPv4Address]] = field(default_factory=list)
    sources: dict[int, str] = field(default_factory=dict)
    web_ports: set[int] = field(default_factory=set)

    def takes(self, transport: str) -> Lines | None:
        """Return the lines that a call of a protocol gets."""
        found = [each for each in self.lines if transport in each.transports]
        return min(found, key=lambda each: each.first, default=None)

    def lease(self, interface: IPv4Interface) -> Lease | None:
        """Return what a new host on the network of an interface is lent.

        Args:
            interface: the primary address there, which chooses the pool.
        """
        if not self.lends:
            return None
        for pool in self.pools:
            if interface.ip not in pool.network:
                continue
            free = next(self._free(pool.network, interface.ip), None)
            if free is None:
                return None
            return Lease(
                address=str(free),
                prefix=pool.network.prefixlen,
                router=pool.routers[0] if pool.routers else "",
                resolvers=pool.resolvers,
                server=str(interface.ip),
            )
        return None

    def _free(self, network: IPv4Network, own: IPv4Address) -> Iterator[IPv4Address]:
        for each in network.hosts():
            if each != own and not any(first <= each <= last for first, last in self.excluded):
                yield each


def read_services(configuration: Section) -> Services:
    """Return the services of a configuration."""
    found = Services()
    for section in configuration.children:
        _note_management(found, section)
        match section.words:
            case ("ip", "dns", "server"):
                found.serves_names = True
            case ("ip", "name-server", *servers):
                found.name_servers += tuple(each for each in servers if each != "vrf")
            case ("ip", "domain", "lookup", "source-interface", name) | (
                "ip",
                "domain-lookup",
                "source-interface",
                name,
            ):
                found.sources[DNS] = name
            case ("no", "service", "dhcp"):
                found.lends = False
            case ("ip", "dhcp", "excluded-address", first, *last):
                found.excluded.append((IPv4Address(first), IPv4Address(last[0] if last else first)))
            case ("ip", "dhcp", "pool", _):
                found.pools += _pool(section)
            case _:
                pass
    return found


def _note_management(into: Services, section: Section) -> None:
    match section.words:
        case ("line", "vty", first, *_):
            into.lines.append(_lines(section, int(first)))
        case ("ip", "ssh", "port", port, *_):
            into.ssh_port = int(port)
        case ("ip", "http", "server" | "secure-server" as kind):
            into.web_ports.add(HTTP if kind == "server" else HTTPS)
        case ("snmp-server", "group" | "community" as kind, *rest):
            into.snmp_lists.append(_snmp_list(kind, rest))
        case _:
            pass


def _lines(section: Section, first: int) -> Lines:
    transports = section.value("transport", "input")
    # Lines of which nothing is said take every protocol.
    taken = frozenset(transports) if transports is not None else frozenset(("all",))
    taken = frozenset(("ssh", "telnet")) if "all" in taken else taken
    classes: dict[int, str] = {}
    for version, before in ((4, ()), (6, ("ipv6",))):
        for name, direction, *_ in section.under(*before, "access-class"):
            if direction == "in":
                classes[version] = name
    return Lines(first, taken, classes)


def _snmp_list(kind: str, rest: list[str]) -> str:
    if "access" in rest:
        return rest[rest.index("access") + 1]
    # snmp-server community NAME [view NAME] [ro | rw] [LIST]
    return rest[-1] if kind == "community" and len(rest) > 1 and rest[-1] not in ("ro", "rw", "RO", "RW") else ""


def _pool(section: Section) -> Iterator[Pool]:
    told = section.value("network")
    if told is not None:
        length = told[1].removeprefix("/") if len(told) > 1 else "24"
        network = IPv4Network(f"{told[0]}/{length}", strict=False)
        yield Pool(network, section.value("default-router") or (), section.value("dns-server") or ())
