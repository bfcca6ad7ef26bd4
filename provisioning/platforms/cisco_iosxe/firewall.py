"""Access lists of interfaces and of what passes between zones (Security Configuration Guide: Access Control Lists)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

from provisioning.model.intent import PortMapping
from provisioning.model.opening import Opening, limited_by_source
from provisioning.model.operator import SessionTimer
from provisioning.model.port_range import MANAGEMENT_PORT, PortRange, merge
from provisioning.platforms.cisco_iosxe.access_list import (
    ANY,
    AccessList,
    Network,
    entry,
    port,
    ports,
    where,
    with_port,
)
from provisioning.platforms.router_line import Bearer, RouterLine

LINK_LOCAL = IPv6Network("fe80::/10")
LOCALHOST = IPv4Network("127.0.0.0/8")
TRANSPORTS = ("tcp", "udp")


def _any(version: int) -> str:
    return "ip" if version == 4 else "ipv6"


def bearer_lists(line: RouterLine, bearer: Bearer) -> tuple[AccessList, AccessList]:
    """Return what may come in by a bearer: before anything else port 23 is shut, then nobody outside is us."""
    ipv6 = line.addressed.ipv6
    ours: dict[int, tuple[Network, ...]] = {
        4: (*line.own_ipv4, line.lan.subnet, LOCALHOST),
        6: (ipv6.block,) if ipv6 else (),
    }
    voice: dict[int, tuple[Network, ...]] = {4: (), 6: ()}
    if bearer == line.mobile:  # telephony is not carried there (facts: I-6.3)
        voice = {4: line.operator.voice_ipv4, 6: line.operator.voice_ipv6}
    four, six = (
        AccessList(
            f"{bearer.name}-IN",
            version,
            (
                *(entry("deny", each, ANY, with_port(ANY, port(each, MANAGEMENT_PORT))) for each in TRANSPORTS),
                *(entry("deny", _any(version), where(each), ANY) for each in (*ours[version], *voice[version])),
                entry("permit", _any(version), ANY, ANY),
            ),
        )
        for version in (4, 6)
    )
    return four, six


def lan_guards(line: RouterLine) -> Iterator[AccessList]:
    """Yield what may come in from the LAN: port 23 of the line's own addresses is shut to it too (facts: I-5.2)."""
    ipv6 = line.addressed.ipv6
    ours: dict[int, tuple[Network, ...]] = {4: line.own_ipv4, 6: (ipv6.block,) if ipv6 else ()}
    for version, some in ours.items():
        if some:
            entries = [
                entry("deny", protocol, ANY, with_port(where(each), port(protocol, MANAGEMENT_PORT)))
                for protocol in TRANSPORTS
                for each in some
            ]
            yield AccessList("LAN-IN", version, (*entries, entry("permit", _any(version), ANY, ANY)))


def voice_lists(line: RouterLine) -> Iterator[AccessList]:
    """Yield what may leave by the mobile bearer: everything but telephony (facts: I-6.3)."""
    for version, prefixes in ((4, line.operator.voice_ipv4), (6, line.operator.voice_ipv6)):
        if prefixes:
            entries = [entry("deny", _any(version), ANY, where(each)) for each in prefixes]
            yield AccessList("MOBILE-OUT", version, (*entries, entry("permit", _any(version), ANY, ANY)))


def sources(line: RouterLine) -> dict[int, tuple[str, ...]]:
    """Return from where the LAN may speak, by family; with a delegated prefix, any IPv6."""
    ipv6 = line.addressed.ipv6
    return {4: tuple(where(each) for each in line.lan_ipv4), 6: (where(ipv6.block),) if ipv6 else (ANY,)}


def lan_lists(line: RouterLine) -> tuple[AccessList, ...]:
    """Return what the LAN may reach: everything, from its own addresses."""
    return tuple(
        AccessList("LAN", version, tuple(entry("permit", _any(version), each, ANY) for each in some))
        for version, some in sources(line).items()
    )


def timed_lan_lists(line: RouterLine, timer: SessionTimer) -> tuple[AccessList, ...]:
    """Return what of it a session timer is for (facts: I-5.3)."""
    return tuple(
        AccessList(
            f"LAN-{timer.name.upper()}",
            version,
            tuple(
                entry("permit", timer.protocol, each, with_port(ANY, port(timer.protocol, number)))
                for each in some
                for number in timer.ports
            ),
        )
        for version, some in sources(line).items()
    )


@dataclass(frozen=True, slots=True)
class Way:
    """A way in, as an access list writes it: from where, where to, and which ports there."""

    source: str
    target: str
    ports: PortRange


def openings(line: RouterLine) -> dict[int, tuple[Way, ...]]:
    """Return where new connections from the internet may go, by family (facts: X-9).

    A mapping's target and ports are those of the LAN host: the firewall sees packets after they are translated.
    """
    addressed = line.addressed
    half = addressed.ipv6.routed_half if addressed.ipv6 else None
    targets: tuple[Network, ...] = (*addressed.packs, *((half,) if half is not None else ()))
    four, six = _ways(line.intent.port_mappings, line.intent.customer_openings, targets)
    return {4: four, 6: six}


@lru_cache(maxsize=4)
def _ways(
    mappings: tuple[PortMapping, ...], opened: tuple[Opening, ...], targets: tuple[Network, ...]
) -> tuple[tuple[Way, ...], tuple[Way, ...]]:
    """Return the ways in of both families; asked for each session timer and each list, of thousands of openings."""
    mapped = [
        Way(source, where(each.target), each.target_ports)
        for each in sorted(mappings, key=lambda each: (each.target, each.ports))
        for source in (tuple(map(where, each.sources)) or (ANY,))
    ]
    # Two ports of the fixed IPv4 may lead to one of a host.
    result: dict[int, list[Way]] = {4: list(dict.fromkeys(mapped)), 6: []}
    for target in targets:
        result[target.version] += _towards_firewall(opened, target)
    return tuple(result[4]), tuple(result[6])


def _towards_firewall(opened: tuple[Opening, ...], target: Network) -> Iterator[Way]:
    for some in merge(each.ports for each in opened if not each.sources):
        yield Way(ANY, where(target), some)
    for source, limited in limited_by_source(opened, target.version):
        said = where(source), where(target)
        for some in limited:
            yield Way(*said, some)


def opening_lists(line: RouterLine, timer: SessionTimer | None = None) -> tuple[AccessList, ...]:
    """Return the openings, or of them those that a session timer is for; a family without any has no list."""
    role = "OPENINGS" if timer is None else f"OPENINGS-{timer.name.upper()}"
    lists = []
    for version, some in openings(line).items():
        kept = some if timer is None else tuple(_of_timer(some, timer))
        entries = tuple(
            entry("permit", each.ports.protocol, each.source, with_port(each.target, ports(each.ports)))
            for each in kept
        )
        if entries:
            lists.append(AccessList(role, version, entries))
    return tuple(lists)


def _of_timer(some: tuple[Way, ...], timer: SessionTimer) -> Iterator[Way]:
    for each in some:
        for number in timer.ports:
            if each.ports.protocol == timer.protocol and number in each.ports:
                yield replace(each, ports=PortRange(timer.protocol, number, number))
