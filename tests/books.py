"""Whether the books of a store balance, counted from its rows and by intervals, so that large pools take no time."""

from itertools import pairwise

from sqlalchemy import Connection, select

from provisioning.model.block import Block
from provisioning.store import assignments, pools
from provisioning.store.pools import StoredPool
from provisioning.store.tables import FREE_BLOCK


def free_blocks(connection: Connection, stored: StoredPool) -> list[Block]:
    """Return the free list of a pool."""
    query = select(FREE_BLOCK).where(FREE_BLOCK.c.pool_id == stored.id)
    return [Block(row.first, row.level) for row in connection.execute(query)]


def assert_books_balance(connection: Connection) -> None:
    """What is free, held and resting makes what each pool can hand out exactly, and free buddies grew together."""
    live = assignments.list_assignments(connection)
    for stored in pools.list_pools(connection):
        free = free_blocks(connection, stored)
        assert not {block.buddy for block in free} & set(free), f"{stored.pool.name}: two free buddies"
        found = sorted([*free, *(each.block for each in live if each.pool_id == stored.id)])
        fresh = [] if stored.is_template else sorted(stored.pool.free_blocks())
        assert all(left.last < right.first for left, right in pairwise(found)), f"{stored.pool.name}: overlap"
        assert joined(found) == joined(fresh), f"{stored.pool.name}: something is missing or too much"


def joined(blocks: list[Block]) -> list[tuple[int, int]]:
    """Return sorted blocks as intervals, neighbours made one."""
    intervals: list[tuple[int, int]] = []
    for block in blocks:
        if intervals and intervals[-1][1] + 1 == block.first:
            intervals[-1] = (intervals[-1][0], block.last)
        else:
            intervals.append((block.first, block.last))
    return intervals
