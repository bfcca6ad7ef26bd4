"""Whether every backup in a folder is whole: any copy of it will do, without store, without identity, without lock."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.backup_store import verify_repository
from provisioning.backup_store.dropping import MOST_LEFT, dropped
from provisioning.backup_store.files import PARTIAL, told
from provisioning.backup_store.journal import Journal
from provisioning.backup_store.layout import VERSION, Layout
from provisioning.backup_store.notation import Kept
from provisioning.backup_store.originals import read_original
from provisioning.backup_store.prune import LEFT_FOR
from provisioning.backup_store.recipients import FILE_NAME as RECIPIENTS
from provisioning.backup_store.recipients import read_recipients
from provisioning.backup_store.repository import Repository
from provisioning.backup_store.verified import Finding, Verified
from provisioning.backup_store.verify_repository import Contents
from provisioning.errors import BadInput, ProvisoError, StoreUnusable
from provisioning.model.backup import BackupVersion

OURS = frozenset(("masked.git", "sealed", "resealed", "journal", "lock", "dropping.json", "pruned", RECIPIENTS))
"""What belongs in a folder of backups."""

TRIES = 3
"""How often a store is looked at that others prune in the meantime."""

Told = Callable[[str, int], None]
"""Is told what is being looked at, and how many of them were so far."""


def verify(folder: Path, tell: Told = lambda what, number: None) -> Verified:
    """Return whether every backup in a folder is whole, and what is lost where it is not.

    Args:
        folder: of the backups, or a copy of it.
        tell: is told how far it is.

    Raises:
        BadInput: when there are no backups.
        StoreUnusable: when the folder may not be read.
    """
    layout = Layout(folder)
    with told(folder):
        if not layout.git.exists() and not layout.sealed.exists() and not layout.journal.exists():
            raise BadInput(
                "there are no backups",
                where=str(folder),
                remedy="Name the folder that holds `masked.git` and `sealed`, unpacked if it is a bundle.",
            )
        for _ in range(TRIES):
            before = _head(layout)
            found = _Verification(layout, tell).run()
            if found.whole or before == _head(layout):
                break
    return found


def _head(layout: Layout) -> bytes | None:
    try:
        return Repository(layout.git).head()
    except StoreUnusable:
        return None


@dataclass
class _Verification:
    layout: Layout
    tell: Told
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def run(self) -> Verified:
        """Look at everything, once."""
        # The journal first: what leaves it in the meantime is found in the repository.
        waiting = [kept.version for kept in self._journal()]
        contents = self._repository()
        versions = {(each.line, each.id): each for each in (*contents.versions, *waiting)}
        for number, version in enumerate(versions.values(), 1):
            self.tell("original", number)
            self._original(version)
        self._files({*versions, *contents.damaged}, trust=contents.complete)
        self._foreign()
        return Verified(
            lines=len({line for line, _ in versions}),
            versions=tuple(versions.values()),
            objects=contents.objects,
            findings=tuple(self.findings),
            remarks=tuple(self.remarks),
        )

    def _repository(self) -> Contents:
        if not self.layout.git.exists():
            if self.layout.sealed.exists():
                self._found("masked.git", "there is no repository", "all lists and masked texts; originals are there")
            return Contents(complete=False)
        contents = verify_repository.verify_repository(self.layout, lambda number: self.tell("object", number))
        self.findings += contents.findings
        self.remarks += contents.remarks
        return contents

    def _journal(self) -> Iterator[Kept]:
        journal = Journal(self.layout)
        number = 0
        for path in journal.files():
            line = path.name.partition(".")[0]
            try:
                for _, kept in journal.read_files([path]):
                    number += 1
                    yield kept
            except StoreUnusable as error:
                self._found(self._name(path), error.what, f"a version of {line} that was kept and not committed")
        if number:
            self.remarks.append(
                f"{number} versions are in the journal: the next backup, or `proviso backup prune`, commits them"
            )

    def _original(self, version: BackupVersion) -> None:
        path = self.layout.sealed_file(version.line, version.id)
        lost = f"the original of {version.line} {version.id}: it cannot be restored"
        try:
            data = read_original(self.layout, version)
        except FileNotFoundError:
            self._found(self._name(path), "there is no such file", lost)
            return
        except OSError as error:
            self._found(self._name(path), (error.strerror or "cannot be read").lower(), lost)
            return
        if data is None:
            self._found(self._name(path), "this is not what was written", lost)

    def _files(self, known: set[tuple[str, str]], *, trust: bool) -> None:
        """Judge files in `sealed` and left-over ones; `known`: of which versions there are originals."""
        recent = time.time() - LEFT_FOR
        known |= dropped(self.layout)
        unknown = 0
        for path in sorted(self.layout.sealed.rglob("*")):
            if path.is_dir():
                continue
            if path.name.endswith(PARTIAL):
                unknown += path.lstat().st_mtime < recent
            elif not self._is_original(path):
                self._found(self._name(path), "this does not belong here", "")
            elif (path.parent.name, path.stem) not in known and path.lstat().st_mtime < recent:
                unknown += 1
        if unknown > MOST_LEFT and trust:
            self._found(
                "sealed",
                f"{unknown} originals belong to no version: the repository is older than they are",
                "their lists and masked texts",
            )
        elif unknown and trust:
            self.remarks.append(
                f"{unknown} files in `sealed` belong to no version, as killed processes leave them: "
                "`proviso backup prune` removes them"
            )

    def _is_original(self, path: Path) -> bool:
        if path.suffix != ".age" or VERSION.fullmatch(path.stem) is None or path.is_symlink():
            return False
        try:
            return path == self.layout.sealed_file(path.parent.name, path.stem)
        except ValueError:
            return False

    def _foreign(self) -> None:
        for path in sorted(self.layout.folder.iterdir()):
            if path.name not in OURS and not path.name.endswith(PARTIAL):
                self._found(self._name(path), "this does not belong here", "")
        try:
            if not read_recipients(self.layout.folder):
                self._found(RECIPIENTS, "there is no recipient", "nothing; the next backup cannot be encrypted")
        except ProvisoError as error:
            self._found(RECIPIENTS, error.what, "nothing; the next backup cannot be encrypted")

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.layout.folder))

    def _found(self, where: str, what: str, lost: str) -> None:
        self.findings.append(Finding(where, what, lost))
