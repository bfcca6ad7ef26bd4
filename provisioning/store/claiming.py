"""Claiming: a line gets the very block that its router has, out of the pool that it lies in, or is told why not."""

from dataclasses import dataclass

from sqlalchemy import Connection

from provisioning.addressing.pool import PURPOSES
from provisioning.model.assignment import Assignment, AssignmentState
from provisioning.model.block import Block
from provisioning.model.intent import Role
from provisioning.store import assignments, blocks
from provisioning.store.assigning import RECLAIMED_AT_ONCE, reclaim
from provisioning.store.assignments import Holder
from provisioning.store.pools import StoredPool, block_notation, pools_for


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of a claim.

    Attributes:
        address: the block as people write it.
        assignment: what the line holds now of that role; None when it got nothing.
        taken: whether it got it just now.
        reason: why it did not get the block; empty when it holds it.
    """

    role: Role
    block: Block
    address: str
    assignment: Assignment | None
    taken: bool
    reason: str


def claim(connection: Connection, block: Block, holder: Holder, *, scope: str = "") -> Claimed:
    """Give a line a block that it uses already, and no other; what it holds of that role stays as it is.

    The guards of the database hold here as everywhere: a block that overlaps one that is held or rests is never given.

    Args:
        block: that its router has.
        holder: which line, in which role, by which order.
        scope: for an ONT id, the OLT's port.
    """
    space = PURPOSES[holder.role].space
    address = block_notation(space, block)
    held = next((each for each in assignments.held_by(connection, holder.line) if each.role is holder.role), None)
    if held is not None:
        reason = "" if held.block == block else f"the line holds {held.address}, and keeps it"
        return Claimed(holder.role, block, address, held, taken=False, reason=reason)
    reclaim(connection, holder.now, RECLAIMED_AT_ONCE)
    stored = _pool_around(connection, block, holder, scope)
    if stored is None:
        reason = _holder(connection, space, block) or f"it lies in no pool of ours for {holder.role}"
        return Claimed(holder.role, block, address, None, taken=False, reason=reason)
    if reason := _unusable(stored, block):
        return Claimed(holder.role, block, address, None, taken=False, reason=reason)
    if not (_take_own_rest(connection, stored, block, holder) or _take_free(connection, stored, block)):
        reason = _holder(connection, stored.space, block)
        reason = reason or f"part of it is not free in the pool {stored.pool.name}"
        return Claimed(holder.role, block, address, None, taken=False, reason=reason)
    taken = assignments.add_held(connection, stored, block, holder)
    return Claimed(holder.role, block, address, taken, taken=True, reason="")


def _pool_around(connection: Connection, block: Block, holder: Holder, scope: str) -> StoredPool | None:
    pools = pools_for(connection, holder.role, scope, holder.now)
    return next((each for each in pools if each.pool.first <= block.first and block.last <= each.pool.last), None)


def _unusable(stored: StoredPool, block: Block) -> str:
    """Return why a pool never gives a block; empty when it may."""
    purpose = PURPOSES[stored.pool.purpose]
    if not purpose.smallest <= block.level <= purpose.largest:
        return f"the pool {stored.pool.name} gives no block of that size"
    if any(each.first <= block.last and block.first <= each.last for each in stored.pool.reserved):
        return f"the pool {stored.pool.name} has reserved it"
    return ""


def _take_own_rest(connection: Connection, stored: StoredPool, block: Block, holder: Holder) -> bool:
    """Take the block out of its rest, if it is this line that left it."""
    for each in assignments.of_line(connection, holder.line):
        rests = each.state is AssignmentState.QUARANTINED and each.pool_id == stored.id and each.block == block
        if rests and assignments.end_rest(connection, each):
            return True
    return False


def _take_free(connection: Connection, stored: StoredPool, block: Block) -> bool:
    """Take a block out of the free list, cut out of the free one around it; return whether it was free."""
    for level in range(block.level, (stored.pool.last - stored.pool.first).bit_length() + 1):
        around = Block(block.first >> level << level, level)
        if blocks.take_exactly(connection, stored.id, around):
            blocks.add_free(connection, stored.id, _rest_of(around, block))
            return True
    return False


def _rest_of(around: Block, block: Block) -> list[Block]:
    """Return the largest blocks that are left of one when another is cut out of it."""
    rest = []
    inner = block
    while inner != around:
        rest.append(inner.buddy)
        inner = inner.parent
    return rest


def _holder(connection: Connection, space: str, block: Block) -> str:
    """Return who has a block, or part of it; empty when nobody has."""
    found = assignments.touching(connection, space, block.first, block.last)
    for each in found:
        if each.state is AssignmentState.ASSIGNED:
            return f"line {each.line} holds {each.address}"
        if each.state is AssignmentState.QUARANTINED:
            return f"{each.address} rests, which line {each.line} left"
    return ""
