"""Keeps backups in a process of its own, and tells what it kept: folder, name, number, `keep`, `prune` or `group`."""

import json
import sys
from datetime import timedelta
from pathlib import Path

from backup_versions import NOON, version

from provisioning.backup_store.prune import prune
from provisioning.backup_store.store import BackupStore

COMMITS_EVERY = 7
GROUP = 5
"""Lines whose versions are kept together."""


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


def groups(folder: Path, name: str, number: int) -> None:
    """Keep versions of several lines together."""
    store = BackupStore(folder)
    for each in range(number):
        at = NOON + timedelta(seconds=each)
        texts = {f"L-{line}": f"hostname {name}\nversion {each} of {line}\n" for line in range(GROUP)}
        kept = store.keep_all([version(line, at, text=text) for line, text in texts.items()])
        told = [{"line": one.line, "id": one.id, "text": texts[one.line]} for one in kept]
        print("\n".join(map(json.dumps, told)), flush=True)
        if each % COMMITS_EVERY == 0:
            store.commit(f"{name} {each}")


if __name__ == "__main__" and sys.argv[4] == "group":
    groups(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
elif __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4] == "prune")
