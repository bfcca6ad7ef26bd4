"""Looks for secrets that no rule of masking knew: a line that looks like one blocks its document's masked text.

Masking knows the commands that carry a secret. A router that somebody else configured, or a release to come, has
others. So what is left after masking is looked at again, the other way round: every word for a secret with a value
behind it, every string that looks random, hashed or encoded is suspicious, unless it is known to be public.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from provisioning.backups.random_strings import SHORTEST_RANDOM, looks_random
from provisioning.platforms.backup_readers import is_public, reader_of
from provisioning.platforms.spans import MASKED, Span, folded, lines_with


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
    *(
        "passw",
        "passphrase",
        "passcode",
        "passkey",
        "pwd",
        "secret",
        "key",
        "psk",
        "pmk",
        "token",
        "community",
        "credential",
        "shared",
        "wep",
    ),
    *("auth-string", "cookie"),
    # What people write in remarks where the contract is sold, in Dutch, French and German; "passe" of "mot de passe".
    *("wachtwoord", "paswoord", "sleutel", "geheim", "passe", "mdp", "clé", "clef", "kennwort", "schlüssel"),
)
"""In words for secrets, whatever stands before and behind them in the word."""

_REST_OF_WORD = re.compile(r"[\w.-]*[\"'\])}]*")
# French has a blank before a colon, which does not break the line.
_VALUE = re.compile(
    r"(?:(?P<said>[ \t\u00a0\u202f]*[:=]+[ \t\u00a0]*|[ \t]+(?:is|est|ist)[ \t]+)|[ \t]*,[ \t]*|[ \t]+)"
    r"(?P<value>\S[^\n]{0,120})"
)

# What may stand between the word and the secret that was masked: how it is written down, of what, and for whom.
_MASKED_VALUE = re.compile(
    r"(?:(?:encrypted|clear|plain|cipher|ascii|ascii-text|hex|hexadecimal|md5|[hc]mac-\S+|sha\S*|level|local|remote"
    r"|address|hostname|domain|inbound|outbound|ah|esp|authenticator|key|password|secret|config-key|password-encrypt"
    r"|forever|\"\"|\d{1,10}|\d+\.\d+\.\d+\.\d+) +){0,6}"
    rf"[\"']?{MASKED}"
)

_PLACEHOLDER = re.compile(r"<secret(?::[0-9a-f]{12})?>")

_HARMLESS_VALUE = re.compile(
    r"(?:\d{1,4}|\d+:\d+(?::\d+)?(?: additive)?|yes|no|on|off|true|false|enabled?|disabled?|none|default|required"
    r"|optional|auto|any|permit \d+|deny \d+|in|out|additive|prohibit-password)[;,]?[ \t\r]*"
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """How a secret looks that needs no word for one beside it.

    Attributes:
        part: what each word holds of which one stands in such a line.
        hint: what each such line holds.
        name: what it is.
        pattern: of it, in a line in lower case.
    """

    part: str
    hint: str
    name: str
    pattern: re.Pattern[str]


_MARKS = (
    _Mark(
        *("-----begin", "-----begin", "PEM"),
        re.compile(rf"-----begin (?!(?:trusted )?certificate|(?:rsa )?public key)[^-]*-----(?!{MASKED})"),
    ),
    _Mark(*("://", "://", "an address with a password"), re.compile(rf"://[^\s/@]+:(?!{MASKED})[^\s/@]+@")),
    _Mark(*("-u", " -u ", "a user with a password"), re.compile(rf"\s-u\s+[^\s:]+:(?!{MASKED})\S+")),
    _Mark(*("\n7\n", " 7 ", "an encrypted value"), re.compile(r" 7 +[0-9]{2}[0-9a-f]{6,}[ \t\r]*$")),
    # Of users of SNMPv3, what is not said in the one way that is known may have a key anywhere.
    _Mark(
        *("snmp-server", "snmp-server user", "an SNMP key"),
        re.compile(
            r"snmp-server user "
            r"(?!\S+ \S+(?: remote \S+(?: udp-port \d+)?)?(?: v\d\w?)?(?: encrypted)?"
            rf"(?: auth (?:md5|sha|sha-2 \d+)(?: {MASKED})?)?"
            rf"(?: priv (?:(?:des|3des|aes \d+)(?: {MASKED})?|{MASKED}))?"
            r"(?: access(?: ipv6)? \S+)*[ \t\r]*$)"
        ),
    ),
    _Mark(
        *("createuser", "createuser", "an SNMP key"),
        re.compile(
            rf"createuser (?!(?:-e \S+ )?\S+(?: (?:md5|sha\S*) {MASKED})?(?: (?:des|aes\S*) {MASKED})?[ \t\r]*$)"
        ),
    ),
)


MOST_REMEMBERED = 20_000
"""Masked lines, about 2 MB; routers of a fleet have most of theirs in common."""

_harmless: set[str] = set()
"""Lines that are not worth a look, whatever stands around them."""


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
    text = _PLACEHOLDER.sub(MASKED, masked_text)
    worth = _worth_a_look(text)
    low = folded(text)
    found = []
    for start, end in _places(worth, text):
        if is_public(platform, name, low, (start, end)):
            continue
        for_people = is_for_people(name, low, (start, end))
        if word := _looks_secret(text[start:end], low[start:end], for_people=for_people):
            found.append(Suspicion(name, text.count("\n", 0, start) + 1, word))
    return tuple(found)


def _places(lines: Iterable[str], text: str) -> list[Span]:
    """Return where lines stand in a text, in order."""
    found = []
    closed = f"\n{text}\n"
    for line in lines:
        at = closed.find(f"\n{line}\n")
        while at >= 0:
            found.append((at, at + len(line)))
            at = closed.find(f"\n{line}\n", at + 1)
    return sorted(found)


def _worth_a_look(text: str) -> set[str]:
    """Return the lines that may be suspicious.

    The lines of routers repeat themselves: most were found harmless before. What is left is looked at together, which
    finds no line that it would not find alone but such as hold a word of another one, and those are looked at again.
    """
    new = set(text.split("\n")) - _harmless
    some = "\n".join(new)
    found = {some[start:end] for start, end in _with_hints(some)}
    if len(_harmless) > MOST_REMEMBERED:
        _harmless.clear()
    _harmless.update(new - found)
    return found


def _with_hints(text: str) -> Iterator[Span]:
    """Yield the lines that may be suspicious; the words of them are looked at once each."""
    words = set(text.split())
    joined = folded("\n".join(("", *words, "")))
    hints = [each for each in _STEMS if each in joined] + [each.hint for each in _MARKS if each.part in joined]
    hints += [folded(each) for each in words if len(each) >= SHORTEST_RANDOM and looks_random(each)]
    return lines_with(hints, folded(text))


def _looks_secret(line: str, low: str, *, for_people: bool) -> str:
    """Return what makes a line suspicious; empty when nothing does."""
    for mark in _MARKS:
        if mark.hint in low and mark.pattern.search(low):
            return mark.name
    if any(looks_random(each) for each in line.split() if len(each) >= SHORTEST_RANDOM):
        return "a random string"
    return next((stem for stem in _STEMS if stem in low and _has_value(low, stem, for_people=for_people)), "")


def _has_value(low: str, stem: str, *, for_people: bool) -> bool:
    """Return whether something stands behind a word for a secret that could be one."""
    at = low.find(stem)
    while at >= 0:
        rest = _REST_OF_WORD.match(low, at + len(stem))
        end = rest.end() if rest else at + len(stem)
        found = _VALUE.match(low, end)
        if (
            found
            and (found["said"] or not for_people)
            and not _MASKED_VALUE.match(found["value"])
            and not _HARMLESS_VALUE.fullmatch(found["value"])
        ):
            return True
        at = low.find(stem, end)
    return False
