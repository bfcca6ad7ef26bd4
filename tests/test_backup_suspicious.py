"""Redaction fails closed: every secret vanishes or its line is told, and what is harmless is left in peace."""

import base64
import re
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
from canaries import disguises
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_renderings import CISCO, cisco_config, idle_config
from renderings import EVERY_ORDER, config, example, revealed
from worlds import ROOT

from provisioning.backups.placeholders import Masker
from provisioning.backups.random_strings import looks_random
from provisioning.backups.suspicious import suspicious_lines
from provisioning.errors import UnknownName
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.secret import Secret

CASES = ROOT / "tests" / "cases"
MASKER = Masker(b"0123456789abcdef0123456789abcdef")
IOS, LINUX = "cisco_iosxe", "linux_cpe"

WORDS = ("Zomer-Regen42", "hunter2", "geheim", "0822455D0A16544541")
"""Made-up secrets that only the word beside them tells."""

CODED = (
    "$1$wtHI$0rN7R8PKwC30AsCGA77vy.",
    "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM",
    "$14$xGBX$4dGR1mYzDDqvRk$6P5mMhPDZ7gXoQ3WvK2sJ1yHcTfLbNeUaRi8V0d9BtE",
    "$6$rounds=5000$saltsalt$QoBhSxrQjHwOYqr5tJm2iN3s1b8ZfLpWvK0eUaXdG7cRyTn9I4gPkEu6MhV",
    "FLgBaJHXdYYIAcHZZMgQCRhTDJXHUBAAB",
    "0f47e1b2a9c83d5566778899aabbccdd",
    "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "0x8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca",
)
"""Made-up secrets whose form tells them."""


def lines_of(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if line]


def cases() -> list[tuple[str, str, str, str]]:
    """Platform, document, line, and which secrets may stand there."""
    found = []
    for kind in ("plain", "coded"):
        found += [(IOS, "running-config", line, kind) for line in lines_of(CASES / "secrets" / f"{IOS}-{kind}.txt")]
        for line in lines_of(CASES / "secrets" / f"{LINUX}-{kind}.txt"):
            document, _, text = line.partition(": ")
            found.append((LINUX, document, text, kind))
    return found


def told(platform: str, name: str, text: str) -> tuple[str, set[int]]:
    """The masked text, and the numbers of its suspicious lines."""
    masked = MASKER.mask(platform, name, text)
    return masked, {each.line for each in suspicious_lines(platform, name, masked)}


@pytest.mark.parametrize(("platform", "name", "line", "kind"), cases())
def test_a_secret_vanishes_or_is_told(platform: str, name: str, line: str, kind: str) -> None:
    for secret in (*WORDS, *CODED) if kind == "plain" else CODED:
        text = f"first line\n{line.replace('{}', secret, 1).replace('{}', secret[::-1])}\nlast line\n"
        masked, suspicious = told(platform, name, text)
        left = secret in masked or secret[::-1] in masked
        assert suspicious == ({2} if left else set()), secret


