"""Reads the text of a rendered configuration of a Cisco router: sections, access lists."""

import re
from collections import defaultdict

import pytest
from iosxe_renderings import CISCO

every = pytest.mark.parametrize("name", CISCO)


def sections(text: str) -> dict[str, list[str]]:
    """Lines below each top-level line."""
    result: dict[str, list[str]] = defaultdict(list)
    head = ""
    for line in text.splitlines():
        if line.startswith(" "):
            result[head].append(line[1:])
        elif line != "!":
            head = line
            result[head] = []
    return dict(result)


def begins(text: str, prefix: str) -> list[str]:
    """Top-level lines that begin so, without the prefix."""
    return [line.removeprefix(prefix) for line in text.splitlines() if line.startswith(prefix)]


def lists(text: str) -> dict[str, list[str]]:
    """Entries of every access list by its name, numbers included."""
    heads = ("ip access-list extended ", "ip access-list standard ", "ipv6 access-list ")
    return {head.split()[-1]: lines for head, lines in sections(text).items() if head.startswith(heads)}


def entries(text: str, role: str) -> list[str]:
    """Entries of the list of a role and family, without their numbers."""
    (lines,) = (lines for name, lines in lists(text).items() if name.rpartition("-")[0] == role)
    return [re.sub(r"^(?:sequence )?\d+ ", "", line) for line in lines]
