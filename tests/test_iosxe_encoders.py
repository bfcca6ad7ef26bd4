"""No string of a customer's breaks a line of a Cisco configuration or means something else in it."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import example as also
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_renderings import RICHEST, SECRETS, running_config
from renderings import example, with_wifi
from worlds import soaked

from provisioning.errors import CannotEncode
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.secret import Secret
from provisioning.platforms.cisco_iosxe import encoders

HOSTILE = (
    *("\n", "\r\n", "\0", "\t", "\x1b[2J", "\x03", "\x15", "\x1a", "\u2028", "\udcff", "é", "网络", "🛜"),
    *("  two  spaces  ", " leading", "trailing ", "!", "! comment", "a!b", "?", "a ?", '"', "'", '"quoted"', '\\"'),
    *("|", "| include x", "^C", "^", "`", "\\", ";", "#", "#leading", "--", "*", "~", "%n", "$(reload)", "&& reload"),
    *(
        "{{ x }}",
        "{% x %}",
        "x\nend\nreload",
        "x\n no shutdown\nusername evil privilege 15",
        "banner motd ^C",
        "<secret>",
    ),
)
"""What ends a line, asks for help, begins a comment or a quoted word, filters output, or is no character of IOS."""

texts = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), max_size=8).map("".join)
printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
ssids = st.one_of(st.sampled_from(HOSTILE), texts, st.text(printable, min_size=1, max_size=33))
keys = st.one_of(
    texts.map(lambda text: text[:70]),
    st.text(printable, min_size=7, max_size=65),
    st.text("0123456789abcdefABCDEF", min_size=63, max_size=65),
)
modes = st.sampled_from(["wpa2", "wpa2-wpa3", "wpa3"])
USUAL = running_config(with_wifi(example(RICHEST), "usual", 36)).splitlines()


def written(ssid: str, key: str, security: str) -> list[str]:
    secrets = LineSecrets(Secret(key), SECRETS.snmp_authentication, SECRETS.snmp_privacy)
    return running_config(with_wifi(example(RICHEST), ssid, 36, security), secrets).split("\n")


def read_word(rest: str) -> str:
    """What IOS reads at the end of a command: one word, in quotation marks where it holds spaces."""
    if rest.startswith('"'):
        word, mark, after = rest[1:].partition('"')
        assert mark and not after
        return word
    assert " " not in rest
    return rest


@settings(max_examples=soaked(60, 2000), deadline=None)
@given(ssids, keys, modes)
@also("!", "!comment!", "wpa2")
@also("two words", "0123456789abcdef" * 4, "wpa2")
def test_a_name_and_a_key_are_read_as_they_were_meant_or_refused(ssid: str, key: str, security: str) -> None:
    try:
        lines = written(ssid, key, security)
    except CannotEncode as refusal:
        assert refusal.remedy
        assert len(key) < 8 or key in str(refusal.remedy) or key not in str(refusal)
        return
    (network,) = (line for line in lines if line.startswith("wlan "))
    assert read_word(network.removeprefix("wlan PROVISO 1 ")) == ssid
    (secret,) = (line for line in lines if line.startswith(" security wpa psk"))
    form = "hex" if len(key) == 64 else "ascii"
    assert read_word(secret.removeprefix(f" security wpa psk set-key {form} 0 ")) == key
    touched = {network, secret}
    modes_of_security = {line for line in lines if line.startswith((" security", " no security"))}
    assert [line for line in lines if line not in touched | modes_of_security] == [
        line for line in [*USUAL, ""] if not line.startswith(("wlan ", " security", " no security"))
    ]


@pytest.mark.parametrize(
    "ssid", ["", " ", "x" * 33, "a?b", 'a"b', " a", "a ", "é", "网络", "tab\there", "a\nb", "\x7f"]
)
def test_a_name_that_ios_does_not_take_is_refused(ssid: str) -> None:
    with pytest.raises(CannotEncode, match="SSID"):
        encoders.ios_ssid(ssid)


@pytest.mark.parametrize("ssid", ["a", "!x", "a!b", "x" * 32, "two words", "#1", "it's", "\\", "$HOME", "|"])
def test_what_ios_takes_is_not_refused(ssid: str) -> None:
    assert read_word(encoders.ios_ssid(ssid)) == ssid


@pytest.mark.parametrize(
    "key", ["", "seven77", "x" * 65, "with spaces", "question?", 'quote"quote', "é" * 10, "a\nbcdefgh"]
)
def test_a_key_that_ios_does_not_take_is_refused_without_showing_it(key: str) -> None:
    for encode in (encoders.ios_wifi_key, encoders.ios_snmp_key):
        with pytest.raises(CannotEncode) as caught:
            encode(key)
        assert not key or key not in str(caught.value)


@pytest.mark.parametrize("security", ["wpa2-wpa3", "wpa3"])
def test_64_digits_are_a_key_of_wpa2_only(security: str) -> None:
    assert any("set-key hex 0 " in line for line in written("n", "0123456789abcdef" * 4, "wpa2"))
    with pytest.raises(CannotEncode, match="WPA3"):
        written("n", "0123456789abcdef" * 4, security)


@settings(max_examples=soaked(100, 2000), deadline=None)
@given(texts)
def test_a_text_is_one_line_of_harmless_ascii(text: str) -> None:
    shown = str(encoders.ios_text(text))
    assert shown.isascii() and (shown.isprintable() or not shown)
    assert not set(shown) & set("\"'\\`;#!|${}<>*?&[]^")
    assert shown == shown.strip() and "  " not in shown
    assert len(shown) <= encoders.TEXT_OCTETS


@settings(max_examples=soaked(100, 2000), deadline=None)
@given(texts)
def test_a_host_name_is_letters_digits_and_dashes(text: str) -> None:
    try:
        name = str(encoders.ios_hostname(text))
    except CannotEncode:
        assert not any(each.isascii() and each.isalnum() for each in text[: encoders.HOSTNAME_OCTETS])
        return
    assert name.replace("-", "").isalnum() and name.isascii()
    assert len(name) <= encoders.HOSTNAME_OCTETS


@pytest.mark.parametrize("word", ["", "two words", "x\ny", "x;y", "$x", "é", '"x"', "x,y", "#x", "!x", "x?", "x|y"])
def test_a_word_is_plain(word: str) -> None:
    with pytest.raises(CannotEncode):
        encoders.ios_word(word)


def test_the_community_of_an_operator_is_one() -> None:
    assert encoders.ios_community("64500:50") == "64500:50"
    with pytest.raises(CannotEncode):
        encoders.ios_community("64500:50 additive")


@pytest.mark.parametrize(("interval", "multiplier"), [(10, 3), (49, 3), (10_000, 3), (300, 2), (300, 51)])
def test_bfd_that_the_router_does_not_do_is_refused(interval: int, multiplier: int) -> None:
    assert encoders.ios_bfd(300, 3) == "interval 300 min_rx 300 multiplier 3"
    with pytest.raises(CannotEncode, match="BFD"):
        encoders.ios_bfd(interval, multiplier)


def test_ipv6_is_in_capitals_as_ios_shows_it() -> None:
    assert encoders.ios_ipv6(IPv6Address("2001:db8::a")) == "2001:DB8::A"
    assert encoders.ios_ipv6(IPv6Network("3fff:0:2::/48")) == "3FFF:0:2::/48"


@pytest.mark.parametrize(
    ("network", "shown"),
    [
        ("10.0.0.0/8", "10.0.0.0"),
        ("172.16.0.0/16", "172.16.0.0"),
        ("198.51.100.0/24", "198.51.100.0"),
        ("198.51.100.0/29", "198.51.100.0 mask 255.255.255.248"),
        ("10.255.0.0/32", "10.255.0.0 mask 255.255.255.255"),
        ("172.16.0.0/24", "172.16.0.0 mask 255.255.255.0"),
    ],
)
def test_bgp_shows_no_mask_that_a_class_gives(network: str, shown: str) -> None:
    assert encoders.ios_bgp_network(IPv4Network(network)) == shown
