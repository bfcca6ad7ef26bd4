"""Whether a packet is let in, and where it goes: the order of a router's operations.

On the way in: access list, check of the source address, translation of the destination (from `ip nat outside`),
routing. Then the zone-based firewall, which sees addresses as they are inside: destinations after, sources before
translation. On the way out: translation of the source (to `ip nat outside`), access list. Sources: "NAT Order of
Operation" (Cisco document 6209); "Zone-Based Policy Firewall Design and Application Guide"; for IOS XE the order in
"Troubleshoot with the IOS-XE Datapath Packet Trace Feature": IPV4_OUTPUT_INSPECT before IPV4_NAT_OUTPUT_FIA.
"""

from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address

from provisioning.evaluating.cisco_iosxe.filtering import listed, source_checked
from provisioning.evaluating.cisco_iosxe.interface import Interface, Learned
from provisioning.evaluating.cisco_iosxe.router import Router, read_router
from provisioning.evaluating.cisco_iosxe.routing import NOWHERE
from provisioning.evaluating.cisco_iosxe.ruling import Ruling
from provisioning.evaluating.cisco_iosxe.translating import Translated, to_inside, to_outside
from provisioning.evaluating.cisco_iosxe.zone import SELF
from provisioning.evaluating.cisco_iosxe.zoning import Zoned, between
from provisioning.evaluating.packet import Address, Packet
from provisioning.evaluating.passage import Answer, Passage


@dataclass(frozen=True, slots=True)
class Session:
    """A packet that was let in, and what became of it: what answers to it is known by that."""

    first: Packet
    passage: Passage


@dataclass(slots=True)
class _Course:
    """What is known of a packet on its way.

    Attributes:
        doubts: lines for which something on the way may have stopped it.
        not_understood: lines that may turn a no into a yes, too.
    """

    why: list[str] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def stopped(self, ruling: Ruling) -> bool:
        """Take a ruling down; return whether it stops the packet for certain."""
        self.why += ruling.why
        if ruling.permits is None:
            self.doubts += ruling.why or ("",)
        return ruling.permits is False


def evaluate(configuration: str, packet: Packet, learned: Learned | None = None) -> Passage:
    """Return what a router does with the first packet of a session.

    Args:
        configuration: as `show running-config` shows it.
        learned: addresses of the interfaces at the moment; what they learn stands in no configuration.
    """
    return passage(read_router(configuration, learned), packet)


def passage(router: Router, packet: Packet, session: Session | None = None) -> Passage:
    """Return what a router does with a packet.

    Args:
        session: that the packet belongs to, when it is not the first one.
    """
    course = _Course(not_understood=list(router.not_understood))
    interface = router.interfaces.get(packet.arrives_on)
    if interface is None:
        return _end(packet, course, None, f"[there is no interface {packet.arrives_on}]")
    course.not_understood += interface.not_understood
    if not interface.up:
        return _end(packet, course, False, f"{interface.name}: shutdown")
    if course.stopped(listed(router, interface, "in", packet)):
        return _end(packet, course, False)
    if course.stopped(source_checked(router, interface, packet)):
        return _end(packet, course, False)
    arrived = _translated_in(router, interface, packet, session)
    course.why += arrived.why
    if arrived.address is None:
        course.not_understood += arrived.why
        return _end(packet, course, None)
    inside = replace(packet, destination=arrived.address, destination_port=arrived.port)
    if router.routing.own(inside.destination):
        return _to_router(router, interface, inside, course, session)
    return _onwards(router, interface, inside, course, session)


def _translated_in(router: Router, interface: Interface, packet: Packet, session: Session | None) -> Translated:
    if interface.nat != "outside" or packet.family == 6:
        return Translated(packet.destination, packet.destination_port)
    if session is not None and session.passage.source == packet.destination != session.first.source:
        return Translated(session.first.source, session.first.source_port, ("[translated back]",))
    return to_inside(router, packet)


def _to_router(
    router: Router, interface: Interface, packet: Packet, course: _Course, session: Session | None
) -> Passage:
    zoned = _zoned(router, router.zones.of(interface.zone), SELF, packet, session)
    if course.stopped(zoned.ruling):
        return _end(packet, course, False)
    course.doubts += router.guard
    return _end(packet, course, True, inspected=zoned.inspected)


