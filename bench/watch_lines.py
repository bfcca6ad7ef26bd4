"""Watching the bearers of many lines: CPU while nothing happens, time from what happens to the incident, bytes.

    .venv/bin/python bench/watch_lines.py [--lines 200] [--idle 60] [--events 40]

The routers tell over SSH as the helper does, from a process of their own; the watcher is the whole one, with a store.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from accepting import new
from forms import typed
from large_worlds import world_in
from telling_routers import PORT, address_of
from worlds import ROOT, World

from provisioning.clock import SystemClock
from provisioning.fleet.target import Target
from provisioning.model.incident import Condition
from provisioning.store import host_keys, lines
from provisioning.workflows.accept_order import accept_order
from provisioning.workflows.surroundings import Access, Surroundings
from provisioning.workflows.watched_lines import WatchedLine, watched_lines
from provisioning.workflows.watching import Seen, watch_bearers

PATIENCE = 30.0


@dataclass
class Routers:
    """The process of the routers."""

    process: "subprocess.Popen[str]"
    host_key: str

    def tell(self, words: str) -> None:
        """Say a line to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()

    def bytes(self) -> int:
        """Return what went over the wire so far, headers of TCP and IPv4 included."""
        self.tell("count bytes")
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@contextmanager
def routers_up(folder: Path, number: int) -> Iterator[Routers]:
    """Yield so many routers."""
    command = [sys.executable, str(ROOT / "tests" / "telling_routers.py"), str(folder), str(number)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Routers(process, json.loads(process.stdout.readline())["host_key"])
        finally:
            process.stdin.close()
            process.wait(30)


def accept_lines(world: World, number: int, host_key: str) -> None:
    """Put so many lines with a mobile back-up into service."""
    for each in range(1, number + 1):
        options = {"mobile_backup": True, "sla": "premium"}
        done = accept_order(typed(new(each, formula="internet-pro-plus", options=options)), world.around)
        if done.line is None:
            raise SystemExit(done.findings)
        with world.store.write() as connection:
            lines.activate_line(connection, done.line, world.clock.now())
            host_keys.record_host_key(connection, f"LX{each:04}", host_key, world.clock.now())


@dataclass
class Watcher:
    """Notes when lines moved."""

    moved_at: dict[str, tuple[Condition, float]] = field(default_factory=dict)
    unseen: int = -1

    def show(self, seen: Seen) -> None:
        """Take in a turn."""
        now = time.monotonic()
        for each in seen.moved:
            self.moved_at[each.line] = (each.state.condition, now)
        if self.unseen:
            self.unseen = len(seen.watch.unseen)

    def wait(self, line: str, wanted: Condition, begun: float) -> float:
        """Return how long after a moment a line stood so."""
        while time.monotonic() - begun < PATIENCE:
            condition, at = self.moved_at.get(line, (None, 0.0))
            if condition is wanted and at >= begun:
                return at - begun
            time.sleep(0.002)  # the watcher tells another thread; what is measured is hundreds of times as long
        raise SystemExit(f"{line} was not seen {wanted}")


def measure(asked: argparse.Namespace, folder: Path) -> None:
    """Watch, and print what that takes."""
    (folder / "routers").mkdir()
    with routers_up(folder / "routers", asked.lines) as routers:
        world = world_in(folder)
        world.clock = SystemClock()  # type: ignore[assignment]  # no clock that stands still: detection is timed
        accept_lines(world, asked.lines, routers.host_key)
        around = replace(world.around, access=Access(key_file=folder / "routers" / "key"))

        def reach(line: WatchedLine, _: Surroundings) -> Target:
            address, serial = address_of(int(line.line.removeprefix("L-"))), line.router.serial
            return Target(line.line, serial, "linux_cpe", address, "", routers.host_key, port=PORT)

        watcher, stop = Watcher(), threading.Event()
        thread = threading.Thread(
            target=watch_bearers,
            args=(lambda: watched_lines((), around), around),
            kwargs={"stop": stop, "show": watcher.show, "reach": reach},
        )
        begun = time.monotonic()
        thread.start()
        while watcher.unseen:
            time.sleep(0.05)  # as above
        print(f"{asked.lines} lines, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"all of them seen after         {time.monotonic() - begun:6.2f} s")
        time.sleep(5)  # what connecting left to be done is none of what is measured
        idle(asked, routers)
        detect(asked, routers, watcher)
        stop.set()
        thread.join()


def idle(asked: argparse.Namespace, routers: Routers) -> None:
    """Print what it takes while nothing happens."""
    cpu, sent, begun = time.process_time(), routers.bytes(), time.monotonic()
    time.sleep(asked.idle)  # nothing happens: that is what is measured
    taken = time.monotonic() - begun
    share = (time.process_time() - cpu) / taken
    each = (routers.bytes() - sent) / asked.lines / taken
    print(f"share of a core, nothing happens {share:6.1%} over {taken:.0f} s")
    print(f"bytes per line and hour        {each * 3600:8,.0f}, both ways, TCP and IPv4 headers included")


def detect(asked: argparse.Namespace, routers: Routers, watcher: Watcher) -> None:
    """Print how soon what happens is an incident."""
    taken = []
    for number in range(asked.events):
        line = number * 7 % asked.lines + 1
        for state, condition in (("on-mobile", Condition.ON_MOBILE), ("well", Condition.ON_FIXED)):
            begun = time.monotonic()
            routers.tell(f"{address_of(line)} {state}")
            seconds = watcher.wait(f"L-{line}", condition, begun)
            if state == "on-mobile":
                taken.append(seconds)
    print(f"event to incident, one by one  {statistics.median(taken):6.2f} s median, {max(taken):.2f} s worst")
    begun = time.monotonic()
    for line in range(1, asked.lines + 1):
        routers.tell(f"{address_of(line)} on-mobile")
    times = [watcher.wait(f"L-{line}", Condition.ON_MOBILE, begun) for line in range(1, asked.lines + 1)]
    print(
        f"all {asked.lines} at once               {statistics.median(times):6.2f} s median, {max(times):.2f} s worst"
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--idle", type=float, default=60.0, help="seconds in which nothing happens")
    parser.add_argument("--events", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(asked, Path(folder))


if __name__ == "__main__":
    main()
