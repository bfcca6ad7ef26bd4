"""Placeholders tell secrets apart and hold none; login passwords are not kept at all."""

import base64
from pathlib import Path
from urllib.parse import quote

import pytest
from canaries import disguises
from hypothesis import given
from hypothesis import strategies as st
from iosxe_renderings import CISCO, cisco_config
from renderings import EVERY_ORDER, config, example, revealed
from worlds import ROOT

from provisioning.backups.login_password import without_login_passwords
from provisioning.backups.placeholders import Masker
from provisioning.errors import UnknownName
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.secret import Secret
from provisioning.platforms.backup_readers import READERS
from provisioning.platforms.cisco_iosxe import redaction
from provisioning.platforms.cisco_iosxe.configuration_tree import not_understood, read_configuration
from provisioning.platforms.routers import ROUTERS

KEY = b"0123456789abcdef0123456789abcdef"
MASKER = Masker(KEY)
IOS, LINUX = "cisco_iosxe", "linux_cpe"
RUNNING = "running-config"
GOLDEN = [each for each in (ROOT / "tests" / "cases").glob("render*/*/documents/*") if each.is_file()]
LINES = [
    line.replace("{}", "Zomer-Regen42")
    for line in (ROOT / "tests" / "cases" / "secrets" / f"{IOS}-plain.txt").read_text("utf-8").split("\n")
]


def test_each_platform_of_routers_has_a_reader() -> None:
    assert set(READERS) == set(ROUTERS)


def test_the_same_secret_gives_the_same_placeholder_everywhere() -> None:
    ios = MASKER.mask(IOS, RUNNING, "snmp-server community zelfde RO\n")
    linux = MASKER.mask(LINUX, "hostapd.conf", "wpa_passphrase=zelfde\n")
    quoted = MASKER.mask(LINUX, "snmpd.conf", 'createUser "u" SHA "zelfde"\n')
    placeholder = ios.split()[2]
    assert placeholder == MASKER.placeholder("zelfde")
    assert linux == f"wpa_passphrase={placeholder}\n"
    assert quoted == f'createUser "u" SHA {placeholder}\n'
    assert len(placeholder) == len("<secret:>") + 12


def test_a_rotated_secret_shows_as_one_changed_line() -> None:
    made = [cisco_config("internet-pro-plus-cisco", keys(word)) for word in ("eerste-sleutel", "tweede-sleutel")]
    before, after = (MASKER.mask(IOS, RUNNING, each[RUNNING].reveal()).split("\n") for each in made)
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert [one.split("<")[0] for one, _ in changed] == [" security wpa psk set-key ascii 0 "]


def keys(word: str) -> LineSecrets:
    return LineSecrets(Secret(word), Secret(f"auth-{word}"), Secret(f"priv-{word}"))


def test_another_key_gives_other_placeholders_and_another_fingerprint() -> None:
    other = Masker(KEY[::-1])
    assert MASKER.placeholder("geheim") != other.placeholder("geheim")
    assert MASKER.fingerprint({"a": "b"}) != other.fingerprint({"a": "b"})
    assert KEY.decode() not in repr(MASKER)


def test_a_secret_is_masked_wherever_else_it_stands() -> None:
    documents = {
        "hostapd.conf": "wpa_passphrase=zomer-regen\n# once: zomer-regen\n",
        "network.sh": "#!/bin/sh\n# the key is zomer-regen\n",
    }
    masked = MASKER.mask_all(LINUX, documents)
    assert not any("zomer-regen" in text for text in masked.values())
    short = MASKER.mask_all(LINUX, {"frr.conf": "enable password end\nend\n"})
    assert short["frr.conf"].endswith("\nend\n"), "a short secret may be any word"


@given(st.dictionaries(st.text(), st.text()), st.dictionaries(st.text(), st.text()))
def test_fingerprints_are_equal_for_equal_documents_only(one: dict[str, str], other: dict[str, str]) -> None:
    assert (MASKER.fingerprint(one) == MASKER.fingerprint(other)) == (one == other)
    assert MASKER.fingerprint(one) == MASKER.fingerprint(dict(reversed(one.items())))


def test_octets_that_are_no_text_are_masked_and_fingerprinted() -> None:
    text = b"wpa_passphrase=\xff\xfe-geheim\n".decode("utf-8", "surrogateescape")
    assert "geheim" not in MASKER.mask(LINUX, "hostapd.conf", text)
    assert len(MASKER.fingerprint({"hostapd.conf": text})) == 64


@given(
    st.sampled_from(sorted(ROUTERS)), st.sampled_from([RUNNING, "hostapd.conf", "snmpd.conf", "frr.conf"]), st.text()
)
def test_what_is_masked_is_what_people_may_see(platform: str, name: str, text: str) -> None:
    """Placeholders stand where the platform's own mask puts `<secret>`."""
    spans = READERS[platform].secret_spans(name, text)
    parts, end = [], 0
    for first, last in spans:
        assert end <= first <= last
        parts += [text[end:first], "<secret>"]
        end = last
    assert "".join([*parts, text[end:]]) == ROUTERS[platform].mask(name, text)


def slowly(text: str) -> set[tuple[int, int]]:
    """Where secrets stand, by holding each line against each pattern."""
    found, at = set(), 0
    for pattern in (each for _, each in redaction._EVERYWHERE):
        found |= {match.span("secret") for match in pattern.finditer(text)}
    for line in text.split("\n"):
        spans = [match.span("secret") for each in redaction._KNOWN if (match := each.pattern.match(line))]
        if not spans and not redaction._HARMLESS.match(line) and (other := redaction._ANY_OTHER.search(line)):
            spans = [other.span("secret")]
        found |= {(at + first, at + last) for first, last in spans}
        at += len(line) + 1
    return found


