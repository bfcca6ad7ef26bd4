"""Makes secrets that nobody has chosen."""

import secrets

from provisioning.model.secret import Secret

ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody confuses when a Wi-Fi key is read from paper: no l, I, i, 1, o, O, 0."""

LENGTH = 20
"""About 115 bits; within what WPA takes (8 to 63) and what SNMPv3 takes (8 at least, RFC 3414, 11.2)."""


def generate_secret() -> Secret:
    """Return a new secret."""
    return Secret("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
