"""The routes of a router that are in force: connected, static, by BGP, and those that bearers tell of."""

from dataclasses import replace
from ipaddress import ip_address

from provisioning.stands.simulator.bgp_ends import session_on
from provisioning.stands.simulator.cisco_iosxe.forwarding.bgp import Neighbour
from provisioning.stands.simulator.cisco_iosxe.forwarding.interfaces import Interface
from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import Plane
from provisioning.stands.simulator.cisco_iosxe.forwarding.routes import (
    ADVERTISED,
    CONNECTED,
    EXTERNAL_BGP,
    FROM_DHCP,
    NOWHERE,
    NULL,
    Probe,
    Route,
    StaticRoute,
    best,
    default_network,
    is_up,
)
from provisioning.stands.simulator.cisco_iosxe.forwarding.ways import Ways
from provisioning.stands.simulator.cisco_iosxe.forwarding.zones import DROP, SELF
from provisioning.stands.simulator.customer_router import BgpSession
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.operator_side import NEIGHBOURS
from provisioning.stands.simulator.packets import BEARERS, ECHO, FIXED, Packet

DEFAULT = "default"
"""The gateway that a bearer told."""


def routes(plane: Plane, version: int, ways: Ways) -> list[Route]:
    """Return the routes that are in force.

    Args:
        ways: that it knows at the moment.
    """
    found = _connected(plane, version)
    fixed = [each for each in plane.routing.statics if each.network.version == version and _holds(plane, each, ways)]
    # What leads by an interface first: the gateway of another one may lie there.
    for static in sorted(fixed, key=lambda each: not each.interface):
        interface = static.interface or _towards(found, static.gateway)
        if interface == NULL or plane.up(interface) is not None:
            gateway = DEFAULT if static.by_dhcp else str(static.gateway or "")
            found.append(Route(static.network, interface, gateway, static.distance))
    found += _defaults(plane, version, ways.bearers)
    if (learnt := _learnt(plane, version, found, ways)) is not None:
        found.append(learnt)
    return found


def route(plane: Plane, version: int, target: int, ways: Ways) -> Route | None:
    """Return the route that a packet takes; None when there is none."""
    address = ip_address(target.to_bytes(4 if version == 4 else 16, "big"))
    return best(routes(plane, version, ways), address)


def _connected(plane: Plane, version: int) -> list[Route]:
    return [
        Route(each.network, name, distance=CONNECTED)
        for name, interface in plane.interfaces.items()
        if interface.is_up
        for each in interface.holding(version)
    ]


def _towards(found: list[Route], gateway: Address | None) -> str:
    """Return the interface by which a gateway is reached; a default route does not count."""
    if gateway is None:
        return NOWHERE
    way = best([each for each in found if each.network.prefixlen], gateway)
    return way.interface if way is not None and way.interface != NULL else NOWHERE


def _holds(plane: Plane, static: StaticRoute, ways: Ways) -> bool:
    """Return whether what a static route depends on is there."""
    if static.by_dhcp and not plane.own(static.interface, 4):
        return False
    if static.track and ways.tracks is not None:
        return ways.tracks.get(static.track, False)
    return not static.track or is_up(plane.routing.tracks, static.track, states(plane, ways.bearers))


def states(plane: Plane, bearers: tuple[str, ...]) -> dict[tuple[str, str], bool]:
    """Return which operations get their answer, and which interfaces route IPv4."""
    answered = {("sla", number): answers(plane, probe, bearers) for number, probe in plane.routing.probes.items()}
    routing = {("interface", name): bool(plane.own(name, 4)) for name in plane.interfaces}
    return {**answered, **routing}


def answers(plane: Plane, probe: Probe, bearers: tuple[str, ...]) -> bool:
    """Return whether a neighbour on a bearer answers a ping."""
    version = probe.target.version
    name = probe.source or _towards(_connected(plane, version), probe.target)
    interface = plane.up(name)
    if interface is None or not probe.is_scheduled or plane.side(name) not in bearers:
        return False
    if not (own := plane.own(name, version)) or probe.target not in NEIGHBOURS[plane.side(name)].values():
        return False
    protocol, kind = ECHO[version]
    asked = Packet(version, protocol, own, int(probe.target), kind=kind, goes_out=name)
    return converses(plane, interface, asked)


def converses(plane: Plane, interface: Interface, asked: Packet) -> bool:
    """Return whether the router may begin to talk by an interface, and hears the answer."""
    action = plane.action(SELF, interface.zone, asked)
    answer = replace(asked.back(), goes_out="")
    if action == DROP or not plane.lets_in(interface, answer):
        return False
    return action == "inspect" or plane.action(interface.zone, SELF, answer) != DROP


def _defaults(plane: Plane, version: int, bearers: tuple[str, ...]) -> list[Route]:
    """Return the default routes that bearers tell of: by DHCP, and by router advertisements."""
    found: list[Route] = []
    for side in BEARERS:
        interface = plane.on_side(side)
        if interface is None or not plane.own(interface.name, version):
            continue
        if version == 4 and side == FIXED and interface.lends and interface.default4:
            found.append(Route(default_network(4), interface.name, DEFAULT, FROM_DHCP))
        if version == 6 and interface.default6 and side in bearers:
            found.append(Route(default_network(6), interface.name, DEFAULT, ADVERTISED))
    return found


def neighbour_of(plane: Plane, session: BgpSession, found: list[Route]) -> Neighbour | None:
    """Return the neighbour at the other end of a session; None when the router does not hold it.

    Args:
        found: connected and static routes.
    """
    neighbour = plane.bgp.active(session.neighbour, session.neighbour_as)
    if neighbour is None or plane.bgp.as_number != session.own_as:
        return None
    # A neighbour in another AS must be on a connected network, unless that is not checked.
    near = [each for each in found if neighbour.may_be_far or (each.distance == CONNECTED and not each.gateway)]
    interface = _towards(near, session.neighbour)
    return neighbour if interface and plane.side(interface) == session.side else None


def _learnt(plane: Plane, version: int, found: list[Route], ways: Ways) -> Route | None:
    """Return the default route that BGP tells of, by the bearer whose route map prefers it most."""
    default = default_network(version)
    told: list[tuple[int, str]] = []
    for side in BEARERS if ways.neighbours is not None else ways.bearers:
        if ways.neighbours is not None and NEIGHBOURS[side][version] not in ways.neighbours:
            continue
        session = session_on(side, version)
        neighbour = neighbour_of(plane, session, found)
        preference = plane.bgp.passes(neighbour.maps.get("in", ""), default) if neighbour is not None else None
        if preference is not None:
            told.append((preference, _towards(found, session.neighbour)))
    if not told:
        return None
    _, interface = max(told, key=lambda each: each[0])
    return Route(default, interface, DEFAULT, EXTERNAL_BGP)
