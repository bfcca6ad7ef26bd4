"""A disk that fills up under a run: told as such, nothing lost, and the run is carried on once there is room."""

import signal
from pathlib import Path

from executor_scripts import ACTIVATE, ESSENTIAL, script
from worlds import Answer, Command

SIZES = (20480, 40960, 57344)
"""How many bytes long a file may get, so that the disk is full in one place or another."""


def assert_told(answer: Answer) -> None:
    assert answer.code == 3, answer.stdout + answer.stderr
    assert "this should not happen" not in answer.stderr and "Traceback" not in answer.stderr
    assert "cannot be used" in answer.stderr


def states(proviso: Command) -> list[str]:
    return [each["state"] for each in proviso("run", "list", "--json").json["runs"]]


def test_a_full_disk_is_told_when_a_run_is_to_begin(tmp_path: Path) -> None:
    proviso = Command(tmp_path / "state")
    assert proviso("order", "activate", ESSENTIAL).code == 0
    for each in SIZES:
        assert_told(proviso("order", "activate", ESSENTIAL, file_size=each))
    assert proviso("order", "activate", ESSENTIAL).code == 0
    assert set(states(proviso)) == {"recorded"}


def test_a_run_that_was_left_waits_for_room(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with script(ACTIVATE, state, ESSENTIAL, "prove") as process:
        _, complaints = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, complaints
    proviso = Command(state)
    assert_told(proviso("run", "resume", file_size=SIZES[1]))
    assert states(proviso) == ["running"]
    assert proviso("run", "resume").code == 0
    assert states(proviso) == ["recorded"]
