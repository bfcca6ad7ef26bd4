"""The twin: the same tables, guards and assigning on a real PostgreSQL, so that it stays one setting away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from books import assert_books_balance
from earlier_runs import assert_runs_are_kept_up_and_down
from guards import Guards, Values, add_lines
from postgresql import Server, server, unusable
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from worlds import NOON, ROOT, FixedClock, World, soaked

from provisioning.addressing.pool import define_pool
from provisioning.errors import PoolExhausted
from provisioning.model.intent import AddressNeed, Role
from provisioning.orders.read import read
from provisioning.store import assigning, assignments, lines, migrate, pools
from provisioning.store.assignments import Release
from provisioning.store.engine import Store
from provisioning.store.tables import FREE_BLOCK, METADATA
from provisioning.workflows.accept_order import accept_order, plan_order
from provisioning.workflows.auditing import audited
from provisioning.workflows.verify_audit import verify_audit

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable())

ORDERS = sorted((ROOT / "examples" / "orders").glob("*.yaml"))
DAYS = 30


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with server() as started:
        yield started


@pytest.fixture(scope="module")
def template(running: Server) -> str:
    """A database with our tables, to copy."""
    name = running.database()
    engine = running.engine(name)
    with engine.begin() as connection:
        migrate.upgrade(connection)
    engine.dispose()
    return name


@pytest.fixture
def engine(running: Server, template: str) -> Iterator[Engine]:
    """A store of its own for one test."""
    opened = running.engine(running.database(template))
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def shared(running: Server, template: str) -> Iterator[Engine]:
    """One store for tests that take back what they do."""
    opened = running.engine(running.database(template))
    yield opened
    opened.dispose()


@pytest.fixture
def connection(shared: Engine) -> Iterator[Connection]:
    """Nine lines and one pool, in a transaction that is taken back."""
    with shared.connect() as opened:
        add_lines(opened)
        yield opened
        opened.rollback()


class TestOnPostgresql(Guards):
    """The guards of PostgreSQL are exclusion constraints."""


class TestValuesOnPostgresql(Values):
    """The server of these tests keeps Tokyo's time, so that a zone that is lost shows."""


