"""Static routes, and what they depend on (IOS XE 17, IP Routing: Protocol-Independent, and IP SLAs guides)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section
from provisioning.stands.simulator.lines import Address, Network

NULL = "Null0"
NOWHERE = ""
CONNECTED, ADVERTISED, STATIC, EXTERNAL_BGP, FROM_DHCP = 0, 2, 1, 20, 254
"""Administrative distances of what has none of its own; ADVERTISED is that of an advertised default route."""


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """A static route.

    Attributes:
        interface: that it leads to; empty when only the gateway is told.
        gateway: the next hop; None when only the interface is told.
        track: object that must be up; empty without one.
        by_dhcp: whether the gateway is what DHCP told on the interface.
    """

    network: Network
    interface: str = ""
    gateway: Address | None = None
    distance: int = STATIC
    track: str = ""
    by_dhcp: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A route that is in force.

    Attributes:
        gateway: the next hop; None when the target is on the link; the bearer's own for `default`.
    """

    network: Network
    interface: str
    gateway: str = ""
    distance: int = CONNECTED


@dataclass(frozen=True, slots=True)
class Probe:
    """An IP SLA operation: a ping.

    Attributes:
        source: interface whose address it is sent from; empty when none is told.
        frequency: seconds from one ping to the next.
        timeout: seconds that an answer may take.
    """

    target: Address
    source: str
    is_scheduled: bool
    frequency: float = 60.0
    timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Track:
    """An object that is up or down.

    Attributes:
        kind: sla, interface, or list.
        argument: number of the operation, name of the interface, or `and` or `or`.
        objects: of a list: number, and whether it is turned round.
        what: of it is tracked, as the configuration says it.
        delay_up: seconds for which it must have come up before it is taken for that.
        delay_down: likewise.
    """

    kind: str
    argument: str
    objects: tuple[tuple[str, bool], ...] = ()
    what: str = ""
    delay_up: float = 0.0
    delay_down: float = 0.0


@dataclass(slots=True)
class Routing:
    """What a configuration says of routing.

    Attributes:
        routes4: whether IPv4 is routed at all, and `routes6` IPv6.
    """

    statics: list[StaticRoute] = field(default_factory=list)
    probes: dict[str, Probe] = field(default_factory=dict)
    tracks: dict[str, Track] = field(default_factory=dict)
    routes4: bool = True
    routes6: bool = False

    def routes(self, version: int) -> bool:
        """Return whether packets of a version are forwarded at all."""
        return self.routes4 if version == 4 else self.routes6


def read_routing(configuration: Section) -> Routing:
    """Return what a configuration says of routing."""
    found = Routing()
    scheduled = {each.words[3] for each in configuration.children if each.starts("ip", "sla", "schedule")}
    for section in configuration.children:
        match section.words:
            case ("no", "ip", "routing"):
                found.routes4 = False
            case ("ipv6", "unicast-routing"):
                found.routes6 = True
            case ("ip", "route", network, mask, *rest) if network[:1].isdecimal():
                found.statics.append(_static(IPv4Network(f"{network}/{mask}"), rest))
            case ("ipv6", "route", prefix, *rest) if "/" in prefix:
                found.statics.append(_static(IPv6Network(prefix), rest))
            case ("ip", "sla", number) if number.isdecimal():
                if (probe := _probe(section, is_scheduled=number in scheduled)) is not None:
                    found.probes[number] = probe
            case ("track", number, *what):
                if (track := _track(section, what)) is not None:
                    found.tracks[number] = track
            case _:
                pass
    return found


def _static(network: Network, rest: list[str]) -> StaticRoute:
    interface, gateway, distance, track, by_dhcp = "", None, STATIC, "", False
    words = list(rest)
    if words and not (words[0][:1].isdecimal() or ":" in words[0]):
        interface = words.pop(0)
    if words and ("." in words[0] or ":" in words[0]):
        gateway = ip_address(words.pop(0))
    while words:
        word = words.pop(0)
        if word == "dhcp":
            by_dhcp = True
        elif word.isdecimal():
            distance = int(word)
        elif word == "track":
            track = words.pop(0)
        elif word in ("name", "tag"):
            words.pop(0)
    return StaticRoute(network, interface, gateway, distance, track, by_dhcp)


def _probe(section: Section, *, is_scheduled: bool) -> Probe | None:
    told = section.value("icmp-echo")
    if told is None:
        return None
    target, *rest = told
    source = rest[1] if rest[:1] == ["source-interface"] else ""
    echo = next(each for each in section.children if each.starts("icmp-echo"))
    # What is told of the ping stands below it, or beside it where it was never shown.
    told_of = {each.words[0]: each.words[1] for each in (*section.children, *echo.children) if len(each.words) == 2}
    frequency, timeout = float(told_of.get("frequency", 60)), float(told_of.get("timeout", 5000)) / 1000
    return Probe(ip_address(target), source, is_scheduled, frequency, timeout)


def _track(section: Section, what: list[str]) -> Track | None:
    said, (up, down) = " ".join(what), _delays(section)
    match what:
        case ["ip", "sla", number, *_]:
            return Track("sla", number, what=said, delay_up=up, delay_down=down)
        case ["interface", name, *_]:
            return Track("interface", name, what=said, delay_up=up, delay_down=down)
        case ["list", "boolean", "and" | "or" as how]:
            objects = tuple((each[0], "not" in each[1:]) for each in section.under("object"))
            return Track("list", how, objects, said, up, down)
        case _:
            return None


def _delays(section: Section) -> tuple[float, float]:
    """Return for how many seconds an object must be up, and down, before it is taken for that."""
    words = section.value("delay") or ()
    found = dict(zip(words[::2], words[1::2], strict=False))
    return float(found.get("up", 0)), float(found.get("down", 0))


def is_up(tracks: Mapping[str, Track], number: str, states: Mapping[tuple[str, str], bool], depth: int = 0) -> bool:
    """Return whether a tracked object is up; one that does not stand is down.

    Args:
        states: of operations and interfaces, by kind and argument.
    """
    track = tracks.get(number)
    if track is None or depth > len(tracks):
        return False
    if track.kind != "list":
        return states.get((track.kind, track.argument), False)
    held = [is_up(tracks, each, states, depth + 1) != turned for each, turned in track.objects]
    return all(held) if track.argument == "and" else any(held)


def best(routes: list[Route], target: Address) -> Route | None:
    """Return the route that a packet takes: the longest prefix, of those the one with the least distance."""
    found = [each for each in routes if target in each.network]
    return min(found, key=lambda each: (-each.network.prefixlen, each.distance), default=None)


def default_network(version: int) -> Network:
    """Return the network that has every address of a version."""
    return ip_network("0.0.0.0/0" if version == 4 else "::/0")
