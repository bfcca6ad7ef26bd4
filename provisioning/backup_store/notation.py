"""Versions as JSON: `backup.json` beside the documents of each, and the journal's files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from provisioning.backup_store.layout import DOCUMENT, VERSION, shard
from provisioning.backup_store.objects import Damaged
from provisioning.model.backup import BackupCause, BackupVersion

_FORMAT = 1
_NAMES = tuple(each.name for each in fields(BackupVersion))


@dataclass(frozen=True, slots=True)
class Kept:
    """A version, and its masked texts by name."""

    version: BackupVersion
    masked: Mapping[str, str]


def write_version(version: BackupVersion) -> bytes:
    """Return what `backup.json` says of a version."""
    rows = (f' "{name}": {_indented(value)}' for name, value in sorted(_plain(version).items()))
    return ("{\n" + ",\n".join(rows) + "\n}\n").encode()


def read_version(data: bytes) -> BackupVersion:
    """Return the version that a `backup.json` is of.

    Raises:
        Damaged: when it is not ours.
    """
    try:
        return _version(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Damaged("the metadata of a version cannot be read") from None


def write_kept(kept: Kept) -> bytes:
    """Return a version as a file of the journal has it, on a line of its own."""
    return (json.dumps({"version": _plain(kept.version), "masked": dict(kept.masked)}) + "\n").encode()


def read_kept(data: bytes) -> Kept:
    """Return the version in a line of a file of the journal.

    Raises:
        Damaged: when it is not ours.
    """
    try:
        found = json.loads(data)
        version, masked = _version(found["version"]), found["masked"]
        if sorted(masked) != sorted(version.documents) or not all(isinstance(each, str) for each in masked.values()):
            raise Damaged("the documents are not those of the version")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Damaged("a file of the journal cannot be read") from None
    return Kept(version, masked)


def _plain(version: BackupVersion) -> dict[str, Any]:
    plain = {name: getattr(version, name) for name in _NAMES}
    plain |= {
        "format": _FORMAT,
        "taken_at": version.taken_at.isoformat(),
        "cause": version.cause.value,
        "withheld": dict(version.withheld),
    }
    return plain


def _indented(value: Any) -> str:
    """Return what `json.dumps` writes with an indent of 1 below the top, for which it takes twenty times as long."""
    if not value or not isinstance(value, (tuple, dict)):
        return json.dumps(value)
    if isinstance(value, tuple):
        return "[\n  " + ",\n  ".join(map(json.dumps, value)) + "\n ]"
    return "{\n  " + ",\n  ".join(f"{json.dumps(name)}: {json.dumps(value[name])}" for name in sorted(value)) + "\n }"


def _version(found: Mapping[str, Any]) -> BackupVersion:
    version = BackupVersion(
        id=str(found["id"]),
        line=str(found["line"]),
        serial=str(found["serial"]),
        platform=str(found["platform"]),
        taken_at=datetime.fromisoformat(found["taken_at"]),
        cause=BackupCause(found["cause"]),
        documents=tuple(map(str, found["documents"])),
        withheld={str(name): str(why) for name, why in found["withheld"].items()},
        fingerprint=str(found["fingerprint"]),
        size=int(found["size"]),
        sealed_digest=str(found["sealed_digest"]),
        recipients=tuple(map(str, found["recipients"])),
        items=tuple(map(str, found["items"])),
    )
    shard(version.line)
    if not VERSION.fullmatch(version.id) or not all(map(DOCUMENT.fullmatch, version.documents)):
        raise Damaged("names that are not ours")
    return version
