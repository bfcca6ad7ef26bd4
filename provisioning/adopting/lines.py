"""Lines of a router's configuration for people's eyes: masked, and left out where masking cannot be trusted."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from provisioning.model.adoption import AdoptedLine
from provisioning.model.read_intent import Place, Unread
from provisioning.model.secret import REDACTED

LONGEST = 200
"""Characters of a line that are shown and kept."""

MOST = 2_000
"""Lines that are kept of one look: a router that has more beside what we render is not one of a line of ours."""

WITHHELD = "<not shown: it may hold a secret>"

_SUSPICIOUS = re.compile(
    r"passw|secret|passphrase|\bpsk\b|\bkey\b|_key|community|token|credential|private", re.IGNORECASE
)

Mask = Callable[[str, str], str]


class ShownLines:
    """The lines of a router's documents, as people may see them.

    Args:
        documents: texts by name, secrets included.
        mask: of the platform, given a document's name and text.
    """

    def __init__(self, documents: Mapping[str, str], mask: Mask) -> None:
        self._raw = {name: text.split("\n") for name, text in documents.items()}
        self._masked = {name: mask(name, text).split("\n") for name, text in documents.items()}

    def line(self, place: Place) -> str:
        """Return a line; empty for a document as a whole."""
        raw = self._raw.get(place.document, [])
        if not 1 <= place.line <= len(raw):
            return ""
        masked = self._masked[place.document]
        # A secret of several lines leaves one line behind, and nobody can say any more which is which.
        if len(masked) != len(raw):
            return WITHHELD
        text = masked[place.line - 1].strip()
        if REDACTED not in text and _SUSPICIOUS.search(text):
            return WITHHELD
        shown = text.encode("utf-8", "replace").decode("utf-8")
        return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


def unread_lines(unread: Iterable[Unread], shown: ShownLines) -> tuple[AdoptedLine, ...]:
    """Return what could not be read, with its lines."""
    found = (AdoptedLine(str(each.place), shown.line(each.place), f"{each.what}: {each.reason}") for each in unread)
    return tuple(_at_most(found))


def lines_at(places: Iterable[Place], shown: ShownLines, reason: str) -> tuple[AdoptedLine, ...]:
    """Return lines, each for the same reason."""
    return tuple(_at_most(AdoptedLine(str(each), shown.line(each), reason) for each in places))


def _at_most(lines: Iterable[AdoptedLine]) -> Iterator[AdoptedLine]:
    for count, each in enumerate(lines):
        if count == MOST:
            yield AdoptedLine("", "", f"and more than {MOST} such lines, which are left out here")
            return
        yield each
