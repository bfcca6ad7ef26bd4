"""Reads the text of a running configuration, as far as the device itself needs to know what it says."""

import shlex
from collections.abc import Iterator


def lines_below(text: str, head: str) -> list[str]:
    """Return what stands below a line at the left margin, each with its indentation; empty when it is not there."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith(" "):
            inside = line == head
        elif inside:
            found.append(line)
    return found


def has(text: str, line: str) -> bool:
    """Return whether a line stands at the left margin."""
    return line in text.splitlines()


def value(text: str, words: str) -> str:
    """Return what stands behind some words at the left margin, in the last line that begins so; empty for none."""
    return next(reversed(list(values(text, words))), "")


def values(text: str, words: str) -> Iterator[str]:
    """Yield what stands behind some words at the left margin, of each line that begins so."""
    head = f"{words} "
    for line in text.splitlines():
        if line.startswith(head):
            yield line[len(head) :].strip()


def blocks(text: str, words: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what stands behind some words at the left margin, and the lines below, for each line that begins so."""
    held: tuple[str, list[str]] | None = None
    for line in text.splitlines():
        if line.startswith(" "):
            if held is not None:
                held[1].append(line.strip())
            continue
        if held is not None:
            yield held
        held = (line[len(words) + 1 :].strip(), []) if line.startswith(f"{words} ") else None
    if held is not None:
        yield held


def split(line: str) -> list[str]:
    """Return the words of a line, of which one in quotes is one."""
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()
