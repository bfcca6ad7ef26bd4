"""The digest of a Cisco router: the same for what says the same, another for anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.platforms.cisco_iosxe import zones
from provisioning.platforms.cisco_iosxe.canonical import canonical
from provisioning.platforms.cisco_iosxe.defaults import is_default
from provisioning.platforms.cisco_iosxe.digest import documents_digest
from provisioning.platforms.cisco_iosxe.left_alone import LEFT_ALONE, is_left_alone

TEXT = (
    "hostname r1\ninterface Vlan1\n ip address 192.0.2.1 255.255.255.0\n no ip redirects\n"
    "ip access-list extended A\n 10 permit tcp any any\n 20 deny ip any any\nip name-server 192.0.2.53 192.0.2.54\n"
)
USERS = "snmp-server user u g v3 auth sha {}priv aes 128{}\n"


def digest(text: str, users: str = "") -> str:
    return documents_digest({"running-config": text, "snmp-users": users})


@pytest.mark.parametrize(
    "same",
    [
        f"Building configuration...\n\nCurrent configuration : 9 bytes\n!\nversion 17.9\n{TEXT}!\nend\n",
        TEXT.replace("\n", "  \r\n"),
        TEXT.replace("hostname r1\n", "") + "hostname r1\n",
        TEXT.replace(" ip address 192.0.2.1 255.255.255.0\n", "")
        + "interface Vlan1\n ip address 192.0.2.1 255.255.255.0\n",
        TEXT.replace(" 10 permit tcp any any\n 20 deny ip", " 20 deny   ip").replace(
            "any any\nip name", "any any\n 10 permit tcp any any\nip name"
        ),
        f"{TEXT}license udi pid C1111-8PLTEEA sn FGL26000121\nusername root privilege 15\nline con 0\n stopbits 1\n",
        f"{TEXT}interface GigabitEthernet0/1/4\n!\n",
    ],
)
def test_what_says_the_same_has_the_same_digest(same: str) -> None:
    assert digest(same) == digest(TEXT)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("hostname r1", "hostname r2"),
        (" no ip redirects\n", ""),
        (" 20 deny ip any any\n", " 20 deny ip any any\n 30 permit ip any any\n"),
        (" 10 permit", " 30 permit"),
        ("192.0.2.53 192.0.2.54", "192.0.2.54 192.0.2.53"),
    ],
)
def test_what_says_another_thing_has_another(part: str, other: str) -> None:
    assert part in TEXT
    assert digest(TEXT.replace(part, other)) != digest(TEXT)


def test_the_order_of_an_access_list_without_numbers_counts() -> None:
    entries = (" permit tcp any any\n", " deny ip any any\n")
    one, other = ("ip access-list extended A\n" + "".join(some) for some in (entries, reversed(entries)))
    assert digest(one) != digest(other)


def test_keys_of_snmp_users_are_not_told_and_not_digested() -> None:
    told, shown = USERS.format("KEY-ONE-1 ", " KEY-TWO-2"), USERS.format("", "")
    assert digest(TEXT, told) == digest(TEXT, shown) != digest(TEXT)
    assert canonical("snmp-users", told) == shown


def test_an_empty_document_is_as_an_absent_one() -> None:
    assert documents_digest({"running-config": TEXT}) == digest(TEXT, "\n")


def test_another_platforms_document_is_refused() -> None:
    with pytest.raises(ValueError, match=r"nftables\.conf"):
        documents_digest({"nftables.conf": ""})


@given(st.text("abc !", max_size=20))
def test_a_section_that_is_not_ours_is_not_looked_into(inner: str) -> None:
    assert digest(f"line con 0\n {inner}\n{TEXT}") == digest(TEXT)


def test_what_is_not_rendered_because_it_holds_anyway_is_not_compared() -> None:
    assert all(is_default("parameter-map type inspect SESSIONS", each) for each in zones.DEFAULTS)
    assert digest(f"{TEXT}line vty 0 4\n exec-timeout 10 0\n") == digest(f"{TEXT}line vty 0 4\n")


def test_everything_left_alone_has_a_reason() -> None:
    assert all(each.reason for each in LEFT_ALONE)
    assert is_left_alone("ip ssh pubkey-chain")
    assert not is_left_alone("ip ssh version 2")
