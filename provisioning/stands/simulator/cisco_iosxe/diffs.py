"""How IOS tells two configurations apart: `show archive config differences` and `incremental-diffs`.

Cisco IOS Configuration Fundamentals Command Reference, `show archive config differences` and `show archive config
incremental-diffs`: what is new stands first, with a plus sign behind its indentation; sections that both have bear no
sign.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

HEAD = "!Contextual Config Diffs:\n"
NONE = "!No changes were found\n"

_SKIPPED = ("!", "Building configuration", "Current configuration", "Using ")


@dataclass(slots=True)
class Section:
    """A line of a configuration, and what stands below it."""

    line: str
    below: dict[str, "Section"] = field(default_factory=dict)


def sections_of(text: str) -> Section:
    """Return the tree of a configuration, by its indentation."""
    root = Section("")
    open_ones: list[tuple[int, Section]] = [(-1, root)]
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line == "end" or line.startswith(_SKIPPED):
            continue
        indent = len(raw) - len(raw.lstrip(" "))
        while open_ones[-1][0] >= indent:
            open_ones.pop()
        section = open_ones[-1][1].below.setdefault(line, Section(line))
        open_ones.append((indent, section))
    return root


def differences(old: str, new: str) -> str:
    """Return what `show archive config differences OLD NEW` says."""
    before, after = sections_of(old), sections_of(new)
    lines = [*_only_in(after, before, "+", 0), *_only_in(before, after, "-", 0)]
    return HEAD + ("".join(f"{each}\n" for each in lines) or NONE)


def incremental(running: str, wanted: str) -> str:
    """Return what `show archive config incremental-diffs` says of a file beside the running configuration."""
    lines = list(_missing(sections_of(wanted), sections_of(running), 0))
    body = "".join(f"{each}\n" for each in lines)
    return f"!List of Commands:\n{body}end\n" + ("" if lines else NONE)


def _only_in(one: Section, other: Section, sign: str, depth: int) -> Iterator[str]:
    indent = " " * depth
    for line, section in one.below.items():
        if line not in other.below:
            yield f"{indent}{sign}{line}"
            yield from _whole(section.below.values(), sign, depth + 1)
            continue
        below = list(_only_in(section, other.below[line], sign, depth + 1))
        if below:
            yield f"{indent}{line}"
            yield from below


def _whole(sections: Iterable[Section], sign: str, depth: int) -> Iterator[str]:
    for each in sections:
        yield f"{' ' * depth}{sign}{each.line}"
        yield from _whole(each.below.values(), sign, depth + 1)


def _missing(wanted: Section, running: Section, depth: int) -> Iterator[str]:
    indent = " " * depth
    for line, section in wanted.below.items():
        here = running.below.get(line)
        if here is None:
            yield f"{indent}{line}"
            yield from (f"{each}" for each in _whole(section.below.values(), "", depth + 1))
            continue
        below = list(_missing(section, here, depth + 1))
        if below:
            yield f"{indent}{line}"
            yield from below
