"""DHCP and DNS for the LAN (IP Addressing: DHCP, and DNS Configuration Guides, IOS-XE 17)."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from provisioning.model.intent import Lan
from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_words
from provisioning.platforms.cisco_iosxe.names import FIXED_ADDRESS
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Values


def lan_services(line: RouterLine) -> Values:
    """Return what the LAN is served: the intent's leases, names from the operator's resolvers (facts: I-4.6)."""
    return {
        "excluded": [Ios(" ".join(map(str, each))) for each in excluded(line.lan)],
        "dhcp_network": Ios(f"{line.lan.subnet.network_address} {line.lan.subnet.netmask}"),
        "router": line.lan.router,
        "time_servers": line.operator.time_servers,
        "dhcp_time_servers": ios_words(line.operator.time_servers) if line.operator.time_servers else None,
        # The router asks the IPv4 ones, which serve both families; the LAN is told of the IPv6 ones as well.
        "resolvers": ios_words(line.operator.resolvers_ipv4),
        # What the router asks comes from the fixed IPv4 (facts: I-6.2), which both bearers lead to.
        "source_interface": Ios(FIXED_ADDRESS) if line.addressed.fixed_ipv4 is not None else None,
    }


def excluded(lan: Lan) -> Iterator[tuple[IPv4Address, ...]]:
    """Yield what the router must not lend, so that what is left is exactly the intent's: one address, or two ends."""
    first, last = lan.subnet.network_address + 1, lan.subnet.broadcast_address - 1
    for lent in sorted(lan.dhcp, key=lambda each: each.first):
        if first < lent.first:
            yield _ends(first, lent.first - 1)
        first = lent.last + 1
    if first <= last:
        yield _ends(first, last)


def _ends(first: IPv4Address, last: IPv4Address) -> tuple[IPv4Address, ...]:
    return (first,) if first == last else (first, last)
