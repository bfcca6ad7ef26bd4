"""Sources of openings: who may connect, and which networks can be named (facts: X-9, I-5.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_interface

from provisioning.model.finding import Finding
from provisioning.model.opening import Network, sorted_sources, translated
from provisioning.model.port_range import PortRange
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule
from provisioning.orders.form import Server
from provisioning.orders.rules.openings import CUSTOMER_FIREWALL, claimed, in_range

# Python also reads masks and zones, which no order form has.
_WRITTEN = re.compile(r"[0-9a-fA-F.:]{2,45}(/[0-9]{1,3})?", re.ASCII)


def read_sources(server: Server) -> tuple[Network, ...]:
    """Return who may connect, sorted; empty for everybody.

    Args:
        server: an entry that the rules accept.
    """
    return sorted_sources(found for written in server.sources or [] if (found := _network(written)) is not None)


def sources_are_networks(case: Case) -> Iterator[Finding]:
    """Each source is a network of addresses, none of them stands in another of the same entry."""
    for where, server in case.servers:
        if server.sources is not None and not server.sources:
            yield codes.SOURCES_EMPTY.at(
                f"{where}.from",
                "The list of sources is empty.",
                "Name the networks that may connect, or leave `from` out for everybody.",
            )
        named: list[tuple[int, Network]] = []
        for index, written in enumerate(server.sources or []):
            network = _network(written)
            if network is None:
                yield _not_a_network(f"{where}.from.{index}", written)
            elif network.prefixlen == 0:
                yield codes.SOURCE_EVERYBODY.at(
                    f"{where}.from.{index}", f"{network} is everybody.", "Leave `from` out to let everybody in."
                )
            else:
                yield from _fits_the_target(f"{where}.from.{index}", network, server)
                named.append((index, network))
        yield from _twice(where, named)


def _network(written: str) -> Network | None:
    """Return the network that was written; an address alone is one of its own."""
    if not _WRITTEN.fullmatch(written):
        return None
    try:
        return IPv6Network(written) if ":" in written else IPv4Network(written)
    except ValueError:
        return None


def _not_a_network(where: str, written: str) -> Finding:
    try:
        meant = ip_interface(written).network if _WRITTEN.fullmatch(written) else None
    except ValueError:
        meant = None
    if meant is None:
        return codes.SOURCE_MALFORMED.at(
            where, f"`{written}` is no network.", "Write an address and the length of its mask: `198.51.100.0/24`."
        )
    host = written.partition("/")[0]
    return codes.SOURCE_HOST_BITS.at(
        where,
        f"{written} is an address inside {meant}.",
        f"Write {meant} for the network, or {host} for the one host.",
    )


def _fits_the_target(where: str, network: Network, server: Server) -> Iterator[Finding]:
    if network.version == 6 and server.to != CUSTOMER_FIREWALL:
        yield codes.SOURCE_FAMILY.at(
            where,
            f"{network} is IPv6, and a LAN host is reached on the fixed IPv4 only.",
            "Name IPv4 sources.",
        )


def _twice(where: str, named: list[tuple[int, Network]]) -> Iterator[Finding]:
    ordered = sorted(named, key=lambda each: (each[1].version, int(each[1].network_address), each[1].prefixlen))
    cover: Network | None = None
    for index, network in ordered:
        if cover is not None and cover.version == network.version and network.network_address in cover:
            yield codes.SOURCE_TWICE.at(
                f"{where}.from.{index}", f"{network} is covered by {cover}.", "Name each source once."
            )
        else:
            cover = network


def one_port_of_a_host_has_one_set_of_sources(case: Case) -> Iterator[Finding]:
    """What arrives at one port of a host is judged there: two ways to it let the same sources in."""
    reported: set[tuple[int, int]] = set()
    holder: _Way | None = None
    for way in sorted(_ways(case), key=lambda each: (each.host, each.arrives, each.entry)):
        if holder is not None and holder.disagrees(way):
            first, second = sorted((holder, way), key=lambda each: each.entry)
            if (first.entry, second.entry) not in reported:
                reported.add((first.entry, second.entry))
                yield codes.SOURCES_DIFFER.at(
                    f"{second.where}.from",
                    f"{second.arrives} of {second.host} is reached by {first.where} too, from other sources.",
                    "Name the same sources in both, or lead them to different ports.",
                )
        if holder is None or not holder.goes_beyond(way):
            holder = way


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to ports of a host."""

    host: str
    arrives: PortRange
    entry: int
    where: str
    translated: bool
    sources: tuple[Network, ...]

    def disagrees(self, other: "_Way") -> bool:
        """Return whether both lead to one port, from other sources; the same port outside is claimed twice anyway."""
        meet = self.host == other.host and self.arrives.overlaps(other.arrives) and self.entry != other.entry
        return meet and (self.translated or other.translated) and self.sources != other.sources

    def goes_beyond(self, other: "_Way") -> bool:
        alike = self.host == other.host and self.arrives.protocol == other.arrives.protocol
        return alike and self.arrives.last >= other.arrives.last


def _ways(case: Case) -> Iterator[_Way]:
    for entry, (where, server) in enumerate(case.servers):
        if server.to == CUSTOMER_FIREWALL or not in_range(server.to_port):
            continue
        sources = read_sources(server)
        for ports in claimed(server):
            arrives = translated(ports, server.to_port)
            yield _Way(server.to, arrives, entry, where, server.to_port is not None, sources)


RULES: tuple[Rule, ...] = (sources_are_networks, one_port_of_a_host_has_one_set_of_sources)
