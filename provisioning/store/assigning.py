"""Assigning: a line keeps what it has, gets what it lacks, and what it leaves rests before reuse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from provisioning.errors import NothingToRelease, PoolExhausted
from provisioning.model.assignment import Assignment, AssignmentState
from provisioning.model.block import Block, level_of
from provisioning.model.intent import FORMER, NEXT, AddressNeed, Role
from provisioning.store import assignments, blocks
from provisioning.store.assignments import Holder, Release
from provisioning.store.pools import StoredPool, pools_for

RECLAIMED_AT_ONCE = 16
"""Blocks whose rest is over that one call brings back: more would make that call slow, fewer would fall behind."""


class Step(StrEnum):
    """What happened to the block of a role."""

    KEPT = "kept"
    ASSIGNED = "assigned"
    GROWN = "grown"
    SHRUNK = "shrunk"
    RENUMBERED = "renumbered"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Assigned:
    """A role of a line after `assign`.

    Attributes:
        assignment: what the line holds now; for RELEASED, what it held.
        before: what it held before, where that is not the same block.
    """

    step: Step
    assignment: Assignment
    before: Assignment | None = None


def assign(
    connection: Connection, line: str, needs: Iterable[AddressNeed], *, order: str, release: Release
) -> list[Assigned]:
    """Give a line exactly the blocks that it needs, one a role, and take back what it does not need any more.

    What fits is kept; a block that is too small grows in place where its neighbours are free; asked again, the answer
    is the same.

    Args:
        line: the line's id.
        needs: one for each role.
        order: the number of the order, for the record.
        release: how blocks that the line leaves are put to rest.

    Raises:
        PoolExhausted: when no pool has room; the caller's transaction must end without effect.
    """
    reclaim(connection, release.now, RECLAIMED_AT_ONCE)
    own = assignments.of_line(connection, line)
    result = [_satisfy(connection, need, own, Holder(line, need.role, order, release.now), release) for need in needs]
    wanted = {each.assignment.role for each in result}
    # What a change reserved or left beside a role goes when that role does.
    wanted |= {beside for role in tuple(wanted) for beside in (NEXT.get(role), FORMER.get(role)) if beside is not None}
    for leftover in (each for each in own if each.role not in wanted and each.state is AssignmentState.ASSIGNED):
        assignments.put_to_rest(connection, leftover, release)
        result.append(Assigned(Step.RELEASED, leftover))
    return result


def release_role(connection: Connection, line: str, role: Role, release: Release) -> Assignment:
    """Put to rest what a line holds in one role.

    Returns:
        The assignment as it stands then.

    Raises:
        NothingToRelease: when the line holds nothing in that role.
    """
    held = need_held(connection, line, role)
    assignments.put_to_rest(connection, held, release)
    return assignments.find_assignment(connection, held.id)


def need_held(connection: Connection, line: str, role: Role) -> Assignment:
    """Return what a line holds in one role.

    Raises:
        NothingToRelease: when the line holds nothing in that role.
    """
    held = next((each for each in assignments.held_by(connection, line) if each.role is role), None)
    if held is None:
        raise NothingToRelease(
            f"line {line} holds no {role}",
            where=f"line {line}",
            remedy=f"`proviso assignment list --line {line}` shows what it holds.",
        )
    return held


def give_fresh(connection: Connection, need: AddressNeed, holder: Holder) -> Assignment:
    """Give a line a block that it never had, or has not had for longer than a quarantine.

    Raises:
        PoolExhausted: when no pool has room.
    """
    return _give(connection, need, pools_for(connection, need.role, need.scope, holder.now), (), holder)


def reclaim(connection: Connection, now: datetime, limit: int) -> int:
    """Free blocks whose quarantine is over, the longest over first; return how many."""
    over = assignments.due(connection, now, limit)
    for each in over:
        if assignments.end_rest(connection, each):
            blocks.give_back(connection, each.pool_id, each.block)
    return len(over)


def _satisfy(
    connection: Connection, need: AddressNeed, own: Sequence[Assignment], holder: Holder, release: Release
) -> Assigned:
    pools = pools_for(connection, need.role, need.scope, release.now)
    of_role = [each for each in own if each.role is need.role]
    held = next((each for each in of_role if each.state is AssignmentState.ASSIGNED), None)
    resting = [each for each in of_role if each.state is AssignmentState.QUARANTINED]
    if held is None:
        return Assigned(Step.ASSIGNED, _give(connection, need, pools, resting, holder))
    stored = next((pool for pool in pools if pool.id == held.pool_id), None)
    level = level_of(need.size)
    if stored is not None:
        if held.block.level == level:
            return Assigned(Step.KEPT, held)
        if held.block.level > level:
            return _shrink(connection, held, level, stored, holder, release)
        grown = _grow(connection, held, level, stored, holder, release)
        if grown is not None:
            return grown
    assignments.put_to_rest(connection, held, release)
    return Assigned(Step.RENUMBERED, _give(connection, need, pools, resting, holder), held)


def _give(
    connection: Connection,
    need: AddressNeed,
    pools: Sequence[StoredPool],
    resting: Sequence[Assignment],
    holder: Holder,
) -> Assignment:
    level = level_of(need.size)
    by_id = {stored.id: stored for stored in pools}
    for own in resting:
        fits = own.block.level == level and own.pool_id in by_id
        # A line that comes back during the quarantine gets its own block, and nobody has to renumber.
        if fits and assignments.end_rest(connection, own):
            return assignments.add_held(connection, by_id[own.pool_id], own.block, holder)
    while True:
        for stored in pools:
            block = blocks.take(connection, stored.id, level)
            if block is not None:
                return assignments.add_held(connection, stored, block, holder)
        if not reclaim(connection, holder.now, RECLAIMED_AT_ONCE):
            raise _exhausted(need, pools, holder.line)


def _exhausted(need: AddressNeed, pools: Sequence[StoredPool], line: str) -> PoolExhausted:
    names = ", ".join(stored.pool.name for stored in pools)
    block = f"block of {need.size} addresses" if need.role is Role.IP_PACK else "block"
    what = f"no free {block} is left for {need.role} in {names}" if pools else f"there is no pool for {need.role}"
    remedy = f"Add space (`proviso pool add NAME PREFIX --purpose {need.role}`), or wait for what rests (`pool show`)."
    if need.role is Role.ONT_ID and pools:
        remedy = "Choose another port of the OLT: this one is full."
    return PoolExhausted(
        what,
        where=f"line {line}, {need.role}" + (f" on {need.scope}" if need.scope else ""),
        remedy=remedy,
    )


def _shrink(
    connection: Connection, held: Assignment, level: int, stored: StoredPool, holder: Holder, release: Release
) -> Assigned:
    """Keep the start of the block and put the rest of it to rest, piece by piece."""
    assignments.end_held(connection, held, release)
    kept = assignments.add_held(connection, stored, Block(held.block.first, level), holder)
    for piece in held.block.halves_down_to(level):
        assignments.add_resting(connection, held, piece, release)
    return Assigned(Step.SHRUNK, kept, held)


def _grow(
    connection: Connection, held: Assignment, level: int, stored: StoredPool, holder: Holder, release: Release
) -> Assigned | None:
    """Grow over what is free or rests with this very line; None when anything in between is somebody else's."""
    grown = Block(held.block.first >> level << level, level)
    free = blocks.free_inside(connection, stored.id, grown)
    resting = [
        each
        for each in assignments.of_line(connection, holder.line)
        if each.state is AssignmentState.QUARANTINED and each.pool_id == stored.id and each.block.is_inside(grown)
    ]
    covered = sum(block.size for block in (held.block, *free, *(each.block for each in resting)))
    if covered != grown.size:
        return None
    for block in free:
        blocks.take_exactly(connection, stored.id, block)
    for each in resting:
        assignments.end_rest(connection, each)
    assignments.end_held(connection, held, release)
    return Assigned(Step.GROWN, assignments.add_held(connection, stored, grown, holder), held)
