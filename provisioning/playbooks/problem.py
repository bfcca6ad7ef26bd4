"""What is wrong with a playbook: the line, the reason, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        line: from 1.
        column: from 1.
        what: one sentence.
        remedy: what to do about it.
    """

    line: int
    column: int
    what: str
    remedy: str


class NotRead(Exception):
    """Nothing more can be told of the file than this one problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


def meant(written: str, known: Iterable[str]) -> str:
    """Return the name that was probably meant; empty when none comes near."""
    return next(iter(get_close_matches(written, list(known), n=1)), "")


def shown(written: str, *, most: int = 40) -> str:
    """Return what somebody wrote, quoted and short enough for a message."""
    return repr(written if len(written) <= most else written[:most] + "…")
