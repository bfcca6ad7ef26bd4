"""Documents of the router itself: interfaces, bearers' addresses, kernel, SSH and SNMP."""

from provisioning.platforms.linux_cpe.encoders import (
    plain_comment,
    plain_word,
    shell_comment,
    shell_word,
    snmpd_quoted,
    snmpd_text,
)
from provisioning.platforms.linux_cpe.names import FIXED_BEARER, LAN_BRIDGE, LAN_PORTS, LOOPBACK, MOBILE_BEARER
from provisioning.platforms.router_line import RouterLine, pack_gateway
from provisioning.platforms.template import Hidden, Values

METRICS = {FIXED_BEARER: 100 << 24, MOBILE_BEARER: 110 << 24}
"""Of routes that dhcpcd learns, on lines that speak BGP. FRR reads the highest octet of a metric as administrative
distance (manual, "Zebra"): BGP's 20 wins, then the fixed bearer. dhcpcd takes metrics up to 2**31 - 1."""


def network_sh(line: RouterLine) -> Values:
    """Return what network.sh sets: the addresses that no DHCP server gives."""
    addressed = line.addressed
    loopback = [f"{line.management}/32"]
    if addressed.fixed_ipv4 is not None:
        loopback.append(f"{addressed.fixed_ipv4}/32")
    bridge = [f"{line.lan.router}/{line.lan.subnet.prefixlen}"]
    bridge += [f"{pack_gateway(each)}/{each.prefixlen}" for each in line.packs]
    return {
        "label": shell_comment(line.label),
        "loopback": shell_word(LOOPBACK),
        "bridge": shell_word(LAN_BRIDGE),
        "ports": [shell_word(each) for each in LAN_PORTS],
        "bearers": [shell_word(each) for each in line.interfaces],
        "loopback_ipv4": [shell_word(each) for each in loopback],
        "bridge_ipv4": [shell_word(each) for each in bridge],
        "bridge_ipv6": [shell_word(f"{line.link_address}/64")] if addressed.ipv6 else [],
    }


def dhcpcd_conf(line: RouterLine) -> Values:
    """Return what dhcpcd.conf says (dhcpcd.conf(5)): an address on each bearer, a prefix where it is delegated."""
    return {
        "label": plain_comment(line.label),
        "bridge": plain_word(LAN_BRIDGE),
        "bearers": [_dhcp_bearer(line, each) for each in line.interfaces],
    }


def _dhcp_bearer(line: RouterLine, interface: str) -> Values:
    return {
        "name": plain_word(interface),
        # A fixed prefix is announced by BGP, or the BNG has a route to it: nothing is delegated.
        "delegated": interface == FIXED_BEARER and line.addressed.ipv6 is None,
        "metric": METRICS[interface] if line.backed_up else None,
    }


def sysctl_conf(line: RouterLine) -> Values:
    """Return what the kernel is told (kernel documentation, "IP Sysctl" and "Netfilter Conntrack Sysfs")."""
    return {
        "label": plain_comment(line.label),
        "bearers": [plain_word(each) for each in line.interfaces],
        "established": line.operator.tcp_established_seconds,
    }


def sshd_config(line: RouterLine) -> Values:
    """Return what sshd_config says (sshd_config(5)): keys only, one account, the management address only."""
    return {
        "label": plain_comment(line.label),
        "management": line.management,
        "account": plain_word(line.operator.account),
    }


def snmpd_conf(line: RouterLine) -> Values:
    """Return what snmpd.conf says (snmpd.conf(5)): SNMPv3, authenticated and encrypted, to read only."""
    return {
        "label": snmpd_text(line.label),
        "management": line.management,
        "name": snmpd_text(line.intent.line),
        "location": snmpd_text(f"line {line.intent.line}, router {line.serial}"),
        "user": snmpd_quoted(line.operator.snmp_user),
        "authentication": Hidden(snmpd_quoted(line.secrets.snmp_authentication.reveal())),
        "privacy": Hidden(snmpd_quoted(line.secrets.snmp_privacy.reveal())),
    }
