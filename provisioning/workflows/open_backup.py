"""Opening a backup: what is encrypted is checked, and decrypted into memory; nothing of it is written anywhere."""

from collections.abc import Sequence
from pathlib import Path

from provisioning.backup_store.sealing import not_for_this_identity, read_identities, unseal
from provisioning.backup_store.store import BackupStore
from provisioning.errors import Refused, UnreadableProject
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
            "`proviso backup keys show` tells which keys backups are encrypted to.",
        )
    return found


def check_identity(versions: Sequence[BackupVersion], around: Surroundings) -> None:
    """Find out whether the identity opens any of some versions, without opening one.

    Raises:
        BadInput: when none is named, what is named is none, or none of these was encrypted to it. Then it is the wrong
            one, and says nothing of the backups.
        EnvironmentTrouble: when it may not be read.
    """
    file = need_identity(around)
    keys = {str(each.to_public()) for each in read_identities(file)}
    if not any(keys & set(each.recipients) for each in versions):
        raise not_for_this_identity(str(file))


def backup_store(around: Surroundings) -> BackupStore:
    """Return the store of the backups."""
    return BackupStore(around.backups.folder)


def open_backup(version: BackupVersion, around: Surroundings) -> Backup:
    """Return what a version holds.

    Raises:
        BadInput: when no identity is named, or it does not open this.
        StoreUnusable: when it is missing, or not what was kept.
        Refused: when it is of a platform that this version does not know.
    """
    identity = need_identity(around)
    if version.platform not in ROUTERS:
        raise Refused(
            f"it is of a router of the platform {version.platform}",
            where=f"{version.line}, version {version.id}",
            remedy=f"This version of Proviso restores: {', '.join(ROUTERS)}.",
        )
    sealed = backup_store(around).sealed(version)
    return Backup(version.platform, version.serial, unseal(sealed, identity))
