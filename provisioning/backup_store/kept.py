"""Finding what is kept: in the journal, and in the latest commit of the repository."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from provisioning.backup_store.files import told, unusable
from provisioning.backup_store.finding import find_version
from provisioning.backup_store.journal import Journal
from provisioning.backup_store.layout import Layout, shard, version_order
from provisioning.backup_store.notation import Kept
from provisioning.backup_store.objects import Damaged
from provisioning.backup_store.originals import read_original
from provisioning.backup_store.repository import DAMAGED, LOST, Repository
from provisioning.backup_store.snapshot import Snapshot
from provisioning.model.backup import BackupVersion

_Found = TypeVar("_Found")


class KeptBackups:
    """What is kept in a folder, for looking; it is found whether it is committed yet or not.

    Args:
        folder: of the backups.
    """

    def __init__(self, folder: Path) -> None:
        self.layout = Layout(folder)
        self.journal = Journal(self.layout)
        self._repository: Repository | None = None

    @property
    def folder(self) -> Path:
        """Where the backups are."""
        return self.layout.folder

    def lines(self) -> tuple[str, ...]:
        """Return the lines that have backups, by number."""
        with told(self.layout.journal):
            waiting = self.journal.lines()
        found = self._look(lambda snapshot: {line for line, _ in snapshot.lines()})
        return tuple(sorted(waiting | (found or set()), key=lambda line: (len(line), line)))

    def latest(self, lines: Iterable[str]) -> Mapping[str, BackupVersion]:
        """Return the newest version of each line that has one.

        Raises:
            StoreUnusable: when the repository is damaged.
        """
        wanted = set(lines)
        waiting: dict[str, BackupVersion] = {}
        for _, kept in self._journal():
            line = kept.version.line
            if line in wanted and (line not in waiting or _order(waiting[line]) < _order(kept.version)):
                waiting[line] = kept.version
        found = dict(self._look(lambda snapshot: _latest(snapshot, wanted)) or {})
        for line, version in waiting.items():
            if line not in found or _order(found[line]) < _order(version):
                found[line] = version
        return found

    def versions(self, line: str) -> tuple[BackupVersion, ...]:
        """Return the versions of a line, newest first.

        Raises:
            StoreUnusable: when the repository is damaged.
        """
        if not _is_line(line):
            return ()
        waiting = {kept.version.id: kept.version for _, kept in self._journal(line)}
        found = self._look(lambda snapshot: snapshot.versions(line)) or {}
        return tuple(sorted((found | waiting).values(), key=_order, reverse=True))

    def find(self, line: str, at: str | None = None) -> BackupVersion:
        """Return a version of a line.

        Args:
            at: id of a version; a date or moment (UTC unless it says otherwise), for what was valid then; `first`;
                None for the newest.

        Raises:
            UnknownName: when there is none.
            StoreUnusable: when the repository is damaged.
        """
        return find_version(line, self.versions(line), at)

    def masked(self, version: BackupVersion) -> Mapping[str, str]:
        """Return the masked texts of a version by name.

        Raises:
            StoreUnusable: when the repository is damaged, or the version is not there any more.
        """
        for _, kept in self._journal(version.line):
            if kept.version.id == version.id:
                return kept.masked
        found = self._look(lambda snapshot: _masked(snapshot, version))
        if found is None:
            raise unusable(self.layout.git, f"{version.line} {version.id} is not there any more", "List them again.")
        return found

    def has_original(self, version: BackupVersion) -> bool:
        """Return whether the encrypted original of a version is there, can be read, and is what was written."""
        try:
            return read_original(self.layout, version) is not None
        except OSError:
            return False

    def sealed(self, version: BackupVersion) -> bytes:
        """Return the encrypted original of a version.

        Raises:
            StoreUnusable: when it is missing, or not what was written.
        """
        path = self.layout.sealed_file(version.line, version.id)
        if not path.exists():
            raise unusable(path, f"the original of version {version.id} of {version.line} is missing", DAMAGED)
        with told(path):
            data = read_original(self.layout, version)
        if data is None:
            raise unusable(path, "this original is not what was written", DAMAGED)
        return data

    def every_version(self) -> Iterator[BackupVersion]:
        """Yield all versions of all lines, line by line.

        Raises:
            StoreUnusable: when the repository is damaged.
        """
        for line in self.lines():
            yield from self.versions(line)

    def forget(self) -> None:
        """Look at the repository anew next time."""
        self._repository = None

    def need_no_originals(self) -> None:
        """Refuse to begin anew beside originals: a repository is made before the first of them."""
        if self.layout.sealed.exists() and not self.layout.git.exists():
            raise unusable(self.layout.git, "the repository is missing, and originals are there", LOST)

    def _journal(self, line: str | None = None) -> list[tuple[Path, Kept]]:
        with told(self.layout.journal):
            return list(self.journal.read(line))

    def _look(self, read: Callable[[Snapshot], _Found]) -> _Found | None:
        """Return what is read from the latest commit; None where there is no repository yet.

        What is read may be pruned meanwhile by another process: a second try sees the state after it.
        """
        if not self.layout.git.exists():
            with told(self.folder):
                self.need_no_originals()
                # A folder that may not be read is no empty one.
                if self.folder.exists():
                    next(self.folder.iterdir(), None)
            return None
        try:
            return read(self._snapshot(fresh=False))
        except Damaged:
            pass
        try:
            return read(self._snapshot(fresh=True))
        except Damaged as error:
            raise unusable(self.layout.git, str(error), DAMAGED) from None

    def _snapshot(self, *, fresh: bool) -> Snapshot:
        if fresh or self._repository is None:
            self._repository = Repository(self.layout.git)
        head = self._repository.head()
        return Snapshot(self._repository, self._repository.root(head) if head else None)


def _order(version: BackupVersion) -> tuple[str, int]:
    return version_order(version.id)


def _is_line(text: str) -> bool:
    try:
        shard(text)
    except ValueError:
        return False
    return True


def _latest(snapshot: Snapshot, wanted: set[str]) -> dict[str, BackupVersion]:
    found = {}
    for line, entry in snapshot.lines():
        if line in wanted and (versions := snapshot.repository.tree(entry.oid)):
            found[line] = snapshot.latest(versions)
    return found


def _masked(snapshot: Snapshot, version: BackupVersion) -> Mapping[str, str] | None:
    entry = snapshot.line(version.line).get(version.id)
    return snapshot.masked(entry) if entry is not None else None
