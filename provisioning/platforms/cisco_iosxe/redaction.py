"""What of a router's configuration people may see.

Known commands are masked where their secret stands (Cisco IOS Security, SNMP, NTP, and BGP Command References). Any
other command with a word for a secret in it is masked from there to its end, so that a command that we do not know
hides too much and not too little.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.model.secret import REDACTED
from provisioning.platforms.spans import Span, folded, merged, replaced, shortest

# How a secret is written down: 0 as it is, 5, 8 and 9 hashed, 6 and 7 so that it can be had back.
_TYPE = r"(?:(?:encrypted|clear|plain|ascii|hex|[0-9])[ \t]+)*+"

_REST = r"(?P<secret>[^\s].*)$"
_WORD = r"(?P<secret>[^\s]+)"


@dataclass(frozen=True, slots=True)
class _Command:
    """A command with a secret in it.

    Attributes:
        hints: words of which each such line holds one, in lower case.
    """

    pattern: re.Pattern[str]
    hints: tuple[str, ...]


def _command(pattern: str, *hints: str) -> _Command:
    return _Command(re.compile(rf"[ \t]*(?:no[ \t]+)?{pattern}", re.IGNORECASE), hints)


_KNOWN = (
    _command(rf"username[ \t]+\S+.*?[ \t](?:password|secret)[ \t]+{_TYPE}{_REST}", "password", "secret"),
    _command(rf"enable[ \t]+(?:password|secret)[ \t]+(?:level[ \t]+\d+[ \t]+)?+{_TYPE}{_REST}", "password", "secret"),
    _command(rf"(?:password|secret)[ \t]+(?!encryption[ \t]){_TYPE}{_REST}", "password", "secret"),
    _command(rf"snmp-server[ \t]+community[ \t]+{_TYPE}{_WORD}", "community"),
    _command(rf"snmp(?:-server)?[ \t]+mib[ \t]+community-map[ \t]+{_WORD}", "community"),
    _command(
        r"snmp-server[ \t]+host[ \t]+\S+(?:[ \t]+vrf[ \t]+\S+)?+(?:[ \t]+(?:traps|informs))?+"
        rf"(?:[ \t]+version[ \t]+(?:1|2c|3(?:[ \t]+(?:auth|noauth|priv))?+))?+[ \t]+{_WORD}",
        "snmp-server",
    ),
    _command(
        rf"snmp-server[ \t]+user[ \t]+.*?[ \t]auth[ \t]+(?:md5|sha(?:-2[ \t]+\d+)?+)[ \t]+(?!priv(?:[ \t]|$)){_WORD}",
        "snmp-server",
    ),
    _command(
        r"snmp-server[ \t]+user[ \t]+.*[ \t]priv[ \t]+(?:des|3des|aes(?:[ \t]+(?:128|192|256)(?!\S))?+)[ \t]+"
        rf"(?!access[ \t]){_WORD}",
        "snmp-server",
    ),
    _command(rf"crypto[ \t]+isakmp[ \t]+key[ \t]+{_TYPE}{_WORD}", "key"),
    _command(rf"pre-shared-key[ \t]+(?:address|hostname|domain)[ \t].*?\bkey[ \t]+{_TYPE}{_REST}", "key"),
    _command(
        rf"pre-shared-key[ \t]+(?!address[ \t]|hostname[ \t]|domain[ \t])(?:(?:local|remote)[ \t]+)?+{_TYPE}{_REST}",
        "key",
    ),
    _command(rf"authentication[ \t]+(?:local|remote)[ \t]+pre-share[ \t]+key[ \t]+{_TYPE}{_REST}", "key"),
    _command(rf"ppp[ \t]+.*?password[ \t]+{_TYPE}{_REST}", "password"),
    _command(rf"key-string[ \t]+{_TYPE}{_REST}", "key"),
    _command(rf"key[ \t]+(?!chain[ \t]|\d+[ \t]*$|config-key[ \t]){_TYPE}{_REST}", "key"),
    _command(rf"key[ \t]+config-key[ \t]+\S+[ \t]+{_REST}", "key"),
    _command(rf"(?:tacacs|radius)(?:-server)?[ \t].*?\bkey[ \t]+{_TYPE}{_REST}", "key"),
    _command(rf"(?:client|server|server-private)[ \t].*?\b(?:server-)?key[ \t]+{_TYPE}{_REST}", "key"),
    _command(rf"(?:address|pac|auth-port|timeout)[ \t].*?\bkey[ \t]+{_TYPE}{_REST}", "key"),
    _command(rf"(?:ntp|sntp)[ \t]+authentication-key[ \t]+\d+[ \t]+\S+[ \t]+{_WORD}", "key"),
    _command(rf"neighbor[ \t]+\S+[ \t]+password[ \t]+{_TYPE}{_REST}", "password"),
    _command(rf".*?\bmessage-digest-key[ \t]+\d+[ \t]+\S+[ \t]+{_TYPE}{_WORD}", "key"),
    _command(
        rf"(?:standby|vrrp|glbp)[ \t].*?\bauthentication[ \t]+(?:(?:md5|text|key-string)[ \t]+)*+(?!key-chain[ \t])"
        rf"{_TYPE}{_WORD}",
        "authentication",
    ),
    _command(rf"ip[ \t]+nhrp[ \t]+authentication[ \t]+{_TYPE}{_REST}", "nhrp"),
    _command(
        r".*?\bipsec[ \t]+spi[ \t]+\d+[ \t]+(?:(?:esp|md5|sha1|null|des|3des|aes-cbc[ \t]+\d+)[ \t]+)*+"
        rf"{_TYPE}{_REST}",
        "ipsec",
    ),
    _command(rf"security[ \t]+wpa[ \t]+(?:akm[ \t]+)?psk[ \t]+set-key[ \t]+{_TYPE}{_REST}", "key"),
    _command(rf"wpa-psk[ \t]+{_TYPE}{_REST}", "psk"),
    _command(rf"(?:encryption[ \t].*?)?\bkey[ \t]+\d+[ \t]+(?:size[ \t]+\S+[ \t]+){_TYPE}{_REST}", "key"),
    _command(rf"cts[ \t].*?\bpassword[ \t]+{_TYPE}{_REST}", "password"),
    _command(rf"(?:cts[ \t]+)?sap[ \t]+pmk[ \t]+{_REST}", "pmk"),
    _command(rf"set[ \t]+session-key[ \t]+\S+[ \t]+(?:ah|esp)[ \t]+\d+[ \t]+(?:cipher[ \t]+)?+{_REST}", "key"),
)


# "security wpa akm psk sha256" and the like name a method; "password encryption aes" a way of keeping.
_HARMLESS = re.compile(
    r"[ \t]*(?:no[ \t]+)?(?:service[ \t]+password-\S+[ \t]*$|password[ \t]+encryption[ \t]"
    r"|security[ \t]+passwords[ \t]|security[ \t]+wpa[ \t]+akm[ \t]+(?:ft[ \t]+)?psk"
    r"|crypto[ \t]+(?:key|pki)[ \t]+(?!.*passw)"
    r"|aaa[ \t]+.*password-prompt)",
    re.IGNORECASE,
)

_ANY_OTHER = re.compile(
    r"(?:password|passwd|passphrase|secret|pre-shared-key|shared-key|private-key|authentication-key|session-key"
    r"|server-key|wep-key|key-string|api-key|community-string|credentials|idtoken|\bpmk|\bpsk)\b:?[ \t]+"
    rf"{_TYPE}(?P<secret>[^\s].*)$",
    re.IGNORECASE,
)

_OTHER_HINTS = (*("passw", "passphrase", "secret", "key", "community-string", "credentials", "idtoken", "pmk", "psk"),)
"""Of which each line that _ANY_OTHER fits holds one."""

_BY_HINT = {
    hint: tuple(each.pattern for each in _KNOWN if hint in each.hints)
    for hint in dict.fromkeys(hint for each in _KNOWN for hint in each.hints)
}

_HINTS = shortest((*_OTHER_HINTS, *_BY_HINT))
"""Of which each line with a secret holds one."""

MOST_REMEMBERED = 20_000
"""Lines without a secret, about 2 MB; routers of a fleet have most of theirs in common."""

_harmless: set[str] = set()
"""Lines in which no secret stands, whatever stands around them."""

# Each with what every text that it fits holds.
_EVERYWHERE = (
    (
        "PRIVATE KEY-----",
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<secret>.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
        ),
    ),
    ("://", re.compile(r"[a-z][a-z0-9+.-]{0,20}://[^\s/:@]{0,200}:(?P<secret>[^\s/@]+)@", re.IGNORECASE)),
)


def mask(name: str, text: str) -> str:
    """Return a document's text with `<secret>` in place of each secret.

    Args:
        name: of the document; commands are masked alike in all of them.
        text: as it stands on the device, or as it is sent.
    """
    return replaced(text, secret_spans(name, text), lambda _: REDACTED)


def secrets_in(name: str, text: str) -> tuple[str, ...]:
    """Return the secrets of a document, so that they can be looked for in what a router says."""
    found = (text[first:last].strip() for first, last in sorted(_found(text)))
    return tuple(dict.fromkeys(each for each in found if each and each != REDACTED))


def secret_spans(name: str, text: str) -> tuple[Span, ...]:
    """Return where the secrets of a document stand, in order, none within another.

    Args:
        name: of the document; commands are masked alike in all of them.
        text: as it stands on the device, or as it is sent.
    """
    return merged(_found(text))


def _found(text: str) -> Iterator[Span]:
    for hint, pattern in _EVERYWHERE:
        if hint in text:
            for match in pattern.finditer(text):
                yield match.span("secret")
    if len(_harmless) > MOST_REMEMBERED:
        _harmless.clear()
    start = 0
    for line in text.split("\n"):
        if line not in _harmless:
            spans = _in_line(line)
            if not spans:
                _harmless.add(line)
            for first, last in spans:
                yield start + first, start + last
        start += len(line) + 1


def _in_line(line: str) -> list[Span]:
    low = folded(line)
    if not any(hint in low for hint in _HINTS):
        return []
    known = [
        found.span("secret")
        for hint, patterns in _BY_HINT.items()
        if hint in low
        for pattern in patterns
        if (found := pattern.match(line))
    ]
    if known or not any(hint in low for hint in _OTHER_HINTS):
        return known
    other = _ANY_OTHER.search(line)
    return [other.span("secret")] if other and not _HARMLESS.match(line) else []
