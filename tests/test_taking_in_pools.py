"""The pools of the project's file in the store: taken in once, followed where that is safe, counted."""

import pytest
from books import assert_books_balance
from sqlalchemy import Connection
from worlds import NOON, World

from provisioning.addressing.pool import Pool, define_pool
from provisioning.errors import PoolRefused, UnknownName
from provisioning.model.intent import AddressNeed, Role
from provisioning.store import assigning, lines, pools
from provisioning.store.assignments import Release

FIXED = define_pool("fixed", "fixed-ipv4", "8.8.8.0/28", reserved=["8.8.8.0", "8.8.8.15"])
PACKS = define_pool("packs", "ip-pack", "9.0.0.0/26", reserved=["9.0.0.5"])
ONTS = define_pool("onts", "ont-id", "0-7", quarantine_days=1)
MORE_ONTS = define_pool("more", "ont-id", "8-15", quarantine_days=2)
PORT = "olt-a 0/1/0"


def take_in(connection: Connection, *wanted: Pool) -> None:
    pools.take_in(connection, wanted, repr(wanted), NOON)


def names(connection: Connection) -> list[str]:
    return [stored.pool.name for stored in pools.list_pools(connection)]


def give(connection: Connection, line: int, *needs: AddressNeed) -> list[str]:
    while lines.count_lines(connection) < line:
        lines.add_line(connection, formula="f", customer="c", site="s", form={}, now=NOON)
    done = assigning.assign(connection, f"L-{line}", needs, order="PX-1", release=Release("test", NOON, 30))
    return [each.assignment.address for each in done]


def test_pools_are_taken_in_once(world: World) -> None:
    with world.store.write() as connection:
        for _ in range(2):
            take_in(connection, FIXED, PACKS, ONTS)
        assert names(connection) == ["fixed", "packs", "onts"]
        assert [stored.pool for stored in pools.list_pools(connection)] == [FIXED, PACKS, ONTS]
        assert_books_balance(connection)


def test_what_is_new_in_the_file_is_added_and_what_is_gone_stays(world: World) -> None:
    with world.store.write() as connection:
        take_in(connection, FIXED)
        take_in(connection, PACKS, ONTS)
        assert names(connection) == ["fixed", "packs", "onts"]


def test_another_time_of_rest_is_followed_on_every_port(world: World) -> None:
    with world.store.write() as connection:
        take_in(connection, ONTS)
        give(connection, 1, AddressNeed(Role.ONT_ID, 1, PORT))
        take_in(connection, define_pool("onts", "ont-id", "0-7", quarantine_days=9))
        assert [stored.pool.quarantine_days for stored in pools.list_pools(connection)] == [9, 9]


@pytest.mark.parametrize(
    "other",
    [
        define_pool("fixed", "fixed-ipv4", "8.8.8.0/27", reserved=["8.8.8.0", "8.8.8.15"]),
        define_pool("fixed", "fixed-ipv4", "8.8.8.0/28"),
        define_pool("fixed", "management", "8.8.8.0/28", reserved=["8.8.8.0", "8.8.8.15"]),
    ],
    ids=["extent", "reservation", "purpose"],
)
def test_a_pool_in_use_keeps_its_extent(world: World, other: Pool) -> None:
    with world.store.write() as connection:
        take_in(connection, FIXED)
        with pytest.raises(PoolRefused, match="the store has the pool fixed as"):
            take_in(connection, other)


def test_a_pool_of_the_file_may_not_lie_over_one_that_was_added(world: World) -> None:
    with world.store.write() as connection:
        pools.add_pool(connection, define_pool("mine", "management", "8.8.8.8/29"), NOON)
        with pytest.raises(PoolRefused, match="overlaps the pool mine"):
            take_in(connection, FIXED)


def test_a_port_gets_its_numbers_at_its_first_ont_and_more_when_there_are_more(world: World) -> None:
    with world.store.write() as connection:
        take_in(connection, ONTS)
        for number in range(8):
            assert give(connection, number + 1, AddressNeed(Role.ONT_ID, 1, PORT)) == [str(number)]
        take_in(connection, ONTS, MORE_ONTS)
        assert give(connection, 9, AddressNeed(Role.ONT_ID, 1, PORT)) == ["8"]
        assert give(connection, 10, AddressNeed(Role.ONT_ID, 1, "olt-a 0/1/1")) == ["0"]
        assert names(connection)[:4] == ["onts", f"onts {PORT}", "more", f"more {PORT}"]
        assert_books_balance(connection)


def test_what_is_in_use_is_counted_in_the_pools_own_unit(world: World) -> None:
    with world.store.write() as connection:
        take_in(connection, FIXED, PACKS)
        give(connection, 1, AddressNeed(Role.FIXED_IPV4, 1), AddressNeed(Role.IP_PACK, 16))
        give(connection, 2, AddressNeed(Role.IP_PACK, 8))
        give(connection, 2)
        fixed, packs = [pools.utilisation(connection, stored) for stored in pools.list_pools(connection)]
    assert (fixed.unit, fixed.total, fixed.assigned, fixed.quarantined, fixed.free, fixed.reserved) == (
        0,
        16,
        1,
        0,
        13,
        2,
    )
    assert fixed.share == pytest.approx(1 / 14)
    # A /30 with a reserved address in it cannot be handed out at all.
    assert (packs.unit, packs.total, packs.assigned, packs.quarantined, packs.free, packs.reserved) == (
        2,
        16,
        4,
        2,
        9,
        1,
    )
    assert sum(number << (level - packs.unit) for level, number in packs.free_by_level.items()) == packs.free


def test_a_full_and_a_wholly_reserved_pool_are_full(world: World) -> None:
    with world.store.write() as connection:
        take_in(connection, define_pool("all", "fixed-ipv4", "8.8.8.0/30", reserved=["8.8.8.0/30"]))
        [stored] = pools.list_pools(connection)
        used = pools.utilisation(connection, stored)
    assert (used.free, used.reserved, used.share) == (0, 4, 1.0)


def test_a_pool_that_does_not_exist_is_told_with_those_that_do(world: World) -> None:
    with world.store.write() as connection:
        with pytest.raises(UnknownName) as caught:
            pools.find_pool(connection, "fixd")
        assert "proviso pool add" in caught.value.remedy
        take_in(connection, FIXED, PACKS)
        with pytest.raises(UnknownName) as caught:
            pools.find_pool(connection, "fixd")
        assert "fixed, packs" in caught.value.remedy
