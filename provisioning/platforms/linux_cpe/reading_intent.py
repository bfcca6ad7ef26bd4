"""Reads from a router's documents what its line does; what cannot be read is told."""

import re
from collections.abc import Iterator, Mapping

from provisioning.model.read_intent import Known, Place, ReadIntent, ReadLabel, Sureness, Unread
from provisioning.platforms.linux_cpe.documents import DOCUMENTS
from provisioning.platforms.linux_cpe.reading_addresses import read_addresses
from provisioning.platforms.linux_cpe.reading_firewall import NFTABLES, read_firewall, read_openings
from provisioning.platforms.linux_cpe.reading_services import (
    DHCPCD,
    DNSMASQ,
    FRR,
    SNMPD,
    read_bearers,
    read_bgp,
    read_dhcp,
    read_resolvers,
    read_snmp,
    read_wifi,
)
from provisioning.platforms.numbered_lines import is_too_large, numbered_lines

OPTIONAL = frozenset({"hostapd.conf", "failover.conf"})
"""Documents that a router may be without: without Wi-Fi, or a mobile back-up."""

_LABEL = re.compile(r'.*\bLine (L-\d+), ([a-z0-9-]+), router (\S+)\. Written by Proviso\."?')
_HOSTNAME = re.compile(r"hostname (\S+)")


def read_intent(documents: Mapping[str, str]) -> ReadIntent:
    """Return what a router's line does.

    Args:
        documents: the texts of the router's documents by their names, as it has them.
    """
    large = tuple(name for name, text in documents.items() if is_too_large(text))
    read = {name: text for name, text in documents.items() if name not in large}
    firewall = read_firewall(read.get(NFTABLES, ""))
    addresses = read_addresses(read, firewall.translated_to)
    dhcp, odd_ranges = read_dhcp(read.get(DNSMASQ, ""))
    wifi, odd_wifi = read_wifi(read)
    targets = tuple(each.value for each in (addresses.ip_pack, addresses.ipv6_routed) if each is not None)
    snmp = read_snmp(read.get(SNMPD, ""))
    return ReadIntent(
        label=_label(read),
        hostname=_hostname(read.get(FRR, "")),
        management=addresses.management,
        fixed_ipv4=addresses.fixed_ipv4,
        ip_pack=addresses.ip_pack,
        ipv6=addresses.ipv6,
        ipv6_routed=addresses.ipv6_routed,
        bearers=tuple(read_bearers(read.get(DHCPCD, ""))),
        lan=addresses.lan,
        router=addresses.router,
        dhcp=dhcp,
        wifi=wifi,
        port_mappings=firewall.mappings,
        customer_openings=read_openings(read.get(NFTABLES, ""), targets),
        managed_firewall=firewall.managed,
        resolvers=read_resolvers(read.get(DNSMASQ, "")),
        bgp=read_bgp(read.get(FRR, "")),
        snmp_authentication=snmp[0] if snmp else None,
        snmp_privacy=snmp[1] if snmp else None,
        unread=(*_missing(documents, large), *addresses.unread, *firewall.unread, *odd_ranges, *odd_wifi),
    )


def _missing(documents: Mapping[str, str], large: tuple[str, ...]) -> Iterator[Unread]:
    for each in DOCUMENTS:
        if each.name not in documents and each.name not in OPTIONAL:
            yield Unread(Place(each.name), "document", f"the router has no {each.path}")
        elif each.name in large:
            yield Unread(Place(each.name), "document", "it is larger than any that is read")


def _label(documents: Mapping[str, str]) -> Known[ReadLabel] | None:
    for name, text in documents.items():
        for line in numbered_lines(text):
            if found := _LABEL.fullmatch(line.text):
                label = ReadLabel(found[1], found[2], found[3])
                return Known(label, Place(name, line.number), Sureness.LABELLED)
    return None


def _hostname(text: str) -> Known[str] | None:
    for line in numbered_lines(text):
        if found := _HOSTNAME.fullmatch(line.text):
            return Known(found[1], Place(FRR, line.number))
    return None
