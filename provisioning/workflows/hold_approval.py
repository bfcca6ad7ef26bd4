"""Holds an approval against what is about to be carried out: what the store says is not taken on trust.

From the signature to the router all hangs together: the signature is over the plan's digest, that is over the
request's, and that over its content. Whatever was written into the store past the commands does not fit.
"""

import hashlib
import json

from sqlalchemy import Connection

from provisioning.changes.approval_text import approval_text
from provisioning.changes.plan_digest import fits
from provisioning.errors import ApprovalRefused, PlanVoid, UnreadableSignature
from provisioning.model.change_request import Approval, ChangeAction, ChangeRequest
from provisioning.signatures.armour import read_signature
from provisioning.store import change_approvals, change_plans, change_requests
from provisioning.workflows.approvers import accounts_behind, signer_of
from provisioning.workflows.surroundings import Surroundings

FOLLOWING = (ChangeAction.CLOSE_PORT, ChangeAction.RETIRE_IP_PACK)
"""What the approval of a request covers besides the request itself: all of it takes away what the request gave."""


def need_valid(identifier: str, around: Surroundings) -> None:
    """Refuse a request whose approval does not hold: for whoever is about to carry it out.

    The signature is verified again as of when it was given, so that an approver may leave without what he approved
    becoming void, and nobody who was struck off the allowed signers since approves anything.

    Raises:
        PlanVoid: when it does not hold.
        UnreadableProject: when nobody may approve.
        EnvironmentTrouble: when the allowed signers cannot be read, or there is no `ssh-keygen`.
    """
    with around.store.read() as connection:
        request = change_requests.need_request(connection, identifier)
        _need_content(request)
        covering = _covering(connection, request)
        approval = _need_fitting(connection, covering)
        accounts = accounts_behind(connection, covering)
    text = approval_text(covering.id, approval.plan_digest)
    try:
        signer_of(text, read_signature(approval.signature), covering, accounts, around, at=approval.at)
    except (ApprovalRefused, UnreadableSignature) as error:
        raise _void(request, f"its approval does not hold: {error}") from None


def _covering(connection: Connection, request: ChangeRequest) -> ChangeRequest:
    """Return the request whose approval covers one: itself, or the one that it follows from."""
    if not request.parent:
        if not _plan_fits(connection, request):
            raise _void(request, "its plan does not have the digest that it says")
        return request
    parent = change_requests.need_request(connection, request.parent)
    if parent.line != request.line or request.action not in FOLLOWING:
        raise _void(request, f"it does not follow from {parent.id}")
    _need_content(parent)
    return parent


def _plan_fits(connection: Connection, request: ChangeRequest) -> bool:
    plan = change_plans.plan_of(connection, request.id)
    return plan is not None and fits(plan, request=request.digest)


def _need_fitting(connection: Connection, request: ChangeRequest) -> Approval:
    approval = change_approvals.approval_of(connection, request.id)
    plan = change_plans.plan_of(connection, request.id)
    if approval is None or plan is None or approval.plan_digest != plan.digest or not _plan_fits(connection, request):
        raise _void(request, "no approval of its plan holds")
    return approval


def _need_content(request: ChangeRequest) -> None:
    content = json.dumps({"schema": 1, **request.content}, sort_keys=True)
    if hashlib.sha256(content.encode()).hexdigest() != request.digest:
        raise _void(request, "its content does not have the digest that it says")


def _void(request: ChangeRequest, why: str) -> PlanVoid:
    remedy = f"Plan it again, and have it approved: `proviso change plan {request.id}`; `proviso audit verify`."
    return PlanVoid(why, where=request.id, remedy=remedy)
