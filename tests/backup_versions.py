"""Versions of backups to keep, with secrets that must never be seen, and stores to keep them in."""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyrage.x25519 import Identity

from provisioning.backup_store.recipients import KeyRole, Recipient, write_recipients
from provisioning.backup_store.store import BackupStore
from provisioning.model.backup import BackupCause, NewVersion

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""When the first version is taken; a module that processes of tests load in a moment states it anew."""

CANARY = "canary-Zq7vTnn2wXk"
"""Stands for every secret in an original."""


def version(
    line: str = "L-1",
    taken_at: datetime = NOON,
    *,
    text: str = "hostname router\n",
    sealed: bytes = b"",
    masked: Mapping[str, str] | None = None,
    withheld: Mapping[str, str] | None = None,
    before: str = "",
) -> NewVersion:
    """Return what is about to be kept of a line; the fingerprint is that of the text."""
    shown = {"running-config": text} if masked is None else masked
    return NewVersion(
        line=line,
        serial=f"FGL{line.removeprefix('L-')}",
        platform="cisco_iosxe",
        taken_at=taken_at,
        cause=BackupCause.NIGHTLY,
        masked=shown,
        withheld=withheld or {},
        fingerprint=hashlib.sha256(repr(sorted(shown.items())).encode()).hexdigest(),
        size=sum(map(len, shown.values())),
        sealed=sealed or f"sealed {line} {taken_at}".encode(),
        items=("DHCP pool", "Wi-Fi password"),
        before=before,
    )


def nights(number: int, first: datetime = NOON) -> list[datetime]:
    """Return so many nights."""
    return [first + timedelta(days=each) for each in range(number)]


def random_text(size: int, seed: int = 0) -> str:
    """Return a text that looks like a configuration, about as large."""
    rng = random.Random(seed)
    lines = []
    length = 0
    while length < size:
        line = (
            f"ip access-list extended IN{rng.randrange(99)} permit tcp any host 192.0.2.{rng.randrange(256)} eq 443\n"
        )
        lines.append(line)
        length += len(line)
    return "".join(lines)


@dataclass(frozen=True)
class Sealed:
    """A store whose originals can be read.

    Attributes:
        identity: the file that opens them.
    """

    store: BackupStore
    identity: Path

    def keep(
        self, line: str = "L-1", taken_at: datetime = NOON, *, secret: str = CANARY, text: str = ""
    ) -> NewVersion:
        """Keep a version of a line whose original holds a secret, and return it."""
        shown = text or "wpa-psk ascii 0 <secret:0123456789ab>\n"
        original = {"running-config": shown.replace("<secret:0123456789ab>", secret)}
        new = version(line, taken_at, text=shown, sealed=self.store.seal(original))
        self.store.keep(new)
        return new


def sealed_store(folder: Path) -> Sealed:
    """Return a store with one recipient, and its identity beside it."""
    identity = Identity.generate()
    key = folder / "identity.txt"
    key.write_text(f"# desk\n{identity}\n", "ascii")
    write_recipients(folder / "backups", [Recipient(str(identity.to_public()), KeyRole.RESTORE, "desk", NOON.date())])
    return Sealed(BackupStore(folder / "backups"), key)
