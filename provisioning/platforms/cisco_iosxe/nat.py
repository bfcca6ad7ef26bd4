"""Translation of addresses (IP Addressing: NAT Configuration Guide, "Configuring NAT for IP Address Conservation")."""

from collections.abc import Iterator

from provisioning.errors import CannotEncode
from provisioning.model.intent import PortMapping
from provisioning.platforms.cisco_iosxe.encoders import Ios
from provisioning.platforms.cisco_iosxe.names import FIXED_ADDRESS, FIXED_BEARER, NAT_LIST
from provisioning.platforms.router_line import RouterLine
from provisioning.platforms.template import Values

MOST_MAPPED_PORTS = 256
"""A static mapping is of one port (`ip nat inside source static`), so a range is as many lines as it has ports."""

DEFAULT_UDP_SECONDS = 300
"""How long NAT remembers an idle UDP session (`ip nat translation udp-timeout`)."""


def nat(line: RouterLine) -> Values:
    """Return what is translated: the LAN to the fixed IPv4, or to the bearer's; mapped ports to their hosts."""
    return {
        "nat_list": Ios(NAT_LIST),
        "nat_source": Ios(f"{line.lan.subnet.network_address} {line.lan.subnet.hostmask}"),
        "nat_interface": Ios(FIXED_ADDRESS if line.addressed.fixed_ipv4 is not None else FIXED_BEARER),
        "mappings": list(_mappings(line)),
        "udp_seconds": _udp_seconds(line),
    }


def _mappings(line: RouterLine) -> Iterator[Ios]:
    fixed = line.addressed.fixed_ipv4
    if fixed is None:
        return
    mappings = sorted(line.intent.port_mappings, key=lambda each: (each.target, each.ports))
    _refuse_too_many(mappings)
    for each in mappings:
        shift = each.target_ports.first - each.ports.first
        for port in range(each.ports.first, each.ports.last + 1):
            yield Ios(f"{each.ports.protocol} {each.target} {port + shift} {fixed} {port}")


def _refuse_too_many(mappings: list[PortMapping]) -> None:
    count = sum(each.ports.last - each.ports.first + 1 for each in mappings)
    if count > MOST_MAPPED_PORTS:
        raise CannotEncode(
            f"{count} ports lead to hosts on the LAN, and this router maps each of them by itself",
            where="servers",
            remedy=f"Open at most {MOST_MAPPED_PORTS} ports, or have an IP Pack and open them to customer_firewall.",
        )


def _udp_seconds(line: RouterLine) -> int | None:
    """Return how long NAT must remember UDP, so that it does not forget a session before the firewall does."""
    most = max((each.seconds.get("replied", 0) for each in line.operator.session_timers), default=0)
    return most if line.intent.managed_firewall and most > DEFAULT_UDP_SECONDS else None
