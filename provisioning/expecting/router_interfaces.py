"""What the proof has to know of a router by its platform: its interfaces, and whether it is read back."""

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.platforms.linux_cpe import names


@dataclass(frozen=True, slots=True)
class RouterInterfaces:
    """Interfaces of a platform.

    Attributes:
        bearers: the fixed one first, then the mobile one, as the router's SNMP agent names them (ifName or ifDescr,
            RFC 2863).
        lan: the one that the customer's hosts stand behind.
        read_back: whether its configuration is a text of commands, so that what is in force has to be compared. Where
            whole files are put in force, the router itself compares them.
    """

    bearers: tuple[str, ...]
    lan: str
    read_back: bool


LIKE_LINUX = RouterInterfaces((names.FIXED_BEARER, names.MOBILE_BEARER), names.LAN_BRIDGE, read_back=False)

ROUTER_INTERFACES: Mapping[str, RouterInterfaces] = {
    "linux_cpe": LIKE_LINUX,
    # Cisco 1000 Series Integrated Services Routers Hardware Installation Guide, C1111-8PLTE.
    "cisco_iosxe": RouterInterfaces(("GigabitEthernet0/0/0", "Cellular0/2/0"), "Vlan1", read_back=True),
}
"""By platform."""
