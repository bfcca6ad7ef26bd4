"""Approving a change request: a person's signature over its id and the digest of the plan that holds now."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from provisioning.changes.approval_text import NAMESPACE, approval_text
from provisioning.changes.plan_digest import fits
from provisioning.errors import ApprovalRefused, Refused
from provisioning.model.change_request import Approval, ChangePlan, ChangeRequest, RequestState
from provisioning.signatures.armour import Signature, read_signature
from provisioning.signatures.ssh_keygen import fits_text
from provisioning.signatures.verify import OtherText, Signer
from provisioning.store import audit as audit_store
from provisioning.store import change_approvals, change_plans, change_requests
from provisioning.workflows.approvers import accounts_behind, signer_of
from provisioning.workflows.auditing import audited
from provisioning.workflows.customer_messages import tell_customer_of
from provisioning.workflows.surroundings import Surroundings

EARLIER_PLANS = 20
"""Of a request, that a signature is held against when it does not fit the one that holds now."""


@dataclass(frozen=True, slots=True)
class ToApprove:
    """A request with what would be signed.

    Attributes:
        plan: that holds now.
        text: what is signed, exactly.
        approval: that holds already; None when there is none.
        accounts: of whoever submitted the request, who may not approve it.
    """

    request: ChangeRequest
    plan: ChangePlan
    text: str
    approval: Approval | None
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """A request that is approved.

    Attributes:
        already: whether it was before.
    """

    request: ChangeRequest
    plan: ChangePlan
    approval: Approval
    already: bool


def to_approve(identifier: str, around: Surroundings) -> ToApprove:
    """Return what an approval of a request would sign.

    Raises:
        UnknownName: when there is no such request.
        Refused: when it has no plan that could be approved.
    """
    with around.store.read() as connection:
        return _to_approve(connection, identifier)


def approve_change(identifier: str, signature: str, around: Surroundings) -> Approved:
    """Approve the plan of a request that holds now, by somebody's signature; asked again, the answer is the same.

    Args:
        signature: armoured, over `to_approve(…).text`.

    Raises:
        UnknownName: when there is no such request.
        Refused: when it has no plan that could be approved.
        ApprovalRefused: when the signature approves nothing; the attempt is in the audit.
        UnreadableSignature: when it is no signature, or the allowed signers cannot be used.
        UnreadableProject: when nobody may approve.
        EnvironmentTrouble: when the allowed signers cannot be read, or there is no `ssh-keygen`.
    """
    signed = read_signature(signature)
    asked = to_approve(identifier, around)
    if asked.approval is not None and _same(asked.approval, signed):
        return Approved(asked.request, asked.plan, asked.approval, already=True)
    try:
        signer = _judge(asked, signed, around)
    except ApprovalRefused as error:
        _put_attempt_on_record(asked, signed, error, around)
        raise
    return _approve(asked, signed, signer, around)


def _to_approve(connection: Connection, identifier: str) -> ToApprove:
    request = change_requests.need_request(connection, identifier)
    if request.parent:
        raise Refused(
            f"it follows from {request.parent}, and the approval of that covers it",
            where=request.id,
            remedy=f"`proviso change show {request.parent}` tells who approved it.",
        )
    plan = change_plans.plan_of(connection, identifier)
    approval = change_approvals.approval_of(connection, identifier)
    if plan is None or (request.state is not RequestState.PLANNED and approval is None):
        raise _not_approvable(request)
    if not fits(plan, request=request.digest):
        raise Refused(
            "its plan does not have the digest that it says: somebody changed it in the store",
            where=request.id,
            remedy=f"`proviso change plan {request.id}` plans it again; `proviso audit verify` tells more.",
        )
    text = approval_text(request.id, plan.digest)
    return ToApprove(request, plan, text, approval, accounts_behind(connection, request))


def _not_approvable(request: ChangeRequest) -> Refused:
    plannable = request.state in (RequestState.SUBMITTED, RequestState.FAILED)
    what = "it has no plan" if plannable else f"it is {request.state.value}"
    if plannable and request.reason:
        what = f"{what} that holds: {request.reason}"
    verb = "plan" if plannable else "show"
    return Refused(what, where=request.id, remedy=f"`proviso change {verb} {request.id}`.")


def _judge(asked: ToApprove, signed: Signature, around: Surroundings) -> Signer:
    try:
        return signer_of(asked.text, signed, asked.request, asked.accounts, around, at=around.clock.now())
    except OtherText:
        raise _other_text(asked, signed, around) from None


def _other_text(asked: ToApprove, signed: Signature, around: Surroundings) -> ApprovalRefused:
    """Return the error for a signature over another text, which says what it was signed over if that is known."""
    where, remedy = asked.request.id, f"`proviso change approve {asked.request.id}` shows what is to be signed now."
    with around.store.read() as connection:
        earlier = tuple(_earlier_plans(connection, asked))
    for digest in earlier:
        if fits_text(signed, approval_text(asked.request.id, digest), NAMESPACE):
            return ApprovalRefused(
                f"it signs plan {digest}, which holds no more; now it is plan {asked.plan.digest}",
                where=where,
                remedy=remedy,
            )
    return ApprovalRefused(
        f"it signs something else than plan {asked.plan.digest} of {asked.request.id}", where=where, remedy=remedy
    )


def _earlier_plans(connection: Connection, asked: ToApprove) -> Iterator[str]:
    found = (each.details.get("plan") for each in audit_store.entries(connection, subject=asked.request.id))
    known = dict.fromkeys(each for each in found if isinstance(each, str) and each != asked.plan.digest)
    yield from list(known)[: -EARLIER_PLANS - 1 : -1]


def _approve(asked: ToApprove, signed: Signature, signer: Signer, around: Surroundings) -> Approved:
    with audited(around) as audit:
        now = _to_approve(audit.connection, asked.request.id)
        if now.plan.digest != asked.plan.digest:
            raise ApprovalRefused(
                f"it was planned again meanwhile: now it is plan {now.plan.digest}",
                where=asked.request.id,
                remedy=f"`proviso change approve {asked.request.id}` shows what is to be signed now.",
            )
        if now.approval is not None:
            return Approved(now.request, now.plan, now.approval, already=True)
        approval = Approval(
            request=asked.request.id,
            plan_digest=asked.plan.digest,
            principal=signer.principal,
            role=NAMESPACE,
            signature=signed.text,
            at=audit.at,
        )
        change_approvals.add_approval(audit.connection, approval)
        request = change_requests.enter_state(
            audit.connection,
            asked.request.id,
            RequestState.APPROVED,
            at=audit.at,
            actor=audit.actor,
            action="change approve",
            details={
                **_of_signature(asked, signed),
                "principal": signer.principal,
                "names": list(signer.names),
                "role": NAMESPACE,
            },
        )
        tell_customer_of(audit.connection, request.id, around)
    return Approved(request, asked.plan, approval, already=False)


def _put_attempt_on_record(asked: ToApprove, signed: Signature, error: ApprovalRefused, around: Surroundings) -> None:
    with audited(around) as audit:
        audit.add("change approve refused", asked.request.id, reason=error.what, details=_of_signature(asked, signed))


def _of_signature(asked: ToApprove, signed: Signature) -> dict[str, object]:
    digest = hashlib.sha256(signed.text.encode()).hexdigest()
    return {"plan": asked.plan.digest, "key": signed.fingerprint, "signature": digest}


def _same(approval: Approval, signed: Signature) -> bool:
    return approval.signature == signed.text
