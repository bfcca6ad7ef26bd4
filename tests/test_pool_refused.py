"""Pools that are understood and must not be: space that no line can use, and what others have already."""

from ipaddress import IPv4Network, IPv6Network, ip_network

import pytest

from provisioning.addressing.pool import Pool, define_pool, judge_new
from provisioning.addressing.special_purpose import SPECIAL_PURPOSE, SpecialPurpose
from provisioning.errors import PoolRefused
from provisioning.model.intent import Role

ADDRESS_ROLES = (Role.FIXED_IPV4, Role.IP_PACK, Role.IPV6, Role.MANAGEMENT)
USABLE = [row for row in SPECIAL_PURPOSE if row.usable]
NEVER_USABLE = [row for row in SPECIAL_PURPOSE if not row.usable]


def case_id(case: object) -> str:
    return case.name.replace(" ", "-") + f"-{case.prefix}" if isinstance(case, SpecialPurpose) else str(case)


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
