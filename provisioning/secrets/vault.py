"""The age identity that secrets of lines are encrypted to: one file in the state directory."""

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from provisioning.errors import EnvironmentTrouble, UnreadableProject, unreadable
from provisioning.model.secret import Secret

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

FILE_NAME = "identity.age"


@dataclass(frozen=True)
class Vault:
    """Encrypts and decrypts secrets with the identity of a state directory.

    Attributes:
        state: the directory; the identity is made at first use.
    """

    state: Path

    @property
    def path(self) -> Path:
        """Where the identity lies."""
        return self.state / FILE_NAME

    @property
    def exists(self) -> bool:
        """Whether there is an identity yet."""
        return self.path.is_file()

    def seal(self, secret: Secret) -> bytes:
        """Return a secret encrypted."""
        import pyrage

        return pyrage.encrypt(secret.reveal().encode(), [self._identity.to_public()])

    def open(self, sealed: bytes, *, what: str) -> Secret:
        """Return an encrypted secret.

        Args:
            what: names it, should it not open.

        Raises:
            EnvironmentTrouble: when it was encrypted to another identity.
        """
        import pyrage

        try:
            return Secret(pyrage.decrypt(sealed, [self._identity]).decode())
        except pyrage.DecryptError:
            raise EnvironmentTrouble(
                f"{what} cannot be decrypted with this identity",
                where=str(self.path),
                remedy="Put back the identity that it was encrypted to, from your backup of the state directory.",
            ) from None

    @cached_property
    def _identity(self) -> "Identity":
        import pyrage
        from pyrage.x25519 import Identity

        if not self.exists:
            _make(self.path, str(Identity.generate()))
        try:
            lines = self.path.read_text("ascii").splitlines()
            return Identity.from_str(next(each for each in lines if each and not each.startswith("#")))
        except OSError as error:
            raise unreadable(error, UnreadableProject, str(self.path)) from None
        except (pyrage.IdentityError, StopIteration, UnicodeDecodeError):
            raise EnvironmentTrouble(
                "this is no age identity", where=str(self.path), remedy="Put it back from your backup."
            ) from None


def _make(path: Path, identity: str) -> None:
    """Put an identity in its place, whole, unless another process was first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = (
        f"# Decrypts the secrets of lines. Back it up, apart from the store: without it they are lost.\n{identity}\n"
    )
    # Such a file is nobody else's to read (0600), and vanishes when it is closed; the link stays.
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{FILE_NAME}.") as partial:
        partial.write(text)
        partial.flush()
        os.fsync(partial.fileno())
        with suppress(FileExistsError):
            os.link(partial.name, path)
