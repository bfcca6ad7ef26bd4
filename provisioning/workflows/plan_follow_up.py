"""Planning a follow-up request when it is due: the approval of the request that it follows from covers it."""

from provisioning.errors import DeviceMoved, PlanVoid, Refused, ScopeBusy
from provisioning.model.change_request import ChangePlan, ChangeRequest, RequestState
from provisioning.store import change_plans, change_requests
from provisioning.workflows.auditing import audited
from provisioning.workflows.change_blocks import reserve_blocks
from provisioning.workflows.choose_playbook import choose_playbook
from provisioning.workflows.plan_change import plan_details, plan_request
from provisioning.workflows.surroundings import Surroundings


def plan_follow_up(request: ChangeRequest, around: Surroundings) -> ChangePlan:
    """Plan a follow-up against the router as it is; it stays approved.

    Raises:
        PlanVoid: when it cannot be carried out any more.
        ProvisoError: as `plan_change`.
    """
    try:
        with around.store.write() as connection:
            assignments = reserve_blocks(connection, request, around)
        plan, _, _ = plan_request(request, choose_playbook(request.action, around), assignments, around)
    except (ScopeBusy, DeviceMoved):
        raise
    except Refused as error:
        raise PlanVoid(error.what, where=error.where, remedy=error.remedy) from None
    with audited(around) as audit:
        now = change_requests.need_request(audit.connection, request.id)
        if now.state is not RequestState.APPROVED:
            raise PlanVoid(f"it is {now.state.value}", where=request.id, remedy="There is nothing left to do.")
        change_plans.keep_plan(audit.connection, plan)
        details = {**plan_details(plan), "approved_with": request.parent}
        audit.add("change plan", request.id, details=details)
    return plan
