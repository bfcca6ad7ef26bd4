"""A new identity goes into a file that only its owner may read, and never beside what it opens."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from provisioning.backup_store.roles import KeyRole
from provisioning.cli import output
from provisioning.errors import BadInput, EnvironmentTrouble, Refused

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def warn_of_readers(path: Path) -> Path:
    """Return the file of an identity; tell it when others on this host may read it.

    It is used all the same: a medium that knows no modes, as a stick may be, shows every file as open to all.
    """
    with suppress(OSError):
        if path.stat().st_mode & OTHERS:
            output.note(f"Others on this host can read {path}, and with it every original: chmod 600 {path}")
    return path


def make_identity(path: Path, role: KeyRole, backups: Path) -> str:
    """Write a new age identity, and return its public key.

    Args:
        path: a file that is not there yet.
        backups: the folder of the backups.

    Raises:
        BadInput: when there is such a file.
        Refused: when it would lie among the backups.
        EnvironmentTrouble: when it cannot be written.
    """
    from pyrage.x25519 import Identity

    if backups.resolve() in path.resolve().parents:
        raise Refused(
            "an identity must not lie beside what it opens",
            where=str(path),
            remedy="Name a file elsewhere, best on a medium that leaves this host.",
        )
    identity = Identity.generate()
    key = str(identity.to_public())
    text = f"# proviso backups, {role.value} identity\n# public key: {key}\n{identity}\n"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise BadInput(
            "there is such a file already", where=str(path), remedy="Name one that does not exist."
        ) from None
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise EnvironmentTrouble(reason, where=str(path), remedy="Name another file.") from None
    return key
