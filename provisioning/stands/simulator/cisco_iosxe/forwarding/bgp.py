"""BGP as a configuration has it: neighbours, what is announced, what is taken (IOS XE 17, IP Routing: BGP guide)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section
from provisioning.stands.simulator.lines import Address, Network

CLASSFUL = ((0, 8), (128, 16), (192, 24))
"""Length of a network that is told without a mask, by the first octet that has it."""

LOCAL_PREFERENCE = 100


@dataclass(frozen=True, slots=True)
class PrefixEntry:
    """An entry of a prefix list: networks within one, whose length lies between two."""

    number: int
    permits: bool
    network: Network
    shortest: int
    longest: int

    def holds(self, network: Network) -> bool:
        """Return whether a network is meant."""
        if network.version != self.network.version or not self.shortest <= network.prefixlen <= self.longest:
            return False
        return network.network_address in self.network


@dataclass(frozen=True, slots=True)
class MapEntry:
    """An entry of a route map.

    Attributes:
        lists: prefix lists of which one must permit; None when it means everything.
        local_preference: that it sets; None when it sets none.
    """

    number: int
    permits: bool
    lists: tuple[str, ...] | None
    local_preference: int | None


@dataclass(slots=True)
class Neighbour:
    """A neighbour, within the address family of its own address.

    Attributes:
        maps: route maps by direction, `in` and `out`.
        advertises: route map of what is only announced under a condition; empty without one.
        unless: route map of which no route may stand for that.
        may_be_far: whether it need not be on a network that the router is connected to.
        bfd: whether BFD tells that it is gone.
        hold: seconds without a word after which it is taken for gone.
    """

    as_number: int = 0
    is_shut: bool = False
    is_active: bool | None = None
    maps: dict[str, str] = field(default_factory=dict)
    advertises: str = ""
    unless: str = ""
    may_be_far: bool = False
    bfd: bool = False
    hold: float = 180.0
    description: str = ""


@dataclass(slots=True)
class Bgp:
    """What a configuration says of BGP.

    Attributes:
        as_number: 0 without it.
        activates4: whether neighbours are active for IPv4 unless said.
        networks: that it announces while a route to exactly them stands.
    """

    as_number: int = 0
    activates4: bool = True
    neighbours: dict[Address, Neighbour] = field(default_factory=dict)
    networks: list[Network] = field(default_factory=list)
    prefix_lists: dict[tuple[int, str], list[PrefixEntry]] = field(default_factory=dict)
    maps: dict[str, list[MapEntry]] = field(default_factory=dict)

    def active(self, address: Address, as_number: int) -> Neighbour | None:
        """Return a neighbour with which a session may stand, whose AS number is this."""
        found = self.neighbours.get(address)
        if found is None or found.is_shut or found.as_number != as_number:
            return None
        activates = self.activates4 if address.version == 4 else False
        return found if (activates if found.is_active is None else found.is_active) else None

    def announced(
        self, neighbour: Neighbour, version: int, routed: Collection[Network], *, held: bool | None = None
    ) -> list[Network]:
        """Return what a neighbour is told.

        Args:
            version: of the networks.
            routed: networks to which a route stands.
            held: whether what is announced under a condition is withdrawn; None to look at that now.
        """
        table = [each for each in self.networks if each.version == version and each in routed]
        told = [each for each in table if self.passes(neighbour.maps.get("out", ""), each) is not None]
        if not (self.is_held(neighbour, version, routed) if held is None else held):
            return told
        # What is announced under a condition is withdrawn while a route of the other map stands.
        return [each for each in told if self.passes(neighbour.advertises, each) is None]

    def is_held(self, neighbour: Neighbour, version: int, routed: Collection[Network]) -> bool:
        """Return whether a route stands for which something is not announced to a neighbour."""
        table = [each for each in self.networks if each.version == version and each in routed]
        return bool(neighbour.unless) and any(self.passes(neighbour.unless, each) is not None for each in table)

    def passes(self, name: str, network: Network) -> int | None:
        """Return the local preference with which a route map lets a network through; None when it does not."""
        if not name:
            return LOCAL_PREFERENCE
        for entry in self.maps.get(name, ()):
            if entry.lists is None or any(self._permits(each, network) for each in entry.lists):
                preference = LOCAL_PREFERENCE if entry.local_preference is None else entry.local_preference
                return preference if entry.permits else None
        return None

    def _permits(self, name: str, network: Network) -> bool:
        for each in self.prefix_lists.get((network.version, name), ()):
            if each.holds(network):
                return each.permits
        return False


def read_bgp(configuration: Section) -> Bgp:
    """Return what a configuration says of BGP."""
    found = Bgp()
    for section in configuration.children:
        match section.words:
            case ("router", "bgp", number):
                found.as_number = int(number)
                found.activates4 = not section.has("no", "bgp", "default", "ipv4-unicast")
                _note_router(found, section)
            case ("ip" | "ipv6" as family, "prefix-list", name, "seq", number, "permit" | "deny" as action, *rest):
                entry = _prefix_entry(int(number), rest, permits=action == "permit")
                entries = found.prefix_lists.setdefault((4 if family == "ip" else 6, name), [])
                entries.append(entry)
                entries.sort(key=lambda each: each.number)
            case ("route-map", name, "permit" | "deny" as action, number):
                entries_of_map = found.maps.setdefault(name, [])
                entries_of_map.append(_map_entry(section, int(number), permits=action == "permit"))
                entries_of_map.sort(key=lambda each: each.number)
            case _:
                pass
    return found


def _note_router(into: Bgp, section: Section) -> None:
    for each in section.children:
        if each.starts("address-family"):
            for line in each.children:
                _note_line(into, line.words)
        else:
            _note_line(into, each.words)


def _note_line(into: Bgp, words: tuple[str, ...]) -> None:
    match words:
        case ("network", prefix) if "/" in prefix:
            into.networks.append(IPv6Network(prefix))
        case ("network", network, "mask", mask, *_):
            into.networks.append(IPv4Network(f"{network}/{mask}"))
        case ("network", network):
            into.networks.append(IPv4Network(f"{network}/{classful(network)}"))
        case ("neighbor", address, *what) if address[:1].isalnum() and ("." in address or ":" in address):
            _note_neighbour(into.neighbours.setdefault(ip_address(address), Neighbour()), what)
        case ("no", "neighbor", address, "activate"):
            into.neighbours.setdefault(ip_address(address), Neighbour()).is_active = False
        case _:
            pass


def _note_neighbour(into: Neighbour, what: list[str]) -> None:
    match what:
        case ["remote-as", number]:
            into.as_number = int(number)
        case ["shutdown", *_]:
            into.is_shut = True
        case ["activate"]:
            into.is_active = True
        case ["description", *words]:
            into.description = " ".join(words)
        case ["fall-over", "bfd", *_]:
            into.bfd = True
        case ["timers", _, hold, *_]:
            into.hold = float(hold)
        case ["disable-connected-check"] | ["ebgp-multihop", *_]:
            into.may_be_far = True
        case ["route-map", name, "in" | "out" as direction]:
            into.maps[direction] = name
        case ["advertise-map", name, "non-exist-map", unless, *_]:
            into.advertises, into.unless = name, unless
        case _:
            pass


def classful(network: str) -> int:
    """Return the length of a network that is told without a mask."""
    first = int(network.split(".", 1)[0])
    return [length for least, length in CLASSFUL if first >= least][-1]


def _prefix_entry(number: int, rest: Sequence[str], *, permits: bool) -> PrefixEntry:
    network = ip_network(rest[0])
    words = dict(zip(rest[1::2], rest[2::2], strict=False))
    least = int(words.get("ge", network.prefixlen))
    most = int(words.get("le", network.max_prefixlen if "ge" in words else network.prefixlen))
    return PrefixEntry(number, permits, network, least, most)


def _map_entry(section: Section, number: int, *, permits: bool) -> MapEntry:
    lists: tuple[str, ...] | None = None
    for family in ("ip", "ipv6"):
        for names in section.under("match", family, "address", "prefix-list"):
            lists = (*(lists or ()), *names)
    preference = section.value("set", "local-preference")
    return MapEntry(number, permits, lists, int(preference[0]) if preference else None)
