"""Assigning against a naive model: whatever lines ask, leave and wait for, the books balance after every step.

The naive model stands in `assigning_books.py`.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from assigning_books import (
    DEFAULT_DAYS,
    LINES,
    POOLS,
    QUARANTINE_DAYS,
    Books,
    Key,
    Place,
    Resting,
    assert_each_unit_is_somewhere_once,
    inside,
    line_numbers,
    needs,
    overlap,
    place_of,
    rows_of,
)
from books import free_blocks
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from worlds import FixedClock, soaked

from provisioning.errors import NothingToRelease, PoolExhausted
from provisioning.model.assignment import Assignment, AssignmentState
from provisioning.model.block import Block
from provisioning.model.intent import AddressNeed, Role
from provisioning.store import assigning, assignments, lines, pools
from provisioning.store.assigning import RECLAIMED_AT_ONCE, Assigned, Step
from provisioning.store.assignments import Release
from provisioning.store.engine import Store
from provisioning.store.pools import StoredPool


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
