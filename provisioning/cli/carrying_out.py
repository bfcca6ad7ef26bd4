"""Carrying out runs from the command line: progress by stage, several at a time, and what an interrupt does."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from provisioning.cli import output
from provisioning.cli.progress import Progress
from provisioning.errors import ExitCode

if TYPE_CHECKING:
    from provisioning.model.run import RunStage
    from provisioning.workflows.attempt import Tell

Work = TypeVar("Work")
Answer = TypeVar("Answer")


def teller(shown: Progress, name: str) -> "Tell":
    """Return what shows the stages of one piece of work."""

    def tell(stage: "RunStage", text: str) -> None:
        shown.tell(name, stage.value, text)

    return tell


def teller_of_others(shown: Progress) -> "Callable[[str], Tell]":
    """Return what shows the stages of runs that nobody has asked for by name; they are begun when they are met."""

    def of(run: str) -> "Tell":
        shown.begin(run, "")
        return teller(shown, run)

    return of


def in_turn(
    work: Sequence[Work],
    do: "Callable[[Work, threading.Event], Answer]",
    *,
    jobs: int,
    rest: str = "`proviso run resume` sees to the rest",
) -> "list[Answer | None]":
    """Do pieces of work, so many at a time; return the answers, None for what was not begun before an interrupt.

    The first interrupt tells what is under way to turn back, and begins nothing more. The second one ends the process,
    as a kill would: the devices' timers and `proviso run resume` see to the rest.

    Args:
        rest: what becomes of what a second interrupt leaves, for people.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(jobs) as pool:
        waiting: list[Future[Answer]] = []
        with _turning_back(stop, waiting, rest):
            for each in work:
                begun = pool.submit(do, each, stop)
                waiting.append(begun)
            if stop.is_set():
                _cancel(waiting)
            answers = [None if each.cancelled() else each.result() for each in _settled(waiting)]
    not_begun = sum(each.cancelled() for each in waiting)
    if not_begun:
        output.note(f"{not_begun} not begun.")
    return answers


def _settled(waiting: "list[Future[Answer]]") -> "Iterator[Future[Answer]]":
    for each in waiting:
        while not (each.done() or each.cancelled()):
            # A wait without an end would not let Python hand out the signal.
            threading.Event().wait(0.1)
        yield each


def _cancel(waiting: "list[Future[Answer]]") -> None:
    """Begin nothing more."""
    for each in waiting:
        each.cancel()


@contextmanager
def _turning_back(stop: threading.Event, waiting: "list[Future[Answer]]", rest: str) -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)

    def interrupted(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, _end_at_once)
        stop.set()
        _cancel(waiting)
        output.note(f"Interrupted: what is under way turns back. Once more ends at once; {rest}.")

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end_at_once(number: int, frame: FrameType | None) -> None:
    """End the process where it stands: an exception would wait for every thread, and they wait for devices."""
    from rich.console import Console

    Console(stderr=True).show_cursor()
    os._exit(ExitCode.UNKNOWN)
