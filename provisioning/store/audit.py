"""The audit in the store: entries are added, and never changed or removed; triggers see to it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text

from provisioning.model.audit import NOTHING, Actor, AuditEntry, entry_digest
from provisioning.store.tables import AUDIT_ENTRY, REMEMBERED

_SYSLOG = "syslog"

_GUARDS = {
    "sqlite": {"audit_entry_no_update", "audit_entry_no_delete", "audit_entry_next"},
    "postgresql": {"audit_entry_append_only", "audit_entry_no_truncate"},
}
_GUARDS_IN = {
    "sqlite": "select name from sqlite_master where type = 'trigger' and tbl_name = 'audit_entry'",
    "postgresql": "select tgname from pg_trigger where tgrelid = 'audit_entry'::regclass and tgenabled <> 'D'",
}


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


def latest(
    connection: Connection, *, subject: str | None = None, since: datetime | None = None, limit: int
) -> list[AuditEntry]:
    """Return the newest entries, the oldest of them first.

    Args:
        subject: only of this one.
        since: only from this moment on.
        limit: at most so many.
    """
    found = list(_entries(connection, subject=subject, since=since, newest_first=True, limit=limit))
    return found[::-1]


def is_guarded(connection: Connection) -> bool:
    """Return whether the triggers are there that refuse to change or delete entries."""
    names = _GUARDS[connection.dialect.name]
    found = connection.execute(text(_GUARDS_IN[connection.dialect.name])).scalars()
    return names <= set(found)


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
    connection: Connection,
    *,
    subject: str | None = None,
    since: datetime | None = None,
    newest_first: bool = False,
    limit: int | None = None,
) -> Iterator[AuditEntry]:
    query = select(AUDIT_ENTRY).order_by(AUDIT_ENTRY.c.number.desc() if newest_first else AUDIT_ENTRY.c.number)
    if subject is not None:
        query = query.where(AUDIT_ENTRY.c.subject == subject)
    if since is not None:
        query = query.where(AUDIT_ENTRY.c.at >= since)
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
