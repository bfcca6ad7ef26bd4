"""What the documents of a Linux router hold of what a backup is for (facts: I-8.3).

There is no bearer over PPP on this platform: none of its documents is pppd's.
"""

import re
from collections.abc import Iterator, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Interface

from provisioning.platforms.backup_contents import (
    BackupContents,
    BackupReader,
    DhcpService,
    Interval,
    PortForward,
    WirelessNetwork,
)
from provisioning.platforms.linux_cpe.backup_flaws import flaws
from provisioning.platforms.linux_cpe.customer_settings import read_customer_settings
from provisioning.platforms.linux_cpe.login_passwords import without_login_passwords
from provisioning.platforms.linux_cpe.public_values import is_for_people, is_public
from provisioning.platforms.linux_cpe.redaction import secret_spans

_WANTED = re.compile(r"^want[ \t]+\S+[ \t]+-[46](?P<addresses>(?:[ \t]+\S+)*)[ \t]*$", re.MULTILINE)
_FORWARD = re.compile(
    r"^[ \t]*ip daddr (?P<outside>\S+) (?P<protocol>tcp|udp) dport (?P<ports>\{[^}\n]*\}|\S+)"
    r" dnat (?:ip )?to (?P<target>\S+)",
    re.MULTILINE,
)
_MAP = re.compile(
    r"^[ \t]*ip daddr (?P<outside>\S+) dnat (?:ip )?to (?P<protocol>tcp|udp) dport map \{(?P<elements>[^}\n]*)\}",
    re.MULTILINE,
)
_MOVED = re.compile(r"(\d{1,5}) : ([0-9.]+) \. (\d{1,5})(?!\d)")
_CHAIN = re.compile(r"^[ \t]*type nat hook prerouting ", re.MULTILINE)
_ROUTE = re.compile(r"^ipv6 route (?P<prefix>\S+) (?P<hop>[0-9A-Fa-f:]+)(?: .*)?$", re.MULTILINE)
_SECURITY = {
    frozenset({"WPA-PSK"}): "wpa2",
    frozenset({"WPA-PSK", "SAE"}): "wpa2-wpa3",
    frozenset({"SAE"}): "wpa3",
}
_ROUTER_OPTIONS = ("option:router", "3")
_WPA2 = 2


def contents(documents: Mapping[str, str]) -> BackupContents:
    """Return what the documents of a router hold."""
    addresses = tuple(_addresses(documents.get("network.sh", "")))
    return BackupContents(
        ipv4=frozenset(each for each in addresses if ":" not in each),
        ipv6=frozenset(filter(None, (_ipv6(each) for each in addresses if ":" in each))),
        learned=tuple(_learned(documents.get("dhcpcd.conf", ""))),
        routes=frozenset(_routes(documents.get("frr.conf", ""))),
        dhcp=tuple(_dhcp(documents.get("dnsmasq.conf", ""))),
        wireless=tuple(_wireless(documents)),
        forwards=tuple(_forwards(documents.get("nftables.conf", ""))),
        ppp=(),
        flaws=tuple(each for name, text in documents.items() for each in flaws(name, text)),
    )


def _addresses(text: str) -> Iterator[str]:
    """Yield the addresses that network.sh sets when it runs: what stands at the beginning of a line."""
    for found in _WANTED.finditer(text):
        yield from (each.strip("'\"") for each in found["addresses"].split())


def _ipv6(written: str) -> str:
    try:
        return str(IPv6Interface(written))
    except ValueError:
        return ""


def _learned(text: str) -> Iterator[str]:
    """Yield the interfaces on which dhcpcd asks for an IPv4 address (dhcpcd.conf(5), "interface", "noipv4")."""
    allowed: list[str] = []
    blocks: dict[str, set[str]] = {}
    within: set[str] = set()
    for line in text.split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "allowinterfaces":
            allowed = words[1:]
        elif words[0] == "interface" and len(words) > 1:
            within = blocks.setdefault(words[1], set())
        else:
            within.add(words[0])
    for name, options in blocks.items():
        if (not allowed or name in allowed) and not options & {"noipv4", "nodhcp", "static"}:
            yield name


def _routes(text: str) -> Iterator[str]:
    if "\nipv6 route " not in text:
        return
    for found in _ROUTE.finditer(text):
        try:
            yield f"{found['prefix']} {IPv6Address(found['hop'])}".lower()
        except AddressValueError:
            continue


def _dhcp(text: str) -> Iterator[DhcpService]:
    """Yield what dnsmasq lends, as one server: dnsmasq(8), "--dhcp-range", "--dhcp-option"."""
    router, lent = "", []
    for line in text.split("\n"):
        option, _, value = line.partition("=")
        if option == "dhcp-range":
            ends = [_number(each) for each in value.split(",")]
            four = [each for each in ends if each >= 0]
            if len(four) > 1:
                lent.append((four[0], four[1]))
        elif option == "dhcp-option":
            parts = [each.strip() for each in value.split(",")]
            if any(each in _ROUTER_OPTIONS for each in parts[:-1]):
                router = parts[-1]
    if lent:
        yield DhcpService(router, tuple(sorted(lent)))


def _number(written: str) -> int:
    if written.count(".") != 3:
        return -1
    try:
        return int(IPv4Address(written.strip()))
    except AddressValueError:
        return -1


def _wireless(documents: Mapping[str, str]) -> Iterator[WirelessNetwork]:
    text = documents.get("hostapd.conf")
    if text is None:
        return
    options = {name: value for name, _, value in (line.partition("=") for line in text.split("\n"))}
    usable = read_customer_settings(documents) is not None
    named = bool(options.get("ssid") or options.get("ssid2"))
    modes = frozenset(options.get("wpa_key_mgmt", "").split())
    wpa2 = options.get("wpa", "").isdecimal() and int(options["wpa"]) & _WPA2
    yield WirelessNetwork(ssid=named, key=usable, security=_SECURITY.get(modes, "") if wpa2 else "")


def _forwards(text: str) -> Iterator[PortForward]:
    if "dnat" not in text:
        return
    for found in _FORWARD.finditer(text):
        chain = text.rfind("chain ", 0, found.start())
        if _CHAIN.search(text, chain, found.start()):
            for ports in _ports(found["ports"]):
                yield PortForward(found["protocol"], found["outside"], found["target"], ports)
    for found in _MAP.finditer(text):
        for port, target, to in _MOVED.findall(found["elements"]):
            ports = (int(port), int(port))
            yield PortForward(found["protocol"], found["outside"], target, ports, int(to) - int(port))


def _ports(written: str) -> Iterator[Interval]:
    for each in written.strip("{}").split(","):
        first, _, last = each.strip().partition("-")
        if first.isdecimal() and (not last or last.isdecimal()):
            yield int(first), int(last or first)


READER = BackupReader(
    documents=(
        "nftables.conf",
        "sysctl.conf",
        "network.sh",
        "dhcpcd.conf",
        "daemons",
        "frr.conf",
        "dnsmasq.conf",
        "snmpd.conf",
        "sshd_config",
    ),
    wifi=("hostapd.conf",),
    always=("dhcpcd.conf", "sshd_config"),
    may_be_empty=(),
    contents=contents,
    secret_spans=secret_spans,
    without_login_passwords=without_login_passwords,
    is_public=is_public,
    is_for_people=is_for_people,
)
