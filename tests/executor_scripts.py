"""Processes that carry out runs, for tests: executors that live, count, activate, and are killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from forked import Forked
from worlds import ROOT, World, warm_parent

from provisioning.workflows.executor import executor

ESSENTIAL = ROOT / "examples" / "orders" / "internet-pro-plus-essential.yaml"


HEAD = """
import os, signal, sys
from pathlib import Path
from worlds import NOON, World
from provisioning.store.engine import Store
from provisioning.workflows.executor import executor

state, *rest = sys.argv[1:]
world = World(Store.open(Path(state), now=NOON, lock_timeout=20), state=Path(state))

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())
"""

LIVE = """
with executor(world.around, lambda run: lambda stage, text: None) as up:
    say(up.id)
    sys.stdin.readline()
"""

COUNTING = """
from dbos import DBOS

count = Path(rest[0])

def done(number):
    def step():
        with count.open("a") as file:
            file.write(f"{number}\\n")
        if rest[1] == str(number):
            os.kill(os.getpid(), signal.SIGKILL)
        return "on"
    return step

@DBOS.workflow(name="counting")
def counting():
    for number in range(1, 5):
        DBOS.run_step({"name": f"step {number}"}, done(number))
    return "ended"

with executor(world.around, lambda run: lambda stage, text: None, successor_of=rest[2]) as up:
    say(up.id)
    if rest[2]:
        while DBOS.list_workflows(status=["PENDING", "ENQUEUED"]):
            pass
    else:
        counting()
"""

ACTIVATE = """
from provisioning.orders.read import read
from provisioning.workflows.activate_order import activate_order

def tell(stage, text):
    say(stage.value)
    if stage.value == rest[1]:
        os.kill(os.getpid(), signal.SIGKILL)

with executor(world.around, lambda run: tell) as up:
    activate_order(read(Path(rest[0])), up, tell)
"""


def script(text: str, state: Path, *arguments: str | Path) -> Forked:
    """Start a process with a world on disk."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROVISO_")}
    return warm_parent().fork((state, *arguments), environment, script=HEAD + text)


@contextmanager
def alive(state: Path) -> Iterator[tuple[str, Forked]]:
    """Yield the id of an executor in a process that lives."""
    with script(LIVE, state) as process:
        try:
            yield process.stdout.readline().decode().strip(), process
        finally:
            process.kill()


def be(world: World, successor_of: str = "") -> Any:
    return executor(world.around, lambda run: lambda stage, text: None, successor_of=successor_of)
