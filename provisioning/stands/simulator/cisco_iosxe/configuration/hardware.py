"""The hardware of the router that is modelled: which interfaces there are, and what each of them can."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provisioning.stands.simulator.cisco_iosxe.configuration.interface_names import interface_type

FAMILIES: Final[Mapping[str, str]] = {
    "Loopback": "if-loopback",
    "Tunnel": "if-tunnel",
    "Vlan": "if-vlan",
    "Cellular": "if-cellular",
    "Null": "if-null",
}
"""Mode of each type of interface that has one of its own; the others are routed ports."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a router is made of.

    Attributes:
        product: its product number.
        interfaces: that cannot be removed.
        switch_ports: those of them that switch and have no address.
        controllers: of modems.
    """

    product: str
    interfaces: tuple[str, ...]
    switch_ports: frozenset[str]
    controllers: tuple[str, ...] = ()

    def mode_of(self, interface: str) -> str:
        """Return the configuration mode of an interface."""
        if interface in self.switch_ports:
            return "if-switch"
        if "." in interface:
            return "if-sub"
        return FAMILIES.get(interface_type(interface), "if-routed")


C1111_8PLTE: Final = Hardware(
    product="C1111-8PLTE",
    interfaces=(
        "GigabitEthernet0/0/0",
        "GigabitEthernet0/0/1",
        *(f"GigabitEthernet0/1/{each}" for each in range(8)),
        "Cellular0/2/0",
        "Cellular0/2/1",
        "Vlan1",
    ),
    switch_ports=frozenset(f"GigabitEthernet0/1/{each}" for each in range(8)),
    controllers=("0/2/0",),
)
"""Two routed ports, eight switch ports, one LTE modem (Cisco 1100 Series ISR Hardware Installation Guide)."""
