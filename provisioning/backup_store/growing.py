"""The tree of the next commit: the one before with new versions in it; what did not change is not written again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from provisioning.backup_store.layout import DOCUMENTS, LINES, METADATA, shard, version_order
from provisioning.backup_store.notation import Kept, write_version
from provisioning.backup_store.objects import Entry, Kind, write_tree
from provisioning.backup_store.pack import Batch
from provisioning.backup_store.snapshot import Snapshot


def grow(before: Snapshot, kept: Iterable[Kept], batch: Batch) -> bytes | None:
    """Return the tree with new versions in it; None when it has all of them already.

    Args:
        batch: takes in the objects that are new.

    Raises:
        Damaged: when a tree of before cannot be read.
    """
    by_shard: dict[str, dict[str, list[Kept]]] = defaultdict(lambda: defaultdict(list))
    for each in kept:
        by_shard[shard(each.version.line)][each.version.line].append(each)
    shards = dict(before.shards)
    for name, by_line in by_shard.items():
        lines = before.repository.tree(shards[name].oid) if name in shards else {}
        grown = {line: _grow_line(before, lines.get(line), new, batch) for line, new in by_line.items()}
        changed = {line: entry for line, entry in grown.items() if entry is not None}
        if changed:
            shards[name] = add_tree(batch, {**lines, **changed})
    if shards == before.shards:
        return None
    return add_tree(batch, {LINES: add_tree(batch, shards)}).oid


def add_tree(batch: Batch, entries: Mapping[str, Entry]) -> Entry:
    """Take a tree into a batch, and return how it stands in the one above."""
    return Entry(batch.add(Kind.TREE, write_tree(entries)), is_tree=True)


def _grow_line(before: Snapshot, line: Entry | None, kept: Iterable[Kept], batch: Batch) -> Entry | None:
    versions = before.repository.tree(line.oid) if line is not None else {}
    new = [each for each in kept if each.version.id not in versions]
    if not new:
        return None
    if versions:
        newest = versions[max(versions, key=version_order)]
        batch.known.update(entry.oid for entry in before.documents(newest).values())
    return add_tree(batch, {**versions, **{each.version.id: _version(each, batch) for each in new}})


def _version(kept: Kept, batch: Batch) -> Entry:
    documents = {
        name: Entry(batch.add(Kind.BLOB, text.encode("utf-8", "surrogateescape")), is_tree=False)
        for name, text in kept.masked.items()
    }
    metadata = Entry(batch.add(Kind.BLOB, write_version(kept.version)), is_tree=False)
    parts = {METADATA: metadata}
    if documents:
        parts[DOCUMENTS] = add_tree(batch, documents)
    return add_tree(batch, parts)
