"""Reads from network.sh, frr.conf and sshd_config which addresses a router has, and what each is for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Interface, IPv6Network, ip_address, ip_interface

from provisioning.model.read_intent import Known, Place, Sureness, Unread
from provisioning.platforms.linux_cpe.names import LOOPBACK
from provisioning.platforms.numbered_lines import is_private, numbered_lines

NETWORK, FRR, SSHD = "network.sh", "frr.conf", "sshd_config"

_WANT = re.compile(r"want (\S+) -[46]((?: \S+)+)")
_ADDED = re.compile(r"ip (?:-[46] )?addr(?:ess)? (?:add|replace) (\S+) (?:brd \S+ )?dev (\S+)(?: .*)?")
_BLACKHOLE = re.compile(r"(ip|ipv6) route (\S+) (?:blackhole|Null0|reject)(?: .*)?")
_ROUTED = re.compile(r"ipv6 route (\S+/\d+) ([0-9a-fA-F:]+)(?: .*)?")
_LISTEN = re.compile(r"ListenAddress (\S+)")

IPV6_BLOCK = 56
"""Length of the prefix of a line's block (facts: I-4.1)."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """An address that a device of the router is given."""

    device: str
    address: IPv4Interface | IPv6Interface
    place: Place


@dataclass(frozen=True, slots=True)
class ReadAddresses:
    """What the addresses are for."""

    management: Known[IPv4Address] | None
    fixed_ipv4: Known[IPv4Address] | None
    ip_pack: Known[IPv4Network] | None
    ipv6: Known[IPv6Network] | None
    ipv6_routed: Known[IPv6Network] | None
    lan: Known[IPv4Network] | None
    router: Known[IPv4Address] | None
    unread: tuple[Unread, ...]


def read_addresses(documents: Mapping[str, str], translated_to: Known[IPv4Address] | None) -> ReadAddresses:
    """Return which addresses a router has, by what they are for.

    Args:
        documents: the texts of the router's documents by their names.
        translated_to: the address that the LAN is translated to, as the firewall says.
    """
    given = tuple(_given(documents.get(NETWORK, "")))
    hosts = [each for each in given if each.device == LOOPBACK and each.address.version == 4]
    management = _management(hosts, documents.get(SSHD, ""), translated_to)
    fixed = _fixed(hosts, management, translated_to)
    inside = [each for each in given if each.device != LOOPBACK]
    lan = next((each for each in inside if each.address.version == 4 and is_private(_ip(each))), None)
    routes = tuple(_routes(documents.get(FRR, "")))
    unread = [*_other_addresses(hosts, management, fixed), *_other_blocks(routes)]
    return ReadAddresses(
        management=management,
        fixed_ipv4=fixed,
        ip_pack=_pack(routes, inside, lan),
        ipv6=_block(routes, inside),
        ipv6_routed=_routed(documents.get(FRR, "")),
        lan=Known(IPv4Network(lan.address.network), lan.place) if lan else None,
        router=Known(_ip(lan), lan.place) if lan else None,
        unread=tuple(unread),
    )


def _ip(given: Addressed) -> IPv4Address:
    return IPv4Address(given.address.ip)


def _given(text: str) -> Iterator[Addressed]:
    for line in numbered_lines(text):
        place = Place(NETWORK, line.number)
        if found := _WANT.fullmatch(line.text):
            yield from (each for word in found[2].split() for each in _addressed(found[1], word, place))
        elif found := _ADDED.fullmatch(line.text):
            yield from _addressed(found[2], found[1], place)


def _addressed(device: str, word: str, place: Place) -> Iterator[Addressed]:
    try:
        yield Addressed(device.strip("\"'"), ip_interface(word.strip("\"'")), place)
    except ValueError:
        return


def _management(
    hosts: list[Addressed], sshd: str, translated_to: Known[IPv4Address] | None
) -> Known[IPv4Address] | None:
    listening = {found[1] for line in numbered_lines(sshd) if (found := _LISTEN.fullmatch(line.text))}
    for each in hosts:
        if str(each.address.ip) in listening:
            return Known(_ip(each), each.place)
    others = [each for each in hosts if translated_to is None or each.address.ip != translated_to.value]
    return Known(_ip(others[0]), others[0].place, Sureness.INFERRED) if len(others) == 1 else None


def _fixed(
    hosts: list[Addressed], management: Known[IPv4Address] | None, translated_to: Known[IPv4Address] | None
) -> Known[IPv4Address] | None:
    if translated_to is not None:
        stands = next((each for each in hosts if each.address.ip == translated_to.value), None)
        return Known(translated_to.value, stands.place if stands else translated_to.place)
    others = [each for each in hosts if management is None or each.address.ip != management.value]
    public = [each for each in others if not is_private(_ip(each))]
    return Known(_ip(public[0]), public[0].place, Sureness.INFERRED) if len(public) == 1 else None


def _other_addresses(hosts: list[Addressed], *known: Known[IPv4Address] | None) -> Iterator[Unread]:
    read = {each.value for each in known if each is not None}
    for each in hosts:
        if _ip(each) not in read:
            yield Unread(each.place, "address", "an address of its own whose purpose nothing tells")


def _routes(text: str) -> Iterator[Known[IPv4Network | IPv6Network]]:
    for line in numbered_lines(text):
        if found := _BLACKHOLE.fullmatch(line.text):
            try:
                network = ip_interface(found[2]).network
            except ValueError:
                continue
            yield Known(network, Place(FRR, line.number))


def _pack(
    routes: Iterable[Known[IPv4Network | IPv6Network]], inside: list[Addressed], lan: Addressed | None
) -> Known[IPv4Network] | None:
    for route in routes:
        if isinstance(route.value, IPv4Network) and route.value.prefixlen < 32 and not _is_private(route.value):
            return Known(route.value, route.place)
    for each in inside:
        if each is not lan and isinstance(each.address, IPv4Interface) and not is_private(each.address.ip):
            return Known(each.address.network, each.place, Sureness.INFERRED)
    return None


def _is_private(network: IPv4Network) -> bool:
    return is_private(network.network_address)


def _block(routes: Iterable[Known[IPv4Network | IPv6Network]], inside: list[Addressed]) -> Known[IPv6Network] | None:
    for route in routes:
        if isinstance(route.value, IPv6Network) and route.value.prefixlen == IPV6_BLOCK:
            return Known(route.value, route.place)
    for each in inside:
        if isinstance(each.address, IPv6Interface) and each.address.network.prefixlen >= IPV6_BLOCK:
            block = each.address.network.supernet(new_prefix=IPV6_BLOCK)
            return Known(block, each.place, Sureness.INFERRED)
    return None


def _other_blocks(routes: Iterable[Known[IPv4Network | IPv6Network]]) -> Iterator[Unread]:
    for route in routes:
        if isinstance(route.value, IPv6Network) and route.value.prefixlen != IPV6_BLOCK:
            yield Unread(route.place, "IPv6 block", f"a block that is no /{IPV6_BLOCK}, as lines of ours have it")


def _routed(text: str) -> Known[IPv6Network] | None:
    for line in numbered_lines(text):
        found = _ROUTED.fullmatch(line.text)
        if found is None:
            continue
        try:
            ip_address(found[2])
            network = IPv6Network(found[1])
        except ValueError:
            continue
        if network.prefixlen > IPV6_BLOCK:
            return Known(network, Place(FRR, line.number))
    return None
