"""Strings as SSH sends them: the length in four bytes, and the bytes (RFC 4251, section 5)."""

import struct


def read_string(blob: bytes) -> tuple[bytes, bytes]:
    """Return the string that a blob begins with, and what stands behind it.

    Raises:
        ValueError: when the blob is shorter than it says.
        struct.error: when there is no length.
    """
    (length,) = struct.unpack_from(">I", blob)
    if len(blob) < 4 + length:
        raise ValueError(length)
    return blob[4 : 4 + length], blob[4 + length :]


def with_string(content: bytes) -> bytes:
    """Return a string as SSH sends it."""
    return struct.pack(">I", len(content)) + content
