"""Interfaces: what stands below `interface NAME`, as far as it decides which packets pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from provisioning.evaluating.cisco_iosxe.harmless import harmless_on_interface
from provisioning.evaluating.cisco_iosxe.sections import Section

Addresses = tuple[IPv4Interface | IPv6Interface, ...]
Learned = Mapping[str, tuple[str, ...]]
"""Addresses in CIDR notation by interface, as the device itself says them: what it has learned stands in no text."""

SHOWN_WORDS = 3
"""Of a line that nobody here can read no more is shown: what comes behind may be a secret."""


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """Unicast reverse path forwarding (Security Configuration Guide, "Unicast Reverse Path Forwarding").

    Attributes:
        strict: whether the way back must be the interface itself, not just any.
        default_counts: whether the default route is a way back.
        exempt: list of packets that pass nevertheless; empty for none.
    """

    strict: bool
    default_counts: bool
    exempt: str
    written: str


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface.

    Attributes:
        addresses: its own, the primary IPv4 first.
        learns: families in which it learns a default route, by DHCP or from advertisements.
        zone: its security zone; empty without one.
        nat: `inside`, `outside`, or empty.
        lists: access list by family and direction, and the line that says so.
        checks: of source addresses, by family.
        not_understood: lines that may matter.
    """

    name: str
    up: bool = True
    addresses: Addresses = ()
    learns: frozenset[int] = frozenset()
    zone: str = ""
    nat: str = ""
    lists: Mapping[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    checks: Mapping[int, SourceCheck] = field(default_factory=dict)
    not_understood: tuple[str, ...] = ()


def read_interfaces(configuration: Iterable[Section], learned: Learned) -> Mapping[str, Interface]:
    """Return the interfaces of a configuration by name, with the addresses that the device has learned."""
    found: dict[str, Interface] = {}
    for section in configuration:
        rest = section.rest("interface")
        if rest:
            name = "".join(rest)
            found[name] = _with_learned(_read(name, section.below), learned.get(name, ()))
    return found


def _with_learned(interface: Interface, learned: tuple[str, ...]) -> Interface:
    more = tuple(each for each in map(ip_interface, learned) if each not in interface.addresses)
    return replace(interface, addresses=(*interface.addresses, *more))


def _read(name: str, below: Iterable[Section]) -> Interface:
    interface = Interface(name)
    for section in below:
        try:
            interface = _line(interface, section.words)
        except ValueError:
            shown = " ".join(section.words[:SHOWN_WORDS]) + (" …" if len(section.words) > SHOWN_WORDS else "")
            interface = replace(interface, not_understood=(*interface.not_understood, f"{name}: {shown}"))
    return interface


def _line(interface: Interface, words: tuple[str, ...]) -> Interface:  # noqa: C901 - one case a command
    match words:
        case ("shutdown",):
            return replace(interface, up=False)
        case ("ip", "address", "dhcp", *_):
            return replace(interface, learns=interface.learns | {4})
        case ("ip", "address", "negotiated", *_):
            return interface
        case ("ip", "address", address, mask) | ("ip", "address", address, mask, "secondary"):
            own = IPv4Interface(f"{address}/{mask}")
            # The primary address stands behind the secondary ones.
            order = (*interface.addresses, own) if words[-1] == "secondary" else (own, *interface.addresses)
            return replace(interface, addresses=order)
        case ("ipv6", "address", "autoconfig", "default") | ("ipv6", "nd", "autoconfig", "default-route"):
            return replace(interface, learns=interface.learns | {6})
        case ("ipv6", "address", written, *rest) if rest in ([], ["anycast"]) and "/" in written:
            return replace(interface, addresses=(*interface.addresses, IPv6Interface(written)))
        case ("ipv6", "address", _, *rest) if rest in (["link-local"], ["eui-64"]) or len(rest) == 1:
            return interface  # its own of a prefix that is learned, or not seen from elsewhere
        case ("zone-member", "security", zone):
            return replace(interface, zone=zone)
        case ("ip", "nat", ("inside" | "outside") as side):
            return replace(interface, nat=side)
        case ("ip", "access-group", name, ("in" | "out") as way):
            return _listed(interface, 4, way, name, words)
        case ("ipv6", "traffic-filter", name, ("in" | "out") as way):
            return _listed(interface, 6, way, name, words)
        case (("ip" | "ipv6") as kind, "verify", "unicast", "source", "reachable-via", *rest):
            family = 4 if kind == "ip" else 6
            check = _source_check(rest, f"{interface.name}: {' '.join(words)}")
            return replace(interface, checks={**interface.checks, family: check})
    if harmless_on_interface(words):
        return interface
    raise ValueError(" ".join(words))


def _listed(interface: Interface, family: int, way: str, name: str, words: tuple[str, ...]) -> Interface:
    written = f"{interface.name}: {' '.join(words)}"
    return replace(interface, lists={**interface.lists, (family, way): (name, written)})


def _source_check(rest: list[str], written: str) -> SourceCheck:
    how, *options = rest
    if how not in ("rx", "any"):
        raise ValueError(written)
    default_counts, exempt = False, ""
    for option in options:
        if option == "allow-default":
            default_counts = True
        elif option in ("allow-self-ping", "l2-src") or exempt:
            raise ValueError(written)
        else:
            exempt = option
    return SourceCheck(how == "rx", default_counts, exempt, written)