@pytest.mark.parametrize("begin", ["OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "RSA PRIVATE KEY", "SOMETHING NEW"])
def test_a_key_in_several_lines_vanishes_or_is_told(begin: str) -> None:
    body = [
        base64.b64encode(bytes((7 * each * each + 31 * row) % 256 for each in range(48))).decode() for row in range(3)
    ]
    text = "\n".join(["# a", f"-----BEGIN {begin}-----", *body, f"-----END {begin}-----", "# b", ""])
    masked, suspicious = told(LINUX, "network.sh", text)
    for number, line in enumerate(masked.split("\n"), 1):
        assert not any(each in line for each in body) or number in suspicious
    assert not suspicious & {1, 7}


def test_what_is_told_holds_no_value() -> None:
    for platform, name, line, _ in cases():
        text = line.replace("{}", "Zomer-Regen42")
        for each in suspicious_lines(platform, name, text):
            assert "Zomer" not in str(each)
            assert (each.document, each.line) == (name, 1)
            assert str(each) == f"{name}, line 1: {each.word}"


@pytest.mark.parametrize("order", [each.stem for each in EVERY_ORDER if not each.stem.endswith("essential")])
def test_nothing_that_we_render_is_suspicious_and_no_secret_is_left(order: str) -> None:
    platform, documents = rendered(order, PLAIN_KEYS)
    masked = MASKER.mask_all(platform, documents)
    for name, text in masked.items():
        assert suspicious_lines(platform, name, text) == ()
        for secret in SECRET_WORDS:
            data = text.encode()
            assert not any(each in data for each in (*disguises(secret), quote(secret, safe="").encode())), name


SECRET_WORDS = ("wifi-key:canary", "authentication-canary", "privacy-canary")
PLAIN_KEYS = LineSecrets(*map(Secret, SECRET_WORDS))


def rendered(order: str, secrets: LineSecrets) -> tuple[str, dict[str, str]]:
    made = cisco_config(order, secrets) if order in CISCO else config(example(order), secrets)
    return made.platform, revealed(made)


def test_nothing_of_a_router_that_serves_no_line_is_suspicious() -> None:
    for each in idle_config("FGL26000121").documents:
        assert told(IOS, each.name, each.reveal())[1] == set()


@pytest.mark.parametrize("path", sorted((CASES / "iosxe_corpus").glob("*.txt")), ids=lambda path: path.stem)
def test_nothing_in_the_fields_own_configurations_is_suspicious(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    masked = MASKER.mask(IOS, "running-config", text)
    assert [masked.split("\n")[each.line - 1] for each in suspicious_lines(IOS, "running-config", masked)] == []


def test_nothing_harmless_is_suspicious() -> None:
    text = (CASES / "harmless" / "cisco_iosxe.txt").read_text("utf-8")
    masked = MASKER.mask(IOS, "running-config", text)
    found = suspicious_lines(IOS, "running-config", masked)
    assert [(masked.split("\n")[each.line - 1], each.word) for each in found] == []


@pytest.mark.parametrize("line", lines_of(CASES / "harmless" / "linux_cpe.txt"))
def test_nothing_harmless_on_a_linux_router_is_suspicious(line: str) -> None:
    name, _, text = line.partition(": ")
    masked, suspicious = told(LINUX, name, f"{text}\n")
    assert suspicious == set(), masked


def test_what_stands_in_the_open_elsewhere_is_suspicious() -> None:
    """A key's digits are public in a certificate, and nowhere else."""
    body = "   AAAAB3NzaC1yc2EAAAADAQABAAABAQC7vbqajDhA0Z9qX1s8u2"
    chain = f"ip ssh pubkey-chain\n  username jan\n   key-string\n{body}\n"
    assert told(IOS, "running-config", chain)[1] == set()
    assert told(IOS, "running-config", f"interface Vlan1\n{body}\n")[1] == {2}


def test_an_ont_is_known_by_its_serial_and_its_password_is_a_secret() -> None:
    text = (
        'ont add 0 1 sn-auth "485754430000AA01" omci ont-lineprofile-name "L" desc "L-1"\n'
        'ont add 0 2 password-auth "0123456789" always-on\nont add 0 3 loid-auth "lijn-3" checkcode-auth "geheim" x\n'
    )
    masked, suspicious = told(LINUX, "ont", text)
    assert suspicious == set()
    assert "485754430000AA01" in masked
    assert not any(each in masked for each in ("0123456789", "lijn-3", "geheim"))


@given(st.binary(min_size=16, max_size=64))
def test_random_octets_look_random(octets: bytes) -> None:
    text = octets.hex()
    mixed = not text.isdecimal() and not text.isalpha()
    assert looks_random(text) or not mixed


@settings(max_examples=300)
@given(st.integers(0, 1 << 32))
def test_base64_looks_random(seed: int) -> None:
    assert looks_random(base64.b64encode(Random(seed).randbytes(32)).decode())


@pytest.mark.parametrize(
    "name",
    [
        *("GigabitEthernet0/0/0", "ClientAliveCountMax", "TP-self-signed-1193046071", "LAN-REMOTE-SHELL4-c95e5476"),
        *(
            "net.ipv4.conf.wwan0.accept_redirects",
            "/etc/ssh/authorized_keys/%u",
            "255.255.255.255",
            "1234567890123456",
        ),
        *("2001:DB8:1234:5678:90AB:CDEF:1234:5678/64", "LettergieterGastenZaal", "esp-sha256-hmac-and-more-of-it"),
        *("MOBILE-OUT4-a1b2c3d4", "FIXED-IN6-4bbcba33", "ip6-destination-unreachable", "KbdInteractiveAuthentication"),
    ],
)
def test_names_and_numbers_do_not_look_random(name: str) -> None:
    assert not looks_random(name)


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    for platform in (IOS, LINUX):
        found = suspicious_lines(platform, "frr.conf", text)
        assert all(1 <= each.line <= text.count("\n") + 1 for each in found)


def test_a_long_line_takes_no_long_time() -> None:
    text = "key " * 50_000 + "\n" + "password" * 20_000 + "\n" + "snmp-server user " * 5000 + "\n" + "-u :" * 20_000
    assert {each.line for each in suspicious_lines(IOS, "running-config", text)} <= {1, 2, 3, 4}


def test_an_unknown_platform_is_told() -> None:
    with pytest.raises(UnknownName, match=re.escape("'vax'")):
        suspicious_lines("vax", "running-config", "x")
