"""What a router writes into its configuration by itself makes no new version."""

from provisioning.backups.volatile import without_volatile

HEADER = """\
!
! Last configuration change at 15:30:27 UTC Sat Nov 21 2026 by root
! NVRAM config last updated at 15:30:28 UTC Sat Nov 21 2026 by root
!
version 17.9
"""


def test_when_a_router_was_saved_is_not_what_it_says() -> None:
    one = without_volatile("cisco_iosxe", {"running-config": HEADER + "ntp clock-period 17179869\nhostname a\nend\n"})
    other = without_volatile("cisco_iosxe", {"running-config": HEADER.replace("15:3", "23:1") + "hostname a\nend\n"})
    assert one == other == {"running-config": "!\n!\nversion 17.9\nhostname a\nend\n"}


def test_what_people_wrote_stays() -> None:
    text = "! Last week somebody changed this\nbanner motd ^C Current configuration : ask Eve ^C\nend\n"
    assert without_volatile("cisco_iosxe", {"running-config": text}) == {"running-config": text}


def test_a_router_that_writes_nothing_by_itself() -> None:
    documents = {"frr.conf": "! Last configuration change at 15:30:27\n", "ont": "! ont\n"}
    assert without_volatile("linux_cpe", documents) == documents
