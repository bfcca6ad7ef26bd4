"""The encrypted original of a version, as it was written."""

import hashlib
from contextlib import suppress

from provisioning.backup_store.layout import Layout
from provisioning.model.backup import BackupVersion


def read_original(layout: Layout, version: BackupVersion) -> bytes | None:
    """Return the encrypted original of a version; None when what is there is not what was written.

    One that was encrypted anew by a process that was killed lies where it has not taken its place yet.

    Raises:
        OSError: when it is missing or cannot be read.
    """
    place = layout.sealed_file(version.line, version.id)
    # Another process may put the one in the place of the other between two looks: the place is looked at once more.
    for path in (place, layout.resealed_file(version.line, version.id)):
        with suppress(OSError):
            data = path.read_bytes()
            if _is_of(data, version):
                return data
    data = place.read_bytes()
    return data if _is_of(data, version) else None


def _is_of(data: bytes, version: BackupVersion) -> bool:
    return hashlib.sha256(data).hexdigest() == version.sealed_digest
