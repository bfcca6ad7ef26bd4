"""Moments as people write them: contract time unless an offset stands behind (facts: X-17)."""

import re
from datetime import UTC, datetime

from provisioning.clock import CONTRACT_TIME_ZONE

_WRITTEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
)


class NoMoment(ValueError):
    """Text that names no moment, or not one alone.

    Args:
        reason: one sentence.
        remedy: what to write instead.
    """

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def read_moment(written: str) -> datetime:
    """Return the moment, in UTC.

    Args:
        written: such as `2026-11-24T09:00`, in contract time, or with an offset: `2026-11-24T08:00Z`.

    Raises:
        NoMoment: when it is written otherwise, or contract time has no such moment, or has it twice.
    """
    example = "Write it like 2026-11-24T09:00, or with an offset like 2026-11-24T09:00+01:00."
    if _WRITTEN.fullmatch(written) is None:
        raise NoMoment(f"`{written[:40]}` is no moment.", example)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise NoMoment(f"`{written}` is no moment of the calendar.", example) from None
    if moment.tzinfo is not None:
        return _in_utc(moment, written, example)
    local = moment.replace(tzinfo=CONTRACT_TIME_ZONE)
    utc = _in_utc(local, written, example)
    if utc.astimezone(CONTRACT_TIME_ZONE).replace(tzinfo=None) != moment:
        raise NoMoment(
            f"{written} does not exist: the clocks go forward then.", "Choose a moment before or after that hour."
        )
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise NoMoment(
            f"{written} comes twice: the clocks go back then.", f"Write which one: {written}+02:00 or {written}+01:00."
        )
    return utc


def _in_utc(moment: datetime, written: str, remedy: str) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise NoMoment(f"{written} is outside the calendar.", remedy) from None
