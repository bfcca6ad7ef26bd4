"""Backups of routers: what was fetched, what is kept of it, and what became of a night (facts: I-8.3, I-8.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.model.ont import OntSeen


class BackupCause(StrEnum):
    """Why a backup was taken."""

    ACTIVATION = "activation"
    CHANGE = "change"
    REPLACEMENT = "replacement"
    RESTORE = "restore"
    NIGHTLY = "nightly"
    ASKED = "asked"
    ADOPTION = "adoption"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a router of the fleet has in force.

    Attributes:
        line: `L-` and digits.
        documents: text by name, secrets included: never shown, never logged.
        seconds: from the first packet to the last.
        slow_key_exchange: the name of the key exchange where the router offers only slow ones; empty otherwise.
        ont: what the line's OLT says of its ONT; None where the line has none, or nobody asked for it.
    """

    line: str
    serial: str
    platform: str
    documents: Mapping[str, str]
    seconds: float
    slow_key_exchange: str = ""
    ont: "OntSeen | None" = None

    def __repr__(self) -> str:
        return f"Fetched({self.line}, {self.serial}, {len(self.documents)} documents)"


@dataclass(frozen=True, slots=True)
class Missed:
    """A router of the fleet whose backup could not be taken.

    Attributes:
        cause: of which kind: those of `errors.cause_of`, `incomplete`, and `not kept`.
        message: one line for people, without secrets.
    """

    line: str
    serial: str
    cause: str
    message: str


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What is about to be kept of one router.

    Attributes:
        taken_at: in UTC.
        masked: text by name, as people may see it, each secret as its placeholder; a document whose masking cannot be
            trusted is left out.
        withheld: why a document is left out of `masked`, by its name.
        fingerprint: keyed HMAC over the originals, so that equal ones are told without having them.
        size: of the originals together, in bytes.
        sealed: the originals, encrypted to the recipients (age).
        items: the items of I-8.3 that were found in it.
        before: the id of the line's newest version, which this one's comes after; empty when it has none.
    """

    line: str
    serial: str
    platform: str
    taken_at: datetime
    cause: BackupCause
    masked: Mapping[str, str]
    withheld: Mapping[str, str]
    fingerprint: str
    size: int
    sealed: bytes
    items: tuple[str, ...]
    before: str = ""

    def __repr__(self) -> str:
        return f"NewVersion({self.line}, {self.taken_at:%Y-%m-%dT%H:%M:%SZ}, {self.size} bytes)"


@dataclass(frozen=True, slots=True)
class BackupVersion:
    """A version that is kept.

    Attributes:
        id: unique within its line, and sorts by time: `20261121T013205Z`, with `-2` and so on behind it where one
            second saw several.
        documents: names of those whose masked text is kept.
        sealed_digest: SHA-256 of the encrypted originals, in hexadecimal.
        recipients: the public keys that it is encrypted to.
    """

    id: str
    line: str
    serial: str
    platform: str
    taken_at: datetime
    cause: BackupCause
    documents: tuple[str, ...]
    withheld: Mapping[str, str]
    fingerprint: str
    size: int
    sealed_digest: str
    recipients: tuple[str, ...]
    items: tuple[str, ...]


class BackupOutcome(StrEnum):
    """What became of one line's backup."""

    KEPT = "kept"
    UNCHANGED = "unchanged"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class BackupState:
    """Where the backup of a line stands.

    Attributes:
        since: when the outcome began to be good, or bad.
        tried_at: the latest try.
        good_at: when a whole backup was last seen, changed or not; None when never.
        version: the id of the latest version; empty when there is none.
        size: of the originals of that version, in bytes.
        cause: of the trouble; empty when there is none.
        message: of the trouble, for people.
        remark: what people should know of a good one: a slow key exchange, a document that is withheld.
    """

    line: str
    serial: str
    outcome: BackupOutcome
    since: datetime
    tried_at: datetime
    good_at: datetime | None
    version: str
    size: int
    cause: str
    message: str
    remark: str


@dataclass(frozen=True, slots=True)
class Night:
    """One fleet run.

    Attributes:
        id: `B-` and digits.
        total: lines that were to be backed up.
        seconds: from begin to end.
        ended_at: None while it runs, and of one that was killed.
        bytes: of the originals that were fetched.
    """

    id: str
    cause: BackupCause
    started_at: datetime
    ended_at: datetime | None
    total: int
    kept: int
    unchanged: int
    missed: int
    bytes: int
    seconds: float


class ProofOutcome(StrEnum):
    """What became of a restored backup."""

    RESTORED = "restored"
    DIFFERS = "differs"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RestoreProof:
    """That a version was restored: on the line's own router, or on a stand-in.

    Attributes:
        how: `restore` or `rehearsal`.
        message: one line for people.
        seconds: what it took.
    """

    line: str
    version: str
    at: datetime
    how: str
    platform: str
    outcome: ProofOutcome
    message: str
    seconds: float
