"""Where everything of the backups lies: one folder, readable with git and age alone."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioning.model.line_id import line_number

SHARDS = 1000
"""Folders that the lines are spread over, by the last three digits: a changed line rewrites a small tree."""

LINES = "lines"
METADATA = "backup.json"
DOCUMENTS = "documents"

VERSION = re.compile(r"\d{8}T\d{6}Z(?:-[1-9]\d*)?")
"""Id of a version: when it was taken, in UTC."""

DOCUMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Name of a document: it becomes the name of a file."""


def shard(line: str) -> str:
    """Return the folder of a line: the last three digits of its number.

    Raises:
        ValueError: when it is no line id.
    """
    return f"{line_number(line) % SHARDS:03d}"


def version_id(taken_at: datetime, number: int = 1) -> str:
    """Return the id of the version of a moment; `number` tells several of one second apart."""
    stem = f"{taken_at:%Y%m%dT%H%M%SZ}"
    return stem if number == 1 else f"{stem}-{number}"


def number_after(taken_at: datetime, before: str) -> int:
    """Return from which number on ids of a moment come after that of another version.

    Args:
        before: the id of that version; empty for none.
    """
    stem, number = version_order(before)
    return number + 1 if stem == version_id(taken_at) else 1


def version_order(identifier: str) -> tuple[str, int]:
    """Return what the versions of a line are sorted by, oldest first."""
    stem, _, number = identifier.partition("-")
    return stem, int(number or 1)


@dataclass(frozen=True, slots=True)
class Layout:
    """The folder of the backups."""

    folder: Path

    @property
    def git(self) -> Path:
        """The bare repository of masked texts."""
        return self.folder / "masked.git"

    @property
    def sealed(self) -> Path:
        """Encrypted originals."""
        return self.folder / "sealed"

    @property
    def journal(self) -> Path:
        """What was kept, and is not in the repository yet."""
        return self.folder / "journal"

    @property
    def resealed(self) -> Path:
        """Originals that were encrypted anew, before they take their place."""
        return self.folder / "resealed"

    @property
    def dropping(self) -> Path:
        """The list of versions that are about to be dropped."""
        return self.folder / "dropping.json"

    @property
    def pruned(self) -> Path:
        """Says when versions past their time were dropped last."""
        return self.folder / "pruned"

    @property
    def lock(self) -> Path:
        """The lock of whoever changes the repository."""
        return self.folder / "lock"

    def sealed_folder(self, line: str) -> Path:
        """Return where the originals of a line are."""
        return self.sealed / shard(line) / line

    def sealed_file(self, line: str, version: str) -> Path:
        """Return where the original of a version is."""
        return self.sealed_folder(line) / f"{version}.age"

    def resealed_file(self, line: str, version: str) -> Path:
        """Return where an original that was encrypted anew is before it takes its place."""
        return self.resealed / f"{line}.{version}.age"

    def journal_file(self, line: str, version: str, more: int = 0) -> Path:
        """Return where a version is until it is in the repository, and so many more that were kept with it."""
        return self.journal / f"{line}{f'+{more}' if more else ''}.{version}.json"
