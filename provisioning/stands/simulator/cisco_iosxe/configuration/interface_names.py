"""Names of interfaces: how they are shortened, shown and put in order."""

import re
from collections.abc import Iterable
from typing import Final

TYPES: Final = (
    "Loopback",
    "Port-channel",
    "Tunnel",
    "Virtual-Template",
    "VirtualPortGroup",
    "Dialer",
    "BDI",
    "BVI",
    "Async",
    "ATM",
    "Ethernet",
    "FastEthernet",
    "GigabitEthernet",
    "TwoGigabitEthernet",
    "FiveGigabitEthernet",
    "TenGigabitEthernet",
    "TwentyFiveGigE",
    "FortyGigabitEthernet",
    "HundredGigE",
    "AppGigabitEthernet",
    "Wlan-GigabitEthernet",
    "Serial",
    "Cellular",
    "Embedded-Service-Engine",
    "Vlan",
    "NVI",
    "Null",
)
"""In the order in which `show running-config` has them."""

CREATED: Final = frozenset(
    {"Loopback", "Tunnel", "Vlan", "Virtual-Template", "VirtualPortGroup", "Dialer", "Port-channel", "BDI"}
)
"""Interfaces that come into being when they are first named."""

_NAME = re.compile(r"([A-Za-z][A-Za-z-]*?)(\d+(?:/\d+){0,3}(?:\.\d+)?)")


def interface_name(text: str) -> str | None:
    """Return the full name of an interface, or None when it is none.

    Args:
        text: such as `gi0/0/0`, `Vlan1`, `lo0`.
    """
    match = _NAME.fullmatch(text)
    if match is None:
        return None
    begun = [each for each in TYPES if each.lower().startswith(match[1].lower())]
    exact = [each for each in begun if each.lower() == match[1].lower()]
    if not exact and len(begun) != 1:
        return None
    return (exact or begun)[0] + match[2]


def interface_type(name: str) -> str:
    """Return the type of an interface: `GigabitEthernet` of `GigabitEthernet0/0/0`."""
    match = _NAME.fullmatch(name)
    return match[1] if match else ""


def interface_numbers(name: str) -> tuple[int, ...]:
    """Return the numbers of an interface: 0, 0, 0 of `GigabitEthernet0/0/0`."""
    match = _NAME.fullmatch(name)
    return tuple(int(each) for each in re.split(r"[/.]", match[2])) if match else ()


def interface_order(name: str) -> tuple[int, tuple[int, ...]]:
    """Return by what interfaces are put in order in `show running-config`."""
    kind = interface_type(name)
    return (TYPES.index(kind) if kind in TYPES else len(TYPES), interface_numbers(name))


def in_order(names: Iterable[str]) -> list[str]:
    """Return interfaces in the order of `show running-config`."""
    return sorted(names, key=interface_order)
