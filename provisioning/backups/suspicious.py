"""Looks for secrets that no rule of masking knew: a line that looks like one blocks its document's masked text.

Masking knows the commands that carry a secret. A router that somebody else configured, or a release to come, has
others. So what is left after masking is looked at again, the other way round: every word for a secret with a value
behind it, every string that looks random, hashed or encoded is suspicious, unless it is known to be public.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.platforms.backup_readers import is_public, reader_of
from provisioning.platforms.spans import Span, folded, lines_with


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A line that looks like a secret, and matched no rule.

    Attributes:
        document: its name.
        line: its number, from 1.
        word: what made it suspicious; never the value.
    """

    document: str
    line: int
    word: str

    def __str__(self) -> str:
        return f"{self.document}, line {self.line}: {self.word}"


_STEMS = (
    *("passw", "passphrase", "passcode", "passkey", "pwd", "secret", "key", "psk", "pmk", "token", "community"),
    *("credential", "shared", "wep", "pincode", "auth-string", "authentication string", "cookie"),
)

_NAMED = re.compile(
    rf"(?P<word>[\w.-]*(?:{'|'.join(_STEMS)})[\w.-]*)[\"'\])}}]*(?P<between>[ \t]*[:=]+[ \t]*|[ \t]+)(?P<value>\S.*)",
    re.IGNORECASE,
)
_SAID = re.compile(r"[ \t]*[:=]|[ \t]+is[ \t]", re.IGNORECASE)

_PLACEHOLDER = re.compile(r"<secret(?::[0-9a-f]{12})?>")
_MASKED = "\x1a"
"""Stands for a placeholder while a line is looked at."""

_HARMLESS_VALUE = re.compile(
    r"(?:\d{1,4}|\d+:\d+(?::\d+)?(?: additive)?|yes|no|on|off|true|false|enabled?|disabled?|none|default|required"
    r"|optional|auto|any|permit \d+|deny \d+|in|out|additive|prohibit-password)[;,]?[ \t\r]*",
    re.IGNORECASE,
)

# Marks of secrets that need no word beside them: what each text that they fit holds, what they are, and how they look.
_MARKS = (
    (
        "-----begin",
        "PEM",
        re.compile(r"-----BEGIN (?!(?:TRUSTED )?CERTIFICATE|(?:RSA )?PUBLIC KEY)[^-\n]*-----(?!\x1a)"),
    ),
    ("://", "an address with a password", re.compile(r"://[^\s/@]+:(?!\x1a)[^\s/@]+@")),
    ("$", "a hash", re.compile(r"\$(?:[0-9]{1,2}[abxy]?|y|gy|apr1|sha1|md5|nt)\$[^\s$]{2,}")),
    ("eyj", "a token", re.compile(r"\beyJ[\w-]{8,}\.[\w-]+")),
    (" -u ", "a user with a password", re.compile(r"\s-u\s+[^\s:]+:(?!\x1a)\S+")),
    (" 7 ", "an encrypted value", re.compile(r" 7 +[0-9]{2}[0-9A-F]{6,}[ \t\r]*$", re.IGNORECASE)),
    (
        "snmp-server user",
        "an SNMP key",
        re.compile(r".* (?:auth|priv) +(?!sha|md5|des|3des|aes)\S+ +(?!\x1a|access |priv )\S", re.IGNORECASE),
    ),
    (
        "createuser",
        "an SNMP key",
        re.compile(r"[ \t]*createuser[ \t].*[ \t](?!\x1a)\S+[ \t]+(?!\x1a)\S+", re.IGNORECASE),
    ),
)

SHORTEST_RANDOM = 16
"""Characters of a string that can look random; names and numbers of lists are shorter, or are made of words."""

SHORTEST_WHOLE = 24
"""Characters of one with punctuation in it, as passwords and addresses have."""

CHANGES = 0.3
"""Of the places in a string, at how many it changes between small letters, capitals and digits, but from a capital to
a small letter, as words begin: about 0.45 in random base64 and hexadecimal, hardly ever 0.2 in names."""

