"""Change requests in a store, planned as if a router had been asked: for whatever comes after the plan."""

import hashlib
import json
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

from forms import FormData, minimal, typed
from worlds import NOON, World

from provisioning.catalogue import FORMULAS
from provisioning.changes.plan_digest import plan_digest
from provisioning.model.audit import Actor
from provisioning.model.change import Difference
from provisioning.model.change_request import ChangeAction, ChangePlan, RequestState
from provisioning.model.opening import Opening
from provisioning.model.port_range import PortRange
from provisioning.store import change_plans, change_requests
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order

SUBMITTER = Actor("jan", "desk.isp.example tty1")
REQUESTER = "contact@example.org"
BASE = "b" * 64


def add_line(world: World) -> str:
    """Put a line on record; return its id."""
    form: FormData = {**minimal(FORMULAS["internet-pro"]), "order": "PX-2026-000900"}
    answer = accept_order(typed(form), world.around)
    assert answer.line is not None, answer.findings
    return answer.line


def add_request(store: Store, line: str, number: int = 1, *, submitter: Actor = SUBMITTER, **keys: Any) -> str:
    """Hand a request in; return its id."""
    content = {
        "schema": 1,
        "request": f"CR-2026-{number:04}",
        "line": line,
        "requester": REQUESTER,
        "open": [{"ports": ["tcp/8443"], "to": "192.168.1.2"}],
    }
    given: dict[str, Any] = {
        "reference": content["request"],
        "line": line,
        "action": ChangeAction.OPEN_PORT,
        "content": content,
        "digest": hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
        "state": RequestState.SUBMITTED,
        "requester": REQUESTER,
        "language": "en",
        "wanted_at": None,
        "findings": (),
        "billing": None,
        "now": NOON,
        **keys,
    }
    with store.write() as connection:
        return change_requests.add_request(connection, submitter=submitter, **given).id


def plan_of(store: Store, request: str, *, base: str = BASE) -> ChangePlan:
    """Return a plan of a request, without keeping it."""
    with store.read() as connection:
        found = change_requests.need_request(connection, request)
    opening = Opening(PortRange("tcp", 8443, 8443), IPv4Address("192.168.1.2"))
    plan = ChangePlan(
        request=request,
        digest="",
        line=found.line,
        serial="LX1001",
        base=base,
        wanted="c" * 64,
        playbook="open-port",
        playbook_digest="d" * 64,
        steps=({"name": "prove", "task": "prove", "settings": {}},),
        differences=(Difference("firewall", "+tcp dport 8443 accept\n"),),
        commands=(),
        rollback=(),
        openings_before=(),
        openings_after=(opening,),
        assignments=(),
        planned_at=NOON,
        planned_by="jan",
    )
    kept = ("line", "serial", "base", "wanted", "playbook", "playbook_digest", "steps", "assignments")
    digest = plan_digest(request=found.digest, **{name: getattr(plan, name) for name in kept})
    return replace(plan, digest=digest)


def keep_planned(store: Store, request: str, *, base: str = BASE) -> ChangePlan:
    """Plan a request, and let it wait for its approval."""
    plan = plan_of(store, request, base=base)
    with store.write() as connection:
        change_plans.keep_plan(connection, plan)
        change_requests.enter_state(
            connection,
            request,
            RequestState.PLANNED,
            at=NOON,
            actor=SUBMITTER,
            action="change plan",
            details={"plan": plan.digest},
        )
    return plan
