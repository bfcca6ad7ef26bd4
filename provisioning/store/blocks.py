"""The free list: takes blocks out of a pool and gives them back, each in a time that does not grow with the pool.

Statements stand ready with their parameters open: building one costs more than running it.
"""

from sqlalchemy import Connection, bindparam, delete, insert, select

from provisioning.errors import OutcomeUnknown
from provisioning.model.block import Block
from provisioning.store.tables import FREE_BLOCK

_SMALLEST_THAT_FITS = (
    select(FREE_BLOCK.c.level, FREE_BLOCK.c.first)
    .where(FREE_BLOCK.c.pool_id == bindparam("pool"), FREE_BLOCK.c.level >= bindparam("level"))
    .order_by(FREE_BLOCK.c.level, FREE_BLOCK.c.first)
    .limit(1)
)
_TAKE = delete(FREE_BLOCK).where(
    FREE_BLOCK.c.pool_id == bindparam("pool"),
    FREE_BLOCK.c.level == bindparam("wanted_level"),
    FREE_BLOCK.c.first == bindparam("wanted_first"),
)
_ADD = insert(FREE_BLOCK)


def add_free(connection: Connection, pool_id: int, blocks: list[Block]) -> None:
    """Note blocks as free, as they are."""
    if blocks:
        rows = [{"pool_id": pool_id, "level": block.level, "first": block.first} for block in blocks]
        connection.execute(_ADD, rows)


def take(connection: Connection, pool_id: int, level: int) -> Block | None:
    """Take the lowest of the smallest blocks that fit, cut to size; None when none fits."""
    row = connection.execute(_SMALLEST_THAT_FITS, {"pool": pool_id, "level": level}).first()
    if row is None:
        return None
    found = Block(row.first, row.level)
    if not take_exactly(connection, pool_id, found):
        raise OutcomeUnknown(
            "a free block was taken while we held the write lock", where=f"pool {pool_id}", remedy="Report this."
        )
    add_free(connection, pool_id, list(found.halves_down_to(level)))
    return Block(found.first, level)


def take_exactly(connection: Connection, pool_id: int, block: Block) -> bool:
    """Take a block that is free as it stands; return whether it was."""
    wanted = {"pool": pool_id, "wanted_level": block.level, "wanted_first": block.first}
    result = connection.execute(_TAKE, wanted)
    return result.rowcount == 1


def free_inside(connection: Connection, pool_id: int, block: Block) -> list[Block]:
    """Return the free blocks that lie in a block."""
    rows = connection.execute(
        select(FREE_BLOCK.c.level, FREE_BLOCK.c.first).where(
            FREE_BLOCK.c.pool_id == pool_id,
            # Level by level, so that the key leads to the few blocks in question however many are free.
            FREE_BLOCK.c.level.in_(range(block.level + 1)),
            FREE_BLOCK.c.first >= block.first,
            FREE_BLOCK.c.first <= block.last,
        )
    )
    return [Block(row.first, row.level) for row in rows]


def give_back(connection: Connection, pool_id: int, block: Block) -> Block:
    """Free a block and let it grow together with its free buddies; return the block that results."""
    merged = block
    while take_exactly(connection, pool_id, merged.buddy):
        merged = merged.parent
    add_free(connection, pool_id, [merged])
    return merged
