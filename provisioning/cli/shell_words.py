"""Words as they stand on a shell's command line while they are completed."""

from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import SupportsIndex

_TYPED = "_TYPER_COMPLETE_ARGS"
"""Where Typer's scripts for zsh and fish put what is typed so far."""


def close_last_word(environment: MutableMapping[str, str]) -> None:
    """Close the quote of the word that is being completed: Typer takes a blank at the end for the begin of another.

    Args:
        environment: with what zsh and fish say of theirs.
    """
    typed = environment.get(_TYPED, "")
    if not typed.endswith(" "):
        return
    import shlex

    for end in ('""', '"', "'"):
        with suppress(ValueError):
            # What ends in a word of nothing has no open quote, and a blank that stands for itself.
            if shlex.split(typed + end)[-1]:
                environment[_TYPED] = typed + end
            return


class Fitting(str):
    """A word as a shell takes it, known to fit: Typer would compare its backslashes with what is meant."""

    __slots__ = ()

    def startswith(
        self, prefix: str | tuple[str, ...], start: SupportsIndex | None = None, end: SupportsIndex | None = None, /
    ) -> bool:
        """Return that it begins so."""
        return True


def is_quoted(environment: Mapping[str, str]) -> bool:
    """Return whether the word that bash asks for has an open quote before it.

    Args:
        environment: with what bash says of its command line.
    """
    typed, number = environment.get("COMP_WORDS", "").split("\n"), environment.get("COMP_CWORD", "")
    word = typed[int(number)] if number.isdecimal() and int(number) < len(typed) else ""
    return word.startswith(('"', "'"))
