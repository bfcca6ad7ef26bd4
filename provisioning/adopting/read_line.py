"""What was read of a router as an intent with its blocks: rendered again, it is held against the router."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network

from provisioning.catalogue import FORMULAS, Access
from provisioning.model.block import Block, level_of
from provisioning.model.intent import AddressNeed, Intent, Lan, Role
from provisioning.model.line_secrets import PLACEHOLDER, LineSecrets
from provisioning.model.opening import merged
from provisioning.model.product import CpeDevice, WifiNetwork
from provisioning.model.read_intent import ReadIntent

UNKNOWN = "unknown"
NO_LAN = Lan(IPv4Network("192.168.1.0/24"), IPv4Address("192.168.1.1"), ())
NO_MANAGEMENT = Block(0, 0)
"""Stand where nothing was read: what is rendered with them is told to be lacking on the router."""

DEFAULT_SECURITY = "wpa2-wpa3"


def blocks_of(read: ReadIntent) -> dict[Role, Block]:
    """Return the blocks that the router has, by what they are to its line."""
    return dict(_blocks(read))


def _blocks(read: ReadIntent) -> Iterator[tuple[Role, Block]]:
    if read.fixed_ipv4 is not None:
        yield Role.FIXED_IPV4, Block(int(read.fixed_ipv4.value), 0)
    if read.ip_pack is not None:
        pack = read.ip_pack.value
        yield Role.IP_PACK, Block(int(pack.network_address), level_of(pack.num_addresses))
    if read.ipv6 is not None:
        block = read.ipv6.value
        yield Role.IPV6, Block(int(block.network_address), level_of(block.num_addresses))
    if read.management is not None:
        yield Role.MANAGEMENT, Block(int(read.management.value), 0)


def line_of(read: ReadIntent, serial: str, platform: str, formula: str | None) -> tuple[Intent, Mapping[Role, Block]]:
    """Return an intent that does what was read, and the blocks that it needs.

    Args:
        read: what the router does.
        serial: of the router.
        platform: of it.
        formula: of the line, where somebody knows it.
    """
    held = {Role.MANAGEMENT: NO_MANAGEMENT, **blocks_of(read)}
    known = FORMULAS.get(formula or "")
    access = known.access.value if known is not None else Access.COPPER
    label = read.label.value if read.label else None
    mappings = sorted((each.value for each in read.port_mappings), key=lambda each: each.ports)
    intent = Intent(
        line=label.line if label else "L-0",
        formula=label.formula if label else formula or UNKNOWN,
        access=access,
        bearers=(access.value, "mobile") if read.mobile else (access.value,),
        rate=None,
        ipv4="fixed" if read.fixed_ipv4 else "dynamic",
        ipv6="fixed" if read.ipv6 else "dynamic",
        managed_firewall=read.managed_firewall is not None,
        customer_firewall=bool(read.customer_openings),
        lan=_lan(read),
        wifi=_wifi(read),
        port_mappings=tuple(mappings),
        customer_openings=merged(each.value for each in read.customer_openings),
        cpe=CpeDevice(platform, label.serial if label else serial),
        ont=None,
        needs=tuple(AddressNeed(role, block.size) for role, block in held.items()),
    )
    return intent, held


def secrets_of(read: ReadIntent) -> LineSecrets:
    """Return the secrets that were read, and stand-ins for those that no router of its platform shows."""
    return LineSecrets(
        wifi_key=read.wifi.value.key if read.wifi else None,
        snmp_authentication=(
            read.snmp_authentication.value if read.snmp_authentication else PLACEHOLDER.snmp_authentication
        ),
        snmp_privacy=read.snmp_privacy.value if read.snmp_privacy else PLACEHOLDER.snmp_privacy,
    )


def _lan(read: ReadIntent) -> Lan:
    if read.lan is None or read.router is None:
        return NO_LAN
    return Lan(read.lan.value, read.router.value, tuple(each.value for each in read.dhcp))


def _wifi(read: ReadIntent) -> WifiNetwork | None:
    if read.wifi is None or read.wifi.value.key is None:
        return None
    wifi = read.wifi.value
    return WifiNetwork(wifi.ssid, wifi.channel, wifi.security or DEFAULT_SECURITY, None)
