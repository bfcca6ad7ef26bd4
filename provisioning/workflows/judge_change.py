"""Judging a change request against its line as the store has it: at submission, and again whenever time has passed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from provisioning.changes import codes
from provisioning.changes.billing import bill
from provisioning.changes.form import RequestForm
from provisioning.changes.judge import RequestJudgement, judge
from provisioning.changes.request import kept_request
from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.errors import Refused
from provisioning.intent import intend
from provisioning.model.change_request import BillingVerdict, ChangeRequest
from provisioning.model.finding import Severity
from provisioning.model.line import Line, LineState
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import adoptions, lines, openings
from provisioning.workflows.claim_blocks import blocks_of_line, needs_known

_MAY_CHANGE = frozenset(
    code.name
    for code in (
        codes.OPEN_ALREADY,
        codes.OPENING_OVERLAPS,
        codes.PORT_TAKEN,
        codes.NOT_OPEN,
        codes.OPEN_TO_EVERYBODY,
        codes.UNTIL_OVERLAPS,
        codes.UNTIL_PAST,
    )
)
"""What may come to stand against a request that was accepted; the rest is judged with the line as a whole."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be said of a request.

    Attributes:
        line: None where there is none of that id.
        billing: None likewise.
    """

    line: Line | None
    judgement: RequestJudgement
    billing: BillingVerdict | None


def judge_change(connection: Connection, form: RequestForm, *, asked_at: datetime, now: datetime) -> Judged:
    """Judge a change request of a line.

    Args:
        form: the request.
        asked_at: when it came in, by which it is billed.
        now: any moment.

    Raises:
        UnreadableForm: when this version cannot read the form that the line keeps.
    """
    line = lines.find_line(connection, form.line)
    if line is None:
        return Judged(None, judge(form, None, now=now), None)
    not_whole = why_not_whole(connection, line, now) if line.state in (LineState.ACTIVE, LineState.ADOPTED) else ""
    records = openings.records_of(connection, line.id)
    judgement = judge(form, line, now=now, not_whole=not_whole, records=records)
    return Judged(line, judgement, _billing(connection, line, asked_at))


def need_fit(
    connection: Connection, request: ChangeRequest, line: Line, form: Mapping[str, object], now: datetime
) -> None:
    """Look whether what a request opens and closes still fits what is open, which may have changed since it came in.

    What follows from another request closes whatever is left of it.

    Args:
        line: of the request.
        form: the line's, with the requests worked in that are carried out before.
        now: any moment.

    Raises:
        Refused: with every reason, when it does not fit any more.
        UnreadableForm: when this version cannot read what an earlier one kept.
    """
    if request.parent:
        return
    records = openings.records_of(connection, line.id)
    asked = kept_request(request.content, request.id)
    judgement = judge(asked, replace(line, form=form), now=now, records=records)
    reasons = [each.reason for each in judgement.findings if each.code in _MAY_CHANGE]
    if reasons:
        raise Refused(
            f"it does not fit what is open any more: {' '.join(reasons)}",
            where=f"{request.id}, line {line.id}",
            remedy=f"Refuse it: `proviso change refuse {request.id} --reason …`.",
        )


def why_not_whole(connection: Connection, line: Line, now: datetime) -> str:
    """Return why a line's order form does not say all that its router does; empty where it does."""
    today = now.astimezone(CONTRACT_TIME_ZONE).date()
    judgement = check_whole(stored(line.form, line.id), today, sold=line.formula)
    if judgement.product is None:
        refusals = [each.reason for each in judgement.findings if each.severity is Severity.REFUSAL]
        return f"it is not accepted ({' '.join(refusals)})".replace(".)", ")")
    if judgement.product.cpe is None:
        return "it names no router of ours"
    if line.state is not LineState.ADOPTED:
        return ""
    adoption = adoptions.adoption_of(connection, line.id)
    if adoption is not None and not adoption.reading.whole:
        return "the line was adopted, and its router does more than the form says"
    _, lacking = needs_known(intend(judgement.product, line.id), blocks_of_line(connection, line.id))
    return f"the line was adopted, and its router shows no {', no '.join(lacking)}" if lacking else ""


def _billing(connection: Connection, line: Line, asked_at: datetime) -> BillingVerdict:
    # The first router: one that takes its place later is no installation of the line.
    routers = [each for each in lines.devices_of(connection, line.id) if each.kind == "cpe"]
    installed = min((each.since for each in routers), default=None)
    activated = line.activated_at if line.adopted_at is None else None
    return bill(asked_at, activated_at=activated, installed_at=installed)
