"""Files that are there whole or not at all, and are still there after the power failed."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from provisioning.errors import ProvisoError, StoreUnusable

PARTIAL = ".partial"
"""How the name ends of a file that is being written; a killed process may leave one."""

_REMEDY = "Check the permissions and the free space; what was kept before is as it was, and can be read."


@contextmanager
def told(where: Path) -> Iterator[None]:
    """Turn the errors of the file system into ours.

    Args:
        where: what the block works on.

    Raises:
        StoreUnusable: no permission, no space, or the disk fails.
    """
    try:
        yield
    except ProvisoError:
        raise
    except OSError as error:
        named = error.filename if isinstance(error.filename, str) else str(where)
        raise unusable(Path(named), (error.strerror or str(error)).lower()) from None


def unusable(where: Path, reason: str, remedy: str = _REMEDY) -> StoreUnusable:
    """Return the error for backups that cannot be read or written."""
    return StoreUnusable(f"the backups cannot be used: {reason}", where=str(where), remedy=remedy)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, that are nobody else's to read."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_new(path: Path, data: bytes) -> bool:
    """Put a new file in its place, on disk when this returns.

    Returns:
        Whether it was put there; not where there was one already, which is left as it is.
    """
    partial = _write_partial(path, data)
    try:
        os.link(partial, path)
    except FileExistsError:
        return False
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def create(path: Path, data: bytes) -> bool:
    """Write a new file under its own name; a process that is killed may leave half of it.

    Its bytes are on disk when this returns; its name is when a folder beside it is synced.

    Returns:
        Whether it was written; not where there was one already, which is left as it is.
    """
    with NewFiles() as files:
        if not files.create(path, data):
            return False
        files.sync()
        files.keep()
    return True


class NewFiles:
    """Files that are written under their own names, on disk together; a process that is killed may leave half of one.

    Their names are on disk when a folder beside them is synced. What is not synced when the block ends is removed.
    """

    def __init__(self) -> None:
        self._open: list[tuple[Path, int]] = []

    def __enter__(self) -> "NewFiles":
        return self

    def create(self, path: Path, data: bytes) -> bool:
        """Write a file.

        Returns:
            Whether it was written; not where there was one already, which is left as it is.
        """
        make_folder(path.parent)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return False
        self._open.append((path, descriptor))
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        # The disk may begin: one after the other, each would wait for a turn of its own.
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        return True

    def sync(self) -> None:
        """Have the bytes of all of them on disk."""
        for _, descriptor in self._open:
            os.fsync(descriptor)

    def keep(self) -> None:
        """Let them stay."""
        while self._open:
            os.close(self._open.pop()[1])

    def __exit__(self, *_: object) -> None:
        while self._open:
            path, descriptor = self._open.pop()
            os.close(descriptor)
            with suppress(OSError):
                path.unlink()


def replace(path: Path, data: bytes, *, by_way_of: Path | None = None) -> None:
    """Put a file in its place, on disk when this returns; one that was there before is replaced.

    Args:
        by_way_of: beside which it is written, where strange names beside `path` would disturb others.
    """
    make_folder(path.parent)
    partial = _write_partial(by_way_of or path, data)
    try:
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def partial_of(path: Path) -> Path:
    """Return a name of its own beside a file that is about to be written."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}{PARTIAL}")


def sync_folder(path: Path) -> None:
    """Have the names in a folder on disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_partial(path: Path, data: bytes) -> Path:
    make_folder(path.parent)
    partial = partial_of(path)
    _fill(partial, os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), data)
    return partial


def _fill(path: Path, descriptor: int, data: bytes) -> None:
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
