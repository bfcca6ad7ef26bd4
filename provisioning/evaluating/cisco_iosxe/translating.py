"""What address translation makes of a packet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from provisioning.evaluating.cisco_iosxe.nat import Dynamic, Static, candidates
from provisioning.evaluating.cisco_iosxe.route_map import Clause
from provisioning.evaluating.cisco_iosxe.router import Router
from provisioning.evaluating.cisco_iosxe.ruling import Ruling
from provisioning.evaluating.packet import Address, Packet


@dataclass(frozen=True, slots=True)
class Translated:
    """An address and port after translation.

    Attributes:
        address: None when nobody can tell.
        why: the line that translates; empty when none does.
    """

    address: Address | None
    port: int
    why: tuple[str, ...] = ()


def to_inside(router: Router, packet: Packet) -> Translated:
    """Return where a packet from outside goes after translation."""
    asked = packet.destination
    for each in candidates(router.translation.static, packet.protocol, packet.destination_port):
        outside = _static_outside(router, each)
        if outside is None:
            # Whether it is the address that is asked for, nobody knows.
            return Translated(None, packet.destination_port, (each.written,))
        offset = int(asked) - int(outside)
        if 0 <= offset < each.addresses:
            port = each.inside_port or packet.destination_port
            inside = each.inside + offset
            return Translated(inside if each.sure else None, port, (each.written,))
    return Translated(asked, packet.destination_port)


def to_outside(router: Router, packet: Packet, leaves_by: str) -> Translated:
    """Return with which source a packet from inside goes out."""
    source = packet.source
    for each in candidates(router.translation.from_inside, packet.protocol, packet.source_port):
        offset = int(source) - int(each.inside)
        if 0 <= offset < each.addresses:
            outside = _static_outside(router, each)
            known = outside + offset if outside is not None and each.sure else None
            return Translated(known, each.outside_port or packet.source_port, (each.written,))
    for dynamic in router.translation.dynamic:
        chosen = _chosen(router, dynamic, packet, leaves_by)
        if chosen.permits is None:
            return Translated(None, packet.source_port, (dynamic.written, *chosen.why))
        if chosen.permits:
            known = _dynamic_outside(router, dynamic) if dynamic.sure else None
            return Translated(known, packet.source_port, (dynamic.written, *chosen.why))
    return Translated(source, packet.source_port)


def _static_outside(router: Router, each: Static) -> IPv4Address | None:
    return each.outside if isinstance(each.outside, IPv4Address) else _address_of(router, each.outside)


def _dynamic_outside(router: Router, each: Dynamic) -> IPv4Address | None:
    return router.translation.pools.get(each.outside) if each.from_pool else _address_of(router, each.outside)


def _address_of(router: Router, name: str) -> IPv4Address | None:
    interface = router.interfaces.get(name)
    return next(_ipv4(interface.addresses), None) if interface is not None else None


def _ipv4(addresses: Iterable[object]) -> Iterator[IPv4Address]:
    for each in addresses:
        address = getattr(each, "ip", None)
        if isinstance(address, IPv4Address):
            yield address


def _chosen(router: Router, dynamic: Dynamic, packet: Packet, leaves_by: str) -> Ruling:
    if not dynamic.by_route_map:
        return router.ruling(dynamic.chosen_by, packet) or Ruling(None, (dynamic.written,))
    for clause in router.route_maps.get(dynamic.chosen_by, ()):
        fits = _fits(router, clause, packet, leaves_by)
        if fits.permits is None:
            return fits
        if fits.permits:
            return Ruling(clause.permits, (clause.written, *fits.why))
    return Ruling(False, (f"route-map {dynamic.chosen_by} [end]",))


def _fits(router: Router, clause: Clause, packet: Packet, leaves_by: str) -> Ruling:
    if clause.interfaces and leaves_by not in clause.interfaces:
        return Ruling(False, (clause.written,))
    if not clause.sure:
        return Ruling(None, (clause.written,))
    rulings = [router.ruling(each, packet) or Ruling(None, (clause.written,)) for each in clause.lists]
    permitting = next((each for each in rulings if each.permits is True), None)
    if permitting is not None or not rulings:
        return permitting or Ruling(True, ())
    doubtful = next((each for each in rulings if each.permits is None), None)
    return doubtful or Ruling(False, ())
