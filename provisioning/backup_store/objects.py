"""Objects of git: how trees and commits are written, and what their names are (git's pack and object formats)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

OID_BYTES = 20


class Kind(IntEnum):
    """Kinds of objects, by their number in a pack."""

    COMMIT = 1
    TREE = 2
    BLOB = 3

    @property
    def word(self) -> bytes:
        """How the kind is called in what an object's name is computed from."""
        return self.name.lower().encode()


class Damaged(ValueError):
    """An object that is missing, or is not what its name says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree holds under a name."""

    oid: bytes
    is_tree: bool


def oid_of(kind: Kind, data: bytes) -> bytes:
    """Return the name of an object, 20 bytes."""
    return hashlib.sha1(b"%s %d\0" % (kind.word, len(data)) + data, usedforsecurity=False).digest()


def write_tree(entries: Mapping[str, Entry]) -> bytes:
    """Return the bytes of a tree."""
    rows = sorted((name.encode() + (b"/" if each.is_tree else b""), name, each) for name, each in entries.items())
    return b"".join(
        (b"40000 " if each.is_tree else b"100644 ") + name.encode() + b"\0" + each.oid for _, name, each in rows
    )


def read_tree(data: bytes) -> dict[str, Entry]:
    """Return what a tree holds.

    Raises:
        Damaged: when these are not the bytes of a tree.
    """
    entries = {}
    at = 0
    try:
        while at < len(data):
            end = data.index(b"\0", at)
            mode, name = data[at:end].split(b" ", 1)
            at = end + 1 + OID_BYTES
            if at > len(data):
                raise Damaged("a tree is cut")
            entries[name.decode()] = Entry(data[end + 1 : at], mode == b"40000")
    except ValueError as error:
        raise Damaged("this is no tree") from error
    return entries


def write_commit(tree: bytes, parent: bytes | None, at: datetime, message: str) -> bytes:
    """Return the bytes of a commit."""
    who = f"Proviso <proviso@localhost> {int(at.timestamp())} +0000"
    lines = [
        f"tree {tree.hex()}",
        *([f"parent {parent.hex()}"] if parent else []),
        f"author {who}",
        f"committer {who}",
        "",
        message.strip(),
        "",
    ]
    return "\n".join(lines).encode("utf-8", "replace")


def read_commit(data: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Return the tree of a commit, and its parents.

    Raises:
        Damaged: when these are not the bytes of a commit.
    """
    head = data.split(b"\n\n", 1)[0].splitlines()
    try:
        trees = [bytes.fromhex(each[5:].decode()) for each in head if each.startswith(b"tree ")]
        parents = tuple(bytes.fromhex(each[7:].decode()) for each in head if each.startswith(b"parent "))
    except ValueError as error:
        raise Damaged("this is no commit") from error
    if len(trees) != 1:
        raise Damaged("this is no commit")
    return trees[0], parents
