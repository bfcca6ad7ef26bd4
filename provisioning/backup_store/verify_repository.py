"""Whether the repository holds all that its branch leads to, and nothing else; each object is read and named anew."""

from collections.abc import Callable
from dataclasses import dataclass, field

from provisioning.backup_store.files import PARTIAL
from provisioning.backup_store.layout import DOCUMENTS, LINES, METADATA, Layout, shard
from provisioning.backup_store.notation import read_version
from provisioning.backup_store.objects import Damaged, Entry, Kind, oid_of, read_commit, read_tree
from provisioning.backup_store.repository import BRANCH, Repository
from provisioning.backup_store.verified import Finding
from provisioning.errors import StoreUnusable
from provisioning.model.backup import BackupVersion

_OURS = frozenset(
    ("HEAD", "config", "objects", "refs", "packed-refs", "info", "logs", "description", "hooks", "branches", "gc.log")
)
"""What git and we put into a repository."""


@dataclass
class Contents:
    """What a repository holds.

    Attributes:
        versions: whose metadata could be read.
        damaged: line and id of versions whose metadata could not be read.
        complete: whether all versions are among those two.
        objects: how many were read.
    """

    versions: list[BackupVersion] = field(default_factory=list)
    damaged: set[tuple[str, str]] = field(default_factory=set)
    complete: bool = True
    objects: int = 0
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def verify_repository(layout: Layout, tell: Callable[[int], None]) -> Contents:
    """Return what the repository holds, and what is wrong with it."""
    contents = Contents()
    try:
        repository = Repository(layout.git)
        head = repository.head()
    except StoreUnusable as error:
        contents.findings.append(
            Finding("masked.git", error.what, "all lists and masked texts; the originals are not touched by it")
        )
        contents.complete = False
        return contents
    if head is None:
        if any(layout.sealed.rglob("*.age")) and not any(layout.journal.glob("*.json")):
            contents.findings.append(Finding(BRANCH, "the branch names no commit", "all lists and masked texts"))
            contents.complete = False
        return contents
    _Walk(layout, repository, contents, tell).run(head)
    return contents


