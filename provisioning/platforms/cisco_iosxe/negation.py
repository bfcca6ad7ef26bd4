"""How a command is taken back, and which commands take each other's place.

The rule is `no` before the whole command, or the command without it. What differs stands in command_rules.py.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from provisioning.platforms.cisco_iosxe.command_rules import EARLY, EXCLUSIVES, FIXED, NEGATIONS, SETTINGS

_NEGATIONS = tuple((re.compile(each.section), re.compile(each.line, re.DOTALL), each.form) for each in NEGATIONS)
_EARLY = tuple((re.compile(each.section), re.compile(each.line)) for each in EARLY)
_FIXED = re.compile("|".join(f"(?:{each.line})" for each in FIXED))

Key = tuple[str, ...]


def negation(section: str, text: str) -> str:
    """Return the command that takes a command back.

    Args:
        section: the line of the section in which it stands; empty at the top.
        text: the command; one that begins with `no` is taken back by the command itself.
    """
    if text.startswith("no "):
        return text.removeprefix("no ")
    for within, line, form in _NEGATIONS:
        if within.fullmatch(section) and (found := line.fullmatch(text)):
            return found.expand(form)
    return f"no {text}"


def setting(section: str, text: str) -> Key | None:
    """Return what a command sets, equal for those that take each other's place; None for all others.

    Args:
        section: the line of the section in which it stands; empty at the top.
        text: the command, with `no` or without.
    """
    return _key(_settings(section), text.removeprefix("no "))


def exclusive(section: str, text: str) -> Key | None:
    """Return the place that a command takes, equal for those that cannot stand together; None for all others."""
    return _key(_exclusives(section), text)


def is_early(section: str, text: str) -> bool:
    """Return whether a command is taken back before anything else is done in its section."""
    return any(within.fullmatch(section) and line.fullmatch(text) for within, line in _EARLY)


def is_fixed(text: str) -> bool:
    """Return whether a section cannot be removed."""
    return _FIXED.fullmatch(text) is not None


def _key(patterns: tuple[re.Pattern[str], ...], text: str) -> Key | None:
    for pattern in patterns:
        if found := pattern.match(text):
            groups = found.groups()
            which = groups if any(each is not None for each in groups) else (found[0],)
            return (pattern.pattern, *(each or "" for each in which))
    return None


@lru_cache(maxsize=1024)
def _settings(section: str) -> tuple[re.Pattern[str], ...]:
    return _ends(each.line for each in SETTINGS if re.fullmatch(each.section, section))


@lru_cache(maxsize=1024)
def _exclusives(section: str) -> tuple[re.Pattern[str], ...]:
    return _ends(each.line for each in EXCLUSIVES if re.fullmatch(each.section, section))


def _ends(lines: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Return patterns that end where a word ends."""
    return tuple(re.compile(rf"(?:{line})(?!\S)") for line in lines)
