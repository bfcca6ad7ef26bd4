"""The part of a simulated router that has two bearers: what it sends by which, and what it announces on them."""

import shlex
from abc import abstractmethod
from collections import Counter
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from provisioning.stands.simulator.bgp_ends import session_on, takes_calls
from provisioning.stands.simulator.customer_router import BgpSession, CustomerRouter
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.linux_cpe.failover import Failover
from provisioning.stands.simulator.linux_cpe.forwarding import INTERFACES
from provisioning.stands.simulator.linux_cpe.frr import Network
from provisioning.stands.simulator.linux_cpe.networking import Networking, Operator
from provisioning.stands.simulator.operator_side import NEIGHBOURS
from provisioning.stands.simulator.packets import BEARERS, FIXED, MOBILE, UDP, Packet, Passage
from provisioning.stands.simulator.radio import RadioState

GUARD = "proviso-failover"
PACKET_BYTES = 100
"""What each packet counts for on the interface that it passes; nobody here has any longer ones."""

KEEPALIVE_BYTES = 180
"""A second, of BFD and BGP in both families, while a bearer works."""

SIP = 5060


class BackedUp(Networking):
    """A router that notices what becomes of its bearers, and whose bearers are cut from outside.

    Args:
        operator: whose network it is connected to.
    """

    def __init__(self, name: str, number: int, operator: Operator) -> None:
        super().__init__(name, number)
        self._operator = operator
        self._packets: Counter[tuple[str, str]] = Counter()
        self._spoken: dict[object, bool] = {}
        self.failover = Failover(self)

    @property
    @abstractmethod
    def _me(self) -> CustomerRouter:
        """The router, as its network knows it."""

    @abstractmethod
    def radio(self) -> RadioState:
        """Return how the mobile modem does."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the time of the world."""

    # --- what Failover asks ---

    def speaks(self, side: str) -> bool:
        """Return whether both ends of a bearer speak BGP as they are configured, and let each other's calls in."""
        return any(self._speaks(side, version) for version in NEIGHBOURS[side])

    def _speaks(self, side: str, version: int) -> bool:
        key = (
            *(side, version, id(self.rules), frozenset(self.active)),
            *(self.tree.files[path].content for path in ("/etc/frr/frr.conf", "/etc/frr/daemons") if self._has(path)),
            *self.addresses_on(side),
        )
        if key not in self._spoken:
            if len(self._spoken) > 16:
                self._spoken.clear()
            session = session_on(side, version)
            self._spoken[key] = self._calls(session) and takes_calls(self._me, side, version)
        return self._spoken[key]

    def _has(self, path: str) -> bool:
        return path in self.tree.files

    def _calls(self, session: BgpSession) -> bool:
        frr = self.frr()
        if frr is None or not self._speaks_bgp() or frr.as_number != session.own_as:
            return False
        return frr.neighbours.get(str(session.neighbour)) == session.neighbour_as

    def is_connected(self, side: str) -> bool:
        """Return whether the operator's network carries the packets of a bearer, its cable left aside."""
        return self._operator.carries(self._me, side) and (side != MOBILE or self.radio().attached)

    def guards(self) -> bool:
        """Return whether the guard runs."""
        return GUARD in self.active and bool(self.text("failover.conf"))

    # --- cut from outside (HasBearers) ---

    def cut_bearer(self, name: str, kind: str) -> None:
        """Cut a bearer, in the place of a cut that was there.

        Raises:
            BadInput: when there is no such bearer, or kind of cut.
        """
        self.failover.cut(name, kind)

    def heal_bearer(self, name: str) -> None:
        """Let a bearer be whole again.

        Raises:
            BadInput: when there is no such bearer.
        """
        self.failover.heal(name)

    def cut_bearers(self) -> dict[str, str]:
        """Return how bearers are cut from outside, by name."""
        return {side: each.cut.value for side, each in self.failover.cables.items() if each.cut is not None}

    def lets_through(self, bearer: str, *, inward: bool) -> bool:
        """Return whether a packet passes on a bearer at this moment."""
        return self.failover.lets_through(bearer, inward=inward)

    def is_sound(self, bearer: str) -> bool:
        """Return whether packets pass on a bearer both ways; where they are lost by chance, most do."""
        return self.failover.is_sound(bearer, self.now())

    def holds(self, bearer: str, version: int) -> bool:
        """Return whether the operator's end of a bearer holds its BGP session with it, dead or alive."""
        self.failover.advance()
        return self.failover.sessions[bearer].there and self._speaks(bearer, version)

    # --- which way ---

    def bearers(self) -> tuple[str, ...]:
        """Return the interfaces that it takes to lead to the internet at the moment, the best one first."""
        if not self.speaks(FIXED) and not self.speaks(MOBILE):
            return tuple(INTERFACES[each] for each in self._operator.bearers(self._me))
        return tuple(INTERFACES[each] for each in self.failover.in_order())

    def announces(self, session: BgpSession, address: Address) -> bool:
        """Return whether it tells a neighbour of an address, and does not ask it to come by the other bearer."""
        if session.side == FIXED and self.failover.is_held and self.failover.sessions[MOBILE].there:
            return False
        return super().announces(session, address)

    def announced(self, side: str, version: int) -> list[Network] | None:
        """Return what the neighbour of a bearer is told in one family; None while FRR does not run."""
        frr = self.frr()
        if frr is None or not self._speaks_bgp():
            return None
        if not self.failover.sessions[side].here or not self._speaks(side, version):
            return []
        return self._told(frr, str(NEIGHBOURS[side][version]))

    def forward(self, packet: Packet, side: str) -> Passage:
        """Return what becomes of a packet that comes in by a side, and count it."""
        passage = super().forward(packet, side)
        self._packets[side, "in"] += 1
        self._packets[passage.where, "out"] += 1
        return passage

    # --- what it tells of its bearers ---

    def counted(self, side: str, seconds: float) -> tuple[int, int]:
        """Return how many bytes came in and went out by a bearer in the seconds since the start."""
        kept = int(KEEPALIVE_BYTES * seconds) if self.failover.sessions[side].here else 0
        came, went = self._packets[side, "in"], self._packets[side, "out"]
        return came * PACKET_BYTES + kept, went * PACKET_BYTES + kept

    def in_use(self, version: int) -> str:
        """Return the bearer of the default route; `none` without one."""
        sides = {INTERFACES[side]: side for side in BEARERS}
        found = (sides[each] for each in self.bearers() if self._addressed(sides[each], version))
        return next(found, "none")

    def _addressed(self, side: str, version: int) -> bool:
        return any(each.version == version for each in self.addresses_on(side))

    def keeps_voice_off(self) -> bool:
        """Return whether the firewall drops telephony on the mobile bearer, both ways."""
        settings = dict(line.split("=", 1) for line in self.text("failover.conf").splitlines() if "=" in line)
        for key in ("voice_ipv4", "voice_ipv6"):
            for prefix in " ".join(shlex.split(settings.get(key, ""))).split():
                if not self._bars(ip_network(prefix)):
                    return False
        return True

    def _bars(self, prefix: IPv4Network | IPv6Network) -> bool:
        inside = self.addresses_on("lan") or [ip_address("192.0.2.1" if prefix.version == 4 else "2001:db8::1")]
        host = next((int(each) + 1 for each in inside if each.version == prefix.version), 1)
        there = int(prefix.network_address) + 1
        lan, mobile = INTERFACES["lan"], INTERFACES[MOBILE]
        out = Packet(prefix.version, UDP, host, there, SIP, SIP, came_in=lan, goes_out=mobile)
        back = Packet(prefix.version, UDP, there, host, SIP, SIP, came_in=mobile, goes_out=lan, state="established")
        return not any(self.rules.decide("forward", each, "filter").passes for each in (out, back))
