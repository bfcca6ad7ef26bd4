"""One state of the repository, as it stood at a commit."""

from collections.abc import Iterator

from provisioning.backup_store.layout import DOCUMENTS, LINES, METADATA, shard, version_order
from provisioning.backup_store.notation import read_version
from provisioning.backup_store.objects import Damaged, Entry, Kind
from provisioning.backup_store.repository import Repository
from provisioning.model.backup import BackupVersion


class Snapshot:
    """Finds lines, versions and documents below a tree.

    Everything that it does raises `Damaged` when an object is missing or not what its name says.

    Args:
        root: the tree of a commit; None for a repository without one.
    """

    def __init__(self, repository: Repository, root: bytes | None) -> None:
        self.repository = repository
        self._root = root
        self._shards: dict[str, Entry] | None = None

    @property
    def shards(self) -> dict[str, Entry]:
        """The trees of the shards by name."""
        if self._shards is None:
            top = self.repository.tree(self._root) if self._root else {}
            self._shards = self.repository.tree(top[LINES].oid) if LINES in top else {}
        return self._shards

    def lines(self) -> Iterator[tuple[str, Entry]]:
        """Yield each line with its tree."""
        for entry in self.shards.values():
            yield from self.repository.tree(entry.oid).items()

    def line(self, line: str) -> dict[str, Entry]:
        """Return the trees of the versions of a line, by id."""
        of_shard = self.shards.get(shard(line))
        if of_shard is None:
            return {}
        entry = self.repository.tree(of_shard.oid).get(line)
        return self.repository.tree(entry.oid) if entry is not None else {}

    def versions(self, line: str) -> dict[str, BackupVersion]:
        """Return the versions of a line by id."""
        return {identifier: self.version(entry) for identifier, entry in self.line(line).items()}

    def latest(self, versions: dict[str, Entry]) -> BackupVersion:
        """Return the newest of versions."""
        return self.version(versions[max(versions, key=version_order)])

    def version(self, entry: Entry) -> BackupVersion:
        """Return what is known of a version."""
        return read_version(self.repository.read(_part(self.repository.tree(entry.oid), METADATA), Kind.BLOB))

    def documents(self, version: Entry) -> dict[str, Entry]:
        """Return the masked documents of a version by name."""
        found = self.repository.tree(version.oid).get(DOCUMENTS)
        return self.repository.tree(found.oid) if found is not None else {}

    def masked(self, version: Entry) -> dict[str, str]:
        """Return the masked texts of a version by name."""
        return {
            name: self.repository.read(entry.oid, Kind.BLOB).decode("utf-8", "surrogateescape")
            for name, entry in self.documents(version).items()
        }


def _part(tree: dict[str, Entry], name: str) -> bytes:
    if name not in tree:
        raise Damaged(f"a version without {name}")
    return tree[name].oid