def test_the_migrated_tables_are_those_that_the_code_works_with(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    exclusions = ("assignment_no_overlap", "pool_no_overlap")
    differences = [each for each in compare_metadata(context, METADATA) if each[1].name not in exclusions]
    assert differences == []


def test_the_migrations_can_be_run_again(engine: Engine) -> None:
    with engine.begin() as connection:
        assert migrate.revision_of(connection) == migrate.HEAD
        migrate.upgrade(connection)
        assert migrate.revision_of(connection) == migrate.HEAD


def test_runs_of_the_version_before_are_kept_up_and_down(running: Server) -> None:
    engine = running.engine(running.database())
    with engine.begin() as connection:
        assert_runs_are_kept_up_and_down(connection)
    engine.dispose()


# --- assigning, in the same words on both ---------------------------------------------------------------------------


def store_on(engine: Engine) -> Store:
    return Store(engine, "PostgreSQL")


class Shop:
    """A store of either kind with pools, forty lines and a clock."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, FixedClock()
        with store.write() as connection:
            for pool in (
                define_pool("fixed", "fixed-ipv4", "192.0.2.0/26", reserved=["192.0.2.0/32"], special_purpose=True),
                define_pool("packs", "ip-pack", "198.51.100.0/25", special_purpose=True),
                define_pool("homes", "ipv6", "2001:db8::/50", special_purpose=True),
                define_pool("onts", "ont-id", "0-127", quarantine_days=1),
            ):
                pools.add_pool(connection, pool, NOON)
            for _ in range(40):
                lines.add_line(connection, formula="f", customer="c", site="s", form={}, now=NOON)

    def assign(self, line: int, *needs: AddressNeed) -> list[str]:
        with self.store.write() as connection:
            release = Release("test", self.clock.now(), DAYS)
            done = assigning.assign(connection, f"L-{line}", needs, order="PX-1", release=release)
        return [f"L-{line} {each.step} {each.assignment.role} {each.assignment.address}" for each in done]

    def release(self, line: int, role: Role) -> list[str]:
        with self.store.write() as connection:
            release = Release("test", self.clock.now(), DAYS)
            released = assigning.release_role(connection, f"L-{line}", role, release)
        return [f"L-{line} released {released.address} until {released.quarantine_until}"]

    def reclaim(self) -> list[str]:
        with self.store.write() as connection:
            return [f"reclaimed {assigning.reclaim(connection, self.clock.now(), 100)}"]

    def assert_books_balance(self) -> None:
        with self.store.read() as connection:
            assert_books_balance(connection)

    def rows(self) -> list[str]:
        with self.store.read() as connection:
            found = assignments.list_assignments(connection)
            free = connection.execute(FREE_BLOCK.select().order_by(*FREE_BLOCK.primary_key)).all()
        return [
            *(f"{each.line} {each.role} {each.address} {each.state} {each.quarantine_until}" for each in found),
            *(f"free {row.pool_id} {row.level} {row.first}" for row in free),
        ]


FIXED = AddressNeed(Role.FIXED_IPV4, 1)
HOME = AddressNeed(Role.IPV6, 1 << 72)
ONT = AddressNeed(Role.ONT_ID, 1, "olt-a 0/1/0")
OTHER_ONT = AddressNeed(Role.ONT_ID, 1, "olt-a 0/1/1")


def pack(size: int) -> AddressNeed:
    return AddressNeed(Role.IP_PACK, size)


def play(shop: Shop) -> list[str]:
    """Everything that can become of a block, told line by line."""
    told = shop.assign(1, FIXED, pack(4), HOME, ONT)
    told += shop.assign(1, FIXED, pack(4), HOME, ONT)
    told += shop.assign(1, FIXED, pack(16), HOME, ONT)
    told += shop.assign(2, pack(64), ONT, FIXED)
    told += shop.assign(1, FIXED, pack(32), HOME, OTHER_ONT)
    told += shop.assign(1, FIXED, pack(8), HOME, ONT)
    told += shop.release(1, Role.IPV6)
    told += shop.assign(3, HOME)
    told += shop.assign(1, FIXED, pack(16), HOME, ONT)
    with pytest.raises(PoolExhausted):
        shop.assign(4, FIXED, pack(64))
    told += shop.assign(2)
    shop.clock.move(days=DAYS)
    told += shop.reclaim()
    told += shop.assign(4, FIXED, pack(64), HOME, ONT)
    return told + shop.rows()


def test_postgresql_tells_the_same_story_as_sqlite(engine: Engine) -> None:
    store = Store.in_memory()
    expected = play(Shop(store))
    store.close()
    assert len(expected) > 40
    assert play(Shop(store_on(engine))) == expected


def test_orders_are_accepted_as_on_sqlite(engine: Engine, world: World) -> None:
    other = World(store_on(engine))
    for path in ORDERS:
        form = read(path)
        assert accept_order(form, other.around) == accept_order(form, world.around)
        assert accept_order(form, other.around).known


def test_a_plan_leaves_no_trace(engine: Engine) -> None:
    world = World(store_on(engine))
    form = read(ORDERS[0])
    planned = plan_order(form, world.around)
    with engine.begin() as connection:
        assert lines.count_lines(connection) == 0
        assert pools.list_pools(connection) == []
    accepted = accept_order(form, world.around)
    assert [each.assignment.address for each in accepted.assigned] == [
        each.assignment.address for each in planned.assigned
    ]


# --- two at once ----------------------------------------------------------------------------------------------------


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, all starting together."""
    barrier = Barrier(len(works))

    def start(work: Callable[[], Any]) -> Any:
        barrier.wait(timeout=30)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return [each.result(timeout=60) for each in [threads.submit(start, work) for work in works]]


def test_two_that_take_from_one_pool_get_different_blocks(engine: Engine) -> None:
    shop = Shop(store_on(engine))

    def take(first: int) -> None:
        for line in range(first, 31, 2):
            shop.assign(line, FIXED, pack(4), HOME)

    at_once(lambda: take(1), lambda: take(2))
    with shop.store.read() as connection:
        held = assignments.list_assignments(connection)
    assert len({each.address for each in held}) == len(held) == 90
    shop.assert_books_balance()


def test_two_that_come_first_to_a_port_share_its_numbers(engine: Engine) -> None:
    shop = Shop(store_on(engine))
    for number in range(soaked(5, 30)):
        need = AddressNeed(Role.ONT_ID, 1, f"olt-a 0/2/{number}")
        at_once(partial(shop.assign, 1, need), partial(shop.assign, 2, need))
    shop.assert_books_balance()


def test_two_that_bring_back_the_same_blocks_bring_each_back_once(engine: Engine) -> None:
    shop = Shop(store_on(engine))
    for _ in range(soaked(5, 30)):
        for line in range(1, 13):
            shop.assign(line, pack(4))
        for line in range(1, 13):
            shop.assign(line)
        shop.clock.move(days=DAYS)
        at_once(lambda: shop.reclaim(), lambda: shop.reclaim())
        shop.assert_books_balance()


def test_two_that_ask_for_one_line_give_it_one_block(engine: Engine) -> None:
    shop = Shop(store_on(engine))
    for line in range(1, soaked(6, 30)):
        at_once(partial(shop.assign, line, FIXED), partial(shop.assign, line, FIXED))
    with shop.store.read() as connection:
        held = assignments.list_assignments(connection)
    assert len(held) == len({each.line for each in held}) == soaked(6, 30) - 1
    shop.assert_books_balance()


def test_two_that_accept_the_same_orders_at_once_end_with_the_same_lines(engine: Engine) -> None:
    world = World(store_on(engine))

    def accept() -> list[str | None]:
        return [accept_order(read(path), world.around).line for path in ORDERS]

    one, other = at_once(accept, accept)
    assert one == other
    with engine.begin() as connection:
        assert lines.count_lines(connection) == len(ORDERS)
        assert connection.execute(text("select count(*) from service_order")).scalar_one() == len(ORDERS)


def test_nothing_of_the_server_is_reachable_from_outside(running: Server) -> None:
    engine = running.engine("postgres")
    with engine.begin() as connection:
        assert connection.execute(text("show listen_addresses")).scalar_one() == ""
        folder = Path(connection.execute(text("show unix_socket_directories")).scalar_one())
    engine.dispose()
    assert folder.stat().st_mode & 0o077 == 0


AUDIT_TAMPERED = (
    "update audit_entry set reason = 'another' where number = 2",
    "delete from audit_entry where number = 3",
    "truncate audit_entry",
    "insert into audit_entry select * from audit_entry where number = 2 "
    "on conflict (number) do update set reason = ''",
)


@pytest.mark.parametrize("statement", AUDIT_TAMPERED)
def test_the_audit_is_append_only_and_changes_are_found(engine: Engine, statement: str) -> None:
    world = World(Store(engine, "postgresql"))
    for number in range(3):
        with audited(world.around) as audit:
            audit.add("change plan", "C-1", reason="why", details={"number": number, "nom": "été"})
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    found = verify_audit(world.around)
    assert (found.whole, found.count, found.guarded) == (True, 3, True)
    with engine.begin() as connection:
        connection.execute(text("alter table audit_entry disable trigger all"))
        connection.execute(text(statement))
    after = verify_audit(world.around, head=found.head)
    assert not after.guarded
    assert not after.whole or after.head_found is None
