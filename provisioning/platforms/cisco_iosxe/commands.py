"""Writes steps as lines that can be pasted into configuration mode, or merged from a file."""

import re
from collections.abc import Iterable, Iterator

from provisioning.platforms.cisco_iosxe.section import Section
from provisioning.platforms.cisco_iosxe.steps import Step

# They open a mode even where nothing follows in it; left open, a line that follows could be taken for one of theirs.
_OPENS = re.compile(
    r"(?:interface|zone security|zone-pair security|class-map|policy-map|class|track|router|route-map|line|archive"
    r"|wlan|parameter-map|controller|key chain|bfd-template|vrf definition|ip sla \d"
    r"|(?:ip|ipv6) (?:access-list|dhcp pool))"
    r"(?: .*)?"
)


def block(section: Section, depth: int = 0) -> Iterator[str]:
    """Yield a command with all that stands under it, and its `exit`.

    Args:
        depth: how deep the command itself is indented.
    """
    yield " " * depth + section.text
    for each in section.children:
        yield from block(each, depth + 1)
    if section.children or _OPENS.fullmatch(section.text):
        yield leaving(section.text, depth)


def leaving(text: str, depth: int) -> str:
    """Return what closes a section; as deep as the commands in it."""
    return " " * (depth + 1) + ("exit-address-family" if text.startswith("address-family ") else "exit")


def written(steps: Iterable[Step]) -> Iterator[str]:
    """Yield the lines of steps; those that follow each other in one section stand in it together."""
    path: tuple[str, ...] = ()
    for step in steps:
        common = _common(path, step.path)
        yield from _leave(path, common)
        path = step.path
        for depth in range(common, len(path)):
            yield " " * depth + path[depth]
        for line in step.lines:
            yield " " * len(path) + line
    yield from _leave(path, 0)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    depth = 0
    while depth < min(len(one), len(other)) and one[depth] == other[depth]:
        depth += 1
    return depth


def _leave(path: tuple[str, ...], down_to: int) -> Iterator[str]:
    for depth in range(len(path) - 1, down_to - 1, -1):
        yield leaving(path[depth], depth)
