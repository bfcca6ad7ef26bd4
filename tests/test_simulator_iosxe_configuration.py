"""The simulated Cisco router's configuration: what it takes it shows, and what it shows it takes again."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from iosxe_lines import line_of, rules_of

from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration, Session, factory_new
from provisioning.stands.simulator.cisco_iosxe.configuration.modes import MODES
from provisioning.stands.simulator.cisco_iosxe.configuration.reading import Grammar
from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Misfit, Reading
from provisioning.stands.simulator.cisco_iosxe.configuration.secrets import type_7, type_9

CASES = Path(__file__).parent / "cases"
PUBLIC = sorted((CASES / "iosxe_corpus").glob("*.txt"))
RENDERED = sorted((CASES / "render_cisco_iosxe").glob("*/documents/running-config"))
BLOB = b"\0\0\0\x07ssh-rsa" + bytes(range(200))
KEY = f"ssh-rsa {base64.b64encode(BLOB).decode()} someone@somewhere"
SHOWN_OTHERWISE = ("Building", "Current", "access-list", "no shutdown")
"""Numbered lists are shown as named ones; a default is not shown."""
SETTLED = """
ip access-list extended WEB
 10 permit tcp any any eq www
class-map type inspect match-any WEB
 match access-group name WEB
parameter-map type inspect TIMERS
policy-map type inspect OUT
 class type inspect WEB
  inspect TIMERS
zone security INSIDE
zone security OUTSIDE
zone-pair security OUT source INSIDE destination OUTSIDE
 service-policy type inspect OUT
router bgp 65000
 neighbor 192.0.2.9 remote-as 65001
 address-family ipv4
  neighbor 192.0.2.9 activate
