"""Reads whose a certificate is (openssh-portable, PROTOCOL.certkeys); whether it holds, `ssh-keygen` tells."""

import struct
from dataclasses import dataclass

from provisioning.signatures.blob import read_string, with_string

_ENDING = b"-cert-v01@openssh.com"
_PARTS_OF_KEY = {
    b"ssh-ed25519": 1,
    b"sk-ssh-ed25519": 2,
    b"ssh-rsa": 2,
    b"ecdsa-sha2-nistp256": 2,
    b"ecdsa-sha2-nistp384": 2,
    b"ecdsa-sha2-nistp521": 2,
    b"sk-ecdsa-sha2-nistp256": 3,
}
"""How many strings make the key itself, by its type."""

_SECURITY_KEY = b"sk-"
_SERIAL_AND_KIND = 12
"""Bytes: a number of eight, and one of four."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says.

    Attributes:
        identity: the key id, as the authority wrote it: often who it is, where the principals are roles.
        principals: whom it is for.
        key: that it certifies, as SSH sends it.
    """

    identity: str
    principals: tuple[str, ...]
    key: bytes


def read_certificate(blob: bytes) -> Certificate | None:
    """Return what a certificate says; None when this is a plain key, or a certificate of a kind that is not known."""
    try:
        kind, rest = read_string(blob)
        of_key = kind.removesuffix(_ENDING)
        if not kind.endswith(_ENDING) or of_key not in _PARTS_OF_KEY:
            return None
        _, rest = read_string(rest)  # the nonce
        # The type of a security key has its own ending, which the certificate's takes the place of.
        plain = of_key + b"@openssh.com" if of_key.startswith(_SECURITY_KEY) else of_key
        key = with_string(plain)
        for _ in range(_PARTS_OF_KEY[of_key]):
            part, rest = read_string(rest)
            key += with_string(part)
        identity, rest = read_string(rest[_SERIAL_AND_KIND:])
        listed, _ = read_string(rest)
        principals = []
        while listed:
            principal, listed = read_string(listed)
            principals.append(principal.decode(errors="replace"))
    except (ValueError, struct.error):
        return None
    return Certificate(identity.decode(errors="replace"), tuple(principals), key)
