"""The store on SQLite: what it refuses by itself, and that no look-up grows with what is stored."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from guards import Guards, Values, add_lines
from sqlalchemy import Connection, text
from worlds import NOON

from provisioning.model.intent import Role
from provisioning.store import assigning, assignments, blocks, lines, pools
from provisioning.store.engine import Store


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A store with nine lines and one pool, inside a transaction."""
    store = Store.in_memory()
    with store.write() as opened:
        add_lines(opened)
        yield opened
    store.close()


class TestOnSqlite(Guards):
    """The guards of SQLite are triggers."""


class TestValuesOnSqlite(Values):
    """SQLite knows neither zones nor numbers of 128 bits."""


# --- flat in time --------------------------------------------------------------------------------------------------


def plan_of(connection: Connection, query: str) -> str:
    """How SQLite would answer a query."""
    rows = connection.exec_driver_sql(f"explain query plan {query}").all()
    return "\n".join(str(row[3]) for row in rows)


def trigger_query(connection: Connection, trigger: str) -> str:
    """The look-up inside a guard, with values in place of the new row."""
    source = connection.execute(
        text("select sql from sqlite_master where type = 'trigger' and name = :name"), {"name": trigger}
    ).scalar_one()
    inner = source[source.index("select last") : source.index(") >=")]
    return str(inner).replace("new.space", "'ipv4'").replace("new.last", "'f'").replace("new.id", "1")


@pytest.mark.parametrize("event", ["insert", "update"])
def test_the_overlap_is_looked_up_by_index_and_not_sorted(connection: Connection, event: str) -> None:
    plan = plan_of(connection, trigger_query(connection, f"assignment_no_overlap_{event}"))
    assert "SEARCH assignment USING INDEX ix_assignment_held (space=? AND first<?)" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("event", ["insert", "update"])
def test_the_overlap_of_pools_is_looked_up_by_index_and_not_sorted(connection: Connection, event: str) -> None:
    """There is a pool for each port of each OLT, so that they are many."""
    plan = plan_of(connection, trigger_query(connection, f"pool_no_overlap_{event}"))
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def _take_and_give_back(connection: Connection) -> None:
    taken = blocks.take(connection, 1, 2)
    assert taken is not None
    blocks.give_back(connection, 1, taken)


WORK: dict[str, Callable[[Connection], object]] = {
    "reclaim": lambda connection: assigning.reclaim(connection, NOON, 16),
    "take and give back": _take_and_give_back,
    "what a line holds": lambda connection: assignments.of_line(connection, "L-1"),
    "device in use": lambda connection: lines.line_using(connection, "cpe", "LX1"),
    "devices of a line": lambda connection: lines.devices_of(connection, "L-1"),
    "order by number": lambda connection: lines.find_order(connection, "PX-1"),
    "orders of a line": lambda connection: lines.orders_of(connection, "L-1"),
    "pools that serve": lambda connection: pools.pools_for(connection, Role.IP_PACK, "", NOON),
}
"""What the store does for every single order."""


def statements_of(connection: Connection, work: str) -> list[str]:
    """The SQL that a function of the store really sends, with its values filled in."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    seen: list[str] = []
    driver.set_trace_callback(seen.append)
    try:
        WORK[work](connection)
    finally:
        driver.set_trace_callback(None)
    return [each for each in seen if each.lstrip().lower().startswith(("select", "update", "delete"))]


@pytest.mark.parametrize("work", WORK)
def test_what_every_order_does_is_done_by_index(connection: Connection, work: str) -> None:
    connection.execute(
        text("insert into free_block (pool_id, level, first) values (1, 5, :first)"), {"first": f"{0:032x}"}
    )
    statements = statements_of(connection, work)
    assert statements
    for statement in statements:
        plan = plan_of(connection, statement)
        assert "SCAN" not in plan, (statement, plan)


def test_the_quarantine_is_looked_up_by_index_and_in_order(connection: Connection) -> None:
    [statement] = statements_of(connection, "reclaim")
    plan = plan_of(connection, statement)
    assert "SEARCH assignment USING INDEX ix_assignment_quarantine (quarantine_until<?)" in plan
    assert "TEMP B-TREE" not in plan
