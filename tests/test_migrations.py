"""The store through its versions: what is written survives, and what goes wrong leaves the old store as it was."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from worlds import NOON, Command, soaked

import provisioning.store.migrations
from provisioning.errors import StoreTooNew
from provisioning.model.line import Device
from provisioning.store import lines, migrate
from provisioning.store.engine import FILE_NAME, Store
from provisioning.store.tables import DEVICE, METADATA

FOLDER = Path(next(iter(provisioning.store.migrations.__path__)))
CUSTOMER = "Fleuriste « Pétale Bavard »"
FORM = {"order": "PX-2026-000001", "customer": {"name": CUSTOMER}, "options": {"mobile_backup": None}}


# --- the folder ----------------------------------------------------------------------------------------------------


def test_the_head_is_the_newest_in_the_folder_and_no_revision_is_forgotten() -> None:
    folder = ScriptDirectory(str(FOLDER))
    assert folder.get_heads() == [migrate.HEAD]
    assert tuple(each.revision for each in folder.walk_revisions())[::-1] == migrate.REVISIONS


def test_the_migrated_tables_are_those_that_the_code_works_with() -> None:
    store = Store.in_memory()
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
        migrated = shape(connection)
    store.close()
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        assert shape(connection) == migrated
    engine.dispose()


def shape(connection: Connection) -> dict[str, Any]:
    """All that a database says of its tables, which is more than Alembic compares."""
    inspector = inspect(connection)

    def of(table: str) -> dict[str, Any]:
        return {
            "columns": [(each["name"], str(each["type"]), each["nullable"]) for each in inspector.get_columns(table)],
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": by_name(inspector.get_foreign_keys(table)),
            "unique": by_name(inspector.get_unique_constraints(table)),
            "checks": by_name(inspector.get_check_constraints(table)),
            "indexes": [(each, predicate(each)) for each in by_name(inspector.get_indexes(table))],
        }

    return {table: of(table) for table in sorted(inspector.get_table_names()) if table != "alembic_version"}


def predicate(index: dict[str, Any]) -> str:
    """Take out of an index the rows that it is for."""
    return str(index.pop("dialect_options", {}).get("sqlite_where"))


def by_name(found: Any) -> list[Any]:
    return sorted(found, key=lambda each: str(each["name"]))


# --- from an old store ---------------------------------------------------------------------------------------------


@contextmanager
def raw(state: Path) -> Iterator[Connection]:
    """A store's file past our own code."""
    engine = create_engine(f"sqlite:///{state / FILE_NAME}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def make_store(state: Path, revision: str) -> None:
    """Make a store as an earlier version left it, with a line, an order and a device."""
    state.mkdir(mode=0o700)
    with raw(state) as connection:
        connection.exec_driver_sql("pragma journal_mode = wal")
        migrate.upgrade(connection, revision)
        line = lines.add_line(connection, formula="fullfiber", customer=CUSTOMER, site="1 Rue", form=FORM, now=NOON)
        lines.add_order(
            connection, number="PX-1", line=line, kind="new", digest="d", form=FORM, warnings=("renumbered",), now=NOON
        )
        device = Device("ont", "HWTC00000001", "huawei_smartax", "olt-brussels-1", "0/1/0", NOON, None)
        lines.set_devices(connection, line, [device], NOON)


def assert_content(connection: Connection) -> None:
    line = lines.need_line(connection, "L-1")
    [order] = lines.orders_of(connection, "L-1")
    [device] = lines.devices_of(connection, "L-1")
    assert (line.customer, line.form, line.created_at) == (CUSTOMER, FORM, NOON)
    assert (order.number, order.form, order.warnings, order.accepted_at) == ("PX-1", FORM, ("renumbered",), NOON)
    assert (device.serial, device.port, device.since) == ("HWTC00000001", "0/1/0", NOON)


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A state directory whose store stands at the first migration."""
    make_store(tmp_path / "state", "0001")
    return tmp_path / "state"


def backups(state: Path) -> list[Path]:
    return sorted(state.glob("*.backup"))


def test_an_old_store_is_brought_up_to_date_with_all_it_holds(old: Path) -> None:
    store = Store.open(old, now=NOON, lock_timeout=5)
    with store.read() as connection:
        assert migrate.revision_of(connection) == migrate.HEAD
        assert_content(connection)
    store.close()
    [backup] = backups(old)
    assert backup.name == "proviso.0001.20261123T110000Z.backup"


def test_the_backup_is_the_old_store_and_nobody_elses_business(old: Path, proviso: Command) -> None:
    before = content(old / FILE_NAME)
    answer = proviso("line", "list", "--json")
    assert (answer.code, answer.json["lines"][0]["customer"]) == (0, CUSTOMER)
    [backup] = backups(old)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert content(backup) == before
    assert content(old / FILE_NAME) != before


def test_a_store_of_today_is_not_backed_up(old: Path) -> None:
    for _ in range(2):
        Store.open(old, now=NOON, lock_timeout=5).close()
    assert len(backups(old)) == 1


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path, proviso: Command) -> None:
    state = tmp_path / "state"
    make_store(state, migrate.HEAD)
    with raw(state) as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    before = hashlib.sha256((state / FILE_NAME).read_bytes()).hexdigest()
    with pytest.raises(StoreTooNew, match="migration 9999, this version knows"):
        Store.open(state, now=NOON, lock_timeout=5)
    answer = proviso("line", "list")
    assert answer.code == 3
    assert "later version" in answer.stderr
    assert hashlib.sha256((state / FILE_NAME).read_bytes()).hexdigest() == before
    assert not backups(state)


# --- when something goes wrong -------------------------------------------------------------------------------------

DIE = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from worlds import NOON
from provisioning.store.engine import Store

left = int(sys.argv[2])

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def count(_connection, _cursor, statement, *_):
    global left
    if statement.lstrip().lower().startswith(("create", "insert")):
        left -= 1
        if left == 0:
            die()

event.listen(Engine, "after_cursor_execute", count)
event.listen(Engine, "commit", die)
Store.open(Path(sys.argv[1]), now=NOON, lock_timeout=5)
"""


def python(script: str, *arguments: str | Path) -> list[str]:
    """A command that runs a script with the tests' modules at hand."""
    path = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    return [sys.executable, "-c", path + script, *map(str, arguments)]


@pytest.mark.parametrize("statement", [1, 9, 1000], ids=["at the first", "in the middle", "before the commit"])
def test_a_killed_migration_leaves_the_old_store(old: Path, statement: int) -> None:
    before = content(old / FILE_NAME)
    killed = subprocess.run(python(DIE, old, str(statement)), check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert content(old / FILE_NAME) == before
    store = Store.open(old, now=NOON, lock_timeout=5)
    with store.read() as connection:
        assert migrate.revision_of(connection) == migrate.HEAD
        assert_content(connection)
    store.close()


def test_a_killed_beginning_leaves_a_store_that_can_begin_again(tmp_path: Path) -> None:
    killed = subprocess.run(python(DIE, tmp_path / "state", "12"), check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    store = Store.open(tmp_path / "state", now=NOON, lock_timeout=5)
    with store.read() as connection:
        assert migrate.revision_of(connection) == migrate.HEAD
        assert connection.execute(DEVICE.select()).all() == []
    store.close()


OPEN = """
import sys
from pathlib import Path
from worlds import NOON
from provisioning.store.engine import Store

print("ready", flush=True)
for line in sys.stdin:
    try:
        Store.open(Path(line.strip()), now=NOON, lock_timeout=20).close()
        print("opened", flush=True)
    except Exception as error:
        print(repr(error), flush=True)
"""


@pytest.mark.parametrize("revision", [None, "0001"], ids=["fresh", "old"])
def test_two_processes_may_open_a_store_at_once(tmp_path: Path, revision: str | None) -> None:
    pair = [subprocess.Popen(python(OPEN), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in "ab"]
    try:
        assert [answer(each) for each in pair] == ["ready", "ready"]
        for number in range(soaked(15, 200)):
            state = tmp_path / str(number)
            if revision is not None:
                make_store(state, revision)
            for each in pair:
                tell(each, str(state))
            assert [answer(each) for each in pair] == ["opened", "opened"]
            assert len(backups(state)) == (0 if revision is None else 1)
    finally:
        for each in pair:
            each.communicate()


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_state_directory_and_all_in_it_are_the_users_own(tmp_path: Path, proviso: Command) -> None:
    """A umask that lets everybody in changes nothing."""
    before = os.umask(0)
    try:
        assert proviso("pool", "add", "more", "8.8.8.0/24", "--purpose", "ip-pack").code == 0
    finally:
        os.umask(before)
    state = tmp_path / "state"
    assert state.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in state.iterdir()} == {0o600}
