"""Rows of assignments: reading, writing, putting to rest. What to do with them is decided in assigning.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address

from sqlalchemy import Connection, CursorResult, Row, Select, bindparam, insert, literal_column, select, update

from provisioning.addressing.pool import PURPOSES
from provisioning.model.assignment import Assignment, AssignmentState
from provisioning.model.block import Block
from provisioning.model.intent import Role
from provisioning.model.line_id import line_id, line_number
from provisioning.store.pools import StoredPool, block_notation
from provisioning.store.tables import ADOPTION, ASSIGNMENT, POOL

# Statements stand ready with their parameters open: building one costs more than running it.
_QUERY: Select[tuple[object, ...]] = select(ASSIGNMENT, POOL.c.name.label("pool")).join(
    POOL, ASSIGNMENT.c.pool_id == POOL.c.id
)
_OF_LINE = _QUERY.where(
    ASSIGNMENT.c.line_id == bindparam("line"), ASSIGNMENT.c.state != AssignmentState.RELEASED
).order_by(ASSIGNMENT.c.id.desc())
_DUE = (
    _QUERY.where(
        # Written out, so that the partial index serves it.
        ASSIGNMENT.c.state == literal_column("'quarantined'"),
        ASSIGNMENT.c.quarantine_until <= bindparam("now"),
    )
    .order_by(ASSIGNMENT.c.quarantine_until)
    .limit(bindparam("number"))
)
_ADD = insert(ASSIGNMENT).returning(ASSIGNMENT.c.id)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who gets a block, as what, by which order, when."""

    line: str
    role: Role
    order: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Release:
    """Why a block is released, when, and how long it rests.

    Attributes:
        default_days: for pools that state no time of their own.
        days: overrules the pool's time; None leaves it to the pool.
    """

    reason: str
    now: datetime
    default_days: int
    days: int | None = None

    def until(self, pool_days: int | None) -> datetime:
        """Return when the rest is over."""
        days = self.days if self.days is not None else pool_days
        return self.now + timedelta(days=self.default_days if days is None else days)


def of_line(connection: Connection, line: str) -> list[Assignment]:
    """Return what a line holds, and what it held and nobody else may have yet; the latest first."""
    return _read(connection.execute(_OF_LINE, {"line": line_number(line)}))


def held_by(connection: Connection, line: str) -> list[Assignment]:
    """Return what a line holds now."""
    return [each for each in of_line(connection, line) if each.state is AssignmentState.ASSIGNED]


def management_of(connection: Connection, line: str) -> IPv4Address | None:
    """Return the address by which a line's router is reached; None when there is none.

    It is the one that the line holds, or where its router was taken in, that at which it answered then.
    """
    for held in held_by(connection, line):
        if held.role is Role.MANAGEMENT:
            return IPv4Address(held.block.first)
    query = select(ADOPTION.c.management).where(ADOPTION.c.line_id == line_number(line))
    found = connection.execute(query).scalar_one_or_none()
    return IPv4Address(found) if found else None


def due(connection: Connection, now: datetime, limit: int) -> list[Assignment]:
    """Return blocks whose quarantine is over, the longest over first."""
    return _read(connection.execute(_DUE, {"now": now, "number": limit}))


def list_assignments(
    connection: Connection,
    *,
    line: str | None = None,
    pool: str | None = None,
    states: Sequence[AssignmentState] = (AssignmentState.ASSIGNED, AssignmentState.QUARANTINED),
    limit: int | None = None,
) -> list[Assignment]:
    """Return assignments by pool and address, optionally of one line or pool."""
    query = _QUERY.where(ASSIGNMENT.c.state.in_(states))
    if line is not None:
        query = query.where(ASSIGNMENT.c.line_id == line_number(line))
    if pool is not None:
        query = query.where(POOL.c.name == pool)
    ordered = query.order_by(ASSIGNMENT.c.pool_id, ASSIGNMENT.c.first, ASSIGNMENT.c.id).limit(limit)
    return _read(connection.execute(ordered))


def touching(connection: Connection, space: str, first: int, last: int) -> list[Assignment]:
    """Return every assignment, of today or before, that touches `first` to `last`; the latest first."""
    largest = max(each.largest for each in PURPOSES.values() if each.space == space)
    query = _QUERY.where(
        ASSIGNMENT.c.space == space,
        # A block that reaches up to `first` cannot start further down than its size allows: the index takes it there.
        ASSIGNMENT.c.first >= first >> largest << largest,
        ASSIGNMENT.c.first <= last,
        ASSIGNMENT.c.last >= first,
    )
    return _read(connection.execute(query.order_by(ASSIGNMENT.c.id.desc())))


