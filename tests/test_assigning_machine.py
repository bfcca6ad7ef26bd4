"""Assigning against a naive model: whatever lines ask, leave and wait for, the books balance after every step.

The model counts single units in plain sets and knows nothing of buddies, free lists or SQL.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from books import free_blocks
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, select
from worlds import FixedClock, soaked

from provisioning.addressing.pool import PURPOSES, define_pool
from provisioning.errors import NothingToRelease, PoolExhausted
from provisioning.model.assignment import Assignment, AssignmentState
from provisioning.model.block import Block
from provisioning.model.intent import AddressNeed, Role
from provisioning.store import assigning, assignments, lines, pools
from provisioning.store.assigning import RECLAIMED_AT_ONCE, Assigned, Step
from provisioning.store.assignments import Release
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


class AssigningMachine(RuleBasedStateMachine):
    """Lines come, grow, shrink, leave and come back."""

    @initialize()
    def open_store(self) -> None:
        self.clock = FixedClock()
        self.store = Store.in_memory()
        self.books = Books()
        with self.store.write() as connection:
            for pool in POOLS:
                pools.add_pool(connection, pool, self.clock.now())
            for _ in range(LINES):
                lines.add_line(connection, formula="f", customer="c", site="s", form={}, now=self.clock.now())

    def release(self, days: int | None = None) -> Release:
        return Release("test", self.clock.now(), DEFAULT_DAYS, days)

    def until(self, role: Role, days: int | None = None) -> datetime:
        pool_days = QUARANTINE_DAYS[role] if days is None else days
        return self.clock.now() + timedelta(days=DEFAULT_DAYS if pool_days is None else pool_days)

    def serving(self, need: AddressNeed) -> list[StoredPool]:
        """The pools for a need; those of a port that has none yet look like their template."""
        with self.store.rehearse() as connection:
            return list(pools.pools_for(connection, need.role, need.scope, self.clock.now()))

    # --- steps ------------------------------------------------------------------------------------------------

    @rule(line=line_numbers, needs=needs)
    def order(self, line: str, needs: list[AddressNeed]) -> None:
        expected = {need.role: self.expect(line, need) for need in needs}
        before = self.snapshot()
        try:
            done = self.assign(line, needs)
        except PoolExhausted:
            assert None in expected.values(), "there was room"
            assert self.snapshot() == before
            return
        assert None not in expected.values(), "there was no room"
        for each in done:
            role = each.assignment.role
            steps = expected.get(role, {Step.RELEASED})
            assert steps is not None
            assert each.step in steps, (each.step, steps, role)
            self.write_down((line, role), each)
        assert {each.assignment.role for each in done if each.step is not Step.RELEASED} == set(expected)
        self.ask_again(line, needs)

    def expect(self, line: str, need: AddressNeed) -> set[Step] | None:
        """What may become of a need; None when there is no room for it."""
        key, now, serving = (line, need.role), self.clock.now(), self.serving(need)
        held = self.books.held.get(key)
        stored = next((each for each in serving if held is not None and each.id == held[0]), None)
        room = self.books.fits(need.role, need.size, serving, now) or self.books.own_resting(
            key, need.size, {each.id for each in serving}, now
        )
        if held is None:
            return {Step.ASSIGNED} if room else None
        if stored is None:
            return {Step.RENUMBERED} if room else None
        if held[1].size >= need.size:
            return {Step.KEPT} if held[1].size == need.size else {Step.SHRUNK}
        if self.books.can_grow(key, need.size, stored, now):
            sure = self.books.overdue(now) <= RECLAIMED_AT_ONCE
            return {Step.GROWN} if sure else {Step.GROWN, Step.RENUMBERED}
        return {Step.RENUMBERED} if room else None

    def assign(self, line: str, needs: list[AddressNeed]) -> list[Assigned]:
        with self.store.write() as connection:
            return assigning.assign(connection, line, needs, order="PX-1", release=self.release())

    def write_down(self, key: Key, each: Assigned) -> None:
        """Book one answer, and hold it against what the books allow."""
        place, now = place_of(each.assignment), self.clock.now()
        held = self.books.held.get(key)
        if each.step is Step.KEPT:
            assert held == place
            return
        self.judge(key, each, held)
        if held is not None:
            del self.books.held[key]
            self.rest(key, held, each, now)
        if each.step is not Step.RELEASED:
            self.books.take_back(key, place)
            self.books.held[key] = place

    def judge(self, key: Key, each: Assigned, held: Place | None) -> None:
        """Nothing is given out that somebody holds, or that rests with another line."""
        place, now = place_of(each.assignment), self.clock.now()
        assert (each.before is None) == (each.step in (Step.ASSIGNED, Step.RELEASED))
        if each.before is not None:
            assert place_of(each.before) == held
        if each.step is Step.RELEASED:
            assert held == place
            return
        others = [other for owner, other in self.books.held.items() if owner != key]
        others += [rest.place for rest in self.books.resting if rest.until > now and rest.key != key]
        assert not any(overlap(place, other) for other in others)
        if each.step is Step.GROWN:
            assert held is not None
            assert inside(held, place)
        if each.step is Step.SHRUNK:
            assert held is not None
            assert place == (held[0], Block(held[1].first, place[1].level))
        if each.step in (Step.ASSIGNED, Step.RENUMBERED):
            own = self.books.own_resting(key, place[1].size, self.pools_beside(place[0]), now)
            assert not own or place in own, "a line that comes back gets its own block"

    def rest(self, key: Key, held: Place, each: Assigned, now: datetime) -> None:
        until = self.until(key[1])
        if each.step in (Step.RELEASED, Step.RENUMBERED):
            self.books.resting.append(Resting(key, held, until))
        if each.step is Step.SHRUNK:
            for piece in held[1].halves_down_to(each.assignment.block.level):
                self.books.resting.append(Resting(key, (held[0], piece), until))

    def ask_again(self, line: str, needs: list[AddressNeed]) -> None:
        before = {key: place for key, place in self.held_rows().items() if key[0] == line}
        done = self.assign(line, needs)
        assert {each.step for each in done} <= {Step.KEPT}
        assert {key: place for key, place in self.held_rows().items() if key[0] == line} == before

    @rule(line=line_numbers, role=st.sampled_from(list(Role)), days=st.sampled_from([None, 0, 0, 7]))
    def take_back(self, line: str, role: Role, days: int | None) -> None:
        key = (line, role)
        try:
            with self.store.write() as connection:
                released = assigning.release_role(connection, line, role, self.release(days))
        except NothingToRelease:
            assert key not in self.books.held
            return
        place = self.books.held.pop(key)
        assert place_of(released) == place
        assert released.state is AssignmentState.QUARANTINED
        assert released.quarantine_until == self.until(role, days)
        self.books.resting.append(Resting(key, place, self.until(role, days)))

    @rule(days=st.sampled_from([1, 1, 4, 7, 30]))
    def wait(self, days: int) -> None:
        self.clock.move(days=days)

    @rule(limit=st.integers(1, 40))
    def reclaim(self, limit: int) -> None:
        with self.store.write() as connection:
            number = assigning.reclaim(connection, self.clock.now(), limit)
        assert number <= min(limit, self.books.overdue(self.clock.now()))

    @precondition(lambda self: self.books.held)
    @rule(line=line_numbers, needs=needs)
    def rehearse(self, line: str, needs: list[AddressNeed]) -> None:
        before = self.snapshot()
        with self.store.rehearse() as connection, suppress(PoolExhausted):
            assigning.assign(connection, line, needs, order="PX-2", release=self.release())
        assert self.snapshot() == before

    # --- what holds after each --------------------------------------------------------------------------------

    @invariant()
    def the_books_agree(self) -> None:
        assert self.held_rows() == self.books.held
        resting = [(each.line, each.role, *place_of(each)) for each in self.live() if each.released_at]
        booked = {(*rest.key, *rest.place) for rest in self.books.resting}
        must = {(*rest.key, *rest.place) for rest in self.books.resting if rest.until > self.clock.now()}
        assert must <= set(resting) <= booked
        assert len(resting) == len(set(resting))
        # What the store has reclaimed rests no more.
        self.books.resting = [rest for rest in self.books.resting if (*rest.key, *rest.place) in set(resting)]

    @invariant()
    def each_unit_is_somewhere_once(self) -> None:
        assert_each_unit_is_somewhere_once(self.store)

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        self.everybody_leaves()
        with self.store.read() as connection:
            for stored in pools.list_pools(connection):
                free = set(free_blocks(connection, stored))
                assert free == (set() if stored.is_template else set(stored.pool.free_blocks()))
        self.store.close()

    def everybody_leaves(self) -> None:
        for number in range(1, LINES + 1):
            self.assign(f"L-{number}", [])
        self.clock.move(days=10 * DEFAULT_DAYS)
        with self.store.write() as connection:
            while assigning.reclaim(connection, self.clock.now(), 7):
                pass
            assert not assignments.list_assignments(connection)

    # --- looking ----------------------------------------------------------------------------------------------

    def pools_beside(self, pool: int) -> set[int]:
        """The pools that serve what this one serves."""
        with self.store.read() as connection:
            found = pools.list_pools(connection)
        this = next(each for each in found if each.id == pool)
        return {each.id for each in found if (each.pool.purpose, each.scope) == (this.pool.purpose, this.scope)}

    def live(self) -> list[Assignment]:
        with self.store.read() as connection:
            return assignments.list_assignments(connection)

    def held_rows(self) -> dict[Key, Place]:
        return {(each.line, each.role): place_of(each) for each in self.live() if each.released_at is None}

    def snapshot(self) -> list[tuple[Any, ...]]:
        with self.store.read() as connection:
            return rows_of(connection)


TestAssigning = AssigningMachine.TestCase
TestAssigning.settings = settings(max_examples=soaked(40, 500), stateful_step_count=soaked(30, 60), deadline=None)


# --- stories that chance would rarely tell ---------------------------------------------------------------------------


class Story:
    """The pools above, as many lines as a story needs, and short verbs."""

    def __init__(self, store: Store, line_count: int) -> None:
        self.store, self.clock = store, FixedClock()
        with store.write() as connection:
            for pool in POOLS:
                pools.add_pool(connection, pool, self.clock.now())
            for _ in range(line_count):
                lines.add_line(connection, formula="f", customer="c", site="s", form={}, now=self.clock.now())

    def assign(self, line: int, *needs: AddressNeed) -> list[Assigned]:
        with self.store.write() as connection:
            release = Release("test", self.clock.now(), DEFAULT_DAYS)
            return assigning.assign(connection, f"L-{line}", needs, order="PX-1", release=release)

    def release(self, line: int, role: Role, days: int) -> None:
        with self.store.write() as connection:
            release = Release("test", self.clock.now(), DEFAULT_DAYS, days)
            assigning.release_role(connection, f"L-{line}", role, release)

    def held(self, line: int) -> dict[Role, str]:
        with self.store.read() as connection:
            return {each.role: each.address for each in assignments.held_by(connection, f"L-{line}")}


@pytest.fixture
def story() -> Iterator[Story]:
    store = Store.in_memory()
    yield Story(store, 40)
    store.close()


FIXED = AddressNeed(Role.FIXED_IPV4, 1)
HOME = AddressNeed(Role.IPV6, 1 << 72)


def pack(size: int) -> AddressNeed:
    return AddressNeed(Role.IP_PACK, size)


def test_a_block_that_is_reclaimed_meanwhile_is_not_given_out_twice(story: Story) -> None:
    """The line's own /56 becomes free in the same call, while room for its fixed address is being made."""
    for line in range(1, RECLAIMED_AT_ONCE + 1):
        story.assign(line, pack(4))
    for line in range(20, 27):
        story.assign(line, FIXED)
    story.assign(30, HOME)
    for line in range(1, RECLAIMED_AT_ONCE + 1):
        story.release(line, Role.IP_PACK, 1)
    for line in range(20, 27):
        story.release(line, Role.FIXED_IPV4, 2)
    story.release(30, Role.IPV6, 3)
    story.clock.move(days=4)
    story.assign(30, FIXED, HOME)
    assert_each_unit_is_somewhere_once(story.store)
    story.assign(31, HOME)
    assert story.held(31)[Role.IPV6] != story.held(30)[Role.IPV6]


