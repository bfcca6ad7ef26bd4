"""The operator's network around the simulated routers: who has which address, and what a packet meets on its way.

The BNG routes what it is told of a line, or learns by BGP from routers with a mobile bearer; on fibre, a router is
reached only while the OLT lets its ONT pass.
"""

from dataclasses import dataclass, field, replace
from ipaddress import IPv6Address, IPv6Network, ip_address, ip_interface

from provisioning.stands.simulator.fibre import Fibre
from provisioning.stands.simulator.lines import USUAL_PORTS, Address, Line, Lines
from provisioning.stands.simulator.linux_cpe.forwarding import BEARERS, BLACKHOLE, Passage, answers, forward, route
from provisioning.stands.simulator.linux_cpe.nft_rules import ICMP, ICMPV6, TCP, UDP, Packet
from provisioning.stands.simulator.linux_cpe.router import Router
from provisioning.stands.simulator.outcomes import OPEN, REFUSED, TIMEOUT, UNREACHABLE, Arrival, Outcome, Watch
from provisioning.stands.simulator.router_state import address_text, bearer_of, has_taken, is_port, listens
from provisioning.stands.simulator.world import World, serial_of_ont

KEY = "network"

NOC = ip_address("100.127.0.2")
INTERNET: dict[int, Address] = {4: ip_address("198.18.1.10"), 6: ip_address("3fff:0:1::10")}
BNG: dict[int, Address] = {4: ip_address("100.64.0.1"), 6: ip_address("3fff:0:0:a::1")}
MOBILE_CORE: dict[int, Address] = {4: ip_address("100.96.0.1"), 6: ip_address("3fff:0:0:b::1")}
DELEGATED = 0x3FFF_0001
"""3fff:1::/32, of which a /48 is delegated from."""

FIXED, MOBILE = BEARERS
OPERATOR_AS, CUSTOMER_AS = 64500, 64511
PROTOCOLS = {"tcp": TCP, "udp": UDP}
ECHO = {4: (ICMP, 8), 6: (ICMPV6, 128)}


