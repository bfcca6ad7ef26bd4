"""The audit: who did what, when, from where and why, each entry chained to the one before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

NOTHING = "0" * 64
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes:
        name: the account.
        origin: from where: the terminal and the machine, as far as they can be told.
    """

    name: str
    origin: str


UNKNOWN_ACTOR = Actor("unknown", "")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry.

    Attributes:
        number: counts from 1 without gaps.
        action: such as `change approve`.
        subject: what it is about, such as `C-1`.
        reason: as it was given; empty where none was asked.
        details: plain data, without secrets.
        previous: digest of the entry before.
        digest: of this entry.
    """

    number: int
    at: datetime
    actor: Actor
    action: str
    subject: str
    reason: str
    details: Mapping[str, object]
    previous: str
    digest: str


def entry_digest(
    *,
    number: int,
    at: datetime,
    actor: Actor,
    action: str,
    subject: str,
    reason: str,
    details: Mapping[str, object],
    previous: str,
) -> str:
    """Return the SHA-256 of an entry and of all that went before it."""
    content = {
        "number": number,
        "at": at.astimezone(UTC).isoformat(),
        "actor": [actor.name, actor.origin],
        "action": action,
        "subject": subject,
        "reason": reason,
        "details": details,
        "previous": previous,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
