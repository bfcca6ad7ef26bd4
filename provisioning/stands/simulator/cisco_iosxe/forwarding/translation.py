"""Translation of addresses (IOS XE 17, IP Addressing: NAT guide, "Configuring NAT for IP Address Conservation").

What comes in by an outside interface is translated before it is routed; what goes from an inside to an outside
interface, after it (Cisco document 6209, "NAT order of operation").
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from itertools import pairwise

from provisioning.stands.simulator.cisco_iosxe.forwarding.access_lists import AccessList, selects
from provisioning.stands.simulator.cisco_iosxe.forwarding.names import PORTS
from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section
from provisioning.stands.simulator.packets import TCP, UDP, Packet

NUMBERS = {"tcp": TCP, "udp": UDP}
INSIDE, OUTSIDE = "inside", "outside"
DESTINATION, SOURCE = "dnat", "snat"
"""What a packet's status says of its session."""


@dataclass(frozen=True, slots=True)
class Dynamic:
    """`ip nat inside source list NAME interface NAME overload`, or with a pool.

    Attributes:
        chooses: access list, or route map when `by_map`.
        interface: whose address is put in place; empty for a pool.
        pool: name of it.
    """

    chooses: str
    by_map: bool
    interface: str
    pool: str


@dataclass(slots=True)
class Translations:
    """What a configuration translates.

    Attributes:
        ports: inside address and port by protocol, outside address and port. Where the outside address is that of an
            interface, `interface_ports` has them by its name.
        hosts: inside address by outside address.
        pools: first and last address by name.
        map_lists: access lists that a route map matches, by its name.
    """

    ports: dict[tuple[int, int, int], tuple[int, int]] = field(default_factory=dict)
    interface_ports: dict[tuple[int, str, int], tuple[int, int]] = field(default_factory=dict)
    hosts: dict[int, int] = field(default_factory=dict)
    dynamic: list[Dynamic] = field(default_factory=list)
    pools: dict[str, tuple[int, int]] = field(default_factory=dict)
    map_lists: dict[str, list[str]] = field(default_factory=dict)

    def resolved(self, owned: Mapping[str, int]) -> "Translations":
        """Return the same with the addresses that interfaces have put in the place of their names."""
        ports = {
            (protocol, owned[name], port): inside
            for (protocol, name, port), inside in self.interface_ports.items()
            if name in owned
        }
        return replace(self, ports={**self.ports, **ports})

    def inwards(self, packet: Packet) -> Packet:
        """Return what comes in by an outside interface, translated where an entry says so."""
        if packet.version != 4:
            return packet
        found = self.ports.get((packet.protocol, packet.target, packet.target_port))
        status = packet.status | {DESTINATION}
        if found is not None:
            return replace(packet, target=found[0], target_port=found[1], status=status)
        host = self.hosts.get(packet.target)
        return packet if host is None else replace(packet, target=host, status=status)

    def outwards(self, packet: Packet, owned: Mapping[str, int], lists: Mapping[str, AccessList]) -> Packet:
        """Return what goes from an inside to an outside interface, translated where an entry says so.

        Args:
            owned: IPv4 address by interface.
        """
        if packet.version != 4:
            return packet
        status = packet.status | {SOURCE}
        for (protocol, outside, port), inside in self.ports.items():
            if (protocol, *inside) == (packet.protocol, packet.source, packet.source_port):
                return replace(packet, source=outside, source_port=port, status=status)
        for outside, host in self.hosts.items():
            if host == packet.source:
                return replace(packet, source=outside, status=status)
        for each in self.dynamic:
            if any(selects(lists, name, packet) for name in self._lists(each)):
                outside = owned.get(each.interface, 0) if each.interface else self.pools.get(each.pool, (0, 0))[0]
                # Without an address to put in place nothing is translated.
                return replace(packet, source=outside, status=status) if outside else packet
        return packet

    def _lists(self, dynamic: Dynamic) -> list[str]:
        return self.map_lists.get(dynamic.chooses, []) if dynamic.by_map else [dynamic.chooses]

    def bounds(self) -> Iterator[int]:
        """Yield the ports at which what is translated begins, ends, or goes elsewhere."""
        before: tuple[int, int, int, int] | None = None
        last = 0
        entries = [(*key, *inside) for key, inside in self.ports.items()]
        for protocol, outside, port, host, inside_port in sorted(entries):
            same = (protocol, outside, host, inside_port - port)
            if same != before or port != last + 1:
                yield port
                if before is not None:
                    yield last + 1
            before, last = same, port
        if before is not None:
            yield last + 1


def read_translations(configuration: Section) -> Translations:
    """Return what a configuration translates."""
    found = Translations()
    for section in configuration.children:
        words = section.words
        match words:
            case ("ip", "nat", "pool", name, first, last, *_) if first not in ("prefix-length", "netmask"):
                found.pools[name] = (int(IPv4Address(first)), int(IPv4Address(last)))
            case ("ip", "nat", "inside", "source", "static", *rest):
                _note_static(found, rest)
            case ("ip", "nat", "inside", "source", "list" | "route-map" as kind, name, *rest):
                found.dynamic.append(_dynamic(kind, name, rest))
            case ("route-map", name, "permit", *_):
                lists = [each for some in section.under("match", "ip", "address") for each in some]
                found.map_lists.setdefault(name, []).extend(lists)
            case _:
                pass
    return found


def _dynamic(kind: str, name: str, rest: list[str]) -> Dynamic:
    where = dict(pairwise(rest))
    return Dynamic(name, kind == "route-map", where.get("interface", ""), where.get("pool", ""))


def _note_static(found: Translations, rest: list[str]) -> None:
    match rest:
        case ["tcp" | "udp" as name, host, inside, "interface", interface, outside, *_]:
            number = NUMBERS[name]
            target = int(IPv4Address(host)), _port(number, inside)
            found.interface_ports[number, interface, _port(number, outside)] = target
        case ["tcp" | "udp" as name, host, inside, address, outside, *_]:
            number = NUMBERS[name]
            key = number, int(IPv4Address(address)), _port(number, outside)
            found.ports[key] = int(IPv4Address(host)), _port(number, inside)
        case ["network", local, shown, mask, *_]:
            _note_network(found, local, shown, mask)
        case [host, address, *_] if address[:1].isdecimal():
            found.hosts[int(IPv4Address(address))] = int(IPv4Address(host))
        case _:
            pass


def _note_network(found: Translations, local: str, shown: str, mask: str) -> None:
    length = int(mask[1:]) if mask.startswith("/") else int(IPv4Address(mask)).bit_count()
    for offset in range(1 << (32 - length)):
        found.hosts[int(IPv4Address(shown)) + offset] = int(IPv4Address(local)) + offset


def _port(protocol: int, text: str) -> int:
    return int(text) if text.isdecimal() else PORTS[protocol][text]
