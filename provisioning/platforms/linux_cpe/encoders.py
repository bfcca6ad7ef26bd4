"""Writes values so that each daemon reads back what was meant, and nothing more.

Every notation here ends a statement at a line break, and most end one at `;`, `#` or `"` as well. What a notation
cannot say is percent-encoded (RFC 3986, 2.1) where it only labels something, and refused where it means something.
"""

import ipaddress
import re
import shlex
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import quote

from provisioning.errors import CannotEncode
from provisioning.model.port_range import PortRange
from provisioning.platforms.template import Encoded

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NFT_COMMENT_OCTETS = 127
"""`NFTNL_UDATA_COMMENT_MAXLEN` of libnftnl is 128, its NUL included."""

FRR_NAME_OCTETS = 63
"""A host name has at most 63 octets a label (RFC 1035, 2.3.4)."""

_LABEL_SAFE = " .:/@+,=()-_"
_HARMLESS = re.compile(rf"[A-Za-z0-9~{re.escape(_LABEL_SAFE)}]*", re.ASCII)
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_PASSPHRASE = re.compile(r"[ -~]{8,63}", re.ASCII)
_RAW_KEY = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)


class Frr(Encoded):
    """Words of FRR's command line."""

    __slots__ = ()
    notation = "frr"


class Nft(Encoded):
    """Expressions of nft."""

    __slots__ = ()
    notation = "nft"


class Dnsmasq(Encoded):
    """Values of dnsmasq's and dhcpcd's options, and of other files with `#` comments and plain words."""

    __slots__ = ()
    notation = "plain"


class Hostapd(Encoded):
    """Values of hostapd's options: everything up to the end of the line, without quotes."""

    __slots__ = ()
    notation = "hostapd"


class Snmpd(Encoded):
    """Tokens of net-snmp's files."""

    __slots__ = ()
    notation = "snmpd"


class Shell(Encoded):
    """Words of a POSIX shell."""

    __slots__ = ()
    notation = "shell"


def _label(text: str, most: int) -> str:
    """Return text in letters, digits and harmless punctuation; the rest percent-encoded, cut between characters."""
    if _HARMLESS.fullmatch(text):
        return text[:most]
    result = ""
    for character in text:
        written = quote(character, safe=_LABEL_SAFE, errors="surrogatepass")
        if len(result) + len(written) > most:
            break
        result += written
    return result


def frr_word(text: str) -> Frr:
    """Return one word, as for `hostname`: letters, digits, dots and dashes, the rest as dashes."""
    word = re.sub(r"[^A-Za-z0-9.-]", "-", text)[:FRR_NAME_OCTETS].strip("-.")
    if not word:
        raise CannotEncode("no name is left", where="FRR", remedy="Give it a name with letters or digits.")
    return Frr(word)


def frr_text(text: str) -> Frr:
    """Return the rest of a line, as for `description` (FRR manual, "Basic Commands"); spaces are single there."""
    return Frr(" ".join(_label(text, 200).split()))


def frr_community(text: str) -> Frr:
    """Return a community, `AS:number` (RFC 1997)."""
    if not re.fullmatch(r"[0-9]{1,5}:[0-9]{1,5}", text, re.ASCII):
        raise CannotEncode("not a community", where="FRR", remedy="Write it as 64496:50.")
    return Frr(text)


def nft_string(text: str) -> Nft:
    """Return a quoted string; nft knows no escape inside one (nft(8), "LEXICAL CONVENTIONS")."""
    return Nft(f'"{_label(text, NFT_COMMENT_OCTETS)}"')


