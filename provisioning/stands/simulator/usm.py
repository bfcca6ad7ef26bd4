"""Keys and messages of SNMPv3's user-based security: HMAC-SHA-96 and AES-128 (RFC 3414, RFC 3826)."""

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES

try:
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:  # before version 47
    from cryptography.hazmat.primitives.ciphers.modes import CFB

MEGABYTE = 1_048_576
MAC_BYTES = 12


@lru_cache(maxsize=1024)
def localized_key(phrase: str, engine: bytes) -> bytes:
    """Return the key that a pass phrase makes for one engine (RFC 3414, A.2.2)."""
    text = phrase.encode()
    repeated = text * (MEGABYTE // len(text) + 1)
    digest = hashlib.sha1(repeated[:MEGABYTE]).digest()  # noqa: S324 - the protocol's
    return hashlib.sha1(digest + engine + digest).digest()  # noqa: S324


def mac(key: bytes, message: bytes) -> bytes:
    """Return what authenticates a message."""
    return hmac.digest(key, message, "sha1")[:MAC_BYTES]


def new_salt() -> bytes:
    """Return a salt that was not used before."""
    return secrets.token_bytes(8)


def _cipher(key: bytes, boots: int, seconds: int, salt: bytes) -> Cipher[CFB]:
    vector = boots.to_bytes(4, "big") + seconds.to_bytes(4, "big") + salt
    return Cipher(AES(key[:16]), CFB(vector))


def encrypted(key: bytes, boots: int, seconds: int, salt: bytes, plain: bytes) -> bytes:
    """Return a scoped PDU, encrypted."""
    worker = _cipher(key, boots, seconds, salt).encryptor()
    return worker.update(plain) + worker.finalize()


def decrypted(key: bytes, boots: int, seconds: int, salt: bytes, data: bytes) -> bytes:
    """Return a scoped PDU, decrypted; garbage when the key is another."""
    worker = _cipher(key, boots, seconds, salt).decryptor()
    return worker.update(data) + worker.finalize()
