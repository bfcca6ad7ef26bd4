"""What the customer has behind his router: servers on the LAN, and a firewall of his own. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address

from provisioning.stands.lab.exported_line import ExportedLine

USUAL_PORTS = tuple(("tcp", port) for port in (20, 21, 25, 80, 110, 119, 143, 220, 443))
"""What is usually opened at installation, and what sshd does not hold already (facts: I-5.1)."""

SMALLEST_PACK = 30
"""Prefix length; what is longer is no IP Pack but an address of the router."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a host has on top of what it boots with.

    Attributes:
        addresses: pairs of an interface and an address with its prefix length.
        routes: default routes, as `ip route` takes them.
        services: addresses with protocol and port on which it answers: `tcp 192.0.2.1 80`.
    """

    addresses: tuple[tuple[str, str], ...] = ()
    routes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    def commands(self) -> list[str]:
        """Return how it is set up, as `ip -batch` takes it."""
        # Nothing is to be detected: it serves at once.
        added = [
            f"address replace {address} dev {device}{' nodad' if ':' in address else ''}"
            for device, address in self.addresses
        ]
        return [*added, *(f"route replace {each}" for each in self.routes)]

    def undone(self) -> list[str]:
        """Return how all that is taken away again."""
        removed = [f"address delete {address} dev {device}" for device, address in self.addresses]
        return [*(f"route delete {each}" for each in self.routes), *removed]


def lan_host(line: ExportedLine | None) -> Setup:
    """Return what the LAN host has: the targets of openings that lie in the LAN are addresses of it."""
    if line is None or line.subnet is None or line.router is None:
        return Setup()
    found = [each for each in line.servers if each.target is not None and each.target in line.subnet]
    if not found:
        return Setup()
    targets = dict.fromkeys(each.target for each in found)
    return Setup(
        tuple(("eth0", f"{each}/{line.subnet.prefixlen}") for each in targets),
        # Whoever takes a lease gets a default route of his own, which comes before.
        (f"default via {line.router} dev eth0 metric 4000",),
        tuple(service for each in found for service in _services([each.target], each.ports)),
    )


def customer_firewall(line: ExportedLine | None) -> Setup:
    """Return what the customer's firewall has: the second address of each IP Pack, and what is routed to it."""
    if line is None or not line.customer_firewall:
        return Setup()
    addresses: list[tuple[str, str]] = []
    routes: list[str] = []
    if line.ip_pack is not None:
        gateway, own = line.ip_pack[1], line.ip_pack[2]
        addresses.append(("eth0", f"{own}/{line.ip_pack.prefixlen}"))
        routes.append(f"default via {gateway} dev eth0")
    addresses += [("eth0", f"{each[2]}/{each.prefixlen}") for each in line.former if each.prefixlen <= SMALLEST_PACK]
    if line.ipv6 is not None and line.ipv6.next_hop is not None:
        addresses.append(("eth0", f"{line.ipv6.next_hop}/{line.ipv6.link.prefixlen}"))
        routes.append(f"default via {line.ipv6.link[1]} dev eth0")
    if line.ipv6 is not None and line.ipv6.routed_half is not None:
        addresses.append(("lo", f"{line.ipv6.routed_half[1]}/128"))
    ports = [
        *USUAL_PORTS,
        *(port for each in line.servers if not _in_lan(each.target, line.subnet) for port in each.ports),
    ]
    own_addresses = [address.partition("/")[0] for _, address in addresses]
    return Setup(tuple(addresses), tuple(routes), tuple(_services(own_addresses, dict.fromkeys(ports))))


def _in_lan(target: IPv4Address | None, subnet: IPv4Network | None) -> bool:
    return target is not None and subnet is not None and target in subnet


def _services(
    addresses: Sequence[IPv4Address | IPv6Address | str | None], ports: Iterable[tuple[str, int]]
) -> list[str]:
    return [f"{protocol} {address} {port}" for protocol, port in ports for address in addresses]
