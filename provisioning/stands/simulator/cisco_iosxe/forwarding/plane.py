"""What a configuration and the networks around a router make of it: addresses, routes, who is a neighbour."""

from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface, IPv6Network

from provisioning.stands.simulator.cisco_iosxe.forwarding.access_list_entries import read_access_lists, unread_entries
from provisioning.stands.simulator.cisco_iosxe.forwarding.access_lists import AccessList, permits
from provisioning.stands.simulator.cisco_iosxe.forwarding.bgp import Bgp, read_bgp
from provisioning.stands.simulator.cisco_iosxe.forwarding.interfaces import (
    BEARER_OF,
    INTERFACE_OF,
    PORT,
    Interface,
    read_interfaces,
)
from provisioning.stands.simulator.cisco_iosxe.forwarding.routes import Routing, read_routing
from provisioning.stands.simulator.cisco_iosxe.forwarding.sections import Section, read_sections
from provisioning.stands.simulator.cisco_iosxe.forwarding.services import Services, read_services
from provisioning.stands.simulator.cisco_iosxe.forwarding.translation import Translations, read_translations
from provisioning.stands.simulator.cisco_iosxe.forwarding.zones import DROP, SELF, Firewall, read_firewall
from provisioning.stands.simulator.operator_side import lent_address, made_address
from provisioning.stands.simulator.packets import BEARERS, LAN, MOBILE, UDP, Packet

EVERYBODY4 = int(IPv4Address("255.255.255.255"))
DHCP_SERVER, DHCP_CLIENT, DHCPV6_SERVER, DHCPV6_CLIENT = 67, 68, 547, 546
LINK_LOCAL = 0xFE80 << 112


@dataclass(slots=True)
class Plane:
    """A router as packets meet it.

    Attributes:
        lists: access lists by name.
        translations: with the addresses of interfaces in the place of their names.
        unread: entries of access lists that nobody here understands.
    """

    lists: dict[str, AccessList]
    interfaces: dict[str, Interface]
    firewall: Firewall
    routing: Routing
    bgp: Bgp
    services: Services
    translations: Translations
    unread: tuple[str, ...] = ()

    def up(self, name: str) -> Interface | None:
        """Return an interface that is up."""
        found = self.interfaces.get(name)
        return found if found is not None and found.is_up else None

    def side(self, name: str) -> str:
        """Return the side that an interface is on: a bearer, or the LAN."""
        return BEARER_OF.get(name, LAN if name.startswith("Vlan") else name)

    def on_side(self, side: str) -> Interface | None:
        """Return the interface of a side that is up: of the LAN, the one of the VLAN that the first port is in."""
        if side == LAN:
            return self.lan(1)
        return self.up(INTERFACE_OF[side])

    def lan(self, port: int) -> Interface | None:
        """Return the interface of the VLAN that a port is in, from 1; None when one of the two is down."""
        found = self.interfaces.get(PORT.format(port - 1))
        if found is None:
            found = Interface(PORT.format(port - 1))
        return self.up(f"Vlan{found.vlan}") if found.is_up else None

    def owner(self, version: int, address: int) -> Interface | None:
        """Return the interface that has an address."""
        found = (
            each
            for each in self.interfaces.values()
            if each.is_up and any(int(one.ip) == address for one in each.holding(version))
        )
        return next(found, None)

    def owned(self) -> dict[str, int]:
        """Return the primary IPv4 address of each interface: one that is shut down keeps what it was given."""
        return {
            name: int(address.ip)
            for name, each in self.interfaces.items()
            if (address := next(each.holding(4), None)) is not None
        }

    def own(self, name: str, version: int) -> int:
        """Return the address of an interface; 0 when it has none."""
        found = self.up(name)
        address = next(found.holding(version), None) if found is not None else None
        return int(address.ip) if address is not None else 0

    def lets_in(self, interface: Interface, packet: Packet) -> bool:
        """Return whether the access list of an interface lets a packet in."""
        return permits(self.lists, interface.lists.get(("in", packet.version), ""), packet)

    def lets_out(self, interface: Interface, packet: Packet) -> bool:
        """Return whether the access list of an interface lets a packet out."""
        return permits(self.lists, interface.lists.get(("out", packet.version), ""), packet)

    def action(self, source: str, target: str, packet: Packet) -> str:
        """Return what the firewall does with the first packet of a session between two zones."""
        return self.firewall.action(source, target, packet, self.lists)

    def hears(self, interface: Interface, asked: Packet, answer: Packet) -> bool:
        """Return whether the router may ask something on an interface, and hears an answer that is no session's."""
        return (
            self.action(SELF, interface.zone, asked) != DROP
            and self.lets_in(interface, answer)
            and self.action(interface.zone, SELF, answer) != DROP
        )


