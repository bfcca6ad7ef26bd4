"""A command of a configuration, with the commands under it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A command with the commands under it.

    Attributes:
        text: not indented; of a banner all its lines.
    """

    text: str
    children: tuple["Section", ...] = ()
