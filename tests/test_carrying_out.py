"""Several runs at a time from the command line, what an interrupt does to them, and the kinds of trouble."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning import errors
from provisioning.cli.carrying_out import in_turn
from provisioning.errors import ExitCode, OutcomeUnknown, ProvisoError, cause_of

# --- in turn -------------------------------------------------------------------------------------------------------


def test_answers_come_in_the_order_of_the_work_whoever_is_ready_first() -> None:
    last_is_done = threading.Event()

    def do(number: int, stop: threading.Event) -> int:
        if number == 0:
            assert last_is_done.wait(10)
        if number == 3:
            last_is_done.set()
        return number * 10

    assert in_turn(range(4), do, jobs=2) == [0, 10, 20, 30]


def test_no_more_than_so_many_are_under_way() -> None:
    lock, both = threading.Lock(), threading.Barrier(2, timeout=10)
    under_way, most = 0, 0

    def do(number: int, stop: threading.Event) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        both.wait()
        with lock:
            under_way -= 1

    in_turn(range(8), do, jobs=2)
    assert most == 2


def test_a_mistake_in_one_is_not_kept_quiet() -> None:
    def do(number: int, stop: threading.Event) -> int:
        return 1 // number

    with pytest.raises(ZeroDivisionError):
        in_turn([1, 0, 2], do, jobs=1)


def test_the_way_interrupts_are_handled_is_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    in_turn([1], lambda number, stop: number, jobs=1)
    assert signal.getsignal(signal.SIGINT) is before


INTERRUPTED = """
import os
import sys
from provisioning.cli.carrying_out import in_turn

def do(number, stop):
    os.write(1, f"begun {number}\\n".encode())
    stop.wait(60)
    if sys.argv[1] == "stubborn":
        import threading
        threading.Event().wait(60)
    return number

print(in_turn(range(5), do, jobs=2), flush=True)
"""


@pytest.fixture
def work(request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[str]"]:
    """A process that has begun two of five pieces of work."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, request.param],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert {process.stdout.readline(), process.stdout.readline()} == {"begun 0\n", "begun 1\n"}
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("work", ["willing"], indirect=True)
def test_an_interrupt_turns_back_what_is_under_way_and_begins_nothing_more(work: "subprocess.Popen[str]") -> None:
    work.send_signal(signal.SIGINT)
    answer, complaints = work.communicate(timeout=20)
    assert (work.returncode, answer) == (0, "[0, 1, None, None, None]\n")
    assert "3 not begun" in complaints
    assert "`proviso run resume`" in complaints


@pytest.mark.parametrize("work", ["stubborn"], indirect=True)
def test_a_second_interrupt_ends_the_process_at_once(work: "subprocess.Popen[str]") -> None:
    assert work.stderr is not None
    work.send_signal(signal.SIGINT)
    assert "Interrupted" in work.stderr.readline()
    work.send_signal(signal.SIGINT)
    work.communicate(timeout=10)
    assert work.returncode == ExitCode.UNKNOWN


# --- kinds of trouble ----------------------------------------------------------------------------------------------


def leaves(kind: type[ProvisoError] = ProvisoError) -> Iterator[type[ProvisoError]]:
    """Yield the errors that are raised, not those that only stand above others."""
    below = [each for each in kind.__subclasses__() if each.__module__ == errors.__name__]
    if not below:
        yield kind
    for each in below:
        yield from leaves(each)


EVERY = sorted(set(leaves()), key=lambda kind: kind.__name__)

CAUSES = {
    "host key", "authentication", "timeout", "unreachable", "rejected", "moved", "void", "busy", "stopped", "refused",
    "input", "not understood", "environment",
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_error_is_of_a_kind_and_only_what_nobody_knows_is_unknown(kind: type[ProvisoError]) -> None:
    cause = cause_of(kind("it does not work"))
    assert (cause == "unknown") == (kind is OutcomeUnknown)
    assert cause in {*CAUSES, "unknown"}


def test_every_kind_of_trouble_is_some_errors() -> None:
    everything: list[type[ProvisoError]] = [ProvisoError, *_all(ProvisoError)]
    assert {cause_of(each("x")) for each in everything} == {*CAUSES, "unknown"}


def _all(kind: type[ProvisoError]) -> Iterator[type[ProvisoError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _all(each)


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (errors.DeviceTimeout, "timeout"),
        (errors.AuthenticationRefused, "authentication"),
        (errors.ProxyTrouble, "unreachable"),
        (errors.DeviceUnreachable, "unreachable"),
        (errors.HostKeyDiffers, "host key"),
        (errors.DeviceRefused, "rejected"),
        (errors.DeviceMoved, "moved"),
        (errors.PlanVoid, "void"),
        (errors.ScopeBusy, "busy"),
        (errors.Stopped, "stopped"),
        (errors.PoolExhausted, "refused"),
        (errors.UnusableTemplate, "input"),
        (errors.AnswerNotUnderstood, "not understood"),
        (errors.StoreLocked, "environment"),
    ],
)
def test_a_trouble_is_told_by_its_nearest_kind(kind: type[ProvisoError], cause: str) -> None:
    assert cause_of(kind("x")) == cause


def test_a_kind_of_trouble_never_hides_an_exit_code() -> None:
    codes: dict[str, set[ExitCode]] = {}
    for kind in EVERY:
        codes.setdefault(cause_of(kind("x")), set()).add(kind.exit_code)
    assert all(len(found) == 1 for found in codes.values()), codes
