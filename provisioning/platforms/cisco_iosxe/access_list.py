"""Access lists as data: entries in order, and the names under which they stand.

Written as `show running-config` shows them (Security Command Reference, `ip access-list`, `ipv6 access-list`):
well-known ports by their names, single hosts as `host`, IPv6 in capitals.
"""

import hashlib
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from provisioning.model.port_range import PortRange
from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_word
from provisioning.platforms.cisco_iosxe.port_names import TCP_NAMES, UDP_NAMES

Network = IPv4Network | IPv6Network
ANY = "any"

HASH_DIGITS = 8
STEP = 10


@dataclass(frozen=True, slots=True)
class AccessList:
    """An extended access list of one family.

    Attributes:
        role: what it is for; the name is the role and a hash of the entries.
        version: 4 or 6.
        entries: in order, without sequence numbers.
    """

    role: str
    version: int
    entries: tuple[str, ...]

    @property
    def name(self) -> Ios:
        """The name: another content is another list, so that none is changed while it is in use."""
        digest = hashlib.sha256("".join(f"{each}\n" for each in self.entries).encode()).hexdigest()
        return ios_word(f"{self.role}{self.version}-{digest[:HASH_DIGITS]}")

    @property
    def lines(self) -> tuple[Ios, ...]:
        """The entries with their sequence numbers, as each family shows them."""
        before = "sequence " if self.version == 6 else ""
        return tuple(Ios(f"{before}{number * STEP} {each}") for number, each in enumerate(self.entries, 1))


def entry(action: str, protocol: str, source: str = ANY, destination: str = ANY, extra: str = "") -> str:
    """Return one entry."""
    return " ".join(each for each in (action, protocol, source, destination, extra) if each)


def where(network: Network | IPv4Address | IPv6Address) -> str:
    """Return a network as an access list writes it: `host` and one address, or a network with its wildcard mask."""
    if isinstance(network, IPv4Address | IPv6Address):
        return f"host {str(network).upper()}"
    if network.prefixlen == 0:
        return ANY
    if network.prefixlen == network.max_prefixlen:
        return f"host {str(network.network_address).upper()}"
    if isinstance(network, IPv4Network):
        return f"{network.network_address} {network.hostmask}"
    return str(network).upper()


def with_port(place: str, port: str) -> str:
    """Return a place with a condition on the port."""
    return f"{place} {port}"


def ports(some: PortRange) -> str:
    """Return the condition on a port, well-known ones by the names that IOS shows for them."""
    names = TCP_NAMES if some.protocol == "tcp" else UDP_NAMES
    first, last = (names.get(each, str(each)) for each in (some.first, some.last))
    return f"eq {first}" if some.first == some.last else f"range {first} {last}"


def port(protocol: str, number: int) -> str:
    """Return the condition on a single port."""
    return ports(PortRange("tcp" if protocol == "tcp" else "udp", number, number))
