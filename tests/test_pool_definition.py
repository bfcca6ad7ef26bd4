"""Which pools there may be, and what of them can be handed out."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.addressing.pool import PURPOSES, Pool, define_pool, judge_new
from provisioning.addressing.special_purpose import SPECIAL_PURPOSE, SpecialPurpose
from provisioning.errors import PoolRefused, ProvisoError, UnreadablePool
from provisioning.model.block import Block
from provisioning.model.intent import Role

ADDRESS_ROLES = (Role.FIXED_IPV4, Role.IP_PACK, Role.IPV6, Role.MANAGEMENT)
USABLE = [row for row in SPECIAL_PURPOSE if row.usable]
NEVER_USABLE = [row for row in SPECIAL_PURPOSE if not row.usable]


def case_id(case: object) -> str:
    return case.name.replace(" ", "-") + f"-{case.prefix}" if isinstance(case, SpecialPurpose) else str(case)


# --- pools that are as they should be ------------------------------------------------------------------------------

GOOD: list[tuple[str, str, dict[str, Any], str]] = [
    ("fixed-ipv4", "8.8.8.0/24", {}, "8.8.8.0/24"),
    ("fixed-ipv4", "8.8.8.8/32", {}, "8.8.8.8/32"),
    ("fixed-ipv4", "8.8.8.8", {}, "8.8.8.8/32"),
    ("ip-pack", "8.8.8.0/30", {}, "8.8.8.0/30"),
    ("ip-pack", "8.0.0.0/9", {"reserved": ["8.0.0.0/16", "8.1.0.0/32"]}, "8.0.0.0/9"),
    ("management", "10.255.0.0/16", {"special_purpose": True}, "10.255.0.0/16"),
    ("ipv6", "2a00:1450::/32", {}, "2a00:1450::/32"),
    ("ipv6", "2a00:1450:0:100::/56", {}, "2a00:1450:0:100::/56"),
    ("ipv6", "2A00:1450:0000::/40", {"reserved": ["2a00:1450::/56"]}, "2a00:1450::/40"),
    ("ont-id", "0-127", {}, "0-127"),
    ("ont-id", "0-127", {"reserved": ["0", "120-127"]}, "0-127"),
    ("ont-id", "7-7", {}, "7"),
    ("fixed-ipv4", "8.8.8.0/24", {"quarantine_days": 0}, "8.8.8.0/24"),
    ("fixed-ipv4", "8.8.8.0/24", {"quarantine_days": 3650}, "8.8.8.0/24"),
    ("fixed-ipv4", "8.8.8.0/24", {"reserved": ["8.8.8.0/24"]}, "8.8.8.0/24"),
]


@pytest.mark.parametrize(("purpose", "extent", "options", "written"), GOOD)
def test_a_good_pool_is_defined(purpose: str, extent: str, options: dict[str, Any], written: str) -> None:
    pool = define_pool("good", purpose, extent, **options)
    assert pool.prefix == written
    assert pool.purpose is Role(purpose)
    assert pool.quarantine_days == options.get("quarantine_days")


@pytest.mark.parametrize("name", ["a", "A", "7", "packs-1", "a.b_c-d", "x" * 40])
def test_a_good_name_is_kept(name: str) -> None:
    assert define_pool(name, "ont-id", "0-127").name == name


# --- pools that cannot be understood -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "-a",
        ".a",
        "_a",
        "a b",
        "a/b",
        "x" * 41,
        "a\n",
        "a\x1b[31m",
        "é",
        "a\u202e",
        "../a",
        "a;drop",
        "ａ",
        "１",
    ],
)
def test_a_malformed_name_is_unreadable(name: str) -> None:
    with pytest.raises(UnreadablePool, match="is no name for a pool"):
        define_pool(name, "ont-id", "0-127")


@pytest.mark.parametrize("purpose", ["", "ipv4", "IP-PACK", "ip_pack", "fixed-ipv4 ", "Role.IPV6"])
def test_an_unknown_purpose_is_unreadable(purpose: str) -> None:
    with pytest.raises(UnreadablePool, match="there is no purpose") as caught:
        define_pool("p", purpose, "8.8.8.0/24")
    assert "fixed-ipv4" in caught.value.remedy


@pytest.mark.parametrize(
    "extent",
    [
        "",
        " ",
        "x",
        "8.8.8",
        "8.8.8.0/33",
        "8.8.8.0/-1",
        "8.8.8.0/",
        "/24",
        "8.8.8.0/24/24",
        "8.8.8.0/24 ",
        "8.8.8.256/32",
        "008.8.8.0/24",
        "8.8.8.0/x",
        "8.8.8.0-8.8.8.255",
        "0x08080800/24",
        "134744064/24",
        "８.8.8.0/24",
        "8.8.8.0/２４",
        "2a00:1450::/129",
        "2a00:1450:::/40",
        "g::/40",
        "0-127",
    ],
)
@pytest.mark.parametrize("purpose", ["fixed-ipv4", "ipv6"])
def test_a_malformed_prefix_is_unreadable(purpose: str, extent: str) -> None:
    with pytest.raises(UnreadablePool, match="is no prefix"):
        define_pool("p", purpose, extent)


@pytest.mark.parametrize(
    ("purpose", "extent"),
    [
        ("fixed-ipv4", "8.8.8.1/24"),
        ("ip-pack", "8.8.8.2/30"),
        ("ipv6", "2a00:1450::1/40"),
        ("ipv6", "2a00:1450:0:180::/56"),
    ],
)
def test_host_bits_are_unreadable(purpose: str, extent: str) -> None:
    with pytest.raises(UnreadablePool, match="host bits set"):
        define_pool("p", purpose, extent)


@pytest.mark.parametrize("extent", ["2a00:1450::%1/40", "2a00:1450::%eth0/40"])
def test_a_zone_is_unreadable(extent: str) -> None:
    with pytest.raises(UnreadablePool):
        define_pool("p", "ipv6", extent)


@pytest.mark.parametrize(
    "extent", ["", "0", "127", "-1-5", "5-4", "0-256", "0-9999", "00000-1", "0–127", "0-127 ", "a-b", "٠-٧", "0-1-2"]
)
def test_malformed_numbers_are_unreadable(extent: str) -> None:
    with pytest.raises(UnreadablePool, match="is no range of ONT ids"):
        define_pool("p", "ont-id", extent)


@pytest.mark.parametrize("days", [-1, 3651, 10**30])
def test_an_impossible_quarantine_is_unreadable(days: int) -> None:
    with pytest.raises(UnreadablePool, match="no number of days"):
        define_pool("p", "ont-id", "0-127", quarantine_days=days)


# --- pools that are understood and must not be ---------------------------------------------------------------------


@pytest.mark.parametrize("role", ADDRESS_ROLES)
def test_the_other_family_is_refused(role: Role) -> None:
    extent = "8.8.8.0/24" if role is Role.IPV6 else "2a00:1450::/40"
    with pytest.raises(PoolRefused, match="pools for"):
        define_pool("p", role, extent)


@pytest.mark.parametrize(
    ("purpose", "extent", "smallest"),
    [
        ("ip-pack", "8.8.8.8/31", "/30"),
        ("ip-pack", "8.8.8.8/32", "/30"),
        ("ipv6", "2a00:1450::/57", "/56"),
        ("ipv6", "2a00:1450::/64", "/56"),
        ("ipv6", "2a00:1450::1/128", "/56"),
    ],
)
def test_a_pool_smaller_than_its_blocks_is_refused(purpose: str, extent: str, smallest: str) -> None:
    with pytest.raises(PoolRefused, match=f"smaller than one block .* {smallest}"):
        define_pool("p", purpose, extent)


def role_for(network: IPv4Network | IPv6Network) -> Role:
    return Role.FIXED_IPV4 if network.version == 4 else Role.IPV6


def around(row: SpecialPurpose) -> list[str]:
    """The row itself, a part of it and more than it, as far as a pool can be so small."""
    most = 32 if row.prefix.version == 4 else 56
    row_or_above = row.prefix if row.prefix.prefixlen <= most else row.prefix.supernet(new_prefix=most)
    inside = next(row_or_above.subnets(new_prefix=min(most, row_or_above.prefixlen + 3)))
    return sorted({str(row_or_above), str(inside), str(row_or_above.supernet())})


@pytest.mark.parametrize("row", SPECIAL_PURPOSE, ids=case_id)
def test_special_purpose_space_is_refused_where_nobody_said_so(row: SpecialPurpose) -> None:
    for extent in around(row):
        with pytest.raises(PoolRefused, match=r"touches .*RFC"):
            define_pool("p", role_for(row.prefix), extent)


NOT_GLOBALLY_REACHABLE = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
240.0.0.0/4 255.255.255.255/32
::/56 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:2::/48 2001:10::/28
2001:20::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8
"""
"""The IANA registries of special-purpose addresses and of multicast, written down a second time."""


