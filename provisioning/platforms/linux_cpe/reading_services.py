"""Reads what a router serves and how it reaches the internet: dnsmasq.conf, hostapd.conf, dhcpcd.conf, snmpd.conf."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address

from provisioning.model.intent import DhcpRange
from provisioning.model.read_intent import Known, Place, ReadBearer, ReadBgp, ReadWifi, Unread
from provisioning.model.secret import Secret
from provisioning.platforms.linux_cpe.customer_settings import read_customer_settings
from provisioning.platforms.linux_cpe.lan_services import KEY_MANAGEMENT
from provisioning.platforms.linux_cpe.names import MOBILE_BEARER
from provisioning.platforms.numbered_lines import numbered_lines

DNSMASQ, HOSTAPD, DHCPCD, FRR, SNMPD = "dnsmasq.conf", "hostapd.conf", "dhcpcd.conf", "frr.conf", "snmpd.conf"

_SECURITY = {frozenset(modes.split()): name for name, modes in KEY_MANAGEMENT.items()}
_MOBILE = re.compile(r"wwan|lte|usb|cellular|ppp_mobile", re.IGNORECASE)
_RANGE = re.compile(r"dhcp-range=(?:[a-z-]+:[^,]+,)*([0-9.]+),([0-9.]+)(?:,.*)?")
_RANGE6 = re.compile(r"dhcp-range=(?:[a-z-]+:[^,]+,)*[0-9a-fA-F:]*:.*")
_SERVER = re.compile(r"server=([0-9a-fA-F.:]+)")
_INTERFACE = re.compile(r"interface (\S+)")
_AS = re.compile(r"router bgp (\d{1,10})")
_NEIGHBOUR = re.compile(r"neighbor (\S+) remote-as (\S+)")
_QUOTED = r"(\"(?:[^\"\\]|\\.)*\"|\S+)"
_USER = re.compile(rf"createUser\s+{_QUOTED}\s+SHA\S*\s+{_QUOTED}\s+AES\S*\s+{_QUOTED}", re.IGNORECASE)


def read_dhcp(text: str) -> tuple[tuple[Known[DhcpRange], ...], tuple[Unread, ...]]:
    """Return what dnsmasq lends."""
    ranges: list[Known[DhcpRange]] = []
    unread: list[Unread] = []
    for line in numbered_lines(text):
        if not line.text.startswith("dhcp-range=") or _RANGE6.fullmatch(line.text):
            continue
        place, found = Place(DNSMASQ, line.number), _RANGE.fullmatch(line.text)
        try:
            ends = (IPv4Address(found[1]), IPv4Address(found[2])) if found else None
        except ValueError:
            ends = None
        if ends is None or ends[1] < ends[0]:
            unread.append(Unread(place, "DHCP", "a range of a form that is not known"))
        else:
            ranges.append(Known(DhcpRange(*ends), place))
    return tuple(ranges), tuple(unread)


def read_resolvers(text: str) -> tuple[Known[str], ...]:
    """Return whom dnsmasq asks."""
    return tuple(
        Known(found[1], Place(DNSMASQ, line.number))
        for line in numbered_lines(text)
        if (found := _SERVER.fullmatch(line.text))
    )


def read_wifi(documents: Mapping[str, str]) -> tuple[Known[ReadWifi] | None, tuple[Unread, ...]]:
    """Return the Wi-Fi network; None where it is off, or where it cannot be read, which is told."""
    if HOSTAPD not in documents:
        return None, ()
    settings = read_customer_settings(documents)
    if settings is None:
        reason = "hostapd.conf holds no SSID, or no key that hostapd could use"
        return None, (Unread(Place(HOSTAPD), "Wi-Fi", reason),)
    lines = {line.text.partition("=")[0]: line for line in numbered_lines(documents[HOSTAPD])}
    ssid = lines.get("ssid2") or lines.get("ssid")
    modes = lines.get("wpa_key_mgmt")
    security = _SECURITY.get(frozenset(modes.text.partition("=")[2].split()), "") if modes else ""
    place = Place(HOSTAPD, ssid.number if ssid else 0)
    wifi = Known(ReadWifi(settings.ssid, settings.channel, security, settings.key), place)
    if security:
        return wifi, ()
    where = Place(HOSTAPD, modes.number if modes else 0)
    return wifi, (Unread(where, "Wi-Fi security", "a way of securing it that is none of ours"),)


def read_bearers(text: str) -> Iterator[Known[ReadBearer]]:
    """Yield the interfaces on which dhcpcd asks for an address, the fixed bearers first."""
    found: list[tuple[str, int]] = []
    quiet: set[str] = set()
    for line in numbered_lines(text):
        if begins := _INTERFACE.fullmatch(line.text):
            found.append((begins[1], line.number))
        elif line.text == "noipv4" and found:
            quiet.add(found[-1][0])
    bearers = [(name, number) for name, number in found if name not in quiet]
    for name, number in sorted(bearers, key=lambda each: _is_mobile(each[0])):
        yield Known(ReadBearer(name, _is_mobile(name), "dhcp"), Place(DHCPCD, number))


def _is_mobile(interface: str) -> bool:
    return interface == MOBILE_BEARER or _MOBILE.match(interface) is not None


def read_bgp(text: str) -> Known[ReadBgp] | None:
    """Return what frr.conf says of BGP."""
    begins: tuple[int, int] | None = None
    neighbours: list[str] = []
    for line in numbered_lines(text):
        if begins is None and (found := _AS.match(line.text)):
            begins = int(found[1]), line.number
        elif begins is not None and (found := _NEIGHBOUR.fullmatch(line.text)):
            neighbours.append(f"{found[1]} AS {found[2]}")
    return Known(ReadBgp(begins[0], tuple(neighbours)), Place(FRR, begins[1])) if begins else None


def read_snmp(text: str) -> tuple[Known[Secret], Known[Secret]] | None:
    """Return the pass phrases of the first SNMPv3 user, for authentication and for privacy."""
    for line in numbered_lines(text):
        if found := _USER.fullmatch(line.text):
            place = Place(SNMPD, line.number)
            return Known(Secret(_unquoted(found[2])), place), Known(Secret(_unquoted(found[3])), place)
    return None


def _unquoted(token: str) -> str:
    if token.startswith('"') and token.endswith('"') and len(token) > 1:
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token
