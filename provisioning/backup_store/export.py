"""One file with everything of the backups, for another place: a tar archive, the same for the same state."""

import hashlib
import os
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from provisioning.backup_store.files import PARTIAL, partial_of, sync_folder, told
from provisioning.backup_store.layout import Layout
from provisioning.backup_store.recipients import FILE_NAME as RECIPIENTS
from provisioning.backup_store.store import BackupStore
from provisioning.backup_store.verified import Finding
from provisioning.backup_store.verify import Told, verify
from provisioning.errors import BadInput, StoreUnusable

TOP = "proviso-backups"
"""The folder that a bundle unpacks to."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was written.

    Attributes:
        digest: its SHA-256, in hexadecimal: whoever carries it says whether it arrived whole.
        findings: what is wrong with the backups, and so with what was exported; empty when all of it is whole.
    """

    path: Path
    files: int
    bytes: int
    digest: str
    findings: tuple[Finding, ...]


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


def export(store: BackupStore, target: Path, tell: Told = lambda what, number: None) -> Bundle:
    """Write everything of the backups into one file, which only its owner may read, and look whether it is whole.

    A store that is damaged, or may only be read, is exported as it is: whoever is in trouble wants what there is.

    Args:
        target: a file that is not there yet; it is there whole or not at all.
        tell: is told how far it is.

    Raises:
        BadInput: when there is such a file, or nothing to export.
        StoreUnusable: no permission to write the file, no space for it.
        StoreLocked: another process holds the lock for too long.
    """
    if target.exists():
        raise BadInput("there is such a file already", where=str(target), remedy="Name one that does not exist.")
    if not store.folder.is_dir():
        raise BadInput("there are no backups yet", where=str(store.folder), remedy="`proviso backup run` makes them.")
    with told(target), ExitStack() as held:
        settled = _settled(store, held)
        paths = sorted(_files(store.layout, settled=settled))
        partial = partial_of(target)
        try:
            digest, left_out = _write(partial, store.folder, paths, tell)
            os.link(partial, target)
        except FileExistsError:
            raise BadInput("there is such a file now", where=str(target), remedy="Name another one.") from None
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(target.absolute().parent)
    findings = (*left_out, *verify(store.folder, tell).findings)
    return Bundle(target, len(paths) - len(left_out), target.stat().st_size, digest, findings)


def _settled(store: BackupStore, held: ExitStack) -> bool:
    """Hold the lock and commit the journal; return whether that could be done."""
    try:
        repository = held.enter_context(store.changing())
        store.commit_held(repository, "Keep what was left in the journal")
    except StoreUnusable:
        return False
    return True


def _files(layout: Layout, *, settled: bool) -> Iterator[Path]:
    """Yield what belongs into a bundle: no lock, nothing half written."""
    recipients = layout.folder / RECIPIENTS
    if recipients.exists():
        yield recipients
    folders = [layout.git, layout.sealed]
    if not settled:
        # Without the lock, more may come meanwhile; of what is kept then, the original may not be in the bundle.
        folders.append(layout.journal)
    for path in (each for folder in folders for each in folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.name.endswith(PARTIAL):
            continue
        if path.suffix not in (".pack", ".idx") or not settled or _is_whole(path):
            yield path


def _is_whole(path: Path) -> bool:
    """Return whether a file of a pack has the other one beside it; a killed process may leave one alone."""
    return path.with_suffix(".pack").exists() and path.with_suffix(".idx").exists()


def _write(partial: Path, folder: Path, paths: list[Path], tell: Told) -> tuple[str, list[Finding]]:
    """Write the bundle; return its SHA-256, and what cannot be read and is left out."""
    left_out = []
    with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb", 1 << 20) as file:
        hashed = _Hashed(file)
        with tarfile.open(fileobj=hashed, mode="w", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]  # it only writes
            # Git knows a repository by these folders, empty or not.
            for name in ("", "masked.git", "masked.git/objects", "masked.git/refs"):
                archive.addfile(_member(f"{TOP}/{name}".rstrip("/"), tarfile.DIRTYPE, 0o700, 0))
            for number, path in enumerate(paths, 1):
                tell("exported file", number)
                name = str(path.relative_to(folder))
                try:
                    source = path.open("rb")
                except OSError as error:
                    left_out.append(Finding(name, (error.strerror or "cannot be read").lower(), "it is not exported"))
                    continue
                with source:
                    size = os.fstat(source.fileno()).st_size
                    archive.addfile(_member(f"{TOP}/{name}", tarfile.REGTYPE, 0o600, size), source)
        file.flush()
        os.fsync(file.fileno())
    return hashed.hash.hexdigest(), left_out


def _member(name: str, kind: bytes, mode: int, size: int) -> tarfile.TarInfo:
    """Return a head that says nothing of who exported when: the same state gives the same bytes."""
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.size = kind, mode, size
    return member
