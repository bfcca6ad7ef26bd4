"""The plans of change requests in the store: one for each request, the one that holds now."""

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select

from provisioning.errors import Refused
from provisioning.model.change_request import ChangePlan
from provisioning.model.request_id import request_number
from provisioning.store.tables import CHANGE_PLAN

_PLAN = TypeAdapter(ChangePlan)


def keep_plan(connection: Connection, plan: ChangePlan) -> None:
    """Keep the plan of a request, secrets masked, in place of an earlier one."""
    number = request_number(plan.request)
    connection.execute(delete(CHANGE_PLAN).where(CHANGE_PLAN.c.request_id == number))
    connection.execute(
        insert(CHANGE_PLAN).values(
            request_id=number,
            digest=plan.digest,
            planned_at=plan.planned_at,
            plan=_PLAN.dump_python(plan, mode="json"),
        )
    )


def plan_of(connection: Connection, request: str) -> ChangePlan | None:
    """Return the plan of a request that holds now; None when it has not been planned."""
    found = connection.execute(
        select(CHANGE_PLAN.c.plan).where(CHANGE_PLAN.c.request_id == request_number(request))
    ).scalar_one_or_none()
    return _PLAN.validate_python(found) if found is not None else None


def need_plan(connection: Connection, request: str) -> ChangePlan:
    """Return the plan of a request that is to be approved or carried out.

    Raises:
        Refused: when it has not been planned.
    """
    found = plan_of(connection, request)
    if found is None:
        raise Refused("it has not been planned", where=request, remedy=f"`proviso change plan {request}`.")
    return found
