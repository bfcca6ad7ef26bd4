"""The shell language of the simulated routers: words, and the tree that a script is read into.

A part of POSIX.1-2017, XCU 2: what scripts on routers use. Left out: here-documents, background jobs, arithmetic.
"""

from dataclasses import dataclass, field


class ShellSyntaxError(Exception):
    """A script that a shell does not read, in the wording of dash."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"{line}: Syntax error: {what}")


@dataclass(frozen=True, slots=True)
class Text:
    """Characters that stand for themselves."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, or `${name OPERATOR word}`."""

    name: str
    quoted: bool
    operator: str = ""
    word: "Word" = ()


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(script)`."""

    script: "Node"
    quoted: bool


Part = Text | Variable | Substitution
Word = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Redirection:
    """`2>file`, `<file`, `2>&1`."""

    number: int
    operator: str
    word: Word


@dataclass(frozen=True, slots=True)
class Simple:
    """A command with its assignments, arguments and redirections."""

    line: int
    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Commands one after the other; each with what decides whether it is run: `;`, `&&` or `||`."""

    steps: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands whose output is the next one's input."""

    negated: bool
    commands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`{ … }` or `( … )` with its redirections."""

    body: "Node"
    subshell: bool
    redirections: tuple[Redirection, ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """`if`, with its branches (the last one may have no condition)."""

    branches: tuple[tuple["Node | None", "Node"], ...]


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words`."""

    name: str
    words: tuple[Word, ...]
    body: "Node"


@dataclass(frozen=True, slots=True)
class While:
    """`while` or `until`."""

    condition: "Node"
    body: "Node"
    until: bool


@dataclass(frozen=True, slots=True)
class Case:
    """`case word in pattern) … esac`."""

    word: Word
    branches: tuple[tuple[tuple[Word, ...], "Node"], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function that is defined."""

    name: str
    body: "Node"


Node = Simple | Sequence | Pipeline | Group | If | For | While | Case | Function


@dataclass(slots=True)
class Token:
    """A word, or an operator (`text`); `plain` is the word when nothing of it is quoted or expanded."""

    line: int
    text: str
    word: Word | None = None
    plain: str = field(default="")
