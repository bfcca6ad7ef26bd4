"""What was kept and is not in the repository yet: a file for what was kept together; a killed process loses none."""

from collections.abc import Iterable, Iterator, Sequence
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

    def add(self, kept: Sequence[Kept]) -> None:
        """Put versions on disk: all of them or none."""
        first = kept[0].version
        path = self._layout.journal_file(first.line, first.id, len(kept) - 1)
        replace(path, b"".join(map(write_kept, kept)))

    def read(self, line: str | None = None) -> Iterator[tuple[Path, Kept]]:
        """Return what is in it, each with its file; of one line only where one is named.

        Raises:
            StoreUnusable: when a file of it is damaged.
        """
        return self.read_files(self.files(), line)

    def read_files(self, paths: Iterable[Path], line: str | None = None) -> Iterator[tuple[Path, Kept]]:
        """Yield what files of it hold; one that has left it in the meantime is passed over.

        Args:
            line: only what is of this one.

        Raises:
            StoreUnusable: when one is damaged.
        """
        for path in paths:
            if line is not None and path.name.partition(".")[0] != line and not more_in(path):
                continue
            # Another process may have put it into the repository in the meantime.
            with suppress(FileNotFoundError):
                for kept in _read(path, line):
                    yield path, kept

    def lines(self) -> set[str]:
        """Return the lines that it has something of.

        Raises:
            StoreUnusable: when a file of it is damaged.
        """
        files = self.files()
        alone = {path.name.partition(".")[0] for path in files if not more_in(path)}
        return alone | {kept.version.line for _, kept in self.read_files(filter(more_in, files))}

    def files(self) -> list[Path]:
        """Return its files, in the order of their names."""
        try:
            found = sorted(self._layout.journal.iterdir())
        except FileNotFoundError:
            return []
        return [path for path in found if not path.name.endswith(PARTIAL)]


def more_in(path: Path) -> int:
    """Return how many versions a file holds besides the one that it is named after."""
    more = path.name.partition(".")[0].partition("+")[2]
    return int(more) if more.isdecimal() else 0


def portions(files: Sequence[Path], most: int) -> Iterator[list[Path]]:
    """Yield files one after the other, together as long as they hold no more versions than so many."""
    portion: list[Path] = []
    held = 0
    for path in files:
        here = 1 + more_in(path)
        if portion and held + here > most:
            yield portion
            portion, held = [], 0
        portion.append(path)
        held += here
    if portion:
        yield portion


def _read(path: Path, line: str | None) -> Iterator[Kept]:
    rows = path.read_bytes().split(b"\n")
    # Where another line's version is not read, it is not looked at: a quote within a text is written as two bytes.
    wanted = b'"line": "%s"' % line.encode() if line is not None else b""
    try:
        if rows.pop() or len(rows) != 1 + more_in(path):
            raise Damaged("a file of the journal is cut")
        for row in rows:
            if wanted in row and ((kept := read_kept(row)).version.line == line or line is None):
                yield kept
    except Damaged as error:
        raise unusable(
            path,
            str(error),
            "Move this file away: the version that it holds is lost, unless its sealed original is there; "
            "everything else is as it was.",
        ) from None
