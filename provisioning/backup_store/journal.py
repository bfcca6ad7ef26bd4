"""What was kept and is not in the repository yet: a file for each version, so that a killed process loses none."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from provisioning.backup_store.files import PARTIAL, replace, unusable
from provisioning.backup_store.layout import Layout
from provisioning.backup_store.notation import Kept, read_kept, write_kept
from provisioning.backup_store.objects import Damaged


class Journal:
    """The files of a journal; several processes may add to it at once, and whoever holds the lock empties it."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def add(self, kept: Kept) -> None:
        """Put a version on disk."""
        replace(self._layout.journal_file(kept.version.line, kept.version.id), write_kept(kept))

    def read(self, line: str | None = None) -> Iterator[tuple[Path, Kept]]:
        """Return what is in it, each with its file; of one line only where one is named.

        Raises:
            StoreUnusable: when a file of it is damaged.
        """
        prefix = f"{line}." if line is not None else ""
        return self.read_files(path for path in self.files() if path.name.startswith(prefix))

    def read_files(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Kept]]:
        """Yield what files of it hold; one that has left it in the meantime is passed over.

        Raises:
            StoreUnusable: when one is damaged.
        """
        for path in paths:
            # Another process may have put it into the repository in the meantime.
            with suppress(FileNotFoundError):
                yield path, _read(path)

    def files(self) -> list[Path]:
        """Return its files, in the order of their names."""
        try:
            found = sorted(self._layout.journal.iterdir())
        except FileNotFoundError:
            return []
        return [path for path in found if not path.name.endswith(PARTIAL)]


def _read(path: Path) -> Kept:
    try:
        return read_kept(path.read_bytes())
    except Damaged as error:
        raise unusable(
            path,
            str(error),
            "Move this file away: the version that it holds is lost, unless its sealed original is there; "
            "everything else is as it was.",
        ) from None
