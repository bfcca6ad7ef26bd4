"""What is tried where trying everything would take too long. docs/proof.md tells the same."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from provisioning.model.checks.check import Address
from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Opening
from provisioning.model.port_range import PortRange

SHORT_RANGE = 16
"""So many ports of an opening are tried one by one; of a longer range a sample."""

MOST_OPENINGS = 64
"""So many openings of a target are looked at one by one; of more a sample, and what was asked for."""

RANGE_SAMPLE = 4
"""Ports of a long range: the first, the last, and evenly between."""

_SCANNED = (
    "7 9 13 19 20 21 22 23 25 53 80 110 111 119 123 135 139 143 161 179 220 389 443 445 465 514 515 587 631 636 873 "
    "993 995 1080 1194 1433 1521 1723 1883 1900 2000 2049 2323 2601 2605 3000 3128 3306 3389 3784 5000 5060 5201 5432 "
    "5900 6379 7547 8000 8080 8443 8728 8888 9100 9200 10000 11211 27017 32768 49152 60000 65535"
)
SCAN_SAMPLE = tuple(int(each) for each in _SCANNED.split())
"""Ports of a sampled scan: what is attacked most, what runs on our router, and some out of the way."""


def sample(ports: PortRange) -> tuple[int, ...]:
    """Return the ports of a range that are tried, in ascending order."""
    if ports.last - ports.first < SHORT_RANGE:
        return tuple(range(ports.first, ports.last + 1))
    width = ports.last - ports.first
    return tuple(ports.first + width * step // (RANGE_SAMPLE - 1) for step in range(RANGE_SAMPLE))


def chosen(openings: tuple[Opening, ...], asked: Collection[Opening] = ()) -> tuple[Opening, ...]:
    """Return the openings that are looked at one by one, in their order.

    Args:
        asked: of them, those that are always looked at, as far as they are not too many themselves.
    """
    if len(openings) <= MOST_OPENINGS:
        return openings
    wanted = set(asked)
    first = [each for each in openings if each in wanted][:MOST_OPENINGS]
    others = [each for each in openings if each not in wanted]
    left = MOST_OPENINGS - len(first)
    # The first, the last, and evenly between.
    some = {others[(len(others) - 1) * step // max(left - 1, 1)] for step in range(left)} if others else set()
    kept = {*first, *some}
    return tuple(each for each in openings if each in kept)


def pack_hosts(pack: IPv4Network) -> tuple[IPv4Address, ...]:
    """Return the customer's first and last address of an IP Pack; the first host of it is our router."""
    hosts = tuple(pack.hosts())[1:]
    return tuple(dict.fromkeys((hosts[0], hosts[-1]))) if hosts else ()


def block_hosts(block: IPv6Network) -> tuple[IPv6Address, ...]:
    """Return an address in the first and one in the last /64 of a block."""
    last = IPv6Address(int(block.broadcast_address) >> 64 << 64)
    return tuple(dict.fromkeys((block.network_address + 1, last + 1)))


def customer_hosts(addressed: AddressedIntent) -> tuple[Address, ...]:
    """Return the addresses behind the customer's firewall that are tried: of the IP Pack and the routed /57."""
    packs = [host for pack in addressed.packs for host in pack_hosts(pack)]
    half = addressed.ipv6.routed_half if addressed.ipv6 else None
    return (*packs, *(block_hosts(half) if half else ()))
