"""Which pools there may be, and what of them can be handed out."""

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.addressing.pool import define_pool
from provisioning.errors import ProvisoError, UnreadablePool
from provisioning.model.intent import Role

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
