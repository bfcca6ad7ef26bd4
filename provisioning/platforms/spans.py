"""Parts of a text that are replaced when people see it, and the lines that are worth looking for them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

Span = tuple[int, int]
"""Where a part begins, and where it has ended."""

MASKED = "\x1a"
"""Stands for a secret's placeholder while a masked text is looked at."""

# What a pattern that ignores case takes for i, s and k, and `lower` does not, or makes longer (Python's re,
# "IGNORECASE").
_FOLDED = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}


def merged(found: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, those that overlap made one."""
    whole: list[Span] = []
    for first, last in sorted(found):
        if whole and first < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return tuple(whole)


def replaced(text: str, spans: Sequence[Span], by: Callable[[str], str]) -> str:
    """Return text with something else in place of each span.

    Args:
        spans: in order, none within another, as `merged` gives them.
        by: what stands there in place of such a part.
    """
    parts, end = [], 0
    for first, last in spans:
        parts += [text[end:first], by(text[first:last])]
        end = last
    return "".join([*parts, text[end:]])


def folded(text: str) -> str:
    """Return text in lower case, each character where it was, as patterns that ignore case compare it."""
    return (text if text.isascii() else text.translate(_FOLDED)).lower()


def shortest(hints: Iterable[str]) -> tuple[str, ...]:
    """Return words without those that hold another of them: whoever looks for the others finds them as well."""
    some = tuple(dict.fromkeys(hints))
    return tuple(each for each in some if not any(other in each for other in some if other != each))


def lines_with(hints: Iterable[str], text: str) -> Iterator[Span]:
    """Yield the lines that hold one of several words, in order and without their newlines.

    To look for a dozen fixed words in the whole text costs a hundredth of holding each line against a pattern.

    Args:
        hints: in lower case.
        text: as `folded` gives it.
    """
    starts = set()
    for hint in hints:
        at = text.find(hint)
        while at >= 0:
            starts.add(text.rfind("\n", 0, at) + 1)
            end = text.find("\n", at)
            at = text.find(hint, end) if end >= 0 else -1
    for start in sorted(starts):
        end = text.find("\n", start)
        yield start, end if end >= 0 else len(text)


def section_of(text: str, at: int) -> str:
    """Return the line of the section that an indented line stands in, in lower case; empty when it stands in none.

    Args:
        text: where sections stand by indentation, and `!` begins a comment.
        at: where the line begins.
    """
    while at > 0:
        start = text.rfind("\n", 0, at - 1) + 1
        if text[start : start + 1] not in (" ", "\t", "!", "\n", "\r", ""):
            return text[start : at - 1].lower()
        at = start
    return ""