ODD = st.sampled_from(["ſ", "K", "ı", "İ", "\r", "\t", "  ", "no ", "SECRET", "Key ", "ß", "ﬁ"])


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=30) | ODD).flatmap(lambda some: st.permutations(some)))
def test_to_look_at_few_lines_only_loses_no_secret(pieces: list[str]) -> None:
    for between in ("\n", ""):
        text = between.join(pieces).replace("s", "ſ", 1)
        assert set(redaction._found(text)) == slowly(text)
        assert set(redaction._found(text.upper())) == slowly(text.upper())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_to_look_at_few_lines_only_loses_no_secret_of_a_golden_case(path: Path) -> None:
    text = path.read_text("utf-8").replace("<secret>", "Zomer-Regen42")
    assert set(redaction._found(text)) == slowly(text)


SECRETS = ("wifi-key:canary", "authentication-canary", "privacy-canary")


@pytest.mark.parametrize("order", [each.stem for each in EVERY_ORDER if not each.stem.endswith("essential")])
def test_no_secret_of_a_rendered_line_is_left_in_any_disguise(order: str) -> None:
    secrets = LineSecrets(*map(Secret, SECRETS))
    made = cisco_config(order, secrets) if order in CISCO else config(example(order), secrets)
    for text in MASKER.mask_all(made.platform, revealed(made)).values():
        data = text.encode()
        for secret in SECRETS:
            assert not any(each in data for each in (*disguises(secret), quote(secret, safe="").encode()))
            assert base64.b32encode(secret.encode()).rstrip(b"=")[:-2] not in data


LOGINS = (
    ("username jan privilege 15 secret 9 {}", "! username jan: login not kept"),
    ("username jan view NOC password 7 {}", "! username jan: login not kept"),
    ("username jan algorithm-type scrypt secret {}", "! username jan: login not kept"),
    ("enable secret 9 {}", "! enable: login not kept"),
    ("enable algorithm-type scrypt secret {}", "! enable: login not kept"),
    ("enable password level 3 {}", "! enable: login not kept"),
    ("ap mgmtuser username ap password 0 {} secret 0 {}", "! ap mgmtuser username ap: login not kept"),
    ("line con 0\n password 7 {}", "line con 0\n ! login not kept"),
    ("line vty 0 4\n login\n password {}\n secret 9 {}", "line vty 0 4\n login\n ! login not kept\n"
     " ! login not kept"),
    ("parser view NOC\n secret 5 {}", "parser view NOC\n ! login not kept"),
)  # fmt: skip


@pytest.mark.parametrize(("written", "kept"), LOGINS)
def test_the_password_of_an_account_is_not_kept(written: str, kept: str) -> None:
    text = f"hostname r1\n!\n{written.replace('{}', 'Zomer-Regen42')}\n!\nend\n"
    documents = without_login_passwords(IOS, {RUNNING: text})
    assert documents == {RUNNING: f"hostname r1\n!\n{kept}\n!\nend\n"}
    assert without_login_passwords(IOS, documents) == documents
    assert not_understood(read_configuration(documents[RUNNING])) == ()
    masked = MASKER.mask(IOS, RUNNING, documents[RUNNING])
    assert masked == documents[RUNNING]


@pytest.mark.parametrize(
    "text",
    [
        "interface Dialer1\n ppp chap password 7 0822455D0A16\n",
        "ip ftp password 7 0822455D0A16\n",
        "username jan privilege 15\n",
        "service password-encryption\n",
        "banner motd ^C\nenable your password today\nthe username or password is wrong\n^C\n",
        "aaa authentication enable default enable\n",
        "wlan X 1 X\n security wpa psk set-key ascii 0 zomer-regen\n",
        "router bgp 1\n neighbor 192.0.2.1 password x\n",
        "crypto ikev2 keyring K\n peer P\n  pre-shared-key secret\n",
        "line vty 0 4\n login local\n!\ninterface Vlan1\n password x\n",
    ],
)
def test_other_secrets_stay_in_what_is_sealed(text: str) -> None:
    assert without_login_passwords(IOS, {RUNNING: text}) == {RUNNING: text}


def test_login_passwords_of_a_linux_router_are_not_kept() -> None:
    hashed = "$6$saltsalt$QoBhSxrQjHwOYqr5tJm2iN3s1b8ZfLpWvK0eUaXdG7cRyTn9I4gPkEu6MhV"
    documents = {
        "frr.conf": "password zomer\nenable password 8 regen\nrouter bgp 1\n neighbor 192.0.2.1 password peer\nend\n",
        "network.sh": f'usermod -p \'{hashed}\' jan\necho "$device" "$1" $2\n',
        "ont": "ont add 0 1 password-auth x",
    }
    kept = without_login_passwords(LINUX, documents)
    assert kept == {
        "frr.conf": "! login not kept\n! login not kept\nrouter bgp 1\n neighbor 192.0.2.1 password peer\nend\n",
        "network.sh": 'usermod -p \'*\' jan\necho "$device" "$1" $2\n',
        "ont": documents["ont"],
    }


@pytest.mark.parametrize("order", ["internet-pro-plus", "internet-pro-plus-cisco"])
def test_what_we_render_has_no_login_password(order: str) -> None:
    made = cisco_config(order) if order in CISCO else config(example(order))
    assert without_login_passwords(made.platform, revealed(made)) == revealed(made)


def test_an_unknown_platform_is_told() -> None:
    with pytest.raises(UnknownName):
        MASKER.mask("vax", RUNNING, "x")
    with pytest.raises(UnknownName):
        without_login_passwords("vax", {RUNNING: "x"})
