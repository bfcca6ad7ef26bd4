"""This process as one that carries out runs: whose runs are whose, what is done once, and what is written down."""

import base64
import binascii
import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from canaries import disguises
from dbos import SetWorkflowID
from executor_scripts import ACTIVATE, COUNTING, ESSENTIAL, alive, be, script
from labs import eventually
from routers import SERIAL, Scene
from worlds import NOON, Command, World

from provisioning.errors import DeviceRefused, EnvironmentTrouble
from provisioning.model.run import Run, RunState
from provisioning.store.engine import FILE_NAME, Store
from provisioning.workflows import executor as executors
from provisioning.workflows.attempt import Attempt, take_up
from provisioning.workflows.carry_out import carry_out
from provisioning.workflows.scope_lock import is_held

CANARY = "Kanarie-Zaak 81c7 & Zonen"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    state = tmp_path / "state"
    store = Store.open(state, now=NOON, lock_timeout=20)
    yield World(store, state=state)
    store.close()


# --- who is who ----------------------------------------------------------------------------------------------------


def test_two_processes_at_once_have_ids_of_their_own_and_hold_them_to_their_end(world: World) -> None:
    with alive(world.state) as (one, first), alive(world.state) as (other, _):
        assert one != other
        assert is_held(world.state, one)
        first.kill()
        first.wait()
        assert not is_held(world.state, one)
        assert is_held(world.state, other)


def test_the_id_of_a_process_that_lives_cannot_be_taken_over(world: World) -> None:
    with alive(world.state) as (identifier, process):
        with pytest.raises(EnvironmentTrouble, match="still lives"), be(world, identifier):
            pass
        process.kill()
        process.wait()
        with be(world, identifier) as up:
            assert up.id == identifier
    assert not is_held(world.state, identifier)


def test_within_an_executor_there_is_no_other(world: World) -> None:
    with be(world) as one:
        with be(world) as other:
            assert other is one
        assert executors.current() is one
    with pytest.raises(RuntimeError, match="no executor"):
        executors.current()


def test_a_database_that_cannot_be_used_is_told_by_its_name(world: World) -> None:
    (world.state / executors.FILE_NAME).write_bytes(b"this is no database at all" * 100)
    with pytest.raises(EnvironmentTrouble, match="cannot be used") as caught, be(world):
        pass
    assert caught.value.where.endswith(executors.FILE_NAME)


# --- carried on ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("killed_in", [1, 2, 4])
def test_what_a_killed_process_has_done_is_not_done_again(world: World, tmp_path: Path, killed_in: int) -> None:
    count = tmp_path / "count"
    with script(COUNTING, world.state, count, str(killed_in), "") as process:
        identifier = process.stdout.readline().decode().strip()
    assert process.returncode == -signal.SIGKILL
    with script(COUNTING, world.state, count, "none", identifier) as successor:
        output, complaints = successor.communicate(timeout=60)
    assert (successor.returncode, output.strip()) == (0, identifier.encode()), complaints
    before = list(range(1, killed_in + 1))
    assert [int(line) for line in count.read_text().split()] == [*before, *range(killed_in, 5)]


@pytest.mark.parametrize("stage", ["prove", "record"])
def test_a_killed_run_is_carried_on_by_the_command_and_does_not_repeat_itself(
    world: World, proviso: Command, stage: str
) -> None:
    with script(ACTIVATE, world.state, ESSENTIAL, stage) as process:
        told, complaints = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, complaints
    assert told.decode().split()[-1] == stage
    shown = proviso("run", "show", "R-1", "--json").json["run"]
    assert (shown["state"], shown["left"]) == ("running", True)
    resumed = proviso("run", "resume")
    assert resumed.code == 0, resumed.stderr
    assert "recorded" in resumed.stdout
    assert ("  prove " in resumed.stderr) == (stage == "prove")
    assert "  record " in resumed.stderr
    shown = proviso("run", "show", "R-1", "--json").json["run"]
    assert (shown["state"], shown["left"]) == ("recorded", False)
    assert "Nothing is left" in proviso("run", "resume").stdout


def test_a_line_is_not_worked_on_by_another_run_until_the_killed_one_has_ended(world: World, proviso: Command) -> None:
    with script(ACTIVATE, world.state, ESSENTIAL, "prove") as process:
        process.communicate(timeout=60)
    again = proviso("order", "activate", ESSENTIAL, "--json")
    assert again.code == 0, again.stderr
    runs = {each["id"]: each["state"] for each in proviso("run", "list", "--json").json["runs"]}
    assert runs == {"R-1": "recorded", "R-2": "recorded"}


def test_a_run_is_followed_to_its_end_from_another_process(world: World, proviso: Command) -> None:
    with script(ACTIVATE, world.state, ESSENTIAL, "prove") as process:
        process.communicate(timeout=60)
    with proviso.fork("run", "watch", "--json") as watching:
        first = json.loads(watching.stdout.readline())
        assert (first["run"], first["state"]) == ("R-1", "running")
        assert proviso("run", "resume").code == 0
        moves = [json.loads(line) for line in watching.stdout]
    assert watching.returncode == 0
    assert moves[-1]["state"] == "recorded"
    assert [json.loads(line) for line in proviso("run", "watch", "R-1", "--json").stdout.splitlines()] == moves[-1:]
    assert proviso("run", "watch").stdout == "No run is under way.\n"
    assert proviso("run", "watch", "R-2").code == 2


