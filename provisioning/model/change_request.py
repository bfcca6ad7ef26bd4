"""A change request: what a customer asks of his line in service, and where that stands (facts: I-8.5, I-8.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from provisioning.model.change import Difference
from provisioning.model.finding import Finding
from provisioning.model.opening import Opening


class ChangeAction(StrEnum):
    """What a request asks for; a playbook says for which of these it is made.

    `retire-ip-pack` is asked by nobody: it follows a renumbering, once both packs have stood side by side for a while.
    """

    OPEN_PORT = "open-port"
    CLOSE_PORT = "close-port"
    CHANGE_ADDRESS = "change-address"
    CHANGE_NEXT_HOP = "change-next-hop"
    RENUMBER_IP_PACK = "renumber-ip-pack"
    RETIRE_IP_PACK = "retire-ip-pack"


class RequestState(StrEnum):
    """Where a request stands.

    `submitted`: checked, and waits for its plan; `planned`: waits for an approval; `approved`: is carried out when it
    is due; `running`: a run of it has begun, and has not ended; `done`: in force, and proven; `failed`: its run went
    back, and the line is as before: it can be planned again; `unknown`: a person must look at its run; `refused`: the
    desk said no; `cancelled`: whoever asked for it took it back.
    """

    SUBMITTED = "submitted"
    PLANNED = "planned"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    CANCELLED = "cancelled"


OPEN_STATES = (
    RequestState.SUBMITTED,
    RequestState.PLANNED,
    RequestState.APPROVED,
    RequestState.RUNNING,
    RequestState.FAILED,
    RequestState.UNKNOWN,
)
"""Something is still to be done."""

WITHDRAWABLE = (RequestState.SUBMITTED, RequestState.PLANNED, RequestState.APPROVED, RequestState.FAILED)
"""It can be refused or cancelled: nothing of it is in force, and nothing is under way."""


@dataclass(frozen=True, slots=True)
class BillingVerdict:
    """Whether a request is billed, and why (facts: I-5.4, X-15).

    Attributes:
        free: whether it costs nothing.
        rule: for people, one sentence.
        facts: that the rule stands in.
        free_until: end of the free week; None where it never began.
    """

    free: bool
    rule: str
    facts: tuple[str, ...]
    free_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A change request as the store has it.

    Attributes:
        id: `C-` and digits.
        reference: the customer's own, unique; asked again under it, the answer is the same.
        action: what it asks for.
        content: the document as it came in, in plain data, without defaults.
        digest: of that content.
        requester: e-mail of the representative who asks (facts: I-8.6).
        submitter: who handed it in here.
        language: of what the customer is told: en, fr or nl.
        wanted_at: not before; None for as soon as possible.
        findings: refusals and warnings of its check.
        parent: id of the request that it follows from, and whose approval covers it; empty for one of its own.
        reason: why it was refused or cancelled, or what went wrong; empty otherwise.
        run: id of its latest run; empty before.
    """

    id: str
    reference: str
    line: str
    action: ChangeAction
    content: Mapping[str, object]
    digest: str
    state: RequestState
    requester: str
    submitter: str
    language: str
    submitted_at: datetime
    wanted_at: datetime | None
    findings: tuple[Finding, ...]
    billing: BillingVerdict | None
    parent: str = ""
    reason: str = ""
    run: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What a request is going to do, exactly: what is approved.

    Attributes:
        digest: over the request's digest, the playbook, `base`, `wanted` and the assignments.
        base: digest of what was in force on the router when it was planned; the plan is void once that has moved.
        wanted: digest of what it puts in force.
        playbook: its name.
        playbook_digest: of its text.
        steps: its steps, by task, in order, with their settings.
        differences: secrets masked.
        openings_before: of the whole line.
        openings_after: of the whole line.
        assignments: blocks that it takes or leaves, for people.
    """

    request: str
    digest: str
    line: str
    serial: str
    base: str
    wanted: str
    playbook: str
    playbook_digest: str
    steps: tuple[Mapping[str, object], ...]
    differences: tuple[Difference, ...]
    commands: tuple[str, ...]
    rollback: tuple[str, ...]
    openings_before: tuple[Opening, ...]
    openings_after: tuple[Opening, ...]
    assignments: tuple[str, ...]
    planned_at: datetime
    planned_by: str


@dataclass(frozen=True, slots=True)
class Approval:
    """That somebody approved a plan.

    Attributes:
        plan_digest: that was signed.
        principal: as the allowed signers know him.
        role: that let him.
        signature: armoured, as `ssh-keygen -Y sign` writes it.
        void_at: since when it holds no more; None while it does.
        void_reason: why; empty while it holds.
    """

    request: str
    plan_digest: str
    principal: str
    role: str
    signature: str
    at: datetime
    void_at: datetime | None = None
    void_reason: str = ""
