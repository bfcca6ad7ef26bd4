"""What an OLT says to a command: whether it did it, and which text is its answer."""

import re
from dataclasses import dataclass

REFUSED = re.compile(r"^\s*(?:Failure\s*:|%\s*\S|Error\s*:)", re.MULTILINE)
"""How every refusal begins: `Failure: …`, `% Unknown command, the error locates at '^'`, `% Parameter error, …`,
`% Incomplete command, …`, `% Too many parameters …` (published sessions: docs/huawei-smartax.md)."""

BUSY = re.compile(r"busy|try again later|retry after a while", re.IGNORECASE)
"""A refusal that passes: `Failure: System is busy, please retry after a while`."""

NOTHING_THERE = re.compile(
    r"(?:Failure\s*:\s*|^\s*)(?:The (?!.{0,40}\b(?:board|port|frame|slot)\b).{1,60}(?:does not|doesn't|do not) exist"
    r"|No service virtual port can be operated"
    r"|Automatically found ONTs do not exist)",
    re.IGNORECASE,
)
"""Refusals of a question that mean: there is none."""

UNDONE = re.compile(r"[^\n]*(?:\bsuccess\s*:\s*0\b|\bfailed\s*:\s*[1-9])[^\n]*")
"""A count that says that something was not done: `…, success: 0, failed: 1`."""

ALREADY_SO = re.compile(r"Failure\s*:\s*Make configuration repeatedly", re.IGNORECASE)
"""A refusal that means: it is so already."""

THERE_ALREADY = re.compile(r"\b(?:exists?|existed) already|already exists?\b", re.IGNORECASE)
"""A refusal that means: another run added it meanwhile. The names of what is shared say what it holds, so nothing is
lost by going on."""

ADDS_SHARED = ("traffic table ip name ", "dba-profile add profile-name ", "gem add ", "gem mapping ")
"""Beginnings of the commands that add what an OLT's ONTs share."""

CONFIRMATIONS = {
    "ont add ": re.compile(r"success\s*:\s*1\b"),
    "ont delete ": re.compile(r"success\s*:\s*1\b"),
    "traffic table ip ": re.compile(r"successfully|(?:Traffic Table|TD) Index|already", re.IGNORECASE),
}
"""Commands that say when they were done; all others are silent then."""

_REPEATED = re.compile(r"^\s*Command:\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an OLT refused.

    Attributes:
        words: its own, on one line.
        passing: whether it may take it a little later.
    """

    words: str
    passing: bool


def refusal(command: str, answer: str) -> Refusal | None:
    """Return what an answer refuses; None when it refuses nothing, or nothing that was not so already.

    Args:
        answer: without the echo of the command.
    """
    found = REFUSED.search(answer) or (None if command.startswith("display ") else UNDONE.search(answer))
    if found is None or ALREADY_SO.search(answer):
        return None
    words = " ".join(answer[found.start() :].split())
    if command.startswith(ADDS_SHARED) and THERE_ALREADY.search(words):
        return None
    return Refusal(words[:500], bool(BUSY.search(words)))


def confirmed(command: str, answer: str) -> bool:
    """Return whether an answer that refuses nothing says that the command was done, where it must say so."""
    return all(words.search(answer) for start, words in CONFIRMATIONS.items() if command.startswith(start))


def nothing_there(answer: str) -> bool:
    """Return whether a question is answered by: there is none."""
    return bool(NOTHING_THERE.search(" ".join(answer.split())))


def without_echo(command: str, answer: str) -> str | None:
    """Return an answer without the echo of its command, and None when it does not begin with it.

    The OLT breaks a long echo at the width of its terminal, and repeats the command under `Command:` when it asked for
    more parameters in between.
    """
    rest = _after(command, answer)
    if rest is None:
        return None
    repeated = _REPEATED.search(rest)
    if repeated is not None:
        again = _after(command, rest[repeated.end() :])
        return rest if again is None else again
    return rest


def _after(command: str, text: str) -> str | None:
    """Return what follows a command in a text that begins with it, white space left out of account."""
    letters = [each for each in command if not each.isspace()]
    position = 0
    for letter in letters:
        while position < len(text) and text[position].isspace():
            position += 1
        if position >= len(text) or text[position] != letter:
            return None
        position += 1
    return text[position:]
