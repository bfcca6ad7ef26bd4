"""The part of a router that notices what becomes of its bearers, and whose bearers are cut from outside."""

import random
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from provisioning.stands.simulator.bgp_ends import session_on, takes_calls
from provisioning.stands.simulator.cables import Cable, CutKind, bearer_named, cut_cable, kind_named
from provisioning.stands.simulator.cisco_iosxe.device import Device
from provisioning.stands.simulator.cisco_iosxe.failover.conditions import VERSIONS, Conditions, watched_by
from provisioning.stands.simulator.cisco_iosxe.failover.machine import Machine
from provisioning.stands.simulator.cisco_iosxe.forwarding.interfaces import BEARER_OF, INTERFACE_OF
from provisioning.stands.simulator.cisco_iosxe.forwarding.networking import Networking, Operator
from provisioning.stands.simulator.cisco_iosxe.forwarding.routes import Route, default_network
from provisioning.stands.simulator.cisco_iosxe.forwarding.table import answers, neighbour_of, routes
from provisioning.stands.simulator.cisco_iosxe.forwarding.ways import Ways
from provisioning.stands.simulator.customer_router import BgpSession, CustomerRouter
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.lines import Address, Network
from provisioning.stands.simulator.operator_side import NEIGHBOURS
from provisioning.stands.simulator.packets import BEARERS, FIXED, MOBILE, Packet, Passage
from provisioning.stands.simulator.radio import RadioState, radio_of

PACKET_BYTES = 100
"""What each packet counts for on the interface that it passes; nobody here has any longer ones."""

KEEPALIVE_BYTES = {FIXED: 180, MOBILE: 16}
"""A second, of BFD and BGP in both families, while a bearer works."""


