"""The words of a configuration line, with the columns where they stand."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line.

    Attributes:
        text: as typed.
        at: column of its first character, from 0.
    """

    text: str
    at: int


def words_of(line: str) -> tuple[Word, ...]:
    """Return the words of a line."""
    return tuple(Word(each.group(), each.start()) for each in _WORD.finditer(line))
