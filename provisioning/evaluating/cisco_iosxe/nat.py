"""Address translation: `ip nat inside source …`.

IP Addressing: NAT Configuration Guide, IOS XE 17, "Configuring NAT for IP Address Conservation"; IP Addressing
Services Command Reference, "ip nat inside source". A static translation goes before a dynamic one, one with a port
before one of a whole address.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from provisioning.evaluating.cisco_iosxe.ports import port
from provisioning.evaluating.cisco_iosxe.sections import Section

WITHOUT_MEANING = (
    "extendable",
    "no-alias",
    "no-payload",
    "forced",
    "overload",
    "add-route",
    "oer",
    "egress-interface",
)
"""Options that decide on no first packet of a session: the command reference says what each does."""

HARMLESS = (
    "translation",
    "log",
    "settings",
    "create",
    "service",
    "portmap",
    "pool",
    "switchover",
    "stateful",
    "name",
)
"""Forms of `ip nat` that translate nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Static:
    """A translation that is always there.

    Attributes:
        protocol: `tcp` or `udp`; empty for every one, with ports 0.
        outside: an address, or an interface whose address it is.
        addresses: how many follow each other.
        sure: whether all of the line is understood.
    """

    protocol: str
    inside: IPv4Address
    inside_port: int
    outside: IPv4Address | str
    outside_port: int
    addresses: int
    sure: bool
    written: str


@dataclass(frozen=True, slots=True)
class Dynamic:
    """A translation that a packet from inside makes.

    Attributes:
        chosen_by: an access list, or a route map.
        outside: an interface, or a pool.
    """

    chosen_by: str
    by_route_map: bool
    outside: str
    from_pool: bool
    sure: bool
    written: str


@dataclass(frozen=True, slots=True)
class Translation:
    """All of a configuration.

    Attributes:
        static: by outside port and protocol for those with a port; the others under port 0.
        pools: the single address of each pool; None for one with more.
        not_understood: lines that may matter.
    """

    static: Mapping[tuple[str, int], tuple[Static, ...]]
    from_inside: Mapping[tuple[str, int], tuple[Static, ...]]
    dynamic: tuple[Dynamic, ...]
    pools: Mapping[str, IPv4Address | None]
    not_understood: tuple[str, ...]


def read_translation(configuration: Iterable[Section]) -> Translation:
    """Return what a configuration says of address translation."""
    static: list[Static] = []
    dynamic: list[Dynamic] = []
    pools: dict[str, IPv4Address | None] = {}
    unread: list[str] = []
    for section in configuration:
        rest = section.rest("ip", "nat")
        if rest is None:
            continue
        try:
            match rest:
                case ("inside", "source", "static", *words):
                    static.append(_static(words, section.line))
                case ("inside", "source", ("list" | "route-map") as kind, name, to, where, *words) if to in (
                    "interface",
                    "pool",
                ):
                    sure = all(each in WITHOUT_MEANING for each in words)
                    dynamic.append(Dynamic(name, kind == "route-map", where, to == "pool", sure, section.line))
                case ("pool", name, first, last, *_):
                    pools[name] = IPv4Address(first) if first == last else None
                case (word, *_) if word in HARMLESS:
                    pass
                case _:
                    unread.append(section.line)
        except (ValueError, IndexError):
            unread.append(section.line)
    return Translation(
        _by(static, lambda each: (each.protocol, each.outside_port)),
        _by(static, lambda each: (each.protocol, each.inside_port)),
        tuple(dynamic),
        pools,
        tuple(unread),
    )


def _by(
    static: Iterable[Static], key: Callable[[Static], tuple[str, int]]
) -> Mapping[tuple[str, int], tuple[Static, ...]]:
    found: dict[tuple[str, int], tuple[Static, ...]] = {}
    for each in static:
        found[key(each)] = (*found.get(key(each), ()), each)
    return found


def _static(words: list[str], written: str) -> Static:
    protocol = words.pop(0) if words[0] in ("tcp", "udp") else ""
    number = {"tcp": 6, "udp": 17}.get(protocol, 0)
    is_network = words[0] == "network"
    if is_network:
        words.pop(0)
    inside = IPv4Address(words.pop(0))
    inside_port = port(words.pop(0), number) if protocol else 0
    outside: IPv4Address | str
    if words[0] == "interface":
        outside = words[1]
        words = words[2:]
    else:
        outside = IPv4Address(words.pop(0))
    outside_port = port(words.pop(0), number) if protocol else 0
    addresses = 1
    if is_network:
        addresses = 1 << (32 - _length(words.pop(0)))
    sure = all(each in WITHOUT_MEANING for each in words)
    return Static(protocol, inside, inside_port, outside, outside_port, addresses, sure, written)


def _length(mask: str) -> int:
    return int(mask[1:]) if mask.startswith("/") else int(IPv4Address(mask)).bit_count()


def candidates(
    table: Mapping[tuple[str, int], tuple[Static, ...]], protocol: str, port_number: int
) -> Iterator[Static]:
    """Yield the static translations that a packet may be of, those with its port first."""
    if port_number:
        yield from table.get((protocol, port_number), ())
    yield from table.get(("", 0), ())
