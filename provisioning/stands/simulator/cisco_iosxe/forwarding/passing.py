"""What a router does with a packet, in the order of IOS.

The access list and the source check of the interface that it comes in by, translation from outside to inside, routing,
the firewall, translation from inside to outside, the access list of the interface that it leaves by (Cisco document
6209, "NAT order of operation"; of the firewall, "Troubleshoot with the IOS-XE Datapath Packet Trace Feature").
Access lists on the way out are not asked of what the router itself says.
"""

from dataclasses import replace
from ipaddress import ip_address

from provisioning.stands.simulator.cisco_iosxe.forwarding.access_lists import permits
from provisioning.stands.simulator.cisco_iosxe.forwarding.interfaces import Interface
from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import EVERYBODY4, Plane
from provisioning.stands.simulator.cisco_iosxe.forwarding.routes import NULL
from provisioning.stands.simulator.cisco_iosxe.forwarding.services import BGP, SNMP, TELNET
from provisioning.stands.simulator.cisco_iosxe.forwarding.table import converses, route
from provisioning.stands.simulator.cisco_iosxe.forwarding.translation import DESTINATION, INSIDE, OUTSIDE, SOURCE
from provisioning.stands.simulator.cisco_iosxe.forwarding.ways import Ways
from provisioning.stands.simulator.cisco_iosxe.forwarding.zones import DROP, INSPECT, SELF
from provisioning.stands.simulator.packets import (
    BLACKHOLE,
    DROPPED,
    ECHO,
    LOCAL,
    REJECTED,
    TCP,
    UDP,
    UNROUTED,
    Packet,
    Passage,
)

SESSION = "inspected"
"""What a packet's status says of a session that the firewall remembers."""

ECHO_REPLY = {4: 0, 6: 129}
PROHIBITED, RESET, HOST = "prohibited", "reset", "host"


def forward(plane: Plane, packet: Packet, came_in: Interface, ways: Ways) -> Passage:
    """Return what becomes of the first packet of a connection; where it went is an interface's name.

    Args:
        ways: that it knows at the moment.
    """
    packet = replace(packet, came_in=came_in.name)
    if not plane.lets_in(came_in, packet):
        return _denied(came_in, packet)
    if not _is_likely(plane, packet, came_in, ways):
        return Passage(DROPPED, packet)
    inside = plane.translations.inwards(packet) if came_in.translation == OUTSIDE else packet
    if inside.target == EVERYBODY4 or plane.owner(inside.version, inside.target) is not None:
        return _local(plane, inside, came_in, packet)
    way = route(plane, inside.version, inside.target, ways)
    if way is None or not plane.routing.routes(inside.version):
        return Passage(UNROUTED, inside)
    if way.interface == NULL:
        null = plane.interfaces.get(NULL)
        tells = null is None or null.tells[packet.version]
        return Passage(REJECTED, inside, HOST) if tells else Passage(BLACKHOLE, inside)
    return _through(plane, inside, came_in, plane.interfaces[way.interface], packet, way.gateway)


def _denied(interface: Interface, packet: Packet) -> Passage:
    tells = interface.tells[packet.version]
    return Passage(REJECTED, packet, PROHIBITED) if tells else Passage(DROPPED, packet)


def _is_likely(plane: Plane, packet: Packet, interface: Interface, ways: Ways) -> bool:
    """Return whether a source may be where it comes from: `verify unicast source reachable-via` (RFC 3704)."""
    how = interface.strict.get(packet.version)
    if how is None or not packet.source:
        return True
    if plane.owner(packet.version, packet.source) is not None and "allow-self-ping" not in how:
        return False
    way = route(plane, packet.version, packet.source, ways)
    if way is None or way.interface == NULL:
        return False
    if way.network.prefixlen == 0 and "allow-default" not in how:
        return False
    return "any" in how or way.interface == interface.name


def _through(
    plane: Plane, inside: Packet, came_in: Interface, goes_out: Interface, came: Packet, gateway: str
) -> Passage:
    filtered = replace(inside, goes_out=goes_out.name, ttl=inside.ttl - 1)
    action = plane.action(came_in.zone, goes_out.zone, filtered)
    if action == DROP:
        return Passage(DROPPED, filtered)
    if action == INSPECT:
        filtered = replace(filtered, status=filtered.status | {SESSION})
    packet = filtered
    if (came_in.translation, goes_out.translation) == (INSIDE, OUTSIDE):
        packet = plane.translations.outwards(filtered, plane.owned(), plane.lists)
    if not plane.lets_out(goes_out, packet):
        return _denied(goes_out, packet)
    return Passage(goes_out.name, packet, gateway=gateway, filtered=filtered, came=came)


