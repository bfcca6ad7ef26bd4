"""Keeps to itself what looks like a secret that no rule of masking knew, in what people are shown of a router."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from provisioning.backups.suspicious import suspicious_lines
from provisioning.model.change import Difference

WITHHELD = "<withheld: it looks like a secret>"

TOLD = 3
"""Lines of a document that are named."""


def suspicious_texts(platform: str, masked: Mapping[str, str]) -> frozenset[str]:
    """Return the lines of masked documents that look like a secret, without the space around them.

    Args:
        platform: of the router.
        masked: texts by name.
    """
    return frozenset(
        text.split("\n")[each.line - 1].strip()
        for name, text in masked.items()
        for each in suspicious_lines(platform, name, text)
    )


def withhold(difference: Difference, suspicious: Collection[str]) -> Difference:
    """Return a difference without lines that look like a secret; how they changed stays to be seen."""
    lines = (
        f"{line[:1]}{WITHHELD}" if line[1:].strip() in suspicious else line for line in difference.text.split("\n")
    )
    return replace(difference, text="\n".join(lines))


def withhold_from(lines: tuple[str, ...], suspicious: Collection[str]) -> tuple[str, ...]:
    """Return commands without those that hold a line that looks like a secret."""
    return tuple(WITHHELD if any(each in line for each in suspicious) else line for line in lines)


def why_withheld(platform: str, masked: Mapping[str, str]) -> dict[str, str]:
    """Return why the masked text of a document is not to be kept, by its name; never with what was found there."""
    withheld = {}
    for name, text in masked.items():
        found = suspicious_lines(platform, name, text)
        if found:
            more = f", and {len(found) - TOLD} more" if len(found) > TOLD else ""
            said = ", ".join(f"line {each.line} ({each.word})" for each in found[:TOLD])
            withheld[name] = f"looks like a secret: {said}{more}"
    return withheld
