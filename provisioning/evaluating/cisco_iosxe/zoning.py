"""What the zone-based firewall does with a packet."""

from dataclasses import dataclass

from provisioning.evaluating.cisco_iosxe.class_map import ClassMap, Match
from provisioning.evaluating.cisco_iosxe.policy_map import DEFAULT_CLASS, Action, PolicyClass
from provisioning.evaluating.cisco_iosxe.router import Router
from provisioning.evaluating.cisco_iosxe.ruling import Ruling
from provisioning.evaluating.cisco_iosxe.zone import SELF
from provisioning.evaluating.packet import Packet

PROTOCOLS = ("tcp", "udp", "icmp")


@dataclass(frozen=True, slots=True)
class Zoned:
    """What the firewall does.

    Attributes:
        inspected: whether it remembers the session.
    """

    ruling: Ruling
    inspected: bool


def between(router: Router, source: str, destination: str, packet: Packet) -> Zoned:
    """Return what is done with a packet from one zone to another; empty for an interface without a zone."""
    pair = router.zones.pairs.get((source, destination))
    if pair is not None and pair.policy:
        policy = router.policies.get(pair.policy)
        if policy is None:
            return Zoned(Ruling(None, (f"{pair.written}: [there is no policy {pair.policy}]",)), False)
        zoned = _decided(router, policy, packet)
        return Zoned(Ruling(zoned.ruling.permits, (pair.written, *zoned.ruling.why)), zoned.inspected)
    if destination == SELF or source == destination:
        return Zoned(Ruling(True, ()), False)
    if not source or not destination:
        named = source or destination
        return Zoned(Ruling(False, (f"[nothing passes between zone {named} and an interface without one]",)), False)
    return Zoned(Ruling(False, (f"[no zone pair from {source} to {destination}]",)), False)


def _decided(router: Router, policy: tuple[PolicyClass, ...], packet: Packet) -> Zoned:
    """Return what a policy does; where membership of a class is in doubt, both ways must come to the same."""
    doubts: list[str] = []
    possible: list[Zoned] = []
    for each in policy:
        member = _member(router, each, packet)
        if member.permits is False:
            continue
        possible.append(_done(each, packet, member))
        if member.permits is True:
            break
        doubts += member.why
    answers = {each.ruling.permits for each in possible}
    if len(answers) == 1:
        return Zoned(possible[-1].ruling, all(each.inspected for each in possible))
    return Zoned(Ruling(None, tuple(doubts)), False)


def _done(each: PolicyClass, packet: Packet, member: Ruling) -> Zoned:
    why = (*member.why, each.written)
    if each.action is None:
        return Zoned(Ruling(None, why), False)
    if each.action is Action.INSPECT and packet.protocol == "tcp" and packet.established:
        # No session begins with such a segment, and of none that has begun it is known here.
        return Zoned(Ruling(False, (*why, "[belongs to no session]")), False)
    return Zoned(Ruling(each.action is not Action.DROP, why), each.action is Action.INSPECT)


def _member(router: Router, each: PolicyClass, packet: Packet) -> Ruling:
    if each.name == DEFAULT_CLASS:
        return Ruling(True, ())
    found = router.classes.get(each.name)
    if found is None:
        return Ruling(None, (each.written,))
    return _belongs(router, found, packet, ())


def _belongs(router: Router, found: ClassMap, packet: Packet, above: tuple[str, ...]) -> Ruling:
    """Return whether a packet belongs to a class."""
    if found.name in above or not found.matches:
        return Ruling(None, (f"class {found.name}",))
    rulings = [_holds(router, each, packet, (*above, found.name)) for each in found.matches]
    deciding = not found.all_of
    decided = next((each for each in rulings if each.permits is deciding), None)
    if decided is not None:
        return decided
    doubtful = tuple(line for each in rulings if each.permits is None for line in each.why)
    if doubtful:
        return Ruling(None, doubtful)
    return Ruling(not deciding, tuple(line for each in rulings for line in each.why))


def _holds(router: Router, match: Match, packet: Packet, above: tuple[str, ...]) -> Ruling:
    if match.kind == "access-group":
        families = [family for family, name in router.lists if name == match.name]
        if families and packet.family not in families:
            return Ruling(False, (match.written,))
        return router.ruling(match.name, packet) or Ruling(None, (match.written,))
    if match.kind == "protocol" and match.name in PROTOCOLS:
        return Ruling(match.name == packet.protocol, (match.written,))
    if match.kind == "class-map" and match.name in router.classes:
        return _belongs(router, router.classes[match.name], packet, above)
    return Ruling(None, (match.written,))
