"""What a simulated router does in the network: whom it answers, what it announces, what it gives the LAN."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Protocol

from provisioning.stands.simulator.customer_router import BgpSession, CustomerRouter, Lease
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.linux_cpe import settings_files
from provisioning.stands.simulator.linux_cpe.dhcp_client import ask
from provisioning.stands.simulator.linux_cpe.documents import PLACES
from provisioning.stands.simulator.linux_cpe.forwarding import INTERFACES, answers, call, forward
from provisioning.stands.simulator.linux_cpe.frr import Frr, FrrError, Network, read_frr
from provisioning.stands.simulator.linux_cpe.interfaces import Links
from provisioning.stands.simulator.linux_cpe.nft_rules import Ruleset
from provisioning.stands.simulator.linux_cpe.tree import Tree
from provisioning.stands.simulator.live_calls import LiveCall
from provisioning.stands.simulator.packets import LAN, UDP, Packet, Passage

ALWAYS = frozenset(("dhcpcd", "ssh"))
SIDES = {name: side for side, name in INTERFACES.items()}
BRIDGE = INTERFACES[LAN]
SNMP, DNS, BGP = 161, 53, 179
BROADCAST = int(IPv4Address("255.255.255.255"))


class Operator(Protocol):
    """The operator's network, as a router meets it."""

    def delegated(self, router: CustomerRouter) -> IPv6Network | None:
        """Return the prefix that a router may ask for."""

    def bearers(self, router: CustomerRouter) -> tuple[str, ...]:
        """Return the bearers that a router may send by, the best one first."""

    def carries(self, router: CustomerRouter, bearer: str) -> bool:
        """Return whether the operator's network carries the packets of a bearer of a router, its cable left aside."""

    def reached(self, router: CustomerRouter, name: str, protocol: str, port: int) -> bool | None:
        """Return whether a router is reached by a name or an address of it; None when it refuses."""