class Following(Networking):
    """A router that remembers what it noticed of its bearers.

    Args:
        operator: whose network it is connected to.
        faults: returns those in force.
    """

    device: Device

    def __init__(self, name: str, number: int, operator: Operator, faults: Callable[[], Faults]) -> None:
        super().__init__(name, number)
        self._operator = operator
        self._faults = faults
        self._cables = {side: Cable() for side in BEARERS}
        self._known: dict[object, Conditions] = {}
        self._text: str | None = None
        self._at: datetime | None = None
        self._told: dict[Address, list[Network]] = {}
        self._told_of: object = None
        self._packets: Counter[tuple[str, str]] = Counter()
        self._machine: Machine

    @property
    @abstractmethod
    def _me(self) -> CustomerRouter:
        """The router, as its network knows it."""

    def begin(self) -> None:
        """Know nothing, as after a start."""
        self._text, self._told, self._told_of = None, {}, None
        self._packets.clear()
        chance = random.Random(self.name)  # noqa: S311 - nothing secret hangs on it
        self._machine = Machine(self.device.now(), self.device.note, self._held, chance)

    @property
    def machine(self) -> Machine:
        """What it knows of its bearers: nothing is noticed before somebody asks, for most of many routers are not."""
        if self._text is None:
            self.follow()
        return self._machine

    # --- cut from outside ---

    def cut_bearer(self, name: str, kind: str) -> None:
        """Cut a bearer, in the place of a cut that was there.

        Raises:
            BadInput: when there is no such bearer, or kind of cut.
        """
        side, cut = bearer_named(name), kind_named(kind)
        self.follow()
        self._cables[side] = cut_cable(cut, self.device.now(), f"{self.name} {side}")
        self.follow()

    def heal_bearer(self, name: str) -> None:
        """Let a bearer be whole again.

        Raises:
            BadInput: when there is no such bearer.
        """
        side = bearer_named(name)
        self.follow()
        self._cables[side] = Cable()
        self.follow()

    def cut_bearers(self) -> dict[str, str]:
        """Return how bearers are cut, by name."""
        return {side: cable.cut.value for side, cable in self._cables.items() if cable.cut is not None}

    # --- what passes at the moment ---

    def is_sound(self, bearer: str) -> bool:
        """Return whether packets pass on a bearer both ways; where they are lost by chance, most do."""
        return self._has_line(bearer) and self._cables[bearer].is_sound(self._at or self.device.now())

    def lets_through(self, bearer: str, *, inward: bool) -> bool:
        """Return whether a packet passes on a bearer at this moment."""
        return self._has_line(bearer) and self._cables[bearer].passes(self.device.now(), inward=inward)

    def _has_line(self, bearer: str) -> bool:
        return bearer not in self.down() and self.plane().up(INTERFACE_OF[bearer]) is not None

    def down(self) -> frozenset[str]:
        """Return the sides that have no light, no carrier or no network."""
        down = {side for side, cable in self._cables.items() if not cable.has_link()}
        if not self.radio().attached:
            down.add(MOBILE)
        return frozenset(down)

    def radio(self) -> RadioState:
        """Return how the mobile modem does."""
        return radio_of(self.number, self._faults())

    # --- what it knows ---

    def ways(self) -> Ways:
        """Return what it knows of its bearers."""
        return Ways(self.bearers(), self.machine.up, self.machine.here)

    def holds(self, bearer: str, version: int) -> bool:
        """Return whether the operator's end of a bearer holds its BGP session with it."""
        found = self.machine.sessions.get(NEIGHBOURS[bearer][version])
        return found is not None and found.there

    def announces(self, session: BgpSession, address: Address) -> bool:
        """Return whether it has told a neighbour of an address."""
        return session.neighbour in self.machine.sessions and any(
            address in each for each in self._told.get(session.neighbour, ())
        )

    def told(self, neighbour: Address) -> list[Network] | None:
        """Return what a neighbour is told; None when there is none of this address."""
        session = self.machine.sessions.get(neighbour)
        if session is None:
            return None
        return self._told.get(neighbour, []) if session.here else []

    def is_up(self, neighbour: str) -> bool:
        """Return whether a BGP session with a neighbour stands, as it knows it."""
        return any(str(each) == neighbour.lower() for each in self.machine.here)

    def default_route(self, version: int) -> Route | None:
        """Return the default route that is in force."""
        default = default_network(version)
        found = [each for each in routes(self.plane(), version, self.ways()) if each.network == default]
        return min(found, key=lambda each: each.distance, default=None)

    def as_number(self) -> int:
        """Return its AS number; 0 without BGP."""
        return self.plane().bgp.as_number

    def has_line(self, interface: str) -> bool:
        """Return whether the interface of a bearer has a line; that of any other always has."""
        return interface not in BEARER_OF or BEARER_OF[interface] not in self.down()

    def tick(self) -> None:
        """Have done what was due until now."""
        if self._text is not None:
            self.follow()
        if self.device.tick() and self._text is not None:
            self.follow()

    def follow(self) -> None:
        """Notice what has happened until now."""
        text = self.running_config()
        now = self.device.now()
        if text is not self._text:
            self._text = text
            self._known.clear()
            self._machine.watch(watched_by(self.plane()), now)
        self._machine.advance(now, self._conditions)
        self._tell()

    def _conditions(self, when: datetime) -> Conditions:
        self._at = when
        try:
            sound = self.bearers()
        finally:
            self._at = None
        turns = [each for cable in self._cables.values() if (each := cable.turns_at(when)) is not None]
        shaky = frozenset(side for side, each in self._cables.items() if each.cut is CutKind.LOSS)
        key = sound, self.down(), tuple(self.machine.up.items()), shaky, min(turns, default=None)
        if key not in self._known:
            if len(self._known) > len(VERSIONS) * 16:
                self._known.clear()
            self._known[key] = self._looked(sound, shaky, min(turns, default=None))
        return self._known[key]

    def _looked(self, sound: tuple[str, ...], shaky: frozenset[str], turns_at: datetime | None) -> Conditions:
        plane, down = self.plane(), self.down()
        probes = plane.routing.probes
        up = {side for side in BEARERS if plane.up(INTERFACE_OF[side]) is not None}
        shut = {side for side in BEARERS if side not in up and side not in down}
        return Conditions(
            speaks=frozenset(self._speaking(sound)),
            answered=frozenset(number for number, each in probes.items() if answers(plane, each, sound)),
            routing=frozenset(name for name in plane.interfaces if plane.own(name, 4)),
            lines=frozenset(up),
            shut=frozenset(shut),
            shaky=shaky,
            turns_at=turns_at,
        )

    def _speaking(self, sound: tuple[str, ...]) -> list[Address]:
        """Return the neighbours with which BGP can be spoken: each end takes the other's calls."""
        plane, found = self.plane(), []
        nobody = Ways(sound, self.machine.up, frozenset())
        for side in sound:
            for version in VERSIONS:
                session = session_on(side, version)
                near = neighbour_of(plane, session, routes(plane, version, nobody))
                if near is not None and takes_calls(self._me, side, version):
                    found.append(session.neighbour)
        return found

    def _held(self) -> frozenset[Address]:
        """Return the neighbours from which something is withheld while a route stands."""
        plane, ways = self.plane(), self.ways()
        routed = {version: {each.network for each in routes(plane, version, ways)} for version in VERSIONS}
        return frozenset(
            address
            for address, each in plane.bgp.neighbours.items()
            if plane.bgp.is_held(each, address.version, routed[address.version])
        )

    def _tell(self) -> None:
        """Tell the neighbours that are reached what is announced to them; the others know what they were told last."""
        machine = self.machine
        standing = tuple(each for each, session in machine.sessions.items() if session.here and session.there)
        key = self._text, self.down(), tuple(machine.up.items()), machine.withheld, standing, self.bearers()
        if key == self._told_of:
            return
        self._told_of = key
        plane, ways = self.plane(), self.ways()
        for address in standing:
            side = machine.sessions[address].peer.side
            if side not in ways.bearers:
                continue
            routed = {each.network for each in routes(plane, address.version, ways)}
            neighbour = plane.bgp.neighbours[address]
            held = address in machine.withheld
            self._told[address] = plane.bgp.announced(neighbour, address.version, routed, held=held)

    # --- what is counted ---

    def forward(self, packet: Packet, side: str) -> Passage:
        """Return what becomes of a packet that comes in by a side, and count it."""
        passage = super().forward(packet, side)
        self._packets[side, "in"] += 1
        self._packets[passage.where, "out"] += 1
        return passage

    def counted(self, interface: str) -> tuple[int, int]:
        """Return how many packets came in and went out by an interface since the start."""
        side = next((each for each in BEARERS if INTERFACE_OF[each] == interface), interface)
        return self._packets[side, "in"], self._packets[side, "out"]

    def bytes_of(self, interface: str) -> tuple[int, int]:
        """Return how many bytes came in and went out by an interface since the start."""
        side = next((each for each in BEARERS if INTERFACE_OF[each] == interface), interface)
        seconds = int((self.device.now() - self.device.booted).total_seconds())
        kept = KEEPALIVE_BYTES.get(side, 0) * seconds if side in self.bearers() else 0
        came, went = self.counted(interface)
        return came * PACKET_BYTES + kept, went * PACKET_BYTES + kept