@lru_cache(maxsize=64)
def read_plane(text: str, number: int, prefix: IPv6Network | None, down: frozenset[str] = frozenset()) -> Plane:
    """Return a router as packets meet it.

    Args:
        text: of its configuration, as `show running-config` shows it.
        number: of the customer.
        prefix: that is delegated to who asks for one; None for none.
        down: sides whose interface has no line.
    """
    configuration = read_sections(text)
    lists = read_access_lists(configuration)
    plane = Plane(
        lists,
        read_interfaces(configuration),
        read_firewall(configuration),
        read_routing(configuration),
        read_bgp(configuration),
        read_services(configuration),
        read_translations(configuration),
        tuple(unread_entries(lists)),
    )
    for side in down:
        if (dead := plane.interfaces.get(INTERFACE_OF[side])) is not None:
            dead.is_up = False
    _connect(plane, configuration, number)
    _delegate(plane, prefix)
    plane.translations = plane.translations.resolved(plane.owned())
    return plane


def _connect(plane: Plane, configuration: Section, number: int) -> None:
    """Give the bearers the addresses that they get from the networks on their other side."""
    for side in BEARERS:
        bearer = plane.up(INTERFACE_OF[side])
        if bearer is None or not _is_dialled(bearer, configuration):
            continue
        if bearer.lends and not list(bearer.holding(4)) and _gets_lease(plane, bearer):
            address = lent_address(side, number)
            # What a mobile core gives is one address, and no network around it.
            bearer.addresses.append(IPv4Interface((address.ip, 32)) if side == MOBILE else address)
        if bearer.makes:
            bearer.addresses.append(made_address(side, number))


def _is_dialled(bearer: Interface, configuration: Section) -> bool:
    """Return whether something brings a connection up that is only made for packets that a dialer list names."""
    if not bearer.dials:
        return True
    return any(each.starts("dialer-list", bearer.dials, "protocol", "ip") for each in configuration.children)


def _gets_lease(plane: Plane, bearer: Interface) -> bool:
    if bearer.name == INTERFACE_OF[MOBILE]:
        return True  # its address comes with the bearer, in no packet (3GPP TS 24.301)
    asked = Packet(4, UDP, 0, EVERYBODY4, DHCP_CLIENT, DHCP_SERVER, goes_out=bearer.name)
    return plane.hears(bearer, asked, replace(asked.back(), target=EVERYBODY4, state="new"))


def _delegate(plane: Plane, prefix: IPv6Network | None) -> None:
    """Put addresses of a delegated prefix where the configuration wants them."""
    for asking in [each for each in plane.interfaces.values() if each.asks_for and each.is_up]:
        asked = Packet(6, UDP, LINK_LOCAL + 2, LINK_LOCAL + 1, DHCPV6_CLIENT, DHCPV6_SERVER, goes_out=asking.name)
        if prefix is None or not plane.hears(asking, asked, replace(asked.back(), state="new")):
            continue
        for interface in plane.interfaces.values():
            interface.addresses += [
                IPv6Interface((int(prefix.network_address) | int(each.rest.ip), each.rest.network.prefixlen))
                for each in interface.prefix_addresses
                if each.name == asking.asks_for
            ]
