"""The documents of a router: its configuration, and the SNMPv3 users that a configuration does not show."""

from provisioning.platforms.cisco_iosxe.firewall_lists import access_lists
from provisioning.platforms.cisco_iosxe.interfaces import interfaces
from provisioning.platforms.cisco_iosxe.lan_services import lan_services
from provisioning.platforms.cisco_iosxe.management import management, snmp_users
from provisioning.platforms.cisco_iosxe.nat import nat
from provisioning.platforms.cisco_iosxe.routing import routing
from provisioning.platforms.cisco_iosxe.wifi import wifi
from provisioning.platforms.cisco_iosxe.zones import firewall
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import DocumentTemplate, Values

PLATFORM = "cisco_iosxe"


def running_config(line: RouterLine) -> Values:
    """Return what the configuration says."""
    return {
        **management(line),
        **interfaces(line),
        **lan_services(line),
        **routing(line),
        **nat(line),
        **firewall(line),
        "access_lists": access_lists(line),
        **wifi(line),
    }


DOCUMENTS: tuple[DocumentTemplate[RouterLine], ...] = (
    DocumentTemplate("running-config", "running-config", 0o600, "ios", running_config),
    DocumentTemplate("snmp-users", "snmp-users", 0o600, "ios", snmp_users),
)
