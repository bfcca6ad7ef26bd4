"""What a night came to over the whole fleet: what its report tells."""

from dataclasses import dataclass
from datetime import datetime

from provisioning.model.backup import Night, ProofOutcome


@dataclass(frozen=True, slots=True)
class FailedBackup:
    """A line that a night missed.

    Attributes:
        customer: empty when the line is not there any more; likewise `serial` and `platform`.
        cause: of which kind the trouble was.
        message: of the trouble, for people.
        since: when its backups began to fail; None when it has been backed up since.
        good_at: when a whole backup was last seen; None when never.
    """

    line: str
    customer: str
    serial: str
    platform: str
    cause: str
    message: str
    since: datetime | None
    good_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProvenLine:
    """The latest time that a backup of a line was restored, or was tried to.

    Attributes:
        at: when; None when never.
        outcome: likewise.
        message: one line for people.
    """

    line: str
    customer: str
    platform: str
    at: datetime | None
    outcome: ProofOutcome | None
    message: str


@dataclass(frozen=True, slots=True)
class DriftingLine:
    """A line whose router differs from what it is meant to be.

    Attributes:
        where: the documents that differ.
    """

    line: str
    customer: str
    serial: str
    since: datetime
    where: str


@dataclass(frozen=True, slots=True)
class SizedBackup:
    """The size of the latest backup of a line, in bytes."""

    line: str
    customer: str
    size: int


@dataclass(frozen=True, slots=True)
class RemarkedLine:
    """A line whose backup is good, and of which people should know something: a slow key exchange, a text withheld."""

    line: str
    customer: str
    serial: str
    remark: str


@dataclass(frozen=True, slots=True)
class NightlyReport:
    """What a night came to. Of drift, sizes and remarks only the present is known, whichever night it is.

    Attributes:
        at: when the report was made, in UTC.
        night: None when there was none yet.
        latest: whether it is the latest night.
        in_scope: lines that are to be backed up, now.
        backed_up: of these, those of which there is a backup, of whatever age.
        failures: lines that the night missed, by cause and line.
        proofs: of each line in scope, by line.
        drift_looked: lines at whose router somebody has looked for drift.
        drift_looked_at: the latest look; None when there was none.
        drift_unseen: lines at which the latest look failed.
        drifting: by the moment since when, the oldest first.
        size: of the latest backups together, in bytes.
        largest: the largest latest backups, the largest first.
        remarks: by remark and line.
        nights: the latest ones until this one, the oldest first.
    """

    at: datetime
    night: Night | None
    latest: bool
    in_scope: int
    backed_up: int
    failures: tuple[FailedBackup, ...]
    proofs: tuple[ProvenLine, ...]
    drift_looked: int
    drift_looked_at: datetime | None
    drift_unseen: int
    drifting: tuple[DriftingLine, ...]
    size: int
    largest: tuple[SizedBackup, ...]
    remarks: tuple[RemarkedLine, ...]
    nights: tuple[Night, ...]
