"""Addresses as entries of access lists name them: some of their bits count, the others do not."""

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    summarize_address_range,
)

_BITS = {4: 32, 6: 128}


@dataclass(frozen=True, slots=True)
class Pattern:
    """Addresses that agree with `value` in the bits of `care`; all of them where `care` is 0."""

    value: int
    care: int

    def matches(self, address: int) -> bool:
        """Return whether an address is one of them."""
        return address & self.care == self.value


ANY = (Pattern(0, 0),)


def host(address: IPv4Address | IPv6Address) -> Pattern:
    """Return the pattern of one address."""
    return Pattern(int(address), (1 << _BITS[address.version]) - 1)


def network(some: IPv4Network | IPv6Network) -> Pattern:
    """Return the pattern of a network."""
    return Pattern(int(some.network_address), int(some.netmask))


def wildcard(address: str, bits: str) -> Pattern:
    """Return the pattern of an address with a wildcard, whose set bits do not count.

    Raises:
        ValueError: when they are no IPv4 addresses.
    """
    care = ~int(IPv4Address(bits)) & 0xFFFFFFFF
    return Pattern(int(IPv4Address(address)) & care, care)


def masked(address: str, mask: str) -> Pattern:
    """Return the pattern of an address with a subnet mask.

    Raises:
        ValueError: when they are no IPv4 addresses.
    """
    care = int(IPv4Address(mask))
    return Pattern(int(IPv4Address(address)) & care, care)


def span(first: str, last: str) -> tuple[Pattern, ...]:
    """Return the patterns of all IPv4 addresses from one to another.

    Raises:
        ValueError: when they are no IPv4 addresses, or in the wrong order.
    """
    return tuple(network(each) for each in summarize_address_range(IPv4Address(first), IPv4Address(last)))
