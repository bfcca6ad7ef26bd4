"""Reads a script of the simulated routers into its tree."""

import re
from functools import lru_cache

from provisioning.stands.simulator.linux_cpe.shell_lexer import Lexer
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
    Text,
    Token,
    While,
    Word,
)

REDIRECTIONS = ("<", ">", ">>", ">&", "<&")
RESERVED = ("then", "else", "elif", "fi", "do", "done", "esac", "in", "}")
ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")


@lru_cache(maxsize=256)
def parse(script: str) -> Node:
    """Return the tree of a script; the same few are run on every router.

    Raises:
        ShellSyntaxError: when it is none.
    """
    parser = _Parser(Lexer(script, _substituted))
    tree = parser.sequence(())
    if parser.token.text:
        raise parser.unexpected()
    return tree


def _substituted(lexer: Lexer, closing: str) -> Node:
    parser = _Parser(lexer)
    tree = parser.sequence((closing,))
    if parser.token.text != closing:
        raise parser.unexpected()
    return tree


class _Parser:
    def __init__(self, lexer: Lexer) -> None:
        self._lexer = lexer
        self.token = lexer.next()

    def unexpected(self) -> ShellSyntaxError:
        token = self.token
        shown = {"": "end of file", "\n": "newline"}.get(token.text) or f'"{token.plain or token.text}"'
        return ShellSyntaxError(token.line, f"{shown} unexpected")

    def _take(self) -> Token:
        token = self.token
        self.token = self._lexer.next()
        return token

    def _is(self, *plain: str) -> bool:
        return self.token.word is not None and self.token.plain in plain and bool(self.token.plain)

    def _expect(self, plain: str) -> None:
        if not self._is(plain):
            raise self.unexpected()
        self._take()

    def _newlines(self) -> None:
        while self.token.text == "\n":
            self._take()

    def _body(self, *ends: str) -> Sequence:
        """Return the commands of a block, which must have some."""
        found = self.sequence(ends)
        if not found.steps:
            raise self.unexpected()
        return found

    def sequence(self, ends: tuple[str, ...]) -> Sequence:
        """Return commands up to the end, or to one of these words or operators, which is looked at and left."""
        steps: list[tuple[str, Node]] = []
        how = ";"
        while True:
            if how == ";":
                while self.token.text in ("\n", ";") and (self.token.text == "\n" or steps):
                    self._take()
                if not self.token.text or self.token.text in ends or self._is(*ends):
                    return Sequence(tuple(steps))
            else:
                self._newlines()
            steps.append((how, self._pipeline()))
            if self.token.text == "&":
                raise ShellSyntaxError(self.token.line, "background jobs are not simulated")
            how = self.token.text if self.token.text in ("&&", "||") else ";"
            if how != ";":
                self._take()
            elif self.token.text not in ("\n", ";", "", *ends) and not self._is(*ends):
                raise self.unexpected()

    def _pipeline(self) -> Node:
        negated = False
        while self._is("!"):
            self._take()
            negated = not negated
        commands = [self._command()]
        while self.token.text == "|":
            self._take()
            self._newlines()
            commands.append(self._command())
        return commands[0] if len(commands) == 1 and not negated else Pipeline(negated, tuple(commands))

    def _command(self) -> Node:
        if self.token.text == "(":
            self._take()
            body = self._body(")")
            if self.token.text != ")":
                raise self.unexpected()
            self._take()
            return Group(body, subshell=True, redirections=tuple(self._redirections()))
        match self.token.plain if self.token.word is not None else "":
            case "{":
                self._take()
                body = self._body("}")
                self._expect("}")
                return Group(body, subshell=False, redirections=tuple(self._redirections()))
            case "if":
                return self._redirected(self._if())
            case "for":
                return self._redirected(self._for())
            case "while" | "until":
                return self._redirected(self._while())
            case "case":
                return self._redirected(self._case())
            case word if word in RESERVED:
                raise self.unexpected()
        return self._simple()

    def _redirected(self, node: Node) -> Node:
        found = tuple(self._redirections())
        return Group(node, subshell=False, redirections=found) if found else node

    def _if(self) -> If:
        branches: list[tuple[Node | None, Node]] = []
        self._take()
        while True:
            condition = self._body("then")
            self._expect("then")
            branches.append((condition, self._body("elif", "else", "fi")))
            if not self._is("elif"):
                break
            self._take()
        if self._is("else"):
            self._take()
            branches.append((None, self._body("fi")))
        self._expect("fi")
        return If(tuple(branches))

    def _for(self) -> For:
        self._take()
        name = self._take().plain
        words: list[Word] = []
        self._newlines()
        if self._is("in"):
            self._take()
            while self.token.word is not None:
                words.append(self._take().word or ())
        while self.token.text in (";", "\n"):
            self._take()
        self._expect("do")
        body = self._body("done")
        self._expect("done")
        return For(name, tuple(words), body)

    def _while(self) -> While:
        until = self._take().plain == "until"
        condition = self._body("do")
        self._expect("do")
        body = self._body("done")
        self._expect("done")
        return While(condition, body, until)

    def _case(self) -> Case:
        self._take()
        word = self._take().word or ()
        self._newlines()
        self._expect("in")
        branches: list[tuple[tuple[Word, ...], Node]] = []
        self._newlines()
        while not self._is("esac"):
            if self.token.text == "(":
                self._take()
            patterns = [self._pattern()]
            while self.token.text == "|":
                self._take()
                patterns.append(self._pattern())
            if self.token.text != ")":
                raise self.unexpected()
            self._take()
            branches.append((tuple(patterns), self.sequence((";;", "esac"))))
            if self.token.text == ";;":
                self._take()
            self._newlines()
        self._take()
        return Case(word, tuple(branches))

    def _pattern(self) -> Word:
        if self.token.word is None:
            raise self.unexpected()
        return self._take().word or ()

    def _simple(self) -> Node:
        line = self.token.line
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirections: list[Redirection] = []
        while True:
            redirections += self._redirections()
            if self.token.word is None:
                break
            token = self._take()
            word = token.word or ()
            if not words and (assigned := _assignment(word)):
                assignments.append(assigned)
                continue
            if not words and token.plain and self.token.text == "(":
                return self._function(token.plain)
            words.append(word)
        if not (words or assignments or redirections):
            raise self.unexpected()
        return Simple(line, tuple(assignments), tuple(words), tuple(redirections))

    def _function(self, name: str) -> Function:
        self._take()
        if self.token.text != ")":
            raise self.unexpected()
        self._take()
        self._newlines()
        return Function(name, self._command())

    def _redirections(self) -> list[Redirection]:
        found: list[Redirection] = []
        while True:
            number = -1
            if self.token.word is not None and self.token.plain.isdecimal() and self._glued():
                number = int(self._take().plain)
            if self.token.text == "<<":
                raise ShellSyntaxError(self.token.line, "here-documents are not simulated")
            if self.token.text not in REDIRECTIONS:
                return found
            operator = self._take().text
            if self.token.word is None:
                raise self.unexpected()
            default = 0 if operator.startswith("<") else 1
            found.append(Redirection(default if number < 0 else number, operator, self._take().word or ()))

    def _glued(self) -> bool:
        """Return whether a redirection follows the word at hand without a blank: then it is its number."""
        return self._lexer.text[self._lexer.at : self._lexer.at + 1] in ("<", ">")


def _assignment(word: Word) -> tuple[str, Word] | None:
    first = word[0] if word else None
    if not isinstance(first, Text) or first.quoted:
        return None
    match = ASSIGNMENT.match(first.text)
    if match is None:
        return None
    rest = first.text[match.end() :]
    return match[1], ((Text(rest, quoted=False), *word[1:]) if rest else word[1:])
