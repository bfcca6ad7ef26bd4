"""Writes values so that IOS-XE reads back what was meant, and nothing more.

A command ends at the line's end; words end at a space; spaces at either end of a line vanish and `!` at its beginning
makes a comment. `?` asks for help where a person types, and is a character like others in a file that is copied; as a
file may be pasted one day, it is written nowhere. `"` begins a quoted word (Configuration Fundamentals Configuration
Guide, "Using the Command-Line Interface"). What cannot be said is percent-encoded (RFC 3986, 2.1) where it only labels
something, and refused where it means something.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network
from urllib.parse import quote

from provisioning.errors import CannotEncode
from provisioning.platforms.template import Encoded

HOSTNAME_OCTETS = 63
"""A host name has at most 63 octets a label (RFC 1035, 2.3.4), which is IOS's own limit."""

TEXT_OCTETS = 200
"""Of a description, which may have 240 (Interface and Hardware Component Command Reference, `description`)."""

_LABEL_SAFE = " .:/@+,=()-_"
_HARMLESS = re.compile(rf"[A-Za-z0-9~{re.escape(_LABEL_SAFE)}]*", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9._:/-]+", re.ASCII)
_HELP_AND_QUOTES = re.compile(r"[?\"]")
_SSID = re.compile(r"[!-~](?:[ -~]{0,30}[!-~])?", re.ASCII)
_PASSPHRASE = re.compile(r"[!-~]{8,63}", re.ASCII)
_RAW_KEY = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
_SNMP_KEY = re.compile(r"[!-~]{8,64}", re.ASCII)


class Ios(Encoded):
    """Words of IOS-XE's configuration commands."""

    __slots__ = ()
    notation = "ios"


def ios_word(text: str) -> Ios:
    """Return one word of letters, digits, dots, dashes, underscores, colons and slashes; anything else is refused."""
    if not _WORD.fullmatch(text):
        raise CannotEncode("not a plain word", where="IOS-XE", remedy="Use letters, digits, dots and dashes.")
    return Ios(text)


def ios_hostname(text: str) -> Ios:
    """Return a name for `hostname`: letters, digits and dashes, the rest as dashes."""
    word = re.sub(r"[^A-Za-z0-9-]", "-", text)[:HOSTNAME_OCTETS].strip("-")
    if not word:
        raise CannotEncode("no name is left", where="IOS-XE", remedy="Give it a name with letters or digits.")
    return Ios(word)


def ios_text(text: str) -> Ios:
    """Return the rest of a line, as for `description`: harmless ASCII, single spaces, none at its ends."""
    if not _HARMLESS.fullmatch(text):
        text = _percent_encoded(text)
    return Ios(" ".join(text[:TEXT_OCTETS].split()))


def _percent_encoded(text: str) -> str:
    result = ""
    for character in text:
        written = quote(character, safe=_LABEL_SAFE, errors="surrogatepass")
        if len(result) + len(written) > TEXT_OCTETS:
            break
        result += written
    return result


def ios_community(text: str) -> Ios:
    """Return a community as `ip bgp-community new-format` shows it (RFC 1997)."""
    if not re.fullmatch(r"[0-9]{1,5}:[0-9]{1,5}", text, re.ASCII):
        raise CannotEncode("not a community", where="IOS-XE", remedy="Write it as 64496:50.")
    return Ios(text)


def ios_ipv6(value: IPv6Address | IPv6Network) -> Ios:
    """Return an IPv6 address or prefix in capitals, as IOS shows it."""
    return Ios(str(value).upper())


def ios_masked(network: IPv4Network) -> Ios:
    """Return a network with its mask, as `ip route` and `network` write it."""
    return Ios(f"{network.network_address} {network.netmask}")


def ios_bgp_network(network: IPv4Network) -> Ios:
    """Return a network as BGP's `network` shows it: without the mask that its class gives it (RFC 791, 3.2)."""
    first = network.network_address.packed[0]
    natural = 8 if first < 128 else 16 if first < 192 else 24
    if network.prefixlen == natural:
        return Ios(str(network.network_address))
    return Ios(f"{network.network_address} mask {network.netmask}")


def ios_bfd(interval_ms: int, multiplier: int) -> Ios:
    """Return BFD's timers for an interface (IP Routing: BFD Configuration Guide, `bfd interval`)."""
    if not 50 <= interval_ms <= 9999 or not 3 <= multiplier <= 50:
        raise CannotEncode(
            f"IOS-XE has no BFD every {interval_ms} ms that misses {multiplier} packets",
            where="operator.yaml, routing.bfd",
            remedy="interval_ms from 50 to 9999, multiplier from 3 to 50.",
        )
    return Ios(f"interval {interval_ms} min_rx {interval_ms} multiplier {multiplier}")


def ios_words(words: Iterable[object]) -> Ios:
    """Return several addresses behind each other."""
    return Ios(" ".join(str(ios_word(str(each))) for each in words))


def ios_ssid(ssid: str) -> Ios:
    """Return an SSID as `wlan PROFILE ID SSID` takes it: quoted where it holds a space.

    Source: Cisco Catalyst 9800 Series Wireless Controller Configuration Guide, IOS-XE 17.9, "WLANs".
    """
    if not _SSID.fullmatch(ssid) or _HELP_AND_QUOTES.search(ssid):
        raise CannotEncode(
            "this router takes no such SSID",
            where="wifi.ssid",
            remedy='1 to 32 printable ASCII characters, without ? and ", and no space at either end.',
        )
    return Ios(f'"{ssid}"' if " " in ssid else ssid)


def is_ios_wifi_key(key: str) -> bool:
    """Return whether the router takes a key: of those that the standard allows, what it does not change or cut."""
    if _RAW_KEY.fullmatch(key):
        return True
    return bool(_PASSPHRASE.fullmatch(key)) and not _HELP_AND_QUOTES.search(key)


def ios_wifi_key(key: str) -> Ios:
    """Return a Wi-Fi key as `security wpa psk set-key` takes it, the rest of the line."""
    if not is_ios_wifi_key(key):
        raise CannotEncode(
            "this router takes no such Wi-Fi key",
            where="wifi.key_from",
            remedy='8 to 63 printable ASCII characters without spaces, ? and ", or 64 hexadecimal digits.',
        )
    return Ios(key)


def ios_snmp_key(key: str) -> Ios:
    """Return a password of `snmp-server user`, one word (SNMP Configuration Guide, IOS-XE 17, "SNMP Version 3")."""
    if not _SNMP_KEY.fullmatch(key) or _HELP_AND_QUOTES.search(key):
        raise CannotEncode(
            "this router takes no such SNMP password",
            where="SNMP",
            remedy='8 to 64 printable ASCII characters, without spaces, ? and ".',
        )
    return Ios(key)
