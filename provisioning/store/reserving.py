"""Blocks of a change that is planned: reserved, taken into force in place of others, left beside them, given back.

Each does the same when it is asked again: a process that was killed in between leaves nothing to be mended.
"""

from sqlalchemy import Connection

from provisioning.errors import Refused
from provisioning.model.assignment import Assignment
from provisioning.model.intent import FORMER, NEXT, AddressNeed, Role
from provisioning.store import assigning, assignments
from provisioning.store.assignments import Holder, Release
from provisioning.store.pools import stored_pool


def reserve_next(connection: Connection, line: str, role: Role, holder: Holder) -> Assignment:
    """Reserve another block of the size that a line holds in a role; what was reserved already stays.

    What the line itself left and rests is not taken: whoever wants another address does not want that one back.

    Args:
        role: `fixed-ipv4` or `ip-pack`.
        holder: for the record; its role is the one that the reserved block gets.

    Raises:
        NothingToRelease: when the line holds nothing in that role.
        PoolExhausted: when no pool has room.
        Refused: when one is reserved for something else, or the one before still stands beside.
    """
    reserved = _held(connection, line, NEXT[role])
    if reserved is not None and reserved.assigned_by != holder.order:
        raise Refused(
            f"{reserved.address} is reserved for {reserved.assigned_by}, which changes the same",
            where=holder.order,
            remedy=f"Carry {reserved.assigned_by} out first, or cancel it.",
        )
    if reserved is not None:
        return reserved
    former = _held(connection, line, FORMER[role]) if role in FORMER else None
    if former is not None:
        raise Refused(
            f"{former.address} still stands beside its successor, and a line has two of them at most",
            where=holder.order,
            remedy="Wait until it is gone, or carry out now what retires it: `proviso change list --open` names it.",
        )
    held = assigning.need_held(connection, line, role)
    need = AddressNeed(role, held.block.size)
    return assigning.give_fresh(connection, need, Holder(line, NEXT[role], holder.order, holder.now))


def take_into_force(
    connection: Connection, line: str, role: Role, *, by: str, release: Release, beside: bool = False
) -> Assignment:
    """Make what was reserved the line's own; what it had is put to rest, or stays beside it.

    Args:
        by: id of the change request.
        beside: whether what it had stays in force for a while (`FORMER`).

    Returns:
        What the line holds in that role now; without a reservation, what it held.

    Raises:
        NothingToRelease: when the line holds nothing in that role.
    """
    held, reserved = assigning.need_held(connection, line, role), _held(connection, line, NEXT[role])
    if reserved is None:
        return held
    if beside:
        _move(connection, held, FORMER[role], held.assigned_by, release)
    else:
        assignments.put_to_rest(connection, held, release)
    return _move(connection, reserved, role, by, release)


def give_up_next(connection: Connection, line: str, role: Role, *, by: str, release: Release) -> Assignment | None:
    """Put to rest what a change request has reserved for a role of a line; return it.

    Args:
        by: id of the request; what is reserved for another one stays.
    """
    reserved = _held(connection, line, NEXT[role])
    if reserved is None or reserved.assigned_by != by:
        return None
    assignments.put_to_rest(connection, reserved, release)
    return reserved


def retire_former(connection: Connection, line: str, release: Release) -> tuple[Assignment, ...]:
    """Put to rest whatever stands beside its successor; return it."""
    return _put_to_rest(connection, line, tuple(FORMER.values()), release)


def _held(connection: Connection, line: str, role: Role) -> Assignment | None:
    return next((each for each in assignments.held_by(connection, line) if each.role is role), None)


def _put_to_rest(
    connection: Connection, line: str, roles: tuple[Role, ...], release: Release
) -> tuple[Assignment, ...]:
    found = tuple(each for each in assignments.held_by(connection, line) if each.role in roles)
    for each in found:
        assignments.put_to_rest(connection, each, release)
    return found


def _move(connection: Connection, held: Assignment, role: Role, by: str, release: Release) -> Assignment:
    """Let a block go on in another role."""
    assignments.end_held(connection, held, release)
    return assignments.add_held(
        connection, stored_pool(connection, held.pool_id), held.block, Holder(held.line, role, by, release.now)
    )
