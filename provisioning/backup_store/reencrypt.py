"""Originals encrypted anew, for the recipients of today: needed after a key came or went, and done with an identity.

The new files lie beside the old ones until the commit that names them is there; then they take their place. Whoever
opens the store next finishes what a killed process left.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.backup_store.files import create, make_folder, sync_folder, unusable
from provisioning.backup_store.growing import add_tree
from provisioning.backup_store.layout import LINES, METADATA, Layout, shard
from provisioning.backup_store.notation import write_version
from provisioning.backup_store.objects import Damaged, Entry, Kind, write_commit
from provisioning.backup_store.pack import Batch, write_pack
from provisioning.backup_store.repository import DAMAGED, Repository
from provisioning.backup_store.sealing import no_recipients, read_identities
from provisioning.backup_store.snapshot import Snapshot
from provisioning.errors import StoreUnusable

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

    from provisioning.backup_store.store import BackupStore
    from provisioning.model.backup import BackupVersion

AT_ONCE = 500
"""Versions between two commits: others wait for the lock in the meantime."""


@dataclass(frozen=True, slots=True)
class Reencrypted:
    """What came of it.

    Attributes:
        number: versions that are encrypted to the recipients of today now.
        closed: line and id of versions that the identity does not open.
    """

    number: int
    closed: tuple[tuple[str, str], ...]


def outdated(store: "BackupStore") -> tuple["BackupVersion", ...]:
    """Return the versions that are encrypted to others than the recipients of today."""
    wanted = {each.key for each in store.recipients}
    return tuple(each for each in store.every_version() if set(each.recipients) != wanted)


def reencrypt(
    store: "BackupStore", identity: Path, tell: Callable[[str, int], None] = lambda what, number: None
) -> Reencrypted:
    """Encrypt all originals to the recipients of today that are encrypted to others; nothing is written in clear.

    Args:
        identity: an age identity file that opens them.
        tell: is told how far it is.

    Raises:
        BadInput: when there are no recipients, or the identity file is none.
        StoreUnusable: no space, or the backups are damaged.
        StoreLocked: another process holds the lock for too long.
    """
    from pyrage.x25519 import Recipient

    if not store.recipients:
        raise no_recipients(str(store.folder))
    keys = [Recipient.from_str(each.key) for each in store.recipients]
    identities = read_identities(identity)
    with store.changing() as repository:
        store.commit_held(repository, "Keep what was left in the journal")
    versions = outdated(store)
    closed: list[tuple[str, str]] = []
    for begin in range(0, len(versions), AT_ONCE):
        chunk = versions[begin : begin + AT_ONCE]
        with store.changing() as repository:
            closed += _reencrypt(store, repository, chunk, identities, keys)
        store.forget()
        tell("original", begin + len(chunk))
    return Reencrypted(len(versions) - len(closed), tuple(closed))


def finish(layout: Layout, repository: Repository) -> None:
    """Let originals that were encrypted anew take their place, if the latest commit names them; the others go."""
    if not layout.resealed.is_dir():
        return
    head = repository.head()
    snapshot = Snapshot(repository, repository.root(head) if head else None)
    folders = set()
    for path in sorted(layout.resealed.iterdir()):
        line, _, rest = path.name.partition(".")
        identifier = rest.removesuffix(".age")
        entry = snapshot.line(line).get(identifier)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if entry is not None and snapshot.version(entry).sealed_digest == digest:
            path.replace(layout.sealed_file(line, identifier))
            folders.add(layout.sealed_folder(line))
        else:
            path.unlink()
    for folder in folders:
        sync_folder(folder)
    layout.resealed.rmdir()


def _reencrypt(
    store: "BackupStore",
    repository: Repository,
    versions: Sequence["BackupVersion"],
    identities: "Sequence[Identity]",
    keys: "Sequence[Recipient]",
) -> list[tuple[str, str]]:
    """Encrypt some versions anew, and return line and id of those that stayed closed."""
    import pyrage

    make_folder(store.layout.resealed)
    changed: dict[str, list[BackupVersion]] = defaultdict(list)
    closed = []
    for version in versions:
        try:
            opened = pyrage.decrypt(store.sealed(version), identities)
        except (pyrage.DecryptError, StoreUnusable):
            closed.append((version.line, version.id))
            continue
        sealed = pyrage.encrypt(opened, keys)
        create(store.layout.resealed_file(version.line, version.id), sealed)
        changed[version.line].append(
            replace(
                version,
                sealed_digest=hashlib.sha256(sealed).hexdigest(),
                recipients=tuple(each.key for each in store.recipients),
            )
        )
    sync_folder(store.layout.resealed)
    try:
        if changed:
            _commit(repository, changed)
        finish(store.layout, repository)
    except Damaged as error:
        raise unusable(store.layout.git, str(error), DAMAGED) from None
    return closed


def _commit(repository: Repository, changed: dict[str, list["BackupVersion"]]) -> None:
    head = repository.head()
    before = Snapshot(repository, repository.root(head) if head else None)
    batch = Batch()
    shards = dict(before.shards)
    # A tree of this batch is not in the repository yet: each shard is read and written once.
    by_shard: dict[str, list[str]] = defaultdict(list)
    for line in changed:
        by_shard[shard(line)].append(line)
    for name, of_shard in by_shard.items():
        lines = repository.tree(shards[name].oid)
        for line in of_shard:
            trees = repository.tree(lines[line].oid)
            trees |= {each.id: entry for each, entry in _versions(repository, trees, changed[line], batch)}
            lines[line] = add_tree(batch, trees)
        shards[name] = add_tree(batch, lines)
    root = add_tree(batch, {LINES: add_tree(batch, shards)}).oid
    newest = max(each.taken_at for versions in changed.values() for each in versions)
    commit = batch.add(Kind.COMMIT, write_commit(root, head, newest, "Encrypt originals to the recipients of today"))
    write_pack(repository.packs, len(batch.entries), batch.entries.items())
    repository.move(commit)
    repository.refresh()


def _versions(
    repository: Repository, trees: dict[str, Entry], changed: Sequence["BackupVersion"], batch: Batch
) -> Iterator[tuple["BackupVersion", Entry]]:
    for version in changed:
        # One that was pruned in the meantime stays away.
        if version.id in trees:
            metadata = Entry(batch.add(Kind.BLOB, write_version(version)), is_tree=False)
            yield version, add_tree(batch, {**repository.tree(trees[version.id].oid), METADATA: metadata})
