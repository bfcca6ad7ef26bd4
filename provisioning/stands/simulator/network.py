"""The operator's network around the simulated routers: who has which address, and what a packet meets on its way.

The BNG routes what it is told of a line, or learns by BGP from routers with a mobile bearer; on fibre, a router is
reached only while the OLT lets its ONT pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Network, ip_address

from provisioning.stands.simulator.bgp_ends import announces
from provisioning.stands.simulator.cables import HasBearers
from provisioning.stands.simulator.customer_router import CustomerRouter, address_on
from provisioning.stands.simulator.delivery import delivered
from provisioning.stands.simulator.fibre import Fibre
from provisioning.stands.simulator.lines import Address, Line, Lines
from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.operator_side import (
    BNG,
    MOBILE_RATE,
    NOC,
    delegated_prefix,
    number_of,
)
from provisioning.stands.simulator.outcomes import OPEN, TIMEOUT, UNREACHABLE, Arrival, Outcome, Watch
from provisioning.stands.simulator.packets import (
    BEARERS,
    ECHO,
    FIXED,
    LOCAL,
    MOBILE,
    PROTOCOLS,
    TCP,
    Packet,
    Passage,
    address_text,
)
from provisioning.stands.simulator.world import World, serial_of_ont

KEY = "network"


@dataclass(slots=True)
class OperatorNetwork:
    """Everything between the internet and the customers.

    Attributes:
        routers: by serial.
        watches: of hosts that watch at the moment.
        reflected: by address and port of a reflector, from where packets of each stream came to it.
        successors: serial of the router that stands where another stood before.
    """

    lines: Lines
    fibre: Fibre
    routers: dict[str, CustomerRouter] = field(default_factory=dict)
    watches: list[Watch] = field(default_factory=list)
    reflected: dict[tuple[str, int], dict[str, tuple[str, ...]]] = field(default_factory=dict)
    successors: dict[str, str] = field(default_factory=dict)

    # --- who is where ---

    def exchange(self, old: str, new: str) -> None:
        """Put a router in the place of another one, on the same cables; the other one is taken away, without power.

        Args:
            old: serial of the router that stands there.
            new: serial of the router that comes from its own place.
        """
        one, other = self.routers[old], self.routers[new]
        # What the operator's network gives a router goes by its place.
        one.number, other.number = other.number, one.number
        self.successors[old] = new
        for each in (one, other):
            each.lose_power()

    def standing(self, serial: str) -> CustomerRouter:
        """Return the router that stands where one stood when the world was made."""
        while serial in self.successors:
            serial = self.successors[serial]
        return self.routers[serial]

    def has_power(self, router: CustomerRouter) -> bool:
        """Return whether a router was not taken away."""
        return router.name not in self.successors

    def delegated(self, router: CustomerRouter) -> IPv6Network | None:
        """Return the prefix that the BNG delegates to a router that asks for one."""
        line = self.lines.of(router.name)
        return line.block if line is not None and line.block is not None else delegated_prefix(router.number)

    def passes(self, router: CustomerRouter) -> bool:
        """Return whether the access line of a router passes packets: on fibre, when its OLT lets its ONT."""
        line = self.lines.of(router.name)
        if not self.has_power(router):
            return False
        return line is None or not line.fibre or self._ont(line, router) in self.fibre.passing

    def rate(self, router: CustomerRouter) -> tuple[float | None, float | None]:
        """Return the Mbit/s that the line of a router carries, down and up; None where nothing limits it."""
        line = self.lines.of(router.name)
        if line is None:
            return None, None
        if line.mobile and self.way(router, line.prefixes[0][0]) == MOBILE:
            return MOBILE_RATE
        if not line.fibre:
            return line.rate or (None, None)
        passing = self.fibre.passing.get(self._ont(line, router))
        return (passing.down, passing.up) if passing is not None else (None, None)

    @staticmethod
    def _ont(line: Line, router: CustomerRouter) -> str:
        return line.ont or serial_of_ont(router.number)

    def router_of(self, address: str) -> CustomerRouter | None:
        """Return the router to which the operator's network brings packets for an address."""
        wanted = ip_address(address)
        if (line := self.lines.serving(wanted)) is not None:
            return self.routers.get(line.cpe)
        return next((each for each in self._near(wanted) if each.owns(address) or each.uses(wanted)), None)

    def find(self, name: str) -> CustomerRouter | None:
        """Return the router that has an address."""
        try:
            return self.router_of(str(ip_address(name)))
        except ValueError:
            return None

    def _near(self, wanted: Address) -> list[CustomerRouter]:
        """Return the routers that may have an address of a bearer or of a delegated prefix: by their numbers."""
        number, mask = number_of(wanted)
        return [each for each in self.routers.values() if each.number & mask == number]

    # --- which way ---

    def way(self, router: CustomerRouter, address: Address) -> str:
        """Return the bearer by which packets for an address of a router come to it; empty when none does."""
        if not self.has_power(router):
            return ""
        chosen = self._chosen(router, address)
        return chosen if chosen and self._lets_through(router, chosen, inward=True) else ""

    def _chosen(self, router: CustomerRouter, address: Address) -> str:
        """Return the bearer by which the operator's side sends to an address, whether that gets there or not."""
        if address in router.addresses_on(MOBILE):
            return MOBILE
        line = self.lines.serving(address)
        if line is None or not line.mobile:
            return FIXED if self.passes(router) else ""
        last = FIXED if line.static and self.passes(router) else ""
        sides = BEARERS if isinstance(router, HasBearers) else self.bearers(router)
        return next((each for each in sides if announces(router, each, address)), last)

    def _lets_through(self, router: CustomerRouter, bearer: str, *, inward: bool) -> bool:
        """Return whether a packet passes on a bearer at this moment."""
        if bearer == FIXED and not self.passes(router):
            return False
        return router.lets_through(bearer, inward=inward) if isinstance(router, HasBearers) else True

    def bearers(self, router: CustomerRouter) -> tuple[str, ...]:
        """Return the bearers that a router may send by, the best one first."""
        line = self.lines.of(router.name)
        if line is None or not line.mobile:
            return (FIXED,)
        sides = (FIXED, MOBILE) if self.passes(router) else (MOBILE,)
        if not isinstance(router, HasBearers):
            return sides
        return tuple(each for each in sides if router.is_sound(each))

    def carries(self, router: CustomerRouter, bearer: str) -> bool:
        """Return whether the packets of a bearer of a router are carried, its cable left aside."""
        line = self.lines.of(router.name)
        if bearer == MOBILE:
            return line is not None and line.mobile and self.has_power(router)
        return self.passes(router)

    # --- calls ---

    def call_in(self, protocol: str, source: Address, source_port: int, address: str, port: int) -> Outcome:
        """Return what comes of a call from outside to an address of a line."""
        return self.calls_in(protocol, source, source_port, address, (port,))[0]

    def calls_in(
        self, protocol: str, source: Address, source_port: int, address: str, ports: Sequence[int]
    ) -> list[Outcome]:
        """Return what comes of calls at one moment to several ports: the way to the router is looked for once."""
        router = self.router_of(address)
        target = ip_address(address)
        if router is None:
            return [Outcome(TIMEOUT)] * len(ports)
        router.tick()
        came_in, line = self.way(router, target), self.lines.serving(target)
        if not came_in:
            # What BGP tells nobody of ends at the BNG; what it routes itself, where nobody answers.
            gone = line is not None and line.mobile
            ends = Outcome(TIMEOUT) if gone else Outcome(UNREACHABLE, "host", str(BNG[target.version]))
            return [ends] * len(ports)
        own, caller, outcomes = self.lines.of(router.name), f"{source} {source_port}", []
        for port in ports:
            packet = Packet(target.version, PROTOCOLS[protocol], int(source), int(target), source_port, port)
            passage = router.forward(packet, came_in)
            outcomes.append(delivered(own, router, passage, came_in, protocol, caller))
            self.note(outcomes[-1].arrivals, router.name)
        return outcomes

    def hold(self, source: Address, source_port: int, address: str, port: int) -> LiveCall | Outcome:
        """Begin a TCP call from outside that goes on; return what came of it when nobody answers."""
        outcome = self.call_in("tcp", source, source_port, address, port)
        router, target = self.router_of(address), ip_address(address)
        if outcome.state != OPEN or router is None:
            return outcome
        side = self.way(router, target)
        packet = Packet(target.version, TCP, int(source), int(target), source_port, port)
        call = LiveCall("tcp", source, source_port, target, port, packet, router.forward(packet, side), side)
        router.live.append(call)
        return call

    def goes_on(self, call: LiveCall) -> bool:
        """Return whether a call from outside still passes."""
        router = self.router_of(str(call.target))
        return router is not None and bool(self.way(router, call.target)) and router.carries(call)

    def note(self, arrivals: tuple[Arrival, ...], router: str = "") -> None:
        """Show those who watch what has arrived."""
        for arrival in arrivals:
            for watch in self.watches:
                if watch.place == (arrival.host, router) and arrival.target in watch.watched:
                    watch.arrivals[arrival] = None

    def reached(self, router: CustomerRouter, name: str, protocol: str, port: int) -> bool | None:
        """Return whether a router is reached from where the operator manages it; None when it refuses.

        Args:
            name: an address of it, or its name on the staging network, which is that of its address on wan0.
        """
        router.tick()
        try:
            address = ip_address(name)
        except ValueError:
            address = address_on(router, 4)
        came_in = self.way(router, address)
        if not came_in or self.router_of(str(address)) is not router:
            return False
        packet = Packet(4, PROTOCOLS[protocol], int(NOC), int(address), 40001, port)
        passage = router.forward(packet, came_in)
        if passage.where != LOCAL or not router.answers(passage):
            return False
        return True if router.listens(protocol, str(address), port, came_in) else None

    def ping(self, source: Address, address: str) -> bool:
        """Return whether an address of a line answers to a ping from outside."""
        router = self.router_of(address)
        came_in = self.way(router, ip_address(address)) if router is not None else ""
        if router is None or not came_in:
            return False
        router.tick()
        version = source.version
        protocol, kind = ECHO[version]
        packet = Packet(version, protocol, int(source), int(ip_address(address)), kind=kind)
        passage = router.forward(packet, came_in)
        return passage.where == LOCAL and router.answers(passage)

    # --- the way out ---

    def call_out(self, router: CustomerRouter, packet: Packet, side: str) -> Outcome:
        """Return what comes of a call from a side of a router to a host of the internet."""
        router.tick()
        passage = router.forward(packet, side)
        if not self.takes(router, passage) or not router.answers(passage):
            return Outcome(TIMEOUT)
        source = address_text(packet.version, passage.packet.source)
        # The answer must find its way back to the same router.
        back = self.router_of(source) is router and self.way(router, ip_address(source))
        return Outcome(OPEN if back else TIMEOUT, seen_as=source, bearer=passage.where)

    def call_from(self, router: CustomerRouter, protocol: str, target: Address, port: int) -> bool:
        """Return whether a router itself gets an answer from a host of the internet."""
        packet = Packet(target.version, PROTOCOLS[protocol], 0, int(target), 40002, port)
        return self.takes(router, router.call(packet))

    def takes(self, router: CustomerRouter, passage: Passage) -> bool:
        """Return whether the other end of a bearer takes a packet: sent from an address of the line (RFC 2827)."""
        bearer = passage.where
        if bearer not in BEARERS or not self._lets_through(router, bearer, inward=False):
            return False
        source = ip_address(address_text(passage.packet.version, passage.packet.source))
        if source in router.addresses_on(bearer):
            return True
        line = self.lines.of(router.name)
        if bearer == MOBILE and (line is None or not line.mobile):
            return False
        own = [*line.prefixes] if line is not None else []
        if line is None or line.block is None:
            own += [each for each in (self.delegated(router),) if each is not None]
        return any(source in each for each in own)


def network_of(world: World) -> OperatorNetwork:
    """Return the operator's network of a world."""
    found = world.shared.get(KEY)
    if not isinstance(found, OperatorNetwork):
        found = world.shared[KEY] = OperatorNetwork(Lines(world.network), world.fibre)
    return found
