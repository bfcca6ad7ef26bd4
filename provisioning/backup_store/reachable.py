"""What a commit leads to."""

from provisioning.backup_store.objects import Kind, read_commit
from provisioning.backup_store.repository import Repository


def reachable(repository: Repository, commit: bytes) -> set[bytes]:
    """Return the names of all objects that a commit leads to; trees and commits are read.

    Raises:
        Damaged: when one of those is missing or not what its name says.
    """
    found: set[bytes] = set()
    commits, trees = [commit], list[bytes]()
    while commits:
        oid = commits.pop()
        if oid not in found:
            found.add(oid)
            tree, parents = read_commit(repository.read(oid, Kind.COMMIT))
            trees.append(tree)
            commits += parents
    while trees:
        oid = trees.pop()
        if oid in found:
            continue
        found.add(oid)
        for entry in repository.tree(oid).values():
            if entry.is_tree:
                trees.append(entry.oid)
            else:
                found.add(entry.oid)
    return found
