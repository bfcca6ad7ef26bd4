"""What keys the documents of `key=value` lines may have, and which values each takes.

Keys and values are those of dnsmasq(8), hostapd.conf(5) with its commented example, snmpd.conf(5), sshd_config(5),
dhcpcd.conf(5); of each, what routers are given.
"""

import re
import shlex
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network, ip_address

Check = Callable[[str], bool]


def _each(check: Check, names: str) -> dict[str, Check]:
    """Return the same check for each of some keys."""
    return dict.fromkeys(names.split(), check)


def _number(least: int, most: int) -> Check:
    return lambda text: text.isdecimal() and least <= int(text) <= most


def _one(*known: str) -> Check:
    return lambda text: text in known


def _address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _text(text: str) -> bool:
    return bool(text)


def _nothing(text: str) -> bool:
    return not text


def _interface(text: str) -> bool:
    return bool(re.fullmatch(r"[a-z][a-z0-9.-]{0,14}", text))


def _lease(text: str) -> bool:
    return bool(re.fullmatch(r"\d+[smhdw]?|infinite", text))


def _v4(text: str) -> bool:
    return _address(text) and ":" not in text


def _dhcp_range(text: str) -> bool:
    parts = text.split(",")
    if ":" in parts[0]:
        modes = {"ra-only", "slaac", "ra-stateless", "ra-names", "static"}
        rest = [each for each in parts[1:] if not each.startswith("constructor:")]
        return _address(parts[0]) and all(each in modes or each.isdecimal() or _lease(each) for each in rest)
    if len(parts) < 2 or not _v4(parts[0]) or not (_v4(parts[1]) or parts[1] == "static"):
        return False
    masks = [each for each in parts[2:3] if _v4(each)]
    if _v4(parts[1]):
        within = IPv4Network(f"{parts[0]}/{masks[0] if masks else 0}", strict=False)
        if IPv4Address(parts[0]) > IPv4Address(parts[1]) or IPv4Address(parts[1]) not in within:
            return False
    return all(_v4(each) or _lease(each) for each in parts[2:])


def _dhcp_option(text: str) -> bool:
    name, *values = text.split(",")
    if name.removeprefix("option6:").removeprefix("option:") not in OPTIONS and not _number(1, 254)(name):
        return False
    return all(_address(each.strip("[]")) for each in values) if values else True


OPTIONS = ("router", "dns-server", "ntp-server", "domain-name", "domain-search", "netmask", "mtu", "broadcast")
"""Names of options that dnsmasq knows (`dnsmasq --help dhcp`)."""

DNSMASQ: Mapping[str, Check] = {
    "interface": _text,
    "except-interface": _text,
    "bind-dynamic": _nothing,
    "bind-interfaces": _nothing,
    "no-hosts": _nothing,
    "no-resolv": _nothing,
    "no-poll": _nothing,
    "domain-needed": _nothing,
    "bogus-priv": _nothing,
    "cache-size": _number(0, 1_000_000),
    "port": _number(0, 65535),
    "server": lambda text: _address(text.split("#")[0].split("@")[0]),
    "dhcp-authoritative": _nothing,
    "dhcp-rapid-commit": _nothing,
    "dhcp-leasefile": _text,
    "dhcp-lease-max": _number(0, 1_000_000),
    "dhcp-range": _dhcp_range,
    "dhcp-option": _dhcp_option,
    "dhcp-host": _text,
    "enable-ra": _nothing,
    "ra-param": _text,
    "domain": _text,
    "local": _text,
    "log-queries": _nothing,
    "log-dhcp": _nothing,
}

