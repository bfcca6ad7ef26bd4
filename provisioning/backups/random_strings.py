"""Tells strings that look random, hashed or encoded from names and numbers."""

import re

SHORTEST_RANDOM = 16
"""Characters of a string that can look random; names and numbers of lists are shorter, or are made of words."""

SHORTEST_WHOLE = 24
"""Characters of one with punctuation in it, as passwords and addresses have."""

CHANGES = 0.22
"""Of the places in a string, at how many it changes between small letters, capitals and digits, but from a capital to
a small letter, as words begin: about 0.45 in random base64 and hexadecimal, hardly ever 0.2 in names."""

LONG, CHANGES_OF_LONG = 32, 0.15
"""Names of so many characters without punctuation are rare, and made of whole words."""

_CHANGE = re.compile(r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[0-9]|(?<=[0-9])[A-Za-z]")
_ALONE = re.compile(r"(?<=[A-Z])[a-z](?=[A-Z])")
_PIECE = re.compile(r"[A-Za-z0-9+/]{16,}")
_HEXADECIMAL = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_PAIRS = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){9,}[0-9A-Fa-f]{2}")
_NUMBERED_NAME = re.compile(r"[A-Z0-9-]+-[0-9a-f]{8}")

# crypt(5), and Cisco's types 5, 8, 9 and 14.
_HASH = re.compile(r"\$(?:[0-9]{1,2}[abxy]?|y|gy|apr1|sha1|md5|nt)\$[^\s$]{2,}")

_JSON_WEB_TOKEN = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+")


def looks_random(word: str) -> bool:
    """Return whether a word without blanks looks like a key, a hash, or an encoded secret.

    Args:
        word: as it stands in a text, punctuation included.
    """
    if len(word) < SHORTEST_RANDOM:
        return False
    if any(map(_random_piece, _PIECE.findall(word))):
        return True
    if word.count(":") + word.count("-") > 8 and _PAIRS.search(word):
        return True
    if ("$" in word and _HASH.search(word)) or ("eyJ" in word and _JSON_WEB_TOKEN.search(word)):
        return True
    if len(word) < SHORTEST_WHOLE or word.islower() or _NUMBERED_NAME.fullmatch(word):
        return False
    return _random_whole(word)


def _random_piece(written: str) -> bool:
    piece = written.replace("/", "").replace("+", "")
    if piece.isalpha():
        return len(_ALONE.findall(piece)) > 1
    if piece.isdecimal():
        return False
    return _HEXADECIMAL.fullmatch(piece) is not None or _changes_much(piece)


def _changes_much(text: str) -> bool:
    share = CHANGES if len(text) < LONG else CHANGES_OF_LONG
    return len(_CHANGE.findall(text)) >= share * len(text)


def _random_whole(word: str) -> bool:
    """Return whether a word with punctuation in it looks random."""
    kept = "".join(filter(str.isalnum, word))
    kinds = any(map(str.isdecimal, kept)) and any(map(str.isupper, kept)) and any(map(str.islower, kept))
    return kinds and len(kept) >= SHORTEST_RANDOM and _changes_much(kept)