@dataclass
class _Walk:
    layout: Layout
    repository: Repository
    contents: Contents
    tell: Callable[[int], None]
    seen: dict[bytes, str] = field(default_factory=dict)
    """What is wrong with each object that was read; empty when nothing is."""

    def run(self, head: bytes) -> None:
        """Walk what is in force, then what was before, then look for what nothing leads to."""
        commit = self._read(head, Kind.COMMIT, "all lists and masked texts")
        if commit is None:
            self.contents.complete = False
            return
        tree, parents = read_commit(commit)
        self._lines(tree)
        self._history(list(parents))
        self._foreign()
        self.contents.objects = len(self.seen)

    def _lines(self, root: bytes) -> None:
        everything = "all lists and masked texts"
        top = self._tree(root, everything) or {}
        shards = (self._tree(top[LINES].oid, everything) or {}) if LINES in top else {}
        self.contents.complete = self.contents.complete and bool(shards)
        for name, entry in shards.items():
            lines = self._tree(entry.oid, self._of_shard(name))
            self.contents.complete = self.contents.complete and lines is not None
            for line, of_line in (lines or {}).items():
                self._line(name, line, of_line)

    def _of_shard(self, name: str) -> str:
        folder = self.layout.sealed / name
        lines = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        return (
            f"lists and masked texts of {', '.join(lines) or 'lines ' + name}; their originals are not touched by it"
        )

    def _line(self, name: str, line: str, entry: Entry) -> None:
        if not _is_in(line, name):
            self.contents.findings.append(Finding(f"lines/{name}/{line}", "this does not belong here", ""))
            return
        versions = self._tree(entry.oid, f"list and masked texts of {line}; its originals are not touched by it")
        self.contents.complete = self.contents.complete and versions is not None
        for identifier, version in (versions or {}).items():
            self._version(line, identifier, version)

    def _version(self, line: str, identifier: str, entry: Entry) -> None:
        what = f"{line} {identifier}"
        parts = self._tree(entry.oid, f"what is known of {what}; its original is not touched by it") or {}
        documents = (
            self._tree(parts[DOCUMENTS].oid, f"masked texts of {what}; its original has them") or {}
            if DOCUMENTS in parts
            else {}
        )
        for name, document in documents.items():
            self._text(document.oid, f"masked text of {name} of {what}; its original has it")
        lost = f"what is known of {what}; its original is not touched by it"
        data = self._read(parts[METADATA].oid, Kind.BLOB, lost) if METADATA in parts else None
        version = self._metadata(data, what) if data is not None else None
        if version is None or (version.line, version.id) != (line, identifier):
            self.contents.damaged.add((line, identifier))
            if version is not None:
                self.contents.findings.append(Finding(f"{what} {METADATA}", "it is of another version", lost))
            return
        self.contents.versions.append(version)
        if set(documents) != set(version.documents) and parts.get(DOCUMENTS, entry).oid not in self._bad():
            self.contents.findings.append(Finding(what, "its documents are not those that were kept", ""))

    def _metadata(self, data: bytes, what: str) -> BackupVersion | None:
        try:
            return read_version(data)
        except Damaged as error:
            self.contents.findings.append(Finding(f"{what} {METADATA}", str(error), f"what is known of {what}"))
            return None

    def _bad(self) -> set[bytes]:
        return {oid for oid, wrong in self.seen.items() if wrong}

    def _history(self, commits: list[bytes]) -> None:
        lost = "an older state of the repository; no version that is listed"
        while commits:
            oid = commits.pop()
            if oid in self.seen:
                continue
            data = self._read(oid, Kind.COMMIT, lost)
            if data is None:
                continue
            tree, parents = read_commit(data)
            commits += parents
            self._older(tree, lost)

    def _older(self, tree: bytes, lost: str) -> None:
        trees = [tree]
        while trees:
            oid = trees.pop()
            if oid in self.seen:
                continue
            for entry in (self._tree(oid, lost) or {}).values():
                if entry.is_tree:
                    trees.append(entry.oid)
                elif entry.oid not in self.seen:
                    self._read(entry.oid, Kind.BLOB, lost)

    def _foreign(self) -> None:
        for path in sorted(self.layout.git.iterdir()):
            if path.name not in _OURS and not path.name.endswith(PARTIAL):
                self.contents.findings.append(Finding(f"masked.git/{path.name}", "this does not belong here", ""))
        for name in self.repository.references():
            if name != BRANCH:
                self.contents.findings.append(Finding(f"masked.git {name}", "this does not belong here", ""))
        strange = sum(oid not in self.seen for oid in self.repository.objects())
        if strange:
            self.contents.remarks.append(
                f"{strange} objects of the repository belong to no backup, as killed processes leave them: "
                "`proviso backup prune` drops them"
            )

    def _tree(self, oid: bytes, lost: str) -> dict[str, Entry] | None:
        data = self._read(oid, Kind.TREE, lost)
        try:
            return None if data is None else read_tree(data)
        except Damaged as error:
            self._wrong(oid, Kind.TREE, str(error), lost)
            return None

    def _text(self, oid: bytes, lost: str) -> None:
        """Judge a document; the same text stands in many versions, and is read once."""
        if oid not in self.seen:
            self._read(oid, Kind.BLOB, lost)
        elif self.seen[oid]:
            self._wrong(oid, Kind.BLOB, self.seen[oid], lost)

    def _read(self, oid: bytes, kind: Kind, lost: str) -> bytes | None:
        """Return an object that is what its name says."""
        try:
            data = self.repository.read(oid, kind)
            if oid_of(kind, data) != oid:
                raise Damaged("it is not what was written")
        except Damaged as error:
            self._wrong(oid, kind, str(error), lost)
            return None
        self.seen.setdefault(oid, "")
        self.tell(len(self.seen))
        return data

    def _wrong(self, oid: bytes, kind: Kind, what: str, lost: str) -> None:
        self.seen[oid] = what
        self.contents.findings.append(Finding(f"masked.git {kind.name.lower()} {oid.hex()}", what, lost))


def _is_in(line: str, name: str) -> bool:
    try:
        return shard(line) == name
    except ValueError:
        return False
