"""What a simulated Cisco router does in the network: whom it answers, what it announces, what it gives the LAN."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Network, ip_address
from typing import Protocol

from provisioning.stands.simulator.cisco_iosxe.forwarding.passing import answers, call, forward
from provisioning.stands.simulator.cisco_iosxe.forwarding.plane import EVERYBODY4, Plane, read_plane
from provisioning.stands.simulator.cisco_iosxe.forwarding.services import BGP, DNS, SNMP, TELNET
from provisioning.stands.simulator.cisco_iosxe.forwarding.table import neighbour_of, routes
from provisioning.stands.simulator.cisco_iosxe.forwarding.ways import Ways
from provisioning.stands.simulator.cisco_iosxe.forwarding.zones import DROP, SELF
from provisioning.stands.simulator.customer_router import BgpSession, CustomerRouter, Lease
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.packets import DROPPED, UDP, Packet, Passage

BOOTPS, BOOTPC = 67, 68
HOST_PREFIX = 64
"""What a host can make itself an address in (RFC 4862)."""


class Operator(Protocol):
    """The operator's network, as a router meets it."""

    def delegated(self, router: CustomerRouter) -> IPv6Network | None:
        """Return the prefix that a router may ask for."""

    def bearers(self, router: CustomerRouter) -> tuple[str, ...]:
        """Return the bearers that a router may send by, the best one first."""

    def reached(self, router: CustomerRouter, name: str, protocol: str, port: int) -> bool | None:
        """Return whether a router is reached by a name or an address of it; None when it refuses."""


