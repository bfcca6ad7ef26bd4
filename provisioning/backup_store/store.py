"""The store of backups: versions are kept as they arrive, and committed to a bare repository in batches.

Beside the masked texts in git lie the originals, each encrypted in a file of its own. `keep` needs no lock, so that
several processes back up at once; what changes the repository is done by one at a time.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

from provisioning.backup_store import recipients, sealing
from provisioning.backup_store.dropping import finish_dropping
from provisioning.backup_store.files import NewFiles, make_folder, told, unusable
from provisioning.backup_store.growing import grow
from provisioning.backup_store.journal import portions
from provisioning.backup_store.kept import KeptBackups
from provisioning.backup_store.layout import DOCUMENT, number_after, version_id
from provisioning.backup_store.notation import Kept
from provisioning.backup_store.objects import Damaged, Kind, write_commit
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


COMMITTED_AT_ONCE = 2000
"""Versions of one commit: what a killed run left may be a whole fleet, and has to fit into memory."""


class BackupStore(KeptBackups):
    """The backups in a folder. Nothing is made there before something is kept.

    Args:
        folder: the setting `backup_folder`.
        lock_seconds: how long to wait for another process that changes the repository.
    """

    def __init__(self, folder: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        super().__init__(folder)
        self._lock_seconds = lock_seconds
        self._writes = False

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
        return self.keep_all((new,))[0]

    def keep_all(self, news: Sequence[NewVersion]) -> tuple[BackupVersion, ...]:
        """Keep versions: all of them on disk when this returns, or none; several processes may keep at once.

        The originals are there before anything says so.

        Args:
            news: not so many that they do not fit into memory.

        Raises:
            StoreUnusable: no permission, no space; nothing of them is kept then.
            StoreLocked: what a killed process left is to be committed first, and another process holds the lock.
        """
        if strange := [name for new in news for name in new.masked if not DOCUMENT.fullmatch(name)]:
            raise ValueError(f"no names of documents: {strange}")
        if not news:
            return ()
        with told(self.folder):
            self._begin_writing()
            with NewFiles() as originals:
                kept = [Kept(self._keep_sealed(new, originals), new.masked) for new in news]
                originals.sync()
                self.journal.add(kept)
                originals.keep()
        return tuple(each.version for each in kept)

    def commit(self, message: str) -> None:
        """Put what was kept into the repository, by this process or another; nothing happens when there is nothing.

        Args:
            message: one line for people who read the log of the repository.

        Raises:
            StoreUnusable: no space, or the repository is damaged; what was kept stays in the journal.
            StoreLocked: another process holds the lock for too long.
        """
        with told(self.layout.journal):
            waiting = bool(self.journal.files())
        if not waiting:
            return
        with self.changing() as repository:
            self.commit_held(repository, message)

    def commit_held(self, repository: Repository, message: str) -> None:
        """Do the same where the lock is held already.

        Args:
            repository: as `changing` yielded it.
        """
        files = self.journal.files()
        for portion in portions(files, COMMITTED_AT_ONCE):
            self._commit(repository, list(self.journal.read_files(portion)), message)
        if files:
            join_packs(repository)
            self.forget()

    def _commit(self, repository: Repository, entries: list[tuple[Path, Kept]], message: str) -> None:
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
            repository.refresh()
        for path in {path for path, _ in entries}:
            path.unlink(missing_ok=True)

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
                self.need_no_originals()
                repository = Repository.make(self.layout.git)
                finish(self.layout, repository)
                finish_dropping(self.layout, repository)
                yield repository
            except Damaged as error:
                raise unusable(self.layout.git, str(error), DAMAGED) from None
            finally:
                lock.release()

    def _begin_writing(self) -> None:
        """Make the repository where there is none, and commit what a killed process left, once."""
        if self._writes:
            return
        if self.journal.files() or not self.layout.git.exists():
            with self.changing() as repository:
                self.commit_held(repository, "Keep what was left in the journal")
        self._writes = True

    def _keep_sealed(self, new: NewVersion, originals: NewFiles) -> BackupVersion:
        # The name of the version before is free where its original was lost.
        for number in count(number_after(new.taken_at, new.before)):
            identifier = version_id(new.taken_at, number)
            if originals.create(self.layout.sealed_file(new.line, identifier), new.sealed):
                break
        return BackupVersion(
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
