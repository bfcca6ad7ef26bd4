"""Reads a file of allowed signers as far as `ssh-keygen` does not tell: whose names stand at a key, and for what.

The format is that of ssh-keygen(1), ALLOWED SIGNERS. It takes an entry without `namespaces=` for any purpose; here
such an entry has no role, so that a file which was written for Git lets nobody approve.
"""

import base64
import binascii
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import EnvironmentTrouble, UnreadableSignature, unreadable

MAXIMUM_BYTES = 1024 * 1024

_WORD = re.compile(r'(?:[^\s"]|"(?:[^"\\]|\\.)*")+')
_OPTION = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_KEY_TYPE = re.compile(r"(?:ssh-|sk-|ecdsa-)[\w@.-]+", re.ASCII)
_PATTERN = re.compile(r"[*?!]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the file.

    Attributes:
        line: from 1.
        text: the whole line.
        principals: names, and patterns of names.
        key: as SSH sends it; empty when it cannot be read.
        namespaces: what it may sign for; None where it does not say.
        authority: whether the key signs certificates of others.
    """

    line: int
    text: str
    principals: tuple[str, ...]
    key: bytes
    namespaces: str | None
    authority: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Its principals without patterns: those that name somebody."""
        return tuple(each for each in self.principals if not _PATTERN.search(each))


@dataclass(frozen=True, slots=True)
class AllowedSigners:
    """A file of allowed signers.

    Attributes:
        path: of the file.
        entries: those that can be read; `ssh-keygen` passes over the others as well.
        lines: how many lines it has.
    """

    path: Path
    entries: tuple[Entry, ...]
    lines: int

    def with_roles(self) -> str:
        """Return its text without the entries that have no role; every other entry stands in its line."""
        kept = {each.line: each.text for each in self.entries if each.namespaces is not None}
        return "\n".join(kept.get(number, "") for number in range(1, self.lines + 1)) + "\n"

    def names_of(self, key: bytes) -> tuple[str, ...]:
        """Return every principal that stands at a key, whatever for."""
        return tuple(dict.fromkeys(name for each in self.entries if each.key == key for name in each.principals))

    def has(self, key: bytes) -> bool:
        """Return whether a key stands in it."""
        return any(each.key == key for each in self.entries)


def read_allowed_signers(path: Path) -> AllowedSigners:
    """Return the allowed signers of a file.

    Raises:
        UnreadableSignature: when there is no such file, or it is no text.
        EnvironmentTrouble: when we may not read it, or anybody may write it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAXIMUM_BYTES + 1)
            mode = path.stat().st_mode
    except OSError as error:
        raise unreadable(error, UnreadableSignature, str(path)) from None
    if mode & stat.S_IWOTH:
        raise EnvironmentTrouble(
            "everybody may write this file, and so make himself somebody who may approve",
            where=str(path),
            remedy=f"`chmod o-w {path}`, and look who stands in it.",
        )
    try:
        if len(content) > MAXIMUM_BYTES or b"\0" in content:
            raise ValueError
        lines = content.decode("utf-8-sig").split("\n")
    except ValueError:
        raise UnreadableSignature(
            "this is no file of allowed signers: it is no UTF-8 text, or far too large",
            where=str(path),
            remedy="ssh-keygen(1) shows the format under ALLOWED SIGNERS.",
        ) from None
    entries = (_entry(number, text.rstrip("\r")) for number, text in enumerate(lines, 1))
    return AllowedSigners(path, tuple(each for each in entries if each is not None), len(lines))


def _entry(line: int, text: str) -> Entry | None:
    words = _WORD.findall(text)
    if len(words) < 3 or text.lstrip().startswith("#"):
        return None
    stated = not _KEY_TYPE.fullmatch(words[1])
    if stated and (len(words) < 4 or not _KEY_TYPE.fullmatch(words[2])):
        return None
    options = _options(words[1]) if stated else {}
    return Entry(
        line=line,
        text=text,
        principals=tuple(filter(None, _unquoted(words[0]).split(","))),
        key=_key(words[3] if stated else words[2]),
        namespaces=options.get("namespaces"),
        authority="cert-authority" in options,
    )


def _options(text: str) -> dict[str, str]:
    """Return options by their names, which are the same in capitals."""
    pairs = (each.partition("=") for each in _OPTION.findall(text))
    return {name.lower(): _unquoted(value) for name, _, value in pairs}


def _unquoted(text: str) -> str:
    return text[1:-1].replace('\\"', '"') if len(text) > 1 and text.startswith('"') and text.endswith('"') else text


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
