"""Cuts a script of the simulated routers into words and operators."""

from collections.abc import Callable

from provisioning.stands.simulator.linux_cpe.shell_syntax import (
    Node,
    Part,
    ShellSyntaxError,
    Substitution,
    Text,
    Token,
    Variable,
    Word,
)

OPERATORS = ("&&", "||", ";;", ">>", ">&", "<&", "<<", ";", "&", "|", "(", ")", "<", ">", "\n")
SPECIAL = "@*#?$!-0123456789"
NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"
END_OF_WORD = " \t\n;&|()<>"
EXPANSIONS = (":-", ":+", ":=", ":?", "##", "%%", "-", "+", "=", "?", "#", "%")

Parse = Callable[["Lexer", str], Node]


class Lexer:
    """Reads tokens from a script.

    Args:
        text: of the script.
        parse: reads a command substitution up to a closing parenthesis.
    """

    def __init__(self, text: str, parse: Parse) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self._parse = parse

    def next(self) -> Token:
        """Return the next token; its text is empty at the end."""
        self._skip()
        if self.at >= len(self.text):
            return Token(self.line, "")
        for each in OPERATORS:
            if self.text.startswith(each, self.at):
                token = Token(self.line, each)
                self._move(len(each))
                return token
        line, start = self.line, self.at
        word = self._word(END_OF_WORD, quoted=False)
        plain = self.text[start : self.at]
        if any(each in plain for each in "\"'\\$`"):
            plain = ""
        return Token(line, "word", word, plain)

    def _skip(self) -> None:
        while self.at < len(self.text):
            if self.text[self.at] in " \t":
                self.at += 1
            elif self.text.startswith("\\\n", self.at):
                self._move(2)
            elif self.text[self.at] == "#":
                while self.at < len(self.text) and self.text[self.at] != "\n":
                    self.at += 1
            else:
                return

    def _move(self, count: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count

    def _word(self, ends: str, *, quoted: bool) -> Word:
        parts: list[Part] = []
        while self.at < len(self.text) and self.text[self.at] not in ends:
            each = self.text[self.at]
            if each == "\\":
                parts += self._escaped(quoted=quoted)
            elif each == "'" and not quoted:
                parts.append(self._single())
            elif each == '"':
                self.at += 1
                parts += [Text("", quoted=True), *self._word('"', quoted=True)]
                self._close('"')
            elif each == "$":
                parts.append(self._dollar(quoted=quoted))
            elif each == "`":
                raise ShellSyntaxError(self.line, "back quotes are not simulated")
            else:
                parts.append(Text(each, quoted=quoted))
                self._move(1)
        return _joined(parts)

    def _escaped(self, *, quoted: bool) -> list[Part]:
        following = self.text[self.at + 1 : self.at + 2]
        self._move(2)
        if following == "\n":
            return []
        if quoted and following not in '$`"\\':
            return [Text("\\" + following, quoted=True)]
        return [Text(following, quoted=True)]

    def _single(self) -> Text:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise ShellSyntaxError(self.line, "Unterminated quoted string")
        text = self.text[self.at + 1 : end]
        self._move(end + 1 - self.at)
        return Text(text, quoted=True)

    def _close(self, character: str) -> None:
        if not self.text.startswith(character, self.at):
            what = "Unterminated quoted string" if character == '"' else "end of file unexpected"
            raise ShellSyntaxError(self.line, what)
        self.at += 1

    def _dollar(self, *, quoted: bool) -> Part:
        self.at += 1
        following = self.text[self.at : self.at + 1]
        if self.text.startswith("((", self.at):
            raise ShellSyntaxError(self.line, "arithmetic is not simulated")
        if following == "(":
            self.at += 1
            return Substitution(self._parse(self, ")"), quoted)
        if following == "{":
            return self._braced(quoted=quoted)
        if following and following in SPECIAL:
            self.at += 1
            return Variable(following, quoted)
        name = self._name()
        return Variable(name, quoted) if name else Text("$", quoted=True)

    def _braced(self, *, quoted: bool) -> Variable:
        self.at += 1
        name = self._name()
        if not name and self.text[self.at : self.at + 1] in SPECIAL:
            name = self.text[self.at]
            self.at += 1
        operator = next((each for each in EXPANSIONS if self.text.startswith(each, self.at)), "")
        self.at += len(operator)
        word = self._word("}", quoted=False) if operator else ()
        if not name or not self.text.startswith("}", self.at):
            raise ShellSyntaxError(self.line, "Bad substitution" if self.at < len(self.text) else "Missing '}'")
        self.at += 1
        return Variable(name, quoted, operator, word)

    def _name(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in NAME:
            if self.at == start and self.text[self.at].isdecimal():
                break
            self.at += 1
        return self.text[start : self.at]


def _joined(parts: list[Part]) -> Word:
    """Return the parts, with neighbouring characters as one text."""
    found: list[Part] = []
    for each in parts:
        last = found[-1] if found else None
        if isinstance(each, Text) and isinstance(last, Text) and last.quoted == each.quoted:
            found[-1] = Text(last.text + each.text, each.quoted)
        else:
            found.append(each)
    return tuple(found)
