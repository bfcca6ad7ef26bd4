"""What a simulated router's DHCP client asks for, by dhcpcd.conf(5) in force, and what it is given."""

from collections.abc import Mapping
from ipaddress import IPv6Interface, IPv6Network

from provisioning.stands.simulator.linux_cpe import settings_files
from provisioning.stands.simulator.linux_cpe.forwarding import INTERFACES
from provisioning.stands.simulator.linux_cpe.interfaces import Link
from provisioning.stands.simulator.operator_side import lent_address, made_address
from provisioning.stands.simulator.packets import BEARERS

BRIDGE_PREFIX = 64


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


def ask(text: str, links: Mapping[str, Link], number: int, prefix: IPv6Network | None) -> None:
    """Ask for addresses on each bearer, anew, and put what is given on the interfaces.

    Args:
        text: dhcpcd.conf.
        links: by name of the interface.
        number: of the customer.
        prefix: that is delegated to who asks; None for none.
    """
    allowed, blocks = asked_for(text)
    common = blocks.get("", ())
    for link in links.values():
        link.given = []
    for side in BEARERS:
        name = INTERFACES[side]
        if name not in allowed or name not in links:
            continue
        mine, given = blocks.get(name, ()), links[name].given
        links[name].up = True
        if not any(each.startswith("noipv4 ") or each == "noipv4" for each in (*common, *mine)):
            given.append(lent_address(side, number))
        if "ipv6rs" in mine or "noipv6rs" not in (*common, *mine):
            given.append(made_address(side, number))
        for each in mine:
            _ask_for_prefix(each, links, prefix)


def _ask_for_prefix(setting: str, links: Mapping[str, Link], prefix: IPv6Network | None) -> None:
    """Take the prefix that is delegated, for `ia_pd ID INTERFACE/SLA/LENGTH/SUFFIX` (dhcpcd.conf(5))."""
    words = setting.split()
    if words[:1] != ["ia_pd"] or len(words) < 3 or prefix is None:
        return
    name, sla, _, suffix = [*words[2].split("/"), "1", "64", "1"][:4]
    network = int(prefix.network_address) + (int(sla) << 64)
    links.get(name, Link()).given.append(IPv6Interface((network + int(suffix), BRIDGE_PREFIX)))
