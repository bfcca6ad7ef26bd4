"""What only runs of change requests do: hold what is approved against what is, end sessions, record what came of it.

What is written down of the request is written in the transaction that ends its run, so that neither is without the
other, however often a process is killed.
"""

from collections.abc import Mapping
from typing import cast

from provisioning.changes.openings import openings_of
from provisioning.errors import PlanVoid
from provisioning.model.change_request import ChangePlan, ChangeRequest, RequestState
from provisioning.model.live_session import EndedSessions
from provisioning.model.opening import Opening
from provisioning.model.run import UNFINISHED, Run
from provisioning.store import change_approvals, change_plans, change_requests, lines
from provisioning.workflows.attempt import Attempt
from provisioning.workflows.auditing import Audit
from provisioning.workflows.change_blocks import settle_blocks
from provisioning.workflows.changed_line import amended
from provisioning.workflows.customer_messages import tell_customer_of
from provisioning.workflows.follow_ups import add_follow_ups
from provisioning.workflows.plan_line import Planned
from provisioning.workflows.record_openings import record_openings
from provisioning.workflows.steps.aside import note
from tasks.end_sessions import end_sessions as end_sessions_on

VOID = "void"
"""The cause of a run that turned back because its plan holds no more."""

_TRIED_AGAIN = ("stopped", "busy")
"""Causes that say nothing against the request."""

TELL_CUSTOMER = "tell-customer"


def need_as_approved(attempt: Attempt, planned: Planned) -> None:
    """Look whether a run is about to do exactly what was approved.

    Raises:
        PlanVoid: when the router has not what it was planned against, or would come to have something else.
    """
    plan = _plan(attempt)
    if planned.change.base != plan.base:
        raise PlanVoid(
            "the router has changed since it was planned",
            where=f"{attempt.run.request}, {attempt.router.serial}",
            remedy=f"Plan it again, and have it approved: `proviso change plan {attempt.run.request}`.",
        )
    if planned.change.wanted != plan.wanted:
        raise PlanVoid(
            "what the line is to have has changed since it was planned",
            where=f"{attempt.run.request}, {attempt.line}",
            remedy=f"Plan it again, and have it approved: `proviso change plan {attempt.run.request}`.",
        )


def end_sessions(attempt: Attempt) -> None:
    """End the sessions that run through what the change has closed; where nothing is closed, do nothing."""
    closed = closed_openings(_plan(attempt))
    kept = attempt.router_change()
    if not closed or kept is None:
        return
    attempt.say(attempt.now().stage, "ends the sessions through what is closed")
    ended = cast(EndedSessions, attempt.router.do(end_sessions_on, openings=closed, addressed=attempt.addressed))
    told = f"{ended.ended} session{'s' if ended.ended != 1 else ''} ended that ran through what is closed"
    left = f"; {ended.left} end once they have been idle, which the router cannot end alone" if ended.left else ""
    if ended.ended or ended.left:
        note(attempt, f"{told}{left}.")


def closed_openings(plan: ChangePlan) -> tuple[Opening, ...]:
    """Return the openings that a plan closes, or leaves to fewer."""
    after = set(plan.openings_after)
    return tuple(each for each in plan.openings_before if each not in after)


def tell_customer(attempt: Attempt) -> None:
    """Write the message for the customer, unless that was done with the record."""
    with attempt.around.store.read() as connection:
        tell_customer_of(connection, attempt.run.request, attempt.around)


def record_changed(audit: Audit, attempt: Attempt, run: Run) -> None:
    """Write down that a request is in force and proven; done twice, it is there once.

    Line, openings, follow-ups and message go together: a customer is told of nothing that is not on record.
    """
    if run.state not in UNFINISHED:
        return
    connection, plan = audit.connection, _plan(attempt)
    request = change_requests.need_request(connection, run.request)
    line = lines.need_line(connection, run.line)
    form = amended(line.form, request)
    lines.change_line(connection, line.id, formula=line.formula, customer=line.customer, site=line.site, form=form)
    settle_blocks(connection, request, attempt.around)
    before = openings_of(line.form)
    record_openings(connection, line.id, by=request.id, at=audit.at, request=request, before=before)
    details = {"run": run.id, "plan": plan.digest, "wanted": plan.wanted}
    done = _enter(audit, run, RequestState.DONE, "change done", details=details)
    add_follow_ups(audit, done)
    if any(each["task"] == TELL_CUSTOMER for each in plan.steps):
        tell_customer_of(connection, done.id, attempt.around)


def record_returned(audit: Audit, run: Run, message: str) -> None:
    """Write down that a request is not in force, and why: line and form are as before."""
    if run.state not in UNFINISHED:
        return
    cause = run.trouble.cause if run.trouble is not None else ""
    request = change_requests.need_request(audit.connection, run.request)
    if cause == VOID and run.trouble is not None:
        reason = run.trouble.message
        change_approvals.void_approval(audit.connection, run.request, reason=reason, now=audit.at)
        _enter(audit, run, RequestState.SUBMITTED, "change void", reason=reason)
    elif request.parent or cause in _TRIED_AGAIN:
        # Nobody has to approve once more what is as it was approved; whatever carries out what is due tries again.
        _enter(audit, run, RequestState.APPROVED, "change put off", reason=message)
    else:
        _enter(audit, run, RequestState.FAILED, "change failed", reason=message)


def record_unknown(audit: Audit, run: Run, message: str) -> None:
    """Write down that a person must look at what became of a request."""
    _enter(audit, run, RequestState.UNKNOWN, "change unknown", reason=message)


def _enter(
    audit: Audit,
    run: Run,
    state: RequestState,
    action: str,
    *,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> ChangeRequest:
    return change_requests.enter_state(
        audit.connection,
        run.request,
        state,
        at=audit.at,
        actor=audit.actor,
        action=action,
        reason=reason,
        details=details or {"run": run.id},
    )


def _plan(attempt: Attempt) -> ChangePlan:
    with attempt.around.store.read() as connection:
        return change_plans.need_plan(connection, attempt.run.request)
