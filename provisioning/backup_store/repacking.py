"""Packs are joined by copying: of all objects, or of those that are still wanted."""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from provisioning.backup_store.files import sync_folder
from provisioning.backup_store.objects import OID_BYTES, Damaged, Kind
from provisioning.backup_store.pack import pack_entry, write_pack
from provisioning.backup_store.repository import Repository

MOST_PACKS = 32
"""Packs of a repository before the smaller ones are joined: readers look into each."""

_HEAD = 8 + 256 * 4
_LARGE = 0x80000000
_WHOLE = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object stands in a pack, and the CRC of what stands there."""

    pack: Path
    begin: int
    end: int
    crc: int


def join_packs(repository: Repository) -> None:
    """Join small packs of a repository when there are many; whoever calls holds the lock."""
    packs = packs_of(repository)
    if len(packs) <= MOST_PACKS:
        return
    joined = small_ones([(path.stat().st_size, path) for path in packs])
    # What is damaged is left as it is, for others to find; without room the packs stay many.
    with suppress(Damaged, OSError):
        replace_packs(repository, joined, places_in(joined))


def small_ones(packs: Iterable[tuple[int, Path]]) -> list[Path]:
    """Return the smallest packs, and larger ones as long as each adds less than half to them all together.

    So each object is copied a few times in its life, and not whenever packs are joined.

    Args:
        packs: size in bytes, and path.
    """
    found: list[Path] = []
    total = 0
    for size, path in sorted(packs):
        if len(found) >= MOST_PACKS // 4 and size > total / 2:
            break
        found.append(path)
        total += size
    return found


def packs_of(repository: Repository) -> list[Path]:
    """Return the packs that have an index."""
    return [path for path in sorted(repository.packs.glob("*.pack")) if path.with_suffix(".idx").exists()]


def replace_packs(repository: Repository, packs: Iterable[Path], places: Mapping[bytes, Place]) -> None:
    """Copy objects into one pack, and remove the packs before; readers find each of them all the time.

    Args:
        packs: that are removed.
        places: the objects that stay, and where they stand.

    Raises:
        Damaged: when an object is not what was written; nothing is removed then.
    """
    new = write_pack(repository.packs, len(places), _entries(repository, places)) if places else None
    for each in packs:
        if each != new:
            # The index first: a pack without one is nobody's.
            for path in (each.with_suffix(".idx"), each):
                path.unlink(missing_ok=True)
    sync_folder(repository.packs)


def places_in(packs: Iterable[Path]) -> dict[bytes, Place]:
    """Return where each object of packs stands, by its name.

    Raises:
        Damaged: when an index is damaged.
    """
    places: dict[bytes, Place] = {}
    for pack in packs:
        rows = sorted(_index_of(pack), key=lambda row: row[1])
        end = (b"", pack.stat().st_size - OID_BYTES, 0)
        for (oid, begin, crc), (_, after, _) in pairwise([*rows, end]):
            places[oid] = Place(pack, begin, after, crc)
    return places


def _index_of(pack: Path) -> list[tuple[bytes, int, int]]:
    """Return the name, offset and CRC of each object of a pack (gitformat-pack(5), index version 2)."""
    path = pack.with_suffix(".idx")
    data = path.read_bytes()
    if hashlib.sha1(data[:-OID_BYTES], usedforsecurity=False).digest() != data[-OID_BYTES:]:
        raise Damaged(f"the index {path.name} is damaged")
    (number,) = struct.unpack(">I", data[_HEAD - 4 : _HEAD])
    after_names = _HEAD + number * OID_BYTES
    crcs = struct.unpack_from(f">{number}I", data, after_names)
    offsets = struct.unpack_from(f">{number}I", data, after_names + number * 4)
    names = (data[at : at + OID_BYTES] for at in range(_HEAD, after_names, OID_BYTES))
    large = after_names + number * 8
    whole = (_whole(data, large, offset) for offset in offsets)
    return list(zip(names, whole, crcs, strict=True))


def _whole(data: bytes, large: int, offset: int) -> int:
    if not offset & _LARGE:
        return offset
    found: tuple[int] = struct.unpack_from(">Q", data, large + (offset & ~_LARGE) * 8)
    return found[0]


def _entries(repository: Repository, places: Mapping[bytes, Place]) -> Iterator[tuple[bytes, bytes]]:
    by_pack: dict[Path, list[tuple[bytes, Place]]] = {}
    for oid, place in places.items():
        by_pack.setdefault(place.pack, []).append((oid, place))
    for pack, rows in by_pack.items():
        with pack.open("rb") as file:
            for oid, place in rows:
                file.seek(place.begin)
                entry = file.read(place.end - place.begin)
                if zlib.crc32(entry) != place.crc:
                    raise Damaged(f"object {oid.hex()} is damaged")
                yield oid, _without_delta(repository, oid, entry)


def _without_delta(repository: Repository, oid: bytes, entry: bytes) -> bytes:
    if entry[0] >> 4 & 7 in _WHOLE:
        return entry
    # Somebody ran `git gc`: it is written as a difference from another object.
    return pack_entry(*repository.read_any(oid))
