"""Packs: many objects of git in one file, on disk together (gitformat-pack(5), versions 2 of pack and index).

One file a batch instead of one for each object: a night is written and synced at once, takes a tenth of the blocks on
disk, and is there whole or not at all. Proviso writes its objects without deltas, so packs are joined by copying.
"""

import hashlib
import os
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.backup_store.files import partial_of, sync_folder
from provisioning.backup_store.objects import Kind, oid_of

_LEVEL = 1
"""Of zlib: a sixth larger than the usual level, in a third of the time."""

_STORED = 256
"""Bytes of an object up to which it is stored as it is: names of objects, which most trees are made of, do not get
smaller, and to begin to compress takes longer than the rest of it."""

_SMALL_OFFSET = 0x80000000


@dataclass
class Batch:
    """Objects that are about to be written, each once.

    Attributes:
        entries: as they stand in a pack, by name.
        known: names of objects that the repository has already.
    """

    entries: dict[bytes, bytes] = field(default_factory=dict)
    known: set[bytes] = field(default_factory=set)

    def add(self, kind: Kind, data: bytes) -> bytes:
        """Take an object in, and return its name."""
        oid = oid_of(kind, data)
        if oid not in self.entries and oid not in self.known:
            self.entries[oid] = pack_entry(kind, data)
        return oid


def pack_entry(kind: Kind, data: bytes) -> bytes:
    """Return an object as it stands in a pack."""
    size = len(data)
    head = bytearray()
    byte, size = kind << 4 | size & 0x0F, size >> 4
    while size:
        head.append(byte | 0x80)
        byte, size = size & 0x7F, size >> 7
    head.append(byte)
    return bytes(head) + _deflated(data)


def _deflated(data: bytes) -> bytes:
    """Return a zlib stream: of a small object, one block that is stored (RFC 1950, 2.2; RFC 1951, 3.2.4)."""
    size = len(data)
    if size > _STORED:
        return zlib.compress(data, _LEVEL)
    return b"\x78\x01\x01" + struct.pack("<HH", size, size ^ 0xFFFF) + data + struct.pack(">I", zlib.adler32(data))


def write_pack(folder: Path, number: int, entries: Iterable[tuple[bytes, bytes]]) -> Path:
    """Write a pack and its index, on disk when this returns; readers see both or none.

    Args:
        folder: `objects/pack` of a repository.
        number: of the objects.
        entries: the name of each, and how it stands in a pack.

    Returns:
        The pack.
    """
    partial = partial_of(folder / "pack")
    try:
        digest, written = _write_objects(partial, number, entries)
        path = folder / f"pack-{digest.hex()}.pack"
        index = partial_of(folder / "index")
        try:
            _write(index, _index(written, digest))
            partial.replace(path)
            index.replace(path.with_suffix(".idx"))
        finally:
            index.unlink(missing_ok=True)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(folder)
    return path


def _write_objects(
    path: Path, number: int, entries: Iterable[tuple[bytes, bytes]]
) -> tuple[bytes, list[tuple[bytes, int, int]]]:
    """Return the checksum of the pack, and the name, CRC and offset of each object."""
    written = []
    checksum = hashlib.sha1(usedforsecurity=False)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb", 1 << 20) as file:
        head = struct.pack(">4sII", b"PACK", 2, number)
        file.write(head)
        checksum.update(head)
        offset = len(head)
        for oid, entry in entries:
            file.write(entry)
            checksum.update(entry)
            written.append((oid, zlib.crc32(entry), offset))
            offset += len(entry)
        file.write(checksum.digest())
        file.flush()
        os.fsync(file.fileno())
    if len(written) != number:
        raise AssertionError(f"{len(written)} objects where {number} were said")
    return checksum.digest(), written


def _index(written: list[tuple[bytes, int, int]], digest: bytes) -> bytes:
    rows = sorted(written)
    fanout, at = [], 0
    for first in range(256):
        while at < len(rows) and rows[at][0][0] <= first:
            at += 1
        fanout.append(at)
    large = [offset for *_, offset in rows if offset >= _SMALL_OFFSET]
    small, seen = [], 0
    for *_, offset in rows:
        small.append(offset if offset < _SMALL_OFFSET else _SMALL_OFFSET | seen)
        seen += offset >= _SMALL_OFFSET
    body = b"".join(
        (
            b"\xfftOc",
            struct.pack(">I256I", 2, *fanout),
            b"".join(oid for oid, *_ in rows),
            struct.pack(f">{len(rows)}I", *(crc for _, crc, _ in rows)),
            struct.pack(f">{len(rows)}I", *small),
            struct.pack(f">{len(large)}Q", *large),
            digest,
        )
    )
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
