"""Which version somebody means: by its id, by when it was valid, or the newest."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from provisioning.errors import UnknownName
from provisioning.model.backup import BackupVersion

FIRST = "first"


def find_version(line: str, versions: Sequence[BackupVersion], at: str | None) -> BackupVersion:
    """Return the version that somebody means.

    Args:
        versions: of the line, newest first.
        at: id of a version; a date or moment (UTC unless it says otherwise), for what was valid then; `first`; None
            for the newest.

    Raises:
        UnknownName: when there is none.
    """
    if not versions:
        raise UnknownName(
            f"there is no backup of {line}", where=line, remedy="`proviso backup list` shows the lines that have one."
        )
    if at is None:
        return versions[0]
    if at == FIRST:
        return versions[-1]
    named = next((each for each in versions if each.id == at), None)
    if named is not None:
        return named
    end = _end(at)
    if end is None:
        raise _unknown(line, f"there is no version {at!r} of {line}")
    valid = next((each for each in versions if each.taken_at < end), None)
    if valid is None:
        raise _unknown(line, f"the first backup of {line} is of {versions[-1].taken_at:%Y-%m-%d %H:%M:%S} UTC")
    return valid


def _unknown(line: str, what: str) -> UnknownName:
    return UnknownName(
        what,
        where=line,
        remedy=f"`proviso backup list {line}` lists them; `--at` takes an id, a date such as 2026-11-20, or `first`.",
    )


def _end(at: str) -> datetime | None:
    """Return the first moment that is not meant any more; None where it is no date or moment."""
    try:
        if len(at) == len("2026-11-20"):
            day = date.fromisoformat(at)
            return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        moment = datetime.fromisoformat(at)
    except (ValueError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) + timedelta(microseconds=1)
