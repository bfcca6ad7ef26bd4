"""The commands of a SmartAX as a grammar: what may follow what, and what the device says to a line that does not fit.

A pattern is written as the command references write it: words stand for themselves, `{name:KIND}` for a value, `[...]`
for what may be left out, `(...|...)` for a choice. Kinds are `U0-15` (a number), `S1-64` (text, in quotes where it has
spaces), `P2` or `P3` (frame/slot or frame/slot/port), `SN` (a serial number), `W:a|b` (one of these words).

Wording: public transcripts of MA5600T and MA5800 (`% Unknown command, the error locates at '^'` and its siblings; the
completion prompt `{ <cr>|ont-type<K> }:`). A word may be shortened as long as it stays unique.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

C = TypeVar("C")
"""A command, whatever it is to whoever reads lines."""

_TOKEN = re.compile(r'"[^"]*"?|[^\s"]+')
_PATTERN = re.compile(r"\{[^}]*\}|[\[\]()|]|[^\s\[\](){}|]+")
_HEX_SERIAL = re.compile(r"[0-9A-Fa-f]{16}")
_NAMED_SERIAL = re.compile(r"[A-Za-z0-9]{4}-?[0-9A-Fa-f]{8}")


class Wrong(StrEnum):
    """What a device says to a line that does not fit."""

    UNKNOWN = "% Unknown command, the error locates at '^'"
    PARAMETER = "% Parameter error, the error locates at '^'"
    INCOMPLETE = "% Incomplete command, the error locates at '^'"
    TOO_MANY = "% Too many parameters, the error locates at '^'"
    AMBIGUOUS = "% Ambiguous command, the error locates at '^'"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line.

    Attributes:
        text: without quotes.
        at: column where it begins, from 0.
        quoted: whether it stood in quotes; then it is never a keyword.
    """

    text: str
    at: int
    quoted: bool = False


def tokens_of(line: str) -> list[Token]:
    """Return the words of a line."""
    found = []
    for each in _TOKEN.finditer(line):
        text, quoted = each.group(), each.group().startswith('"')
        found.append(Token(text.strip('"') if quoted else text, each.start(), quoted))
    return found


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: a word, or a value of some kind.

    Attributes:
        word: the keyword; empty for a value.
        name: of the value.
        kind: of the value, as in the pattern.
        low: least number, or length of a text.
        high: greatest.
    """

    word: str = ""
    name: str = ""
    kind: str = ""
    low: int = 0
    high: int = 0
    words: tuple[str, ...] = ()

    def takes(self, token: Token) -> bool:
        """Return whether a word of a line can stand here; shortened keywords are looked at elsewhere."""
        text = token.text
        match self.kind:
            case "":
                return not token.quoted and text.lower() == self.word
            case "U":
                # Digits of other scripts are digits to Python.
                return text.isascii() and text.isdigit() and len(text) < 12 and self.low <= int(text) <= self.high
            case "S":
                return self.low <= len(text) <= self.high and text.isprintable()
            case "P":
                parts = text.split("/")
                return len(parts) == self.low and all(re.fullmatch("[0-9]{1,3}", each) for each in parts)
            case "SN":
                return bool(_HEX_SERIAL.fullmatch(text) or _NAMED_SERIAL.fullmatch(text))
            case _:
                return text.lower() in self.words

    def value(self, token: Token) -> str:
        """Return the value that a word stands for: numbers without leading zeros."""
        if self.kind == "U":
            return str(int(token.text))
        return "/".join(str(int(each)) for each in token.text.split("/")) if self.kind == "P" else token.text

    def shortened(self, token: Token) -> bool:
        """Return whether a word of a line begins this keyword."""
        return bool(self.word and token.text) and not token.quoted and self.word.startswith(token.text.lower())

    @property
    def shown(self) -> str:
        """What the completion prompt calls it."""
        match self.kind:
            case "":
                return f"{self.word}<K>"
            case "U":
                return f"{self.name}<U><{self.low},{self.high}>"
            case "S":
                return f"{self.name}<S><Length {self.low}-{self.high}>"
            case "P":
                return "frameid/slotid/portid<S><Length 1-15>" if self.low == 3 else "frameid/slotid<S><Length 1-15>"
            case "SN":
                return f"{self.name}<S><Length 12-16>"
            case _:
                return "|".join(f"{each}<K>" for each in self.words)


@dataclass(slots=True)
class _Net:
    """A pattern as states, with elements and empty steps between them; 0 is the start."""

    steps: list[list[tuple[Element, int]]] = field(default_factory=lambda: [[]])
    empty: list[list[int]] = field(default_factory=lambda: [[]])

    def state(self) -> int:
        self.steps.append([])
        self.empty.append([])
        return len(self.steps) - 1

    def closure(self, state: int) -> set[int]:
        found, todo = {state}, [state]
        while todo:
            for each in self.empty[todo.pop()]:
                if each not in found:
                    found.add(each)
                    todo.append(each)
        return found


def _element(written: str) -> Element:
    name, kind = written[1:-1].split(":", 1)
    if kind.startswith("W:"):
        return Element(name=name, kind="W", words=tuple(kind[2:].split("|")))
    if kind == "SN":
        return Element(name=name, kind="SN")
    low, _, high = kind[1:].partition("-")
    return Element(name=name, kind=kind[0], low=int(low), high=int(high or low))


class Pattern:
    """A command's pattern, read once."""

    def __init__(self, written: str) -> None:
        self.written = written
        self._net = _Net()
        self._parts = _PATTERN.findall(written)
        self._position = 0
        self._end = self._choice(0)

    def _choice(self, start: int) -> int:
        end = self._net.state()
        while True:
            self._net.empty[self._row(start)].append(end)
            if not self._next_is("|"):
                return end

    def _row(self, state: int) -> int:
        while self._position < len(self._parts) and self._parts[self._position] not in ("|", ")", "]"):
            part = self._parts[self._position]
            self._position += 1
            if part in ("(", "["):
                end = self._choice(state)
                self._position += 1
                if part == "[":
                    self._net.empty[state].append(end)
                state = end
            else:
                end = self._net.state()
                self._net.steps[state].append((_element(part) if part[0] == "{" else Element(word=part), end))
                state = end
        return state

    def _next_is(self, part: str) -> bool:
        if self._position < len(self._parts) and self._parts[self._position] == part:
            self._position += 1
            return True
        return False

    def first(self) -> frozenset[int]:
        """Return the states before the first word."""
        return frozenset(self._net.closure(0))

    def follow(self, states: frozenset[int], element: Element) -> frozenset[int]:
        """Return the states behind an element."""
        found: set[int] = set()
        for state in states:
            for each, target in self._net.steps[state]:
                if each == element:
                    found |= self._net.closure(target)
        return frozenset(found)

    def expected(self, states: frozenset[int]) -> list[Element]:
        """Return what may stand next."""
        return list(dict.fromkeys(each for state in sorted(states) for each, _ in self._net.steps[state]))

    def is_complete(self, states: frozenset[int]) -> bool:
        """Return whether the command may end here."""
        return self._end in states


