"""Lists that are read past SQLAlchemy and the models: the same as what the store says, and nothing more is read."""

import io
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from test_runs import CHANGE, VERDICT, accepted, product_of
from worlds import NOON, Command, World

from provisioning.cli import output, show_run
from provisioning.cli.json_values import plain
from provisioning.cli.plain_table import plain_table
from provisioning.cli.rich_tables import rich_table
from provisioning.errors import UnknownName
from provisioning.model.backup import BackupCause
from provisioning.model.run import RunKind, RunStage, RunState, Snapshot, Trouble
from provisioning.store import backups, lines, run_changes, runs
from provisioning.store.engine import FILE_NAME
from provisioning.store.glance import Glance, open_glance

RUNS = 120


@pytest.fixture
def busy(world_on_disk: World, tmp_path: Path) -> World:
    """A store with a line whose runs ended in different ways, the last one proven, and one under way."""
    acceptance = accepted(world_on_disk, channel=36)
    assert acceptance.addressed is not None
    snapshot = Snapshot(product_of(acceptance), acceptance.addressed)
    with world_on_disk.store.write() as connection:
        for number in range(RUNS):
            run = runs.begin_run(
                connection,
                line="L-1",
                order=f"PX-{number}",
                kind=RunKind.ACTIVATE,
                scope=f"LX{number}",
                executor="executor-1",
                target=snapshot,
                now=NOON,
            )
            if number == RUNS - 1:
                break
            if number % 2:
                runs.keep_snapshot(connection, run, snapshot, None)
                run_changes.keep_router_change(connection, run, CHANGE)
                runs.turn_back(connection, run, Trouble("rejected", "it does not want it"))
                runs.enter_stage(connection, run, RunStage.PROVE, NOON)
                runs.keep_verdict(connection, run, VERDICT, None)
            runs.end_run(connection, run, RunState.PROVEN if number % 2 else RunState.FAILED, "ended", NOON)
    return world_on_disk


def look(state: Path) -> Glance:
    found = open_glance(state)
    assert found is not None
    return found


def test_a_list_says_what_the_store_says(busy: World, tmp_path: Path) -> None:
    with busy.store.read() as connection:
        told = [show_run.run_data(each) for each in runs.list_runs(connection)]
        expected = [plain({key: value for key, value in each.items() if key != "changes"}) for each in told]
    seen = look(tmp_path / "state")
    assert [plain(show_run.listed_data(each)) for each in seen.whole_runs(limit=1000)] == expected
    for light, whole in zip(seen.runs(limit=1000), seen.whole_runs(limit=1000), strict=True):
        assert light == whole.run
    seen.close()


def test_pages_follow_each_other(busy: World, tmp_path: Path) -> None:
    seen = look(tmp_path / "state")
    first = seen.runs(limit=50)
    second = seen.runs(limit=50, after=first[-1].id)
    third = seen.runs(limit=50, after=second[-1].id, line="L-1")
    assert [each.id for each in (*first, *second, *third)] == [f"R-{number}" for number in range(RUNS, 0, -1)]
    assert seen.runs(limit=50, line="L-2") == []
    seen.close()


@pytest.mark.parametrize("name", ["R-999", "7", "R-", "r-1", "R-9999999999999999999", "", "R-1; drop table run"])
def test_a_name_that_is_none_is_told(busy: World, tmp_path: Path, name: str) -> None:
    seen = look(tmp_path / "state")
    with pytest.raises(UnknownName, match="there is no run"):
        seen.need_run(name)
    with pytest.raises(UnknownName, match="there is no line"):
        seen.need_line(name)
    seen.need_run("R-1")
    seen.need_line("L-1")
    seen.close()


@pytest.mark.parametrize(
    "typed", ["", "R", "R-", "R-1", "R-12", "R-120", "R-121", "R-0", "r", "L-1", "R-x", "R-1" * 9]
)
def test_ids_complete_by_what_they_begin_with(busy: World, tmp_path: Path, typed: str) -> None:
    seen = look(tmp_path / "state")
    expected = {f"R-{number}" for number in range(1, RUNS + 1) if f"R-{number}".startswith(typed)}
    found = [run for run, _, _ in seen.complete_run(typed, limit=1000)]
    assert set(found) == expected and len(found) == len(expected)
    assert len(seen.complete_run(typed, limit=5)) == min(5, len(expected))
    assert [line for line, _ in seen.complete_line(typed, limit=5)] == (["L-1"] if "L-1".startswith(typed) else [])
    seen.close()


