"""No string of a customer's breaks a line of a document or means something else in it: the daemons say so."""

import json
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import example as also
from hypothesis import strategies as st
from renderings import ALONE, SECRETS, config, example, hostapd_reads, need, operator, run, with_wifi
from worlds import soaked

from provisioning.errors import CannotEncode
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.secret import Secret
from provisioning.platforms.linux_cpe import encoders
from provisioning.platforms.linux_cpe.customer_settings import read_customer_settings

HOSTILE = (
    *(
        "\n",
        "\r\n",
        "\0",
        "\t",
        "\x1b[2J",
        "\u2028",
        "\udcff",
        "é",
        "网络",
        "🛜",
        "  two  spaces  ",
        " leading",
        "trailing ",
    ),
    *(
        '"',
        "'",
        "`",
        "\\",
        ";",
        "#",
        "# x",
        "#leading",
        "!",
        "|",
        "--",
        "*",
        "~",
        "%n",
        "$(reboot)",
        "${IFS}",
        "&& reboot",
    ),
    *("{{ x }}", "{% x %}", 'P"x"', '"quoted"', "a\nwpa=0", "x\nexit\nrouter bgp 1", "}\ntable inet x {", "<script>"),
)

texts = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), max_size=8).map("".join)


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _sayable(text: str) -> bool:
    try:
        return 1 <= len(_octets(text)) <= 32
    except UnicodeEncodeError:  # a surrogate that stands for no octet
        return False


ssids = st.one_of(
    st.binary(min_size=1, max_size=32).map(lambda octets: octets.decode("utf-8", "surrogateescape")),
    st.binary(min_size=32, max_size=32).map(lambda octets: octets.decode("utf-8", "surrogateescape")),
    st.sampled_from(HOSTILE),
    texts,
).filter(_sayable)
printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
passphrases = st.one_of(
    st.text(printable, min_size=8, max_size=63),
    st.lists(
        st.sampled_from(['"', "\\", "|id=x", "#", "$(x)", "{{", "%}", " ", "'", "sae_password="]),
        min_size=8,
        max_size=20,
    )
    .map("".join)
    .map(lambda text: text[:63]),
)
raw_keys = st.text("0123456789abcdefABCDEF", min_size=64, max_size=64)
keys = st.one_of(passphrases, raw_keys)
modes = st.sampled_from(["wpa2", "wpa2-wpa3", "wpa3"])
channels = st.sampled_from([None, 1, 13, 36, 64, 140])


def hostapd_conf(ssid: str, key: str, security: str, channel: int | None = 1) -> str:
    secrets = LineSecrets(Secret(key), SECRETS.snmp_authentication, SECRETS.snmp_privacy)
    line = with_wifi(example("internet-pro-plus"), ssid, channel, security)
    return config(line, secrets)["hostapd.conf"].reveal()


@settings(max_examples=soaked(60, 2000), deadline=None)
@given(ssids, keys, modes, channels)
@also('"', "|id=x|mac=1", "wpa3", None)
@also("\\x41", "        ", "wpa2", 13)
def test_what_we_render_is_read_back(ssid: str, key: str, security: str, channel: int | None) -> None:
    if len(key) < 8:
        key = key.ljust(8)
    back = read_customer_settings({"hostapd.conf": hostapd_conf(ssid, key, security, channel)})
    assert back is not None
    assert (back.ssid, back.channel, back.key.reveal()) == (ssid, channel, key)


