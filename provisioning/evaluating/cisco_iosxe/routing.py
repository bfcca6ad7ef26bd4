"""Where a packet goes: connected networks, static routes, and what the router learns from others.

IP Routing: Protocol-Independent Configuration Guide, IOS XE 17: the longest prefix counts, then the lowest
administrative distance. What a neighbour announces stands in no configuration: where a routing protocol runs, its
default route may lead to any of its neighbours. That it announces a part of a connected or statically routed
network is left out of account.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from provisioning.evaluating.cisco_iosxe.interface import Interface
from provisioning.evaluating.cisco_iosxe.sections import Section
from provisioning.evaluating.packet import Address

Network = IPv4Network | IPv6Network

EVERYTHING: Mapping[int, Network] = {4: IPv4Network("0.0.0.0/0"), 6: IPv6Network("::/0")}
LEARNED_DISTANCE = 254
"""Of a default route by DHCP: IP Addressing: DHCP Configuration Guide, "Configuring the Cisco IOS DHCP Client"."""

NOWHERE = "Null0"


@dataclass(frozen=True, slots=True)
class Route:
    """A way to a network.

    Attributes:
        interface: empty where `next_hop` tells it.
        certain: whether it is there whatever others announce, and whatever is tracked.
        connected: whether whoever is called is a neighbour.
    """

    network: Network
    interface: str
    next_hop: Address | None
    distance: int
    certain: bool
    written: str
    connected: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of the way to an address.

    Attributes:
        interfaces: by one of which it goes; empty when there is no route.
        next_hop: the neighbour that is given it; None where it is learned, or not always the same.
        by_default: whether only a default route leads there.
    """

    interfaces: tuple[str, ...]
    next_hop: Address | None
    by_default: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """What a configuration says of ways.

    Attributes:
        routes: static ones, and default routes that are learned.
        forwards: families in which it passes packets on.
        not_understood: lines that may matter.
    """

    routes: tuple[Route, ...]
    interfaces: Mapping[str, Interface]
    forwards: frozenset[int]
    not_understood: tuple[str, ...]

    def own(self, address: Address) -> str:
        """Return the interface whose own address it is; empty when it is nobody's."""
        return next((name for name, each in self._up() for one in each.addresses if one.ip == address), "")

    def way(self, address: Address) -> Way:
        """Return the way to an address that is not the router's own."""
        covering = [each for each in self._all(address) if address in each.network]
        covering.sort(key=lambda each: (-each.network.prefixlen, each.distance))
        taken: list[Route] = []
        for route in covering:
            first = taken[-1] if taken else route
            same = (route.network, route.distance) == (first.network, first.distance)
            if taken and first.certain and not same:
                break
            taken.append(route)
        names = dict.fromkeys(name for each in taken for name in self._interface(each))
        by_default = all(each.network.prefixlen == 0 for each in taken)
        hops = {address if each.connected else each.next_hop for each in taken}
        next_hop = hops.pop() if len(hops) == 1 else None
        return Way(tuple(names), next_hop, by_default, tuple(dict.fromkeys(each.written for each in taken)))

    def broadcast(self, address: Address) -> bool:
        """Return whether it stands for all hosts of a connected IPv4 network."""
        networks = (one.network for _, each in self._up() for one in each.addresses if one.version == 4)
        return any(
            address in (each.network_address, each.broadcast_address) for each in networks if each.prefixlen < 31
        )

    def _up(self) -> Iterator[tuple[str, Interface]]:
        return ((name, each) for name, each in self.interfaces.items() if each.up)

    def _all(self, address: Address) -> Iterator[Route]:
        for name, each in self._up():
            for one in each.addresses:
                if one.version == address.version:
                    yield Route(one.network, name, None, 0, True, f"{name}: [connected {one.network}]", True)
        yield from (each for each in self.routes if each.network.version == address.version)

    def _interface(self, route: Route) -> Iterator[str]:
        """Yield the interfaces of a route; a next hop is looked up among the routes that name an interface."""
        if route.interface:
            if route.interface == NOWHERE or self.interfaces.get(route.interface, Interface("", up=False)).up:
                yield route.interface
            return
        if route.next_hop is None:
            return
        there = [each for each in self._all(route.next_hop) if each.interface and each.network.prefixlen > 0]
        covering = [each for each in there if route.next_hop in each.network]
        longest = max((each.network.prefixlen for each in covering), default=0)
        for each in covering:
            if each.network.prefixlen == longest:
                yield from self._interface(each)


def read_routing(configuration: Iterable[Section], interfaces: Mapping[str, Interface]) -> Routing:
    """Return what a configuration says of ways."""
    routes: list[Route] = []
    unread: list[str] = []
    forwards = {4}
    neighbours: list[Address] = []
    for section in configuration:
        words = section.words
        try:
            if words[:2] in (("ip", "route"), ("ipv6", "route")):
                routes += _static(words, interfaces)
            elif words == ("ipv6", "unicast-routing"):
                forwards.add(6)
            elif words == ("no", "ip", "routing"):
                forwards.discard(4)
            elif words[:1] == ("router",):
                neighbours += _neighbours(section)
                unread += [] if words[:2] == ("router", "bgp") else [section.line]
        except (ValueError, IndexError):
            unread.append(section.line)
    routes += _learned(interfaces)
    routes += _announced(neighbours, interfaces)
    return Routing(tuple(routes), interfaces, frozenset(forwards), tuple(unread))


def _static(words: tuple[str, ...], interfaces: Mapping[str, Interface]) -> Iterator[Route]:
    family = 4 if words[0] == "ip" else 6
    if words[2:3] == ("static",):
        return  # `ip route static bfd …`: how fast a next hop is noticed to be gone
    network = ip_network(f"{words[2]}/{words[3]}" if family == 4 else words[2])
    rest = list(words[4:] if family == 4 else words[3:])
    interface, next_hop, distance, certain = "", None, 1, True
    while rest:
        word = rest.pop(0)
        if word == "dhcp":
            certain, distance = False, LEARNED_DISTANCE
            interface = next((name for name, each in interfaces.items() if family in each.learns), "")
        elif word in ("name", "tag"):
            rest.pop(0)
        elif word == "track":
            rest.pop(0)
            certain = False
        elif word.isdigit():
            distance = int(word)
        elif word in interfaces or word == NOWHERE:
            interface = word
        elif word != "permanent":
            next_hop = ip_address(word)
    yield Route(network, interface, next_hop, distance, certain, " ".join(words))


def _learned(interfaces: Mapping[str, Interface]) -> Iterator[Route]:
    for name, each in interfaces.items():
        for family in sorted(each.learns):
            written = f"{name}: [default route that is learned]"
            yield Route(EVERYTHING[family], name, None, LEARNED_DISTANCE, False, written)


def _neighbours(section: Section) -> Iterator[Address]:
    for line in section.below:
        rest = line.rest("neighbor")
        if rest and (rest[0][0].isdigit() or ":" in rest[0]) and rest[1:2] == ("remote-as",):
            yield ip_address(rest[0])


def _announced(neighbours: Iterable[Address], interfaces: Mapping[str, Interface]) -> Iterator[Route]:
    """Yield the default routes that neighbours may announce."""
    for neighbour in neighbours:
        written = f"neighbor {neighbour}: [default route that may be announced]"
        yield Route(EVERYTHING[neighbour.version], "", neighbour, 20, False, written)
