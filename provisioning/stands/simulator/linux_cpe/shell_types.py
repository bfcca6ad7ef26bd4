"""What the shell of the simulated routers and its commands have in common: streams, and how scripts end."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from provisioning.stands.simulator.linux_cpe.tree import Tree


@dataclass(slots=True)
class Streams:
    """Standard input, output and error of a command."""

    given: io.BytesIO
    out: bytearray
    err: bytearray

    def say(self, text: str) -> None:
        """Write a line on standard output."""
        self.out += text.encode("utf-8", "surrogateescape") + b"\n"

    def complain(self, text: str) -> None:
        """Write a line on standard error."""
        self.err += text.encode("utf-8", "surrogateescape") + b"\n"


class Shell(Protocol):
    """A shell, as its commands see it."""

    tree: Tree
    variables: dict[str, str]
    arguments: list[str]
    options: set[str]
    code: int

    @property
    def commands(self) -> "Mapping[str, Command]":
        """What can be called, by name."""

    def call(
        self, words: list[str], streams: Streams, *, line: int = 1, assigned: Mapping[str, str] | None = None
    ) -> int:
        """Run one command by its words."""


Command = Callable[[Shell, list[str], Streams], int]


class Exit(Exception):
    """The script ends."""

    def __init__(self, code: int) -> None:
        self.code = code


class Return(Exit):
    """A function ends."""


class Loop(Exception):
    """A loop is left, or goes on with its next turn."""

    def __init__(self, times: int, *, again: bool) -> None:
        self.times = times
        self.again = again
