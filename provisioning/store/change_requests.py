"""Change requests in the store: each change of a state is one entry of the audit, in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, func, insert, select, update

from provisioning.errors import Refused, UnknownName
from provisioning.model.audit import Actor
from provisioning.model.change_request import (
    OPEN_STATES,
    BillingVerdict,
    ChangeAction,
    ChangeRequest,
    RequestState,
)
from provisioning.model.finding import Finding
from provisioning.model.line_id import line_id, line_number
from provisioning.model.request_id import request_id, request_number
from provisioning.model.run_id import run_id
from provisioning.store import audit
from provisioning.store.tables import CHANGE_REQUEST, RUN

_FINDINGS = TypeAdapter(tuple[Finding, ...])
_BILLING = TypeAdapter(BillingVerdict)

_S = RequestState
FOLLOWING: Mapping[RequestState, frozenset[RequestState]] = {
    _S.SUBMITTED: frozenset({_S.PLANNED, _S.REFUSED, _S.CANCELLED}),
    _S.PLANNED: frozenset({_S.SUBMITTED, _S.PLANNED, _S.APPROVED, _S.REFUSED, _S.CANCELLED}),
    _S.APPROVED: frozenset({_S.SUBMITTED, _S.PLANNED, _S.RUNNING, _S.DONE, _S.FAILED, _S.REFUSED, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.SUBMITTED, _S.APPROVED, _S.DONE, _S.FAILED, _S.UNKNOWN}),
    _S.FAILED: frozenset({_S.SUBMITTED, _S.PLANNED, _S.APPROVED, _S.REFUSED, _S.CANCELLED}),
    _S.UNKNOWN: frozenset({_S.PLANNED, _S.RUNNING, _S.DONE, _S.FAILED}),
    _S.DONE: frozenset(),
    _S.REFUSED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""What may come after a state. Void approvals lead back to `submitted`; a run that was turned back before anything
was changed may leave the approval as it is."""

ENDED = (RequestState.DONE, RequestState.REFUSED, RequestState.CANCELLED)
"""Nothing follows."""

_LATEST_RUN = (
    select(func.max(RUN.c.id)).where(RUN.c.request_id == CHANGE_REQUEST.c.id).scalar_subquery().label("latest_run")
)


def add_request(
    connection: Connection,
    *,
    reference: str,
    line: str,
    action: ChangeAction,
    content: Mapping[str, object],
    digest: str,
    state: RequestState,
    requester: str,
    submitter: Actor,
    language: str,
    wanted_at: datetime | None,
    findings: tuple[Finding, ...],
    billing: BillingVerdict | None,
    now: datetime,
    parent: str = "",
    reason: str = "",
) -> ChangeRequest:
    """Add a request, and the entry of the audit that tells of it; return it.

    Args:
        state: `submitted`; `refused`, where its check refuses it; `approved`, where its parent's approval covers it.
    """
    number = connection.execute(
        insert(CHANGE_REQUEST)
        .values(
            reference=reference,
            line_id=line_number(line),
            action=action,
            content=dict(content),
            digest=digest,
            state=state,
            requester=requester,
            submitter=submitter.name,
            language=language,
            submitted_at=now,
            wanted_at=wanted_at,
            findings=_FINDINGS.dump_python(findings, mode="json"),
            billing=_BILLING.dump_python(billing, mode="json") if billing is not None else None,
            parent_id=request_number(parent) if parent else None,
            reason=reason,
            ended_at=now if state in ENDED else None,
        )
        .returning(CHANGE_REQUEST.c.id)
    ).scalar_one()
    identifier = request_id(number)
    audit.add_entry(
        connection,
        at=now,
        actor=submitter,
        action="change submit",
        subject=identifier,
        reason=reason,
        details={
            "reference": reference,
            "line": line,
            "action": action.value,
            "requester": requester,
            "digest": digest,
            "to": state.value,
            **({"findings": [each.code for each in findings]} if findings else {}),
            **({"parent": parent} if parent else {}),
        },
    )
    return need_request(connection, identifier)


def find_request(connection: Connection, identifier: str) -> ChangeRequest | None:
    """Return a request by its id; None when there is none, or it is no such id."""
    try:
        number = request_number(identifier)
    except ValueError:
        return None
    return _one(connection, _query().where(CHANGE_REQUEST.c.id == number))


