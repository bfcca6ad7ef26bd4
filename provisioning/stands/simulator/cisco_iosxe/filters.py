"""What may stand behind a `|`: filters of what a command says.

As Cisco IOS Configuration Fundamentals Command Reference has them under `show <command> begin`, `exclude`, `include`,
`section`, `count`, `redirect`, `tee`, `append`. Regular expressions are those of Cisco's, of which `_` stands for a
delimiter; the others are close enough to Python's.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from provisioning.stands.simulator.cisco_iosxe.words import Form, Misread, Read, forms_of, read

_PIPE = re.compile(r"(?<!\S)\|\s*")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter.

    Attributes:
        kind: begin, count, exclude, include, section, append, redirect or tee.
        argument: regular expression, or name of a file.
        without: of sections, those that match are left out.
    """

    kind: str
    argument: str
    without: bool = False


_KINDS = ("append", "begin", "count", "exclude", "include", "redirect", "section", "tee")

_FORMS: tuple[Form[str], ...] = tuple(
    Form(tokens, pattern)
    for pattern in (*(f"{kind} {{argument...}}" for kind in _KINDS), "section (exclude|include) {argument...}")
    for tokens in forms_of(pattern)
)


def split(line: str) -> tuple[str, Filter | Misread | None]:
    """Return a command without its filter, and the filter; what does not fit is told with its column in the line."""
    found = _PIPE.search(line)
    if found is None:
        return line, None
    command, rest = line[: found.start()], line[found.end() :]
    reading = read(rest, _FORMS)
    if not isinstance(reading, Read):
        kind = "invalid" if reading.kind == "unknown" else reading.kind
        return command, Misread(kind, found.end() + reading.column)
    return command, Filter(reading.words[0], reading.values["argument"], without="exclude" in reading.words[1:2])


def applied(text: str, wanted: Filter) -> str:
    """Return what a filter leaves of a text; what goes to a file is none of its business.

    Raises:
        ValueError: when the expression is none.
    """
    lines = text.splitlines()
    match = _matcher(wanted.argument)
    match wanted.kind:
        case "include":
            kept = [each for each in lines if match(each)]
        case "exclude":
            kept = [each for each in lines if not match(each)]
        case "begin":
            first = next((number for number, each in enumerate(lines) if match(each)), len(lines))
            kept = lines[first:]
        case "section":
            kept = list(_sections(lines, match, wanted.without))
        case "count":
            kept = [f"Number of lines which match regexp = {sum(1 for each in lines if match(each))}"]
        case _:
            kept = lines
    return "".join(f"{each}\n" for each in kept)


def _sections(lines: list[str], match: Callable[[str], bool], without: bool) -> Iterator[str]:
    """Yield the lines that match with what stands below them, or all others."""
    depth: int | None = None
    for each in lines:
        indent = len(each) - len(each.lstrip(" "))
        if depth is None or indent <= depth:
            depth = indent if match(each) else None
        if (depth is not None) != without:
            yield each


def _matcher(expression: str) -> Callable[[str], bool]:
    try:
        compiled = re.compile(re.sub(r"(?<!\\)_", r"(?:^|$|[\\s,(){}])", expression))
    except re.error as error:
        raise ValueError(str(error)) from None
    return lambda line: compiled.search(line) is not None
