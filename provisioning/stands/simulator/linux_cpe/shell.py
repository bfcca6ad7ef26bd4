"""A shell for the simulated routers: runs a script's tree with commands and files of their own.

Nothing of it reaches the machine that simulates. What it does not know answers as a shell does: `not found`, code 127.
"""

import fnmatch
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from provisioning.stands.simulator.linux_cpe.shell_parser import parse
from provisioning.stands.simulator.linux_cpe.shell_syntax import (
    Case,
    For,
    Function,
    Group,
    If,
    Node,
    Pipeline,
    Redirection,
    Sequence,
    ShellSyntaxError,
    Simple,
    Substitution,
    Text,
    Variable,
    While,
    Word,
)
from provisioning.stands.simulator.linux_cpe.tree import NoRoom, Tree

NOT_FOUND, MISUSE = 127, 2
MOST_STEPS = 200_000
"""Commands of one script; a loop that does not end is one of ours."""


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


Command = Callable[["Shell", list[str], Streams], int]


class _Exit(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


class _Return(_Exit):
    pass


class _Loop(Exception):
    def __init__(self, times: int, *, again: bool) -> None:
        self.times = times
        self.again = again


@dataclass(slots=True)
class Shell:
    """One shell that runs.

    Attributes:
        tree: the files.
        commands: what can be called, by name; those of a path by their path.
        variables: by name.
        arguments: `$1` and on.
        name: `$0`, which complaints begin with.
    """

    tree: Tree
    commands: Mapping[str, Command]
    variables: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    name: str = "sh"
    functions: dict[str, Node] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)
    code: int = 0
    steps: int = 0
    guards: int = 0
    substituted: int = 0

    def run(self, script: str, streams: Streams) -> int:
        """Run a script; return its exit code."""
        try:
            tree = parse(script)
        except ShellSyntaxError as error:
            streams.complain(f"{self.name}: {error}")
            return MISUSE
        try:
            return self._run(tree, streams)
        except _Exit as ended:
            return ended.code
        except _Loop:
            return self.code

    def _run(self, node: Node, streams: Streams, *, checked: bool = False) -> int:
        """Run a part of a tree; `checked` when somebody looks at its exit code, so that `set -e` does not."""
        match node:
            case Simple():
                # That holds for all of a function that is called there, too.
                self.guards += checked
                try:
                    code = self._simple(node, streams)
                finally:
                    self.guards -= checked
            case Sequence():
                return self._sequence(node, streams, checked=checked)
            case Pipeline():
                code, checked = self._pipeline(node, streams, checked=checked), checked or node.negated
            case Group():
                code = self._group(node, streams, checked=checked)
            case If():
                return self._if(node, streams, checked=checked)
            case For() | While():
                return self._loop(node, streams, checked=checked)
            case Case():
                return self._case(node, streams, checked=checked)
            case Function():
                self.functions[node.name] = node.body
                code = 0
        self.code = code
        if code and "e" in self.options and not checked and not self.guards:
            raise _Exit(code)
        return code

    def _sequence(self, node: Sequence, streams: Streams, *, checked: bool) -> int:
        code = 0
        for number, (how, step) in enumerate(node.steps):
            if (how == "&&" and self.code) or (how == "||" and not self.code):
                continue
            followed = node.steps[number + 1][0] if number + 1 < len(node.steps) else ";"
            code = self._run(step, streams, checked=checked or followed != ";")
            self.code = code
        return self.code if node.steps else code

    def _pipeline(self, node: Pipeline, streams: Streams, *, checked: bool) -> int:
        given, code = streams.given, 0
        for number, each in enumerate(node.commands):
            last = number + 1 == len(node.commands)
            out = streams.out if last else bytearray()
            within = self._inner() if len(node.commands) > 1 else self
            try:
                code = within._run(each, Streams(given, out, streams.err), checked=checked or node.negated or not last)
            except _Return:
                raise
            except _Exit as ended:
                if within is self:
                    raise
                code = ended.code
            given = io.BytesIO(bytes(out)) if not last else given
        return int(not code) if node.negated else code

    def _inner(self) -> "Shell":
        """Return a shell of its own, which changes nothing of this one."""
        return replace(
            self,
            variables=dict(self.variables),
            arguments=list(self.arguments),
            functions=dict(self.functions),
            options=set(self.options),
        )

    def _group(self, node: Group, streams: Streams, *, checked: bool) -> int:
        redirected = self._redirect(node.redirections, streams)
        if redirected is None:
            return MISUSE
        changed, finish = redirected
        try:
            if not node.subshell:
                return self._run(node.body, changed, checked=checked)
            try:
                return self._inner()._run(node.body, changed, checked=checked)
            except _Exit as ended:
                return ended.code
        finally:
            self._finish(finish, streams)

    def _if(self, node: If, streams: Streams, *, checked: bool) -> int:
        for condition, body in node.branches:
            if condition is None or self._run(condition, streams, checked=True) == 0:
                return self._run(body, streams, checked=checked)
        self.code = 0
        return 0

    def _loop(self, node: For | While, streams: Streams, *, checked: bool) -> int:
        code = 0
        for _ in self._turns(node, streams):
            try:
                code = self._run(node.body, streams, checked=checked)
            except _Loop as left:
                if left.times > 1:
                    raise _Loop(left.times - 1, again=left.again) from None
                code = 0
                if not left.again:
                    break
        self.code = code
        return code

    def _turns(self, node: For | While, streams: Streams) -> Iterator[None]:
        if isinstance(node, For):
            for each in self._fields(node.words, streams):
                self.variables[node.name] = each
                yield
            return
        while (self._run(node.condition, streams, checked=True) == 0) != node.until:
            yield

    def _case(self, node: Case, streams: Streams, *, checked: bool) -> int:
        subject = self._one(node.word, streams)
        for patterns, body in node.branches:
            if any(fnmatch.fnmatchcase(subject, self._pattern(each, streams)) for each in patterns):
                return self._run(body, streams, checked=checked)
        self.code = 0
        return 0

    # --- simple commands ---

    def _simple(self, node: Simple, streams: Streams) -> int:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _Exit(1)
        self.substituted = 0
        words = self._fields(node.words, streams)
        assigned = {name: self._one(word, streams) for name, word in node.assignments}
        redirected = self._redirect(node.redirections, streams)
        if redirected is None:
            return MISUSE
        changed, finish = redirected
        try:
            if not words:
                self.variables.update(assigned)
                return self.substituted
            return self.call(words, changed, line=node.line, assigned=assigned)
        finally:
            self._finish(finish, streams)

    def call(
        self, words: list[str], streams: Streams, *, line: int = 1, assigned: Mapping[str, str] | None = None
    ) -> int:
        """Run one command by its words."""
        before = dict(self.variables)
        self.variables.update(assigned or {})
        try:
            name, arguments = words[0], words[1:]
            if name in self.functions:
                return self._function(name, arguments, streams)
            if (own := _BUILT_IN.get(name)) is not None:
                return own(self, arguments, streams)
            if (known := self.commands.get(name)) is not None:
                return known(self, arguments, streams)
            if "/" in name and name in self.tree.files:
                streams.complain(f"{self.name}: {line}: {name}: Permission denied")
                return 126
            streams.complain(f"{self.name}: {line}: {name}: not found")
            return NOT_FOUND
        except (FileNotFoundError, NoRoom) as error:
            why = "No space left on device" if isinstance(error, NoRoom) else "No such file or directory"
            streams.complain(f"{words[0]}: {error.args[0]}: {why}")
            return 1
        finally:
            for each in assigned or ():
                if each in before:
                    self.variables[each] = before[each]
                else:
                    self.variables.pop(each, None)

    def _function(self, name: str, arguments: list[str], streams: Streams) -> int:
        kept, self.arguments = self.arguments, arguments
        try:
            return self._run(self.functions[name], streams)
        except _Return as ended:
            return ended.code
        finally:
            self.arguments = kept

    # --- redirections: what is written stands in the file when the command has ended ---

    def _redirect(
        self, redirections: Iterable[Redirection], streams: Streams
    ) -> tuple[Streams, list[tuple[str, bytearray]]] | None:
        changed = Streams(streams.given, streams.out, streams.err)
        finish: list[tuple[str, bytearray]] = []
        for each in redirections:
            target = self._one(each.word, streams)
            try:
                self._redirect_one(each, target, changed, finish)
            except (FileNotFoundError, NoRoom) as error:
                verb = "open" if each.operator == "<" else "create"
                why = "No space left on device" if isinstance(error, NoRoom) else "No such file"
                streams.complain(f"{self.name}: 1: cannot {verb} {target}: {why}")
                return None
        return changed, finish

    def _redirect_one(
        self, each: Redirection, target: str, changed: Streams, finish: list[tuple[str, bytearray]]
    ) -> None:
        if each.operator == "<":
            changed.given = io.BytesIO(self.tree.read(target))
        elif each.operator in (">", ">>"):
            held = bytearray(self.tree.read(target) if each.operator == ">>" and self.tree.exists(target) else b"")
            self.tree.write(target, bytes(held), 0o600 if self.variables.get("umask") == "077" else 0o644)
            finish.append((target, held))
            self._set(changed, each.number, held)
        elif target in ("1", "2"):
            self._set(changed, each.number, changed.out if target == "1" else changed.err)

    @staticmethod
    def _set(changed: Streams, number: int, held: bytearray) -> None:
        if number == 1:
            changed.out = held
        elif number == 2:
            changed.err = held

    def _finish(self, finish: list[tuple[str, bytearray]], streams: Streams) -> None:
        for path, held in finish:
            try:
                self.tree.write(path, bytes(held))
            except NoRoom:
                streams.complain(f"{self.name}: write error: No space left on device")
                raise _Exit(1) from None

    # --- expansion ---

    def _fields(self, words: Iterable[Word], streams: Streams) -> list[str]:
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

    def _one(self, word: Word, streams: Streams) -> str:
        return "".join(self._expanded(part, streams) for part in word)

    def _pattern(self, word: Word, streams: Streams) -> str:
        return "".join(
            _literal(self._expanded(part, streams)) if part.quoted else self._expanded(part, streams) for part in word
        )

    def _expanded(self, part: Text | Variable | Substitution, streams: Streams) -> str:
        match part:
            case Text():
                return part.text
            case Substitution():
                held = bytearray()
                within = self._inner()
                try:
                    self.substituted = within._run(
                        part.script, Streams(streams.given, held, streams.err), checked=False
                    )
                except _Exit as ended:
                    self.substituted = ended.code
                return held.decode("utf-8", "surrogateescape").rstrip("\n")
            case Variable():
                return self._variable(part, streams)

    def _variable(self, part: Variable, streams: Streams) -> str:
        value = self._value(part.name)
        if part.operator in ("-", ":-", "+", ":+", "=", ":="):
            there = value is not None and (bool(value) or not part.operator.startswith(":"))
            if part.operator.endswith("+"):
                return self._one(part.word, streams) if there else ""
            return value or "" if there else self._one(part.word, streams)
        if value is None:
            if "u" in self.options:
                streams.complain(f"{self.name}: 1: {part.name}: parameter not set")
                raise _Exit(MISUSE)
            return ""
        return _cut(value, part.operator, self._pattern(part.word, streams)) if part.operator else value

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


