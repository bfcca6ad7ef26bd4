"""What all connections of a fleet run share: the key that logs in, and what SSH may agree on.

Parsed once: asyncssh would read keys and configuration anew for each connection, in a thread.
"""

import copy
from functools import cache
from pathlib import Path

import asyncssh

from provisioning.errors import UnreadableProject

QUICK_KEY_EXCHANGES = (
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
)
SLOW_KEY_EXCHANGES = (
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha1",
)
"""Of older software; a router that has nothing else is named. Groups that are made while one waits are left out."""

CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr")
"""AES-GCM first: the others need a digest of each packet besides."""

_SIGNATURES = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")}
"""How a host key of a type may sign; the others sign by their own name (RFC 8332)."""

NEVER = 1 << 62
"""Bytes after which keys are exchanged again: a fetch is over long before anybody needs that."""


class Login:
    """Who logs in.

    Args:
        user: account on the routers.
        key_file: private key in OpenSSH's format, without a pass phrase.

    Raises:
        UnreadableProject: when the key cannot be read.
    """

    def __init__(self, user: str, key_file: Path) -> None:
        self._user = user
        try:
            self._key = asyncssh.read_private_key(key_file)
        except OSError as error:
            reason = (error.strerror or "cannot be read").lower()
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError):
            reason = "no private key without a pass phrase"
        else:
            self._options = cache(self._made)
            return
        raise UnreadableProject(reason, where=str(key_file), remedy="Check it: setting ssh_key_file.")

    def options(self, key_types: tuple[str, ...]) -> asyncssh.SSHClientConnectionOptions:
        """Return the options of one connection, for the caller to fill in what is its own.

        Args:
            key_types: of the host keys that are on record.
        """
        return copy.copy(self._options(key_types))

    def _made(self, key_types: tuple[str, ...]) -> asyncssh.SSHClientConnectionOptions:
        signatures = [each for kind in key_types for each in _SIGNATURES.get(kind, (kind,))]
        return asyncssh.SSHClientConnectionOptions(
            config=None,
            username=self._user,
            client_keys=[self._key],
            agent_path=None,
            agent_forwarding=False,
            known_hosts=([], [], []),
            x509_trusted_certs=None,
            server_host_key_algs=signatures,
            kex_algs=(*QUICK_KEY_EXCHANGES, *SLOW_KEY_EXCHANGES),
            encryption_algs=CIPHERS,
            compression_algs=None,
            preferred_auth="publickey",
            gss_host=None,
            rekey_bytes=NEVER,
            rekey_seconds=0,
            login_timeout=0,
        )
