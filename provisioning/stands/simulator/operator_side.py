"""Addresses and numbers on the operator's side of the simulated network, and what it gives a router by its place."""

from ipaddress import IPv4Interface, IPv6Address, IPv6Interface, IPv6Network, ip_address, ip_network

from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.packets import FIXED, MOBILE

NOC = ip_address("100.127.0.2")
INTERNET: dict[int, Address] = {4: ip_address("198.18.1.10"), 6: ip_address("3fff:0:1::10")}
BNG: dict[int, Address] = {4: ip_address("100.64.0.1"), 6: ip_address("3fff:0:0:a::1")}
MOBILE_CORE: dict[int, Address] = {4: ip_address("100.96.0.1"), 6: ip_address("3fff:0:0:b::1")}
NEIGHBOURS = {FIXED: BNG, MOBILE: MOBILE_CORE}

MOBILE_RATE = (52.0, 18.0)
"""Mbit/s that the mobile bearer carries, down and up, whatever the line's own rate."""

OPERATOR_AS, CUSTOMER_AS = 64500, 64511

DELEGATED = 0x3FFF_0001
"""3fff:1::/32, of which a /48 is delegated from."""

SEGMENTS = {
    FIXED: (ip_network("100.64.0.0/16"), IPv6Network("3fff:0:0:a::/64"), 1),
    MOBILE: (ip_network("100.96.0.0/16"), IPv6Network("3fff:0:0:b::/64"), 2),
}
"""Of each bearer: the segment's networks, and the last octet but one of its MAC address."""

FIRST_LENT = 256


def lent_address(side: str, number: int) -> IPv4Interface:
    """Return the address that a bearer's DHCP server lends the router of the customer with a number."""
    network, _, _ = SEGMENTS[side]
    return IPv4Interface((int(network.network_address) + FIRST_LENT + number, network.prefixlen))


def made_address(side: str, number: int) -> IPv6Interface:
    """Return the address that the router makes itself from a bearer's advertisement.

    The host with MAC address 02:00:00:00:KIND:NUMBER makes it so (RFC 4291, appendix A).
    """
    _, network, kind = SEGMENTS[side]
    high = 0 if number < FIRST_LENT else number >> 8 & 0xFF
    mac = bytes((0, 0, 0, 0xFF, 0xFE, high, kind, number & 0xFF))
    return IPv6Interface((network.network_address + int.from_bytes(mac, "big"), 64))


def delegated_prefix(number: int) -> IPv6Network:
    """Return the prefix that the BNG delegates to the customer with a number, who has no block of his own."""
    return IPv6Network((DELEGATED << 96 | number << 72, 56))


def number_of(address: Address) -> tuple[int, int]:
    """Return what can be told of a customer's number from an address of a bearer or of a delegated prefix.

    Returns:
        The number as far as it is known, and the mask of the bits that are.
    """
    if isinstance(address, IPv6Address):
        return (int(address) >> 72 & 0xFF if int(address) >> 96 == DELEGATED else int(address) & 0xFF), 0xFF
    core = MOBILE_CORE if address in SEGMENTS[MOBILE][0] else BNG
    return int(address) - int(core[4]) + 1 - FIRST_LENT, -1
