"""What a router has that serves no line: it asks for an address on its fixed bearer, and lets the operator in.

A line that ceases leaves its router so, which can be reached at its staging address to the end. The operator's account
and public key stand on it already, put there where routers are staged, and are left alone.
"""

from provisioning.platforms.cisco_iosxe.access_list import ANY, AccessList, entry, port, where, with_port
from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_hostname, ios_text, ios_word
from provisioning.platforms.cisco_iosxe.firewall import LINK_LOCAL
from provisioning.platforms.cisco_iosxe.management import managers, nobody
from provisioning.platforms.cisco_iosxe.names import (
    ARCHIVE,
    FIXED_BEARER,
    LAN,
    LAN_PORTS,
    MOBILE_BEARER,
    SPARE_BEARER,
    SPARE_MODEM,
)
from provisioning.platforms.cisco_iosxe.router_access import (
    DHCP_CLIENT,
    DHCP_SERVER,
    DHCPV6_CLIENT,
    DHCPV6_SERVER,
    SSH,
    discovery,
    udp,
)
from provisioning.platforms.idle_router import IdleRouter
from provisioning.platforms.template import DocumentTemplate, Values


def running_config(router: IdleRouter) -> Values:
    """Return what the configuration says."""
    allowed = managers(router.operator.management_prefixes)
    four, six = _inbound(router)
    return {
        "hostname": ios_hostname(f"router-{router.serial}"),
        "label": ios_text(router.label),
        "archive": Ios(ARCHIVE),
        "bearer": ios_word(FIXED_BEARER),
        "mobile_interface": Ios(MOBILE_BEARER),
        "spare_bearer": Ios(SPARE_BEARER),
        "spare_modem": Ios(SPARE_MODEM),
        "lan_interface": Ios(LAN),
        "lan_ports": [Ios(each) for each in LAN_PORTS],
        "in4": four.name,
        "in4_lines": four.lines,
        "in6": six.name,
        "in6_lines": six.lines,
        "managers": allowed.name,
        "manager_lines": allowed.lines,
        "nobody": nobody().name,
        "nobody_lines": nobody().lines,
    }


def _inbound(router: IdleRouter) -> tuple[AccessList, AccessList]:
    """Return what may come in: who manages the router, a lease, neighbour discovery, and a ping."""
    ssh = (
        entry("permit", "tcp", where(each), with_port(ANY, port("tcp", SSH)))
        for each in router.operator.management_prefixes
    )
    four = (*ssh, udp(ANY, DHCP_SERVER, ANY, DHCP_CLIENT), entry("permit", "icmp", ANY, ANY, "echo"))
    six = (
        udp(where(LINK_LOCAL), DHCPV6_SERVER, ANY, DHCPV6_CLIENT),
        *discovery("router-advertisement", "mld-query", "echo-request"),
    )
    return AccessList("IDLE-IN", 4, four), AccessList("IDLE-IN", 6, six)


BOOTSTRAP: tuple[DocumentTemplate[IdleRouter], ...] = (
    DocumentTemplate("running-config", "running-config", 0o600, "ios", running_config, "bootstrap"),
)