def nft_name(text: str) -> Nft:
    """Return an identifier (nft(8), "LEXICAL CONVENTIONS"), without dashes and dots, which it would take as well."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", text, re.ASCII):
        raise CannotEncode("not an identifier", where="nft", remedy="Use lower-case letters, digits and _.")
    return Nft(text)


def nft_interfaces(names: Iterable[str]) -> Nft:
    """Return a set of interface names."""
    return Nft("{ " + ", ".join(nft_string(each) for each in names) + " }")


def nft_networks(networks: Iterable[Network | Address]) -> Nft:
    """Return a set of prefixes of one family, those that touch made one: nft refuses overlaps in a set."""
    parts = [ipaddress.ip_network(each) for each in networks]
    four = ipaddress.collapse_addresses(each for each in parts if isinstance(each, IPv4Network))
    six = ipaddress.collapse_addresses(each for each in parts if isinstance(each, IPv6Network))
    return Nft("{ " + ", ".join(map(str, (*four, *six))) + " }")


def nft_ports(ports: Iterable[PortRange]) -> Nft:
    """Return a set of port numbers and ranges; the caller has merged them and kept to one protocol."""
    written = (str(each.first) if each.first == each.last else f"{each.first}-{each.last}" for each in ports)
    return Nft("{ " + ", ".join(written) + " }")


def nft_set(elements: Iterable[str]) -> Nft:
    """Return a set of elements that the caller wrote from addresses and numbers: nothing else may stand in them."""
    written = list(elements)
    for each in written:
        if not re.fullmatch(r"[0-9a-f.:/ -]+", each, re.ASCII):
            raise CannotEncode("no element of addresses and numbers", where="nft", remedy="Write addresses and ports.")
    return Nft("{ " + ", ".join(written) + " }")


def plain_word(text: str) -> Dnsmasq:
    """Return a word of letters, digits, dots, dashes, underscores and colons; anything else is refused."""
    if not re.fullmatch(r"[A-Za-z0-9._:/-]+", text, re.ASCII):
        raise CannotEncode("not a plain word", where="value", remedy="Use letters, digits, dots and dashes.")
    return Dnsmasq(text)


def plain_comment(text: str) -> Dnsmasq:
    """Return the rest of a comment line."""
    return Dnsmasq(_label(text, 200))


def hostapd_hex(text: str) -> Hostapd:
    """Return octets in hexadecimal, which `ssid2` takes for any SSID (hostapd.conf, "ssid2").

    An SSID is octets, not text (IEEE 802.11-2020, 9.4.2.2); ours are UTF-8, and octets that came as surrogates stay.
    """
    octets = text.encode("utf-8", "surrogateescape")
    if not 1 <= len(octets) <= 32:
        raise CannotEncode("an SSID has 1 to 32 octets", where="wifi.ssid", remedy="Shorten it.")
    return Hostapd(octets.hex())


def is_wifi_key(text: str) -> bool:
    """Return whether the standard allows a key (IEEE 802.11-2020, J.4.1)."""
    return bool(_PASSPHRASE.fullmatch(text) or _RAW_KEY.fullmatch(text))


def hostapd_key(key: str) -> Hostapd:
    """Return a Wi-Fi key (IEEE 802.11-2020, J.4.1): hostapd takes it raw up to the end of the line."""
    if not is_wifi_key(key):
        raise CannotEncode(
            "the Wi-Fi key is not one that the standard allows",
            where="wifi.key_from",
            remedy="8 to 63 printable ASCII characters, or 64 hexadecimal digits.",
        )
    return Hostapd(key)


def hostapd_comment(text: str) -> Hostapd:
    """Return the rest of a comment line."""
    return Hostapd(_label(text, 200))


def snmpd_quoted(text: str) -> Snmpd:
    """Return a quoted token, in which a backslash keeps the next character (snmp_config(5), net-snmp's copy_nword)."""
    if _CONTROL.search(text):
        raise CannotEncode("a control character", where="snmpd.conf", remedy="Use printable text.")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return Snmpd(f'"{escaped}"')


def snmpd_text(text: str) -> Snmpd:
    """Return the rest of a line, as for `sysLocation`, and of a comment."""
    return Snmpd(_label(text, 200))


def shell_word(value: object) -> Shell:
    """Return one word that the shell takes as it is (POSIX.1-2017, Shell Command Language, 2.2.2)."""
    text = str(value)
    if _CONTROL.search(text):
        raise CannotEncode("a control character", where="shell", remedy="Use printable text.")
    return Shell(shlex.quote(text))


def shell_comment(text: str) -> Shell:
    """Return the rest of a comment line."""
    return Shell(_label(text, 200))
