"""What the terminal of a router with IOS-XE says: its lines, its prompts, the answer after the echo of a command."""

import codecs
import re
from collections.abc import Sequence

LARGEST_ANSWER = 16 * 1024 * 1024
"""Characters; a configuration is a few ten thousand."""

_NAME = r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,63})"
_CONFIGURING = r"\(config[^()\s]*\)#"
_ANY = re.compile(rf"{_NAME}(?:[#>]|{_CONFIGURING})")

_CONFIRM = "[confirm]"

_ASIDES_BEGIN = "Rollback Confirmed Change: "

_ASIDE = re.compile(rf"^{_ASIDES_BEGIN}(?:Rollback|Backing|[Rr]olling).*\n", re.MULTILINE)
"""What it says to every terminal of the user, whatever is under way there, when a change is about to go back (Cisco
IOS XE 17 System Management Configuration Guide, "Configuration Rollback Confirmed Change")."""


def any_prompt() -> re.Pattern[str]:
    """Return what matches the prompt of any router, in any mode, with its `name`."""
    return _ANY


def prompt_of(name: str) -> re.Pattern[str]:
    """Return what matches the prompt of one router; in configuration mode IOS shows only the beginning of its name."""
    return re.compile(rf"(?P<name>{re.escape(name)})[#>]|[^\s()#>]{{1,64}}{_CONFIGURING}")


def without_asides(text: str) -> str:
    """Return an answer without what the router tells every terminal meanwhile."""
    return _ASIDE.sub("", text) if _ASIDES_BEGIN in text else text


class Screen:
    """Takes what arrives in pieces, cut anywhere.

    Attributes:
        text: what stands there.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pieces: list[str] = []
        self._length = 0
        self.last_line = ""

    @property
    def too_long(self) -> bool:
        """Whether it is more than any answer has."""
        return self._length > LARGEST_ANSWER

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        new = self._decoder.decode(piece).replace("\r", "").replace("\b", "").replace("\0", "")
        self._pieces.append(new)
        self._length += len(new)
        self.last_line = (self.last_line + new).rpartition("\n")[2]

    def asks_to_confirm(self) -> bool:
        """Return whether it waits for Enter, once for each question."""
        if not self.last_line.endswith(_CONFIRM):
            return False
        self.last_line = ""
        return True

    def answers_to(self, commands: Sequence[str], prompt: str) -> list[str] | None:
        """Return what stands behind the echo of each of several commands; None when the last echo is not there yet.

        Args:
            prompt: that stands before each of them, or before what was told meanwhile.
        """
        text = "".join(self._pieces).rpartition("\n")
        whole, at, found = text[0] + text[1], 0, []
        for command in commands:
            echo = re.compile(rf"^(?:{re.escape(prompt)})?{re.escape(command)} *\n", re.MULTILINE).search(whole, at)
            if echo is None:
                return None
            found.append(echo)
            at = echo.end()
        ends = [*(each.start() for each in found[1:]), len(whole)]
        # A prompt at which nothing was typed: something else was told there.
        left = re.compile(rf"^{re.escape(prompt)}.*\n", re.MULTILINE)
        answers = (whole[echo.end() : end] for echo, end in zip(found, ends, strict=True))
        return [without_asides(left.sub("", each)) for each in answers]

    def answer_to(self, command: str, prompt: str) -> str | None:
        """Return what stands between the echo of a command and the last line; None when there is no echo yet.

        Args:
            prompt: that stood before the command; it is shown again when another message came between.
        """
        before = "".join(self._pieces).rpartition("\n")
        text = before[0] + before[1]
        echo = re.compile(rf"^(?:{re.escape(prompt)})?{re.escape(command)} *\n", re.MULTILINE)
        found = echo.search(text)
        return without_asides(text[found.end() :]) if found else None