class Networking(ABC):
    """The part of a router that packets meet.

    Whoever inherits gives the configuration in force, and the operator's network around it.

    Args:
        name: its serial.
        number: of the customer, from 1.
    """

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.number = number

    # --- what whoever inherits gives ---

    @abstractmethod
    def running_config(self) -> str:
        """Return the configuration in force, as `show running-config` shows it."""

    @abstractmethod
    def delegated(self) -> IPv6Network | None:
        """Return the prefix that the operator delegates to it, if it asks for one."""

    @abstractmethod
    def bearers(self) -> tuple[str, ...]:
        """Return the bearers that pass packets at the moment, by side, the best one first."""

    @property
    @abstractmethod
    def live(self) -> list[LiveCall]:
        """Calls from outside that go on."""

    def ways(self) -> Ways:
        """Return what it knows of its bearers; without a memory, they are what they are at the moment."""
        return Ways(self.bearers())

    def down(self) -> frozenset[str]:
        """Return the sides whose interface has no line, though it is not shut."""
        return frozenset()

    def plane(self) -> Plane:
        """Return how packets meet it at the moment."""
        return read_plane(self.running_config(), self.number, self.delegated(), self.down())

    # --- addresses ---

    def addresses_on(self, side: str) -> Sequence[Address]:
        """Return the addresses of a side."""
        interface = self.plane().on_side(side)
        return [each.ip for each in interface.addresses] if interface is not None else []

    def owns(self, address: str) -> bool:
        """Return whether an address is one of the router's."""
        wanted = ip_address(address)
        return self.plane().owner(wanted.version, int(wanted)) is not None

    def uses(self, address: Address) -> bool:
        """Return whether an address is of a prefix that was delegated to it, and that it uses behind it."""
        prefix, plane = self.delegated(), self.plane()
        return any(
            address in each.network
            for interface in plane.interfaces.values()
            if interface.is_up and interface.prefix_addresses
            for each in interface.holding(6)
            if prefix is not None and each.ip in prefix
        )

    # --- packets ---

    def forward(self, packet: Packet, side: str) -> Passage:
        """Return what becomes of a packet that comes in by a side."""
        plane = self.plane()
        came_in = plane.on_side(side)
        if came_in is None:
            return Passage(DROPPED, packet)
        return self._on_side(forward(plane, packet, came_in, self.ways()))

    def answers(self, passage: Passage) -> bool:
        """Return whether what answers a packet gets back to the sender, and what the sender says then gets there."""
        return answers(self.plane(), passage)

    def carries(self, call: LiveCall) -> bool:
        """Return whether a call goes on: a session that the firewall remembers passes, whatever lists say now.

        A session ends with the static translation that it came by.
        """
        plane = self.plane()
        came_in = plane.on_side(call.side)
        if call not in self.live or came_in is None or not plane.lets_in(came_in, call.packet):
            return False
        inside = plane.translations.inwards(call.packet)
        reached = call.passage.packet
        return (inside.target, inside.target_port) == (reached.target, reached.target_port)

    def call(self, packet: Packet) -> Passage:
        """Return how the first packet of a call of the router's own leaves."""
        return self._on_side(call(self.plane(), packet, self.ways()))

    def _on_side(self, passage: Passage) -> Passage:
        return replace(passage, where=self.plane().side(passage.where))

    def bounds(self) -> set[int]:
        """Return where what is done with a port may change."""
        plane = self.plane()
        listening = {*plane.services.web_ports, plane.services.ssh_port}
        found = {0, *plane.translations.bounds(), *listening, *(each + 1 for each in listening)}
        for each in plane.lists.values():
            found.update(each.bounds())
        return {each for each in found if 0 <= each <= 0xFFFF}

    # --- services ---

    def listens(self, protocol: str, address: str, port: int, side: str) -> bool:
        """Return whether a service listens; which addresses reach it, the firewall decides."""
        plane = self.plane()
        services = plane.services
        if port == DNS:
            return services.serves_names
        if protocol == "udp":
            return port == SNMP and bool(services.snmp_lists)
        if port in services.web_ports:
            return True
        if port == BGP:
            return bool(plane.bgp.as_number)
        if port == services.ssh_port and services.takes("ssh") is not None:
            return True
        return port == TELNET and services.takes("telnet") is not None

    def announces(self, session: BgpSession, address: Address) -> bool:
        """Return whether a BGP session stands, as far as the router goes, and tells of an address."""
        plane = self.plane()
        found = routes(plane, session.neighbour.version, self.ways())
        neighbour = neighbour_of(plane, session, found)
        if neighbour is None:
            return False
        routed = {each.network for each in found}
        told = plane.bgp.announced(neighbour, session.neighbour.version, routed)
        return any(address in each for each in told)

    # --- the LAN ---

    def has_port(self, number: int) -> bool:
        """Return whether what hangs on a port of the switch is on the LAN: in the VLAN of the first port."""
        plane = self.plane()
        return plane.lan(number) is not None and plane.lan(number) is plane.lan(1)

    def lease(self, client: int) -> Lease | None:
        """Return what its DHCP server lends a new host, whoever it is; None when it makes no offer."""
        plane = self.plane()
        lan = plane.lan(1)
        own = next((each for each in lan.holding(4) if isinstance(each, IPv4Interface)), None) if lan else None
        if lan is None or own is None:
            return None
        asked = Packet(4, UDP, 0, EVERYBODY4, BOOTPC, BOOTPS, came_in=lan.name)
        offer = Packet(4, UDP, int(own.ip), EVERYBODY4, BOOTPS, BOOTPC, goes_out=lan.name)
        if not plane.lets_in(lan, asked) or plane.action(lan.zone, SELF, asked) == DROP:
            return None
        # An offer goes to everybody, and is no answer of a session that is remembered.
        if plane.action(SELF, lan.zone, offer) == DROP:
            return None
        return plane.services.lease(own)

    def advertised(self) -> Sequence[IPv6Network]:
        """Return the prefixes that hosts are told of."""
        plane = self.plane()
        lan = plane.lan(1)
        if lan is None or not lan.advertises or not plane.routing.routes6:
            return []
        networks = [each.network for each in lan.holding(6)]
        return [
            each
            for each in dict.fromkeys(networks)
            if isinstance(each, IPv6Network) and each.prefixlen == HOST_PREFIX and str(each) not in lan.hidden
        ]

    def name_servers(self) -> Sequence[str]:
        """Return whom it asks for names."""
        return self.plane().services.name_servers
