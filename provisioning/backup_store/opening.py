"""Whether originals can be decrypted, and are what was fetched, which the masking key tells where it is at hand."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from provisioning.backup_store.sealing import read_identities, unseal_with
from provisioning.backup_store.store import BackupStore
from provisioning.backup_store.verified import Finding
from provisioning.errors import ProvisoError
from provisioning.model.backup import BackupVersion


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of decrypting originals.

    Attributes:
        number: that were decrypted.
        compared: of those, how many were compared with their fingerprints.
        findings: what could not be decrypted, or is not what was fetched.
    """

    number: int
    compared: int
    findings: tuple[Finding, ...]


def open_originals(
    folder: Path,
    versions: Sequence[BackupVersion],
    identity: Path,
    *,
    share: float,
    fingerprint: Callable[[Mapping[str, str]], str] | None,
    tell: Callable[[str, int], None] = lambda what, number: None,
) -> Opened:
    """Decrypt originals in memory, and compare them with their fingerprints.

    Args:
        folder: of the backups, or a copy of it.
        share: of all versions, drawn by chance; 1 for all of them.
        fingerprint: computes one with the masking key; None where that is not at hand.
        tell: is told how far it is.

    Raises:
        BadInput: when the identity file is none.
    """
    identities = read_identities(identity)
    store = BackupStore(folder)
    drawn = random.SystemRandom().sample(versions, ceil(len(versions) * share))
    findings: list[Finding] = []
    opened = 0
    for number, version in enumerate(drawn, 1):
        tell("decrypted original", number)
        where = str(store.layout.sealed_file(version.line, version.id).relative_to(folder))
        try:
            documents = unseal_with(store.sealed(version), identities, where=where)
        except ProvisoError as error:
            findings.append(
                Finding(where, error.what, f"the original of {version.line} {version.id}, to this identity")
            )
            continue
        opened += 1
        if fingerprint is not None and fingerprint(documents) != version.fingerprint:
            what = "what comes out is not what was fetched, or the masking key is another one"
            findings.append(Finding(where, what, f"perhaps the original of {version.line} {version.id}"))
    return Opened(opened, opened if fingerprint is not None else 0, tuple(findings))
