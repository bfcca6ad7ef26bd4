"""Submitting a change request: judge it, and keep it with its answer; asked again, answer the same."""

from dataclasses import dataclass

from provisioning.changes import codes
from provisioning.changes.form import RequestForm
from provisioning.changes.request import digest, plain
from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.model.change_request import BillingVerdict, ChangeRequest, RequestState
from provisioning.model.finding import Finding, Severity, refused
from provisioning.store import change_requests
from provisioning.workflows.auditing import Audit, audited
from provisioning.workflows.customer_messages import write_message
from provisioning.workflows.judge_change import Judged, judge_change
from provisioning.workflows.surroundings import Surroundings

LONGEST_REASON = 500
"""Characters of the reason that a list shows; the findings have all of it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a request that was handed in.

    Attributes:
        request: as it is kept; None where it could not be kept: no such line, nothing asked, a reference in use.
        known: whether it was handed in before.
    """

    reference: str
    line: str
    request: ChangeRequest | None
    known: bool
    findings: tuple[Finding, ...]
    billing: BillingVerdict | None = None

    @property
    def accepted(self) -> bool:
        """Whether the request stands: nothing was found against it, and the desk has not refused it since."""
        stands = self.request is not None and self.request.state is not RequestState.REFUSED
        return stands and not refused(self.findings)


def submit_change(form: RequestForm, around: Surroundings) -> Submission:
    """Judge a request and keep it: `submitted`, or `refused` with all reasons and a message for the customer.

    Raises:
        UnreadableForm: when this version cannot read the form that the line keeps; nothing is kept then.
        EnvironmentTrouble: when the store cannot be used.
    """
    with around.store.read() as connection:
        known = change_requests.find_reference(connection, form.request)
    if known is not None:
        return _again(form, known)
    with audited(around) as audit:
        known = change_requests.find_reference(audit.connection, form.request)
        if known is not None:
            return _again(form, known)
        judged = judge_change(audit.connection, form, asked_at=audit.at, now=audit.at)
        kept = _keep(form, judged, audit)
    if kept is not None:
        write_message(kept, around.state)
    return Submission(
        form.request, form.line, kept, known=False, findings=judged.judgement.findings, billing=judged.billing
    )


def _again(form: RequestForm, known: ChangeRequest) -> Submission:
    if known.digest == digest(form):
        return Submission(form.request, form.line, known, known=True, findings=known.findings, billing=known.billing)
    at = known.submitted_at.astimezone(CONTRACT_TIME_ZONE)
    reused = codes.REFERENCE_REUSED.at(
        "request",
        f"{known.reference} was handed in on {at:%Y-%m-%d %H:%M} (Brussels) for line {known.line} with "
        f"another content; it is {known.id}.",
        "Give the new content a reference of its own.",
    )
    return Submission(form.request, form.line, None, known=False, findings=(reused,))


def _keep(form: RequestForm, judged: Judged, audit: Audit) -> ChangeRequest | None:
    judgement = judged.judgement
    if judged.line is None or judgement.action is None:
        return None
    return change_requests.add_request(
        audit.connection,
        reference=form.request,
        line=judged.line.id,
        action=judgement.action,
        content=plain(form),
        digest=digest(form),
        state=RequestState.SUBMITTED if judgement.accepted else RequestState.REFUSED,
        requester=form.requester,
        submitter=audit.actor,
        language=form.language,
        wanted_at=judgement.wanted_at,
        findings=judgement.findings,
        billing=judged.billing,
        now=audit.at,
        reason=_reason(judgement.findings),
    )


def _reason(findings: tuple[Finding, ...]) -> str:
    reasons = " ".join(each.reason for each in findings if each.severity is Severity.REFUSAL)
    return reasons if len(reasons) <= LONGEST_REASON else f"{reasons[: LONGEST_REASON - 1]}…"
