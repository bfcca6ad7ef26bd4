"""Reads objects from packs as Proviso writes them: as quickly as libgit2, which takes longer to load than a list.

What is not so is left to libgit2: an object by itself, a delta that another program made, a damaged one.
"""

import mmap
import struct
import zlib
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from provisioning.backup_store.objects import OID_BYTES, Kind, oid_of

# gitformat-pack(5), version 2 of the index: these bytes, 256 counts of names that begin with so much at most, the
# names in order, then for each its CRC and its offset; the first bit of an offset says that it is of the long ones.
_INDEX = b"\xfftOc\x00\x00\x00\x02"
_COUNTS = struct.Struct(">256I")
_NAMES = len(_INDEX) + _COUNTS.size
_CRC = _OFFSET = 4
_LONG = 0x80000000

_WRONG = (OSError, ValueError, LookupError, struct.error, zlib.error)


class PackedObjects:
    """The objects in a folder of packs, as it stood when it was first asked.

    Args:
        folder: `objects/pack` of a repository.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packs: list[_Pack] | None = None

    def read(self, oid: bytes) -> tuple[Kind, bytes] | None:
        """Return an object that is what its name says; None where another reader has to look."""
        if self._packs is None:
            opened = map(_open, self._folder.glob("pack-*.idx"))
            self._packs = [pack for pack in opened if pack is not None]
        for pack in self._packs:
            try:
                found = pack.read(oid)
            except _WRONG:
                return None
            if found is not None:
                return found if oid_of(*found) == oid else None
        return None


@dataclass(frozen=True, slots=True)
class _Pack:
    """A pack and its index, as they lie on disk."""

    index: mmap.mmap
    data: mmap.mmap
    counts: tuple[int, ...]

    def __len__(self) -> int:
        return self.counts[-1]

    def __getitem__(self, at: int) -> bytes:
        begin = _NAMES + at * OID_BYTES
        return self.index[begin : begin + OID_BYTES]

    def read(self, oid: bytes) -> tuple[Kind, bytes] | None:
        """Return an object; None when it is not in here."""
        first = oid[0]
        at = bisect_left(self, oid, self.counts[first - 1] if first else 0, self.counts[first])
        if at == self.counts[first] or self[at] != oid:
            return None
        return self._entry(self._offset(at))

    def _offset(self, at: int) -> int:
        offsets = _NAMES + len(self) * (OID_BYTES + _CRC)
        found: int
        (found,) = struct.unpack_from(">I", self.index, offsets + at * _OFFSET)
        if found & _LONG:
            (found,) = struct.unpack_from(">Q", self.index, offsets + len(self) * _OFFSET + (found & ~_LONG) * 8)
        return found

    def _entry(self, at: int) -> tuple[Kind, bytes]:
        byte = self.data[at]
        kind, size, bits = Kind(byte >> 4 & 7), byte & 0x0F, 4
        while byte & 0x80:
            at += 1
            byte = self.data[at]
            size |= (byte & 0x7F) << bits
            bits += 7
        with memoryview(self.data) as view, view[at + 1 :] as rest:
            found = zlib.decompressobj().decompress(rest, size + 1)
        if len(found) != size:
            raise ValueError("an object is longer or shorter than it says")
        return kind, found


def _open(path: Path) -> _Pack | None:
    try:
        index, data = _mapped(path), _mapped(path.with_suffix(".pack"))
        if index[: len(_INDEX)] != _INDEX:
            return None
        return _Pack(index, data, _COUNTS.unpack_from(index, len(_INDEX)))
    except _WRONG:
        return None


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
