"""Reads a configuration as far as a backup is checked: sections, what is no configuration, and whether it ends.

`configuration_tree` reads every line into a tree and loses none, which takes ten times as long; a night has ten
thousand routers. A test holds what both read of the same texts together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.platforms.backup_contents import Flaw
from provisioning.platforms.cisco_iosxe.parsing.complaints import REFUSALS

_DELIMITED = re.compile(
    r"(?:banner \S+|aaa authentication (?:banner|fail-message)|menu \S+ title)\s+(?P<delimiter>\^C|\S)(?P<rest>.*)"
)
_MAY_DELIMIT = "abm"
"""How such a command begins."""

_PROMPT = re.compile(r"[\w.()-]{1,80}[#>].*")
_PAGER = re.compile(r"\s*-+ ?more ?-+", re.IGNORECASE)


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
            continue
        first = line[:1]
        if first == " ":
            within.append(line.strip())
        elif first and first != "!":
            last = line.rstrip()
            within = commands.setdefault(last, [])
            if first in _MAY_DELIMIT and (found := _DELIMITED.fullmatch(last)):
                delimiter = "" if found["delimiter"] in found["rest"] else found["delimiter"]
    if delimiter:
        flaws.append(Flaw("truncated", document, "a banner begins in it and does not end"))
    if last != "end":
        flaws.append(Flaw("no-end", document, "it does not close with `end`"))
    flaws += _odd(document, text, commands, ended=last == "end")
    return Sections(commands, tuple(flaws))


def _odd(document: str, text: str, commands: dict[str, list[str]], *, ended: bool) -> Iterator[Flaw]:
    """Yield what stands among commands and is none: messages, prompts and a pager's questions."""
    if "%" in text or not ended:
        for line in commands:
            if line.startswith("%") or (not ended and line.lower().startswith(REFUSALS)):
                yield Flaw("error-text", document, f"a message stands in it: {_message(line)}")
    if ("#" in text or ">" in text) and any(map(_PROMPT.fullmatch, commands)):
        yield Flaw("error-text", document, "a terminal's prompt stands in it")
    if "--" in text:
        lines = (each for line, inner in commands.items() for each in (line, *inner))
        if any(map(_PAGER.match, lines)):
            yield Flaw("truncated", document, "a pager's question stands in it")


def _message(line: str) -> str:
    """Return a router's message, as far as it is one: what follows may be anything."""
    return " ".join(line.lstrip("% ").split()[:4])
