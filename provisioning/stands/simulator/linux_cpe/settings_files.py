"""Documents of `key=value` and `key value` lines: dnsmasq, hostapd, snmpd, sshd, dhcpcd, sysctl; what each refuses.

The wording is that of Debian 12's programs; of sysctl.d(5), keys are those of a kernel that a router has.
"""

import re

from provisioning.stands.simulator.linux_cpe.settings_keys import DHCPCD, DNSMASQ, HOSTAPD, SNMPD, SSHD


def lines_of(text: str, *, marks: str = "#") -> list[tuple[int, str]]:
    """Return the lines that say something, with their numbers."""
    stripped = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [(number, line) for number, line in stripped if line and line[0] not in marks]


def pairs_of(text: str, separator: str) -> list[tuple[str, str]]:
    """Return keys and values, in order."""
    return [
        (key.strip(), value.strip()) for key, _, value in (line.partition(separator) for _, line in lines_of(text))
    ]


def check_dnsmasq(text: str, path: str) -> str:
    """Return what dnsmasq complains of; empty when it takes the text."""
    for number, line in lines_of(text):
        key, _, value = line.partition("=")
        if key not in DNSMASQ:
            return f"\ndnsmasq: bad option at line {number} of {path}"
        if not DNSMASQ[key](value):
            what = "bad dhcp-range" if key == "dhcp-range" else "bad option" if not value else f"bad {key}"
            return f"\ndnsmasq: {what} at line {number} of {path}"
    return ""


def check_hostapd(text: str, path: str) -> str:
    """Return what hostapd complains of."""
    errors, found = [], dict(pairs_of(text, "="))
    for number, line in lines_of(text):
        key, equals, value = line.partition("=")
        if not equals:
            errors.append(f"Line {number}: invalid line '{line}'")
        elif key not in HOSTAPD:
            errors.append(f"Line {number}: unknown configuration item '{key}'")
        elif not HOSTAPD[key](value):
            shown = f"invalid {key} '{value}'" if key not in ("wpa_passphrase", "wpa_psk") else _bad_key(key, value)
            errors.append(f"Line {number}: {shown}")
    personal = {"WPA-PSK"} & set(found.get("wpa_key_mgmt", "").split())
    if not errors and int(found.get("wpa", "0")) and personal and not ({"wpa_passphrase", "wpa_psk"} & set(found)):
        errors.append("WPA-PSK enabled, but PSK or passphrase is not configured.")
    return "\n".join([*errors, f"{len(errors)} errors found in configuration file '{path}'"]) if errors else ""


def _bad_key(key: str, value: str) -> str:
    if key == "wpa_psk":
        return "Invalid PSK '" + value + "'."
    return f"invalid WPA passphrase length {len(value)} (expected 8..63)"


def check_snmpd(text: str, _path: str) -> str:
    """Return what snmpd complains of."""
    for number, line in lines_of(text):
        key, _, value = line.partition(" ")
        check = SNMPD.get(key.lower())
        if check is None:
            return f"line {number}: Warning: Unknown token: {key}."
        if not check(value.strip()):
            return f"line {number}: Error: could not generate the authentication key from the supplied pass phrase."
    return ""


def check_sshd(text: str, path: str) -> str:
    """Return what sshd complains of."""
    bad = []
    for number, line in lines_of(text):
        key, _, value = line.replace("=", " ", 1).partition(" ")
        check = SSHD.get(key.lower())
        if check is None:
            bad.append(f"{path}: line {number}: Bad configuration option: {key}")
        elif value.count('"') % 2:
            bad.append(f"{path} line {number}: invalid quotes")
        elif not value.strip():
            return f'{path} line {number}: no argument after keyword "{key}"'
        elif not check(value.strip()):
            return f"{path} line {number}: Bad {key} argument: {value.strip()}"
    return "\n".join([*bad, f"{path}: terminating, {len(bad)} bad configuration options"]) if bad else ""


def check_dhcpcd(text: str, _path: str) -> str:
    """Return what dhcpcd complains of."""
    for _, line in lines_of(text):
        key, _, value = line.partition(" ")
        if key not in DHCPCD:
            return f"unknown option: {key}"
        if not DHCPCD[key](value.strip()):
            return f"invalid {key}: {value.strip()}"
    return ""


SYSCTL = re.compile(
    r"net\.ipv4\.(ip_forward|icmp_ratelimit|icmp_ratemask|tcp_syncookies|ip_nonlocal_bind|tcp_fin_timeout"
    r"|conf\.(all|default|lo|wan0|lan1|lan2|br-lan)\.[a-z_]+)"
    r"|net\.ipv4\.conf\.wwan0\.[a-z_]+"
    r"|net\.ipv6\.(icmp\.ratelimit|conf\.(all|default|lo|wan0|wwan0|lan1|lan2|br-lan)\.[a-z_]+)"
    r"|net\.netfilter\.nf_conntrack_[a-z_]+|kernel\.[a-z_]+"
)


def check_sysctl(text: str, path: str) -> str:
    """Return what sysctl complains of: lines that are none, and keys that must exist and do not."""
    for number, line in lines_of(text, marks="#;"):
        key, equals, value = line.partition("=")
        if not equals or not key.strip(" -") or not value.strip():
            return f"sysctl: {path}({number}): invalid syntax, continuing..."
        name = key.strip()
        if not name.startswith("-") and not SYSCTL.fullmatch(name):
            return f"sysctl: cannot stat /proc/sys/{name.replace('.', '/')}: No such file or directory"
    return ""


def sysctl_of(text: str) -> dict[str, str]:
    """Return the settings of a document that a kernel has."""
    found = {key.lstrip("- "): value for key, value in pairs_of(text, "=") if not key.startswith(";")}
    return {key: value for key, value in found.items() if SYSCTL.fullmatch(key)}
