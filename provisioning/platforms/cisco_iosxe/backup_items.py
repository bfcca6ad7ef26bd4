"""What a Cisco configuration holds of what a backup is for (facts: I-8.3).

Sources: Cisco IOS-XE 17 IP Addressing, NAT, and Broadband Access Aggregation (PPPoE client) configuration guides;
Catalyst 9800 Configuration Guide, "WLANs".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Interface

from provisioning.platforms.backup_contents import (
    BackupContents,
    BackupReader,
    DhcpService,
    Flaw,
    Interval,
    PortForward,
    PppConnection,
    WirelessNetwork,
)
from provisioning.platforms.cisco_iosxe.backup_sections import read_sections
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS
from provisioning.platforms.cisco_iosxe.login_passwords import without_login_passwords
from provisioning.platforms.cisco_iosxe.public_values import is_for_people, is_public
from provisioning.platforms.cisco_iosxe.redaction import secret_spans
from provisioning.platforms.cisco_iosxe.volatile import without_volatile

Commands = Mapping[str, Sequence[str]]

LENGTHS = {str(IPv4Address((0xFFFFFFFF << (32 - each)) & 0xFFFFFFFF)): each for each in range(33)}
"""Prefix lengths by netmask."""

_BEGINNINGS = {each[:4]: each for each in ("interface ", "ip dhcp ", "ip nat inside source ", "ipv6 route ", "wlan ")}
"""Of the commands that matter here, by their first four characters."""

WPA3, WPA2 = "security wpa wpa3", "no security wpa wpa2"

_STATIC = re.compile(
    r"ip nat inside source static (tcp|udp) (\S+) (\d+) (?:interface (\S+)|(\S+)) (\d+)(?: .*)?", re.ASCII
)
_WLAN = re.compile(r"wlan \S+ \d+ \S.*")
_ANY_KEY = re.compile(r"security wpa (?:akm )?psk set-key (?:ascii|hex) \d+ \S.*")
_PPP_USER = ("ppp chap hostname ", "ppp pap sent-username ", "ppp eap identity ")
_PPP_PASSWORD = re.compile(r"ppp (?:chap|eap) password \S+.*|ppp pap sent-username \S+ password \S+.*")


def contents(documents: Mapping[str, str]) -> BackupContents:
    """Return what the documents of a router hold."""
    text = documents.get(RUNNING_CONFIG, "")
    found = read_sections(RUNNING_CONFIG, text)
    some = _by_beginning(found.commands)
    up = {line[len("interface ") :]: inner for line, inner in some["interface "].items() if "shutdown" not in inner}
    return BackupContents(
        ipv4=frozenset(address for inner in up.values() for address in _addresses(inner)),
        ipv6=frozenset(address for inner in up.values() for address in _addresses6(inner)),
        learned=tuple(name for name, inner in up.items() if _is_learned(inner)),
        routes=frozenset(_routes(some["ipv6 route "])),
        dhcp=() if "no service dhcp" in found.commands else tuple(_dhcp(some["ip dhcp "])),
        wireless=tuple(_wireless(some["wlan "])),
        forwards=tuple(_forwards(some["ip nat inside source "], up)),
        ppp=tuple(_ppp(up)),
        inside=_inside(up) if some["ip nat inside source "] else None,
        outside=any("ip nat outside" in inner for inner in up.values()),
        flaws=(*(found.flaws if text.strip() else ()), *_users_flaws(documents.get(SNMP_USERS, ""))),
    )


def _by_beginning(commands: Commands) -> dict[str, dict[str, Sequence[str]]]:
    """Return the commands that matter here, by how they begin."""
    some: dict[str, dict[str, Sequence[str]]] = {each: {} for each in _BEGINNINGS.values()}
    for line, inner in commands.items():
        beginning = _BEGINNINGS.get(line[:4])
        if beginning is not None and line.startswith(beginning):
            some[beginning][line] = inner
    return some


def _addresses(inner: Sequence[str]) -> Iterator[str]:
    for each in inner:
        if each.startswith("ip address "):
            words = each.split()
            if len(words) > 3 and words[3] in LENGTHS:
                yield f"{words[2]}/{LENGTHS[words[3]]}"


def _inside(up: Commands) -> frozenset[str]:
    """Return the addresses of interfaces that are inside: a rule translates nothing without them (ip nat inside)."""
    within = (inner for inner in up.values() if "ip nat inside" in inner)
    return frozenset(address.split("/")[0] for inner in within for address in _addresses(inner))


def _addresses6(inner: Sequence[str]) -> Iterator[str]:
    for each in inner:
        if each.startswith("ipv6 address ") and "/" in each:
            written = each.split()[2]
            try:
                yield str(IPv6Interface(written))
            except ValueError:
                continue  # a name of a prefix stands before it


def _is_learned(inner: Sequence[str]) -> bool:
    return any(each.startswith(("ip address dhcp", "ip address negotiated")) for each in inner)


def _routes(commands: Commands) -> Iterator[str]:
    for each in commands:
        words = each.split()
        for hop in words[3:5]:
            if ":" in hop:
                yield f"{words[2]} {_ipv6(hop)}".lower()


def _ipv6(written: str) -> str:
    try:
        return str(IPv6Address(written))
    except AddressValueError:
        return written


def _dhcp(commands: Commands) -> Iterator[DhcpService]:
    excluded = [_ends(each.split()[3:5]) for each in commands if each.startswith("ip dhcp excluded-address ")]
    for line, inner in commands.items():
        if not line.startswith("ip dhcp pool "):
            continue
        subnet, router = None, ""
        for each in inner:
            match each.split():
                case ["network", network, mask, *_]:
                    subnet = _hosts(network, mask)
                case ["default-router", first, *_]:
                    router = first
        if subnet is not None:
            own = [(_number(router), _number(router))] if router else []
            yield DhcpService(router, _without(subnet, [each for each in (*excluded, *own) if each[0] >= 0]))


def _number(written: str) -> int:
    try:
        return int(IPv4Address(written))
    except AddressValueError:
        return -1


def _ends(words: Sequence[str]) -> Interval:
    first = _number(words[0]) if words else -1
    return first, _number(words[1]) if len(words) > 1 else first


def _hosts(network: str, mask: str) -> Interval | None:
    length = LENGTHS.get(mask, int(mask[1:]) if re.fullmatch(r"/\d\d?", mask) else None)
    first = _number(network)
    if length is None or length > 30 or first < 0:
        return None
    return first + 1, first + 2 ** (32 - length) - 2


def _without(whole: Interval, excluded: Sequence[Interval]) -> tuple[Interval, ...]:
    """Return what is left of an interval."""
    left, first = [], whole[0]
    for begin, end in sorted(excluded):
        if end < first or begin > whole[1]:
            continue
        if begin > first:
            left.append((first, begin - 1))
        first = max(first, end + 1)
    if first <= whole[1]:
        left.append((first, whole[1]))
    return tuple(left)


def _wireless(commands: Commands) -> Iterator[WirelessNetwork]:
    for line, inner in commands.items():
        if _WLAN.fullmatch(line) and "no shutdown" in inner:
            yield WirelessNetwork(ssid=True, key=any(map(_ANY_KEY.fullmatch, inner)), security=_security(inner))


def _security(inner: Sequence[str]) -> str:
    if "no security wpa" in inner:
        return ""
    wpa2 = WPA2 not in inner and any(each.startswith("security wpa akm psk") for each in inner)
    wpa3 = WPA3 in inner and any(each.startswith("security wpa akm sae") for each in inner)
    return {(True, False): "wpa2", (True, True): "wpa2-wpa3", (False, True): "wpa3"}.get((wpa2, wpa3), "")


def _forwards(commands: Commands, up: Commands) -> Iterator[PortForward]:
    for line in commands:
        if found := _STATIC.fullmatch(line):
            protocol, target, inside, interface, address, outside = found.groups()
            if interface:
                address = next((each.split("/")[0] for each in _addresses(up.get(interface, ()))), "")
            shift = int(inside) - int(outside)
            yield PortForward(protocol, address, target, (int(outside), int(outside)), shift)


def _ppp(up: Commands) -> Iterator[PppConnection]:
    for name, inner in up.items():
        if "encapsulation ppp" in inner and any(
            each.startswith(("dialer pool ", "ppp chap", "ppp pap")) for each in inner
        ):
            user = any(each.startswith(_PPP_USER) for each in inner)
            password = any(map(_PPP_PASSWORD.fullmatch, inner))
            missing = (*(() if user else ("user name",)), *(() if password else ("password",)))
            yield PppConnection(name, missing)


def _users_flaws(text: str) -> Iterator[Flaw]:
    for line in text.split("\n"):
        if line.strip() and not line.startswith(("snmp-server user ", "!")):
            yield Flaw("error-text", SNMP_USERS, "a line in it is no SNMP user")
            return


READER = BackupReader(
    documents=(RUNNING_CONFIG, SNMP_USERS),
    wifi=(),
    always=(RUNNING_CONFIG,),
    may_be_empty=(SNMP_USERS,),
    contents=contents,
    secret_spans=secret_spans,
    without_login_passwords=without_login_passwords,
    without_volatile=without_volatile,
    is_public=is_public,
    is_for_people=is_for_people,
)