def _local(plane: Plane, packet: Packet, came_in: Interface, came: Packet) -> Passage:
    """Return what becomes of a packet for the router itself."""
    action = plane.action(came_in.zone, SELF, packet)
    if action == DROP:
        return Passage(DROPPED, packet)
    if action == INSPECT:
        packet = replace(packet, status=packet.status | {SESSION})
    answer = _refused(plane, packet)
    if answer is not None:
        return Passage(REJECTED if answer else DROPPED, packet, answer)
    return Passage(LOCAL, packet, came=came)


def _refused(plane: Plane, packet: Packet) -> str | None:
    """Return what a service tells somebody whom it does not serve; None when it serves him, or does not run."""
    services = plane.services
    if packet.protocol == TCP and packet.target_port in (services.ssh_port, TELNET):
        lines = services.takes("telnet" if packet.target_port == TELNET else "ssh")
        name = lines.classes.get(packet.version, "") if lines is not None else ""
        return None if permits(plane.lists, name, packet) else RESET
    if packet.protocol == TCP and packet.target_port == BGP:
        length = 4 if packet.version == 4 else 16
        return None if ip_address(packet.source.to_bytes(length, "big")) in plane.bgp.neighbours else RESET
    if packet.protocol == UDP and packet.target_port == SNMP and services.snmp_lists:
        return None if any(permits(plane.lists, each, packet) for each in services.snmp_lists) else ""
    return None


def answers(plane: Plane, passage: Passage) -> bool:
    """Return whether what answers a packet gets back to the sender, and what the sender says then gets there."""
    came, packet = passage.came or passage.packet, passage.packet
    came_in = plane.up(came.came_in)
    if came_in is None:
        return False
    later, back = replace(came, state="established"), replace(_reply(came), came_in="")
    if not plane.lets_in(came_in, later):
        return False
    if passage.where == LOCAL:
        reply = replace(_reply(packet), came_in="")
        return SESSION in packet.status or plane.action(SELF, came_in.zone, reply) != DROP
    filtered, goes_out = passage.filtered or packet, plane.up((passage.filtered or packet).goes_out)
    if goes_out is None or not plane.lets_in(goes_out, _reply(packet)) or not plane.lets_out(came_in, back):
        return False
    if not plane.lets_out(goes_out, replace(packet, state="established")):
        return False
    if SESSION not in packet.status and plane.action(goes_out.zone, came_in.zone, _reply(filtered)) == DROP:
        return False
    return _comes_from_whom_was_asked(plane, packet, came_in, goes_out)


def _reply(packet: Packet) -> Packet:
    """Return what answers a packet; to a ping it is an echo reply."""
    asked = (packet.protocol, packet.kind) == ECHO[packet.version]
    return replace(packet.back(), kind=ECHO_REPLY[packet.version]) if asked else packet.back()


def _comes_from_whom_was_asked(plane: Plane, packet: Packet, came_in: Interface, goes_out: Interface) -> bool:
    """Return whether the answer to a packet has the address that the packet went to, whatever is translated."""
    back = (goes_out.translation, came_in.translation)
    if DESTINATION in packet.status:
        return back == (INSIDE, OUTSIDE)
    if SOURCE in packet.status:
        return goes_out.translation == OUTSIDE
    # A host that was called by its inside address answers with it, and is translated all the same.
    reply = _reply(packet)
    return back != (INSIDE, OUTSIDE) or plane.translations.outwards(reply, plane.owned(), plane.lists) == reply


def call(plane: Plane, packet: Packet, ways: Ways) -> Passage:
    """Return how the first packet of a call of the router's own leaves; dropped also when no answer would come in."""
    way = route(plane, packet.version, packet.target, ways)
    goes_out = plane.up(way.interface) if way is not None else None
    if goes_out is None:
        return Passage(UNROUTED, packet)
    told = plane.services.sources.get(packet.target_port, "")
    source = plane.own(told, packet.version) or plane.own(goes_out.name, packet.version)
    sent = replace(packet, source=source, goes_out=goes_out.name)
    return Passage(goes_out.name if source and converses(plane, goes_out, sent) else DROPPED, sent)