def _exit(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    raise _Exit(int(arguments[0]) if arguments else shell.code)


def _return(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    raise _Return(int(arguments[0]) if arguments else shell.code)


def _break(_shell: Shell, arguments: list[str], _streams: Streams) -> int:
    raise _Loop(int(arguments[0]) if arguments else 1, again=False)


def _continue(_shell: Shell, arguments: list[str], _streams: Streams) -> int:
    raise _Loop(int(arguments[0]) if arguments else 1, again=True)


def _shift(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    count = int(arguments[0]) if arguments else 1
    if count > len(shell.arguments):
        return MISUSE
    del shell.arguments[:count]
    return 0


def _set(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    for each in arguments:
        if each.startswith("-"):
            shell.options |= set(each[1:])
        elif each.startswith("+"):
            shell.options -= set(each[1:])
    return 0


def _exec(shell: Shell, arguments: list[str], streams: Streams) -> int:
    if arguments:
        raise _Exit(shell.call(arguments, streams))
    return 0


def _umask(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    shell.variables["umask"] = arguments[0] if arguments else "022"
    return 0


def _export(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    for each in arguments:
        name, equals, value = each.partition("=")
        if equals:
            shell.variables[name] = value
    return 0


def _read(shell: Shell, arguments: list[str], streams: Streams) -> int:
    names = [each for each in arguments if not each.startswith("-")]
    line = streams.given.readline()
    left = line.decode("utf-8", "surrogateescape").strip()
    for number, name in enumerate(names):
        if number + 1 == len(names):
            shell.variables[name] = left
        else:
            first, _, left = left.partition(" ")
            shell.variables[name], left = first, left.strip()
    return 0 if line.endswith(b"\n") else 1


_BUILT_IN: dict[str, Command] = {
    ":": lambda _shell, _arguments, _streams: 0,
    "true": lambda _shell, _arguments, _streams: 0,
    "false": lambda _shell, _arguments, _streams: 1,
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _continue,
    "shift": _shift,
    "set": _set,
    "exec": _exec,
    "umask": _umask,
    "export": _export,
    "read": _read,
}
