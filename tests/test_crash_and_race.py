"""Processes that are killed, that race, and that find no room, no lock or no permission."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import yaml
from books import assert_books_balance
from forked import Forked
from forms import FormData, minimal
from permissions import NO_PRIVILEGES, with_permissions
from sqlalchemy import text
from test_migrations import make_store
from worlds import NOON, ROOT, Answer, Command, World, soaked

from provisioning.catalogue import FORMULAS
from provisioning.orders.read import read
from provisioning.store import assignments, lines
from provisioning.store.engine import FILE_NAME, Store
from provisioning.workflows.accept_order import accept_order

EXAMPLES = ROOT / "examples" / "orders"
ONE_ORDER = EXAMPLES / "fullfiber-extended.yaml"
NUMBERS = {read(path).order for path in EXAMPLES.glob("*.yaml")}
PATIENCE = 60.0
"""Seconds that a test waits for a process before it calls it stuck."""


def orders(folder: Path, numbers: Sequence[int]) -> Path:
    """Write new orders into a folder."""
    folder.mkdir()
    for number in numbers:
        form: FormData = minimal(FORMULAS["fullfiber-extended"])
        form |= {"order": f"PX-2026-{number:06d}", "cpe": {"platform": "linux_cpe", "serial": f"LX{number}"}}
        form["ont"]["serial"] = f"HWTC{number:08d}"
        form["options"] = {"ip_pack": {"addresses": 4}}
        (folder / f"{number}.yaml").write_text(yaml.safe_dump(form), "utf-8")
    return folder


@contextmanager
def opened(state: Path) -> Iterator[World]:
    store = Store.open(state, now=NOON, lock_timeout=5)
    yield World(store)
    store.close()


def held(world: World) -> dict[str, set[tuple[str, int]]]:
    """What each order's line holds, by role and size."""
    with world.store.read() as connection:
        by_line = {
            order.number: assignments.held_by(connection, line.id)
            for line in lines.list_lines(connection)
            for order in lines.orders_of(connection, line.id)
        }
    return {number: {(each.role, each.block.size) for each in found} for number, found in by_line.items()}


def assert_whole(state: Path, numbers: set[str]) -> None:
    """Each order has exactly one line with one record, and no block is lost, doubled or orphaned."""
    with opened(state) as world, world.store.read() as connection:
        found = lines.list_lines(connection)
        records = {line.id: [order.number for order in lines.orders_of(connection, line.id)] for line in found}
        assert sorted(map(tuple, records.values())) == sorted((number,) for number in numbers)
        assert_books_balance(connection)
        owners = {each.line for each in assignments.list_assignments(connection)}
        assert owners == set(records)


def wait_for(path: Path, process: Forked) -> None:
    """Wait until a file is there, or the process has ended."""
    deadline = time.monotonic() + PATIENCE
    while not path.exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)  # short beside the moments that are tried, and the process gets the CPU


def finished(process: Forked) -> Answer:
    stdout, stderr = process.communicate(timeout=PATIENCE)
    return Answer(process.wait(), stdout.decode(), stderr.decode())


# --- killed --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def expected() -> dict[str, set[tuple[str, int]]]:
    """What the example orders hold when nobody disturbs them."""
    store = Store.in_memory()
    world = World(store)
    for path in sorted(EXAMPLES.glob("*.yaml")):
        assert accept_order(read(path), world.around).accepted
    found = held(world)
    store.close()
    return found


@pytest.mark.parametrize("seed", range(soaked(12, 50)))
def test_a_process_that_is_killed_leaves_nothing_half_done(
    proviso: Command, expected: dict[str, set[tuple[str, int]]], seed: int
) -> None:
    """Most moments are chosen after the store has appeared: before that, nothing can be left."""
    chance = random.Random(seed)
    process = proviso.fork("order", "accept", EXAMPLES)
    if seed % 4:
        wait_for(proviso.state / FILE_NAME, process)
        # Not waited for anything: the moment of the kill is what is tried.
        time.sleep(chance.uniform(0, 0.7))
    else:
        time.sleep(chance.uniform(0, 1.5))
    process.send_signal(signal.SIGKILL)
    finished(process)
    if (proviso.state / FILE_NAME).exists():
        with opened(proviso.state) as world, world.store.read() as connection:
            assert_books_balance(connection)
    answer = proviso("order", "accept", EXAMPLES, "--json")
    assert answer.code == 0, answer.stderr
    assert_whole(proviso.state, NUMBERS)
    with opened(proviso.state) as world:
        assert held(world) == expected


