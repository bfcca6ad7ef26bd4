"""What follows from the report of a night: shares, ages, groups. Pure figures, without words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from statistics import median

from provisioning.model.backup import Night, ProofOutcome
from provisioning.model.nightly import FailedBackup, NightlyReport, ProvenLine, RemarkedLine

AGES = (7, 30, 90)
"""Days that part the proofs by age."""


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """The lines that failed for one cause."""

    cause: str
    failures: tuple[FailedBackup, ...]


@dataclass(frozen=True, slots=True)
class Restorable:
    """How much of what is to be backed up is proven to restore.

    Attributes:
        lines: in scope.
        proven: of these, those whose latest restore came out as it was.
        failed: those whose latest restore did not.
        never: those of which no backup was ever restored.
        oldest: days since the oldest of the latest proofs; None where there is none.
        median: likewise, of the middle one.
        ages: how many proofs are at most so many days old, and older than the number before; None is older than all.
    """

    lines: int
    proven: int
    failed: int
    never: int
    oldest: float | None
    median: float | None
    ages: Mapping[int | None, int]

    @property
    def share(self) -> float:
        """Proven lines of all."""
        return self.proven / self.lines if self.lines else 0.0


def good(night: Night) -> int:
    """Return how many lines a night backed up, changed or not."""
    return night.kept + night.unchanged


def coverage(night: Night) -> float | None:
    """Return which share of what was to be backed up was; None when there was nothing to be."""
    return good(night) / night.total if night.total else None


def rate(night: Night) -> float | None:
    """Return how many routers were dealt with in a second; None where nobody can tell."""
    return (good(night) + night.missed) / night.seconds if night.seconds > 0 else None


def mean_size(night: Night) -> float | None:
    """Return the mean size of what was fetched from a router, in bytes; None where nothing was."""
    return night.bytes / good(night) if good(night) else None


def by_cause(failures: Iterable[FailedBackup]) -> tuple[CauseGroup, ...]:
    """Return failures by cause, the most frequent first."""
    found = [CauseGroup(cause, tuple(each)) for cause, each in groupby(failures, key=lambda each: each.cause)]
    return tuple(sorted(found, key=lambda each: (-len(each.failures), each.cause)))


def by_remark(remarks: Iterable[RemarkedLine]) -> tuple[tuple[str, tuple[RemarkedLine, ...]], ...]:
    """Return remarks, the most frequent first, each with its lines."""
    found = [(remark, tuple(each)) for remark, each in groupby(remarks, key=lambda each: each.remark)]
    return tuple(sorted(found, key=lambda each: (-len(each[1]), each[0])))


def restorable(proofs: Sequence[ProvenLine], at: datetime) -> Restorable:
    """Return how much is proven to restore, at a moment."""
    proven = [each for each in proofs if each.outcome is ProofOutcome.RESTORED]
    days = sorted((at - each.at).total_seconds() / 86400 for each in proven if each.at is not None)
    ages: dict[int | None, int] = dict.fromkeys((*AGES, None), 0)
    for each in days:
        ages[next((limit for limit in AGES if each <= limit), None)] += 1
    return Restorable(
        lines=len(proofs),
        proven=len(proven),
        failed=sum(each.outcome not in (None, ProofOutcome.RESTORED) for each in proofs),
        never=sum(each.outcome is None for each in proofs),
        oldest=days[-1] if days else None,
        median=median(days) if days else None,
        ages=ages,
    )


def by_platform(proofs: Sequence[ProvenLine], at: datetime) -> dict[str, Restorable]:
    """Return the same for each platform."""
    platforms = sorted({each.platform for each in proofs})
    return {name: restorable([each for each in proofs if each.platform == name], at) for name in platforms}


def failed_restores(report: NightlyReport) -> list[ProvenLine]:
    """Return the lines whose latest restore did not come out as it was."""
    return [each for each in report.proofs if each.outcome not in (None, ProofOutcome.RESTORED)]
