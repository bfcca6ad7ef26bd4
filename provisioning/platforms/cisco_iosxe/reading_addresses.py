"""Reads from a configuration which addresses a router has, which way leads out, and where the LAN is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Network

from provisioning.model.read_intent import Known, ReadBearer, Sureness, Unread
from provisioning.platforms.cisco_iosxe.said import Interface, Said, every, first, top
from provisioning.platforms.numbered_lines import is_private

IPV6_BLOCK = 56
"""Length of the prefix of a line's block (facts: I-4.1)."""

_IPV4 = r"ip address ([0-9.]+) ([0-9.]+)"
_SECONDARY = rf"{_IPV4} secondary"
_NETWORK_ROUTE = r"ip route ([0-9.]+) ([0-9.]+) null0(?: .*)?"
_BLOCK_ROUTE = r"ipv6 route (\S+/\d+) null0(?: .*)?"
_ROUTED = r"ipv6 route (\S+/\d+) (?:\S+ )?[0-9a-f]*:[0-9a-f:]*(?: \d+)?"


@dataclass(frozen=True, slots=True)
class ReadAddresses:
    """What the addresses are for, and who is inside and outside."""

    management: Known[IPv4Address] | None
    fixed_ipv4: Known[IPv4Address] | None
    ip_pack: Known[IPv4Network] | None
    ipv6: Known[IPv6Network] | None
    ipv6_routed: Known[IPv6Network] | None
    bearers: tuple[Known[ReadBearer], ...]
    lan: Known[IPv4Network] | None
    router: Known[IPv4Address] | None
    unread: tuple[Unread, ...]


def read_addresses(commands: tuple[Said, ...], known: tuple[Interface, ...]) -> ReadAddresses:
    """Return which addresses a router has, by what they are for.

    Args:
        commands: all of the configuration.
        known: its interfaces.
    """
    outer = top(commands)
    up = tuple(each for each in known if not each.shut)
    outside = tuple(_outside(up, outer))
    inside = tuple(each for each in up if each.find("ip nat inside") or each.find("zone-member security INSIDE"))
    hosts = tuple(_hosts(up))
    fixed = _fixed(outer, hosts, outside)
    management = _management(hosts, fixed)
    lan = _lan(inside or tuple(each for each in up if each not in outside))
    return ReadAddresses(
        management=management,
        fixed_ipv4=fixed,
        ip_pack=_pack(outer, inside),
        ipv6=_block(outer, inside),
        ipv6_routed=_routed(outer),
        bearers=tuple(_bearer(each) for each in sorted(outside, key=_is_mobile)),
        lan=Known(lan.value.network, lan.place, lan.sure) if lan else None,
        router=Known(lan.value.ip, lan.place, lan.sure) if lan else None,
        unread=(*_other_hosts(hosts, fixed, management), *_other_blocks(outer)),
    )


def _outside(up: tuple[Interface, ...], outer: tuple[Said, ...]) -> Iterator[Interface]:
    defaults = {found[1].lower() for _, found in every(outer, r"ip route 0\.0\.0\.0 0\.0\.0\.0 ([a-z]\S*)(?: .*)?")}
    for each in up:
        by_habit = each.find(r"ip address (?:dhcp|negotiated)(?: .*)?")
        if each.find("ip nat outside") or by_habit or each.name.lower() in defaults:
            yield each


def _is_mobile(interface: Interface) -> bool:
    return interface.name.lower().startswith("cellular")


def _bearer(interface: Interface) -> Known[ReadBearer]:
    for pattern, addressing in (
        (r"encapsulation ppp|ppp .+|ip address negotiated", "negotiated" if _is_mobile(interface) else "pppoe"),
        (r"ip address dhcp(?: .*)?", "dhcp"),
        (_IPV4, "static"),
    ):
        if found := interface.find(pattern):
            return Known(ReadBearer(interface.name, _is_mobile(interface), addressing), found[0].place)
    return Known(ReadBearer(interface.name, _is_mobile(interface), "unknown"), interface.place)


def _hosts(up: tuple[Interface, ...]) -> Iterator[tuple[Interface, Known[IPv4Address]]]:
    """Yield the loopbacks' single addresses."""
    for each in up:
        found = each.find(_IPV4)
        address = _interface(found[1][1], found[1][2]) if found else None
        if found and address and address.network.prefixlen == 32 and each.name.lower().startswith("loopback"):
            yield each, Known(address.ip, found[0].place)


