"""Object groups: names for several addresses or services (IOS XE 17, Object Groups for ACLs)."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from provisioning.stands.simulator.cisco_iosxe.forwarding import names
from provisioning.stands.simulator.cisco_iosxe.forwarding.access_lists import Addresses, Service, Span
from provisioning.stands.simulator.cisco_iosxe.forwarding.port_spans import port_span
from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section
from provisioning.stands.simulator.packets import ICMP, TCP, UDP

EVERY_BIT = {4: 0xFFFF_FFFF, 6: (1 << 128) - 1}
HOW = ("eq", "gt", "lt", "neq", "range")


@dataclass(slots=True)
class Groups:
    """The groups of a configuration, by name."""

    addresses: dict[str, Addresses] = field(default_factory=dict)
    services: dict[str, tuple[Service, ...]] = field(default_factory=dict)


def read_groups(configuration: Section) -> Groups:
    """Return the object groups of a configuration; a member that nobody here understands means nothing."""
    found = Groups()
    for section in configuration.children:
        match section.words:
            case ("object-group", "network", name):
                found.addresses[name] = _addresses(found, section, 4)
            case ("object-group", "v6-network", name):
                found.addresses[name] = _addresses(found, section, 6)
            case ("object-group", "service" | "v6-service", name):
                found.services[name] = _services(found, section)
            case _:
                pass
    return found


def _addresses(groups: Groups, section: Section, version: int) -> Addresses:
    masked: list[Span] = []
    spans: list[Span] = []
    address_of = IPv4Address if version == 4 else IPv6Address
    for each in section.children:
        match each.words:
            case ("any",):
                masked.append((0, 0))
            case ("host", address):
                masked.append((int(address_of(address)), EVERY_BIT[version]))
            case ("range", first, last):
                spans.append((int(address_of(first)), int(address_of(last))))
            case ("group-object", name) if name in groups.addresses:
                masked += groups.addresses[name].masked
                spans += groups.addresses[name].spans
            case (prefix,) if "/" in prefix:
                network = IPv4Network(prefix) if version == 4 else IPv6Network(prefix)
                masked.append((int(network.network_address), int(network.netmask)))
            case (address, mask) if mask[:1].isdecimal() and version == 4:
                masked.append((int(IPv4Address(address)), int(IPv4Address(mask))))
            case _:
                pass
    return Addresses(tuple(masked), tuple(spans))


def _services(groups: Groups, section: Section) -> tuple[Service, ...]:
    found: list[Service] = []
    for each in section.children:
        match each.words:
            case ("ip" | "ipv6",):
                found.append(Service())
            case ("group-object", name):
                found += groups.services.get(name, ())
            case ("icmp", *rest):
                kind = rest[0] if rest else ""
                number = int(kind) if kind.isdecimal() else names.ICMP_TYPES.get(kind, -1)
                found.append(Service(ICMP, kinds=frozenset((number,)) if kind else frozenset()))
            case ("tcp" | "udp" | "tcp-udp" as protocol, *rest):
                found += [_ports(each, rest) for each in _numbers(protocol)]
            case (protocol,) if protocol in names.PROTOCOLS or protocol.isdecimal():
                found.append(Service(int(protocol) if protocol.isdecimal() else names.PROTOCOLS[protocol]))
            case _:
                pass
    return tuple(found)


def _numbers(protocol: str) -> tuple[int, ...]:
    return {"tcp": (TCP,), "udp": (UDP,), "tcp-udp": (TCP, UDP)}[protocol]


def _ports(protocol: int, words: list[str]) -> Service:
    """Return what `[source HOW PORT...] [HOW PORT...]` means; a port alone is as after `eq`."""
    rest = list(words)
    source: tuple[Span, ...] = ()
    if rest[:1] == ["source"]:
        source, rest = _span(protocol, rest[1:])
    target, _ = _span(protocol, rest)
    return Service(protocol, source, target)


def _span(protocol: int, words: list[str]) -> tuple[tuple[Span, ...], list[str]]:
    if not words:
        return (), []
    if words[0] not in HOW:
        return port_span("eq", words[:1], protocol), words[1:]
    count = 2 if words[0] == "range" else 1
    return port_span(words[0], words[1 : 1 + count], protocol), words[1 + count :]