_CHANGE = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[0-9]|(?<=[0-9])[A-Za-z]")
_ALONE = re.compile(r"(?<=[A-Z])[a-z](?=[A-Z])")
_PIECE = re.compile(r"[A-Za-z0-9]{16,}")
_HEXADECIMAL = re.compile(r"(?:[0-9a-f]+|[0-9A-F]+)")
_PAIRS = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){9,}[0-9A-Fa-f]{2}")
_NUMBERED_NAME = re.compile(r"[A-Z0-9-]+-[0-9a-f]{8}")

_HINTS = (
    *(each for each in _STEMS if not any(other in each for other in _STEMS if other != each)),
    *(hint for hint, _, _ in _MARKS),
)
"""Of which each suspicious line without a random string holds one."""


def suspicious_lines(platform: str, name: str, masked_text: str) -> tuple[Suspicion, ...]:
    """Return the lines of a masked document that look like a secret and matched no rule.

    Args:
        platform: of the router.
        name: of the document.
        masked_text: as `Masker.mask` gives it; a text that is not masked gives its secrets as well.

    Raises:
        UnknownName: when there is no such platform.
    """
    is_for_people = reader_of(platform).is_for_people
    found = []
    for start, end in sorted({*lines_with(_HINTS, folded(masked_text)), *_random_lines(masked_text)}):
        line = _PLACEHOLDER.sub(_MASKED, masked_text[start:end])
        word = _looks_secret(line, for_people=is_for_people(line))
        if word and not is_public(platform, name, masked_text, (start, end)):
            found.append(Suspicion(name, masked_text.count("\n", 0, start) + 1, word))
    return tuple(found)


def _random_lines(text: str) -> Iterator[Span]:
    """Yield the lines with a string that looks random."""
    for word in {each for each in text.split() if len(each) >= SHORTEST_RANDOM}:
        if not _looks_random(word):
            continue
        at = text.find(word)
        while at >= 0:
            end = text.find("\n", at)
            end = end if end >= 0 else len(text)
            yield text.rfind("\n", 0, at) + 1, end
            at = text.find(word, end)


def _looks_secret(line: str, *, for_people: bool) -> str:
    """Return what makes a line suspicious; empty when nothing does."""
    low = line.lower()
    for hint, word, pattern in _MARKS:
        if hint in low and pattern.search(line):
            return word
    if any(_looks_random(each) for each in line.split() if len(each) >= SHORTEST_RANDOM):
        return "a random string"
    return _named(line, for_people=for_people)


def _named(line: str, *, for_people: bool) -> str:
    """Return the word for a secret that has a value behind it; empty when there is none."""
    at = 0
    while found := _NAMED.search(line, at):
        value = found["value"]
        said = not for_people or _SAID.match(line, found.end("word"))
        if said and not value.lstrip("\"'").startswith(_MASKED) and not _HARMLESS_VALUE.fullmatch(value):
            return _stem(found["word"])
        at = found.end("word")
    return ""


def _stem(word: str) -> str:
    """Return the part of a word that tells; the rest of it could be a secret itself."""
    low = word.lower()
    return next((each for each in _STEMS if each in low), "secret")


def _looks_random(word: str) -> bool:
    if any(map(_random_piece, _PIECE.findall(word))):
        return True
    if len(word) < SHORTEST_WHOLE or _NUMBERED_NAME.fullmatch(word):
        return False
    return _PAIRS.search(word) is not None or _random_whole(_PLACEHOLDER.sub("", word))


def _random_piece(piece: str) -> bool:
    if piece.isalpha():
        return len(_ALONE.findall(piece)) > 1
    if piece.isdecimal():
        return False
    return _HEXADECIMAL.fullmatch(piece) is not None or len(_CHANGE.findall(piece)) >= CHANGES * len(piece)


def _random_whole(word: str) -> bool:
    """Return whether a word with punctuation in it looks random."""
    kept = "".join(filter(str.isalnum, word))
    kinds = any(map(str.isdecimal, kept)) and any(map(str.isupper, kept)) and any(map(str.islower, kept))
    return kinds and len(kept) >= SHORTEST_RANDOM and len(_CHANGE.findall(kept)) >= CHANGES * len(kept)
