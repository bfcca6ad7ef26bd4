"""What the database itself refuses, whoever writes: two holders of one address, two pools of one space.

Raw SQL, past our own code: test_store_guards.py runs it on SQLite, test_postgresql.py on PostgreSQL.
"""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from provisioning.store import lines
from provisioning.store.tables import DEVICE, FREE_BLOCK

WHOLE_OF_IPV6 = 2**128 - 1
OFFSETS = (0, 0xC6336400, 0x20010DB8 << 96, WHOLE_OF_IPV6 - 0xFFFF)
"""Where the blocks lie: at the start, at an IPv4 address, at an IPv6 address, at the very end of 128 bits."""

SHARED = [
    ("equal", 8, 15),
    ("inside", 10, 11),
    ("at its start", 8, 8),
    ("at its end", 15, 15),
    ("around", 0, 31),
    ("from the left", 4, 8),
    ("from the right", 15, 20),
]
"""Blocks that share an address with 8 to 15."""

APART = [("left neighbour", 4, 7), ("right neighbour", 16, 23), ("far left", 0, 0), ("far right", 1000, 2000)]

ASSIGNMENT_OVERLAPS = "assignment overlaps|assignment_no_overlap"
POOL_OVERLAPS = "pool overlaps|pool_no_overlap"
NOT_UNIQUE = "(?i)unique"

LINE = (
    "insert into line (id, state, formula, customer, site, form, created_at) "
    "values (:id, 'accepted', 'f', 'c', 's', '{}', '2026-11-23 11:00:00')"
)
POOL = (
    "insert into pool (id, name, purpose, space, scope, first, last, reserved, special_purpose, created_at) "
    "values (:id, :name, 'ip-pack', :space, '', :first, :last, '[]', false, '2026-11-23 11:00:00')"
)
ASSIGNMENT = (
    "insert into assignment (id, pool_id, space, line_id, role, first, last, level, state, assigned_at, assigned_by, "
    "released_at) values (:id, :pool, :space, :line, :role, :first, :last, 0, :state, '2026-11-23 11:00:00', 'PX-1', "
    ":released_at)"
)


def kept(connection: Connection, number: int) -> object:
    """Return a number as the database keeps it."""
    return Decimal(number) if connection.dialect.name == "postgresql" else f"{number:032x}"


def add_lines(connection: Connection) -> None:
    """Add nine lines and a pool for their blocks."""
    for number in range(1, 10):
        connection.execute(text(LINE), {"id": number})
    add_pool(connection, 1, "all", 0, WHOLE_OF_IPV6)


def add_pool(
    connection: Connection, number: int, space: str, first: int, last: int, *, name: str | None = None
) -> None:
    ends = {"first": kept(connection, first), "last": kept(connection, last)}
    connection.execute(text(POOL), {"id": number, "name": name or f"pool-{number}", "space": space, **ends})


def add_assignment(
    connection: Connection,
    number: int,
    first: int,
    last: int,
    *,
    space: str = "ipv4",
    state: str = "assigned",
    line: int | None = None,
    role: str = "ip-pack",
) -> None:
    connection.execute(
        text(ASSIGNMENT),
        {
            "id": number,
            "pool": 1,
            "space": space,
            "line": number if line is None else line,
            "role": role,
            "first": kept(connection, first),
            "last": kept(connection, last),
            "state": state,
            "released_at": None if state == "assigned" else "2026-11-23 11:00:00",
        },
    )


