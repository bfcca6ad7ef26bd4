"""Reads frr.conf, and refuses what FRR refuses (FRR user manual: Zebra, Static, BGP, BFD, Route Maps, IPv6)."""

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from provisioning.stands.simulator.linux_cpe.frr_grammar import INTO, OUT_OF, takes

Network = IPv4Network | IPv6Network


class FrrError(Exception):
    """A line that FRR refuses, with vtysh's words."""

    def __init__(self, line: int, text: str) -> None:
        # 4 is the number that vtysh gives to a command that nothing matches.
        super().__init__(f"line {line}: % Unknown command[4]: {text}")


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """A route; without a gateway what goes there is dropped."""

    network: Network
    gateway: str = ""
    distance: int = 1


@dataclass(slots=True)
class Frr:
    """What a configuration of FRR holds, as far as it is simulated.

    Attributes:
        statics: static routes.
        advertised: prefixes that hosts behind an interface are told of, by interface.
        as_number: of BGP; 0 without it.
        neighbours: their AS numbers by address.
        networks: that BGP announces, before the route maps.
        outbound: route maps towards a neighbour, by address.
        permits: networks of a prefix list, by name.
        maps: prefix lists that a route map matches, by its name.
    """

    statics: list[StaticRoute] = field(default_factory=list)
    advertised: dict[str, list[Network]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    as_number: int = 0
    neighbours: dict[str, int] = field(default_factory=dict)
    networks: list[Network] = field(default_factory=list)
    outbound: dict[tuple[str, int], str] = field(default_factory=dict)
    permits: dict[str, list[Network]] = field(default_factory=dict)
    maps: dict[str, list[str]] = field(default_factory=dict)

    def announced(self, neighbour: str) -> list[Network]:
        """Return what a neighbour is told: networks that the route map towards it permits."""
        version = ip_address(neighbour).version
        name = self.outbound.get((neighbour, version))
        some = [each for each in self.networks if each.version == version]
        if name is None:
            return []  # RFC 8212, as FRR keeps to it with eBGP
        lists = self.maps.get(name, [])
        return [each for each in some if any(each in self.permits.get(one, ()) for one in lists)]


@lru_cache(maxsize=64)
def read_frr(text: str) -> Frr:
    """Return what a configuration holds.

    Raises:
        FrrError: at the first line that FRR refuses.
    """
    found, context, subject = Frr(), "", ""
    for number, written in enumerate(text.splitlines(), 1):
        line = written.strip()
        words = line.split()
        if not words or line.startswith(("!", "#")):
            continue
        if words in (["exit"], ["quit"], ["exit-address-family"]):
            context = OUT_OF.get(context, "")
            continue
        while not (taken := takes(context, words)) and context:
            # A command of the level above ends the block, as when it is typed in.
            context = OUT_OF.get(context, "")
        if not taken:
            raise FrrError(number, written)
        _note(found, context, subject, words)
        if (context, words[0]) in INTO:
            context, subject = INTO[context, words[0]], words[1] if words[1:] else ""
            _enter(found, context, words)
    return found


def _enter(found: Frr, context: str, words: list[str]) -> None:
    if context == "router bgp":
        found.as_number = int(words[2])
    elif context == "route-map" and words[2] == "permit":
        found.maps.setdefault(words[1], [])


def _note(found: Frr, context: str, subject: str, words: list[str]) -> None:
    if context in ("interface", "route-map"):
        _note_block(found, context, subject, words)
        return
    match context, words:
        case "", ["ip" | "ipv6", "route", prefix, via, *rest]:
            gateway = via if "." in via or ":" in via else ""
            distance = int(rest[-1]) if rest and rest[-1].isdecimal() else 1
            found.statics.append(StaticRoute(ip_network(prefix), gateway, distance))
        case "", ["ip" | "ipv6", "prefix-list", name, "seq", _, "permit", prefix, *_]:
            found.permits.setdefault(name, []).append(ip_network(prefix))
        case "router bgp", ["neighbor", address, "remote-as", number] if number.isdecimal():
            found.neighbours[str(ip_address(address))] = int(number)
        case "address-family", ["network", prefix]:
            found.networks.append(ip_network(prefix))
        case "address-family", ["neighbor", address, "route-map", name, "out"]:
            neighbour = ip_address(address)
            found.outbound[str(neighbour), neighbour.version] = name
        case _:
            pass


def _note_block(found: Frr, context: str, subject: str, words: list[str]) -> None:
    match context, words:
        case "interface", ["ipv6", "nd", "prefix", prefix, *_]:
            found.advertised.setdefault(subject, []).append(ip_network(prefix))
        case "interface", ["no", "ipv6", "nd", "suppress-ra"]:
            found.advertised.setdefault(subject, [])
            found.silent.discard(subject)
        case "interface", ["ipv6", "nd", "suppress-ra"]:
            found.silent.add(subject)
        case "route-map", ["match", "ip" | "ipv6", "address", "prefix-list", name]:
            if subject in found.maps:
                found.maps[subject].append(name)
        case _:
            pass
