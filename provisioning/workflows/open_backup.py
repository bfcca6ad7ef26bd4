"""Opening a backup: what is encrypted is checked, and decrypted into memory; nothing of it is written anywhere."""

import hashlib
from pathlib import Path

from provisioning.backup_store.sealing import unseal
from provisioning.backup_store.store import BackupStore
from provisioning.errors import EnvironmentTrouble, Refused, UnreadableProject
from provisioning.model.backup import BackupVersion
from provisioning.planning.restoration import Backup
from provisioning.platforms.routers import ROUTERS
from provisioning.workflows.surroundings import Surroundings


def need_identity(around: Surroundings) -> Path:
    """Return the file of the identity that opens backups.

    Raises:
        UnreadableProject: when none is named, or there is no such file.
    """
    found = around.backups.identity_file
    if found is None:
        raise UnreadableProject(
            "no identity is named that opens backups",
            where="--identity, setting backup_identity_file",
            remedy="Name its file with --identity FILE or PROVISO_BACKUP_IDENTITY_FILE; "
            "`proviso backup keys list` tells which keys backups are encrypted to.",
        )
    return found


def open_backup(version: BackupVersion, around: Surroundings) -> Backup:
    """Return what a version holds.

    Raises:
        UnreadableProject: when no identity is named, or it is none.
        EnvironmentTrouble: when it is not what was kept, or this identity does not open it.
        Refused: when it is of a platform that this version does not know.
    """
    identity = need_identity(around)
    if version.platform not in ROUTERS:
        raise Refused(
            f"it is of a router of the platform {version.platform}",
            where=f"{version.line}, version {version.id}",
            remedy=f"This version of Proviso restores: {', '.join(ROUTERS)}.",
        )
    sealed = BackupStore(around.backups.folder).sealed(version)
    if hashlib.sha256(sealed).hexdigest() != version.sealed_digest:
        raise EnvironmentTrouble(
            "the encrypted original is not what was kept",
            where=f"{version.line}, version {version.id}",
            remedy="`proviso backup verify` tells what else is damaged; fetch this file from another copy of the "
            "store, or name another version with --at.",
        )
    return Backup(version.platform, version.serial, unseal(sealed, identity))
