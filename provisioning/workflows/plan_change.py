"""Planning a change request: what exactly it would do to the line's router, and what would be open before and after.

Nothing is changed on the router. The plan is kept, and its digest is what somebody approves: planned again, the
request has another plan, and an approval of the one before is void.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from provisioning.changes.blocks_after import blocks_after
from provisioning.changes.openings import openings_of
from provisioning.changes.plan_digest import plan_digest
from provisioning.errors import DeviceUnreachable, ProvisoError, Refused, ScopeBusy
from provisioning.model.change_request import ChangePlan, ChangeRequest, RequestState
from provisioning.model.device import Running
from provisioning.model.playbook import Playbook
from provisioning.model.request_id import request_number
from provisioning.store import change_approvals, change_plans, change_requests
from provisioning.workflows.auditing import audited
from provisioning.workflows.change_blocks import give_up_blocks, reserve_blocks
from provisioning.workflows.changed_line import ChangedLine, amended, changed_line, need_in_service
from provisioning.workflows.choose_playbook import choose_playbook
from provisioning.workflows.claim_blocks import blocks_of_line
from provisioning.workflows.judge_change import need_fit
from provisioning.workflows.plan_line import Planned, need_cpe, plan_line
from provisioning.workflows.reaching import Reach
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings

PLANNABLE = (
    RequestState.SUBMITTED,
    RequestState.PLANNED,
    RequestState.APPROVED,
    RequestState.FAILED,
    RequestState.UNKNOWN,
)
"""Not what is under way, nor what has ended for good."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A request with its plan.

    Attributes:
        planned: the change of the router, for the command line; it is not kept as it is.
        behind: ids of approved requests of the line that are carried out before it; it is planned on top of them.
        voided: whether an approval of an earlier plan is void now.
    """

    request: ChangeRequest
    plan: ChangePlan
    planned: Planned
    behind: tuple[str, ...]
    voided: bool


def plan_change(identifier: str, around: Surroundings, *, playbook: str = "") -> PlannedChange:
    """Plan a request against what the line's router has in force, and keep the plan.

    Approved requests of the same line that are carried out before it are taken for done.

    Args:
        playbook: its name; empty for the one of the request's action.

    Raises:
        UnknownName: when there is no such request or playbook.
        Refused: when the request is not to be planned, or its line cannot be changed.
        ScopeBusy: when a change waits on the router to be confirmed.
        DeviceUnreachable: when the router does not answer: a plan against a guess is worth nothing.
    """
    with around.store.read() as connection:
        request = need_plannable(connection, identifier)
    chosen = choose_playbook(request.action, around, name=playbook)
    with around.store.write() as connection:
        assignments = reserve_blocks(connection, request, around)
    try:
        plan, planned, behind = plan_request(request, chosen, assignments, around)
    except ProvisoError:
        _leave_as_it_was(request, around)
        raise
    with audited(around) as audit:
        # Planned by somebody else in the meantime, or carried out, it is not planned twice.
        now = need_plannable(audit.connection, identifier)
        if now.digest != request.digest or now.state is not request.state:
            raise ScopeBusy("somebody else is at it", where=identifier, remedy="Look at it, and plan it again.")
        change_plans.keep_plan(audit.connection, plan)
        voided = change_approvals.void_approval(
            audit.connection, identifier, reason="it was planned again", now=audit.at
        )
        request = change_requests.enter_state(
            audit.connection,
            identifier,
            RequestState.PLANNED,
            at=audit.at,
            actor=audit.actor,
            action="change plan",
            details=plan_details(plan),
        )
    return PlannedChange(request, plan, planned, behind, voided)


def plan_details(plan: ChangePlan) -> dict[str, object]:
    """Return what the audit keeps of a plan."""
    return {
        "plan": plan.digest,
        "playbook": plan.playbook,
        "playbook_digest": plan.playbook_digest,
        "base": plan.base,
        "wanted": plan.wanted,
    }


def need_plannable(connection: Connection, identifier: str) -> ChangeRequest:
    """Return a request that can be planned.

    Raises:
        UnknownName: when there is no such request.
        Refused: when it is under way, or has ended.
    """
    found = change_requests.need_request(connection, identifier)
    if found.parent and found.state is RequestState.APPROVED:
        raise Refused(
            f"it follows from {found.parent}: it is planned when it is due",
            where=found.id,
            remedy="`proviso change run` carries it out then.",
        )
    if found.state not in PLANNABLE:
        under_way = found.state is RequestState.RUNNING
        raise Refused(
            "it is being carried out" if under_way else f"it is {found.state.value}",
            where=found.id,
            remedy=f"`proviso change show {found.id}` tells more."
            if under_way
            else "Submit another request, under a reference of its own.",
        )
    return found


def plan_request(
    request: ChangeRequest, playbook: Playbook, assignments: tuple[str, ...], around: Surroundings
) -> tuple[ChangePlan, Planned, tuple[str, ...]]:
    """Return what a request would do, the change of its router, and the requests that it is planned on top of.

    Nothing is kept.

    Args:
        request: whose blocks are reserved.
        playbook: by which it is carried out.
        assignments: what it takes and leaves, for people.
        around: what a workflow works with.

    Raises:
        ProvisoError: as `plan_change`.
    """
    with around.store.read() as connection:
        before = queued_before(connection, request)
        stages = _stages(connection, request, before, around)
    first = stages[0]
    running = _fetch(first, around)
    for stage in stages[1:-1]:
        running = _in_force_after(stage, running, around)
    last = stages[-1]
    planned = plan_line(last.product, last.addressed, running, around, rehearsal=True)
    plan = _plan(request, playbook, planned, stages, assignments, around)
    return plan, planned, tuple(each.id for each in before)


def queued_before(connection: Connection, request: ChangeRequest) -> tuple[ChangeRequest, ...]:
    """Return the approved requests of the line that are carried out before this one.

    Raises:
        ScopeBusy: when one of the line is being carried out.
    """
    states = (RequestState.APPROVED, RequestState.RUNNING)
    found = change_requests.list_requests(connection, line=request.line, states=states)
    others = [each for each in found if each.id != request.id and not each.parent]
    running = next((each for each in found if each.state is RequestState.RUNNING), None)
    if running is not None:
        raise ScopeBusy(
            f"{running.id} of the same line is being carried out",
            where=request.id,
            remedy="Plan it again when that has ended.",
        )
    return tuple(
        each
        for each in sorted(others, key=came_in)
        if each.state is RequestState.APPROVED and _comes_first(each, request)
    )


def came_in(request: ChangeRequest) -> int:
    """Return the key by which requests stand in the order in which they came in."""
    return request_number(request.id)


def _comes_first(one: ChangeRequest, other: ChangeRequest) -> bool:
    if one.wanted_at is not None and (other.wanted_at is None or other.wanted_at < one.wanted_at):
        return False
    return came_in(one) < came_in(other)


def _stages(
    connection: Connection, request: ChangeRequest, before: Sequence[ChangeRequest], around: Surroundings
) -> list[ChangedLine]:
    """Return the line as it is, after each request that comes first, and after this one."""
    line, _ = need_in_service(connection, request.line, around)
    form, held = line.form, blocks_of_line(connection, line.id)
    found = [changed_line(connection, request, form, held, around)]
    for each in (*before, request):
        if each is request:
            need_fit(connection, request, line, form, around.clock.now())
        form, held = amended(form, each), dict(blocks_after(each.action, held))
        found.append(changed_line(connection, request, form, held, around))
    return found


def _leave_as_it_was(request: ChangeRequest, around: Surroundings) -> None:
    """Give back what was reserved for a plan that did not come about; a plan that there was keeps its own."""
    with around.store.write() as connection:
        if change_plans.plan_of(connection, request.id) is None:
            give_up_blocks(connection, request, around)


def _fetch(line: ChangedLine, around: Surroundings) -> Running:
    cpe = need_cpe(line.addressed)
    router = Router(cpe.serial, cpe.platform, line.addressed.management, Reach(around, prepare=False))
    try:
        if router.status().pending:
            raise ScopeBusy(
                f"a change waits on {cpe.serial} to be confirmed",
                where=cpe.serial,
                remedy="It is confirmed or goes back by itself; plan again then.",
            )
        if router.staged:
            raise DeviceUnreachable(
                "it answers at its staging address only: it is not the router of a line in service",
                where=cpe.serial,
                remedy="`proviso device show` tells what it has.",
            )
        return router.running()
    finally:
        router.close()


def _in_force_after(line: ChangedLine, running: Running, around: Surroundings) -> Running:
    """Return what the router will have once a request that is carried out before has been."""
    change = plan_line(line.product, line.addressed, running, around, rehearsal=True).change
    return Running(change.wanted, {each.name: each.reveal() for each in change.config.documents})


def _plan(
    request: ChangeRequest,
    playbook: Playbook,
    planned: Planned,
    stages: Sequence[ChangedLine],
    assignments: tuple[str, ...],
    around: Surroundings,
) -> ChangePlan:
    change, before, after = planned.change, stages[-2], stages[-1]
    steps = tuple({"name": each.name, "task": each.task, "settings": dict(each.settings)} for each in playbook.steps)
    return ChangePlan(
        request=request.id,
        digest=plan_digest(
            request=request.digest,
            line=request.line,
            serial=change.device,
            base=change.base,
            wanted=change.wanted,
            playbook=playbook.name,
            playbook_digest=playbook.digest,
            steps=steps,
            assignments=assignments,
        ),
        line=request.line,
        serial=change.device,
        base=change.base,
        wanted=change.wanted,
        playbook=playbook.name,
        playbook_digest=playbook.digest,
        steps=steps,
        differences=change.differences,
        commands=change.commands,
        rollback=change.rollback,
        openings_before=openings_of(before.form),
        openings_after=openings_of(after.form),
        assignments=assignments,
        planned_at=around.clock.now(),
        planned_by=around.actor.name,
    )
