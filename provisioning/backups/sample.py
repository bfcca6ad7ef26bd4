"""Which backups are rehearsed, and what share of the fleet is known to restore. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that is backed up, or should be.

    Attributes:
        backed_up: whether there is a backup of it.
        restored_at: when a backup of it was last brought back, and was the same; None when none ever was, or when the
            latest try failed.
        tried_at: when that was last tried; None when it never was.
    """

    line: str
    platform: str
    restored_at: datetime | None = None
    tried_at: datetime | None = None
    backed_up: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of the backups of one platform.

    Attributes:
        fleet: lines that are backed up, or should be.
        backed_up: those of them that have a backup.
        proven: those whose backup is known to restore.
        failed: those whose latest try failed.
        oldest: age of the oldest proof that counts; None where there is none.
        median: age that half of the proofs are younger than; None where there is none.
    """

    platform: str
    fleet: int
    backed_up: int
    proven: int
    failed: int
    oldest: timedelta | None
    median: timedelta | None

    @property
    def share(self) -> float:
        """Of the fleet that is known to restore, from 0 to 1; 0 where there is no line."""
        return self.proven / self.fleet if self.fleet else 0.0


def sample(candidates: Iterable[Candidate], share: float) -> tuple[Candidate, ...]:
    """Return the candidates that are rehearsed next: of each platform at least one, the least recently proven first.

    Args:
        candidates: lines; those without a backup are left out.
        share: of each platform, above 0 and up to 1.
    """
    return tuple(
        chosen
        for _, some in _by_platform(each for each in candidates if each.backed_up)
        for chosen in sorted(some, key=_urgency)[: math.ceil(share * len(some))]
    )


def coverage(candidates: Iterable[Candidate], now: datetime) -> tuple[Coverage, ...]:
    """Return what is known of each platform, in the order of their names."""
    return tuple(_coverage(platform, some, now) for platform, some in _by_platform(candidates))


def _by_platform(candidates: Iterable[Candidate]) -> list[tuple[str, list[Candidate]]]:
    found: dict[str, list[Candidate]] = {}
    for each in candidates:
        found.setdefault(each.platform, []).append(each)
    return sorted(found.items())


def _coverage(platform: str, some: Sequence[Candidate], now: datetime) -> Coverage:
    ages = sorted(now - each.restored_at for each in some if each.restored_at is not None)
    failed = sum(each.restored_at is None and each.tried_at is not None for each in some)
    return Coverage(
        platform=platform,
        fleet=len(some),
        backed_up=sum(each.backed_up for each in some),
        proven=len(ages),
        failed=failed,
        oldest=ages[-1] if ages else None,
        median=ages[len(ages) // 2] if ages else None,
    )


def _urgency(candidate: Candidate) -> tuple[float, float, int, str]:
    """What was never proven comes first, of that what was never tried; then the oldest proof."""
    proven = candidate.restored_at.timestamp() if candidate.restored_at else 0.0
    tried = candidate.tried_at.timestamp() if candidate.tried_at else 0.0
    return (proven, tried, len(candidate.line), candidate.line)
