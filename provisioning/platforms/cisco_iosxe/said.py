"""The commands of a configuration with the sections that they stand in and their lines, for those who read intent."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from provisioning.model.read_intent import Place
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG
from provisioning.platforms.cisco_iosxe.configuration_tree import ConfigurationTree, Kind, Line
from provisioning.platforms.cisco_iosxe.list_entries import is_access_list


@dataclass(frozen=True, slots=True)
class Said:
    """A command.

    Attributes:
        path: the lines of the sections around it, the outermost first.
        number: of its line, from 1.
    """

    path: tuple[str, ...]
    text: str
    number: int

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(RUNNING_CONFIG, self.number)


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface, and all that is said of it.

    Attributes:
        place: where it begins.
    """

    name: str
    place: Place
    said: tuple[Said, ...]

    def find(self, pattern: str) -> tuple[Said, re.Match[str]] | None:
        """Return the first command that a pattern fits wholly."""
        return first(self.said, pattern)

    @property
    def shut(self) -> bool:
        """Whether it is switched off."""
        return self.find("shutdown") is not None


def said(tree: ConfigurationTree) -> tuple[Said, ...]:
    """Return every command, in the order of the text."""
    return tuple(_said(tree.lines, ()))


def _said(lines: Iterable[Line], path: tuple[str, ...]) -> Iterator[Said]:
    for line in lines:
        if line.kind is Kind.COMMAND:
            # The words of an entry of an access list stand in columns.
            text = " ".join(line.text.split()) if path and is_access_list(path[-1]) else line.text
            yield Said(path, text, line.number)
            yield from _said(line.children, (*path, line.text))


def top(commands: Iterable[Said]) -> tuple[Said, ...]:
    """Return the commands that stand in no section."""
    return tuple(each for each in commands if not each.path)


def first(commands: Iterable[Said], pattern: str) -> tuple[Said, re.Match[str]] | None:
    """Return the first command that a pattern fits wholly, and how."""
    return next(every(commands, pattern), None)


def every(commands: Iterable[Said], pattern: str) -> Iterator[tuple[Said, re.Match[str]]]:
    """Yield the commands that a pattern fits wholly, and how; cases of letters make no difference to IOS."""
    compiled = re.compile(pattern, re.IGNORECASE)
    for each in commands:
        if found := compiled.fullmatch(each.text):
            yield each, found


def interfaces(commands: Iterable[Said]) -> tuple[Interface, ...]:
    """Return the interfaces, in the order of the text."""
    by_name: dict[str, list[Said]] = {}
    places: dict[str, Place] = {}
    for each in commands:
        section = each.path[0] if each.path else each.text
        if section.lower().startswith("interface "):
            name = section.split(None, 1)[1]
            places.setdefault(name, each.place)
            inside = by_name.setdefault(name, [])
            inside += [each] if each.path else []
    return tuple(Interface(name, places[name], tuple(some)) for name, some in by_name.items())
