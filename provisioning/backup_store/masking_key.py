"""The key of placeholders and fingerprints: random bytes in the state directory, never beside the backups.

With plain hashes whoever has the masked texts could try weak secrets until one fits.
"""

import secrets
from pathlib import Path

from provisioning.backup_store.files import told, unusable, write_new

FILE_NAME = "masking.key"
BYTES = 32


def masking_key(state: Path) -> bytes:
    """Return the key of a state directory; it is made at first use.

    Raises:
        StoreUnusable: when it cannot be read or made, or is damaged.
    """
    path = state / FILE_NAME
    with told(path):
        if not path.exists():
            write_new(path, secrets.token_bytes(BYTES))
        key = path.read_bytes()
    if len(key) != BYTES:
        raise unusable(
            path, "the masking key is damaged", "Put it back from your backup of the state directory, or remove it."
        )
    return key
