"""Carrying out one approved change request: a durable run of its line, by the steps that were approved with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event

from sqlalchemy import Connection

from provisioning.changes.plan_digest import fits
from provisioning.devices.reach import need_key
from provisioning.errors import PlanVoid, ProvisoError, Refused
from provisioning.model.change_request import ChangePlan, ChangeRequest, RequestState
from provisioning.model.run import Run, RunKind, RunStage
from provisioning.store import change_approvals, change_plans, change_requests, lines, runs
from provisioning.workflows.attempt import Tell
from provisioning.workflows.auditing import Audit, audited
from provisioning.workflows.begin_run import Ended, line_to_itself, run_line
from provisioning.workflows.change_blocks import blocks_of_change
from provisioning.workflows.changed_line import amended, changed_line
from provisioning.workflows.executor import Executor
from provisioning.workflows.hold_approval import need_valid
from provisioning.workflows.plan_change import plan_details
from provisioning.workflows.plan_follow_up import plan_follow_up
from provisioning.workflows.resume_runs import finish_run


@dataclass(frozen=True, slots=True)
class RanChange:
    """What became of a request.

    Attributes:
        request: as it stands now.
        run: that carried it out; None when none was begun, or somebody else has done it.
        notes: what else people should know.
        error: why it was not done; None when it was.
        busy: whether somebody else is at its line, so that it is done later.
    """

    request: ChangeRequest
    run: Run | None = None
    notes: tuple[str, ...] = ()
    error: ProvisoError | None = None
    busy: bool = False


def run_change(
    identifier: str, executor: Executor, tell: Tell, stop: Event | None = None, *, now_because: str = ""
) -> Ended | None:
    """Carry out a request that is approved; return None when somebody else has done so in the meantime.

    A run of that line which somebody has left is carried on first; one of this very request is all there is to do. A
    request that follows from another one is planned here: the approval of the other covers it.

    Args:
        executor: this process.
        stop: set to make the run turn back.
        now_because: why it is done before its time; empty when it is due.

    Raises:
        UnknownName: when there is no such request.
        ScopeBusy: when somebody else is changing the line or its router.
        Refused: when it is not approved.
        PlanVoid: when what was approved is not what would be done any more; it waits to be planned again.
        UnreadableProject: when a setting is missing without which no router is reached; the approval holds on.
        ProvisoError: whatever else stands in the way; the run tells what became of the router.
    """
    stop, around = stop or Event(), executor.around
    need_key(around.access.key_file)
    with around.store.read() as connection:
        request = change_requests.need_request(connection, identifier)
        serial = _serial(lines.need_line(connection, request.line).form)
    with line_to_itself(executor, request.line, f"device {serial}"):
        with around.store.read() as connection:
            left = runs.unfinished_runs(connection, line=request.line)
        for run in left:
            tell(run.stage, f"carries on run {run.id}, which was left")
            resumed = finish_run(run, executor, tell, stop)
            if run.request == identifier:
                return Ended(resumed.run, (), resumed.error)
        with around.store.read() as connection:
            request = change_requests.need_request(connection, identifier)
        if request.state is RequestState.DONE:
            return None
        try:
            if request.parent:
                tell(RunStage.ACCEPT, "plans it, as it was approved with the request that it follows from")
                plan_follow_up(request, around)
            return _begin(request, executor, tell, stop, now_because)
        except PlanVoid as error:
            # Before a run has begun: what a run finds, it writes down itself.
            _void(request.id, error, executor)
            raise


def _begin(request: ChangeRequest, executor: Executor, tell: Tell, stop: Event, now_because: str) -> Ended:
    around = executor.around
    tell(RunStage.ACCEPT, "looks at its approval")
    with around.store.read() as connection:
        request = change_requests.need_request(connection, request.id)
        plan = _need_approved(connection, request)
        line = lines.need_line(connection, request.line)
        try:
            held = blocks_of_change(connection, request)
            whole = changed_line(connection, request, amended(line.form, request), held, around)
        except Refused as error:
            raise PlanVoid(error.what, where=error.where, remedy=error.remedy) from None
    need_valid(request.id, around)

    def also(audit: Audit, run: str) -> None:
        # Looked at again where nobody else can write: approved, not cancelled, and by the plan that was just read.
        now = change_requests.need_request(audit.connection, request.id)
        if _need_approved(audit.connection, now).digest != plan.digest:
            raise PlanVoid("it was planned again meanwhile", where=request.id, remedy="Have the new plan approved.")
        change_requests.enter_state(
            audit.connection,
            request.id,
            RequestState.RUNNING,
            at=audit.at,
            actor=audit.actor,
            action="change run",
            reason=now_because,
            details={**plan_details(plan), "run": run, "before_its_time": bool(now_because)},
        )

    return run_line(
        executor,
        line=request.line,
        order=whole.order,
        kind=RunKind.CHANGE,
        target=whole.target,
        tell=tell,
        stop=stop,
        request=request.id,
        also=also,
    )


def _need_approved(connection: Connection, request: ChangeRequest) -> ChangePlan:
    """Return the plan by which a request is carried out.

    Raises:
        Refused: when the request is not approved.
        PlanVoid: when what was approved is another plan.
    """
    if request.state is not RequestState.APPROVED:
        raise not_approved(request)
    plan = change_plans.need_plan(connection, request.id)
    if not fits(plan, request=request.digest):
        raise PlanVoid(
            "its plan does not have the digest that it says: somebody changed it in the store",
            where=request.id,
            remedy=f"Plan it again: `proviso change plan {request.id}`; `proviso audit verify` tells more.",
        )
    if request.parent:
        return plan
    approval = change_approvals.approval_of(connection, request.id)
    if approval is None or approval.plan_digest != plan.digest:
        raise PlanVoid(
            "no approval of its plan holds",
            where=request.id,
            remedy=f"Plan it again, and have it approved: `proviso change plan {request.id}`.",
        )
    return plan


def _void(identifier: str, error: PlanVoid, executor: Executor) -> None:
    """Have a request wait for another plan; one that follows from another has failed: somebody has to see to it."""
    with audited(executor.around) as audit:
        request = change_requests.need_request(audit.connection, identifier)
        if request.state is not RequestState.APPROVED:
            return
        change_approvals.void_approval(audit.connection, identifier, reason=error.what, now=audit.at)
        change_requests.enter_state(
            audit.connection,
            identifier,
            RequestState.FAILED if request.parent else RequestState.SUBMITTED,
            at=audit.at,
            actor=audit.actor,
            action="change void",
            reason=error.what,
        )


def not_approved(request: ChangeRequest) -> Refused:
    """Return the error for a request that is to be carried out and is not approved."""
    what = {
        RequestState.SUBMITTED: "it has no plan yet, and so no approval",
        RequestState.PLANNED: "it is planned, and waits for an approval",
        RequestState.RUNNING: "it is being carried out",
        RequestState.FAILED: "its run has failed, and its approval with it",
    }.get(request.state, f"it is {request.state.value}")
    remedy = {
        RequestState.SUBMITTED: f"`proviso change plan {request.id}`, then have it approved.",
        RequestState.PLANNED: f"Who did not ask for it signs: `proviso change approve {request.id} --key FILE`.",
        RequestState.FAILED: f"`proviso change plan {request.id}`, and have it approved again.",
        RequestState.RUNNING: f"`proviso run show {request.run}` shows it.",
    }.get(request.state, f"`proviso change show {request.id}` tells more.")
    return Refused(what, where=request.id, remedy=remedy)


def _serial(form: Mapping[str, object]) -> str:
    cpe = form.get("cpe")
    return str(cpe.get("serial", "")) if isinstance(cpe, Mapping) else ""