def find_assignment(connection: Connection, assignment: int) -> Assignment:
    """Return one row by its key."""
    return _read(connection.execute(_QUERY.where(ASSIGNMENT.c.id == assignment)))[0]


def add_held(connection: Connection, stored: StoredPool, block: Block, holder: Holder) -> Assignment:
    """Record that a line holds a block from now on.

    Raises:
        sqlalchemy.exc.IntegrityError: when the block overlaps one that is held or rests.
    """
    row = {
        "pool_id": stored.id,
        "space": stored.space,
        "line_id": line_number(holder.line),
        "role": holder.role,
        "first": block.first,
        "last": block.last,
        "level": block.level,
        "state": AssignmentState.ASSIGNED,
        "assigned_at": holder.now,
        "assigned_by": holder.order,
    }
    key = connection.execute(_ADD, row).scalar_one()
    return Assignment(
        id=key,
        pool=stored.pool.name,
        pool_id=stored.id,
        space=stored.space,
        line=holder.line,
        role=holder.role,
        block=block,
        address=block_notation(stored.space, block),
        state=AssignmentState.ASSIGNED,
        assigned_at=holder.now,
        assigned_by=holder.order,
        released_at=None,
        release_reason=None,
        quarantine_until=None,
    )


def put_to_rest(connection: Connection, held: Assignment, release: Release) -> None:
    """Release what is held into quarantine."""
    connection.execute(
        update(ASSIGNMENT).where(ASSIGNMENT.c.id == held.id).values(_resting(connection, held, release))
    )


def add_resting(connection: Connection, held: Assignment, piece: Block, release: Release) -> None:
    """Record a piece of what was held as released into quarantine."""
    connection.execute(
        insert(ASSIGNMENT).values(
            pool_id=held.pool_id,
            space=held.space,
            line_id=line_number(held.line),
            role=held.role,
            first=piece.first,
            last=piece.last,
            level=piece.level,
            assigned_at=held.assigned_at,
            assigned_by=held.assigned_by,
            **_resting(connection, held, release),
        )
    )


def end_held(connection: Connection, held: Assignment, release: Release) -> None:
    """Turn what is held into history at once; its block goes on in another row."""
    connection.execute(
        update(ASSIGNMENT)
        .where(ASSIGNMENT.c.id == held.id)
        .values(state=AssignmentState.RELEASED, released_at=release.now, release_reason=release.reason)
    )


def end_rest(connection: Connection, resting: Assignment) -> bool:
    """Turn what rests into history; the caller says where its block goes.

    Returns:
        False when it did not rest any more: whoever ended its rest has the block.
    """
    result = connection.execute(
        update(ASSIGNMENT)
        .where(ASSIGNMENT.c.id == resting.id, ASSIGNMENT.c.state == AssignmentState.QUARANTINED)
        .values(state=AssignmentState.RELEASED)
    )
    return result.rowcount == 1


def _resting(connection: Connection, held: Assignment, release: Release) -> dict[str, object]:
    pool_days = connection.execute(select(POOL.c.quarantine_days).where(POOL.c.id == held.pool_id)).scalar_one()
    return {
        "state": AssignmentState.QUARANTINED,
        "released_at": release.now,
        "release_reason": release.reason,
        "quarantine_until": release.until(pool_days),
    }


def _read(rows: CursorResult[tuple[object, ...]]) -> list[Assignment]:
    return [_assignment(row) for row in rows]


def _assignment(row: Row[tuple[object, ...]]) -> Assignment:
    block = Block(row.first, row.level)
    return Assignment(
        id=row.id,
        pool=row.pool,
        pool_id=row.pool_id,
        space=row.space,
        line=line_id(row.line_id),
        role=Role(row.role),
        block=block,
        address=block_notation(row.space, block),
        state=AssignmentState(row.state),
        assigned_at=row.assigned_at,
        assigned_by=row.assigned_by,
        released_at=row.released_at,
        release_reason=row.release_reason,
        quarantine_until=row.quarantine_until,
    )
