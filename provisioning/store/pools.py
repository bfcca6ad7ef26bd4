"""Pools in the store: adding, finding, counting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, update

from provisioning.addressing.pool import PURPOSES, Pool, judge_new, notation
from provisioning.errors import PoolRefused, UnknownName
from provisioning.model.assignment import AssignmentState
from provisioning.model.block import Block
from provisioning.model.intent import Role
from provisioning.store import blocks
from provisioning.store.tables import ASSIGNMENT, FREE_BLOCK, POOL, REMEMBERED

_SERVING = (
    select(POOL).where(POOL.c.purpose == bindparam("purpose"), POOL.c.scope == bindparam("scope")).order_by(POOL.c.id)
)

_POOLS_FILE = "pools_file"
"""Under this name the digest of the file that was taken in is remembered."""


@dataclass(frozen=True, slots=True)
class StoredPool:
    """A pool with its place in the store.

    Attributes:
        scope: the OLT's port that the pool serves; empty for all others.
        is_template: true for ONT ids as they are described, false for those of one port.
    """

    id: int
    pool: Pool
    scope: str
    is_template: bool
    created_at: datetime

    @property
    def space(self) -> str:
        """Where its blocks must not overlap."""
        return f"{self.pool.space} {self.scope}".rstrip()


@dataclass(frozen=True, slots=True)
class Utilisation:
    """What is left of a pool, counted in blocks of the pool's unit.

    Attributes:
        unit: the level of the unit: one address, a /30 for IP Packs, a /56.
        free_by_level: number of free blocks by level.
    """

    unit: int
    total: int
    assigned: int
    quarantined: int
    free: int
    free_by_level: Mapping[int, int]

    @property
    def reserved(self) -> int:
        """What is never assigned."""
        return self.total - self.assigned - self.quarantined - self.free

    @property
    def share(self) -> float:
        """How much of what can be assigned is not free, 0 to 1."""
        usable = self.total - self.reserved
        return (self.assigned + self.quarantined) / usable if usable else 1.0


def list_pools(connection: Connection) -> list[StoredPool]:
    """Return all pools, in the order in which they were added."""
    return [_stored(row) for row in connection.execute(select(POOL).order_by(POOL.c.id)).mappings()]


def find_pool(connection: Connection, name: str) -> StoredPool:
    """Return the pool of that name.

    Raises:
        UnknownName: when there is none.
    """
    row = connection.execute(select(POOL).where(POOL.c.name == name)).mappings().first()
    if row is None:
        names = connection.execute(select(POOL.c.name).order_by(POOL.c.id).limit(20)).scalars().all()
        known = ", ".join(names)
        raise UnknownName(
            f"there is no pool {name!r}",
            where="pool",
            remedy=f"The pools are: {known}." if known else "There are no pools yet: `proviso pool add` adds one.",
        )
    return _stored(row)


def stored_pool(connection: Connection, identifier: int) -> StoredPool:
    """Return a pool by its key."""
    return _stored(connection.execute(select(POOL).where(POOL.c.id == identifier)).mappings().one())


def add_pool(connection: Connection, pool: Pool, now: datetime) -> StoredPool:
    """Add a pool with all of it free.

    Raises:
        PoolRefused: when the name is taken or its space overlaps another pool.
    """
    present = [stored for stored in list_pools(connection) if not stored.scope]
    judge_new(pool, [stored.pool for stored in present])
    return _insert(connection, pool, now, scope="", template=None)


def pools_for(connection: Connection, role: Role, scope: str, now: datetime) -> Sequence[StoredPool]:
    """Return the pools that serve a role.

    Pools of ONT ids are made here, for each port of an OLT at its first ONT.
    """
    rows = connection.execute(_SERVING, {"purpose": role, "scope": scope}).mappings()
    found = [_stored(row) for row in rows]
    if not scope:
        return found
    present = {stored.pool.first for stored in found}
    missing = [each for each in pools_for(connection, role, "", now) if each.pool.first not in present]
    found.extend(_insert(connection, each.pool, now, scope=scope, template=each.id) for each in missing)
    return found


def utilisation(connection: Connection, stored: StoredPool) -> Utilisation:
    """Count what is assigned, resting and free."""
    unit = PURPOSES[stored.pool.purpose].smallest
    held = connection.execute(
        select(ASSIGNMENT.c.state, ASSIGNMENT.c.level, func.count().label("number"))
        .where(ASSIGNMENT.c.pool_id == stored.id, ASSIGNMENT.c.state != AssignmentState.RELEASED)
        .group_by(ASSIGNMENT.c.state, ASSIGNMENT.c.level)
    ).all()
    free = connection.execute(
        select(FREE_BLOCK.c.level, func.count().label("number"))
        .where(FREE_BLOCK.c.pool_id == stored.id)
        .group_by(FREE_BLOCK.c.level)
        .order_by(FREE_BLOCK.c.level)
    ).all()

    def units(state: AssignmentState) -> int:
        return sum(row.number << (row.level - unit) for row in held if row.state == state)

    return Utilisation(
        unit=unit,
        total=(stored.pool.last - stored.pool.first + 1) >> unit,
        assigned=units(AssignmentState.ASSIGNED),
        quarantined=units(AssignmentState.QUARANTINED),
        free=sum(row.number << (row.level - unit) for row in free),
        free_by_level={row.level: row.number for row in free},
    )


def taken_in(connection: Connection) -> str | None:
    """Return the digest of the pools file that was taken in last."""
    return connection.execute(select(REMEMBERED.c.value).where(REMEMBERED.c.name == _POOLS_FILE)).scalar_one_or_none()


def take_in(connection: Connection, pools: Iterable[Pool], digest: str, now: datetime) -> None:
    """Add the pools of the project's file that are not there yet, and follow changed quarantine times.

    Raises:
        PoolRefused: when a pool has another extent than in the store, or overlaps one.
    """
    if taken_in(connection) == digest:
        return
    present = {stored.pool.name: stored for stored in list_pools(connection) if not stored.scope}
    for pool in pools:
        stored = present.get(pool.name)
        if stored is None:
            add_pool(connection, pool, now)
            continue
        _judge_same_extent(pool, stored.pool)
        connection.execute(
            update(POOL)
            .where((POOL.c.id == stored.id) | (POOL.c.template == stored.id))
            .values(quarantine_days=pool.quarantine_days)
        )
    if taken_in(connection) is None:
        connection.execute(insert(REMEMBERED).values(name=_POOLS_FILE, value=digest))
    else:
        connection.execute(update(REMEMBERED).where(REMEMBERED.c.name == _POOLS_FILE).values(value=digest))


def _judge_same_extent(pool: Pool, stored: Pool) -> None:
    same = (pool.purpose, pool.first, pool.last, pool.reserved)
    if same != (stored.purpose, stored.first, stored.last, stored.reserved):
        raise PoolRefused(
            f"the store has the pool {pool.name} as {stored.purpose} {stored.prefix}, the file as {pool.purpose} "
            f"{pool.prefix} with other addresses or reservations",
            where=f"pool {pool.name}",
            remedy="A pool in use keeps its extent: give the new space a name of its own.",
        )


def _insert(connection: Connection, pool: Pool, now: datetime, *, scope: str, template: int | None) -> StoredPool:
    name = f"{pool.name} {scope}".rstrip()
    key = connection.execute(
        insert(POOL)
        .values(
            name=name,
            purpose=pool.purpose,
            space=f"{pool.space} {scope}".rstrip(),
            scope=scope,
            template=template,
            first=pool.first,
            last=pool.last,
            reserved=[[str(block.first), block.level] for block in pool.reserved],
            quarantine_days=pool.quarantine_days,
            special_purpose=pool.special_purpose,
            created_at=now,
        )
        .returning(POOL.c.id)
    ).scalar_one()
    is_template = pool.purpose is Role.ONT_ID and not scope
    if not is_template:
        blocks.add_free(connection, key, list(pool.free_blocks()))
    return StoredPool(key, replace(pool, name=name), scope, is_template, now)


def _stored(row: RowMapping) -> StoredPool:
    pool = Pool(
        name=row[POOL.c.name],
        purpose=Role(row[POOL.c.purpose]),
        first=row[POOL.c.first],
        last=row[POOL.c.last],
        reserved=tuple(Block(int(first), level) for first, level in row[POOL.c.reserved]),
        quarantine_days=row[POOL.c.quarantine_days],
        special_purpose=row[POOL.c.special_purpose],
    )
    is_template = pool.purpose is Role.ONT_ID and not row[POOL.c.scope]
    return StoredPool(row[POOL.c.id], pool, row[POOL.c.scope], is_template, row[POOL.c.created_at])


def block_notation(space: str, block: Block) -> str:
    """Return a block of a space as people write it."""
    return notation(space.partition(" ")[0], block.first, block.last)
