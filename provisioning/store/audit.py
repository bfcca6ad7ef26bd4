"""The audit in the store: entries are added, and never changed or removed; triggers see to it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from provisioning.model.audit import NOTHING, Actor, AuditEntry, entry_digest
from provisioning.store.tables import AUDIT_ENTRY, REMEMBERED

_SYSLOG = "syslog"


def add_entry(
    connection: Connection,
    *,
    at: datetime,
    actor: Actor,
    action: str,
    subject: str,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Add an entry to the chain, in the transaction of what it tells of; return it.

    Args:
        details: plain data, as JSON knows it; no secret may be in it.
    """
    last = head(connection)
    number, previous = (last.number + 1, last.digest) if last is not None else (1, NOTHING)
    told = dict(details or {})
    digest = entry_digest(
        number=number,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        reason=reason,
        details=told,
        previous=previous,
    )
    entry = AuditEntry(number, at, actor, action, subject, reason, told, previous, digest)
    connection.execute(
        insert(AUDIT_ENTRY).values(
            number=number,
            at=at,
            actor=actor.name,
            origin=actor.origin,
            action=action,
            subject=subject,
            reason=reason,
            details=told,
            previous=previous,
            digest=digest,
        )
    )
    return entry


def head(connection: Connection) -> AuditEntry | None:
    """Return the newest entry; None when there is none yet."""
    return next(_entries(connection, newest_first=True, limit=1), None)


def entries(connection: Connection, *, subject: str | None = None) -> Iterator[AuditEntry]:
    """Yield the entries, the oldest first.

    Args:
        subject: only of this one; None for all.
    """
    return _entries(connection, subject=subject)


def syslog_trouble(connection: Connection) -> str:
    """Return why syslog could not be told the head last time; empty when it could."""
    query = select(REMEMBERED.c.value).where(REMEMBERED.c.name == _SYSLOG)
    return connection.execute(query).scalar_one_or_none() or ""


def keep_syslog_trouble(connection: Connection, trouble: str) -> None:
    """Remember why syslog could not be told the head; empty once it could."""
    connection.execute(delete(REMEMBERED).where(REMEMBERED.c.name == _SYSLOG))
    if trouble:
        connection.execute(insert(REMEMBERED).values(name=_SYSLOG, value=trouble))


def _entries(
    connection: Connection, *, subject: str | None = None, newest_first: bool = False, limit: int | None = None
) -> Iterator[AuditEntry]:
    query = select(AUDIT_ENTRY).order_by(AUDIT_ENTRY.c.number.desc() if newest_first else AUDIT_ENTRY.c.number)
    if subject is not None:
        query = query.where(AUDIT_ENTRY.c.subject == subject)
    if limit is not None:
        query = query.limit(limit)
    for row in connection.execute(query):
        yield AuditEntry(
            row.number,
            row.at,
            Actor(row.actor, row.origin),
            row.action,
            row.subject,
            row.reason,
            row.details,
            row.previous,
            row.digest,
        )
