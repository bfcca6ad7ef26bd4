"""Short verbs for orders on the store: forms, what became of them, and what a line has."""

from typing import Any

from forms import FormData, minimal, typed
from worlds import World, dump

from provisioning.catalogue import FORMULAS
from provisioning.model.assignment import Assignment, AssignmentState
from provisioning.model.intent import Role
from provisioning.model.line import Device, Line
from provisioning.store import assignments, lines
from provisioning.store.assigning import Step
from provisioning.workflows.accept_order import Acceptance, accept_order

ALL_BUT_PACK = {Role.FIXED_IPV4, Role.IPV6, Role.MANAGEMENT, Role.ONT_ID}


# --- short verbs ---------------------------------------------------------------------------------------------------


def new(number: int = 1, *, formula: str = "fullfiber-extended", **keys: Any) -> FormData:
    """A new order with a number, and devices, of its own."""
    form = minimal(FORMULAS[formula])
    form["order"] = f"PX-2026-{number:06d}"
    if "cpe" in form:
        form["cpe"] = {"platform": "linux_cpe", "serial": f"LX{number:04d}"}
    if "ont" in form:
        form["ont"] = {**form["ont"], "serial": f"HWTC{number:08d}"}
    return {**form, **keys}


def change(number: int, line: str = "L-1", kind: str = "change", **keys: Any) -> FormData:
    return {"order": f"PX-2026-{number:06d}", "kind": kind, "line": line, **keys}


def pack(size: int) -> FormData:
    papers = {"assessment": "plan", "ripe_488": "NCC-1"} if size >= 16 else {}
    return {"ip_pack": {"addresses": size, **papers}}


def accept(world: World, form: FormData) -> Acceptance:
    return accept_order(typed(form), world.around)


def accepted(world: World, form: FormData) -> Acceptance:
    answer = accept(world, form)
    assert answer.accepted, answer.findings
    return answer


def refusals(world: World, form: FormData) -> list[str]:
    """The codes of a refusal that left no trace."""
    before = dump(world.store)
    answer = accept(world, form)
    assert not answer.accepted
    assert (answer.line, answer.product, answer.addressed, answer.assigned) == (None, None, None, ())
    assert dump(world.store) == before
    return [finding.code for finding in answer.findings]


def steps(answer: Acceptance) -> dict[Role, Step]:
    return {each.assignment.role: each.step for each in answer.assigned}


def addresses(answer: Acceptance) -> dict[Role, str]:
    return {each.assignment.role: each.assignment.address for each in answer.assigned if each.step != Step.RELEASED}


def line_of(world: World, line: str = "L-1") -> Line:
    with world.store.read() as connection:
        return lines.need_line(connection, line)


def devices_of(world: World, line: str = "L-1") -> list[Device]:
    with world.store.read() as connection:
        return lines.devices_of(connection, line)


def resting(world: World) -> list[Assignment]:
    with world.store.read() as connection:
        return assignments.list_assignments(connection, states=(AssignmentState.QUARANTINED,))


def order_numbers(world: World, line: str = "L-1") -> list[str]:
    with world.store.read() as connection:
        return [order.number for order in lines.orders_of(connection, line)]
