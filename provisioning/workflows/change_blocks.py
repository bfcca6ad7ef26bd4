"""The blocks of a change request: reserved when it is planned, taken into force when it is proven, else given back."""

from sqlalchemy import Connection

from provisioning.changes.blocks_after import CHANGED_ROLE, blocks_after
from provisioning.model.block import Block
from provisioning.model.change_request import ChangeAction, ChangeRequest
from provisioning.model.intent import FORMER, Role
from provisioning.store import assigning, assignments, reserving
from provisioning.store.assignments import Holder, Release
from provisioning.workflows.claim_blocks import blocks_of_line
from provisioning.workflows.surroundings import Surroundings


def reserve_blocks(connection: Connection, request: ChangeRequest, around: Surroundings) -> tuple[str, ...]:
    """Reserve what a request needs; return for people which blocks it takes and which it leaves.

    Asked again, the answer is the same.

    Raises:
        NothingToRelease: when the line has no block to change.
        PoolExhausted: when no pool has room.
        Refused: when another request has reserved one.
    """
    role, now = CHANGED_ROLE.get(request.action), around.clock.now()
    if role is not None:
        leaves = assigning.need_held(connection, request.line, role)
        taken = reserving.reserve_next(connection, request.line, role, Holder(request.line, role, request.id, now))
        kept = "stays beside it for a while" if role in FORMER else "is given back"
        return f"takes {taken.address} as {role}", f"{leaves.address}, which it has as {role}, {kept}"
    if request.action is ChangeAction.RETIRE_IP_PACK:
        held = assignments.held_by(connection, request.line)
        return tuple(f"gives back {each.address}" for each in held if each.role in FORMER.values())
    return ()


def blocks_of_change(connection: Connection, request: ChangeRequest) -> dict[Role, Block]:
    """Return the blocks of the line as they are once the request is in force; reserve them first."""
    return dict(blocks_after(request.action, blocks_of_line(connection, request.line)))


def block_taken(connection: Connection, request: ChangeRequest) -> str:
    """Return the block that a request brought its line, as people write it; empty when it brought none, or not yet."""
    role = CHANGED_ROLE.get(request.action)
    held = assignments.held_by(connection, request.line) if role is not None else []
    return next((each.address for each in held if (each.role, each.assigned_by) == (role, request.id)), "")


def settle_blocks(connection: Connection, request: ChangeRequest, around: Surroundings) -> None:
    """Put on record that a request is in force; done twice, it says the same."""
    role, release = CHANGED_ROLE.get(request.action), _release(request, around)
    if role is not None:
        reserving.take_into_force(
            connection, request.line, role, by=request.id, release=release, beside=role in FORMER
        )
    elif request.action is ChangeAction.RETIRE_IP_PACK:
        reserving.retire_former(connection, request.line, release)


def give_up_blocks(connection: Connection, request: ChangeRequest, around: Surroundings) -> None:
    """Give back what was reserved for a request that nobody carries out any more."""
    role = CHANGED_ROLE.get(request.action)
    if role is not None:
        reserving.give_up_next(connection, request.line, role, by=request.id, release=_release(request, around))


def _release(request: ChangeRequest, around: Surroundings) -> Release:
    return Release(f"change request {request.id}", around.clock.now(), around.quarantine_days)
