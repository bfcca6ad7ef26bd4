"""The bare repository of masked texts: its objects, and the one branch that names the latest commit."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.backup_store.files import make_folder, partial_of, replace, sync_folder, told, unusable
from provisioning.backup_store.objects import OID_BYTES, Damaged, Entry, Kind, read_commit, read_tree
from provisioning.backup_store.packed import PackedObjects

if TYPE_CHECKING:
    import pygit2

BRANCH = "refs/heads/main"

_CONFIG = """\
[core]
\tbare = true
\trepositoryformatversion = 0
\tfilemode = true
[gc]
\tauto = 0
"""


class Repository:
    """Reads objects, and moves the branch; whoever writes holds the lock of the backups.

    Args:
        path: `masked.git`.

    Raises:
        StoreUnusable: when it is no repository.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._packed = PackedObjects(self.packs)
        if not (path / "HEAD").is_file() or not all((path / name).is_dir() for name in ("objects", "refs")):
            _open(path)  # libgit2 says what it is instead

    @classmethod
    def make(cls, path: Path) -> "Repository":
        """Make an empty repository, unless there is one; others see all of it or nothing."""
        if not path.exists():
            with told(path):
                _make(path)
        return cls(path)

    @property
    def packs(self) -> Path:
        """The folder of its packs."""
        return self.path / "objects" / "pack"

    def refresh(self) -> None:
        """See what was written in the meantime."""
        self._packed = PackedObjects(self.packs)
        self.__dict__.pop("_opened", None)

    @cached_property
    def _opened(self) -> "pygit2.Repository":
        return _open(self.path)

    def head(self) -> bytes | None:
        """Return the latest commit; None when there is none yet.

        Raises:
            StoreUnusable: when the branch cannot be read.
        """
        with suppress(OSError, ValueError):
            commit = bytes.fromhex((self.path / BRANCH).read_text("ascii"))
            if len(commit) == OID_BYTES:
                return commit
        import pygit2

        try:
            return self._opened.lookup_reference(BRANCH).target.raw  # type: ignore[union-attr]  # caught below
        except KeyError:
            return None
        except (pygit2.GitError, ValueError, AttributeError) as error:
            raise unusable(self.path / BRANCH, _reason(error), DAMAGED) from None

    def move(self, commit: bytes) -> None:
        """Let the branch name another commit, on disk when this returns.

        Git's own way leaves a lock file behind when its process is killed; the lock of the backups is ours.
        """
        replace(self.path / BRANCH, f"{commit.hex()}\n".encode(), by_way_of=self.path / "main")

    def read(self, oid: bytes, kind: Kind) -> bytes:
        """Return the bytes of an object.

        Raises:
            Damaged: when it is missing, of another kind, or not what its name says.
        """
        found, data = self.read_any(oid)
        if found != kind:
            raise Damaged(f"{oid.hex()} is no {kind.name.lower()}")
        return data

    def read_any(self, oid: bytes) -> tuple[Kind, bytes]:
        """Return an object, whatever its kind.

        Raises:
            Damaged: when it is missing, or not what its name says.
        """
        if (packed := self._packed.read(oid)) is not None:
            return packed
        import pygit2

        try:
            kind, data = self._opened.read(pygit2.Oid(raw=oid))
            return Kind(kind), data
        except KeyError:
            raise Damaged(f"object {oid.hex()} is missing") from None
        except (pygit2.GitError, ValueError) as error:
            raise Damaged(_reason(error)) from None

    def references(self) -> list[str]:
        """Return the names of all branches, tags and whatever else names a commit."""
        return list(self._opened.listall_references())

    def objects(self) -> Iterator[bytes]:
        """Yield the names of all objects that there are."""
        return (oid.raw for oid in self._opened.odb)

    def tree(self, oid: bytes) -> dict[str, Entry]:
        """Return what a tree holds.

        Raises:
            Damaged: when it is missing or no tree.
        """
        return read_tree(self.read(oid, Kind.TREE))

    def root(self, commit: bytes) -> bytes:
        """Return the tree of a commit.

        Raises:
            Damaged: when it is missing or no commit.
        """
        tree, _ = read_commit(self.read(commit, Kind.COMMIT))
        return tree


LOST = (
    "Put `masked.git` back from a copy of the backups. Where there is none, move `sealed` away: its originals can "
    "still be read with `age`, and backups begin anew."
)
DAMAGED = (
    "`proviso backup verify` says what is damaged; put the folder of the backups back from a copy "
    "(`proviso backup export` makes one)."
)


def _make(path: Path) -> None:
    partial = partial_of(path)
    try:
        for folder in ("objects/pack", "objects/info", "refs/heads", "refs/tags"):
            make_folder(partial / folder)
        replace(partial / "config", _CONFIG.encode())
        replace(partial / "HEAD", f"ref: {BRANCH}\n".encode())
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    sync_folder(path.parent)


def _open(path: Path) -> "pygit2.Repository":
    import pygit2

    # A copy may belong to another user; nothing in a repository is ever executed by libgit2.
    pygit2.option(pygit2.enums.Option.SET_OWNER_VALIDATION, False)
    try:
        return pygit2.Repository(str(path), pygit2.enums.RepositoryOpenFlag.BARE)
    except (pygit2.GitError, KeyError) as error:
        reason = "there is no repository" if not path.is_dir() else _reason(error)
        raise unusable(path, reason, DAMAGED) from None


def _reason(error: Exception) -> str:
    text = str(error).strip("'\"")
    return text[:1].lower() + text[1:]