end
"""


@pytest.fixture(scope="module")
def new() -> Configuration:
    return factory_new("FGL26000121", "root", KEY)


def lines(text: str) -> Iterator[str]:
    return (
        line for line in text.splitlines() if not line.lstrip().startswith("!") and line.strip() not in ("", "end")
    )


def holds(configuration: Configuration) -> None:
    """What is shown is taken again, and shown the same."""
    text = configuration.text()
    again = Configuration()
    assert again.load(text, lenient=True) == [], text
    assert again.text() == text


def test_factory_new_router(new: Configuration) -> None:
    text = new.text()
    assert text.startswith("version 17.9\n")
    assert text.endswith("!\nend\n")
    assert "\nhostname Router\n" in text
    assert "license udi pid C1111-8PLTE sn FGL26000121\n" in text
    digest = hashlib.md5(BLOB).hexdigest().upper()
    assert f"ip ssh pubkey-chain\n  username root\n   key-hash ssh-rsa {digest} someone@somewhere\n" in text
    assert "\ninterface GigabitEthernet0/0/0\n ip address dhcp\n negotiation auto\n!\n" in text
    holds(new)


def test_key_that_is_none_makes_no_router() -> None:
    with pytest.raises(ValueError, match="public key"):
        factory_new("FGL26000121", "root", "ssh-rsa nonsense")


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_public_text_loses_no_line(path: Path) -> None:
    configuration = Configuration()
    unread = configuration.load(path.read_text(), lenient=True)
    text = configuration.text()
    shown = [" ".join(line.split()) for line in text.splitlines()]
    # Entries of access lists get their numbers.
    known = {*shown, *(line.split(" ", 1)[-1] for line in shown)}
    for line in unread:
        assert " ".join(line.split()) in known
    lost = {" ".join(line.split()) for line in lines(path.read_text())} - known
    assert {line for line in lost if not line.startswith(SHOWN_OTHERWISE)} == set()
    again = Configuration()
    again.load(text, lenient=True)
    assert again.text() == text


@pytest.mark.parametrize("path", RENDERED, ids=lambda path: path.parent.parent.name)
def test_rendered_text_is_taken_and_shown_the_same(path: Path, new: Configuration) -> None:
    configuration = new.copy()
    text = path.read_text().replace("<secret>", "secretsecret")
    assert configuration.merge(text) == []
    shown = {line.replace("deny   ", "deny ") for line in configuration.text().splitlines()}
    assert [line for line in lines(text) if line not in shown] == []
    holds(configuration)


@pytest.mark.parametrize("path", RENDERED, ids=lambda path: path.parent.parent.name)
def test_replace_goes_there_and_back(path: Path, new: Configuration) -> None:
    wanted = new.copy()
    wanted.merge(path.read_text().replace("<secret>", "secretsecret"))
    configuration = new.copy()
    there = configuration.replace(wanted.text())
    assert (there.done, there.failed) == (True, ())
    assert configuration.text() == wanted.text()
    back = configuration.replace(new.text())
    assert (back.done, back.failed) == (True, ())
    assert configuration.text() == new.text()
    assert configuration.replace(new.text()).commands == ()


def test_replace_that_fails_changes_nothing(new: Configuration) -> None:
    configuration = new.copy()
    result = configuration.replace(new.text().replace("hostname Router", "hostname Other\nno such command"))
    assert not result.done
    assert result.failed == ("no such command",)
    assert "Rollback aborted after 5 passes" in result.said
    assert configuration.text() == new.text()


def test_replace_keeps_the_order_of_classes() -> None:
    policy = "policy-map type inspect P\n class type inspect {}\n  inspect\n class type inspect {}\n  pass\nend\n"
    head = "class-map type inspect match-any A\nclass-map type inspect match-any B\n"
    configuration, other = Configuration(), Configuration()
    configuration.load(head + policy.format("A", "B"))
    other.load(head + policy.format("B", "A"))
    assert configuration.replace(other.text()).done
    assert configuration.text() == other.text()


def test_merge_tells_what_is_wrong_and_goes_on() -> None:
    configuration = Configuration()
    said = configuration.merge("hostname R1\ninterface Vlan1\n ip adress 10.0.0.1\n description LAN\n i\n")
    assert said == [
        " ip adress 10.0.0.1",
        "      ^",
        "% Invalid input detected at '^' marker.",
        " i",
        '% Ambiguous command:  "i"',
    ]
    assert "interface Vlan1\n description LAN\n" in configuration.text()


def test_differences_are_told_in_their_context(new: Configuration) -> None:
    other = new.copy()
    other.merge("hostname R1\ninterface Vlan1\n description LAN\nip http server\n")
    assert new.differences(other) == [
        "+hostname R1",
        "interface Vlan1",
        " +description LAN",
        "+ip http server",
        "-hostname Router",
        "-no ip http server",
    ]
    assert new.incremental(other) == ["hostname R1", "interface Vlan1", " description LAN", "ip http server"]


def test_copy_shares_nothing(new: Configuration) -> None:
    other = new.copy()
    other.merge("interface Vlan1\n description LAN\nno ip ssh version 2\n")
    assert "description LAN" not in new.text()
    assert "ip ssh version 2" in new.text()


def test_users_of_snmp_are_kept_and_not_shown(new: Configuration) -> None:
    configuration = new.copy()
    configuration.merge("snmp-server user who readers v3 auth sha longenough1 priv aes 128 longenough2\n")
    assert "snmp-server" not in configuration.text()
    (user,) = configuration.root.named("snmp-server user")
    assert (user.values["name"], user.values["auth"]) == ("who", "longenough1")
    configuration.load(configuration.text())
    assert configuration.replace(new.text()).done
    assert list(configuration.root.named("snmp-server user")) != []
    configuration.merge("no snmp-server user who readers v3\n")
    assert list(configuration.root.named("snmp-server user")) == []


def test_passwords_are_written_down_as_the_device_does() -> None:
    # The pair that everybody knows: `cisco` in type 7.
    assert type_7("cisco", 2) == "02050D480809"
    assert type_9("cisco", "/" * 14).startswith("$9$//////////////$")
    configuration = Configuration()
    configuration.merge("service password-encryption\nusername a secret hidden\nline con 0\n password open\n")
    text = configuration.text()
    assert "username a secret 9 $9$" in text
    assert " password 7 " in text
    assert "hidden" not in text
    assert " open" not in text
    holds(configuration)


def test_communities_are_numbers_without_the_new_format() -> None:
    configuration = Configuration()
    configuration.merge("route-map OUT permit 10\n set community 65000:120\n")
    assert " set community 4259840120\n" in configuration.text()
    holds(configuration)
    configuration.merge("ip bgp-community new-format\n")
    assert " set community 65000:120\n" in configuration.text()


def test_sections_are_found_by_their_first_words(new: Configuration) -> None:
    names = [each.values["name"] for each in new.sections("interface")]
    assert names[0] == "GigabitEthernet0/0/0"
    assert names[-1] == "Vlan1"
    assert [each.text for each in new.sections("ip ssh", "version")] == ["ip ssh version 2"]


@pytest.mark.parametrize("mode", sorted(MODES))
def test_every_mode_has_a_grammar(mode: str) -> None:
    grammar = Grammar(MODES[mode])
    assert isinstance(grammar.read("exit"), Reading)
    assert isinstance(grammar.read("this is no command"), Misfit) or mode in ("bgp-session", "bgp-policy")


@pytest.mark.parametrize("mode", [each for each in MODES if rules_of(each)])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_drawn_lines_are_read(mode: str, data: st.DataObject) -> None:
    grammar = Grammar(MODES[mode])
    line = data.draw(st.sampled_from(rules_of(mode)).flatmap(line_of))
    reading = grammar.read(line)
    assert isinstance(reading, Reading), line
    # In full it is read the same.
    again = grammar.read(reading.text)
    assert isinstance(again, Reading)
    assert again.text == reading.text


OPENINGS = {
    "config": "",
    "if-routed": "interface GigabitEthernet0/0/0",
    "if-switch": "interface GigabitEthernet0/1/0",
    "if-vlan": "interface Vlan1",
    "if-cellular": "interface Cellular0/2/0",
    "if-loopback": "interface Loopback4",
    "extended-list": "ip access-list extended DRAWN",
    "standard-list": "ip access-list standard DRAWN",
    "ipv6-list": "ipv6 access-list DRAWN",
    "dhcp-pool": "ip dhcp pool DRAWN",
    "route-map": "route-map DRAWN permit 10",
    "line": "line vty 0 4",
    "bgp": "router bgp 65000",
    "bgp-ipv4": "router bgp 65000\naddress-family ipv4",
    "parameters": "parameter-map type inspect DRAWN",
    "wlan": "wlan DRAWN 3 DRAWN",
    "archive": "archive",
}


@pytest.mark.parametrize("mode", OPENINGS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_what_is_taken_is_shown_and_taken_again(mode: str, data: st.DataObject) -> None:
    configuration, session = Configuration(), Session()
    configuration.load(SETTLED)
    for opening in OPENINGS[mode].splitlines():
        configuration.feed(opening, session)
    place = list(session.modes)
    drawn = data.draw(st.lists(st.sampled_from(rules_of(mode)).flatmap(line_of), max_size=6))
    negatives = data.draw(st.lists(st.sampled_from(("", "", "", "no ", "default ")), min_size=6, max_size=6))
    for line, negative in zip(drawn, negatives, strict=False):
        session.modes = list(place)
        configuration.feed(negative + line, session)
        if session.collecting is not None:
            session.collecting = None
    holds(configuration)


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(1, 60)), st.sampled_from(("permit", "deny")), st.integers(1, 9)),
        max_size=20,
    )
)
def test_entries_of_a_list_stand_by_their_numbers(entries: list[tuple[int | None, str, int]]) -> None:
    configuration, session = Configuration(), Session()
    configuration.feed("ip access-list standard DRAWN", session)
    wanted: dict[int, str] = {}
    for number, action, host in entries:
        text = f"{action} 10.0.0.{host}"
        answer = configuration.feed(f"{number} {text}" if number is not None else text, session)
        if text in wanted.values():
            assert answer == ""
        elif number in wanted:
            assert answer == "% Duplicate sequence number\n"
        else:
            wanted[number if number is not None else max(wanted, default=0) + 10] = text
    (drawn,) = configuration.sections("ip access-list")
    shown = [line for line in configuration.text().splitlines() if line.startswith(" ") and " 10.0.0." in line]
    assert [line.replace("deny  ", "deny") for line in shown] == [
        f" {each[0]} {each[1]}" for each in sorted(wanted.items())
    ]
    assert drawn.values["name"] == "DRAWN"


@settings(deadline=None)
@given(st.data())
def test_shortened_words_mean_the_same(data: st.DataObject) -> None:
    line, mode = data.draw(
        st.sampled_from(
            (
                ("service timestamps debug datetime msec", "config"),
                ("ip access-list extended SOME", "config"),
                ("ip address 10.0.0.1 255.255.255.0 secondary", "if-routed"),
                ("switchport access vlan 7", "if-switch"),
                ("neighbor 10.0.0.1 fall-over bfd", "bgp"),
                ("ipv6 nd other-config-flag", "if-vlan"),
                ("10 permit tcp any host 10.0.0.1 established", "extended-list"),
            )
        )
    )
    grammar = Grammar(MODES[mode])
    full = grammar.read(line)
    words = line.split(" ")
    which = data.draw(st.integers(0, len(words) - 1))
    words[which] = words[which][: data.draw(st.integers(1, len(words[which])))]
    # `ip` is a word of its own, not a shortened `ipv6`.
    assume(words[which] != "ip" or line.startswith("ip "))
    short = grammar.read(" ".join(words))
    if isinstance(short, Reading) and words[which].isalpha() and words[which].islower():
        assert isinstance(full, Reading)
        assert short.text == full.text
    elif isinstance(short, Misfit) and words[which].isalpha() and words[which].islower():
        assert str(short.wrong).startswith("% Ambiguous")


@given(st.lists(st.text(st.characters(exclude_characters="\n\r"), max_size=40), max_size=8))
def test_no_line_is_too_wild(wild: list[str]) -> None:
    configuration, session = Configuration(), Session()
    for line in wild:
        if session.active:
            configuration.feed(line, session)
    configuration.text()
