"""One file with everything of the backups, for another place: a tar archive, the same for the same state."""

import hashlib
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from provisioning.backup_store.files import PARTIAL, partial_of, sync_folder, told
from provisioning.backup_store.layout import Layout
from provisioning.backup_store.recipients import FILE_NAME as RECIPIENTS
from provisioning.backup_store.repacking import packs_of
from provisioning.backup_store.repository import Repository
from provisioning.backup_store.store import BackupStore
from provisioning.errors import BadInput

TOP = "proviso-backups"
"""The folder that a bundle unpacks to."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was written.

    Attributes:
        digest: its SHA-256, in hexadecimal: whoever carries it says whether it arrived whole.
    """

    path: Path
    files: int
    bytes: int
    digest: str


class _Hashed:
    """Writes to a file, and hashes what it writes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()


def export(store: BackupStore, target: Path) -> Bundle:
    """Write everything of the backups into one file, which only its owner may read.

    Args:
        target: a file that is not there yet; it is there whole or not at all.

    Raises:
        BadInput: when there is such a file, or nothing to export.
        StoreUnusable: no permission, no space.
        StoreLocked: another process holds the lock for too long.
    """
    if target.exists():
        raise BadInput("there is such a file already", where=str(target), remedy="Name one that does not exist.")
    if not store.folder.is_dir():
        raise BadInput("there are no backups yet", where=str(store.folder), remedy="`proviso backup run` makes them.")
    with told(target), store.changing() as repository:
        store.commit_held(repository, "Keep what was left in the journal")
        paths = sorted(_files(store.layout, repository))
        partial = partial_of(target)
        try:
            digest = _write(partial, store.folder, paths)
            os.link(partial, target)
        except FileExistsError:
            raise BadInput("there is such a file now", where=str(target), remedy="Name another one.") from None
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(target.absolute().parent)
    return Bundle(target, len(paths), target.stat().st_size, digest)


def _files(layout: Layout, repository: Repository) -> Iterator[Path]:
    """Yield what belongs into a bundle: no lock, nothing half written."""
    recipients = layout.folder / RECIPIENTS
    if recipients.exists():
        yield recipients
    whole = {each for pack in packs_of(repository) for each in (pack, pack.with_suffix(".idx"))}
    for path in (*layout.git.rglob("*"), *layout.sealed.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.name.endswith(PARTIAL):
            continue
        if path.suffix not in (".pack", ".idx") or path in whole:
            yield path


def _write(partial: Path, folder: Path, paths: list[Path]) -> str:
    with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb", 1 << 20) as file:
        hashed = _Hashed(file)
        with tarfile.open(fileobj=hashed, mode="w", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]  # it only writes
            # Git knows a repository by these folders, empty or not.
            for name in ("", "masked.git", "masked.git/objects", "masked.git/refs"):
                archive.addfile(_member(f"{TOP}/{name}".rstrip("/"), tarfile.DIRTYPE, 0o700, 0))
            for path in paths:
                with path.open("rb") as source:
                    size = os.fstat(source.fileno()).st_size
                    name = f"{TOP}/{path.relative_to(folder)}"
                    archive.addfile(_member(name, tarfile.REGTYPE, 0o600, size), source)
        file.flush()
        os.fsync(file.fileno())
    return hashed.hash.hexdigest()


def _member(name: str, kind: bytes, mode: int, size: int) -> tarfile.TarInfo:
    """Return a head that says nothing of who exported when: the same state gives the same bytes."""
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.size = kind, mode, size
    return member
