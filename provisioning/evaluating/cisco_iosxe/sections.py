"""Cuts a configuration into its sections, by indentation as the device shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BANNER = re.compile(r"banner \S+ (\^C|.)")
_HEADER = ("Building configuration...", "Current configuration :", "Using ")


@dataclass(frozen=True, slots=True)
class Section:
    """A line and what stands below it.

    Attributes:
        line: without indentation.
    """

    line: str
    below: "list[Section]" = field(default_factory=list)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the line."""
        return tuple(self.line.split())

    def rest(self, *first: str) -> tuple[str, ...] | None:
        """Return the words after these; None when it begins otherwise."""
        words = self.words
        return words[len(first) :] if words[: len(first)] == first else None


def sections(configuration: str) -> tuple[Section, ...]:
    """Return the sections of a configuration, each with its subsections; comments and banners are left out."""
    top: list[Section] = []
    open_sections: list[tuple[int, Section]] = []
    lines = iter(configuration.splitlines())
    for written in lines:
        text = written.strip()
        if not text or text.startswith("!"):
            continue
        depth = len(written) - len(written.lstrip())
        if depth == 0 and (text == "end" or text.startswith(_HEADER)):
            continue
        if depth == 0 and (banner := _BANNER.match(text)):
            _skip_banner(text[banner.start(1) :], banner[1], lines)
            continue
        section = Section(text)
        while open_sections and open_sections[-1][0] >= depth:
            open_sections.pop()
        (open_sections[-1][1].below if open_sections else top).append(section)
        open_sections.append((depth, section))
    return tuple(top)


def _skip_banner(begun: str, mark: str, lines: Iterator[str]) -> None:
    """Read on to the end of a banner, which says what it likes."""
    if mark in begun[len(mark) :]:
        return
    for line in lines:
        if mark in line:
            return
