"""What customers were told of drills, and the periods that were agreed with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from provisioning.model.drill import Announcement
from provisioning.model.line_id import line_id, line_number
from provisioning.model.numbered import LONGEST
from provisioning.store.tables import DRILL_ANNOUNCEMENT


def add_announcement(
    connection: Connection,
    *,
    line: str,
    opens_at: datetime,
    closes_at: datetime,
    told_by: str,
    agreed_with: str,
    language: str,
    now: datetime,
) -> Announcement:
    """Write down that a customer is told of a period in which his line may be drilled; return that.

    Args:
        agreed_with: the representative who agreed; empty where the operator chose the period.
        now: when he is told.
    """
    number = connection.execute(
        insert(DRILL_ANNOUNCEMENT)
        .values(
            line_id=line_number(line),
            opens_at=opens_at,
            closes_at=closes_at,
            told_at=now,
            told_by=told_by,
            agreed_with=agreed_with,
            language=language,
        )
        .returning(DRILL_ANNOUNCEMENT.c.id)
    ).scalar_one()
    return _one(connection, number)


def find_announcement(connection: Connection, number: int) -> Announcement | None:
    """Return an announcement by its number; None when there is none."""
    if len(str(number)) > LONGEST:
        return None
    row = connection.execute(select(DRILL_ANNOUNCEMENT).where(DRILL_ANNOUNCEMENT.c.id == number)).one_or_none()
    return _announcement(row) if row is not None else None


def list_announcements(
    connection: Connection, *, line: str | None = None, ends_after: datetime | None = None, withdrawn: bool = False
) -> list[Announcement]:
    """Return announcements, by when they open.

    Args:
        ends_after: only those whose period is not over then.
        withdrawn: those that were withdrawn, too.
    """
    query = select(DRILL_ANNOUNCEMENT).order_by(DRILL_ANNOUNCEMENT.c.opens_at, DRILL_ANNOUNCEMENT.c.id)
    if line is not None:
        query = query.where(DRILL_ANNOUNCEMENT.c.line_id == line_number(line))
    if ends_after is not None:
        query = query.where(DRILL_ANNOUNCEMENT.c.closes_at > ends_after)
    if not withdrawn:
        query = query.where(DRILL_ANNOUNCEMENT.c.withdrawn_at.is_(None))
    return [_announcement(row) for row in connection.execute(query)]


def covering(connection: Connection, line: str, at: datetime) -> list[Announcement]:
    """Return the announcements of a line whose period a moment lies in, the one that closes last first."""
    found = list_announcements(connection, line=line, ends_after=at)
    return sorted((each for each in found if each.opens_at <= at), key=lambda each: each.closes_at, reverse=True)


def withdraw_announcement(connection: Connection, number: int, now: datetime) -> bool:
    """Withdraw an announcement; return whether it stood."""
    done = connection.execute(
        update(DRILL_ANNOUNCEMENT)
        .where(DRILL_ANNOUNCEMENT.c.id == number, DRILL_ANNOUNCEMENT.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    return done.rowcount > 0


def _one(connection: Connection, number: int) -> Announcement:
    found = find_announcement(connection, number)
    assert found is not None  # noqa: S101 - added just now
    return found


def _announcement(row: Row[Any]) -> Announcement:
    return Announcement(
        number=row.id,
        line=line_id(row.line_id),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        told_at=row.told_at,
        told_by=row.told_by,
        agreed_with=row.agreed_with,
        language=row.language,
        withdrawn_at=row.withdrawn_at,
    )
