"""Originals of versions that are dropped: they are listed first, so that whoever comes next finishes a killed process.

Other originals that belong to no version are not touched when they are many: then it is the repository that is wrong.
"""

import json
from collections.abc import Iterable, Mapping

from provisioning.backup_store.files import replace
from provisioning.backup_store.layout import VERSION, Layout, shard
from provisioning.backup_store.repository import Repository
from provisioning.backup_store.snapshot import Snapshot

MOST_LEFT = 20
"""Originals that killed processes may have left, one each; more are not theirs."""


def list_dropped(layout: Layout, versions: Iterable[tuple[str, str]]) -> None:
    """Put on disk which versions are about to be dropped."""
    replace(layout.dropping, json.dumps(sorted(versions)).encode())


def finish_dropping(layout: Layout, repository: Repository) -> None:
    """Remove the originals of versions that were to be dropped, and are not in the repository any more.

    Raises:
        Damaged: when the repository is damaged.
    """
    if not layout.dropping.exists():
        return
    head = repository.head()
    snapshot = Snapshot(repository, repository.root(head) if head else None)
    lines: dict[str, Mapping[str, object]] = {}
    for line, identifier in dropped(layout):
        if line not in lines:
            lines[line] = snapshot.line(line)
        if identifier not in lines[line]:
            layout.sealed_file(line, identifier).unlink(missing_ok=True)
    layout.dropping.unlink()


def dropped(layout: Layout) -> set[tuple[str, str]]:
    """Return line and id of the versions that are about to be dropped; none where the list cannot be read."""
    try:
        found = {(str(line), str(identifier)) for line, identifier in json.loads(layout.dropping.read_bytes())}
        for line, identifier in found:
            shard(line)
            if VERSION.fullmatch(identifier) is None:
                return set()
    except (OSError, ValueError, TypeError):
        return set()
    return found
