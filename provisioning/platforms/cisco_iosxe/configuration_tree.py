"""Reads the text of a configuration into a tree, and loses no line of it.

Sections stand by indentation, one space a level (Cisco, "Configuration Fundamentals Configuration Guide, IOS XE",
"Using the Cisco IOS Command-Line Interface"). Three things do not: banners run to their delimiter, certificates and
public keys to `quit`, macros to `@`. What fits nowhere is kept where it stands, and `not_understood` names it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

DEEPEST = 12
"""Levels; IOS XE has five or so, and a text with more is none of its."""


class Kind(Enum):
    """What a line is."""

    COMMAND = auto()
    NOTE = auto()  # a comment, or a line of the listing that is no configuration
    BLANK = auto()
    EXIT = auto()  # closes the section before it
    END = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a configuration, with all that stands under it.

    Attributes:
        number: in the text, from 1.
        raw: as it stands there, without the newline.
        text: the command itself, neither indented nor followed by blanks.
        body: the lines of a banner, certificate, key or macro, as they stand there.
    """

    number: int
    raw: str
    text: str
    kind: Kind
    body: tuple[str, ...] = ()
    children: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line whose place or meaning is not known; it was kept."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfigurationTree:
    """A configuration, every line of it."""

    lines: tuple[Line, ...]
    strange: tuple[NotUnderstood, ...]

    def text(self) -> str:
        """Return the text that was read, octet for octet."""
        return "\n".join(_raw(self.lines))


@dataclass(slots=True)
class _Open:
    """A line that is still being read."""

    number: int
    raw: str
    text: str
    kind: Kind
    indent: int
    body: tuple[str, ...] = ()
    children: list["_Open"] = field(default_factory=list)

    @property
    def section(self) -> bool:
        return any(each.kind is Kind.COMMAND for each in self.children)

    def closed(self) -> Line:
        return Line(
            self.number, self.raw, self.text, self.kind, self.body, tuple(each.closed() for each in self.children)
        )


_EXIT = re.compile(r"exit(?:-[a-z0-9-]+)?")

# The listing's own first lines ("show running-config", "show startup-config").
_LISTING = re.compile(
    r"Building configuration\.\.\.|Current configuration : \d+ bytes|Using \d+ out of \d+ bytes.*"
    r"|Uncompressed configuration .*|Configuration of Partition - .+"
)

# "banner motd": the delimiter may be any character, and is shown as ^C. Menus and lines have such texts too.
_DELIMITED = re.compile(
    r"(?:banner \S+|aaa authentication (?:banner|fail-message)|menu \S+ title|vacant-message|refuse-message)"
    r"\s+(?P<delimiter>\^C|\S)(?P<rest>.*)",
    re.DOTALL,
)

_HEXADECIMAL = re.compile(r"\s*[0-9A-Fa-f]{1,8}(?:\s+[0-9A-Fa-f]{1,8})*\s*")
_HEXADECIMAL_BEGINS = re.compile(r"(?:certificate|key-string)(?:\s.*)?")
_MACRO = re.compile(r"macro name \S+")

_STRANGE = (
    (re.compile(r"[\w.()-]+[#>].*"), "a terminal's prompt, and no configuration"),
    (re.compile(r"\s*-+ ?More ?-+.*"), "a pager's question, and no configuration"),
    (re.compile(r"%.*"), "a message, and no configuration"),
)


def read_configuration(text: str) -> ConfigurationTree:
    """Return the tree of a configuration.

    Args:
        text: a listing, a file, or part of one; with or without its first lines and `end`.
    """
    reader = _Reader(text.split("\n"))
    reader.read()
    return ConfigurationTree(tuple(each.closed() for each in reader.top.children), tuple(reader.strange))


def not_understood(tree: ConfigurationTree) -> tuple[NotUnderstood, ...]:
    """Return the lines that were kept without being understood, in the order of the text."""
    return tree.strange


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.top = _Open(0, "", "", Kind.COMMAND, -1)
        self.path = [self.top]
        self.strange: list[NotUnderstood] = []
        self.at = 0

    def read(self) -> None:
        while self.at < len(self.lines):
            self._line()

    def _line(self) -> None:
        raw = self.lines[self.at]
        self.at += 1
        text = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        if not text or text.startswith("!") or _LISTING.fullmatch(text):
            kind = Kind.NOTE if text else Kind.BLANK
            self.path[-1].children.append(_Open(self.at, raw, text, kind, indent))
        elif text == "end" and not indent:
            self.path = [self.top]
            self._add(_Open(self.at, raw, text, Kind.END, indent))
        elif _EXIT.fullmatch(text):
            self._exit(_Open(self.at, raw, text, Kind.EXIT, indent))
        else:
            self._command(_Open(self.at, raw, text, Kind.COMMAND, indent))

    def _add(self, line: _Open) -> None:
        self.path[-1].children.append(line)

    def _exit(self, line: _Open) -> None:
        """Close a section: `exit-…` stands as deep as its first line, `exit` there or as deep as what is in it."""
        while len(self.path) > 1 and self.path[-1].indent > line.indent:
            self.path.pop()
        within = line.text == "exit" and line.indent and self.path[-1].indent == line.indent
        if within and not self.path[-1].section:
            self.path.pop()
        self._add(line)
        if len(self.path) == 1:
            self._wonder(line, "closes no section")
        else:
            self.path.pop()

    def _command(self, line: _Open) -> None:
        while len(self.path) > 1 and self.path[-1].indent >= line.indent:
            self.path.pop()
        if line.indent and len(self.path) == 1:
            self._wonder(line, "is indented, and stands in no section")
        for pattern, reason in _STRANGE:
            if not line.indent and pattern.fullmatch(line.text):
                self._wonder(line, reason)
        self._add(line)
        self._read_body(line)
        if len(self.path) <= DEEPEST:
            self.path.append(line)
        else:
            self._wonder(line, "stands deeper than any section")

    def _read_body(self, line: _Open) -> None:
        delimited = _DELIMITED.fullmatch(line.text)
        if delimited and delimited["delimiter"] not in delimited["rest"]:
            self._take_until(line, re.compile(".*" + re.escape(delimited["delimiter"]) + ".*", re.DOTALL))
        elif _MACRO.fullmatch(line.text):
            self._take_until(line, re.compile(r"\s*@\s*"))
        elif _HEXADECIMAL_BEGINS.fullmatch(line.text) and self._next_is_hexadecimal():
            self._take_until(line, re.compile(r"\s*quit\s*"))

    def _next_is_hexadecimal(self) -> bool:
        return self.at < len(self.lines) and _HEXADECIMAL.fullmatch(self.lines[self.at]) is not None

    def _take_until(self, line: _Open, last: re.Pattern[str]) -> None:
        for end in range(self.at, len(self.lines)):
            if last.fullmatch(self.lines[end]):
                line.body = tuple(self.lines[self.at : end + 1])
                self.at = end + 1
                return
        self._wonder(line, "begins a text that does not end")

    def _wonder(self, line: _Open, reason: str) -> None:
        self.strange.append(NotUnderstood(line.number, line.text, reason))


def _raw(lines: tuple[Line, ...]) -> Iterator[str]:
    for line in lines:
        yield line.raw
        yield from line.body
        yield from _raw(line.children)
