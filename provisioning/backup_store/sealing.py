"""Originals of backups, encrypted to age recipients: `age -d -i IDENTITY FILE | tar -xz` reads one without Proviso."""

import gzip
import io
import tarfile
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.backup_store.recipients import Recipient
from provisioning.errors import BadInput, StoreUnusable, unreadable

if TYPE_CHECKING:
    from pyrage.x25519 import Identity
    from pyrage.x25519 import Recipient as Key

_FASTEST_WORTH_IT = 3
"""Level of gzip: a tenth larger than the best, in half the time."""

LARGEST = 64 * 1024 * 1024
"""Bytes of the documents of one router, at most: whoever can write an age file cannot fill the memory."""

MOST_SIZES = 1024
"""Of documents, whose headers in an archive are remembered: those of a fleet are much alike."""


def seal(documents: Mapping[str, str], recipients: Sequence[Recipient]) -> bytes:
    """Return documents as one encrypted archive; it differs each time.

    Args:
        documents: text by name; undecodable bytes as surrogates (`surrogateescape`).
        recipients: who will be able to read them.

    Raises:
        BadInput: when there are no recipients.
    """
    import pyrage

    if not recipients:
        raise no_recipients()
    return pyrage.encrypt(packed(documents), [_key(each.key) for each in recipients])


@cache
def _key(written: str) -> "Key":
    from pyrage.x25519 import Recipient as Key

    return Key.from_str(written)


def no_recipients(where: str = "recipients.txt") -> BadInput:
    """Return the error for a store of which nobody could read the originals."""
    return BadInput(
        "there is no recipient: nobody could read the originals of the backups",
        where=where,
        remedy="Make an identity elsewhere with `proviso backup keys make`, or add its public key with "
        "`proviso backup keys add`.",
    )


def unseal(sealed: bytes, identity_file: Path) -> dict[str, str]:
    """Return the documents of an encrypted archive.

    Args:
        sealed: as `seal` returned it.
        identity_file: an age identity file.

    Raises:
        BadInput: when this identity does not open it, or is none.
        EnvironmentTrouble: when the identity file may not be read.
        StoreUnusable: when what comes out is no archive of documents.
    """
    return unseal_with(sealed, read_identities(identity_file), where=str(identity_file))


def unseal_with(sealed: bytes, identities: "Sequence[Identity]", *, where: str) -> dict[str, str]:
    """Return the documents of an encrypted archive, with identities that were read already.

    Args:
        where: the identity file, for the error.
    """
    import pyrage

    try:
        packed = pyrage.decrypt(sealed, identities)
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise not_for_this_identity(where) from None
        raise StoreUnusable(
            "the original cannot be decrypted: it is damaged",
            where=where,
            remedy="`proviso backup verify` finds what is damaged; take that file from another copy of the backups.",
        ) from None
    return _unpacked(packed)


def not_for_this_identity(where: str) -> BadInput:
    """Return the error for an identity that opens nothing here.

    Args:
        where: the identity file.
    """
    return BadInput(
        "the original was not encrypted to this identity",
        where=where,
        remedy="`proviso backup keys show` names the public keys that can read it.",
    )


def read_identities(path: Path) -> "list[Identity]":
    """Return the identities in an age identity file.

    Raises:
        BadInput: when there is none in it.
        EnvironmentTrouble: when it may not be read.
    """
    import pyrage
    from pyrage.x25519 import Identity

    try:
        lines = path.read_text("ascii").splitlines()
        found = [Identity.from_str(each.strip()) for each in lines if each.strip() and not each.startswith("#")]
    except OSError as error:
        raise unreadable(error, BadInput, str(path)) from None
    except (pyrage.IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise BadInput(
            "this is no age identity file",
            where=str(path),
            remedy="Name the file that `proviso backup keys make` or `age-keygen` wrote, decrypted.",
        )
    return found


def packed(documents: Mapping[str, str]) -> bytes:
    """Return documents as one archive, compressed: the same for the same documents."""
    parts = []
    for name, text in sorted(documents.items()):
        data = text.encode("utf-8", "surrogateescape")
        parts += [_tar_header(name, len(data)), data, bytes(-len(data) % tarfile.BLOCKSIZE)]
    raw = b"".join(parts)
    # Two blocks of zeros end an archive, and zeros fill its last record.
    end = 2 * tarfile.BLOCKSIZE + -(len(raw) + 2 * tarfile.BLOCKSIZE) % tarfile.RECORDSIZE
    return gzip.compress(raw + bytes(end), _FASTEST_WORTH_IT, mtime=0)


@lru_cache(MOST_SIZES)
def _tar_header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.PAX_FORMAT)


def _unpacked(packed: bytes) -> dict[str, str]:
    documents = {}
    try:
        with gzip.open(io.BytesIO(packed)) as unzipped:
            raw = unzipped.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise tarfile.ReadError
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            for member in archive:
                file = archive.extractfile(member)
                if file is not None:
                    documents[member.name] = file.read().decode("utf-8", "surrogateescape")
    except (OSError, EOFError, tarfile.TarError, ValueError):
        raise StoreUnusable(
            "the original was decrypted, and is no archive of documents",
            where="sealed original",
            remedy="It was not written by Proviso: take it from another copy of the backups.",
        ) from None
    return documents
