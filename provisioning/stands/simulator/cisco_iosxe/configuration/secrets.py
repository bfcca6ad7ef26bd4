"""How the device writes passwords down.

Type 7 is the reversible form of `service password-encryption`; type 9 is scrypt, into which IOS-XE 17 turns each
`secret` that is entered in clear (Cisco IOS Security Command Reference: `username`, `enable secret`, `service
password-encryption`).
"""

import base64
import hashlib
import secrets
from typing import Final

_PAD: Final = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
"""Public since 1995: type 7 hides from a glance, and no more."""
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CISCO64: Final = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SALT = 14


def type_7(clear: str, start: int | None = None) -> str:
    """Return a password in type 7.

    Args:
        clear: the password.
        start: where in the table it begins, 0 to 15; random when None.
    """
    at = secrets.randbelow(16) if start is None else start
    hidden = bytes(byte ^ _PAD[(at + index) % len(_PAD)] for index, byte in enumerate(clear.encode()))
    return f"{at:02d}{hidden.hex().upper()}"


def is_type_7(text: str) -> bool:
    """Return whether a text can be a password in type 7."""
    if len(text) < 4 or len(text) % 2 or not text[:2].isdigit() or int(text[:2]) >= len(_PAD):
        return False
    return all(each in "0123456789ABCDEFabcdef" for each in text[2:])


def type_9(clear: str, salt: str = "") -> str:
    """Return the hash that the device keeps of a secret.

    Args:
        clear: the secret.
        salt: 14 characters; random when empty.
    """
    chosen = salt or "".join(secrets.choice(_CISCO64.decode()) for _ in range(_SALT))
    digest = hashlib.scrypt(clear.encode(), salt=chosen.encode(), n=16384, r=1, p=1, dklen=32)
    text = base64.b64encode(digest).translate(bytes.maketrans(_BASE64, _CISCO64)).rstrip(b"=")
    return f"$9${chosen}${text.decode()}"


def is_hash(kind: str, text: str) -> bool:
    """Return whether a text can be a secret of a type.

    Args:
        kind: `5`, `8` or `9`.
        text: as entered behind it.
    """
    parts = text.split("$")
    return len(parts) == 4 and parts[0] == "" and parts[1] == {"5": "1"}.get(kind, kind) and all(parts[2:])
