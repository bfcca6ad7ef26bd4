"""What a simulated router's DHCP client asks for, by dhcpcd.conf(5) in force, and what the segments give."""

from ipaddress import IPv6Address, IPv6Network, ip_network

from provisioning.stands.simulator.linux_cpe import settings_files

SEGMENTS = {
    "wan0": (ip_network("100.64.0.0/16"), IPv6Network("3fff:0:0:a::/64"), 1),
    "wwan0": (ip_network("100.96.0.0/16"), IPv6Network("3fff:0:0:b::/64"), 2),
}
"""Of each bearer: the segment's networks, and the last octet but one of its MAC address."""


def asked_for(text: str) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return the interfaces that dhcpcd asks on, and the settings of each; under no name, those of all."""
    blocks: dict[str, list[str]] = {"": []}
    current = ""
    allowed: tuple[str, ...] = ("wan0",)
    for _, line in settings_files.lines_of(text):
        key, _, value = line.partition(" ")
        if key == "interface":
            current = value.strip()
            blocks.setdefault(current, [])
        elif key == "allowinterfaces":
            allowed = tuple(value.replace(",", " ").split())
        else:
            blocks[current].append(line)
    return allowed, {name: tuple(lines) for name, lines in blocks.items()}


def made_address(network: IPv6Network, kind: int, number: int) -> IPv6Address:
    """Return the address that a host with MAC address 02:00:00:00:KIND:NUMBER makes itself (RFC 4291, appendix A)."""
    mac = bytes((0, 0, 0, 0xFF, 0xFE, 0, kind, number & 0xFF)) if number < 256 else _long(kind, number)
    return network.network_address + int.from_bytes(mac, "big")


def _long(kind: int, number: int) -> bytes:
    return bytes((0, 0, 0, 0xFF, 0xFE, number >> 8 & 0xFF, kind, number & 0xFF))
