"""What a change of openings must leave as it was, what it must have shut, and which sessions go on or end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from provisioning.expecting.outside import shut_to_strangers
from provisioning.expecting.sampling import customer_hosts, sample
from provisioning.model.checks.check import Address
from provisioning.model.checks.openings import ShutCheck
from provisioning.model.checks.scans import ScanCheck, UnchangedCheck
from provisioning.model.checks.sessions import SessionEndedCheck, SessionSurvivesCheck
from provisioning.model.expectation import AnyCheck
from provisioning.model.intent import AddressedIntent
from provisioning.model.opening import Opening
from provisioning.model.port_range import PortRange, merge
from provisioning.model.verdict import Viewpoint, Weight

MOST_CANDIDATES = 8
"""Ports that are tried one after the other until somebody answers."""

MOST_CLOSED = 64
"""Openings that are looked at one by one to be shut; whole scans see the others on the fixed IPv4."""

ONE_BY_ONE = ("linux_cpe",)
"""Platforms that can end any session by itself (docs/cisco-iosxe.md tells what the others cannot)."""


@dataclass(frozen=True, slots=True)
class _Place:
    """An address of the line, and what is open on it."""

    address: Address
    behind: Viewpoint
    before: tuple[Opening, ...]
    after: tuple[Opening, ...]


def changed(
    addressed: AddressedIntent, before: tuple[Opening, ...], scans: Iterable[AnyCheck], was: AddressedIntent | None
) -> Iterator[AnyCheck]:
    """Yield the checks of a change.

    Args:
        addressed: the line with the change.
        before: what was open before it.
        scans: the scans of the line: those that were made before the change as well are held against each other.
        was: the line before it, whose addresses may be others; None where they are the same.
    """
    places = tuple(_places(addressed, before))
    staying = tuple(each for each in places if was is None or _stays(each.address, addressed, was))
    known = {each.address: each for each in staying}
    for scan in scans:
        if isinstance(scan, ScanCheck) and scan.address in known:
            yield UnchangedCheck(
                id=f"as-before {scan.address}",
                subject=f"what answers on {scan.address}",
                # Where nobody looks from outside there is nothing to compare; whether it may go on then, scans say.
                viewpoint=known[scan.address].behind,
                weight=Weight.GATE,
                facts=("X-9",),
                scan=scan.id,
                asked=_asked(known[scan.address]),
            )
    for place in places:
        yield from _closed(place)
    for place in staying:
        yield from _sessions(place, addressed)


def _stays(address: Address, addressed: AddressedIntent, was: AddressedIntent) -> bool:
    """Return whether an address leads to the same host as before: nobody else can say that all is as it was."""
    if isinstance(address, IPv4Address):
        return address == was.fixed_ipv4 or any(address in pack for pack in was.packs)
    return was.ipv6 is not None and was.ipv6 == addressed.ipv6


def _places(addressed: AddressedIntent, before: tuple[Opening, ...]) -> Iterator[_Place]:
    after = addressed.intent.openings

    def mapped(some: Iterable[Opening]) -> tuple[Opening, ...]:
        return tuple(each for each in some if isinstance(each.target, IPv4Address))

    def customers(some: Iterable[Opening]) -> tuple[Opening, ...]:
        return tuple(each for each in some if not isinstance(each.target, IPv4Address))

    if addressed.fixed_ipv4 is not None:
        yield _Place(addressed.fixed_ipv4, Viewpoint.LAN, mapped(before), mapped(after))
    for address in customer_hosts(addressed):
        yield _Place(address, Viewpoint.CUSTOMER_FIREWALL, customers(before), customers(after))


def _asked(place: _Place) -> tuple[PortRange, ...]:
    """Return the TCP ports of which a change says something."""
    moved = set(place.before) ^ set(place.after)
    return merge(each.ports for each in moved if each.ports.protocol == "tcp")


def _closed(place: _Place) -> Iterator[ShutCheck]:
    kept = set(place.after)
    gone = [each for each in place.before if each not in kept]
    for each in gone[:MOST_CLOSED]:
        # The port itself, whoever may connect to it still: those that may are left out.
        yield from shut_to_strangers(replace(each, sources=()), place.address, place.behind, place.after)


def _sessions(place: _Place, addressed: AddressedIntent) -> Iterator[AnyCheck]:
    after = set(place.after)
    kept = [each for each in place.before if each in after]
    gone = [each for each in place.before if each not in after]
    survivors, closed = _ports(kept, place), _ports(gone, place)
    if survivors:
        yield SessionSurvivesCheck(
            id=f"session-survives {place.address}",
            subject=f"a session with {place.address}",
            viewpoint=place.behind,
            weight=Weight.GATE,
            facts=("X-9",),
            address=place.address,
            candidates=survivors,
        )
    ended = tuple(port for port in closed if not any(port in each.ports for each in _tcp(place.after)))
    if ended:
        platform = addressed.intent.cpe.platform if addressed.intent.cpe is not None else ""
        alone = platform in ONE_BY_ONE or place.behind is Viewpoint.LAN
        yield SessionEndedCheck(
            id=f"session-ended {place.address}",
            subject=f"a session with {place.address} through what is closed",
            viewpoint=place.behind,
            weight=Weight.GATE if alone else Weight.REPORT,
            facts=("X-9",),
            address=place.address,
            candidates=ended,
        )


def _ports(openings: Iterable[Opening], place: _Place) -> tuple[int, ...]:
    """Return ports to try, those first that are open to everybody; one that leads elsewhere by another is left out."""
    ordered = sorted(
        (each for each in _tcp(openings) if each.sources_of(place.address.version) is not None),
        key=lambda each: (bool(each.sources), each.ports),
    )
    found = dict.fromkeys(port for each in ordered for port in sample(each.ports))
    return tuple(found)[:MOST_CANDIDATES]


def _tcp(openings: Iterable[Opening]) -> tuple[Opening, ...]:
    return tuple(each for each in openings if each.ports.protocol == "tcp")