def _interface(address: str, mask: str) -> IPv4Interface | None:
    try:
        return IPv4Interface(f"{address}/{mask}")
    except ValueError:
        return None


def _fixed(
    outer: tuple[Said, ...], hosts: tuple[tuple[Interface, Known[IPv4Address]], ...], outside: tuple[Interface, ...]
) -> Known[IPv4Address] | None:
    """Return the address that the LAN is translated to, or that of the fixed bearer, where it is a public one."""
    source = first(outer, r"ip nat inside source (?:list|route-map) \S+ interface (\S+)(?: .*)?")
    name = source[1][1].lower() if source else ""
    for interface, address in hosts:
        if interface.name.lower() == name:
            return address
    for interface in outside:
        found = interface.find(_IPV4)
        static = _interface(found[1][1], found[1][2]) if found else None
        if found and static and not is_private(static.ip):
            return Known(static.ip, found[0].place, Sureness.INFERRED)
    return None


def _management(
    hosts: tuple[tuple[Interface, Known[IPv4Address]], ...], fixed: Known[IPv4Address] | None
) -> Known[IPv4Address] | None:
    others = [(interface, each) for interface, each in hosts if fixed is None or each.value != fixed.value]
    for interface, address in others:
        if interface.find("description management"):
            return address
    return Known(others[0][1].value, others[0][1].place, Sureness.INFERRED) if len(others) == 1 else None


def _other_hosts(
    hosts: Iterable[tuple[Interface, Known[IPv4Address]]], *known: Known[IPv4Address] | None
) -> Iterator[Unread]:
    read = {each.value for each in known if each is not None}
    for _, each in hosts:
        if each.value not in read:
            yield Unread(each.place, "address", "an address of its own whose purpose nothing tells")


def _lan(inside: tuple[Interface, ...]) -> Known[IPv4Interface] | None:
    """Return the LAN's gateway: the first private network that is no single address."""
    found: list[Known[IPv4Interface]] = []
    for each in inside:
        said = each.find(_IPV4)
        address = _interface(said[1][1], said[1][2]) if said else None
        if said and address and is_private(address.ip) and address.network.prefixlen < 31:
            sure = Sureness.STATED if each.find("ip nat inside") else Sureness.INFERRED
            found.append(Known(address, said[0].place, sure))
    return found[0] if found else None


def _pack(outer: tuple[Said, ...], inside: tuple[Interface, ...]) -> Known[IPv4Network] | None:
    for said, found in every(outer, _NETWORK_ROUTE):
        network = _interface(found[1], found[2])
        if network and 0 < network.network.prefixlen < 32 and not is_private(network.ip):
            return Known(network.network, said.place)
    for each in inside:
        for pattern in (_SECONDARY, _IPV4):
            said_there = each.find(pattern)
            address = _interface(said_there[1][1], said_there[1][2]) if said_there else None
            if said_there and address and not is_private(address.ip) and address.network.prefixlen < 31:
                return Known(address.network, said_there[0].place, Sureness.INFERRED)
    return None


def _networks(outer: tuple[Said, ...], pattern: str) -> Iterator[Known[IPv6Network]]:
    for said, found in every(outer, pattern):
        try:
            yield Known(IPv6Network(found[1]), said.place)
        except ValueError:
            continue


def _block(outer: tuple[Said, ...], inside: tuple[Interface, ...]) -> Known[IPv6Network] | None:
    for each in _networks(outer, _BLOCK_ROUTE):
        if each.value.prefixlen == IPV6_BLOCK:
            return each
    for interface in inside:
        said = interface.find(r"ipv6 address ([0-9a-f:]+)/64")
        try:
            block = IPv6Network(f"{said[1][1]}/{IPV6_BLOCK}", strict=False) if said else None
        except ValueError:
            continue
        if said and block and not block.is_link_local:
            return Known(block, said[0].place, Sureness.INFERRED)
    return None


def _other_blocks(outer: tuple[Said, ...]) -> Iterator[Unread]:
    for each in _networks(outer, _BLOCK_ROUTE):
        if each.value.prefixlen not in (IPV6_BLOCK, 128):
            yield Unread(each.place, "IPv6 block", f"a block that is no /{IPV6_BLOCK}, as lines of ours have it")


def _routed(outer: tuple[Said, ...]) -> Known[IPv6Network] | None:
    return next((each for each in _networks(outer, _ROUTED) if IPV6_BLOCK < each.value.prefixlen < 128), None)
