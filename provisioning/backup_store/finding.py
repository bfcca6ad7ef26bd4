"""Which version somebody means: by its id, by when it was valid, or the newest."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from provisioning.errors import UnknownName
from provisioning.model.backup import BackupVersion
from provisioning.model.line_id import line_number

FIRST = "first"

_MOMENT = re.compile(r"[0-9W-]+(?:[T ]([0-9:.]+))?")
_SPANS: defaultdict[int, timedelta] = defaultdict(
    lambda: timedelta(microseconds=1),
    {0: timedelta(days=1), 2: timedelta(hours=1), 4: timedelta(minutes=1), 6: timedelta(seconds=1)},
)
"""How long what is meant lasts, by the number of digits that its time of day is written with."""


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
        raise no_backup(line)
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


def no_backup(line: str) -> UnknownName:
    """Return the error for a line without a backup, or for what is no id of a line."""
    what = f"there is no backup of {line}"
    try:
        line_number(line)
    except ValueError as error:
        what = f"{what}: {error}"
    return UnknownName(what, where=line, remedy="`proviso backup list` shows the lines that have one.")


def _unknown(line: str, what: str) -> UnknownName:
    return UnknownName(
        what,
        where=line,
        remedy=f"`proviso backup list {line}` lists them; `--at` takes an id, a date such as 2026-11-20, or `first`.",
    )


def _end(at: str) -> datetime | None:
    """Return the first moment that is not meant any more; None where it is no date or moment.

    A day, a minute and a second are meant to their end: that is how `list` shows when a version was taken.
    """
    written = _MOMENT.match(at)
    try:
        moment = datetime.fromisoformat(at)
        span = _SPANS[sum(each.isdigit() for each in written[1] or "")] if written else _SPANS[0]
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) + span
    except (ValueError, OverflowError):
        return None