@settings(max_examples=soaked(3, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(networks=st.lists(st.tuples(ssids, passphrases), min_size=12, max_size=12))
def test_hostapd_reads_the_name_and_key_that_were_meant(
    networks: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("hostapd")
    complaints, octets = hostapd_reads([hostapd_conf(ssid, key, "wpa2") for ssid, key in networks], folder)
    assert complaints == []
    for ssid, key in networks:
        assert _octets(ssid) in octets
        assert _octets(key) in octets


def test_hostapd_takes_raw_keys_in_every_mode(tmp_path: Path) -> None:
    written = [hostapd_conf("n", "0123456789abcdef" * 4, security) for security in ("wpa2", "wpa2-wpa3", "wpa3")]
    complaints, _ = hostapd_reads(written, tmp_path)
    assert complaints == []
    assert ["wpa_psk=" in each for each in written] == [True, True, False]
    assert ["sae_password=" in each for each in written] == [False, True, True]


@pytest.mark.parametrize(
    "key", ["", "seven77", "x" * 64, "é" * 10, "line\nbreak", "x" * 65, "tab\ttab\ttab", "NUL\0NUL\0"]
)
def test_a_key_that_the_standard_does_not_allow_is_refused(key: str) -> None:
    with pytest.raises(CannotEncode) as caught:
        encoders.hostapd_key(key)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("ssid", ["", "é" * 17, "x" * 33])
def test_an_ssid_has_1_to_32_octets(ssid: str) -> None:
    with pytest.raises(CannotEncode):
        encoders.hostapd_hex(ssid)


@settings(max_examples=soaked(3, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(labels=st.lists(texts, min_size=30, max_size=30))
def test_nft_reads_one_comment_and_nothing_else(labels: list[str]) -> None:
    need("nft", "unshare")
    labels = [*HOSTILE, *labels]
    written = [encoders.nft_string(each) for each in labels]
    chains = "".join(
        f"chain c{number} {{ accept comment {each}; }}\n" for number, each in enumerate(written) if each != '""'
    )
    script = "nft -f - && nft -j list ruleset"
    answer = run(*ALONE, "sh", "-c", script, text=f"table inet t {{\n{chains}}}\n")
    assert answer.returncode == 0, answer.stdout
    objects = json.loads(answer.stdout)["nftables"]
    read = {each["rule"]["chain"]: each["rule"].get("comment") for each in objects if "rule" in each}
    meant = {f"c{number}": each.strip('"') for number, each in enumerate(written) if each != '""'}
    assert read == meant
    assert sum("chain" in each for each in objects) == len(meant)


@settings(max_examples=soaked(3, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(labels=st.lists(texts, min_size=30, max_size=30))
def test_vtysh_reads_descriptions_and_comments_and_nothing_else(
    labels: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    need("vtysh")
    file = tmp_path_factory.mktemp("frr") / "frr.conf"
    lines = []
    for number, each in enumerate([*HOSTILE, *labels]):
        lines += [
            f"! {encoders.frr_text(each)}",
            f"interface i{number}",
            f" description x{encoders.frr_text(each)}",
            "exit",
            "!",
        ]
    assert all("\n" not in each and "\r" not in each for each in lines)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    answer = run("vtysh", "-C", "-f", str(file))
    assert (answer.returncode, answer.stdout) == (0, "")


@settings(max_examples=soaked(3, 50), deadline=None)
@given(words=st.lists(texts, min_size=30, max_size=30))
def test_a_shell_reads_the_words_that_were_meant(words: list[str]) -> None:
    meant, script = [], []
    for each in [*HOSTILE, *words]:
        try:
            written = encoders.shell_word(each)
            each.encode()
        except (CannotEncode, UnicodeEncodeError):
            continue
        meant.append(each)
        script.append(f"# {encoders.shell_comment(each)}\nprintf '%s\\n' {written}")
    answer = run("sh", "-s", text="\n".join(script) + "\n")
    assert answer.stdout.split("\n")[:-1] == meant


@settings(max_examples=soaked(3, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(labels=st.lists(texts, min_size=30, max_size=30))
def test_comments_of_plain_files_stay_comments(labels: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    need("dnsmasq", "sysctl")
    file = tmp_path_factory.mktemp("plain") / "file"
    lines = [f"# {encoders.plain_comment(each)}" for each in [*HOSTILE, *labels]]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert len(file.read_text("utf-8").splitlines()) == len(lines)
    assert run("dnsmasq", "--test", "-C", str(file)).returncode == 0
    answer = run("sysctl", "--dry-run", "-p", str(file))
    assert (answer.returncode, answer.stdout) == (0, "")


@pytest.mark.parametrize("word", ["", "two words", "x\ny", "x;y", "$x", "é", '"x"', "x,y", "#x"])
def test_a_plain_word_is_plain(word: str) -> None:
    with pytest.raises(CannotEncode):
        encoders.plain_word(word)


@settings(max_examples=soaked(100, 2000), deadline=None)
@given(texts)
def test_a_label_is_one_line_of_harmless_ascii(text: str) -> None:
    for encode in (
        encoders.plain_comment,
        encoders.shell_comment,
        encoders.hostapd_comment,
        encoders.snmpd_text,
        encoders.frr_text,
    ):
        written = str(encode(text))
        assert written.isascii() and (written.isprintable() or not written)
        assert not set(written) & set("\"'\\`;#!|${}<>*?&[]")


def test_the_label_of_nft_is_as_long_as_nft_takes() -> None:
    assert len(encoders.nft_string("é" * 500).strip('"')) <= encoders.NFT_COMMENT_OCTETS


@settings(max_examples=soaked(100, 1000), deadline=None)
@given(st.text(printable, min_size=8, max_size=40))
def test_a_token_of_snmpd_ends_where_it_should(text: str) -> None:
    written = str(encoders.snmpd_quoted(text))
    assert (written[0], written[-1]) == ('"', '"')
    read, inside = "", iter(written[1:-1])
    for character in inside:  # as copy_nword of net-snmp reads: a backslash keeps the next character, a quote ends
        assert character != '"'
        read += next(inside) if character == "\\" else character
    assert read == text


def test_networks_that_touch_are_one() -> None:
    four = [IPv4Network("192.0.2.0/25"), IPv4Network("192.0.2.128/25"), IPv4Network("192.0.2.7/32")]
    assert encoders.nft_networks(four) == "{ 192.0.2.0/24 }"
    assert encoders.nft_networks([IPv6Network("2001:db8::/57")]) == "{ 2001:db8::/57 }"


def test_the_community_of_an_operator_is_one() -> None:
    assert encoders.frr_community(operator().routing.hold_community) == "64500:50"
    with pytest.raises(CannotEncode):
        encoders.frr_community("64500:50 additive")
