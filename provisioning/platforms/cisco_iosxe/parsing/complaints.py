"""What a router complains of: when it reads a file of commands, and goes on with the next one, or does not answer."""

import re
from dataclasses import dataclass

REFUSALS = (
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
"""How begins in small letters what it says in place of a configuration besides what begins with %: some servers refuse
in words."""

LONGEST_TOLD = 100

# What is logged to the terminal begins so as well: `%SYS-5-CONFIG_I: ...`.
_REFUSED = re.compile(
    rf"^(?:%(?![A-Z0-9_]+-\d-) *(?=\S)|(?={'|'.join(REFUSALS)}))(.*\S)", re.MULTILINE | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line that was refused.

    Attributes:
        line: as it was sent; empty where the router does not repeat it.
        words: the router's.
    """

    line: str
    words: str

    def __str__(self) -> str:
        return f"`{self.line}`: {self.words}" if self.line else self.words


def complaints(said: str) -> tuple[Complaint, ...]:
    """Return what the router complains of in the answer to a `copy … running-config`.

    It repeats the line, points at the place with a caret below it, and says what is wrong after a `%`.
    """
    found, line = [], ""
    for each in said.splitlines():
        text = each.strip()
        if text.startswith("%"):
            found.append(Complaint(line, text.lstrip("% ")))
            line = ""
        elif text.strip("^ "):
            line = text
    return tuple(found)


def refusal(said: str) -> str:
    """Return what a router says in place of an answer, the first line of it; empty where it refuses nothing."""
    found = _REFUSED.search(said)
    return found[1][:LONGEST_TOLD] if found else ""
