"""What a router complains of when it reads a file of commands: it goes on with the next one."""

from dataclasses import dataclass


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
