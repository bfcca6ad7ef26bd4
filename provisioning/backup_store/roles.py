"""What the identities of backups are for."""

from enum import StrEnum


class KeyRole(StrEnum):
    """What an identity is for."""

    RESTORE = "restore"
    REHEARSAL = "rehearsal"
