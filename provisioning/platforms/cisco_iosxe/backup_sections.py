"""Reads a configuration as far as a backup is checked: sections, what is no configuration, and whether it ends.

`configuration_tree` reads every line into a tree and loses none, which takes ten times as long; a night has ten
thousand routers. A test holds what both read of the same texts together.
"""

import re
from dataclasses import dataclass

from provisioning.platforms.backup_contents import Flaw

_DELIMITED = re.compile(
    r"(?:banner \S+|aaa authentication (?:banner|fail-message)|menu \S+ title)\s+(?P<delimiter>\^C|\S)(?P<rest>.*)"
)
_MAY_BE_DELIMITED = ("banner ", "aaa authentication banner", "aaa authentication fail", "menu ")

_PROMPT = re.compile(r"[\w.()-]{1,80}[#>](?:\s.*)?")
_PAGER = re.compile(r"\s*-+ ?more ?-+", re.IGNORECASE)

# What a router says in place of a configuration besides what begins with %; some servers refuse in words.
_SAID = (
    "command authorization failed",
    "error in authentication",
    "authorization failed",
    "permission denied",
    "access denied",
    "invalid input detected",
    "unable to read configuration",
    "unable to get configuration",
    "line has invalid autocommand",
)


@dataclass(frozen=True, slots=True)
class Sections:
    """A configuration by its top-level lines.

    Attributes:
        commands: below each top-level line, neither indented nor followed by blanks; of a line that stands there
            several times, of all of them.
        flaws: what shows that it is not whole.
    """

    commands: dict[str, list[str]]
    flaws: tuple[Flaw, ...]


def read_sections(document: str, text: str) -> Sections:
    """Return the sections of a configuration.

    Args:
        document: its name, for flaws.
        text: as the router shows it.
    """
    commands: dict[str, list[str]] = {}
    flaws: list[Flaw] = []
    within: list[str] = []
    delimiter, last = "", ""
    for line in text.split("\n"):
        if delimiter:
            if delimiter in line:
                delimiter = ""
        elif line.startswith(" "):
            within.append(line.strip())
        elif line and not line.startswith("!"):
            last = line.rstrip()
            within = commands.setdefault(last, [])
            if last.startswith("%"):
                flaws.append(Flaw("error-text", document, f"a message stands in it: {_message(last)}"))
            elif last.startswith(_MAY_BE_DELIMITED) and (found := _DELIMITED.fullmatch(last)):
                delimiter = "" if found["delimiter"] in found["rest"] else found["delimiter"]
    if delimiter:
        flaws.append(Flaw("truncated", document, "a banner begins in it and does not end"))
    flaws += _odd(document, commands)
    if last != "end":
        flaws.append(Flaw("no-end", document, "it does not close with `end`"))
    return Sections(commands, tuple(flaws))


def _odd(document: str, commands: dict[str, list[str]]) -> list[Flaw]:
    flaws = []
    for line in commands:
        if line.lower().startswith(_SAID):
            flaws.append(Flaw("error-text", document, f"a message stands in it: {_message(line)}"))
        elif ("#" in line or ">" in line) and _PROMPT.fullmatch(line):
            flaws.append(Flaw("error-text", document, "a terminal's prompt stands in it"))
        elif "--" in line and _PAGER.match(line):
            flaws.append(Flaw("truncated", document, "a pager's question stands in it"))
    if any("--" in each and _PAGER.match(each) for inner in commands.values() for each in inner):
        flaws.append(Flaw("truncated", document, "a pager's question stands in it"))
    return flaws


def _message(line: str) -> str:
    """Return a router's message, as far as it is one: what follows may be anything."""
    return " ".join(line.lstrip("% ").split()[:4])
