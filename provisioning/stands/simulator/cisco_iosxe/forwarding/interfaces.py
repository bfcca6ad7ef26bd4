"""The interfaces of a router as its configuration has them (IOS XE 17, Interface and Hardware Component guide).

A C1111-8PLTE has GigabitEthernet0/0/0 towards the access line, Cellular0/2/0 towards the mobile core, and eight ports
of a switch, GigabitEthernet0/1/0 to 0/1/7, whose VLANs have their addresses on VlanN.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Interface

from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section
from provisioning.stands.simulator.packets import FIXED, MOBILE

BEARER_OF = {"GigabitEthernet0/0/0": FIXED, "Cellular0/2/0": MOBILE}
INTERFACE_OF = {side: name for name, side in BEARER_OF.items()}
PORT = "GigabitEthernet0/1/{}"

Interface4or6 = IPv4Interface | IPv6Interface


@dataclass(frozen=True, slots=True)
class PrefixAddress:
    """An address in a prefix that DHCPv6 delegates: `ipv6 address NAME ::1:0:0:0:1/64`."""

    name: str
    rest: IPv6Interface


@dataclass(slots=True)
class Interface:
    """One interface.

    Attributes:
        is_up: whether it is not shut down; what hangs on it is asked elsewhere.
        addresses: that stand in the configuration, the primary one first.
        lends: whether it asks a DHCP server, or a mobile core, for an IPv4 address.
        makes: whether it makes itself an IPv6 address from advertisements.
        default4: whether it takes a default route together with its IPv4 address.
        default6: whether it takes one from advertisements.
        asks_for: name of the prefix that it asks to be delegated; empty when it asks for none.
        prefix_addresses: in prefixes that are delegated.
        zone: of the firewall; empty when it is in none.
        lists: names of access lists by direction, `in` or `out`, and version.
        translation: `inside`, `outside`, or empty.
        strict: by version, what `verify unicast source reachable-via` says: its words; empty without it.
        tells: by version, whether it tells senders of packets that it drops.
        advertises: whether hosts are told of prefixes.
        hidden: prefixes that they are not told of, or must not make addresses from.
        vlan: that a port of the switch is in.
        detects: seconds after which BFD takes who is there for gone; None where it has no timers for that.
        dials: number of the dialer group whose packets bring the connection up; empty when it is always up.
    """

    name: str
    is_up: bool = True
    addresses: list[Interface4or6] = field(default_factory=list)
    lends: bool = False
    makes: bool = False
    default4: bool = True
    default6: bool = False
    asks_for: str = ""
    prefix_addresses: list[PrefixAddress] = field(default_factory=list)
    zone: str = ""
    lists: dict[tuple[str, int], str] = field(default_factory=dict)
    translation: str = ""
    strict: dict[int, tuple[str, ...]] = field(default_factory=dict)
    tells: dict[int, bool] = field(default_factory=lambda: {4: True, 6: True})
    advertises: bool = True
    hidden: set[str] = field(default_factory=set)
    vlan: int = 1
    dials: str = ""
    detects: float | None = None

    def holding(self, version: int) -> Iterator[Interface4or6]:
        """Yield its addresses of a version."""
        return (each for each in self.addresses if each.version == version)


def read_interfaces(configuration: Section) -> dict[str, Interface]:
    """Return the interfaces of a configuration by name."""
    found: dict[str, Interface] = {}
    for section in configuration.children:
        if section.words[:1] != ("interface",) or len(section.words) < 2:
            continue
        name = "".join(section.words[1:])
        interface = found.setdefault(name, Interface(name))
        secondary: list[Interface4or6] = []
        for each in section.children:
            _note(interface, each.words, secondary)
        interface.addresses += secondary
    return found


def _note(into: Interface, words: tuple[str, ...], secondary: list[Interface4or6]) -> None:
    match words:
        case ("shutdown",):
            into.is_up = False
        case ("ip", *_):
            _note_ip(into, words[1:], secondary)
        case ("ipv6", *_):
            _note_ipv6(into, words[1:])
        case ("zone-member", "security", zone):
            into.zone = zone
        case ("switchport", "access", "vlan", number):
            into.vlan = int(number)
        case ("no", "ip" | "ipv6" as family, "unreachables"):
            into.tells[4 if family == "ip" else 6] = False
        case ("no", "ip", "dhcp", "client", "request", "router"):
            into.default4 = False
        case ("bfd" | "dialer" | "dialer-group", *_):
            _note_link(into, words)
        case _:
            pass


def _note_link(into: Interface, words: tuple[str, ...]) -> None:
    match words:
        case ("bfd", "interval", interval, "min_rx", heard, "multiplier", missed):
            into.detects = max(int(interval), int(heard)) * int(missed) / 1000
        case ("dialer", "in-band"):
            into.dials = into.dials or "none"
        case ("dialer-group", group):
            into.dials = group
        case _:
            pass


def _note_ip(into: Interface, words: tuple[str, ...], secondary: list[Interface4or6]) -> None:
    match words:
        case ("address", "dhcp" | "negotiated", *_):
            into.lends = True
        case ("address", address, mask):
            into.addresses.insert(0, IPv4Interface(f"{address}/{mask}"))
        case ("address", address, mask, "secondary"):
            secondary.append(IPv4Interface(f"{address}/{mask}"))
        case ("access-group", name, "in" | "out" as direction):
            into.lists[direction, 4] = name
        case ("nat", "inside" | "outside" as side):
            into.translation = side
        case ("verify", "unicast", "source", "reachable-via", *how):
            into.strict[4] = tuple(how)
        case _:
            pass


def _note_ipv6(into: Interface, words: tuple[str, ...]) -> None:
    match words:
        case ("address", *what):
            _note_ipv6_address(into, what)
        case ("nd", "autoconfig", "default-route"):
            into.default6 = True
        case ("dhcp", "client", "pd", name, *_):
            into.asks_for = name
        case ("traffic-filter", name, "in" | "out" as direction):
            into.lists[direction, 6] = name
        case ("verify", "unicast", "source", "reachable-via", *how):
            into.strict[6] = tuple(how)
        case ("nd", "ra", "suppress", *_) | ("nd", "suppress-ra"):
            into.advertises = False
        case ("nd", "prefix", prefix, *how) if {"no-advertise", "no-autoconfig"} & set(how):
            into.hidden.add(prefix)
        case _:
            pass


def _note_ipv6_address(into: Interface, what: list[str]) -> None:
    match what:
        case ["autoconfig", *default]:
            into.makes = True
            into.default6 = into.default6 or bool(default)
        case [address] if "/" in address:
            into.addresses.append(IPv6Interface(address))
        case [name, rest] if "/" in rest:
            into.prefix_addresses.append(PrefixAddress(name, IPv6Interface(rest)))
        case _:
            pass
