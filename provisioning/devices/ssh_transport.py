"""paramiko's transport, as it speaks to devices whose ciphers are theirs to choose."""

import paramiko

SLOW = {"kex": ["diffie-hellman-group-exchange-sha1", "diffie-hellman-group-exchange-sha256"]}
"""Never agreed on: these find primes while one waits. curve25519 comes first, older versions' fixed groups last."""


class GcmFirst(paramiko.Transport):  # type: ignore[misc]  # paramiko has no types
    """paramiko's, with AES-GCM asked for first: its other ciphers need a digest of each packet, computed in Python."""

    _preferred_ciphers = (
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "aes128-ctr",
        "aes192-ctr",
        "aes256-ctr",
    )
