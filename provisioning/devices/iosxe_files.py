"""The files by which a router with IOS-XE is told a change: what they are called, and what one says of itself."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

CANDIDATE: Final = "merge_config.txt"
"""What is merged; it stays until the change is confirmed or abandoned, and tells whose it is."""

BEFORE: Final = "rollback_config.txt"
"""What NAPALM keeps of the configuration before each change; the timer goes back to a copy of its own."""

_MARK = re.compile(r"^! proviso ([0-9a-f]{64}) ([0-9a-f]{64})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mark:
    """The first line of a file that is merged: a comment, which the router passes over.

    Attributes:
        base: digest of what was in force when the change was computed.
        wanted: digest of what will be in force.
    """

    base: str
    wanted: str

    def __str__(self) -> str:
        return f"! proviso {self.base} {self.wanted}"


def show_mark(file_system: str) -> str:
    """Return the command that shows the mark of the file on a router, and nothing else of it."""
    return f"more {file_system}/{CANDIDATE} | include ^! proviso"


def mark_in(text: str) -> Mark | None:
    """Return the mark in what that command answers; None when there is no such file."""
    found = _MARK.search(text)
    return Mark(found[1], found[2]) if found else None


@contextmanager
def handed_over(mark: Mark, patch: str) -> Iterator[str]:
    """Yield the path of a file to merge, which is in memory only: nothing is left behind, whatever ends us."""
    handle = os.memfd_create("proviso", os.MFD_CLOEXEC)
    try:
        os.fchmod(handle, 0o600)
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(f"{mark}\n{patch.rstrip()}\nend\n".encode())
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)