# --- racing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", range(soaked(2, 20)))
def test_two_that_accept_one_order_at_once_end_with_one_line(proviso: Command, round_: int) -> None:
    pair = [proviso.fork("order", "accept", ONE_ORDER, "--json") for _ in range(2)]
    answers = [finished(each) for each in pair]
    assert [each.code for each in answers] == [0, 0], answers
    said = [each.json["orders"][0] for each in answers]
    assert [each["line"] for each in said] == ["L-1", "L-1"]
    assert sorted(each["known"] for each in said) == [False, True]
    assert said[0]["addressed_intent"] == said[1]["addressed_intent"]
    assert_whole(proviso.state, {read(ONE_ORDER).order})


def test_two_that_accept_forty_orders_at_once_get_all_of_them(proviso: Command, tmp_path: Path) -> None:
    halves = [orders(tmp_path / "even", range(0, 40, 2)), orders(tmp_path / "odd", range(1, 40, 2))]
    pair = [proviso.fork("order", "accept", folder, "--json") for folder in halves]
    answers = [finished(each) for each in pair]
    assert [each.code for each in answers] == [0, 0], answers
    assert len({order["line"] for each in answers for order in each.json["orders"]}) == 40
    assert_whole(proviso.state, {f"PX-2026-{number:06d}" for number in range(40)})


