"""The router's own name, who manages it, and what it tells (Security, SNMP, System Management Configuration Guides)."""

from provisioning.platforms.cisco_iosxe.access_list import AccessList, where
from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_hostname, ios_snmp_key, ios_text, ios_word
from provisioning.platforms.cisco_iosxe.ios_line import IosLine
from provisioning.platforms.cisco_iosxe.names import ARCHIVE, MANAGEMENT
from provisioning.platforms.template import Hidden, Values

VIEW = "EVERYTHING"


def management(line: IosLine) -> Values:
    """Return how the router is called and managed: by SSH with keys and by SNMPv3, from the management prefixes."""
    managers = AccessList(
        "MANAGEMENT", 4, tuple(f"permit {_standard(where(each))}" for each in line.operator.management_prefixes)
    )
    nobody = AccessList("NOBODY", 6, ("deny ipv6 any any",))
    return {
        "hostname": ios_hostname(line.intent.line),
        "archive": Ios(ARCHIVE),
        "managers": managers.name,
        "manager_lines": managers.lines,
        "nobody": nobody.name,
        "nobody_lines": nobody.lines,
        "management_source": Ios(MANAGEMENT),
        "snmp_group": ios_word(line.operator.snmp_user),
        "snmp_view": Ios(VIEW),
        "location": ios_text(f"line {line.intent.line}, {line.intent.formula}, router {line.serial}"),
        "syslog_servers": line.operator.syslog_servers,
    }


def _standard(place: str) -> str:
    # A standard list shows a single host without the word.
    return place.removeprefix("host ")


def snmp_users(line: IosLine) -> Values:
    """Return the SNMPv3 user, which no configuration shows (SNMP Command Reference, `snmp-server user`)."""
    return {
        "user": ios_word(line.operator.snmp_user),
        "authentication": Hidden(ios_snmp_key(line.secrets.snmp_authentication.reveal())),
        "privacy": Hidden(ios_snmp_key(line.secrets.snmp_privacy.reveal())),
    }
