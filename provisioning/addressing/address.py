"""From assignments to the addressed intent."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from provisioning.addressing.structured_ipv6 import cut
from provisioning.model.block import Block
from provisioning.model.intent import AddressedIntent, Intent, Role, StructuredIpv6


def address(intent: Intent, held: Mapping[Role, Block]) -> AddressedIntent:
    """Return the intent with the addresses that its line holds.

    Args:
        intent: what the line must do.
        held: the block of each role that the intent needs; a former IP Pack stays in force beside its successor.

    Raises:
        KeyError: when a needed role is missing.
    """
    wanted = {need.role: held[need.role] for need in intent.needs}
    fixed, pack, ipv6 = wanted.get(Role.FIXED_IPV4), wanted.get(Role.IP_PACK), wanted.get(Role.IPV6)
    former = held.get(Role.FORMER_IP_PACK)
    management, ont = wanted.get(Role.MANAGEMENT), wanted.get(Role.ONT_ID)
    return AddressedIntent(
        intent=intent,
        fixed_ipv4=IPv4Address(fixed.first) if fixed else None,
        ip_pack=IPv4Network((pack.first, 32 - pack.level)) if pack else None,
        ipv6=_cut(intent, ipv6, routed=pack is not None) if ipv6 else None,
        management=IPv4Address(management.first) if management else None,
        ont_id=ont.first if ont else None,
        former_ip_pack=IPv4Network((former.first, 32 - former.level)) if pack and former else None,
    )


def _cut(intent: Intent, block: Block, *, routed: bool) -> StructuredIpv6:
    return cut(IPv6Network((block.first, 128 - block.level)), routed=routed, next_hop=intent.next_hop)