@dataclass(slots=True)
class OperatorNetwork:
    """Everything between the internet and the customers.

    Attributes:
        routers: by serial.
        watches: of hosts that watch at the moment.
        successors: serial of the router that stands where another stood before.
    """

    lines: Lines
    fibre: Fibre
    routers: dict[str, Router] = field(default_factory=dict)
    watches: list[Watch] = field(default_factory=list)
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

    def standing(self, serial: str) -> Router:
        """Return the router that stands where one stood when the world was made."""
        while serial in self.successors:
            serial = self.successors[serial]
        return self.routers[serial]

    def has_power(self, router: Router) -> bool:
        """Return whether a router was not taken away."""
        return router.name not in self.successors

    def delegated(self, cpe: str) -> IPv6Network | None:
        """Return the prefix that the BNG delegates to a router that asks for one."""
        line = self.lines.of(cpe)
        if line is not None and line.block is not None:
            return line.block
        number = self.routers[cpe].number if cpe in self.routers else int(cpe[2:]) - 100
        return IPv6Network((DELEGATED << 96 | number << 72, 56))

    def passes(self, router: Router) -> bool:
        """Return whether the access line of a router passes packets: on fibre, when its OLT lets its ONT."""
        line = self.lines.of(router.name)
        if not self.has_power(router):
            return False
        return line is None or not line.fibre or self._ont(line, router) in self.fibre.passing

    def rate(self, router: Router) -> tuple[float | None, float | None]:
        """Return the Mbit/s that the line of a router carries, down and up; None where nothing limits it."""
        line = self.lines.of(router.name)
        if line is None or self.bearers(router)[0] == MOBILE:
            return None, None
        if not line.fibre:
            return line.rate or (None, None)
        passing = self.fibre.passing.get(self._ont(line, router))
        return (passing.down, passing.up) if passing is not None else (None, None)

    @staticmethod
    def _ont(line: Line, router: Router) -> str:
        return line.ont or serial_of_ont(router.number)

    def router_of(self, address: str) -> Router | None:
        """Return the router to which the operator's network brings packets for an address."""
        wanted = ip_address(address)
        if (line := self.lines.serving(wanted)) is not None:
            return self.routers.get(line.cpe)
        return next((each for each in self._near(wanted) if each.owns(address) or has_taken(each, wanted)), None)

    def find(self, name: str) -> Router | None:
        """Return the router that has an address."""
        try:
            return self.router_of(str(ip_address(name)))
        except ValueError:
            return None

    def _near(self, wanted: Address) -> list[Router]:
        """Return the routers that may have an address of a bearer or of a delegated prefix: by their numbers."""
        if isinstance(wanted, IPv6Address):
            number = int(wanted) >> 72 & 0xFF if int(wanted) >> 96 == DELEGATED else int(wanted) & 0xFF
            return [each for each in self.routers.values() if each.number & 0xFF == number]
        core = MOBILE_CORE if wanted in ip_interface(f"{MOBILE_CORE[4]}/16").network else BNG
        number = int(wanted) - int(core[4]) + 1 - 256
        return [each for each in self.routers.values() if each.number == number]

    # --- which way ---

    def way(self, router: Router, address: Address) -> str:
        """Return the bearer by which packets for an address of a router come to it; empty when none does."""
        if any(each.ip == address for name, each in router.links.every() if name == MOBILE):
            return MOBILE
        line = self.lines.serving(address)
        if line is None or not line.mobile:
            return FIXED if self.passes(router) else ""
        return next((each for each in self.bearers(router) if self._announces(router, each, address)), "")

    def bearers(self, router: Router) -> tuple[str, ...]:
        """Return the bearers that a router may send by, the best one first."""
        line = self.lines.of(router.name)
        if line is None or not line.mobile:
            return (FIXED,)
        return (FIXED, MOBILE) if self.passes(router) else (MOBILE,)

    def _announces(self, router: Router, bearer: str, address: Address) -> bool:
        """Return whether BGP on a bearer stands, and tells of an address."""
        neighbour = (BNG if bearer == FIXED else MOBILE_CORE)[address.version]
        frr = router.frr()
        if frr is None or not router.speaks_bgp() or frr.as_number != CUSTOMER_AS:
            return False
        own = int(bearer_of(router, address.version, bearer))
        call = Packet(address.version, TCP, int(neighbour), own, 40000, 179, ttl=1, came_in=bearer)
        if frr.neighbours.get(str(neighbour)) != OPERATOR_AS or forward(router, call).where != "local":
            return False
        return any(address in each for each in frr.announced(str(neighbour)))

    # --- calls ---

    def call_in(self, protocol: str, source: Address, source_port: int, address: str, port: int) -> Outcome:
        """Return what comes of a call from outside to an address of a line."""
        router = self.router_of(address)
        target = ip_address(address)
        if router is None:
            return Outcome(TIMEOUT)
        router.tick()
        came_in, line = self.way(router, target), self.lines.serving(target)
        if not came_in:
            # What BGP tells nobody of ends at the BNG; what it routes itself, where nobody answers.
            gone = line is not None and line.mobile
            return Outcome(TIMEOUT) if gone else Outcome(UNREACHABLE, "host", str(BNG[target.version]))
        number = PROTOCOLS[protocol]
        packet = Packet(target.version, number, int(source), int(target), source_port, port, came_in=came_in)
        outcome = self._delivered(router, forward(router, packet), protocol, f"{source} {source_port}")
        self.note(outcome.arrivals, router.name)
        return outcome

    def note(self, arrivals: tuple[Arrival, ...], router: str = "") -> None:
        """Show those who watch what has arrived."""
        for arrival in arrivals:
            for watch in self.watches:
                if watch.place == (arrival.host, router) and arrival.target in watch.watched:
                    watch.arrivals[arrival] = None

    def reached(self, router: Router, name: str, protocol: str, port: int) -> bool | None:
        """Return whether a router is reached from where the operator manages it; None when it refuses.

        Args:
            name: an address of it, or its name on the staging network, which is that of its address on wan0.
        """
        router.tick()
        try:
            address = ip_address(name)
        except ValueError:
            address = bearer_of(router, 4)
        came_in = self.way(router, address)
        if not came_in or self.router_of(str(address)) is not router:
            return False
        packet = Packet(4, PROTOCOLS[protocol], int(NOC), int(address), 40001, port, came_in=came_in)
        passage = forward(router, packet)
        if passage.where != "local" or not answers(router, passage):
            return False
        return True if listens(router, protocol, str(address), port, came_in) else None

    def ping(self, source: Address, address: str) -> bool:
        """Return whether an address of a line answers to a ping from outside."""
        router = self.router_of(address)
        came_in = self.way(router, ip_address(address)) if router is not None else ""
        if router is None or not came_in:
            return False
        router.tick()
        version = source.version
        protocol, kind = ECHO[version]
        packet = Packet(version, protocol, int(source), int(ip_address(address)), kind=kind, came_in=came_in)
        passage = forward(router, packet)
        return passage.where == "local" and answers(router, passage)

    def _delivered(self, router: Router, passage: Passage, protocol: str, caller: str) -> Outcome:
        packet = passage.packet
        own = str(bearer_of(router, packet.version))
        if passage.where == "rejected":
            return Outcome(REFUSED) if passage.answer == "reset" else Outcome(UNREACHABLE, passage.answer, own)
        if passage.where == "unrouted":
            return Outcome(UNREACHABLE, "network", own)
        if passage.where in ("dropped", BLACKHOLE) or not answers(router, passage):
            seen = self._arrivals(router, passage, protocol, caller) if passage.arrived else ()
            return Outcome(TIMEOUT, arrivals=seen)
        target = address_text(packet.version, packet.target)
        if passage.where == "local":
            if listens(router, protocol, target, packet.target_port, packet.came_in):
                return Outcome(OPEN)
            return Outcome(REFUSED) if protocol == "tcp" else Outcome(UNREACHABLE, "port", target)
        host = self.behind(router, target, passage.gateway)
        if not host:
            return Outcome(UNREACHABLE, "host", own)
        seen = self._arrivals(router, passage, protocol, caller)
        if not self._has(router, host, target):
            return Outcome(TIMEOUT, arrivals=seen)
        if self._serves(router, host, protocol, target, packet.target_port):
            return Outcome(OPEN, arrivals=seen)
        return Outcome(REFUSED, arrivals=seen) if protocol == "tcp" else Outcome(UNREACHABLE, "port", target, seen)

    def _arrivals(self, router: Router, passage: Passage, protocol: str, caller: str) -> tuple[Arrival, ...]:
        target = address_text(passage.packet.version, passage.packet.target)
        host = self.behind(router, target, passage.gateway) if passage.where != "local" else ""
        return (Arrival(host, protocol, caller, target, passage.packet.target_port),) if host else ()

    # --- who is behind a router ---

    def behind(self, router: Router, target: str, gateway: str = "") -> str:
        """Return which host behind a router takes what goes to an address: `lan`, `firewall`, or nobody."""
        line = self.lines.of(router.name)
        next_hop = ip_address(gateway if gateway and gateway != "default" else target)
        if line is None:
            return ""
        if next_hop in line.firewall and is_port(router, "lan2"):
            return "firewall"
        return "lan" if str(next_hop) in line.servers and is_port(router, "lan1") else ""

    def _has(self, router: Router, host: str, target: str) -> bool:
        line = self.lines.of(router.name)
        return line is not None and (host == "lan" or ip_address(target) in line.firewall)

    def _serves(self, router: Router, host: str, protocol: str, target: str, port: int) -> bool:
        line = self.lines.of(router.name)
        if line is None:
            return False
        if host == "lan":
            return any(each.protocol == protocol and port in each for each in line.servers.get(target, ()))
        if (protocol, port) in USUAL_PORTS:
            return True
        return any(each.protocol == protocol and port in each for each in line.firewall_ports)

    # --- the way out ---

    def call_out(self, router: Router, packet: Packet) -> Outcome:
        """Return what comes of a call from behind a router to a host of the internet."""
        router.tick()
        passage = forward(router, packet)
        if passage.where not in BEARERS or not answers(router, passage) or not self.takes(router, passage.packet):
            return Outcome(TIMEOUT)
        source = address_text(packet.version, passage.packet.source)
        # The answer must find its way back to the same router.
        back = self.router_of(source) is router and self.way(router, ip_address(source))
        return Outcome(OPEN if back else TIMEOUT, seen_as=source)

    def call_from(self, router: Router, protocol: str, target: Address, port: int) -> bool:
        """Return whether a router itself gets an answer from a host of the internet."""
        version = target.version
        packet = Packet(version, PROTOCOLS[protocol], int(bearer_of(router, version)), int(target), 40002, port)
        out, _ = route(router, version, int(target))
        sent = replace(packet, goes_out=out, source=int(bearer_of(router, version, out)))
        if out not in BEARERS or not self.takes(router, sent):
            return False
        if not router.rules.decide("output", sent, "filter").passes:
            return False
        reply = sent.back()
        return router.rules.decide("input", replace(reply, goes_out=""), "filter").passes

    def takes(self, router: Router, packet: Packet) -> bool:
        """Return whether the other end of a bearer takes a packet: sent from an address of the line (RFC 2827)."""
        if packet.goes_out == FIXED and not self.passes(router):
            return False
        source = ip_address(address_text(packet.version, packet.source))
        if any(each.ip == source for name, each in router.links.every() if name == packet.goes_out):
            return True
        line = self.lines.of(router.name)
        if packet.goes_out == MOBILE and (line is None or not line.mobile):
            return False
        own = [*line.prefixes] if line is not None else []
        if line is None or line.block is None:
            own += [each for each in (self.delegated(router.name),) if each is not None]
        return any(source in each for each in own)


def network_of(world: World) -> OperatorNetwork:
    """Return the operator's network of a world."""
    found = world.shared.get(KEY)
    if not isinstance(found, OperatorNetwork):
        found = world.shared[KEY] = OperatorNetwork(Lines(world.network), world.fibre)
    return found
