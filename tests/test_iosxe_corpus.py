"""The field's own configurations: no line is lost, nothing crashes, and what is not understood is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ROOT

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, canonical
from provisioning.platforms.cisco_iosxe.configuration_tree import not_understood, read_configuration
from provisioning.platforms.cisco_iosxe.differ import remediate
from provisioning.platforms.cisco_iosxe.left_alone import is_left_alone
from provisioning.platforms.cisco_iosxe.redaction import mask, secrets_in

CORPUS = ROOT / "tests" / "cases" / "iosxe_corpus"
FILES = sorted(each.name for each in CORPUS.glob("*.txt"))


IDLE = ("interface GigabitEthernet3", "no ip address", "shutdown", "negotiation auto")
"""What says nothing: an interface with which nothing is done."""


def text_of(name: str) -> str:
    return (CORPUS / name).read_bytes().decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_read_and_comes_out_again(name: str) -> None:
    text = text_of(name)
    tree = read_configuration(text)
    assert tree.text() == text
    assert not_understood(tree) == ()


@pytest.mark.parametrize("name", FILES)
def test_every_command_is_told_to_a_router_that_has_none(name: str) -> None:
    documents = {RUNNING_CONFIG: text_of(name)}
    change = remediate({}, documents)
    told = {each.strip() for each in change.commands}
    lines = canonical(RUNNING_CONFIG, documents[RUNNING_CONFIG]).split("\n")
    assert {each.strip() for each in lines} - told <= {""}
    assert change.rollback
    assert remediate(documents, documents).commands == ()


@pytest.mark.parametrize("name", FILES)
def test_no_command_is_dropped_but_what_is_left_alone(name: str) -> None:
    text = text_of(name)
    kept = canonical(RUNNING_CONFIG, text)
    for line in text.split("\n"):
        words = line.strip()
        alone = not line.startswith(" ") and is_left_alone(words)
        listing = words.startswith(("!", "exit", "Building", "Current", "Configuration of")) or words in ("", "end")
        if alone or listing or "crypto_rsa" in name or words in IDLE:
            continue
        if words.startswith("access-list "):
            words = words.split(" ", 2)[2]
        assert " ".join(words.split()) in " ".join(kept.split()), line


PIECES = tuple(
    line
    for name in FILES
    for line in text_of(name).split("\n")
    if line.strip() and not line.startswith("!") and "icmp" not in line
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_any_pieces_of_them_are_compared_there_and_back(before: str, after: str) -> None:
    change = remediate({RUNNING_CONFIG: before}, {RUNNING_CONFIG: after})
    same = canonical(RUNNING_CONFIG, before) == canonical(RUNNING_CONFIG, after)
    assert bool(change.commands) <= (not same)
    assert bool(change.rollback) <= (not same)


def test_what_is_left_alone_and_secrets_of_a_real_router() -> None:
    text = text_of("napalm_bgp_groups.txt")
    assert "license" not in canonical(RUNNING_CONFIG, text)
    assert "enable password <secret>\n" in mask(RUNNING_CONFIG, text)
    assert "username cisco privilege 15 password 0 <secret>\n" in mask(RUNNING_CONFIG, text)
    assert secrets_in(RUNNING_CONFIG, text) == ("cisco",)


def test_a_list_keeps_its_repeated_remarks() -> None:
    text = text_of("ntc_access_lists_plain.txt")
    assert canonical(RUNNING_CONFIG, text).count(' remark "allows sample to ping"\n') == 6


@pytest.mark.parametrize("name", FILES)
def test_nothing_else_is_masked(name: str) -> None:
    text = text_of(name)
    if name != "napalm_bgp_groups.txt":
        assert mask(RUNNING_CONFIG, text) == text
