"""Assigning, told in stories that chance would rarely tell."""

from collections.abc import Iterator

import pytest
from assigning_books import DEFAULT_DAYS, POOLS, assert_each_unit_is_somewhere_once
from worlds import FixedClock

from provisioning.errors import PoolExhausted
from provisioning.model.intent import AddressNeed, Role
from provisioning.store import assigning, assignments, lines, pools
from provisioning.store.assigning import RECLAIMED_AT_ONCE, Assigned, Step
from provisioning.store.assignments import Release
from provisioning.store.engine import Store


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
