"""What the router lends: IP Addressing: DHCP Configuration Guide, "Configuring the Cisco IOS DHCP Server"."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from provisioning.evaluating.cisco_iosxe.sections import Section, sections

LARGEST = 1 << 16
"""Addresses of a pool that are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Lending:
    """What is lent on one network.

    Attributes:
        lent: ranges, both ends included, ascending.
        router: what a host is told to send by; None for nothing.
        not_understood: lines that may matter.
    """

    network: IPv4Network
    lent: tuple[tuple[IPv4Address, IPv4Address], ...]
    router: IPv4Address | None
    not_understood: tuple[str, ...]


HARMLESS = ("dns-server", "lease", "domain-name", "option", "netbios-name-server", "import", "update", "utilization")
"""Lines of a pool that change nothing about which addresses are lent."""


def read_lending(configuration: str) -> tuple[Lending, ...]:
    """Return what is lent, for each pool with a network."""
    top = sections(configuration)
    excluded = set(_excluded(top))
    found = (_pool(each, excluded) for each in top if each.rest("ip", "dhcp", "pool") is not None)
    return tuple(each for each in found if each is not None)


def _excluded(top: Iterable[Section]) -> Iterator[int]:
    for section in top:
        rest = section.rest("ip", "dhcp", "excluded-address")
        if rest:
            first, last = int(IPv4Address(rest[0])), int(IPv4Address(rest[-1]))
            yield from range(first, min(last, first + LARGEST) + 1)


def _pool(section: Section, excluded: set[int]) -> Lending | None:
    network: IPv4Network | None = None
    router: IPv4Address | None = None
    unread: list[str] = []
    for each in section.below:
        match each.words:
            case ("network", address, mask):
                network = IPv4Network(f"{address}{mask}" if mask.startswith("/") else f"{address}/{mask}")
            case ("default-router", one, *_):
                router = IPv4Address(one)
            case (word, *_) if word in HARMLESS:
                pass
            case _:
                unread.append(f"{section.line}: {each.line}")
    if network is None:
        return None
    if network.num_addresses > LARGEST:
        unread.append(f"{section.line}: {network}")
        return Lending(network, (), router, tuple(unread))
    own = {int(router)} if router is not None else set()
    free = [each for each in map(int, network.hosts()) if each not in excluded and each not in own]
    return Lending(network, tuple(_runs(free)), router, tuple(unread))


def _runs(ascending: list[int]) -> Iterator[tuple[IPv4Address, IPv4Address]]:
    begin = 0
    for place, each in enumerate(ascending):
        if place + 1 == len(ascending) or ascending[place + 1] != each + 1:
            yield IPv4Address(ascending[begin]), IPv4Address(each)
            begin = place + 1
