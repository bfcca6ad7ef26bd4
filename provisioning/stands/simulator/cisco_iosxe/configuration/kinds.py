"""Kinds of values in configuration commands: what a word may be, and how the device writes it back.

A kind is named in a pattern as `{name:KIND}`. It is given the words of a line and where it stands, and returns how
many words it took and their text as the device shows it, or None.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from provisioning.stands.simulator.cisco_iosxe.configuration.interface_names import interface_name
from provisioning.stands.simulator.cisco_iosxe.configuration.port_names import (
    PROTOCOLS,
    PROTOCOLS6,
    TCP_PORTS,
    UDP_PORTS,
)
from provisioning.stands.simulator.cisco_iosxe.configuration.words import Word

Taken = tuple[int, str] | None
"""How many words a value took, and its text as shown; None when it does not stand there."""
Kind = Callable[[str, Sequence[Word], int], Taken]
"""Takes a line, its words and the index of the word to look at."""
OneWord = Callable[[str], str | None]

_BOUNDS = re.compile(r"([A-Z0-9]*?[A-Z])(\d+)-(\d+)")
_MAC = re.compile(r"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}")
_LEAST_LABEL = re.compile(r"[A-Za-z0-9.]+")
SSH_KEYS = ("ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-ed25519")
"""Kinds of public keys that a user may have (Secure Shell Configuration Guide, SSH Algorithms: `publickey`)."""
FLAGS = ("ack", "fin", "psh", "rst", "syn", "urg")
"""Flags of TCP."""
MANY = 32
"""Values that stand behind each other, at most."""


def _number(low: int, high: int) -> OneWord:
    def take(text: str) -> str | None:
        fits = text.isascii() and text.isdigit() and len(text) <= 20 and low <= int(text) <= high
        return str(int(text)) if fits else None

    return take


def _length(low: int, high: int) -> OneWord:
    def take(text: str) -> str | None:
        return text if low <= len(text) <= high and text.isprintable() else None

    return take


def _ipv4(text: str) -> str | None:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        return None


def _mask(text: str) -> str | None:
    address = _ipv4(text)
    if address is None:
        return None
    inverted = ~int(ipaddress.IPv4Address(address)) & 0xFFFFFFFF
    return address if inverted & (inverted + 1) == 0 else None


def shown_ipv6(address: ipaddress.IPv6Address) -> str:
    """Return an IPv6 address as IOS-XE shows it: in capitals (IPv6 Command Reference, passim)."""
    return str(address).upper()


def _ipv6(text: str) -> str | None:
    try:
        return shown_ipv6(ipaddress.IPv6Address(text)) if "%" not in text else None
    except ValueError:
        return None


def _ipv6_with_length(text: str) -> str | None:
    address, slash, length = text.partition("/")
    shown, number = _ipv6(address), _number(0, 128)(length)
    return f"{shown}/{number}" if slash and shown is not None and number is not None else None


def _ipv6_prefix(text: str) -> str | None:
    if _ipv6_with_length(text) is None:
        return None
    network = ipaddress.IPv6Network(text, strict=False)
    return f"{shown_ipv6(network.network_address)}/{network.prefixlen}"


def _ipv4_prefix(text: str) -> str | None:
    address, slash, length = text.partition("/")
    if not slash or _ipv4(address) is None or _number(0, 32)(length) is None:
        return None
    return str(ipaddress.IPv4Network(text, strict=False))


def _named(names: Mapping[int, str], high: int, *, whole: bool = False) -> OneWord:
    known = set(names.values())

    def take(text: str) -> str | None:
        number = _number(0, high)(text)
        if number is not None:
            return names.get(int(number), number)
        if whole:
            return text.lower() if text.lower() in known else None
        # Names may be shortened like any keyword.
        begun = [each for each in known if each.startswith(text.lower()) and not each.isdigit()]
        return text.lower() if text.lower() in begun else begun[0] if len(begun) == 1 else None

    return take


def _as_number(text: str) -> str | None:
    high, dot, low = text.partition(".")
    if not dot:
        return _number(1, 4294967295)(text)
    if _number(0, 65535)(high) is None or _number(0, 65535)(low) is None:
        return None
    return str(int(high) * 65536 + int(low))


def community_number(text: str) -> int | None:
    """Return the number of a community written as `AS:NUMBER` or as a number."""
    high, colon, low = text.partition(":")
    if not colon:
        number = _number(1, 4294967295)(text)
        return None if number is None else int(number)
    if _number(0, 65535)(high) is None or _number(0, 65535)(low) is None:
        return None
    return int(high) * 65536 + int(low)


def _community(text: str) -> str | None:
    number = community_number(text)
    return None if number is None else f"{number >> 16}:{number & 0xFFFF}"


def _mac(text: str) -> str | None:
    return text.lower() if _MAC.fullmatch(text) else None


def _label(text: str) -> str | None:
    return text if _LEAST_LABEL.fullmatch(text) else None


def _time(text: str) -> str | None:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?", text)
    return text if match else None


def _hexadecimal(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9A-Fa-f]+", text) else None


def _action(text: str) -> str | None:
    return next((each for each in ("permit", "deny") if each.startswith(text.lower())), None)


def _flag(text: str) -> str | None:
    return text.lower() if text.lower()[1:] in FLAGS and text[0] in "+-" else None


def _transport(text: str) -> str | None:
    return next((each for each in ("tcp", "udp") if each.startswith(text.lower())), None)


def _slash(text: str) -> str | None:
    number = _number(0, 32)(text[1:])
    return f"/{number}" if text.startswith("/") and number is not None else None


def _offset(text: str) -> str | None:
    return text if re.fullmatch(r"-?\d{1,2}", text) and -23 <= int(text) <= 23 else None


def _ssh_key(text: str) -> str | None:
    return text.lower() if text.lower() in SSH_KEYS else None


_ONE_WORD: Mapping[str, OneWord] = {
    "IPV4": _ipv4,
    "MASK": _mask,
    "WILD": _ipv4,
    "CIDR": _ipv4_prefix,
    "IPV6": _ipv6,
    "HOST6": _ipv6_with_length,
    "PREFIX6": _ipv6_prefix,
    "TCP": _named(TCP_PORTS, 65535),
    "UDP": _named(UDP_PORTS, 65535),
    "PROTO": _named(PROTOCOLS, 255, whole=True),
    "PROTO6": _named(PROTOCOLS6, 255, whole=True),
    "ASN": _as_number,
    "COMMUNITY": _community,
    "ACTION": _action,
    "OFFSET": _offset,
    "SSHKEY": _ssh_key,
    "FLAG": _flag,
    "TCPUDP": _transport,
    "SLASH": _slash,
    "MAC": _mac,
    "LABEL": _label,
    "TIME": _time,
    "HEX": _hexadecimal,
    "WORD": _length(1, 254),
}


_WHOLE: Mapping[str, OneWord] = {
    "TCP+": _named(TCP_PORTS, 65535, whole=True),
    "UDP+": _named(UDP_PORTS, 65535, whole=True),
}


def _interface(line: str, words: Sequence[Word], index: int) -> Taken:
    """Take an interface: `GigabitEthernet0/0/0`, shortened, or in two words."""
    alone = interface_name(words[index].text)
    if alone is not None:
        return 1, alone
    if index + 1 < len(words) and words[index].text.isalpha():
        both = interface_name(words[index].text + words[index + 1].text)
        return None if both is None else (2, both)
    return None


def _rest(low: int, high: int) -> Kind:
    """Take the rest of the line as it stands, spaces within too."""

    def take(line: str, words: Sequence[Word], index: int) -> Taken:
        text = line[words[index].at :].rstrip()
        return (len(words) - index, text) if low <= len(text) <= high and text.isprintable() else None

    return take


def _quoted(line: str, words: Sequence[Word], index: int) -> Taken:
    """Take a word, or several in double quotes."""
    if not words[index].text.startswith('"'):
        return 1, words[index].text
    for last in range(index, len(words)):
        text = words[last].text
        if text.endswith('"') and (last > index or len(text) > 1):
            whole = line[words[index].at : words[last].at + len(text)]
            # The device keeps the quotes only where the text has a space.
            return last - index + 1, whole if " " in whole else whole[1:-1]
    return None


def _single(take: OneWord) -> Kind:
    def kind(line: str, words: Sequence[Word], index: int) -> Taken:
        text = take(words[index].text)
        return None if text is None else (1, text)

    return kind


def _several(one: Kind, more: Kind | None = None) -> Kind:
    """Take as many as there are; those behind the first by a kind of their own, if one is given."""

    def kind(line: str, words: Sequence[Word], index: int) -> Taken:
        texts: list[str] = []
        at = index
        while at < len(words) and len(texts) < MANY:
            taken = (more if more is not None and texts else one)(line, words, at)
            if taken is None:
                break
            at, texts = at + taken[0], [*texts, taken[1]]
        return (at - index, " ".join(texts)) if texts else None

    return kind


@cache
def kind_of(name: str) -> Kind:
    """Return the kind of a name.

    Args:
        name: as in a pattern: `U1-4094` (a number), `WORD1-32`, `LINE1-240`, `IPV4`, …; with `+` behind it one or
            more.

    Raises:
        ValueError: no such kind: a slip in the grammar.
    """
    if name in _WHOLE:
        # `eq 443 log` ends with a keyword, not with a shortened `login`.
        return _several(kind_of(name[:-1]), _single(_WHOLE[name]))
    if name.endswith("+"):
        return _several(kind_of(name[:-1]))
    if name == "IFACE":
        return _interface
    if name == "TEXT":
        return _quoted
    if name in _ONE_WORD:
        return _single(_ONE_WORD[name])
    bounds = _BOUNDS.fullmatch(name)
    if bounds is None:
        raise ValueError(f"no kind of value is called {name!r}")
    low, high = int(bounds[2]), int(bounds[3])
    match bounds[1]:
        case "U":
            return _single(_number(low, high))
        case "WORD":
            return _single(_length(low, high))
        case "LINE":
            return _rest(low, high)
        case _:
            raise ValueError(f"no kind of value is called {name!r}")