def test_a_whole_pool_is_one_block(story: Story) -> None:
    [given] = story.assign(1, pack(64))
    assert given.assignment.address == "198.51.100.0/26"
    [given] = story.assign(2, pack(8))
    assert given.assignment.address == "203.0.113.8/29", "the second pool, beside its reserved address"
    [given] = story.assign(3, pack(4))
    assert given.assignment.address == "203.0.113.0/30"
    with pytest.raises(PoolExhausted, match="no free block of 4 addresses is left for ip-pack in packs, packs-2"):
        story.assign(4, pack(4))
    assert_each_unit_is_somewhere_once(story.store)


def test_the_last_block_of_a_pool_is_given_and_comes_back(story: Story) -> None:
    for line in range(1, 5):
        story.assign(line, HOME)
    assert story.held(4)[Role.IPV6] == "2001:db8:0:300::/56"
    with pytest.raises(PoolExhausted):
        story.assign(5, HOME)
    story.assign(4)
    with pytest.raises(PoolExhausted):
        story.assign(5, HOME)
    story.clock.move(days=DEFAULT_DAYS)
    story.assign(5, HOME)
    assert story.held(5)[Role.IPV6] == "2001:db8:0:300::/56"


def test_a_block_grows_over_what_is_free_and_what_rests_with_its_own_line(story: Story) -> None:
    """All that lies between is free or the line's own, so nobody has to renumber."""
    for line in (1, 2, 3):
        story.assign(line, pack(4))
    story.release(1, Role.IP_PACK, 0)
    story.release(2, Role.IP_PACK, 0)
    story.assign(3)
    story.assign(3, pack(8))
    assert story.held(3) == {Role.IP_PACK: "198.51.100.0/29"}
    [grown] = story.assign(3, pack(16))
    assert (grown.step, grown.assignment.address) == (Step.GROWN, "198.51.100.0/28")
    assert_each_unit_is_somewhere_once(story.store)