@dataclass(frozen=True, slots=True)
class Reading(Generic[C]):
    """What a line was read as.

    Attributes:
        command: that fits, or None.
        values: by name, as written.
        full: the line with its keywords in full.
        wrong: what is wrong with it; None when it fits, or when only something is missing.
        at: column of the error.
        expected: what may stand next, for the completion prompt.
        ends: whether the command may end here.
    """

    command: C | None
    values: Mapping[str, str]
    full: str
    wrong: Wrong | None = None
    at: int = 0
    expected: tuple[str, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True)
class _Track(Generic[C]):
    command: C
    pattern: Pattern
    states: frozenset[int]
    values: Mapping[str, str]


def read(line: str, commands: Iterable[tuple[C, Pattern]]) -> Reading[C]:
    """Read a line; whatever it holds, something comes back.

    Args:
        line: as typed.
        commands: that there are in this mode, with their patterns.
    """
    tracks = [_Track(command, pattern, pattern.first(), {}) for command, pattern in commands]
    words: list[str] = []
    tokens = tokens_of(line)
    for token in tokens:
        following = _follow(tracks, token)
        if isinstance(following, Wrong):
            return Reading(None, {}, line, following, token.at)
        tracks, word = following
        words.append(word)
    full = " ".join(words)
    ended = [each for each in tracks if each.pattern.is_complete(each.states)]
    expected = _expected(tracks)
    if ended and tokens:
        return Reading(ended[0].command, ended[0].values, full, expected=expected, ends=True)
    return Reading(None, {}, full, None, len(line), expected)


def _follow(tracks: Sequence[_Track[C]], token: Token) -> tuple[list[_Track[C]], str] | Wrong:
    choices = [(track, element) for track in tracks for element in track.pattern.expected(track.states)]
    if not choices:
        return Wrong.TOO_MANY
    fitting = [(track, each) for track, each in choices if not each.kind and each.takes(token)]
    if not fitting:
        fitting = [(track, each) for track, each in choices if each.kind and each.takes(token)]
    if not fitting:
        fitting = [(track, each) for track, each in choices if each.shortened(token)]
        if len({each.word for _, each in fitting}) > 1:
            return Wrong.AMBIGUOUS
    if not fitting:
        return Wrong.PARAMETER if any(each.kind for _, each in choices) else Wrong.UNKNOWN
    shown = f'"{token.text}"' if token.quoted else token.text
    following = []
    for track, element in fitting:
        values = {**track.values, element.name: element.value(token)} if element.kind else track.values
        following.append(_Track(track.command, track.pattern, track.pattern.follow(track.states, element), values))
        if not element.kind:
            shown = element.word
    return following, shown


def _expected(tracks: Sequence[_Track[C]]) -> tuple[str, ...]:
    found = dict.fromkeys(each.shown for track in tracks for each in track.pattern.expected(track.states))
    ends = any(track.pattern.is_complete(track.states) for track in tracks)
    return (*(("<cr>",) if ends else ()), *found)