@pytest.mark.parametrize(("typed", "expected"), [("", ["B-2", "B-1"]), ("B-2", ["B-2"]), ("B-3", []), ("x", [])])
def test_nights_complete_by_what_they_begin_with(busy: World, tmp_path: Path, typed: str, expected: list[str]) -> None:
    with busy.store.write() as connection:
        for night in range(2):
            backups.begin_night(connection, BackupCause.NIGHTLY, 1, NOON + timedelta(days=night))
    seen = look(tmp_path / "state")
    assert [night for night, _ in seen.complete_night(typed, limit=5)] == expected
    seen.close()


def test_nothing_is_scanned(busy: World, tmp_path: Path) -> None:
    """Every statement that is run goes by a key or an index, however many runs there are."""
    connection = sqlite3.connect(tmp_path / "state" / FILE_NAME)
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    seen = Glance(connection, "store")
    seen.runs(limit=50, line="L-1")
    seen.runs(limit=50, after="R-60", line="L-1")
    seen.whole_runs(limit=50, after="R-60")
    seen.complete_run("R-1", limit=5)
    seen.complete_line("L-1", limit=5)
    seen.need_run("R-1")
    connection.set_trace_callback(None)
    plans = [str(row[-1]) for each in statements for row in connection.execute(f"explain query plan {each}")]
    assert plans and not [plan for plan in plans if plan.startswith("SCAN") or "TEMP B-TREE" in plan]
    seen.close()


def test_where_there_is_no_store_nothing_is_seen_and_nothing_made(tmp_path: Path) -> None:
    seen = look(tmp_path / "none")
    assert seen.runs(limit=5) == [] and seen.complete_run("", limit=5) == []
    seen.close()
    assert not list(tmp_path.iterdir())


def test_a_store_of_another_version_or_none_at_all_is_left_to_who_can_tell(busy: World, tmp_path: Path) -> None:
    path = tmp_path / "state" / FILE_NAME
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    assert open_glance(tmp_path / "state") is None
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_text("no database\n" * 100, "utf-8")
    assert open_glance(tmp_path / "state") is None


def test_a_look_changes_nothing(busy: World, tmp_path: Path) -> None:
    seen = look(tmp_path / "state")
    assert seen._connection is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        seen._connection.execute("delete from run")
    seen.close()
    with busy.store.read() as connection:
        assert lines.need_line(connection, "L-1")


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_lists_page_by_page(busy: World, tmp_path: Path) -> None:
    command = Command(tmp_path / "state")
    answer = command("run", "list", environment={"COLUMNS": "160"})
    assert answer.code == 0
    assert "R-120" in answer.stdout and "R-70 " not in answer.stdout
    assert "--after R-71" in answer.stderr
    rest = command("run", "list", "--after", "R-3", "--json")
    assert [each["id"] for each in rest.json["runs"]] == ["R-2", "R-1"]
    assert command("run", "list", "--after", "R-1").stdout == "No such runs.\n"
    for wrong in (("--after", "R-999"), ("--line", "L-7")):
        assert command("run", "list", *wrong).code == 2


def test_a_store_of_a_later_version_is_told(busy: World, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "state" / FILE_NAME) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    answer = Command(tmp_path / "state")("run", "list")
    assert answer.code == 3
    assert "later version" in answer.stderr


def test_a_file_that_is_no_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE_NAME).write_text("no database\n" * 100, "utf-8")
    answer = Command(tmp_path / "state")("run", "list", "--json")
    assert answer.code == 3
    assert json.loads(answer.stdout)["error"]["kind"] == "StoreUnusable"


# --- tables without Rich -------------------------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from("aZ09 -_.:é日本ﬀ"), max_size=12)


@given(
    columns=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=4, unique=True),
    data=st.data(),
)
def test_a_plain_table_is_what_rich_would_draw(columns: list[str], data: st.DataObject) -> None:
    row = st.tuples(*(TEXTS for _ in columns))
    rows = data.draw(st.lists(row, max_size=4))
    right = data.draw(st.lists(st.sampled_from(columns), unique=True))
    width = 200
    mine = plain_table(columns, rows, right=right, width=width)
    assert mine is not None
    held = io.StringIO()
    table = rich_table(columns, [[output.styled((text, "")) for text in each] for each in rows], right=right)
    Console(file=held, width=width, highlight=False, markup=False, emoji=False).print(table)
    assert "\n".join((*mine, "")) == held.getvalue()


def test_a_table_that_does_not_fit_is_left_to_rich() -> None:
    assert plain_table(("name",), (("x" * 80,),), right=(), width=80) is None


def test_the_shell_completes_runs(busy: World, tmp_path: Path) -> None:
    words = "proviso run show R-11"
    tab = {"_PROVISO_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "3"}
    answer = Command(tmp_path / "state")(environment=tab)
    assert answer.stdout.split() == [*(f"R-{number}" for number in range(119, 109, -1)), "R-11"]
