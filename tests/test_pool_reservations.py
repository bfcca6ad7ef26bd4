"""Reservations in a pool: what is free and what is reserved make it up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.addressing.pool import PURPOSES, define_pool
from provisioning.errors import UnreadablePool
from provisioning.model.block import Block
from provisioning.model.intent import Role


@pytest.mark.parametrize(
    ("purpose", "extent", "reserved", "reason"),
    [
        ("fixed-ipv4", "8.8.8.0/24", ["8.8.9.0/32"], "is not in"),
        ("fixed-ipv4", "8.8.8.0/24", ["8.8.0.0/16"], "is not in"),
        ("fixed-ipv4", "8.8.8.0/24", ["2a00:1450::/56"], "another family"),
        ("ipv6", "2a00:1450::/40", ["8.8.8.0/24"], "another family"),
        ("ipv6", "2a00:1450::/40", ["2a00:1451::/56"], "is not in"),
        ("fixed-ipv4", "8.8.8.0/24", ["8.8.8.0/30", "8.8.8.1/32"], "overlap"),
        ("fixed-ipv4", "8.8.8.0/24", ["8.8.8.1/32", "8.8.8.0/30"], "overlap"),
        ("fixed-ipv4", "8.8.8.0/24", ["8.8.8.1", "8.8.8.1"], "overlap"),
        ("fixed-ipv4", "8.8.8.0/24", ["8.8.8.1/30"], "host bits"),
        ("fixed-ipv4", "8.8.8.0/24", ["gateway"], "is no prefix"),
        ("fixed-ipv4", "8.8.8.0/24", [""], "is no prefix"),
        ("ont-id", "0-63", ["64"], "is not in"),
        ("ont-id", "8-127", ["7-9"], "is not in"),
        ("ont-id", "0-127", ["3-5", "5"], "overlap"),
        ("ont-id", "0-127", ["0-7", "3"], "overlap"),
        ("ont-id", "0-127", ["x"], "no range"),
        ("ont-id", "0-127", ["8.8.8.8"], "no range"),
    ],
)
def test_a_reservation_that_makes_no_sense_is_unreadable(
    purpose: str, extent: str, reserved: list[str], reason: str
) -> None:
    with pytest.raises(UnreadablePool, match=reason):
        define_pool("p", purpose, extent, reserved=reserved)


def numbers(blocks: list[Block]) -> set[int]:
    return {number for block in blocks for number in range(block.first, block.last + 1)}


@given(st.sets(st.integers(0, 63)), st.sampled_from([Role.FIXED_IPV4, Role.MANAGEMENT]))
def test_free_and_reserved_make_the_pool(reserved: set[int], role: Role) -> None:
    written = [f"8.8.8.{number}" for number in reserved]
    pool = define_pool("p", role, "8.8.8.0/26", reserved=written)
    free = list(pool.free_blocks())
    assert sum(block.size for block in free) == 64 - len(reserved)
    assert numbers(free) == set(range(pool.first, pool.last + 1)) - {pool.first + number for number in reserved}


@given(st.sets(st.integers(0, 255)))
def test_free_packs_hold_no_reserved_address_and_leave_out_no_whole_one(reserved: set[int]) -> None:
    pool = define_pool("p", Role.IP_PACK, "8.8.8.0/24", reserved=[f"8.8.8.{number}" for number in reserved])
    free = list(pool.free_blocks())
    smallest = PURPOSES[Role.IP_PACK].smallest
    whole = {number >> smallest for number in range(256)} - {number >> smallest for number in reserved}
    assert all(block.level >= smallest for block in free)
    assert numbers(free) == {pool.first + (each << smallest) + low for each in whole for low in range(4)}


@given(st.integers(0, 70), st.integers(0, 55), st.sets(st.integers(0, 127)))
def test_free_numbers_are_the_pool_without_the_reserved(first: int, length: int, reserved: set[int]) -> None:
    inside = {number for number in reserved if first <= number <= first + length}
    pool = define_pool("p", "ont-id", f"{first}-{first + length}", reserved=list(map(str, inside)))
    assert numbers(list(pool.free_blocks())) == set(range(first, first + length + 1)) - inside


@given(st.integers(0, 56), st.data())
def test_free_blocks_of_ipv6_leave_out_each_56_that_is_touched(length: int, data: st.DataObject) -> None:
    pool = define_pool(
        "p", "ipv6", "2a00:1400::/48", reserved=[f"2a00:1400:0:{data.draw(st.integers(0, 255)):x}00::/64"]
    )
    free = list(pool.free_blocks())
    assert sum(block.size >> 72 for block in free) == 255
    assert not any(block.first <= reserved.first <= block.last for block in free for reserved in pool.reserved)


@given(st.sets(st.integers(0, 63)))
def test_fresh_free_blocks_are_fully_merged(reserved: set[int]) -> None:
    pool = define_pool("p", "fixed-ipv4", "8.8.8.0/26", reserved=[f"8.8.8.{number}" for number in reserved])
    free = set(pool.free_blocks())
    assert not [block for block in free if block.buddy in free]