@pytest.mark.parametrize("written", NOT_GLOBALLY_REACHABLE.split())
def test_the_registries_are_known(written: str) -> None:
    network = ip_network(written)
    if network.version == 6 and network.prefixlen > 56:
        network = network.supernet(new_prefix=56)
    with pytest.raises(PoolRefused, match="touches"):
        define_pool("p", role_for(network), str(network))


@pytest.mark.parametrize("row", USABLE, ids=case_id)
def test_usable_special_purpose_space_is_accepted_when_it_is_meant(row: SpecialPurpose) -> None:
    pool = define_pool("p", role_for(row.prefix), str(row.prefix), special_purpose=True)
    assert pool.special_purpose
    assert (pool.first, pool.last) == (int(row.prefix.network_address), int(row.prefix.broadcast_address))


@pytest.mark.parametrize("row", NEVER_USABLE, ids=case_id)
def test_space_that_no_line_can_use_is_always_refused(row: SpecialPurpose) -> None:
    for extent in around(row):
        with pytest.raises(PoolRefused, match="which no line can use"):
            define_pool("p", role_for(row.prefix), extent, special_purpose=True)


@pytest.mark.parametrize(
    ("purpose", "extent"),
    [
        ("fixed-ipv4", "224.0.0.0/24"),
        ("fixed-ipv4", "239.255.255.250/32"),
        ("fixed-ipv4", "127.0.0.1/32"),
        ("management", "127.0.0.0/8"),
        ("fixed-ipv4", "255.255.255.255/32"),
        ("fixed-ipv4", "0.0.0.0/32"),
        ("fixed-ipv4", "0.0.0.0/0"),
        ("ipv6", "ff00::/8"),
        ("ipv6", "ff02::/56"),
        ("ipv6", "::/56"),
        ("ipv6", "::/0"),
        ("ipv6", "fe80::/56"),
    ],
)
def test_multicast_loopback_and_everything_are_refused_even_when_meant(purpose: str, extent: str) -> None:
    with pytest.raises(PoolRefused, match="which no line can use"):
        define_pool("p", purpose, extent, special_purpose=True)


