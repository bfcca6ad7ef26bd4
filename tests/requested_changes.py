"""Change requests of lines in service, for tests: a world with a line, and requests as plain data."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from forms import FormData, minimal, typed
from worlds import World

from provisioning.catalogue import FORMULAS
from provisioning.changes.form import RequestForm
from provisioning.changes.request import request_of
from provisioning.model.change_request import ChangeRequest, RequestState
from provisioning.model.line import Line
from provisioning.orders.document import Document, checked
from provisioning.store import change_requests, lines
from provisioning.workflows.accept_order import accept_order
from provisioning.workflows.submit_change import Submission, submit_change

LINE = "L-1"
ORDER = "PX-2026-000900"
REQUESTER = "contact@example.org"
HOST, OTHER, FIREWALL = "192.168.1.10", "192.168.1.11", "customer_firewall"
WEB = {"ports": ["tcp/443"], "to": HOST}
PACK: dict[str, Any] = {"options": {"ip_pack": {"addresses": 8}}, "lan": {"customer_firewall": True}}
PARTNER = "198.51.100.0/24"
MANY: dict[str, Any] = {
    "servers": [
        WEB,
        {"ports": ["tcp/8000-8010"], "to": OTHER},
        {"to": FIREWALL, "ports": ["udp/500"]},
        {"to": FIREWALL, "ports": ["udp/600"], "from": [PARTNER]},
        {"to": FIREWALL, "ports": ["udp/600"], "from": ["198.51.100.0/25"]},
    ],
    **PACK,
}
"""A line that has something of each kind."""
PLANNED = (RequestState.PLANNED,)
APPROVED = (*PLANNED, RequestState.APPROVED)
RUNNING = (*APPROVED, RequestState.RUNNING)
WAYS: dict[RequestState, tuple[RequestState, ...]] = {
    RequestState.SUBMITTED: (),
    RequestState.PLANNED: PLANNED,
    RequestState.APPROVED: APPROVED,
    RequestState.RUNNING: RUNNING,
    RequestState.DONE: (*RUNNING, RequestState.DONE),
    RequestState.FAILED: (*RUNNING, RequestState.FAILED),
    RequestState.UNKNOWN: (*RUNNING, RequestState.UNKNOWN),
    RequestState.REFUSED: (RequestState.REFUSED,),
    RequestState.CANCELLED: (RequestState.CANCELLED,),
}
each_state = pytest.mark.parametrize("state", RequestState)
"""How a request comes to a state."""

ACTIVATED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def order(formula: str = "internet-pro-plus", **keys: Any) -> FormData:
    """Return an order for a line with one server, and a representative."""
    form = minimal(FORMULAS[formula])
    form["customer"] = {"name": "Imprimerie Exemple", "representatives": ["Contact@Example.org", "it@example.org"]}
    servers = {"servers": [WEB]} if "servers" not in keys and FORMULAS[formula].supplies_router else {}
    return {**form, **servers, **keys}


def in_service(world: World, *, activated: datetime | None = ACTIVATED, **keys: Any) -> Line:
    """Put a line into the store; return it.

    Args:
        activated: since when it is in service; None for one that is only ordered.
    """
    answer = accept_order(typed(order(**keys)), world.around)
    assert answer.line is not None, answer.findings
    with world.store.write() as connection:
        if activated is not None:
            lines.activate_line(connection, answer.line, activated)
        return lines.need_line(connection, answer.line)


def content(number: int = 1, **keys: Any) -> dict[str, Any]:
    """Return a request in plain data; `sources` in an item is what the form calls `from`."""
    return {"request": f"CR-2026-{number:04}", "line": LINE, "requester": REQUESTER, **keys}


def form_of(data: Mapping[str, Any]) -> RequestForm:
    """Return a request as the typed form."""
    return request_of(Document(checked(dict(data)), "request"))


def opening(*ports: str, to: str = HOST, sources: tuple[str, ...] = (), **keys: Any) -> dict[str, Any]:
    """Return an item of `open` or `close`."""
    return {"ports": list(ports), "to": to, **({"from": list(sources)} if sources else {}), **keys}


def submit(world: World, number: int = 1, **keys: Any) -> Submission:
    """Hand a request in."""
    return submit_change(form_of(content(number, **keys)), world.around)


def submitted(world: World, number: int = 1, **keys: Any) -> ChangeRequest:
    """Hand a request in that stands."""
    answer = submit(world, number, **keys)
    assert answer.accepted, answer.findings
    assert answer.request is not None
    return answer.request


def codes(answer: Submission) -> dict[str, str]:
    """Return the codes of what was found, with their places."""
    return {each.code: each.where for each in answer.findings}


def enter(world: World, identifier: str, *states: RequestState) -> ChangeRequest:
    """Lead a request through states."""
    with world.store.write() as connection:
        for state in states:
            change_requests.enter_state(
                connection, identifier, state, at=world.clock.now(), actor=world.around.actor, action="change try"
            )
        return change_requests.need_request(connection, identifier)
