"""The interfaces of a router, as its running configuration and what it was lent have them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv6Address, IPv6Interface, ip_interface

from provisioning.stands.simulator.cisco_iosxe import reading

Lent = Callable[[str], "tuple[IPv4Interface | IPv6Interface, ...]"]
"""Returns the addresses that an interface was lent, or made itself from advertisements."""

CONNECTED_PORTS = 2
"""LAN ports in which something is plugged: the host on the LAN, and the customer's firewall."""

BEARER_KINDS = {"GigabitEthernet0/0/0": 1, "Cellular0/2/0": 2}
"""The last octet but one of the MAC address of a bearer, by which the operator's network knows its address."""

_SHORT = {
    "GigabitEthernet": "Gi",
    "Cellular": "Ce",
    "Loopback": "Lo",
    "Vlan": "Vl",
    "Tunnel": "Tu",
    "Wlan-GigabitEthernet": "Wl",
}


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface.

    Attributes:
        name: in full.
        lines: of its configuration.
        ipv4: its addresses, the primary one first.
        ipv6: its global addresses.
        shutdown: whether it was shut down.
        up: whether its line is up.
        method: how it came to its IPv4 address, as `show ip interface brief` has it.
    """

    name: str
    lines: tuple[str, ...] = ()
    ipv4: tuple[IPv4Interface, ...] = ()
    ipv6: tuple[IPv6Interface, ...] = ()
    shutdown: bool = False
    up: bool = True
    method: str = "unset"
    zone: str = ""
    description: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """The name as tables have it."""
        kind = re.match(r"\D+", self.name)
        return self.name.replace(kind[0], _SHORT.get(kind[0], kind[0]), 1) if kind else self.name

    @property
    def speaks_ipv6(self) -> bool:
        """Whether it has any IPv6 at all."""
        return bool(self.ipv6) or any(each.startswith("ipv6 ") for each in self.lines)


def interfaces_of(text: str, lent: Lent) -> list[Interface]:
    """Return the interfaces of a running configuration, in its order."""
    return [_interface(name, lines, lent) for name, lines in reading.blocks(text, "interface")]


def _interface(name: str, lines: list[str], lent: Lent) -> Interface:
    shutdown = "shutdown" in lines
    fixed = [*_addresses("/".join(words[2:4]) for words in _starting(lines, "ip address"))]
    secondary = [each for each in fixed if f"ip address {each.ip} {each.netmask} secondary" in lines]
    ipv4 = [*(each for each in fixed if each not in secondary), *secondary]
    ipv6 = [*_addresses(words[2] for words in _starting(lines, "ipv6 address") if "/" in words[2])]
    given = lent(name) if not shutdown else ()
    known4 = [each for each in (*ipv4, *given) if isinstance(each, IPv4Interface)]
    known6 = [each for each in (*ipv6, *given) if isinstance(each, IPv6Interface)]
    return Interface(
        name,
        tuple(lines),
        tuple(dict.fromkeys(known4)),
        tuple(dict.fromkeys(known6)),
        shutdown,
        not shutdown and _has_line(name),
        _method(lines),
        next((each.split()[-1] for each in lines if each.startswith("zone-member security ")), ""),
        next((each.removeprefix("description ") for each in lines if each.startswith("description ")), ""),
    )


def _method(lines: list[str]) -> str:
    """Return how an interface comes to its IPv4 address, as `show ip interface brief` has it."""
    said = next((words[2] for words in _starting(lines, "ip address")), "")
    return {"": "unset", "dhcp": "DHCP", "negotiated": "IPCP"}.get(said, "NVRAM")


def _starting(lines: list[str], words: str) -> list[list[str]]:
    return [each.split() for each in lines if each.startswith(f"{words} ")]


def _addresses(texts: Iterable[str]) -> Iterator[IPv4Interface | IPv6Interface]:
    """Yield the addresses among some texts; others ask somebody for one."""
    for each in texts:
        with suppress(ValueError):
            yield ip_interface(each)


def _has_line(name: str) -> bool:
    """Return whether something is plugged into a port; what is no port always has a line."""
    port = re.fullmatch(r"GigabitEthernet0/1/(\d)", name)
    if port is not None:
        return int(port[1]) < CONNECTED_PORTS
    return name not in ("GigabitEthernet0/0/1", "Cellular0/2/1")


def split_name(name: str) -> tuple[str, str]:
    """Return the kind of an interface in small letters, and its number."""
    found = re.fullmatch(r"(\D*)(.*)", "".join(name.split()).lower())
    return (found[1], found[2]) if found is not None else (name, "")


def mac_of(name: str, number: int) -> str:
    """Return the MAC address of an interface, as IOS writes it: it goes by the customer's number and the port."""
    if name in BEARER_KINDS:
        return f"0200.00{number >> 8 & 0xFF:02x}.{BEARER_KINDS[name]:02x}{number & 0xFF:02x}"
    port = sum(int(each) * factor for each, factor in zip(re.findall(r"\d+", name), (64, 16, 1), strict=False))
    return f"6c31.0e{number >> 8 & 0xFF:02x}.{number & 0xFF:02x}{port & 0xFF:02x}"


def link_local(name: str, number: int) -> IPv6Address:
    """Return the link-local address that an interface makes from its MAC address (RFC 4291, appendix A)."""
    mac = int(mac_of(name, number).replace(".", ""), 16)
    high, low = mac >> 24 ^ 0x020000, mac & 0xFFFFFF
    return IPv6Address(0xFE80 << 112 | high << 40 | 0xFFFE << 24 | low)


def shown6(address: IPv6Address) -> str:
    """Return an IPv6 address as IOS writes it: in capitals."""
    return str(address).upper()
