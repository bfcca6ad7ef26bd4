"""Commands that cannot stand beside a top-level one, which takes them away by itself."""

import re
from collections.abc import Iterable, Iterator

from provisioning.platforms.cisco_iosxe.command_rules import BARRED
from provisioning.platforms.cisco_iosxe.references import Object
from provisioning.platforms.cisco_iosxe.section import Section

_ROOM = "room beside"
"""Kind of what the removal of such a top-level command makes, for `steps.Step`."""

_BARRED = tuple((re.compile(each.section), re.compile(each.line), each.by) for each in BARRED)
_BY = frozenset(each.by for each in BARRED)


def without_barred(found: Iterable[Section], top: Iterable[Section]) -> tuple[Section, ...]:
    """Return sections without what goes by itself, or never came.

    Args:
        found: top-level commands with all under them.
        top: the top-level commands that stand, or are to stand.
    """
    standing = _BY.intersection(each.text for each in top)
    return tuple(_left(each, standing) for each in found) if standing else tuple(found)


def room(text: str) -> frozenset[Object]:
    """Return what there is once a top-level command is gone."""
    return frozenset({(_ROOM, text)} if text in _BY else ())


def room_needed(section: str, command: Section) -> Iterator[Object]:
    """Yield what must be there before a command, or anything under it, is given.

    Args:
        section: the line of the section in which it stands; empty at the top.
    """
    for by in _barred_by(section, command.text):
        yield _ROOM, by
    for each in command.children:
        yield from room_needed(command.text, each)


def _left(section: Section, standing: frozenset[str]) -> Section:
    children = (each for each in section.children if standing.isdisjoint(_barred_by(section.text, each.text)))
    return Section(section.text, tuple(_left(each, standing) for each in children))


def _barred_by(section: str, text: str) -> Iterator[str]:
    for within, line, by in _BARRED:
        if within.fullmatch(section) and line.fullmatch(text):
            yield by
