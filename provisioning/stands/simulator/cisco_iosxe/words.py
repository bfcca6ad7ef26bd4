"""How a line of the command interpreter is read: abbreviations, and where a line does not fit.

Words may be shortened as long as one keyword begins so (Cisco IOS Configuration Fundamentals Configuration Guide,
"Using the Cisco IOS Command-Line Interface"). A line that does not fit is answered with a caret below the word, or as
incomplete or ambiguous.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")

_PIECE = re.compile(r"\[|\]|\(|\)|\||[^\s()\[\]|]+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A place for a word of the user's.

    Attributes:
        name: under which it is told to the command.
        kind: `word`, `number` with limits, or `line` for the rest of the line.
        least: of a number.
        most: of a number.
    """

    name: str
    kind: str
    least: int = 0
    most: int = 0

    def takes(self, word: str) -> bool:
        """Return whether a word may stand there."""
        if self.kind != "number":
            return True
        return word.isdecimal() and self.least <= int(word) <= self.most


Token = str | Parameter


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """One way to write a command.

    Attributes:
        tokens: what stands in it.
        command: what it is.
        level: the privilege that it needs.
    """

    tokens: tuple[Token, ...]
    command: T
    level: int = 1


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A line that was understood.

    Attributes:
        command: what it is.
        values: words of the user's, by name.
        words: all words, keywords in full.
    """

    command: T
    values: dict[str, str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misread:
    """A line that does not fit.

    Attributes:
        kind: "invalid", "incomplete", "ambiguous" or "unknown": no command at all begins so.
        column: of the word that does not fit.
    """

    kind: str
    column: int = 0


@lru_cache(maxsize=4096)
def forms_of(pattern: str) -> tuple[tuple[Token, ...], ...]:
    """Return the ways to write a pattern.

    Args:
        pattern: words; `{name}` for a word, `{name:1-120}` for a number, `{name...}` for the rest of the line;
            `[a b]` for what may be left out, `(a|b)` for one of several.
    """
    pieces = _PIECE.findall(pattern)
    found, rest = _sequence(pieces, 0)
    if rest != len(pieces):
        raise ValueError(f"no pattern: {pattern}")
    return tuple(found)


def _sequence(pieces: Sequence[str], at: int) -> tuple[list[tuple[Token, ...]], int]:
    every: list[tuple[Token, ...]] = []
    current: list[tuple[Token, ...]] = [()]
    while at < len(pieces) and pieces[at] not in ("]", ")"):
        piece = pieces[at]
        if piece == "|":
            every += current
            current, at = [()], at + 1
            continue
        if piece in ("[", "("):
            inner, at = _sequence(pieces, at + 1)
            if piece == "[":
                inner = [(), *inner]
        else:
            inner = [(_token(piece),)]
        current = [(*one, *other) for one in current for other in inner]
        at += 1
    return every + current, at


def _token(piece: str) -> Token:
    if not piece.startswith("{"):
        return piece
    name, _, limits = piece[1:-1].partition(":")
    if name.endswith("..."):
        return Parameter(name[:-3], "line")
    if not limits:
        return Parameter(name, "word")
    least, _, most = limits.partition("-")
    return Parameter(name, "number", int(least), int(most))


def read(line: str, forms: Sequence[Form[T]], level: int = 15) -> Read[T] | Misread:
    """Return what a line says.

    Args:
        forms: that may be written.
        level: privilege of who writes; what needs more is not there.
    """
    words = [(each.start(), each.group()) for each in _WORD.finditer(line)]
    open_forms = [each for each in forms if each.level <= level]
    full: list[str] = []
    for index, (column, word) in enumerate(words):
        if any(_takes_the_rest(each, index) for each in open_forms) and not _keyword_fits(open_forms, index, word):
            break
        step = _step(open_forms, index, word)
        if isinstance(step, str):
            column += _begun(word, _keywords(open_forms, index)) if step == "invalid" else 0
            return Misread("unknown" if step == "invalid" and index == 0 else step, column)
        open_forms, written = step
        full.append(written)
    return _ended(line, words, open_forms, full)


def _begun(word: str, keywords: Iterable[str]) -> int:
    """Return how many characters of a word some keyword begins with: the caret stands below the next one."""
    known = tuple(keywords)
    return max(length for length in range(len(word) + 1) if not length or _starts(known, word[:length].lower()))


def _starts(keywords: Iterable[str], word: str) -> bool:
    return any(each.startswith(word) for each in keywords)


def _ended(
    line: str, words: Sequence[tuple[int, str]], forms: Sequence[Form[T]], full: list[str]
) -> Read[T] | Misread:
    for each in forms:
        if len(full) < len(words):
            if _takes_the_rest(each, len(full)):
                rest = line[words[len(full)][0] :].rstrip()
                return Read(each.command, _values(each, [*full, rest]), (*full, rest))
        elif len(each.tokens) == len(words):
            return Read(each.command, _values(each, full), tuple(full))
    return Misread("incomplete")


def _takes_the_rest(form: Form[T], index: int) -> bool:
    token = form.tokens[index] if index < len(form.tokens) else None
    return isinstance(token, Parameter) and token.kind == "line"


def _keyword_fits(forms: Sequence[Form[T]], index: int, word: str) -> bool:
    return any(each.startswith(word.lower()) for each in _keywords(forms, index))


def _keywords(forms: Sequence[Form[T]], index: int) -> Iterator[str]:
    for each in forms:
        token = each.tokens[index] if index < len(each.tokens) else None
        if isinstance(token, str):
            yield token


def _step(forms: Sequence[Form[T]], index: int, word: str) -> tuple[list[Form[T]], str] | str:
    """Return the forms that a word fits in, and its full spelling; or what is wrong with it."""
    small = word.lower()
    found = set(_keywords(forms, index))
    matching = {small} if small in found else {each for each in found if each.startswith(small)}
    if len(matching) > 1:
        return "ambiguous"
    if matching:
        keyword = matching.pop()
        return [each for each in forms if each.tokens[index : index + 1] == (keyword,)], keyword
    fitting = [each for each in forms if _fits(each, index, word)]
    return (fitting, word) if fitting else "invalid"


def _fits(form: Form[T], index: int, word: str) -> bool:
    token = form.tokens[index] if index < len(form.tokens) else None
    return isinstance(token, Parameter) and token.takes(word)


def _values(form: Form[T], words: Sequence[str]) -> dict[str, str]:
    return {token.name: word for token, word in zip(form.tokens, words, strict=True) if isinstance(token, Parameter)}


def following(line: str, forms: Sequence[Form[T]], level: int = 15) -> list[str]:
    """Return what may come next in a line, for `?`."""
    words = line.split()
    begun = words.pop() if words and not line.endswith(" ") else ""
    open_forms = [each for each in forms if each.level <= level]
    for index, word in enumerate(words):
        step = _step(open_forms, index, word)
        if isinstance(step, str):
            return []
        open_forms = step[0]
    at = len(words)
    told: set[str] = set()
    for each in open_forms:
        if at == len(each.tokens):
            told.add("<cr>")
        elif at < len(each.tokens):
            token = each.tokens[at]
            told.add(token if isinstance(token, str) else _told(token))
    return sorted(each for each in told if each.startswith(begun.lower()) or (not begun))


def _told(parameter: Parameter) -> str:
    if parameter.kind == "number":
        return f"<{parameter.least}-{parameter.most}>"
    return "LINE" if parameter.kind == "line" else "WORD"


def complaint(misread: Misread, line: str, indent: int) -> str:
    """Return what the device says of a line that does not fit.

    Args:
        indent: columns to the left of the line: those of the prompt.
    """
    match misread.kind:
        case "ambiguous":
            return f'% Ambiguous command:  "{line.strip()}"\n'
        case "incomplete":
            return "% Incomplete command.\n\n"
        case _:
            return f"{' ' * (indent + misread.column)}^\n% Invalid input detected at '^' marker.\n\n"


def forms(rows: Sequence[tuple[str, Callable[..., object], int]]) -> tuple[Form[Callable[..., object]], ...]:
    """Return the forms of a table of commands: pattern, what carries it out, and the privilege that it needs."""
    return tuple(Form(tokens, do, level) for pattern, do, level in rows for tokens in forms_of(pattern))