# --- locked --------------------------------------------------------------------------------------------------------


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Hold the write lock as another process would."""
    with closing(sqlite3.connect(state / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("begin immediate")
        yield
        connection.execute("rollback")


@pytest.fixture
def filled(proviso: Command) -> Command:
    """A state directory with one line in its store."""
    with opened(proviso.state) as world:
        assert accept_order(read(ONE_ORDER), world.around).accepted
    return proviso


def assert_one_block(answer: Answer, code: int) -> None:
    """An error is told once, in one block, without a traceback."""
    assert answer.code == code, answer.stderr
    error, *rest = answer.stderr.splitlines()
    assert error.startswith("error: ")
    assert "this should not happen" not in error
    assert [line.partition(":")[0] for line in rest] in (["  where", "  what to do"], ["  what to do"])
    assert "Traceback" not in answer.stderr


def test_a_locked_store_is_told_and_left_alone(filled: Command) -> None:
    started = time.monotonic()
    with locked(filled.state):
        answer = filled(
            "order", "accept", EXAMPLES / "fullfiber.yaml", environment={"PROVISO_LOCK_TIMEOUT_SECONDS": "0.5"}
        )
        readers = filled("line", "list", "--json")
    assert_one_block(answer, 3)
    assert "another process holds the store" in answer.stderr
    assert time.monotonic() - started < PATIENCE / 2
    assert (readers.code, readers.json["total"]) == (0, 1)
    assert_whole(filled.state, {read(ONE_ORDER).order})


def test_a_locked_store_is_waited_for(filled: Command) -> None:
    with locked(filled.state):
        process = filled.fork("order", "accept", EXAMPLES / "fullfiber.yaml", "--json")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=3)
    answer = finished(process)
    assert (answer.code, answer.json["orders"][0]["line"]) == (0, "L-2")


# --- no room -------------------------------------------------------------------------------------------------------


KIB = 1024


def test_a_full_disk_is_told_and_the_store_stays_readable(filled: Command) -> None:
    answer = filled("order", "accept", EXAMPLES / "fullfiber.yaml", file_size=8 * KIB)
    assert_one_block(answer, 3)
    assert_whole(filled.state, {read(ONE_ORDER).order})
    assert filled("order", "accept", EXAMPLES / "fullfiber.yaml").code == 0


def test_a_full_disk_at_the_first_use_is_told(proviso: Command) -> None:
    assert_one_block(proviso("order", "accept", ONE_ORDER, file_size=8 * KIB), 3)
    assert proviso("order", "accept", ONE_ORDER).code == 0
    assert_whole(proviso.state, {read(ONE_ORDER).order})


def test_a_full_disk_at_the_backup_is_told_and_nothing_is_migrated(proviso: Command) -> None:
    make_store(proviso.state, "0001")
    size = (proviso.state / FILE_NAME).stat().st_size
    # SQLite keeps 32 KiB of its own beside a store that is read.
    assert size > 40 * 1024
    assert_one_block(proviso("line", "list", file_size=40 * KIB), 3)
    with closing(sqlite3.connect(proviso.state / FILE_NAME)) as connection:
        assert connection.execute("select version_num from alembic_version").fetchone() == ("0001",)
    answer = proviso("line", "list", "--json")
    assert (answer.code, answer.json["total"]) == (0, 1)
    for backup in proviso.state.glob("*.backup"):
        with closing(sqlite3.connect(backup)) as connection:
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
            assert connection.execute("select count(*) from line").fetchone() == (1,), "it looks like a backup"


@pytest.mark.parametrize("arguments", [("catalogue",), ("catalogue", "--json"), ("--help",)], ids=" ".join)
def test_a_full_disk_under_the_answer_is_told(proviso: Command, arguments: tuple[str, ...]) -> None:
    to_full = ("bash", "-c", 'exec "$@" >/dev/full', "-")
    assert_one_block(proviso(*arguments, before=to_full), 3)


# --- no store ------------------------------------------------------------------------------------------------------


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def truncated(path: Path) -> None:
    os.truncate(path, 8192)


def overwritten(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 100_000)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [garbage, truncated, overwritten, a_folder], ids=lambda each: each.__name__)
def test_a_damaged_store_is_told(filled: Command, damage: object) -> None:
    assert callable(damage)
    damage(filled.state / FILE_NAME)
    assert_one_block(filled("line", "list"), 3)
    assert_one_block(filled("order", "accept", EXAMPLES / "fullfiber.yaml"), 3)


@pytest.mark.parametrize("below", [False, True], ids=["in its place", "above it"])
def test_a_file_where_the_state_should_be_is_told(tmp_path: Path, below: bool) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    command = Command(tmp_path / "file" / "state" if below else tmp_path / "file")
    assert_one_block(command("order", "accept", ONE_ORDER), 3)
    assert (tmp_path / "file").read_text("utf-8") == "mine"
    listed = command("line", "list")
    if below:
        assert listed.code == 0, "there is no state yet, and no lines"
    else:
        assert_one_block(listed, 3)


@with_permissions
@pytest.mark.parametrize("arguments", [("line", "list"), ("order", "plan", ONE_ORDER), ("order", "accept", ONE_ORDER)])
@pytest.mark.parametrize("mode", [0o000, 0o555], ids=["closed", "read-only"])
def test_a_state_that_others_own_is_told(filled: Command, arguments: tuple[str | Path, ...], mode: int) -> None:
    for path in (*filled.state.iterdir(), filled.state):
        path.chmod(mode & (0o777 if path.is_dir() else 0o666))
    try:
        answer = filled(*arguments, before=NO_PRIVILEGES)
    finally:
        filled.state.chmod(0o700)
        (filled.state / FILE_NAME).chmod(0o600)
    if answer.code == 0:
        assert (mode, arguments[-1]) == (0o555, "list"), "looking needs no more than reading"
    else:
        assert_one_block(answer, 3)


@with_permissions
def test_a_form_that_others_own_is_told(proviso: Command, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "order.yaml").write_text("order: PX-1", "utf-8")
    folder.chmod(0)
    try:
        answer = proviso("order", "check", folder / "order.yaml", before=NO_PRIVILEGES)
    finally:
        folder.chmod(0o700)
    assert_one_block(answer, 3)


# --- asked to stop -------------------------------------------------------------------------------------------------


def test_a_process_that_is_asked_to_stop_says_so_and_leaves_nothing_half_done(
    proviso: Command, tmp_path: Path
) -> None:
    process = proviso.fork("order", "accept", orders(tmp_path / "orders", range(60)))
    wait_for(proviso.state / FILE_NAME, process)
    process.send_signal(signal.SIGINT)
    answer = finished(process)
    assert answer.code in (0, 4)
    if answer.code == 4:
        assert "error: interrupted" in answer.stderr
    assert "Traceback" not in answer.stderr
    with opened(proviso.state) as world, world.store.read() as connection:
        assert_books_balance(connection)
        count = connection.execute(text("select count(*) from service_order")).scalar_one()
        assert lines.count_lines(connection) == count
    assert json.loads(proviso("line", "list", "--json").stdout)["total"] == count
