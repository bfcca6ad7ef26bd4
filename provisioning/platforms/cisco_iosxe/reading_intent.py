"""Reads from a router's configuration what its line does; what cannot be read is told.

Configurations of others are read as well: which interface is the LAN, and which leads out, is told by what is said of
them, not by their names.
"""

from collections.abc import Iterator, Mapping

from provisioning.model.read_intent import SNMP_KEYS, Known, Place, ReadIntent, ReadLabel, Sureness, Unread
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS, user_lines
from provisioning.platforms.cisco_iosxe.configuration_tree import not_understood, read_configuration
from provisioning.platforms.cisco_iosxe.reading_addresses import read_addresses
from provisioning.platforms.cisco_iosxe.reading_openings import read_mappings, read_openings
from provisioning.platforms.cisco_iosxe.reading_services import (
    read_bgp,
    read_dhcp,
    read_ppp,
    read_resolvers,
    read_wifi,
)
from provisioning.platforms.cisco_iosxe.said import Said, first, interfaces, said, top
from provisioning.platforms.numbered_lines import is_too_large

_LABEL = r"snmp-server location line (L-\d+), ([a-z0-9-]+), router (\S+)"


def read_intent(documents: Mapping[str, str]) -> ReadIntent:
    """Return what a router's line does.

    Args:
        documents: the texts of the router's documents by their names, as it has them.
    """
    text = documents.get(RUNNING_CONFIG, "")
    if not text.strip() or is_too_large(text):
        reason = "it is larger than any that is read" if text.strip() else "the router shows none"
        return ReadIntent(unread=(Unread(Place(RUNNING_CONFIG), "document", reason),))
    tree = read_configuration(text)
    commands = said(tree)
    known = interfaces(commands)
    addresses = read_addresses(commands, known)
    mappings, odd_translations = read_mappings(commands)
    dhcp, odd_pools = read_dhcp(commands, addresses.lan.value if addresses.lan else None)
    wifi, odd_wifi = read_wifi(text, commands)
    targets = tuple(each.value for each in (addresses.ip_pack, addresses.ipv6_routed) if each is not None)
    strange = (Unread(Place(RUNNING_CONFIG, each.number), "line", each.reason) for each in not_understood(tree))
    return ReadIntent(
        label=_label(commands),
        hostname=_hostname(commands),
        management=addresses.management,
        fixed_ipv4=addresses.fixed_ipv4,
        ip_pack=addresses.ip_pack,
        ipv6=addresses.ipv6,
        ipv6_routed=addresses.ipv6_routed,
        bearers=addresses.bearers,
        lan=addresses.lan,
        router=addresses.router,
        dhcp=dhcp,
        wifi=wifi,
        port_mappings=mappings,
        customer_openings=read_openings(commands, targets),
        managed_firewall=_managed(commands),
        resolvers=read_resolvers(commands),
        ppp=read_ppp(known),
        bgp=read_bgp(commands),
        unread=(*addresses.unread, *odd_translations, *odd_pools, *odd_wifi, *strange, *_unshown(documents)),
    )


def _label(commands: tuple[Said, ...]) -> Known[ReadLabel] | None:
    found = first(top(commands), _LABEL)
    if found is None:
        return None
    return Known(ReadLabel(found[1][1], found[1][2], found[1][3]), found[0].place, Sureness.LABELLED)


def _hostname(commands: tuple[Said, ...]) -> Known[str] | None:
    found = first(top(commands), r"hostname (\S+)")
    return Known(found[1][1], found[0].place) if found else None


def _managed(commands: tuple[Said, ...]) -> Known[bool] | None:
    """Return whether sessions are remembered by application, as our parameter maps do it."""
    found = first(top(commands), r"parameter-map type inspect TIMER-\S+")
    return Known(value=True, place=found[0].place) if found else None


def _unshown(documents: Mapping[str, str]) -> Iterator[Unread]:
    if user_lines(documents.get(SNMP_USERS, "")):
        yield Unread(
            Place(SNMP_USERS), SNMP_KEYS, "no router with IOS-XE shows them; people who know them may give them"
        )
