"""Walks the whole audit and tells whether every entry follows from the one before."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from provisioning.model.audit import NOTHING, AuditEntry, entry_digest
from provisioning.store.audit import entries, is_guarded, syslog_trouble
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What the walk found.

    Attributes:
        count: entries that follow from one another, from the first on.
        head: digest of the last of them; that of nothing where there is none.
        broken_at: number of the first entry that does not fit; None when all do.
        why: what is wrong with it; empty when all is well.
        head_found: number of the entry that has the digest that was asked for; None when none has, or none was.
        guarded: whether the database still refuses to change or delete entries.
        syslog_trouble: why syslog was not told the head last time; empty when it was.
    """

    count: int
    head: str
    broken_at: int | None
    why: str
    head_found: int | None
    guarded: bool
    syslog_trouble: str

    @property
    def whole(self) -> bool:
        """Whether every entry follows from the one before."""
        return self.broken_at is None


def verify_audit(around: Surroundings, *, head: str = "") -> AuditVerdict:
    """Return whether the audit is whole.

    Args:
        head: digest that must be in it, as syslog has it; whoever rewrites or cuts the whole chain cannot keep it.
    """
    count, previous, found = 0, NOTHING, None
    broken_at, why = None, ""
    with around.store.read() as connection:
        trouble, guarded = syslog_trouble(connection), is_guarded(connection)
        try:
            for entry in entries(connection):
                why = _why_wrong(entry, count + 1, previous)
                if why:
                    broken_at = entry.number
                    break
                count, previous = entry.number, entry.digest
                if head and entry.digest == head.lower():
                    found = entry.number
        except (SQLAlchemyError, ValueError, TypeError) as error:
            if isinstance(error, DBAPIError):
                raise
            broken_at, why = count + 1, "it cannot be read"
    return AuditVerdict(count, previous, broken_at, why, found, guarded, trouble if around.changes.syslog else "")


def _why_wrong(entry: AuditEntry, number: int, previous: str) -> str:
    if entry.number != number:
        return f"entry {number} is missing" if entry.number > number else f"its number is {entry.number}"
    if entry.previous != previous:
        return "it does not follow from the one before: that was changed, or another was put in between"
    if entry.digest != _digest(entry):
        return "what it says is not what its digest was made of: it was changed"
    return ""


def _digest(entry: AuditEntry) -> str:
    return entry_digest(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        reason=entry.reason,
        details=entry.details,
        previous=entry.previous,
    )
