"""The subjects of checks in another language: they are written in English, by patterns that are known here."""

import re
from collections.abc import Callable

from provisioning.reports.visible import one_line
from provisioning.reports.words import Words, message

_PLACE = r"[0-9a-f:./]+"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.ASCII), msgid)
    for pattern, msgid in (
        (
            rf"(?P<ports>(?:tcp|udp)/[0-9-]+) of (?P<address>{_PLACE}) to (?P<target>{_PLACE})",
            message("%(ports)s of %(address)s to %(target)s"),
        ),
        (rf"(?P<ports>(?:tcp|udp)/[0-9-]+) of (?P<address>{_PLACE})", message("%(ports)s of %(address)s")),
        (rf"all 65535 TCP ports of (?P<address>{_PLACE})", message("all 65,535 TCP ports of %(address)s")),
        (rf"(?P<number>[0-9]+) TCP ports of (?P<address>{_PLACE})", message("%(number)s TCP ports of %(address)s")),
        (rf"(?P<block>{_PLACE}) by way of (?P<hop>{_PLACE})", message("%(block)s by way of %(hop)s")),
        (rf"tcp/23 of the fixed (?P<address>{_PLACE})", message("tcp/23 of the fixed address %(address)s")),
        (
            rf"tcp/23 of the management address (?P<address>{_PLACE})",
            message("tcp/23 of the management address %(address)s"),
        ),
        (rf"tcp/23 of the IP Pack (?P<block>{_PLACE})", message("tcp/23 of the IP Pack %(block)s")),
        (rf"tcp/23 of the link (?P<block>{_PLACE})", message("tcp/23 of the first network %(block)s")),
        (rf"tcp/23 of the routed (?P<block>{_PLACE})", message("tcp/23 of the routed block %(block)s")),
        (r"tcp/23 of the router on its bearers", message("tcp/23 of the router on its connections")),
        (rf"(?P<lan>{_PLACE}) as the address of the line", message("%(lan)s as the address of the line")),
        (rf"(?P<lan>{_PLACE}) as (?P<address>{_PLACE})", message("%(lan)s as %(address)s")),
        (rf"(?P<first>{_PLACE}) to (?P<last>{_PLACE})", message("%(first)s to %(last)s")),
        (rf"by (?P<address>{_PLACE})", message("by %(address)s")),
        (rf"out to the internet from (?P<address>{_PLACE})", message("out to the internet from %(address)s")),
        (r"no speed is stated", message("no speed is stated")),
        (rf"(?P<number>[0-9]+) bytes to (?P<address>{_PLACE})", message("%(number)s bytes to %(address)s")),
        (r"(?P<ont>[0-9A-Z]{12}) on (?P<place>[^ ]+ [0-9/]+)", message("%(ont)s on %(place)s")),
        (rf"SNMPv3 at (?P<address>{_PLACE})", message("SNMPv3 at %(address)s")),
    )
)


_SAME = re.compile(rf"{_PLACE}|[0-9A-Z]+|IPv[46]|[0-9.]+/[0-9.]+ Mbit/s", re.ASCII)


def subject(words: Words, written: str) -> str:
    """Return the subject of a check in the language; as it was written where its pattern is not known."""
    return ", ".join(_part(words, part) for part in written.split(", "))


def _part(words: Words, written: str) -> str:
    said: Callable[..., str] = words.text
    for pattern, msgid in _PATTERNS:
        match = pattern.fullmatch(written)
        if match is not None:
            return said(msgid, **match.groupdict())
    return one_line(written)


def is_known(written: str) -> bool:
    """Return whether the subject follows patterns that are known here, or is the same in every language."""
    return all(
        _SAME.fullmatch(part) or any(pattern.fullmatch(part) for pattern, _ in _PATTERNS)
        for part in written.split(", ")
    )