# --- reservations --------------------------------------------------------------------------------------------------


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


# --- pools beside others -------------------------------------------------------------------------------------------

PRESENT = [
    define_pool("fixed", "fixed-ipv4", "8.8.8.0/24"),
    define_pool("packs", "ip-pack", "9.0.0.0/20"),
    define_pool("homes", "ipv6", "2a00:1400::/40"),
    define_pool("onts", "ont-id", "0-63"),
]


@pytest.mark.parametrize(
    ("purpose", "extent", "other"),
    [
        ("fixed-ipv4", "8.8.8.0/24", "fixed"),
        ("ip-pack", "8.8.8.128/25", "fixed"),
        ("management", "8.8.0.0/16", "fixed"),
        ("fixed-ipv4", "9.0.15.255/32", "packs"),
        ("ipv6", "2a00:1400:ff::/48", "homes"),
        ("ipv6", "2a00:1400::/32", "homes"),
        ("ont-id", "63-64", "onts"),
        ("ont-id", "0-127", "onts"),
    ],
)
def test_a_pool_that_shares_addresses_with_another_is_refused(purpose: str, extent: str, other: str) -> None:
    with pytest.raises(PoolRefused, match=f"overlaps the pool {other} "):
        judge_new(define_pool("p", purpose, extent), PRESENT)


@pytest.mark.parametrize(
    ("purpose", "extent"),
    [
        ("fixed-ipv4", "8.8.9.0/24"),
        ("fixed-ipv4", "8.8.7.0/24"),
        ("ip-pack", "9.0.16.0/20"),
        ("ipv6", "2a00:1400:100::/40"),
        ("ont-id", "64-127"),
    ],
)
def test_a_neighbour_is_no_overlap(purpose: str, extent: str) -> None:
    judge_new(define_pool("p", purpose, extent), PRESENT)


def test_a_name_is_given_once() -> None:
    with pytest.raises(PoolRefused, match="there is a pool packs already"):
        judge_new(define_pool("packs", "ip-pack", "9.1.0.0/20"), PRESENT)


def test_other_families_do_not_overlap() -> None:
    four = Pool("four", Role.FIXED_IPV4, 0, 2**32 - 1)
    six = Pool("six", Role.IPV6, 0, 2**128 - 1)
    numbered = Pool("onts", Role.ONT_ID, 0, 255)
    judge_new(four, [six, numbered])
    judge_new(numbered, [four, six])


# --- whatever is written -------------------------------------------------------------------------------------------


@given(
    name=st.text(max_size=5),
    purpose=st.sampled_from(list(Role)) | st.text(max_size=10),
    extent=st.text("0123456789./:-abcdef%", max_size=20) | st.ip_addresses().map(str),
    reserved=st.lists(st.text("0123456789./:-af", max_size=12), max_size=2),
    special=st.booleans(),
)
def test_whatever_is_written_is_a_pool_or_an_error_of_ours(
    name: str, purpose: str, extent: str, reserved: list[str], special: bool
) -> None:
    try:
        pool = define_pool("p" + name, purpose, extent, reserved=reserved, special_purpose=special)
    except ProvisoError as error:
        assert error.remedy
        assert error.where
        return
    assert pool.first <= pool.last
    if pool.purpose is not Role.ONT_ID:
        assert ip_network(pool.prefix).num_addresses == pool.last - pool.first + 1
