"""A line claims the very block that its router has: exactly that one, or nothing, and the pool stays whole."""

from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text
from worlds import NOON

from provisioning.addressing.pool import define_pool
from provisioning.model.block import Block
from provisioning.model.intent import AddressNeed, Role
from provisioning.store import assigning, assignments, lines, pools
from provisioning.store.assigning import Step
from provisioning.store.assignments import Holder, Release
from provisioning.store.claiming import Claimed, claim
from provisioning.store.engine import Store
from provisioning.store.tables import FREE_BLOCK


def line(connection: Connection) -> str:
    return lines.add_line(connection, formula="fullfiber", customer="", site="", form={}, now=NOON, adopted=True)


def holder(whose: str, role: Role = Role.FIXED_IPV4) -> Holder:
    return Holder(whose, role, "ADOPTED-X", NOON)


def block(written: str) -> Block:
    network = ip_network(written)
    return Block(int(network.network_address), network.max_prefixlen - network.prefixlen)


def pool(connection: Connection, extent: str, purpose: Role = Role.FIXED_IPV4, reserved: tuple[str, ...] = ()) -> None:
    made = define_pool(f"pool-{extent[:3]}", purpose, extent, reserved=reserved, special_purpose=True)
    pools.add_pool(connection, made, NOON)


def free(connection: Connection) -> set[tuple[int, int]]:
    return {(row.first, row.level) for row in connection.execute(select(FREE_BLOCK.c.first, FREE_BLOCK.c.level))}


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


def test_it_is_that_very_block_and_the_rest_stays_free(store: Store) -> None:
    with store.write() as connection:
        pool(connection, "198.51.100.0/24")
        claimed = claim(connection, block("198.51.100.77/32"), holder(line(connection)))
        assert (claimed.taken, claimed.reason, claimed.address) == (True, "", "198.51.100.77/32")
        taken = {block("198.51.100.77/32").first}
        left = {first + at for first, level in free(connection) for at in range(1 << level)}
        assert left == set(range(block("198.51.100.0/24").first, block("198.51.100.0/24").last + 1)) - taken
        assert claimed.assignment is not None
        again = claim(connection, block("198.51.100.77/32"), holder(claimed.assignment.line))
        assert (again.taken, again.reason) == (False, "")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 255), st.integers(2, 6)), max_size=12))
def test_whatever_is_claimed_and_given_back_the_pool_is_whole_again(asked: list[tuple[int, int]]) -> None:
    store = Store.in_memory()
    with store.write() as connection:
        pool(connection, "198.51.100.0/24", Role.IP_PACK)
        base, before = block("198.51.100.0/24").first, free(connection)
        claims: list[Claimed] = []
        for at, level in asked:
            wanted = Block((base + at) >> level << level, level)
            done = claim(connection, wanted, holder(line(connection), Role.IP_PACK))
            held = [each.block for each in claims if each.taken]
            overlaps = [each for each in held if each.first <= wanted.last and wanted.first <= each.last]
            assert done.taken is not bool(overlaps), (wanted, held)
            assert bool(done.reason) is bool(overlaps)
            claims.append(done)
        for each in claims:
            if each.assignment is not None:
                release = Release("over", NOON, 0)
                assigning.release_role(connection, each.assignment.line, Role.IP_PACK, release)
        assigning.reclaim(connection, NOON, 100)
        assert free(connection) == before
    store.close()


def test_it_is_never_anybody_elses(store: Store) -> None:
    with store.write() as connection:
        pool(connection, "198.51.100.0/24", Role.IP_PACK)
        first, second = line(connection), line(connection)
        held = claim(connection, block("198.51.100.8/29"), holder(first, Role.IP_PACK))
        for written in ("198.51.100.8/29", "198.51.100.12/30", "198.51.100.0/28"):
            refused = claim(connection, block(written), holder(second, Role.IP_PACK))
            assert refused.assignment is None
            assert refused.reason == f"line {first} holds 198.51.100.8/29"
        assert held.assignment is not None
        assignments.put_to_rest(connection, held.assignment, Release("left", NOON, 30))
        resting = claim(connection, block("198.51.100.8/29"), holder(second, Role.IP_PACK))
        assert resting.reason == f"198.51.100.8/29 rests, which line {first} left"
        # Whose it was gets it back.
        assert claim(connection, block("198.51.100.8/29"), holder(first, Role.IP_PACK)).taken


def test_a_line_keeps_what_it_holds(store: Store) -> None:
    with store.write() as connection:
        pool(connection, "198.51.100.0/24")
        mine = line(connection)
        claim(connection, block("198.51.100.1/32"), holder(mine))
        other = claim(connection, block("198.51.100.2/32"), holder(mine))
        assert other.reason == "the line holds 198.51.100.1/32, and keeps it"
        assert [each.address for each in assignments.held_by(connection, mine)] == ["198.51.100.1/32"]


@pytest.mark.parametrize(
    ("written", "role", "reason"),
    [
        ("203.0.113.1/32", Role.FIXED_IPV4, "it lies in no pool of ours for fixed-ipv4"),
        ("198.51.100.5/32", Role.FIXED_IPV4, "the pool pool-198 has reserved it"),
        ("198.51.100.8/32", Role.IP_PACK, "it lies in no pool of ours for ip-pack"),
        ("192.0.2.2/31", Role.IP_PACK, "the pool pool-192 gives no block of that size"),
    ],
)
def test_why_not_is_told(store: Store, written: str, role: Role, reason: str) -> None:
    with store.write() as connection:
        pool(connection, "198.51.100.0/24", reserved=("198.51.100.5",))
        pool(connection, "192.0.2.0/24", Role.IP_PACK)
        before = free(connection)
        claimed = claim(connection, block(written), holder(line(connection), role))
        assert (claimed.assignment, claimed.taken, claimed.reason) == (None, False, reason)
        assert free(connection) == before


def test_what_was_claimed_is_kept_when_the_line_is_ordered_again(store: Store) -> None:
    with store.write() as connection:
        pool(connection, "198.51.100.0/24")
        mine = line(connection)
        claim(connection, block("198.51.100.9/32"), holder(mine))
        (kept,) = assigning.assign(
            connection, mine, [AddressNeed(Role.FIXED_IPV4, 1)], order="PX-1", release=Release("", NOON, 30)
        )
        assert (kept.step, kept.assignment.address) == (Step.KEPT, "198.51.100.9/32")


def test_an_ipv6_block_out_of_a_large_pool(store: Store) -> None:
    with store.write() as connection:
        pool(connection, "2001:db8::/32", Role.IPV6)
        claimed = claim(connection, block("2001:db8:12:3400::/56"), holder(line(connection), Role.IPV6))
        assert claimed.taken
        assert connection.execute(text("select count(*) from free_block")).scalar_one() == 24
