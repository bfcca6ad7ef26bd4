"""An opening of the managed firewall: which new connections come in, from where, and who gets them (facts: X-9)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from provisioning.model.port_range import PortRange, merge, without

CUSTOMER_FIREWALL: Literal["customer_firewall"] = "customer_firewall"
"""The customer's own firewall, on the IP Pack and the routed /57."""

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Opening:
    """One range of ports that is open to one target.

    Attributes:
        ports: as the internet addresses them.
        target: a LAN host, on the fixed IPv4; or the customer's firewall.
        to_port: the target's port that the first of `ports` leads to; None where ports are not translated.
        sources: who may connect, sorted; empty for everybody.
    """

    ports: PortRange
    target: IPv4Address | Literal["customer_firewall"]
    to_port: int | None = None
    sources: tuple[Network, ...] = ()

    @property
    def target_ports(self) -> PortRange:
        """The ports as the target sees them."""
        return translated(self.ports, self.to_port)

    def lets_in(self, address: IPv4Address | IPv6Address) -> bool:
        """Return whether this address may connect; the ports are another matter."""
        return not self.sources or any(address in each for each in self.sources)

    def sources_of(self, version: int) -> tuple[Network, ...] | None:
        """Return who of a family may connect: empty for everybody, None for nobody.

        Args:
            version: 4 or 6.
        """
        return sources_of(self.sources, version)

    def __str__(self) -> str:
        arrives = f" {self.target_ports}" if self.to_port is not None else ""
        return f"{self.ports} to {self.target}{arrives}{from_sources(self.sources)}"


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """Since when an opening is there, and by whom.

    Attributes:
        since: when it was proven.
        by: number of the order, or id of the change request, that opened it.
        until: when it is to be closed; None when it stays.
        closed_at: when it was closed; None while it is open.
        closed_by: id of the change request, or number of the order, that closed it; empty while it is open.
    """

    line: str
    opening: Opening
    since: datetime
    by: str
    until: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""


def plain_opening(opening: Opening) -> Mapping[str, object]:
    """Return an opening as plain data, for `--json` and for digests: the same opening gives the same data."""
    return {
        "ports": str(opening.ports),
        "to": str(opening.target),
        "to_port": opening.to_port,
        "from": [str(each) for each in opening.sources],
    }


def translated(ports: PortRange, to_port: int | None) -> PortRange:
    """Return the ports as the target sees them: the first becomes `to_port`, the others follow."""
    if to_port is None:
        return ports
    return PortRange(ports.protocol, to_port, to_port + ports.last - ports.first)


def from_sources(sources: tuple[Network, ...]) -> str:
    """Return who may connect, for people, to stand behind an opening: empty for everybody."""
    return f" from {', '.join(map(str, sources))}" if sources else ""


def sources_of(sources: tuple[Network, ...], version: int) -> tuple[Network, ...] | None:
    """Return who of a family may connect: empty for everybody, None for nobody."""
    if not sources:
        return ()
    return tuple(each for each in sources if each.version == version) or None


def source_order(network: Network) -> tuple[int, int, int]:
    """Return the key by which sources are sorted: by family, address and size."""
    return network.version, int(network.network_address), network.prefixlen


def sorted_sources(networks: Iterable[Network]) -> tuple[Network, ...]:
    """Return networks sorted, those left out that lie in another."""
    kept: list[Network] = []
    for each in sorted(set(networks), key=source_order):
        if not kept or not lies_within(each, kept[-1]):
            kept.append(each)
    return tuple(kept)


def lies_within(one: Network, other: Network) -> bool:
    """Return whether a network is part of another; those of two families never are."""
    if isinstance(one, IPv4Network):
        return isinstance(other, IPv4Network) and one.subnet_of(other)
    return isinstance(other, IPv6Network) and one.subnet_of(other)


def merged(openings: Iterable[Opening]) -> tuple[Opening, ...]:
    """Return the same openings, sorted; ranges that overlap are made one where target and sources are the same."""
    alike: dict[tuple[str, tuple[Network, ...]], list[Opening]] = defaultdict(list)
    whole: set[Opening] = set()
    for each in openings:
        if each.to_port is None:
            alike[str(each.target), each.sources].append(each)
        else:
            whole.add(each)
    for some in alike.values():
        whole.update(Opening(ports, some[0].target, None, some[0].sources) for ports in merge(e.ports for e in some))
    return tuple(sorted(whole, key=opening_order))


def opening_order(opening: Opening) -> tuple[PortRange, str, tuple[tuple[int, int, int], ...]]:
    """Return the key by which openings are sorted: by ports, target and sources."""
    return opening.ports, str(opening.target), tuple(map(source_order, opening.sources))


def by_sources(openings: Iterable[Opening]) -> tuple[tuple[tuple[Network, ...], tuple[Opening, ...]], ...]:
    """Return openings by who may connect, everybody first."""
    groups: dict[tuple[Network, ...], list[Opening]] = defaultdict(list)
    for each in openings:
        groups[each.sources].append(each)
    ordered = sorted(groups.items(), key=lambda each: tuple(map(source_order, each[0])))
    return tuple((sources, tuple(some)) for sources, some in ordered)


def limited_by_source(openings: Iterable[Opening], version: int) -> tuple[tuple[Network, tuple[PortRange, ...]], ...]:
    """Return for each source of a family the ports that are open to it, each source and port once.

    What a wider source has already is left out of those within it; what is open to everybody is no part of it.

    Args:
        openings: towards one target, without translation.
        version: 4 or 6.
    """
    ports: dict[Network, list[PortRange]] = defaultdict(list)
    for each in openings:
        for source in each.sources:
            if source.version == version:
                ports[source].append(each.ports)
    around: list[tuple[Network, tuple[PortRange, ...]]] = []
    found: list[tuple[Network, tuple[PortRange, ...]]] = []
    for source in sorted(ports, key=source_order):
        while around and not lies_within(source, around[-1][0]):
            around.pop()
        wider = around[-1][1] if around else ()
        own = without(ports[source], wider)
        if own:
            found.append((source, own))
        around.append((source, merge((*wider, *own))))
    return tuple(found)
