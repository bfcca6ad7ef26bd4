"""What an OLT's terminal says, as it stands on a screen: without what pages it, without escapes."""

import codecs
import re

LONGEST_QUESTION = 4096
"""Characters; the parameters that a command may still take are the longest."""

_MORE = r"(?<!-)-{2,}[^\S\n]*More[^\S\n]*\([^)\n]*\)[^\S\n]*-{2,}"
# None of these may match across the end of a line: a line that has ended is cleaned once.
_PAGED = re.compile(rf"{_MORE}(?:\x1b\[\d+D[^\S\n]*\x1b\[\d+D)?")
_MORE_NOW = re.compile(rf"{_MORE}\s*$")
_CURSOR_BACK = re.compile(r" \x1b\[1D")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_END_OF_QUESTION = tuple("-:)]?")


class Screen:
    """Takes what arrives in pieces, cut anywhere.

    Attributes:
        text: what stands there.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ended = ""
        self._line = ""
        self._unanswered = ""
        self.text = ""

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        new = self._decoder.decode(piece)
        ended, newline, self._line = (self._line + new).rpartition("\n")
        self._ended += clean(ended + newline)
        self.text = self._ended + clean(self._line)
        self._unanswered = (self._unanswered + new)[-LONGEST_QUESTION:]

    def answered(self) -> None:
        """Take what stands there for answered; what comes next may be a question again."""
        self._unanswered = ""

    def question(self) -> str:
        """Return what came since the last answer, at most its end; nothing when it cannot end in a question."""
        return clean(self._unanswered) if self._end().endswith(_END_OF_QUESTION) else ""

    def pages(self) -> bool:
        """Return whether it waits for a key before it shows the next page."""
        end = self._end()
        return end.endswith("-") and _MORE_NOW.search(end) is not None

    def _end(self) -> str:
        return _ESCAPE.sub("", self._unanswered.rpartition("\n")[2]).rstrip()


def clean(raw: str) -> str:
    """Return text as it stands on a screen."""
    text = _CURSOR_BACK.sub("", _PAGED.sub("", raw))
    return _ESCAPE.sub("", text).replace("\r", "").replace("\b", "")
