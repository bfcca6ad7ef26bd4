"""Ending a change request before it is carried out: the desk refuses it, or whoever asked takes it back."""

from sqlalchemy import Connection

from provisioning.errors import BadInput, Refused
from provisioning.model.change_request import WITHDRAWABLE, ChangeAction, ChangeRequest, RequestState
from provisioning.model.intent import FORMER
from provisioning.store import assignments, change_approvals, change_requests
from provisioning.workflows.auditing import audited
from provisioning.workflows.change_blocks import give_up_blocks
from provisioning.workflows.customer_messages import parent_of, write_message
from provisioning.workflows.surroundings import Surroundings

LONGEST_REASON = 1000


def refuse_change(identifier: str, reason: str, around: Surroundings) -> ChangeRequest:
    """Refuse a request, with a reason that the customer is told (facts: I-8.5); return it as it is then.

    Raises:
        UnknownName: when there is no such request.
        BadInput: when the reason says nothing, or is no text of one paragraph.
        Refused: when it is under way, in force, or has ended; when it gives back addresses that the line still has.
    """
    if not reason.strip():
        raise BadInput("a refusal gives its reason", where="--reason", remedy="Say why, for the customer.")
    return _end(identifier, RequestState.REFUSED, "change refuse", reason, around)


def cancel_change(identifier: str, reason: str, around: Surroundings) -> ChangeRequest:
    """Cancel a request, which whoever asked for it took back; return it as it is then.

    Raises:
        UnknownName: when there is no such request.
        BadInput: when the reason is no text of one paragraph.
        Refused: when it is under way, in force, or has ended; when it gives back addresses that the line still has.
    """
    return _end(identifier, RequestState.CANCELLED, "change cancel", reason, around)


def _end(identifier: str, state: RequestState, action: str, reason: str, around: Surroundings) -> ChangeRequest:
    written = " ".join(reason.split())
    if len(written) > LONGEST_REASON or not written.isprintable():
        raise BadInput(
            f"the reason is longer than {LONGEST_REASON} characters, or has some that cannot be printed",
            where="--reason",
            remedy="Write a sentence or two.",
        )
    with audited(around) as audit:
        found = change_requests.need_request(audit.connection, identifier)
        if found.state is state and found.reason == written:
            return found
        if found.state not in WITHDRAWABLE:
            raise _too_late(found)
        _refuse_to_keep_both(audit.connection, found)
        change_approvals.void_approval(audit.connection, identifier, reason=f"the request is {state}", now=audit.at)
        ended = change_requests.enter_state(
            audit.connection, identifier, state, at=audit.at, actor=audit.actor, action=action, reason=written
        )
        give_up_blocks(audit.connection, ended, around)
        parent = parent_of(audit.connection, ended)
    write_message(ended, around.state, parent=parent)
    return ended


def _refuse_to_keep_both(connection: Connection, request: ChangeRequest) -> None:
    """Refuse to end what gives addresses back: the line would keep twice what it has, for ever (facts: I-4.4)."""
    if request.action is not ChangeAction.RETIRE_IP_PACK:
        return
    for each in assignments.held_by(connection, request.line):
        if each.role in FORMER.values():
            raise Refused(
                f"{each.address} would stay with {request.line} for ever: the former block of an IP Pack goes",
                where=request.id,
                remedy=f'Leave it until it is due, or: proviso change run {request.id} --now --reason "…"',
            )


def _too_late(request: ChangeRequest) -> Refused:
    remedies = {
        RequestState.RUNNING: "Wait for its run to end: `proviso run list` shows it.",
        RequestState.UNKNOWN: "Look at its run first: `proviso run list` shows it.",
        RequestState.DONE: "Submit a request that undoes it.",
    }
    what = "it is being carried out" if request.state is RequestState.RUNNING else f"it is {request.state}"
    return Refused(what, where=request.id, remedy=remedies.get(request.state, "It has ended; there is nothing to do."))
