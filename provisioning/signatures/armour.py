"""Reads what a signature says of itself: the key that made it, and what for (openssh-portable, PROTOCOL.sshsig)."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass

from provisioning.errors import UnreadableSignature
from provisioning.signatures.blob import read_string

MAXIMUM_CHARACTERS = 64 * 1024

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_MAGIC = b"SSHSIG"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that nobody has verified yet.

    Attributes:
        key: public key or certificate that made it, as SSH sends it.
        namespace: what it was made for.
        text: armoured, as it is handed to `ssh-keygen`.
    """

    key: bytes
    namespace: str
    text: str

    @property
    def fingerprint(self) -> str:
        """The key as people see it: `SHA256:` and base64."""
        return fingerprint(self.key)


def fingerprint(key: bytes) -> str:
    """Return the fingerprint of a public key, as `ssh-keygen -l` shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def read_signature(text: str) -> Signature:
    """Return what a signature says of itself.

    Args:
        text: armoured, with nothing but blank lines around it.

    Raises:
        UnreadableSignature: when it is none.
    """
    lines = text.strip().splitlines()
    if len(text) > MAXIMUM_CHARACTERS or len(lines) < 3 or lines[0].strip() != _BEGIN or lines[-1].strip() != _END:
        raise _none(f"it does not begin with {_BEGIN}" if text.strip() else "it is empty")
    body = "".join(each.strip() for each in lines[1:-1])
    try:
        blob = base64.b64decode(body, validate=True)
        if not blob.startswith(_MAGIC):
            raise _none("it is base64 of something else")
        (version,) = struct.unpack_from(">I", blob, len(_MAGIC))
        key, rest = read_string(blob[len(_MAGIC) + 4 :])
        namespace, _ = read_string(rest)
    except (binascii.Error, ValueError, struct.error):
        raise _none("it is cut, or was changed") from None
    if version != _VERSION:
        raise _none(f"it is of version {version}, and only {_VERSION} is known")
    return Signature(key, namespace.decode(errors="replace"), "\n".join((_BEGIN, *lines[1:-1], _END, "")))


def _none(why: str) -> UnreadableSignature:
    return UnreadableSignature(
        f"this is no SSH signature: {why}",
        where="signature",
        remedy="Hand over the whole file that `ssh-keygen -Y sign` wrote; its name ends in .sig.",
    )
