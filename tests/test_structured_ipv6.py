"""How a line's /56 is cut (facts: I-4.3, X-14)."""

from ipaddress import IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.addressing.structured_ipv6 import cut

blocks = st.integers(0, 2**56 - 1).map(lambda number: IPv6Network((number << 72, 56)))


def test_a_block_with_an_ip_pack_is_cut_as_the_contract_has_it() -> None:
    structured = cut(IPv6Network("2001:db8:12:3400::/56"), routed=True)
    assert structured.block == IPv6Network("2001:db8:12:3400::/56")
    assert structured.lan_half == IPv6Network("2001:db8:12:3400::/57")
    assert structured.link == IPv6Network("2001:db8:12:3400::/64")
    assert structured.routed_half == IPv6Network("2001:db8:12:3480::/57")
    assert structured.next_hop == IPv6Address("2001:db8:12:3400::10")


def test_nothing_is_routed_without_an_ip_pack() -> None:
    structured = cut(IPv6Network("2001:db8:12:3400::/56"), routed=False)
    assert structured.lan_half == IPv6Network("2001:db8:12:3400::/57")
    assert structured.link == IPv6Network("2001:db8:12:3400::/64")
    assert structured.routed_half is None
    assert structured.next_hop is None


@given(blocks)
def test_the_halves_make_the_block(block: IPv6Network) -> None:
    structured = cut(block, routed=True)
    assert structured.routed_half is not None
    assert structured.next_hop is not None
    assert not structured.lan_half.overlaps(structured.routed_half)
    assert structured.lan_half.supernet() == structured.routed_half.supernet() == block
    assert structured.lan_half < structured.routed_half


@given(blocks)
def test_the_customers_router_stands_on_the_link_of_the_first_half(block: IPv6Network) -> None:
    structured = cut(block, routed=True)
    assert structured.next_hop is not None
    assert structured.link.prefixlen == 64
    assert structured.link.subnet_of(structured.lan_half)
    assert structured.next_hop in structured.link
    assert int(structured.next_hop) & (2**64 - 1) == 0x10


@pytest.mark.parametrize("prefix", ["2001:db8::/55", "2001:db8::/57", "2001:db8::/64", "2001:db8::/128", "::/0"])
def test_other_blocks_are_not_cut(prefix: str) -> None:
    with pytest.raises(ValueError, match="no /56"):
        cut(IPv6Network(prefix), routed=True)
