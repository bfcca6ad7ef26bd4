"""Everything that is known of one change request, in one picture of the store."""

from dataclasses import dataclass
from datetime import datetime

from provisioning.model.audit import AuditEntry
from provisioning.model.change_request import Approval, ChangePlan, ChangeRequest, RequestState
from provisioning.model.run import Run
from provisioning.reports.customer_message import CustomerMessage
from provisioning.reports.words import Language
from provisioning.store import audit, change_approvals, change_plans, change_requests, runs
from provisioning.workflows.customer_messages import due_of, message_of
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class SeenChange:
    """A change request, and what belongs to it.

    Attributes:
        approval: that holds.
        run: its latest.
        due: when an approved request is carried out, as far as can be said now.
        follow_ups: what follows from it, the earliest first.
        history: what the audit says of it, the oldest first.
    """

    request: ChangeRequest
    plan: ChangePlan | None
    approval: Approval | None
    run: Run | None
    due: datetime | None
    follow_ups: tuple[ChangeRequest, ...]
    history: tuple[AuditEntry, ...]
    message: CustomerMessage


def look_at_change(identifier: str, around: Surroundings, *, language: Language | None = None) -> SeenChange:
    """Return a change request with all that belongs to it.

    Args:
        language: of the message; None for that of the request.

    Raises:
        UnknownName: when there is no such request.
    """
    with around.store.read() as connection:
        request = change_requests.need_request(connection, identifier)
        due = due_of(connection, request, around) if request.state is RequestState.APPROVED else None
        return SeenChange(
            request=request,
            plan=change_plans.plan_of(connection, identifier),
            approval=change_approvals.approval_of(connection, identifier),
            run=runs.find_run(connection, request.run) if request.run else None,
            due=due,
            follow_ups=tuple(reversed(change_requests.list_requests(connection, parent=identifier))),
            history=tuple(audit.entries(connection, subject=identifier)),
            message=message_of(connection, request, around, language=language),
        )
