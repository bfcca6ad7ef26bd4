"""The router's name, who manages it, and what it tells (Security, SNMP, System Management Configuration Guides)."""

from ipaddress import IPv4Network

from provisioning.platforms.cisco_iosxe.access_list import AccessList, where
from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_hostname, ios_snmp_key, ios_text, ios_word
from provisioning.platforms.cisco_iosxe.names import ARCHIVE, MANAGEMENT
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Hidden, Values

VIEW = "EVERYTHING"


def managers(prefixes: tuple[IPv4Network, ...]) -> AccessList:
    """Return the list of those who may manage a router; a standard list shows a single host without `host`."""
    return AccessList("MANAGEMENT", 4, tuple(f"permit {where(each).removeprefix('host ')}" for each in prefixes))


def nobody() -> AccessList:
    """Return the list of those who may do so by IPv6."""
    return AccessList("NOBODY", 6, ("deny ipv6 any any",))


def management(line: RouterLine) -> Values:
    """Return how the router is called and managed: by SSH with keys and by SNMPv3, from the management prefixes."""
    allowed = managers(line.operator.management_prefixes)
    return {
        "hostname": ios_hostname(line.intent.line),
        "archive": Ios(ARCHIVE),
        "managers": allowed.name,
        "manager_lines": allowed.lines,
        "nobody": nobody().name,
        "nobody_lines": nobody().lines,
        "management_source": Ios(MANAGEMENT),
        "snmp_group": ios_word(line.operator.snmp_user),
        "snmp_view": Ios(VIEW),
        "location": ios_text(f"line {line.intent.line}, {line.intent.formula}, router {line.serial}"),
        "syslog_servers": line.operator.syslog_servers,
    }


def snmp_users(line: RouterLine) -> Values:
    """Return the SNMPv3 user, which no configuration shows (SNMP Command Reference, `snmp-server user`)."""
    return {
        "user": ios_word(line.operator.snmp_user),
        "authentication": Hidden(ios_snmp_key(line.secrets.snmp_authentication.reveal())),
        "privacy": Hidden(ios_snmp_key(line.secrets.snmp_privacy.reveal())),
    }
