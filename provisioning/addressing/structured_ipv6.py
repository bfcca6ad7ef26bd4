"""Cuts a line's /56 as the contract has it (facts: I-4.3, X-14)."""

from ipaddress import IPv6Network

from provisioning.model.intent import StructuredIpv6
from provisioning.model.product import CUSTOMER_ROUTER


def cut(block: IPv6Network, *, routed: bool, next_hop: int = CUSTOMER_ROUTER) -> StructuredIpv6:
    """Return the two /57 halves of a /56, the link and the next hop.

    Args:
        block: a /56.
        routed: whether the second half goes to the customer's router, as it does with an IP Pack.
        next_hop: the customer's router on the link: its interface identifier.

    Raises:
        ValueError: when the block is no /56.
    """
    if block.prefixlen != 56:
        raise ValueError(f"{block} is no /56")
    lan_half, second_half = block.subnets(new_prefix=57)
    link = next(lan_half.subnets(new_prefix=64))
    return StructuredIpv6(
        block=block,
        lan_half=lan_half,
        link=link,
        routed_half=second_half if routed else None,
        next_hop=link.network_address + next_hop if routed else None,
    )
