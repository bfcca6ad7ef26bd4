"""A glance at the packs of the repository: whether they are what was written, as far as that is seen in no time.

A list reads no masked text, so it would say nothing of a pack whose texts are damaged. `verify` reads everything.
"""

import hashlib
import struct
from pathlib import Path

from provisioning.backup_store.layout import Layout

READ_AT_MOST = 64 * 1024 * 1024
"""Bytes of packs whose checksum is computed, the smallest packs first: 40 ms of processor time."""

# gitformat-pack(5): a pack begins with `PACK`, its version and the number of its objects, and ends with its SHA-1. An
# index of version 2 begins with these bytes and a table whose last number is that of the objects; the SHA-1 of its
# pack and its own stand at its end.
_PACK = struct.Struct(">4sII")
_INDEX = b"\xfftOc\x00\x00\x00\x02"
_LAST_COUNT = len(_INDEX) + 255 * 4
_SHA_1 = 20


def damaged_packs(layout: Layout) -> tuple[str, ...]:
    """Return the files of packs that are not what was written, relative to the folder of the backups.

    A pack that goes meanwhile, because another process joins it with others, is none.
    """
    folder = layout.git / "objects" / "pack"
    found: list[tuple[int, Path]] = []
    for pack in folder.glob("pack-*.pack"):
        try:
            found.append((pack.stat().st_size, pack))
        except OSError:
            continue
    left, damaged = READ_AT_MOST, []
    for size, pack in sorted(found):
        left -= size
        try:
            whole = _is_whole(pack, size, read=left >= 0)
        except FileNotFoundError:
            continue
        except OSError:
            whole = False
        if not whole:
            damaged.append(str(pack.relative_to(layout.folder)))
    return tuple(sorted(damaged))


def _is_whole(pack: Path, size: int, *, read: bool) -> bool:
    index = pack.with_suffix(".idx").read_bytes()
    with pack.open("rb") as file:
        head = file.read(_PACK.size)
        file.seek(max(0, size - _SHA_1))
        end = file.read()
        if len(head) < _PACK.size or len(index) < _LAST_COUNT + 4 + 2 * _SHA_1 or not index.startswith(_INDEX):
            return False
        word, _, objects = _PACK.unpack(head)
        (counted,) = struct.unpack_from(">I", index, _LAST_COUNT)
        if word != b"PACK" or objects != counted or end != index[-2 * _SHA_1 : -_SHA_1]:
            return False
        if not read:
            return True
        file.seek(0)
        body = file.read(size - _SHA_1)
    return hashlib.sha1(body, usedforsecurity=False).digest() == end
