"""Which lines of a router's documents differ from those that are rendered for what they say."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from provisioning.model.read_intent import Place
from provisioning.platforms.linux_cpe.documents import DOCUMENTS

MOST_LINES = 4_000
"""Of a document that is compared line by line: the time grows with their square."""


def lines_besides(documents: Mapping[str, str], others: Mapping[str, str]) -> tuple[Place, ...]:
    """Return the lines of documents that others have not, in the order of application.

    Args:
        documents: texts by name.
        others: likewise.

    Returns:
        The places; one for the whole of a document that the others lack or that is too long.
    """
    return tuple(place for each in DOCUMENTS for place in _besides(each.name, documents, others))


def _besides(name: str, documents: Mapping[str, str], others: Mapping[str, str]) -> Iterator[Place]:
    text, other = documents.get(name), others.get(name)
    if text is None or text == other:
        return
    lines = [each.strip() for each in text.split("\n")]
    if other is None or len(lines) > MOST_LINES:
        yield Place(name)
        return
    matcher = SequenceMatcher(None, lines, [each.strip() for each in other.split("\n")], autojunk=False)
    for tag, first, last, _, _ in matcher.get_opcodes():
        if tag in ("delete", "replace"):
            yield from (Place(name, at + 1) for at in range(first, last) if lines[at])
