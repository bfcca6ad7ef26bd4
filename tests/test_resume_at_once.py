"""Several `proviso run resume` at once, as a person's and a timer's: one carries a run on, the others go on."""

import io
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from contextvars import copy_context
from pathlib import Path

import pytest
from executor_scripts import ACTIVATE, ESSENTIAL, alive, be, script
from worlds import NOON, Command, World

from provisioning.cli.main import run as run_command
from provisioning.model.run import RunState
from provisioning.store import runs
from provisioning.store.engine import Store
from provisioning.workflows.executor import FILE_NAME
from provisioning.workflows.left_runs import left_runs
from provisioning.workflows.resume_runs import resume_runs
from provisioning.workflows.scope_lock import hold_if_free, scope_lock

LEFT = "R-1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with a run whose process was killed."""
    state = tmp_path / "state"
    with script(ACTIVATE, state, ESSENTIAL, "prove") as process:
        _, complaints = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, complaints
    store = Store.open(state, now=NOON, lock_timeout=20)
    yield World(store, state=state)
    store.close()


class TakenOver(io.StringIO):
    """A standard error that is asked whether it is a terminal once it is known what is left, and before it is begun.

    Somebody else takes the runs over in that moment.
    """

    def __init__(self, world: World, stack: ExitStack) -> None:
        super().__init__()
        self._taken = False
        self._world, self._stack = world, stack

    def isatty(self) -> bool:
        if not self._taken:
            self._taken = True
            (left,) = left_runs(self._world.around)
            assert self._stack.enter_context(hold_if_free(self._world.state, left.executor))
        return False


@pytest.mark.parametrize(("more", "says"), [((), "Nothing is left to be carried on.\n"), (("--json",), '"runs": []')])
def test_who_finds_that_another_has_just_taken_all_up_has_nothing_to_do(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], says: str
) -> None:
    with ExitStack() as stack:
        errors = TakenOver(world, stack)
        monkeypatch.setattr(sys, "stderr", errors)
        monkeypatch.setenv("PROVISO_STATE", str(world.state))
        code = copy_context().run(run_command, ["run", "resume", *more])
        assert (code, errors.getvalue()) == (0, "")
        assert says in capsys.readouterr().out
        assert left_runs(world.around) == []
    # When the other one has been killed as well, it is there to be carried on.
    assert [each.id for each in left_runs(world.around)] == [LEFT]


def test_a_run_that_waits_is_carried_on_by_one_and_the_other_one_goes_on(world: World) -> None:
    """Of runs that wait for a device, nobody takes an executor over: whoever has the line carries it on."""
    with world.store.write() as connection:
        runs.end_run(connection, LEFT, RunState.INTERRUPTED, "it waits", NOON)
    (left,) = left_runs(world.around)
    with be(world) as other, scope_lock(world.state, left.line):
        (busy,) = resume_runs([left], world.around, lambda run: lambda stage, text: None, jobs=1)
        assert busy.error is not None, "nobody has taken it up: it is told who is in the way"
        with world.store.write() as connection:
            runs.carry_on(connection, LEFT, other.id)
        assert list(resume_runs([left], world.around, lambda run: lambda stage, text: None, jobs=1)) == []


def test_what_a_killed_process_began_is_carried_on_by_who_takes_it_over_and_by_nobody_else(
    world: World, proviso: Command
) -> None:
    (left,) = left_runs(world.around)
    with ExitStack() as stack:
        for _ in range(3):  # who have nothing to do, and would take what they find in a queue
            stack.enter_context(alive(world.state))
        answer = proviso("run", "resume", "--json")
        (run,) = answer.json["runs"]
        assert (answer.code, run["state"]) == (0, "recorded"), answer.stderr
    with closing(sqlite3.connect(world.state / FILE_NAME)) as steps:
        query = "select executor_id from workflow_status where workflow_uuid like 'R-1/%'"
        assert steps.execute(query).fetchall() == [(left.executor,)]


def test_nothing_is_left_of_processes_that_ended_in_order(world: World, proviso: Command) -> None:
    assert proviso("run", "resume").code == 0
    assert proviso("order", "activate", ESSENTIAL).code == 0
    with closing(sqlite3.connect(world.state / FILE_NAME)) as steps:
        assert steps.execute("select version_name from application_versions").fetchall() == []


def test_what_another_version_of_the_steps_began_goes_through_its_course_anew(world: World, proviso: Command) -> None:
    with closing(sqlite3.connect(world.state / FILE_NAME)) as steps, steps:
        assert steps.execute("update workflow_status set application_version = '0'").rowcount == 1
    (run,) = proviso("run", "resume", "--json").json["runs"]
    assert run["state"] == "recorded"
    with closing(sqlite3.connect(world.state / FILE_NAME)) as steps:
        states = [each for (each,) in steps.execute("select status from workflow_status order by created_at")]
    assert states == ["CANCELLED", "SUCCESS"]


def test_two_at_once_carry_a_run_on_once(world: World, proviso: Command) -> None:
    processes = [proviso.fork("run", "resume", "--json") for _ in range(2)]
    answers = [(*each.communicate(timeout=60), each.returncode) for each in processes]
    assert [code for _, _, code in answers] == [0, 0], answers
    assert sorted(output.count(b'"recorded"') for output, _, _ in answers) == [0, 1], answers
    with world.store.read() as connection:
        run = runs.need_run(connection, LEFT)
    assert run.state is RunState.RECORDED
    assert [each.stage.value for each in run.stages].count("record") == 1
