"""A naive model of pools and of who holds what: single units in plain sets, without buddies, free lists or SQL."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from books import free_blocks
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from provisioning.addressing.pool import PURPOSES, define_pool
from provisioning.model.assignment import Assignment
from provisioning.model.block import Block
from provisioning.model.intent import AddressNeed, Role
from provisioning.store import assignments, pools
from provisioning.store.engine import Store
from provisioning.store.pools import StoredPool
from provisioning.store.tables import ASSIGNMENT, FREE_BLOCK

DEFAULT_DAYS = 30
LINES = 6
SCOPES = ("olt-a 0/1/0", "olt-a 0/1/1")
POOLS = (
    define_pool(
        "fixed", "fixed-ipv4", "192.0.2.0/29", reserved=["192.0.2.0/32"], quarantine_days=5, special_purpose=True
    ),
    define_pool("packs", "ip-pack", "198.51.100.0/26", special_purpose=True),
    define_pool("packs-2", "ip-pack", "203.0.113.0/28", reserved=["203.0.113.5/32"], special_purpose=True),
    define_pool("homes", "ipv6", "2001:db8::/54", special_purpose=True),
    define_pool("onts", "ont-id", "0-3", reserved=["2"], quarantine_days=1),
)
QUARANTINE_DAYS = {pool.purpose: pool.quarantine_days for pool in POOLS}

Key = tuple[str, Role]
Place = tuple[int, Block]


@dataclass(frozen=True)
class Resting:
    """A block that somebody left."""

    key: Key
    place: Place
    until: datetime


def units(role: Role, block: Block) -> range:
    """The block in the smallest blocks of its role."""
    smallest = PURPOSES[role].smallest
    return range(block.first >> smallest, (block.last >> smallest) + 1)


def fresh_units(stored: StoredPool) -> set[int]:
    """What a pool can hand out at all, counted one by one."""
    smallest = PURPOSES[stored.pool.purpose].smallest
    reserved = {number >> smallest for block in stored.pool.reserved for number in range(block.first, block.last + 1)}
    return set(range(stored.pool.first >> smallest, (stored.pool.last >> smallest) + 1)) - reserved


class Books:
    """Who holds what and what rests, in plain sets."""

    def __init__(self) -> None:
        self.held: dict[Key, Place] = {}
        self.resting: list[Resting] = []

    def taken(self, role: Role, pool: int, now: datetime, *, but: Collection[Place] = ()) -> set[int]:
        """The units of a pool that nobody can be given: held, or in a quarantine that still runs."""
        places = [place for key, place in self.held.items() if key[1] is role]
        places += [rest.place for rest in self.resting if rest.key[1] is role and rest.until > now]
        return {unit for place in places if place[0] == pool and place not in but for unit in units(role, place[1])}

    def fits(self, role: Role, size: int, serving: Iterable[StoredPool], now: datetime) -> bool:
        """Whether any pool has an aligned block of that size in which nothing is taken."""
        wanted = max(1, size >> PURPOSES[role].smallest)
        for stored in serving:
            free = fresh_units(stored) - self.taken(role, stored.id, now)
            if any(unit % wanted == 0 and free.issuperset(range(unit, unit + wanted)) for unit in free):
                return True
        return False

    def own_resting(self, key: Key, size: int, serving: set[int], now: datetime) -> set[Place]:
        """What a line left in these pools, in that size, and nobody else may have yet."""
        return {
            rest.place
            for rest in self.resting
            if rest.key == key and rest.until > now and rest.place[1].size == size and rest.place[0] in serving
        }

    def can_grow(self, key: Key, size: int, stored: StoredPool, now: datetime) -> bool:
        """Whether all that lies within the larger block is free, or rests with this very line."""
        role, (pool, block) = key[1], self.held[key]
        grown = Block(block.first // size * size, size.bit_length() - 1)
        others = self.taken(role, pool, now, but={self.held[key], *self.rests_of(key)})
        return (fresh_units(stored) - others).issuperset(units(role, grown))

    def rests_of(self, key: Key) -> set[Place]:
        return {rest.place for rest in self.resting if rest.key == key}

    def take_back(self, key: Key, place: Place) -> None:
        """Forget the rest of what a line gets back."""
        self.resting = [rest for rest in self.resting if not (rest.key == key and inside(rest.place, place))]

    def overdue(self, now: datetime) -> int:
        return sum(rest.until <= now for rest in self.resting)


def inside(inner: Place, outer: Place) -> bool:
    return inner[0] == outer[0] and outer[1].first <= inner[1].first and inner[1].last <= outer[1].last


def overlap(one: Place, other: Place) -> bool:
    return one[0] == other[0] and one[1].first <= other[1].last and other[1].first <= one[1].last


def place_of(assignment: Assignment) -> Place:
    return assignment.pool_id, assignment.block


def needs_of(pack: int, fixed: bool, home: bool, scope: str) -> list[AddressNeed]:
    needs = [AddressNeed(Role.FIXED_IPV4, 1)] if fixed else []
    if pack:
        needs.append(AddressNeed(Role.IP_PACK, pack))
    if home:
        needs.append(AddressNeed(Role.IPV6, 1 << 72))
    if scope:
        needs.append(AddressNeed(Role.ONT_ID, 1, scope))
    return needs


needs = st.builds(
    needs_of,
    pack=st.sampled_from([0, 4, 4, 8, 8, 16, 16, 32, 64]),
    fixed=st.booleans(),
    home=st.booleans(),
    scope=st.sampled_from(["", *SCOPES]),
)
line_numbers = st.integers(1, LINES).map("L-{}".format)


def rows_of(connection: Connection) -> list[tuple[Any, ...]]:
    """Everything that the store says of blocks."""
    held = connection.execute(select(ASSIGNMENT).order_by(ASSIGNMENT.c.id)).all()
    free = connection.execute(select(FREE_BLOCK).order_by(*FREE_BLOCK.primary_key)).all()
    return [*map(tuple, held), *map(tuple, free)]


def assert_each_unit_is_somewhere_once(store: Store) -> None:
    """What is free, held, resting and reserved makes each pool exactly, and free buddies have grown together."""
    with store.read() as connection:
        live = assignments.list_assignments(connection)
        for stored in pools.list_pools(connection):
            blocks = free_blocks(connection, stored)
            assert not [block for block in blocks if block.buddy in blocks], "two free buddies"
            blocks += [each.block for each in live if each.pool_id == stored.id]
            counted = sorted(unit for block in blocks for unit in units(stored.pool.purpose, block))
            assert counted == ([] if stored.is_template else sorted(fresh_units(stored)))
