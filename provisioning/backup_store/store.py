"""The store of backups: versions are kept as they arrive, and committed to a bare repository in batches.

Beside the masked texts in git lie the originals, each encrypted in a file of its own. `keep` needs no lock, so that
several processes back up at once; what changes the repository is done by one at a time.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TypeVar

from provisioning.backup_store import recipients, sealing
from provisioning.backup_store.files import create, make_folder, told, unusable
from provisioning.backup_store.finding import find_version
from provisioning.backup_store.growing import grow
from provisioning.backup_store.journal import Journal
from provisioning.backup_store.layout import DOCUMENT, Layout, shard, version_id, version_order
from provisioning.backup_store.notation import Kept
from provisioning.backup_store.objects import Damaged, Kind, write_commit
from provisioning.backup_store.originals import read_original
from provisioning.backup_store.pack import Batch, write_pack
from provisioning.backup_store.recipients import Recipient
from provisioning.backup_store.reencrypt import finish
from provisioning.backup_store.repacking import join_packs
from provisioning.backup_store.repository import DAMAGED, Repository
from provisioning.backup_store.snapshot import Snapshot
from provisioning.errors import StoreLocked
from provisioning.model.backup import BackupVersion, NewVersion

LOCK_SECONDS = 60.0
"""How long to wait for another process: a commit of 10,000 versions takes seconds."""

_Found = TypeVar("_Found")


class BackupStore:
    """The backups in a folder. Nothing is made there before something is kept.

    Args:
        folder: the setting `backup_folder`.
        lock_seconds: how long to wait for another process that changes the repository.
    """

    def __init__(self, folder: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.layout = Layout(folder)
        self.journal = Journal(self.layout)
        self._lock_seconds = lock_seconds
        self._writes = False
        self._repository: Repository | None = None

    @property
    def folder(self) -> Path:
        """Where the backups are."""
        return self.layout.folder

    @cached_property
    def recipients(self) -> tuple[Recipient, ...]:
        """Who the originals are encrypted to, as it stood when it was first asked."""
        return recipients.read_recipients(self.folder)

    def seal(self, documents: Mapping[str, str]) -> bytes:
        """Return originals encrypted to the recipients, as a `NewVersion` wants them.

        Raises:
            BadInput: when there are no recipients.
        """
        if not self.recipients:
            raise sealing.no_recipients(str(self.folder / recipients.FILE_NAME))
        return sealing.seal(documents, self.recipients)

    def keep(self, new: NewVersion) -> BackupVersion:
        """Keep a version: on disk when this returns, whatever becomes of the process; several may keep at once.

        Raises:
            StoreUnusable: no permission, no space; nothing of it is kept then.
            StoreLocked: what a killed process left is to be committed first, and another process holds the lock.
        """
        if strange := [name for name in new.masked if not DOCUMENT.fullmatch(name)]:
            raise ValueError(f"no names of documents: {strange}")
        with told(self.folder):
            self._begin_writing()
            version, sealed = self._keep_sealed(new)
            try:
                self.journal.add(Kept(version, new.masked))
            except OSError:
                with suppress(OSError):
                    sealed.unlink()
                raise
        return version

    def commit(self, message: str) -> None:
        """Put what was kept into the repository, by this process or another; nothing happens when there is nothing.

        Args:
            message: one line for people who read the log of the repository.

        Raises:
            StoreUnusable: no space, or the repository is damaged; what was kept stays in the journal.
            StoreLocked: another process holds the lock for too long.
        """
        if not self.journal.files():
            return
        with self.changing() as repository:
            self.commit_held(repository, message)

    def commit_held(self, repository: Repository, message: str) -> None:
        """Do the same where the lock is held already.

        Args:
            repository: as `changing` yielded it.
        """
        entries = list(self.journal.read())
        if not entries:
            return
        head = repository.head()
        batch = Batch()
        try:
            before = Snapshot(repository, repository.root(head) if head else None)
            root = grow(before, (kept for _, kept in entries), batch)
        except Damaged as error:
            raise unusable(self.layout.git, str(error), DAMAGED) from None
        if root is not None:
            newest = max(kept.version.taken_at for _, kept in entries)
            commit = batch.add(Kind.COMMIT, write_commit(root, head, newest, message))
            write_pack(repository.packs, len(batch.entries), batch.entries.items())
            repository.move(commit)
        for path, _ in entries:
            path.unlink(missing_ok=True)
        join_packs(repository)
        self.forget()

    def forget(self) -> None:
        """Look at the repository anew next time."""
        self._repository = None

    def lines(self) -> tuple[str, ...]:
        """Return the lines that have backups, by number."""
        waiting = {each.version.line for _, each in self._journal()}
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

    def sealed(self, version: BackupVersion) -> bytes:
        """Return the encrypted original of a version.

        Raises:
            StoreUnusable: when it is missing, or not what was written.
        """
        path = self.layout.sealed_file(version.line, version.id)
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

    @contextmanager
    def changing(self) -> Iterator[Repository]:
        """Hold the lock of the backups, and yield the repository, which is made where there is none."""
        from filelock import FileLock, Timeout

        with told(self.folder):
            make_folder(self.folder)
            lock = FileLock(self.layout.lock, timeout=self._lock_seconds, mode=0o600, thread_local=False)
            try:
                lock.acquire()
            except Timeout:
                raise StoreLocked(
                    "another process is changing the backups",
                    where=str(self.layout.lock),
                    remedy="Try again; if it stays so, look for a proviso process that hangs.",
                ) from None
            try:
                repository = Repository.make(self.layout.git)
                finish(self.layout, repository)
                yield repository
            except Damaged as error:
                raise unusable(self.layout.git, str(error), DAMAGED) from None
            finally:
                lock.release()

    def _begin_writing(self) -> None:
        """Commit what a killed process left, once."""
        if self._writes:
            return
        make_folder(self.folder)
        self._writes = True
        self.commit("Keep what was left in the journal")

    def _keep_sealed(self, new: NewVersion) -> tuple[BackupVersion, Path]:
        for number in count(1):
            identifier = version_id(new.taken_at, number)
            path = self.layout.sealed_file(new.line, identifier)
            if create(path, new.sealed):
                break
        version = BackupVersion(
            id=identifier,
            line=new.line,
            serial=new.serial,
            platform=new.platform,
            taken_at=new.taken_at,
            cause=new.cause,
            documents=tuple(sorted(new.masked)),
            withheld=new.withheld,
            fingerprint=new.fingerprint,
            size=new.size,
            sealed_digest=hashlib.sha256(new.sealed).hexdigest(),
            recipients=tuple(each.key for each in self.recipients),
            items=new.items,
        )
        return version, path

    def _journal(self, line: str | None = None) -> list[tuple[Path, Kept]]:
        with told(self.layout.journal):
            return list(self.journal.read(line))

    def _look(self, read: Callable[[Snapshot], _Found]) -> _Found | None:
        """Return what is read from the latest commit; None where there is no repository yet.

        What is read may be pruned meanwhile by another process: a second try sees the state after it.
        """
        if not self.layout.git.exists():
            with told(self.folder):
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
