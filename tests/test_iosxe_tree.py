"""Reading IOS text: what stands where, and that nothing is lost."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, canonical
from provisioning.platforms.cisco_iosxe.configuration_tree import Kind, Line, not_understood, read_configuration

WORDS = st.sampled_from(
    [
        "!",
        "",
        "end",
        "exit",
        "exit-address-family",
        "interface Vlan1",
        "ip address 192.0.2.1 255.255.255.0",
        "router bgp 1",
        "address-family ipv4",
        "banner motd ^C",
        "^C",
        "certificate self-signed 01",
        "30820330 30820218",
        "quit",
        "macro name m",
        "@",
        "Router#show run",
        "key-string",
    ]
)
TEXTS = st.lists(st.builds(lambda indent, words: " " * indent + words, st.integers(0, 20), WORDS)).map("\n".join)


def commands(lines: tuple[Line, ...]) -> list[object]:
    found = ((each.text, commands(each.children)) for each in lines if each.kind is Kind.COMMAND)
    return [[text, *inner] if inner else text for text, inner in found]


@given(st.text() | TEXTS)
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    assert read_configuration(text).text() == text
    canonical(RUNNING_CONFIG, text)


@given(TEXTS)
def test_the_canonical_form_of_a_canonical_form_is_itself(text: str) -> None:
    assume(not not_understood(read_configuration(text)))
    once = canonical(RUNNING_CONFIG, text)
    assert canonical(RUNNING_CONFIG, once) == once


def test_the_listing_is_no_configuration() -> None:
    text = (
        "Building configuration...\n\nCurrent configuration : 4811 bytes\n!\n"
        "! Last configuration change at 09:41:16 UTC Thu Oct 28 2021 by root\n!\nversion 17.9\nhostname r1\n!\nend\n"
    )
    tree = read_configuration(text)
    assert commands(tree.lines) == ["version 17.9", "hostname r1"]
    assert not_understood(tree) == ()
    assert canonical(RUNNING_CONFIG, text) == "hostname r1\n"


def test_a_banner_holds_anything_up_to_its_delimiter() -> None:
    text = "banner motd ^C\ninterface Vlan1\n! not a comment\nend\n^C\nbanner login #one line#\nhostname r1\n"
    tree = read_configuration(text)
    assert commands(tree.lines) == ["banner motd ^C", "banner login #one line#", "hostname r1"]
    assert tree.lines[0].body == ("interface Vlan1", "! not a comment", "end", "^C")


def test_certificates_run_to_quit() -> None:
    text = (
        "crypto pki certificate chain TP\n certificate self-signed 01\n  30820330 30820218\n  8D8B72CC\n  \tquit\n"
        "crypto pki certificate chain SLA\n certificate ca 01 nvram:CA.cer\nhostname r1\n"
    )
    tree = read_configuration(text)
    assert commands(tree.lines) == [
        ["crypto pki certificate chain TP", "certificate self-signed 01"],
        ["crypto pki certificate chain SLA", "certificate ca 01 nvram:CA.cer"],
        "hostname r1",
    ]
    assert not_understood(tree) == ()
    assert canonical(RUNNING_CONFIG, text) == "hostname r1\n"


def test_sections_close_by_indentation_and_by_exit() -> None:
    inner = "router bgp 1\n{} address-family ipv4\n  network 192.0.2.0\n{}exit-address-family\n{} bgp log\n{}"
    shown = inner.format(" !\n", " ", " !\n", "")
    pasted = inner.format("", "  ", "", " exit\n")
    for text in (shown, pasted):
        tree = read_configuration(text)
        assert commands(tree.lines) == [["router bgp 1", ["address-family ipv4", "network 192.0.2.0"], "bgp log"]]
        assert not_understood(tree) == ()
    assert canonical(RUNNING_CONFIG, shown) == canonical(RUNNING_CONFIG, pasted)


def test_an_exit_after_an_empty_section_closes_that_one() -> None:
    text = (
        "policy-map P\n class A\n  drop\n  exit\n class B\n exit\n"
        "router bgp 1\n address-family ipv6\n exit-address-family\n"
    )
    assert commands(read_configuration(text).lines) == [
        ["policy-map P", ["class A", "drop"], "class B"],
        ["router bgp 1", "address-family ipv6"],
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Router#show running-config\nhostname r1\n", "a terminal's prompt, and no configuration"),
        (" ip address dhcp\nhostname r1\n", "is indented, and stands in no section"),
        ("exit\n", "closes no section"),
        ("% Invalid input detected at '^' marker.\n", "a message, and no configuration"),
        ("banner motd ^C\nhostname r1\n", "begins a text that does not end"),
        ("--More--\n", "a pager's question, and no configuration"),
    ],
)
def test_what_fits_nowhere_is_kept_and_told(text: str, reason: str) -> None:
    tree = read_configuration(text)
    assert tree.text() == text
    assert [each.reason for each in not_understood(tree)] == [reason]
    assert not_understood(tree)[0].number == 1


def test_a_ladder_of_sections_ends_somewhere() -> None:
    text = "\n".join(" " * depth + "a" for depth in range(3000))
    tree = read_configuration(text)
    assert tree.text() == text
    assert {each.reason for each in not_understood(tree)} == {"stands deeper than any section"}
