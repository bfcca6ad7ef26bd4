"""The configuration of a Cisco router that serves no line: what a ceased line leaves, and still lets the operator in.

The golden case stands in tests/cases/bootstrap_cisco_iosxe; PROVISO_WRITE_CASES=1 writes it anew.
"""

import os

import pytest
from iosxe_renderings import idle_config
from renderings import example
from worlds import ROOT

from provisioning.model.config import SecretDocument
from provisioning.platforms.cisco_iosxe.documents import DOCUMENTS

CASE = ROOT / "tests" / "cases" / "bootstrap_cisco_iosxe"
WRITE = os.environ.get("PROVISO_WRITE_CASES") == "1"
SERIAL = "FGL26000121"

HOSTILE = (
    "FGL\nusername evil privilege 15 secret x",
    "FGL\r\nend\r\nreload",
    "FGL!",
    "FGL?",
    'FGL"',
    "{{ 7*7 }}{% raw %}",
    "FGL\x00\x1b[31m\u2028\u202e",
    "é" * 300,
    "---",
    "",
)


def running_config(serial: str = SERIAL) -> str:
    return idle_config(serial)["running-config"].reveal()


def test_a_router_without_line_gets_this_configuration() -> None:
    shown = {each.name: each.shown for each in idle_config(SERIAL).documents}
    if WRITE:
        CASE.mkdir(parents=True, exist_ok=True)
        for name, text in shown.items():
            (CASE / name).write_text(text, "utf-8")
    assert {each.name: each.read_text("utf-8") for each in CASE.iterdir()} == shown


def test_it_holds_no_secret_and_is_a_document_that_a_line_has_too() -> None:
    (document,) = idle_config(SERIAL).documents
    assert not isinstance(document, SecretDocument)
    assert (document.name, document.path, document.mode) in {(each.name, each.path, each.mode) for each in DOCUMENTS}


def test_nothing_of_any_line_is_in_it() -> None:
    words = set(running_config().split())
    line = example("internet-pro-plus-cisco")
    for told in (line.management, line.fixed_ipv4, line.ip_pack, line.intent.line):
        assert str(told) not in words
    assert not words & {"bgp", "nat", "wlan", "snmp-server"}


def test_the_operator_gets_in_by_ssh_and_nobody_else() -> None:
    lines = running_config().splitlines()
    assert " 10 permit tcp 100.127.0.0 0.0.0.3 any eq 22" in lines
    assert not [line for line in lines if "permit ip any" in line or "permit ipv6 any" in line or "telnet" in line]
    for said in (" ip address dhcp", " transport input ssh", "ip scp server enable", "file prompt quiet", "archive"):
        assert said in lines


@pytest.mark.parametrize("serial", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_serial_stays_where_it_is_told(serial: str) -> None:
    def others(text: str) -> list[str]:
        return [each for each in text.splitlines() if not each.startswith(("hostname ", " description Router "))]

    text = running_config(serial)
    assert text.isascii() and len(text.splitlines()) == len(running_config().splitlines())
    assert others(text) == others(running_config())
