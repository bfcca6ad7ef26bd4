"""A shell for the simulated routers: runs a script's tree with commands and files of their own.

Nothing of it reaches the machine that simulates. What it does not know answers as a shell does: `not found`, code 127.
"""

import fnmatch
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from provisioning.stands.simulator.linux_cpe.shell_builtins import BUILT_IN
from provisioning.stands.simulator.linux_cpe.shell_expansion import Expansion
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
    While,
)
from provisioning.stands.simulator.linux_cpe.shell_types import Command, Exit, Loop, Return, Streams
from provisioning.stands.simulator.linux_cpe.tree import NoRoom, Tree

NOT_FOUND, MISUSE = 127, 2
MOST_STEPS = 200_000
"""Commands of one script; a loop that does not end is one of ours."""


@dataclass(slots=True)
class Shell(Expansion):
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
        except Exit as ended:
            return ended.code
        except Loop:
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
            raise Exit(code)
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
            except Return:
                raise
            except Exit as ended:
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
            except Exit as ended:
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
            except Loop as left:
                if left.times > 1:
                    raise Loop(left.times - 1, again=left.again) from None
                code = 0
                if not left.again:
                    break
        self.code = code
        return code

    def _turns(self, node: For | While, streams: Streams) -> Iterator[None]:
        if isinstance(node, For):
            for each in self.fields(node.words, streams):
                self.variables[node.name] = each
                yield
            return
        while (self._run(node.condition, streams, checked=True) == 0) != node.until:
            yield

    def _case(self, node: Case, streams: Streams, *, checked: bool) -> int:
        subject = self.one(node.word, streams)
        for patterns, body in node.branches:
            if any(fnmatch.fnmatchcase(subject, self.pattern(each, streams)) for each in patterns):
                return self._run(body, streams, checked=checked)
        self.code = 0
        return 0

    # --- simple commands ---

    def _simple(self, node: Simple, streams: Streams) -> int:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Exit(1)
        self.substituted = 0
        words = self.fields(node.words, streams)
        assigned = {name: self.one(word, streams) for name, word in node.assignments}
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
            if (own := BUILT_IN.get(name)) is not None:
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
        except Return as ended:
            return ended.code
        finally:
            self.arguments = kept

    def substitute(self, script: Node, streams: Streams) -> str:
        """Return what a script prints, run in a shell of its own."""
        held = bytearray()
        try:
            self.substituted = self._inner()._run(script, Streams(streams.given, held, streams.err))
        except Exit as ended:
            self.substituted = ended.code
        return held.decode("utf-8", "surrogateescape").rstrip("\n")

    # --- redirections: what is written stands in the file when the command has ended ---

    def _redirect(
        self, redirections: Iterable[Redirection], streams: Streams
    ) -> tuple[Streams, list[tuple[str, bytearray]]] | None:
        changed = Streams(streams.given, streams.out, streams.err)
        finish: list[tuple[str, bytearray]] = []
        for each in redirections:
            target = self.one(each.word, streams)
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
                raise Exit(1) from None
