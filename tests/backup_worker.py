"""Keeps backups in a process of its own, and tells each one that it kept: folder, name, number, `keep` or `prune`."""

import json
import sys
from datetime import timedelta
from pathlib import Path

from backup_versions import NOON, version

from provisioning.backup_store.prune import prune
from provisioning.backup_store.store import BackupStore

COMMITS_EVERY = 7


def main(folder: Path, name: str, number: int, prunes: bool) -> None:
    """Keep versions of ten lines, all of the same second, so that several processes want the same ids."""
    store = BackupStore(folder)
    for each in range(number):
        text = f"hostname {name}\nversion {each}\n"
        kept = store.keep(version(f"L-{each % 10}", NOON + timedelta(seconds=each // 10), text=text))
        print(json.dumps({"line": kept.line, "id": kept.id, "text": text}), flush=True)
        if each % COMMITS_EVERY == 0:
            store.commit(f"{name} {each}")
        if prunes and each % COMMITS_EVERY == 3:
            prune(store, NOON)
    store.commit(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4] == "prune")
