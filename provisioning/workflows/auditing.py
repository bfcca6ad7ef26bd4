"""Writes to the store together with the audit: what is done and who did it stand together, or neither does.

Every workflow of a change uses `audited` in place of `store.write()`:

    with audited(around) as audit:
        change_requests.enter_state(audit.connection, request.id, RequestState.PLANNED)
        audit.add("change plan", request.id, details={"plan": plan.digest})

Entries that are added past it, on the same connection, are told as well.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from provisioning.errors import ProvisoError
from provisioning.model.audit import Actor, AuditEntry
from provisioning.store.audit import add_entry, head, keep_syslog_trouble, syslog_trouble
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.syslog import head_line, tell_syslog

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Audit:
    """The audit of one transaction.

    Attributes:
        connection: that everything else of the transaction is written by as well.
        actor: who acts, unless an entry names somebody else.
        at: when all of it happens.
    """

    connection: Connection
    actor: Actor
    at: datetime

    def add(
        self,
        action: str,
        subject: str,
        *,
        reason: str = "",
        details: Mapping[str, object] | None = None,
        actor: Actor | None = None,
    ) -> AuditEntry:
        """Add an entry; return it.

        Args:
            action: what was done, such as `change approve`.
            subject: what it was done to, such as `C-1`.
            reason: as it was given; empty where none was asked.
            details: plain data, as JSON knows it, without secrets.
            actor: who did it, where that is not whoever runs the command.
        """
        return add_entry(
            self.connection,
            at=self.at,
            actor=actor or self.actor,
            action=action,
            subject=subject,
            reason=reason,
            details=details,
        )


@contextmanager
def audited(around: Surroundings) -> Iterator[Audit]:
    """Yield the audit of a transaction that alone may write; it stands when the block ends without an error.

    After the commit, syslog is told the new head of the chain. That it cannot be told is never in the way: people are
    warned of it once, until it works again, and `proviso audit verify` says so.
    """
    with around.store.write() as connection:
        before = head(connection)
        yield Audit(connection, around.actor, around.clock.now())
        after, known = head(connection), syslog_trouble(connection)
    if after is not None and after != before and around.changes.syslog:
        _tell_head(around, after, known)


def _tell_head(around: Surroundings, newest: AuditEntry, known: str) -> None:
    where = around.changes.syslog
    reason = tell_syslog(where, head_line(newest))
    trouble = f"{where}: {reason}" if reason else ""
    if trouble == known:
        return
    with suppress(ProvisoError), around.store.write() as connection:
        keep_syslog_trouble(connection, trouble)
    if trouble:
        _LOG.warning(
            "warning: syslog is not told the head of the audit: %s\n"
            "  what to do: set `syslog` in nornir.yaml to where it listens, or to nothing to tell nobody",
            trouble,
        )