HOSTAPD: Mapping[str, Check] = {
    "interface": _interface,
    "bridge": _interface,
    "driver": _one("nl80211", "none", "hostap", "wired"),
    "ctrl_interface": _text,
    "country_code": lambda text: bool(re.fullmatch("[A-Z]{2}", text)),
    "hw_mode": _one("a", "b", "g", "ad", "any"),
    "channel": _number(0, 233),
    "ssid": lambda text: 1 <= len(text.encode()) <= 32,
    "ssid2": lambda text: bool(re.fullmatch(r'([0-9a-f]{2}){1,32}|"[^"]{1,32}"|P".*"', text)),
    "auth_algs": _number(0, 3),
    "wpa": _number(0, 3),
    "wpa_key_mgmt": lambda text: set(text.split()) <= {"WPA-PSK", "SAE", "WPA-PSK-SHA256", "WPA-EAP", "FT-PSK"},
    "rsn_pairwise": lambda text: set(text.split()) <= {"CCMP", "TKIP", "GCMP", "CCMP-256"},
    "wpa_pairwise": lambda text: set(text.split()) <= {"CCMP", "TKIP"},
    "wpa_passphrase": lambda text: 8 <= len(text) <= 63,
    "wpa_psk": lambda text: bool(re.fullmatch("[0-9a-fA-F]{64}", text)),
    "sae_password": _text,
    "ieee80211w": _number(0, 2),
    "sae_pwe": _number(0, 3),
    **_each(
        _number(0, 1),
        "ieee80211d ieee80211h ieee80211n ieee80211ac ieee80211ax wmm_enabled utf8_ssid sae_require_mfp "
        "ignore_broadcast_ssid ap_isolate",
    ),
}

SNMPD: Mapping[str, Check] = {
    "agentaddress": _text,
    "createuser": lambda text: _is_user(text),
    "rouser": _text,
    "rwuser": _text,
    "sysname": _text,
    "syslocation": _text,
    "syscontact": _text,
    "sysservices": _number(0, 127),
    "view": _text,
    "master": _one("agentx"),
}

_YES = _one("yes", "no")
SSHD: Mapping[str, Check] = {
    "port": _number(1, 65535),
    "listenaddress": lambda text: _address(text.strip("[]")) or bool(re.fullmatch(r"[\d.]+:\d+", text)),
    "allowusers": _text,
    "permitrootlogin": _one("yes", "no", "prohibit-password", "without-password", "forced-commands-only"),
    "authorizedkeysfile": _text,
    "hostkey": _text,
    "pidfile": _text,
    "logingracetime": lambda text: bool(re.fullmatch(r"\d+[smh]?", text)),
    "maxauthtries": _number(1, 1000),
    "clientaliveinterval": _number(0, 100000),
    "clientalivecountmax": _number(0, 100000),
    "subsystem": _text,
    "loglevel": _text,
    "syslogfacility": _text,
    "allowtcpforwarding": _one("yes", "no", "local", "remote", "all"),
    "permittunnel": _one("yes", "no", "point-to-point", "ethernet"),
    **_each(
        _YES,
        "pubkeyauthentication usepam passwordauthentication kbdinteractiveauthentication "
        "hostbasedauthentication permitemptypasswords x11forwarding allowagentforwarding "
        "permituserenvironment usedns printmotd strictmodes",
    ),
}

_INTERFACES = lambda text: all(_interface(each.rstrip("*")) for each in text.replace(",", " ").split())  # noqa: E731
DHCPCD: Mapping[str, Check] = {
    **_each(
        _nothing,
        "duid persistent nodev noipv4ll noipv6rs noipv4 noipv6 noarp nodelay ipv6rs ipv4 ipv6 noalias "
        "vendorclassid hostname clientid nogateway ipv6ra_autoconf noipv6ra_fork",
    ),
    "nohook": _text,
    "option": _text,
    "require": _text,
    "slaac": _one("hwaddr", "private", "token"),
    "allowinterfaces": _INTERFACES,
    "denyinterfaces": _INTERFACES,
    "interface": _interface,
    "metric": _number(0, 4294967295),
    "ia_pd": lambda text: bool(re.fullmatch(r"\d+( [a-z0-9-]+/\d+/\d+(/\d+)?)*", text)),
    "ia_na": lambda text: not text or text.isdecimal(),
    "timeout": _number(0, 100000),
    "reboot": _number(0, 100000),
}


def _is_user(text: str) -> bool:
    try:
        words = shlex.split(text)
    except ValueError:
        return False
    match words:
        case [_, "SHA" | "MD5" | "SHA-256" | "SHA-512", authentication, "AES" | "DES", privacy]:
            return len(authentication) >= 8 and len(privacy) >= 8
        case [_, "SHA" | "MD5" | "SHA-256" | "SHA-512", authentication]:
            return len(authentication) >= 8
        case _:
            return False
