"""What interfaces themselves keep from passing: their access lists, and the check of source addresses.

Security Command Reference, "ip access-group": a list that does not exist lets everything pass. Security Configuration
Guide, "Unicast Reverse Path Forwarding", on the order: lists on the way in, then the check, then the way.
"""

from provisioning.evaluating.cisco_iosxe.interface import Interface
from provisioning.evaluating.cisco_iosxe.router import Router
from provisioning.evaluating.cisco_iosxe.ruling import Ruling
from provisioning.evaluating.packet import Packet

PASSES = Ruling(True, ())


def listed(router: Router, interface: Interface, way: str, packet: Packet) -> Ruling:
    """Return what the list of an interface says of a packet; `way` is `in` or `out`."""
    name, written = interface.lists.get((packet.family, way), ("", ""))
    if not name:
        return PASSES
    ruling = router.ruling(name, packet)
    if ruling is not None:
        return ruling
    missing = f"{written} [there is no such list, or nothing in it]"
    return Ruling(True if packet.family == 4 else None, (missing,))


def source_checked(router: Router, interface: Interface, packet: Packet) -> Ruling:
    """Return whether a packet's source address is one that the interface may hear of."""
    check = interface.checks.get(packet.family)
    if check is None:
        return PASSES
    way = router.routing.way(packet.source)
    if router.routing.own(packet.source):
        back: bool | None = not check.strict
    elif not way.interfaces or (way.by_default and not check.default_counts):
        back = False
    elif not check.strict or way.interfaces == (interface.name,):
        back = True
    else:
        back = None if interface.name in way.interfaces else False
    why = (check.written, *way.why)
    if back is True or not check.exempt:
        return Ruling(back, why)
    exempt = router.ruling(check.exempt, packet)
    if exempt is None:
        return Ruling(None, why)
    if exempt.permits is True:
        return Ruling(True, (check.written, *exempt.why))
    return Ruling(back if exempt.permits is False else None, (*why, *exempt.why))
