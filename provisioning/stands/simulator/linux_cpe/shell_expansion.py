"""How the shell of the simulated routers expands words: variables, command substitution, fields (XCU 2.6)."""

import fnmatch
from abc import ABC, abstractmethod
from collections.abc import Iterable

from provisioning.stands.simulator.linux_cpe.shell_syntax import Node, Substitution, Text, Variable, Word
from provisioning.stands.simulator.linux_cpe.shell_types import Exit, Streams

MISUSE = 2


class Expansion(ABC):
    """Expands words for a shell."""

    name: str
    variables: dict[str, str]
    arguments: list[str]
    options: set[str]
    code: int

    @abstractmethod
    def substitute(self, script: Node, streams: Streams) -> str:
        """Return what a script prints, run in a shell of its own."""

    def fields(self, words: Iterable[Word], streams: Streams) -> list[str]:
        """Return the fields of words."""
        return [each for word in words for each in self._split(word, streams)]

    def _split(self, word: Word, streams: Streams) -> list[str]:
        """Return the fields of a word: what is expanded outside of quotes is split at blanks."""
        fields: list[str] = []
        held, begun = "", False
        for part in word:
            if isinstance(part, Variable) and part.name == "@" and part.quoted:
                for number, each in enumerate(self.arguments):
                    if number:
                        fields.append(held)
                        held = ""
                    held, begun = held + each, True
                begun = begun and (bool(self.arguments) or bool(held))
                continue
            text = self._expanded(part, streams)
            if isinstance(part, Text) or part.quoted:
                held, begun = held + text, True
                continue
            pieces = text.split()
            if text[:1].isspace() and begun:
                fields.append(held)
                held, begun = "", False
            for number, piece in enumerate(pieces):
                if number:
                    fields.append(held)
                    held = ""
                held, begun = held + piece, True
            if pieces and text[-1:].isspace():
                fields.append(held)
                held, begun = "", False
        return [*fields, held] if begun else fields

    def one(self, word: Word, streams: Streams) -> str:
        """Return a word that is not split."""
        return "".join(self._expanded(part, streams) for part in word)

    def pattern(self, word: Word, streams: Streams) -> str:
        """Return a word as a pattern, in which what is quoted stands for itself."""
        return "".join(
            _literal(self._expanded(part, streams)) if part.quoted else self._expanded(part, streams) for part in word
        )

    def _expanded(self, part: Text | Variable | Substitution, streams: Streams) -> str:
        match part:
            case Text():
                return part.text
            case Substitution():
                return self.substitute(part.script, streams)
            case Variable():
                return self._variable(part, streams)

    def _variable(self, part: Variable, streams: Streams) -> str:
        value = self._value(part.name)
        if part.operator in ("-", ":-", "+", ":+", "=", ":="):
            there = value is not None and (bool(value) or not part.operator.startswith(":"))
            if part.operator.endswith("+"):
                return self.one(part.word, streams) if there else ""
            return value or "" if there else self.one(part.word, streams)
        if value is None:
            if "u" in self.options:
                streams.complain(f"{self.name}: 1: {part.name}: parameter not set")
                raise Exit(MISUSE)
            return ""
        return _cut(value, part.operator, self.pattern(part.word, streams)) if part.operator else value

    def _value(self, name: str) -> str | None:
        if name in ("@", "*"):
            return " ".join(self.arguments)
        if name.isdecimal():
            number = int(name)
            if not number:
                return self.name
            return self.arguments[number - 1] if number <= len(self.arguments) else None
        special = {"#": str(len(self.arguments)), "?": str(self.code), "$": "4711"}
        return special.get(name, self.variables.get(name))


def _literal(text: str) -> str:
    return "".join(f"[{each}]" if each in "*?[" else each for each in text)


def _cut(value: str, operator: str, pattern: str) -> str:
    lengths = range(len(value) + 1)
    if operator.startswith("#"):
        found = [each for each in lengths if fnmatch.fnmatchcase(value[:each], pattern)]
        return value[(found[-1] if operator == "##" else found[0]) :] if found else value
    found = [each for each in lengths if fnmatch.fnmatchcase(value[each:], pattern)]
    return value[: (found[0] if operator == "%%" else found[-1])] if found else value