def test_a_store_that_was_made_anew_beside_old_steps_goes_through_all_of_them(proviso: Command) -> None:
    stages = []
    for _ in range(2):
        answer = proviso("order", "activate", ESSENTIAL, "--json")
        assert answer.code == 0, answer.stderr
        run = answer.json["orders"][0]["run"]
        assert (run["id"], run["state"]) == ("R-1", "recorded")
        assert run["checks"]
        with closing(sqlite3.connect(proviso.state / FILE_NAME)) as store:
            [(found,)] = store.execute("select stages from run").fetchall()
        stages.append([each["stage"] for each in json.loads(found)])
        for path in proviso.state.glob(f"{FILE_NAME}*"):
            path.unlink()
    assert stages[0] == stages[1] == ["prove", "record"]


# --- what is written and printed -----------------------------------------------------------------------------------


def cells(path: Path) -> list[bytes]:
    """All that a database holds, cell by cell."""
    found = []
    with closing(sqlite3.connect(path)) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in database.execute(f'select * from "{table}"').fetchall():
                found += [each if isinstance(each, bytes) else str(each).encode() for each in row if each is not None]
    return found


def decoded(cell: bytes) -> Iterator[bytes]:
    """A cell, and what it holds in whatever encoding it may be."""
    yield cell
    for decode in (lambda data: base64.b64decode(data, validate=True), binascii.unhexlify):
        try:
            yield decode(cell)
        except ValueError:
            continue
    try:
        yield json.dumps(json.loads(cell), ensure_ascii=False).encode()
    except ValueError:
        return


def assert_not_in(path: Path, *secrets: str) -> None:
    seen = [each for cell in cells(path) for each in decoded(cell)]
    assert seen
    for secret in secrets:
        for disguise in disguises(secret):
            assert not any(disguise in each for each in seen), secret
            # What was deleted may still stand in a page, or in the write-ahead log.
            for file in path.parent.glob(f"{path.name}*"):
                assert disguise not in file.read_bytes()


def test_nothing_of_a_customer_or_a_device_is_in_the_steps(world: World) -> None:
    scene = Scene(world)
    scene.device.raises["apply"] = [DeviceRefused(f"dnsmasq: {CANARY}", where=SERIAL)]
    with be(world) as up:
        first = scene.carry_out(scene.begin(), up)
        second = scene.carry_out(scene.begin(), up)
    assert (first.state, second.state) == (RunState.FAILED, RunState.WENT_BACK)
    assert first.trouble is not None
    assert CANARY in first.trouble.message
    target = scene.target()
    assert_not_in(
        world.state / executors.FILE_NAME,
        CANARY,
        SERIAL,
        target.product.customer,
        target.product.site,
        str(target.addressed.fixed_ipv4),
        str(target.addressed.management),
    )


class Broken(Attempt):
    """An attempt that fails where no step can tell anybody."""

    def now(self) -> Run:
        raise ValueError(CANARY)


def test_a_mistake_in_a_step_is_written_down_by_its_kind_alone(world: World) -> None:
    run = Scene(world).begin()
    taken = take_up(run, world.around, lambda stage, text: None)
    with be(world) as up:
        up.attempts[run] = Broken(taken.run, taken.previous, taken.around, taken.tell)
        with pytest.raises(Exception), SetWorkflowID(f"{run}/1"):  # noqa: B017 - whatever DBOS makes of it
            carry_out(run, taken.run.kind.value)
    assert_not_in(world.state / executors.FILE_NAME, CANARY)


def test_the_key_of_a_customer_is_not_in_the_steps_and_the_library_says_nothing(
    proviso: Command, tmp_path: Path
) -> None:
    form = yaml.safe_load(ESSENTIAL.read_text("utf-8"))
    form["customer"]["name"] = CANARY
    path = tmp_path / "order.yaml"
    path.write_text(yaml.safe_dump(form), "utf-8")
    answer = proviso("order", "activate", path)
    assert answer.code == 0, answer.stderr
    assert_not_in(proviso.state / executors.FILE_NAME, CANARY, form["site"]["address"])
    assert answer.stderr.splitlines()
    for line in answer.stderr.splitlines():
        assert line.startswith((form["order"], "`proviso run show")), line
    assert "dbos" not in (answer.stdout + answer.stderr).lower()


def test_the_steps_are_the_users_own(proviso: Command) -> None:
    before = os.umask(0)
    try:
        assert proviso("order", "activate", ESSENTIAL).code == 0
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in proviso.state.glob("steps*")}
    assert modes
    assert set(modes.values()) == {0o600}, modes
    assert eventually(lambda: not list((proviso.state / "locks").glob("executor-*")))