def _onwards(
    router: Router, interface: Interface, packet: Packet, course: _Course, session: Session | None
) -> Passage:
    destination = packet.destination
    if destination.is_multicast or destination.is_link_local or destination == IPv4Address("255.255.255.255"):
        return _end(packet, course, None, "[addresses of the link itself are not looked at]")
    if packet.family not in router.routing.forwards:
        return _end(packet, course, False, "[the router forwards none of this family]")
    if packet.family == 4 and router.routing.broadcast(destination):
        return _end(packet, course, False, "[directed broadcasts are not passed on]")
    way = router.routing.way(destination)
    course.why += way.why
    if not way.interfaces or way.interfaces == (NOWHERE,):
        return _end(packet, course, False, "[there is no way there]")
    ends = [_out_of(router, interface, name, packet, course, session) for name in way.interfaces]
    joined = _joined(ends)
    return replace(joined, next_hop=way.next_hop) if joined.leaves_by else joined


def _out_of(
    router: Router, arrived: Interface, name: str, packet: Packet, before: _Course, session: Session | None
) -> Passage:
    """Return what becomes of a packet that leaves by an interface."""
    course = _Course(list(before.why), list(before.not_understood), list(before.doubts))
    leaving = router.interfaces.get(name)
    if leaving is None or not leaving.up:
        return _end(packet, course, False, f"[{name} is not up]")
    course.not_understood += leaving.not_understood
    zones = router.zones.of(arrived.zone), router.zones.of(leaving.zone)
    zoned = _zoned(router, *zones, packet, session)
    if course.stopped(zoned.ruling):
        return _end(packet, course, False)
    sent = Translated(packet.source, packet.source_port)
    if packet.family == 4 and (arrived.nat, leaving.nat) == ("inside", "outside"):
        sent = _translated_out(router, packet, name, session)
        course.why += sent.why
    # A source that nobody knows is as good as any that is not named: the list is asked with the one before.
    outside = replace(packet, source=sent.address or packet.source, source_port=sent.port)
    ruling = listed(router, leaving, "out", outside)
    if sent.address is None and ruling.why:
        ruling = Ruling(None, ruling.why)
    if course.stopped(ruling):
        return _end(packet, course, False)
    return _end(packet, course, True, leaves_by=name, source=sent, inspected=zoned.inspected)


def _translated_out(router: Router, packet: Packet, leaves_by: str, session: Session | None) -> Translated:
    if session is not None and session.first.destination != session.passage.destination:
        return Translated(session.first.destination, session.first.destination_port, ("[translated back]",))
    return to_outside(router, packet, leaves_by)


def _zoned(router: Router, source: str, destination: str, packet: Packet, session: Session | None) -> Zoned:
    if session is not None and session.passage.inspected:
        return Zoned(Ruling(True, ("[belongs to a session that is remembered]",)), True)
    return between(router, source, destination, packet)


def _end(
    packet: Packet,
    course: _Course,
    let_in: bool | None,
    why: str = "",
    *,
    leaves_by: str = "",
    source: Translated | None = None,
    inspected: bool = False,
) -> Passage:
    """Return the passage at its end; what is not understood, or doubted, leaves no certain answer."""
    if let_in is None and why:
        course.not_understood.append(why)
    certain = let_in is not None and not course.not_understood and not (course.doubts and let_in)
    answer = (Answer.YES if let_in else Answer.NO) if certain else Answer.CANNOT_TELL
    return Passage(
        let_in=answer,
        source=packet.source if source is None else source.address,
        source_port=packet.source_port if source is None else source.port,
        destination=packet.destination,
        destination_port=packet.destination_port,
        leaves_by=(leaves_by,) if leaves_by else (),
        next_hop=None,
        inspected=inspected,
        why=tuple(dict.fromkeys((*course.why, *((why,) if why else ())))),
        not_understood=tuple(dict.fromkeys((*course.not_understood, *course.doubts))),
    )


def _joined(ends: list[Passage]) -> Passage:
    """Return what is common to the ways by which a packet may leave."""
    first, *others = ends
    if not others:
        return first
    answers = {each.let_in for each in ends}
    sources: set[Address | None] = {each.source for each in ends}
    return replace(
        first,
        let_in=first.let_in if len(answers) == 1 else Answer.CANNOT_TELL,
        source=first.source if len(sources) == 1 else None,
        leaves_by=tuple(name for each in ends for name in each.leaves_by),
        inspected=all(each.inspected for each in ends),
        why=tuple(dict.fromkeys(line for each in ends for line in each.why)),
        not_understood=tuple(dict.fromkeys(line for each in ends for line in each.not_understood))
        or (() if len(answers) == 1 else ("[it depends on which way it goes]",)),
    )