def find_reference(connection: Connection, reference: str) -> ChangeRequest | None:
    """Return a request by the customer's reference; None when there is none."""
    return _one(connection, _query().where(CHANGE_REQUEST.c.reference == reference))


def need_request(connection: Connection, identifier: str) -> ChangeRequest:
    """Return a request that somebody named.

    Raises:
        UnknownName: when it is no request id, or there is no such request.
    """
    found = find_request(connection, identifier)
    if found is None:
        raise UnknownName(
            f"there is no change request {identifier!r}",
            where="change request",
            remedy="`proviso change list` shows the requests.",
        )
    return found


def list_requests(
    connection: Connection,
    *,
    line: str | None = None,
    states: Sequence[RequestState] | None = None,
    parent: str | None = None,
    limit: int | None = None,
) -> list[ChangeRequest]:
    """Return requests, the latest first.

    Args:
        line: only of this line.
        states: only those that stand there; `model.change_request.OPEN_STATES` are those with something to be done.
        parent: only those that follow from this request.
        limit: at most so many.
    """
    query = _query().order_by(CHANGE_REQUEST.c.id.desc()).limit(limit)
    if line is not None:
        query = query.where(CHANGE_REQUEST.c.line_id == line_number(line))
    if states is not None:
        query = query.where(CHANGE_REQUEST.c.state.in_(states))
    if parent is not None:
        query = query.where(CHANGE_REQUEST.c.parent_id == request_number(parent))
    return [_request(row) for row in connection.execute(query)]


def follow_ups_of(connection: Connection, line: str, action: ChangeAction) -> list[ChangeRequest]:
    """Return the requests of a line that follow from others and are still to be carried out, the oldest first."""
    query = (
        _query()
        .where(
            CHANGE_REQUEST.c.line_id == line_number(line),
            CHANGE_REQUEST.c.action == action,
            CHANGE_REQUEST.c.parent_id.is_not(None),
            CHANGE_REQUEST.c.state.in_(OPEN_STATES),
        )
        .order_by(CHANGE_REQUEST.c.id)
    )
    return [_request(row) for row in connection.execute(query)]


def enter_state(
    connection: Connection,
    identifier: str,
    state: RequestState,
    *,
    at: datetime,
    actor: Actor,
    action: str,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> ChangeRequest:
    """Let a request enter a state, and add the entry of the audit that tells of it; return it as it is then.

    Args:
        action: for the audit, such as `change plan`.
        reason: why; it takes the place of the reason that the request had, also where it is empty.
        details: for the audit, besides the two states.

    Raises:
        Refused: when a request in its state cannot enter this one; nothing is written then.
        UnknownName: when there is no such request.
    """
    found = need_request(connection, identifier)
    if state not in FOLLOWING[found.state]:
        raise Refused(
            f"{found.id} is {found.state}, and cannot become {state}",
            where=found.id,
            remedy=f"`proviso change show {found.id}` tells how it came there.",
        )
    connection.execute(
        update(CHANGE_REQUEST)
        .where(CHANGE_REQUEST.c.id == request_number(identifier))
        .values(state=state, reason=reason, ended_at=at if state in ENDED else None)
    )
    told = {**(details or {}), "from": found.state.value, "to": state.value}
    audit.add_entry(connection, at=at, actor=actor, action=action, subject=found.id, reason=reason, details=told)
    return need_request(connection, identifier)


def _query() -> Select[Any]:
    return select(CHANGE_REQUEST, _LATEST_RUN)


def _one(connection: Connection, query: Select[Any]) -> ChangeRequest | None:
    row = connection.execute(query).one_or_none()
    return _request(row) if row is not None else None


def _request(row: Row[Any]) -> ChangeRequest:
    return ChangeRequest(
        id=request_id(row.id),
        reference=row.reference,
        line=line_id(row.line_id),
        action=ChangeAction(row.action),
        content=row.content,
        digest=row.digest,
        state=RequestState(row.state),
        requester=row.requester,
        submitter=row.submitter,
        language=row.language,
        submitted_at=row.submitted_at,
        wanted_at=row.wanted_at,
        findings=_FINDINGS.validate_python(row.findings),
        billing=_BILLING.validate_python(row.billing) if row.billing is not None else None,
        parent=request_id(row.parent_id) if row.parent_id is not None else "",
        reason=row.reason,
        run=run_id(row.latest_run) if row.latest_run is not None else "",
        ended_at=row.ended_at,
    )
