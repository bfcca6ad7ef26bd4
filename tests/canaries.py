"""Words that must not be somewhere, and every way in which they could hide there."""

import base64
from collections.abc import Iterator


def disguises(secret: str) -> Iterator[bytes]:
    """A secret as it stands, and in each encoding that hides it from a plain search."""
    plain = secret.encode()
    yield plain
    yield secret.encode("utf-16-le")
    yield plain.hex().encode()
    yield plain[::-1]
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        yield encoded[4 if shift else 0 : -1]
