"""The file systems of a router: flash, what is in NVRAM, and names of files as they are written.

Outputs are those of Cisco IOS Configuration Fundamentals Command Reference (`dir`, `verify`, `more`, `delete`) and of
recordings in public repositories; a C1111 calls its flash memory `bootflash:`, and `flash:` is the same
(Cisco 1100 Series Software Configuration Guide, "Using Cisco IOS XE Software").
"""

import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

TOTAL_BYTES = 2_904_358_912
FREE_BYTES = 1_933_672_448
"""Free when there are no files of ours: the image takes its share."""

IMAGE = "c1100-universalk9.17.09.04a.SPA.bin"
IMAGE_BYTES = 706_422_748

FLASH, NVRAM, SYSTEM, NULL = "bootflash:", "nvram:", "system:", "null:"
_SYSTEMS = {"flash:": FLASH, "bootflash:": FLASH, "nvram:": NVRAM, "system:": SYSTEM, "null:": NULL}
_SHORT = {"running-config": SYSTEM, "startup-config": NVRAM}

FULL = "No space left on device"
MISSING = "No such file or directory"


@dataclass(frozen=True, slots=True)
class Place:
    """A file that was named.

    Attributes:
        system: the file system.
        name: of the file, without a slash before it.
        written: as the device writes it.
    """

    system: str
    name: str
    written: str


class FileError(Exception):
    """A file that cannot be opened; its text is the device's."""

    def __init__(self, place: str, why: str, doing: str = "opening") -> None:
        super().__init__(f"%Error {doing} {place} ({why})")


@dataclass(frozen=True, slots=True)
class File:
    """A file in flash memory.

    Attributes:
        packed: its content, compressed: configurations fill the archives of many routers.
        size: of its content.
        written: when it was written.
        index: its number in the directory.
    """

    packed: bytes
    size: int
    written: datetime
    index: int

    @property
    def content(self) -> bytes:
        """What it holds."""
        return zlib.decompress(self.packed)


def file_of(content: bytes, written: datetime, index: int) -> File:
    """Return a file that holds something."""
    return File(zlib.compress(content, 1), len(content), written, index)


@dataclass(slots=True)
class Flash:
    """The flash memory.

    Attributes:
        files: by name.
        full: whether nothing more fits.
    """

    files: dict[str, File] = field(default_factory=dict)
    full: bool = False

    def write(self, place: Place, content: bytes, now: datetime) -> None:
        """Write a file anew.

        Raises:
            FileError: when it does not fit.
        """
        if self.full or len(content) > self.free + self._size(place.name):
            raise FileError(place.written, FULL)
        index = max((each.index for each in self.files.values()), default=20) + 1
        self.files[place.name] = file_of(content, now, index)

    def read(self, place: Place) -> bytes:
        """Return a file.

        Raises:
            FileError: when there is none.
        """
        if place.name not in self.files:
            raise FileError(place.written, MISSING)
        return self.files[place.name].content

    def delete(self, place: Place) -> None:
        """Take a file away.

        Raises:
            FileError: when there is none.
        """
        if place.name not in self.files:
            raise FileError(place.written, MISSING, "deleting")
        del self.files[place.name]

    @property
    def free(self) -> int:
        """Bytes that still fit."""
        return 0 if self.full else FREE_BYTES - sum(each.size for each in self.files.values())

    def _size(self, name: str) -> int:
        return self.files[name].size if name in self.files else 0

    def listing(self, written: str, name: str = "") -> str:
        """Return what `dir` says.

        Args:
            written: the file or file system as the user wrote it.
            name: of one file; empty for all.

        Raises:
            FileError: when there is no such file.
        """
        shown: Mapping[str, File] = {**self._image(), **self.files}
        if name:
            chosen = {each: file for each, file in shown.items() if each == name or each.startswith(f"{name}/")}
            if not chosen:
                raise FileError(written, MISSING)
            shown = chosen
        rows = [
            f"{file.index:>5}  -rw-  {file.size:>15}  "
            f"{file.written:%b} {file.written.day:>2} {file.written:%Y %H:%M:%S} +00:00  {each}"
            for each, file in sorted(shown.items(), key=lambda pair: pair[1].index)
        ]
        head = written if name or written.endswith("/") else f"{written}/"
        return "\n".join([f"Directory of {head}", "", *rows, "", self.room, ""])

    @property
    def room(self) -> str:
        """How much there is, and how much of it is free."""
        return f"{TOTAL_BYTES} bytes total ({self.free} bytes free)"

    @staticmethod
    def _image() -> dict[str, File]:
        return {IMAGE: File(b"", IMAGE_BYTES, datetime(2024, 1, 15, 9, 12, 44, tzinfo=UTC), 12)}


def place_of(written: str) -> Place | None:
    """Return the file that is meant; None when there is no such file system."""
    if written in _SHORT:
        return Place(_SHORT[written], written, written)
    found = re.fullmatch(r"([a-z0-9]+:)(/*)(.*)", written, re.IGNORECASE)
    if found is None:
        return Place(FLASH, written, f"{FLASH}/{written}")
    system = _SYSTEMS.get(found[1].lower())
    return Place(system, found[3], f"{system}{found[2]}{found[3]}") if system is not None else None


def md5_of(content: bytes) -> str:
    """Return what `verify /md5` computes."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