class Guards:
    """The tests; a class that inherits them has a fixture `connection`, in a transaction, after `add_lines`."""

    @pytest.mark.parametrize("offset", OFFSETS)
    @pytest.mark.parametrize(("name", "first", "last"), SHARED)
    @pytest.mark.parametrize("state", ["assigned", "quarantined"])
    def test_a_block_that_is_held_or_rests_is_not_given_again(
        self, connection: Connection, offset: int, name: str, first: int, last: int, state: str
    ) -> None:
        add_assignment(connection, 1, offset + 8, offset + 15, state=state)
        with pytest.raises(IntegrityError, match=ASSIGNMENT_OVERLAPS):
            add_assignment(connection, 2, offset + first, offset + last)

    @pytest.mark.parametrize("offset", OFFSETS)
    @pytest.mark.parametrize(("name", "first", "last"), APART)
    def test_a_block_beside_is_free_to_give(
        self, connection: Connection, offset: int, name: str, first: int, last: int
    ) -> None:
        add_assignment(connection, 1, offset + 8, offset + 15)
        add_assignment(connection, 2, offset + first, offset + last)

    def test_a_small_block_between_others_is_seen(self, connection: Connection) -> None:
        for number, first in enumerate((0, 8, 16, 24), start=1):
            add_assignment(connection, number, first, first + 3)
        add_assignment(connection, 5, 4, 7)
        with pytest.raises(IntegrityError, match=ASSIGNMENT_OVERLAPS):
            add_assignment(connection, 6, 12, 16)

    def test_the_same_number_in_another_space_is_another_block(self, connection: Connection) -> None:
        add_assignment(connection, 1, 5, 5, space="ont-id olt-a 0/1/0")
        add_assignment(connection, 2, 5, 5, space="ont-id olt-a 0/1/1")
        add_assignment(connection, 3, 5, 5, space="ipv4")
        add_assignment(connection, 4, 5, 5, space="ipv6")

    def test_history_holds_nothing(self, connection: Connection) -> None:
        add_assignment(connection, 1, 8, 15, state="released")
        add_assignment(connection, 2, 8, 15, state="released")
        add_assignment(connection, 3, 8, 15)
        add_assignment(connection, 4, 0, 31, state="released")

    def test_an_update_cannot_move_a_block_onto_another(self, connection: Connection) -> None:
        add_assignment(connection, 1, 8, 15)
        add_assignment(connection, 2, 16, 23)
        with pytest.raises(IntegrityError, match=ASSIGNMENT_OVERLAPS):
            connection.execute(
                text("update assignment set first = :first where id = 2"), {"first": kept(connection, 15)}
            )

    def test_an_update_cannot_bring_history_back_over_another(self, connection: Connection) -> None:
        add_assignment(connection, 1, 8, 15, state="released")
        add_assignment(connection, 2, 8, 15)
        with pytest.raises(IntegrityError, match=ASSIGNMENT_OVERLAPS):
            connection.execute(text("update assignment set state = 'quarantined' where id = 1"))

    def test_an_update_cannot_change_a_block_into_a_space_where_it_is_taken(self, connection: Connection) -> None:
        add_assignment(connection, 1, 8, 15)
        add_assignment(connection, 2, 8, 15, space="ipv6")
        with pytest.raises(IntegrityError, match=ASSIGNMENT_OVERLAPS):
            connection.execute(text("update assignment set space = 'ipv4' where id = 2"))

    def test_an_update_of_the_block_itself_is_no_overlap(self, connection: Connection) -> None:
        add_assignment(connection, 1, 8, 15)
        connection.execute(
            text("update assignment set state = 'quarantined', released_at = assigned_at, last = :last where id = 1"),
            {"last": kept(connection, 11)},
        )
        connection.execute(text("update assignment set state = 'released' where id = 1"))

    def test_a_line_holds_one_block_in_a_role(self, connection: Connection) -> None:
        add_assignment(connection, 1, 0, 3, line=7)
        with pytest.raises(IntegrityError, match=NOT_UNIQUE):
            add_assignment(connection, 2, 4, 7, line=7)

    def test_a_line_may_rest_many_and_hold_each_role(self, connection: Connection) -> None:
        add_assignment(connection, 1, 0, 3, line=7)
        add_assignment(connection, 2, 4, 7, line=7, state="quarantined")
        add_assignment(connection, 3, 8, 11, line=7, state="quarantined")
        add_assignment(connection, 4, 12, 12, line=7, role="fixed-ipv4")

    @pytest.mark.parametrize(
        ("problem", "statement"),
        [
            ("backwards", "update assignment set first = last, last = first where id = 1"),
            ("unknown state", "update assignment set state = 'lent' where id = 1"),
            ("released without a day", "update assignment set state = 'released' where id = 1"),
            ("held with a day", "update assignment set released_at = assigned_at where id = 1"),
            ("no such line", "update assignment set line_id = 99 where id = 1"),
            ("no such pool", "update assignment set pool_id = 99 where id = 1"),
            ("pool in use", "delete from pool where id = 1"),
            ("line in use", "delete from line where id = 1"),
        ],
    )
    def test_rows_that_mean_nothing_are_refused(self, connection: Connection, problem: str, statement: str) -> None:
        add_assignment(connection, 1, 8, 15)
        with pytest.raises(IntegrityError):
            connection.execute(text(statement))

    @pytest.mark.parametrize("offset", OFFSETS)
    @pytest.mark.parametrize(("name", "first", "last"), SHARED)
    def test_a_pool_over_another_is_refused(
        self, connection: Connection, offset: int, name: str, first: int, last: int
    ) -> None:
        add_pool(connection, 2, "ipv6", offset + 8, offset + 15)
        with pytest.raises(IntegrityError, match=POOL_OVERLAPS):
            add_pool(connection, 3, "ipv6", offset + first, offset + last)

    @pytest.mark.parametrize(("name", "first", "last"), APART)
    def test_a_pool_beside_another_is_added(self, connection: Connection, name: str, first: int, last: int) -> None:
        add_pool(connection, 2, "ipv4", 8, 15)
        add_pool(connection, 3, "ipv4", first, last)

    def test_a_pool_in_another_space_is_added(self, connection: Connection) -> None:
        add_pool(connection, 2, "ipv4", 8, 15)
        add_pool(connection, 3, "ipv6", 8, 15)
        add_pool(connection, 4, "ont-id", 8, 15)

    def test_an_update_cannot_stretch_a_pool_over_another(self, connection: Connection) -> None:
        add_pool(connection, 2, "ipv4", 8, 15)
        add_pool(connection, 3, "ipv4", 16, 23)
        with pytest.raises(IntegrityError, match=POOL_OVERLAPS):
            connection.execute(text("update pool set last = :last where id = 2"), {"last": kept(connection, 16)})

    def test_an_update_of_the_pool_itself_is_no_overlap(self, connection: Connection) -> None:
        add_pool(connection, 2, "ipv4", 8, 15)
        connection.execute(text("update pool set quarantine_days = 3 where id = 2"))

    def test_two_pools_cannot_have_one_name(self, connection: Connection) -> None:
        add_pool(connection, 2, "ipv4", 8, 15, name="twin")
        with pytest.raises(IntegrityError, match=NOT_UNIQUE):
            add_pool(connection, 3, "ipv4", 16, 23, name="twin")

    def test_a_free_block_is_noted_once(self, connection: Connection) -> None:
        row = {"first": kept(connection, 8)}
        connection.execute(text("insert into free_block (pool_id, level, first) values (1, 3, :first)"), row)
        with pytest.raises(IntegrityError, match=NOT_UNIQUE):
            connection.execute(text("insert into free_block (pool_id, level, first) values (1, 3, :first)"), row)

    def test_a_device_serves_one_line_at_a_time(self, connection: Connection) -> None:
        device = (
            "insert into device (line_id, kind, serial, platform, since, until) "
            "values (:line, :kind, 'S1', 'linux_cpe', '2026-11-23 11:00:00', :until)"
        )
        connection.execute(text(device), {"line": 1, "kind": "cpe", "until": "2026-11-23 12:00:00"})
        connection.execute(text(device), {"line": 2, "kind": "cpe", "until": None})
        connection.execute(text(device), {"line": 3, "kind": "ont", "until": None})
        with pytest.raises(IntegrityError, match=NOT_UNIQUE):
            connection.execute(text(device), {"line": 4, "kind": "cpe", "until": None})


