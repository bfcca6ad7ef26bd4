"""Interfaces and their addresses (IP Addressing Configuration Guide; IPv6 Addressing and Basic Connectivity)."""

from provisioning.platforms.cisco_iosxe.encoders import Ios, ios_bfd, ios_ipv6, ios_text, ios_word
from provisioning.platforms.cisco_iosxe.firewall import bearer_lists, lan_guards, voice_lists
from provisioning.platforms.cisco_iosxe.names import (
    FIXED_ADDRESS,
    INSIDE,
    LAN,
    LAN_PORTS,
    MANAGEMENT,
    MOBILE_BEARER,
    OUTSIDE,
    SPARE_BEARER,
    SPARE_MODEM,
)
from provisioning.platforms.router_line import Bearer, RouterLine, pack_gateway
from provisioning.platforms.template import Values


def interfaces(line: RouterLine) -> Values:
    """Return what the interfaces are told."""
    addressed = line.addressed
    return {
        "management_interface": Ios(MANAGEMENT),
        "management": addressed.management,
        "fixed_interface": Ios(FIXED_ADDRESS),
        "fixed_ipv4": addressed.fixed_ipv4,
        "inside": Ios(INSIDE),
        "outside": Ios(OUTSIDE),
        "spare_bearer": Ios(SPARE_BEARER),
        "spare_modem": Ios(SPARE_MODEM),
        "lan_interface": Ios(LAN),
        "lan_ports": [Ios(each) for each in LAN_PORTS],
        "lan_address": Ios(f"{line.lan.router} {line.lan.subnet.netmask}"),
        "pack_addresses": [Ios(f"{pack_gateway(each)} {each.netmask}") for each in line.packs],
        **{f"lan_in{each.version}": each.name for each in lan_guards(line)},
        "link_address": ios_ipv6(line.link_address) if line.link_address else None,
        "resolvers_ipv6": [ios_ipv6(each) for each in line.operator.resolvers_ipv6],
        "fixed_bearer": _bearer(line, line.fixed),
        "mobile_bearer": _bearer(line, line.mobile) if line.backed_up else None,
        "mobile_interface": Ios(MOBILE_BEARER),
        "delegated": addressed.ipv6 is None,
        "backed_up": line.backed_up,
        "bfd": _bfd(line),
    }


def _bfd(line: RouterLine) -> Ios | None:
    routing = line.operator.routing
    return ios_bfd(routing.bfd_interval_ms, routing.bfd_multiplier) if line.backed_up else None


def _bearer(line: RouterLine, bearer: Bearer) -> Values:
    inbound = bearer_lists(line, bearer)
    outbound = voice_lists(line) if bearer == line.mobile else ()
    return {
        "interface": ios_word(bearer.interface),
        "text": ios_text(f"{bearer.name.lower()} bearer of {line.intent.line}"),
        **{f"in{each.version}": each.name for each in inbound},
        **{f"out{version}": None for version in (4, 6)},
        **{f"out{each.version}": each.name for each in outbound},
    }
