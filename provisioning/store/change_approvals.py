"""The approvals of change requests in the store: at most one of a request holds; those that do no more are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from provisioning.model.change_request import Approval
from provisioning.model.request_id import request_id, request_number
from provisioning.store.tables import CHANGE_APPROVAL


def add_approval(connection: Connection, approval: Approval) -> None:
    """Add an approval; the caller has made sure that none of its request holds."""
    connection.execute(
        insert(CHANGE_APPROVAL).values(
            request_id=request_number(approval.request),
            plan_digest=approval.plan_digest,
            principal=approval.principal,
            role=approval.role,
            signature=approval.signature,
            at=approval.at,
            void_at=approval.void_at,
            void_reason=approval.void_reason,
        )
    )


def approval_of(connection: Connection, request: str) -> Approval | None:
    """Return the approval of a request that holds; None when there is none."""
    query = (
        select(CHANGE_APPROVAL)
        .where(CHANGE_APPROVAL.c.request_id == request_number(request), CHANGE_APPROVAL.c.void_at.is_(None))
        .order_by(CHANGE_APPROVAL.c.id.desc())
    )
    row = connection.execute(query).first()
    return _approval(row) if row is not None else None


def void_approval(connection: Connection, request: str, *, reason: str, now: datetime) -> bool:
    """Let the approval of a request hold no more; return whether there was one that did.

    The entry of the audit is the caller's: it goes with what made it void.
    """
    done = connection.execute(
        update(CHANGE_APPROVAL)
        .where(CHANGE_APPROVAL.c.request_id == request_number(request), CHANGE_APPROVAL.c.void_at.is_(None))
        .values(void_at=now, void_reason=reason)
    )
    return done.rowcount > 0


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        request=request_id(row.request_id),
        plan_digest=row.plan_digest,
        principal=row.principal,
        role=row.role,
        signature=row.signature,
        at=row.at,
        void_at=row.void_at,
        void_reason=row.void_reason,
    )