class Values:
    """What is written comes back; a class that inherits this has a fixture `connection`, as above."""

    @pytest.mark.parametrize("number", [0, 1, 2**31, 2**63 - 1, 2**63, 2**64 + 1, 0x20010DB8 << 96, 2**128 - 1])
    def test_a_number_of_128_bits_comes_back(self, connection: Connection, number: int) -> None:
        connection.execute(FREE_BLOCK.insert().values(pool_id=1, level=0, first=number))
        query = FREE_BLOCK.select().where(FREE_BLOCK.c.first == number)
        [row] = connection.execute(query).all()
        assert (type(row.first), row.first) == (int, number)

    def test_numbers_of_128_bits_sort_as_numbers(self, connection: Connection) -> None:
        numbers = [2**128 - 1, 9, 10, 2**64, 2**63, 0, 2**100]
        for number in numbers:
            connection.execute(FREE_BLOCK.insert().values(pool_id=1, level=0, first=number))
        rows = connection.execute(FREE_BLOCK.select().order_by(FREE_BLOCK.c.first)).all()
        assert [row.first for row in rows] == sorted(numbers)

    @pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=9, minutes=30))])
    def test_a_moment_comes_back_in_utc(self, connection: Connection, zone: timezone) -> None:
        moment = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=zone)
        values = {"line_id": 1, "kind": "cpe", "serial": "S", "platform": "linux_cpe", "since": moment, "until": None}
        connection.execute(DEVICE.insert().values(values))
        [row] = connection.execute(DEVICE.select()).all()
        assert row.since == moment
        assert row.since.tzinfo is UTC
        assert row.until is None

    def test_a_moment_without_a_zone_is_not_written(self, connection: Connection) -> None:
        values = {"line_id": 1, "kind": "cpe", "serial": "S", "platform": "x", "since": datetime(2026, 3, 29)}  # noqa: DTZ001
        with pytest.raises(Exception, match="in which zone"):
            connection.execute(DEVICE.insert().values(values))

    @pytest.mark.parametrize("line", ["L-0", "L-10", "L-2147483648", "L-999999999999999999"])
    def test_a_line_number_of_any_size_can_be_looked_up(self, connection: Connection, line: str) -> None:
        assert lines.find_line(connection, line) is None