class Networking(ABC):
    """The part of a router that packets meet.

    Args:
        name: its serial.
        number: of the customer, from 1.

    Attributes:
        active: daemons that run.
        live: calls from outside that go on, as far as connection tracking knows them.
    """

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.number = number
        self.tree = Tree()
        self.links = Links()
        self.rules = Ruleset()
        self.sysctl: dict[str, str] = {}
        self.active: set[str] = set(ALWAYS)
        self.live: list[LiveCall] = []
        self._asked: tuple[str, IPv6Network | None, int, frozenset[str]] | None = None

    # --- what is in force ---

    def text(self, document: str) -> str:
        """Return a document that stands in its place; empty when there is none."""
        path = PLACES[document].path
        return self.tree.read(path).decode("utf-8", "surrogateescape") if path in self.tree.files else ""

    def settings(self, document: str, separator: str, *, lower: bool = False) -> list[tuple[str, str]]:
        """Return the keys and values of a document in force, in order."""
        found = settings_files.pairs_of(self.text(document), separator)
        return [(key.lower(), value) for key, value in found] if lower else found

    def frr(self) -> Frr | None:
        """Return what FRR does; None when it does not run."""
        if "frr" not in self.active:
            return None
        try:
            return read_frr(self.text("frr.conf"))
        except FrrError:
            return None

    def forwards(self, version: int) -> bool:
        """Return whether the kernel forwards at all."""
        key = "net.ipv4.ip_forward" if version == 4 else "net.ipv6.conf.all.forwarding"
        return self.sysctl.get(key) == "1"

    @abstractmethod
    def bearers(self) -> tuple[str, ...]:
        """Return the interfaces that lead to the internet at the moment, the best one first."""

    def ask_for_addresses(self, prefix: IPv6Network | None) -> None:
        """Ask for addresses, as the DHCP client in force does, when something has changed since it last did.

        Args:
            prefix: that would be delegated.
        """
        asked = (self.text("dhcpcd.conf"), prefix, id(self.links.links), frozenset(self.links.links))
        if self._asked != asked:
            self._asked = asked
            ask(asked[0], self.links.links, self.number, prefix)

    # --- addresses ---

    def addresses_on(self, side: str) -> Sequence[Address]:
        """Return the addresses of a side."""
        return [each.ip for name, each in self.links.every() if name == INTERFACES[side]]

    def owns(self, address: str) -> bool:
        """Return whether an address is one of the router's."""
        wanted = ip_address(address)
        return any(each.ip == wanted for _, each in self.links.every())

    def uses(self, address: Address) -> bool:
        """Return whether an address is of a prefix that was delegated to it, and that it uses behind it."""
        links = (link for name, link in self.links.links.items() if SIDES.get(name, LAN) == LAN)
        return any(address in each.network for link in links for each in link.given)

    # --- packets ---

    def forward(self, packet: Packet, side: str) -> Passage:
        """Return what becomes of a packet that comes in by a side."""
        return _on_sides(forward(self, replace(packet, came_in=INTERFACES[side])))

    def answers(self, passage: Passage) -> bool:
        """Return whether what answers a packet gets back to the sender, and what the sender says then gets there."""
        return answers(self, passage)

    def carries(self, call: LiveCall) -> bool:
        """Return whether a call goes on: every packet of it passes the rules that are in force now."""
        if call not in self.live:
            return False
        found = self.forward(call.packet, call.side)
        there = (found.where, found.packet.target, found.packet.target_port)
        return there == (call.passage.where, call.passage.packet.target, call.passage.packet.target_port)

    def call(self, packet: Packet) -> Passage:
        """Return how the first packet of a call of the router's own leaves."""
        return _on_sides(call(self, packet))

    def bounds(self) -> set[int]:
        """Return where what is done with a port may change."""
        return self.rules.ports()

    # --- services ---

    def listens(self, protocol: str, address: str, port: int, side: str) -> bool:
        """Return whether a daemon listens there."""
        if protocol == "tcp" and "ssh" in self.active:
            found = self.settings("sshd_config", " ", lower=True)
            where = [value for key, value in found if key == "listenaddress"]
            if port == int(dict(found).get("port", "22")) and (not where or address in where):
                return True
        if protocol == "udp" and port == SNMP and "snmpd" in self.active:
            where = [value for key, value in self.settings("snmpd.conf", " ", lower=True) if key == "agentaddress"]
            return f"udp:{address}:{SNMP}" in where
        if port == DNS and "dnsmasq" in self.active:
            return ("interface", INTERFACES[side]) in self.settings("dnsmasq.conf", "=")
        return protocol == "tcp" and port == BGP and self._speaks_bgp()

    def announces(self, session: BgpSession, address: Address) -> bool:
        """Return whether a BGP session stands, as far as the router goes, and tells of an address."""
        frr, neighbour = self.frr(), str(session.neighbour)
        if frr is None or not self._speaks_bgp() or frr.as_number != session.own_as:
            return False
        if frr.neighbours.get(neighbour) != session.neighbour_as:
            return False
        return any(address in each for each in self._told(frr, neighbour))

    def _told(self, frr: Frr, neighbour: str) -> list[Network]:
        """Return what a neighbour is told: nothing to which there is no route (FRR, `bgp network import-check`)."""
        routed = {each.network for _, each in self.links.every()} | {each.network for each in frr.statics}
        return [each for each in frr.announced(neighbour) if each in routed]

    def _speaks_bgp(self) -> bool:
        return "frr" in self.active and dict(self.settings("daemons", "=")).get("bgpd") == "yes"

    # --- the LAN ---

    def has_port(self, number: int) -> bool:
        """Return whether an interface is a port of a bridge, and both are up."""
        link = self.links.links.get(f"lan{number}")
        bridge = self.links.links.get(link.master) if link is not None else None
        return link is not None and bridge is not None and link.up and bridge.up

    def _is_connected(self) -> bool:
        link = self.links.links.get("lan1")
        return link is not None and link.master == BRIDGE and self.has_port(1)

    def lease(self, client: int) -> Lease | None:
        """Return what dnsmasq lends a new host; None when it makes no offer."""
        settings = self.settings("dnsmasq.conf", "=")
        asked = Packet(4, UDP, 0, BROADCAST, 68, 67, came_in=BRIDGE)
        heard = all(self.rules.decide(hook, asked, "filter").passes for hook in ("prerouting", "input"))
        if "dnsmasq" not in self.active or not self._is_connected() or not heard:
            return None
        if ("interface", BRIDGE) not in settings or dict(settings).get("port") == "67":
            return None
        options = dict(value.split(",", 1) for key, value in settings if key == "dhcp-option" and "," in value)
        for key, value in settings:
            parts = value.split(",")
            if key != "dhcp-range" or ":" in parts[0] or len(parts) < 3:
                continue
            network = IPv4Network(f"{parts[0]}/{parts[2]}", strict=False)
            server = next((str(each) for each in self.addresses_on(LAN) if each in network), None)
            if server is None:
                continue
            first, last = int(IPv4Address(parts[0])), int(IPv4Address(parts[1]))
            return Lease(
                address=str(IPv4Address(first + client % (last - first + 1))),
                prefix=network.prefixlen,
                router=options.get("option:router", server),
                resolvers=tuple(options.get("option:dns-server", server).split(",")),
                server=server,
            )
        return None

    def advertised(self) -> Sequence[IPv6Network]:
        """Return the prefixes that FRR or dnsmasq advertise on the LAN."""
        every = [each.network for name, each in self.links.every() if name == BRIDGE]
        own = [each for each in every if isinstance(each, IPv6Network)]
        found: list[IPv6Network] = []
        frr = self.frr()
        if frr is not None and BRIDGE in frr.advertised and BRIDGE not in frr.silent:
            found += [each for each in frr.advertised[BRIDGE] if isinstance(each, IPv6Network)] or own
        settings = self.settings("dnsmasq.conf", "=")
        constructed = any(key == "dhcp-range" and f"constructor:{BRIDGE}" in value for key, value in settings)
        if "dnsmasq" in self.active and ("enable-ra", "") in settings and constructed:
            found += own
        return found if self._is_connected() else []

    def name_servers(self) -> Sequence[str]:
        """Return whom dnsmasq asks for names."""
        return [value for key, value in self.settings("dnsmasq.conf", "=") if key == "server"]


def _on_sides(passage: Passage) -> Passage:
    return replace(passage, where=SIDES.get(passage.where, passage.where))
