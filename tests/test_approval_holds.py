"""What an approval holds for: a plan that still holds, and nothing that was written past the commands."""

import pytest
from approvals import ALICE, signed
from planned_requests import add_line, add_request, keep_planned
from signers import Signers
from sqlalchemy import text as sql
from worlds import NOON, World

from provisioning.changes.approval_text import NAMESPACE
from provisioning.errors import (
    PlanVoid,
    Refused,
    UnknownName,
)
from provisioning.model.change_request import ChangeAction, RequestState
from provisioning.store import change_approvals, change_requests
from provisioning.workflows.approve_change import approve_change, to_approve
from provisioning.workflows.hold_approval import need_valid
from provisioning.workflows.surroundings import Surroundings


def test_only_what_is_planned_can_be_approved(world: World, around: Surroundings, signers: Signers) -> None:
    identifier = add_request(world.store, add_line(world))
    with pytest.raises(Refused, match="it has no plan") as error:
        to_approve(identifier, around)
    assert error.value.remedy == f"`proviso change plan {identifier}`."
    with pytest.raises(UnknownName):
        to_approve("C-77", around)
    keep_planned(world.store, identifier)
    signature = signed(around, signers, identifier)
    with world.store.write() as connection:
        change_requests.enter_state(
            connection, identifier, RequestState.CANCELLED, at=NOON, actor=around.actor, action="change cancel"
        )
    with pytest.raises(Refused, match="it is cancelled"):
        approve_change(identifier, signature, around)


def test_a_request_that_follows_from_another_is_covered(
    world: World, around: Surroundings, signers: Signers, request_id: str
) -> None:
    approve_change(request_id, signed(around, signers, request_id), around)
    with world.store.read() as connection:
        line = change_requests.need_request(connection, request_id).line
    approved = RequestState.APPROVED
    follows = add_request(world.store, line, 2, action=ChangeAction.CLOSE_PORT, state=approved, parent=request_id)
    opens = add_request(world.store, line, 3, state=approved, parent=request_id)
    with pytest.raises(Refused, match=f"it follows from {request_id}"):
        to_approve(follows, around)
    need_valid(follows, around)
    with pytest.raises(PlanVoid, match="does not follow"):
        need_valid(opens, around)


TAMPERED = {
    "approval of nobody": "update change_approval set signature = ''",
    "approval of another plan": f"update change_approval set plan_digest = '{'0' * 64}'",
    "other steps": 'update change_plan set plan = replace(plan, \'"task": "prove"\', \'"task": "wait"\')',
    "other line": "update change_plan set plan = replace(plan, 'LX1001', 'LX1002')",
    "other content": "update change_request set content = replace(content, '8443', '22')",
}


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
def test_what_was_written_past_the_commands_is_not_carried_out(
    world: World, around: Surroundings, signers: Signers, request_id: str, statement: str
) -> None:
    approve_change(request_id, signed(around, signers, request_id), around)
    with world.store.write() as connection:
        connection.execute(sql(statement))
    with pytest.raises(PlanVoid):
        need_valid(request_id, around)


def test_an_approval_outlives_its_key_and_not_the_trust_in_it(
    world: World, around: Surroundings, signers: Signers, request_id: str
) -> None:
    signers.allow(signers.entry(ALICE, "alice", f'namespaces="{NAMESPACE}",valid-before="20261201"'))
    approve_change(request_id, signed(around, signers, request_id), around)
    world.clock.move(days=60)
    need_valid(request_id, around)
    signers.allow(signers.entry("bob@isp.example", "bob"))
    with pytest.raises(PlanVoid, match="its approval does not hold"):
        need_valid(request_id, around)


def test_a_voided_approval_is_kept_and_holds_no_more(
    world: World, around: Surroundings, signers: Signers, request_id: str
) -> None:
    signature = signed(around, signers, request_id)
    approve_change(request_id, signature, around)
    with world.store.write() as connection:
        assert change_approvals.void_approval(connection, request_id, reason="the router moved", now=NOON)
        assert not change_approvals.void_approval(connection, request_id, reason="again", now=NOON)
    keep_planned(world.store, request_id)
    found = approve_change(request_id, signature, around)
    assert not found.already
    with world.store.read() as connection:
        kept = connection.execute(sql("select void_reason from change_approval order by id")).scalars().all()
    assert kept == ["the router moved", ""]
