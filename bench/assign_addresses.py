"""Two processes race for 100,000 assignments on one SQLite store, then everything is released again.

Each transaction serves one line: a fixed IPv4, a /56, a management address, and for every fourth an IP Pack. Printed:
assignments a second, the last tenth beside the first, overlaps found, and whether every pool is as fresh at the end.
"""

import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Connection, insert

from provisioning.addressing.pool import define_pool
from provisioning.model.assignment import Assignment, AssignmentState
from provisioning.model.intent import AddressNeed, Role
from provisioning.store.assigning import assign, reclaim
from provisioning.store.assignments import Release, list_assignments
from provisioning.store.engine import Store
from provisioning.store.pools import add_pool, list_pools, utilisation
from provisioning.store.tables import LINE

ASSIGNMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
LOCK_TIMEOUT = 60.0
START = datetime(2026, 1, 1, tzinfo=UTC)
POOLS = (
    ("fixed", "fixed-ipv4", "10.0.0.0/12"),
    ("packs", "ip-pack", "10.16.0.0/12"),
    ("homes", "ipv6", "2001:db8::/36"),
    ("loopbacks", "management", "10.32.0.0/12"),
)
NEEDS = (AddressNeed(Role.FIXED_IPV4, 1), AddressNeed(Role.IPV6, 1 << 72), AddressNeed(Role.MANAGEMENT, 1))
WITH_PACK = (*NEEDS, AddressNeed(Role.IP_PACK, 8))


def needs_of(line: int) -> tuple[AddressNeed, ...]:
    """Return what a line needs."""
    return WITH_PACK if line % 4 == 0 else NEEDS


def prepare(state: Path) -> int:
    """Make the store with its pools and lines; return how many lines it takes."""
    lines = ASSIGNMENTS * 4 // 13
    row = {"state": "accepted", "formula": "f", "customer": "c", "site": "s", "form": {}, "created_at": START}
    store = Store.open(state, now=START, lock_timeout=LOCK_TIMEOUT)
    with store.write() as connection:
        for name, purpose, prefix in POOLS:
            add_pool(connection, define_pool(name, purpose, prefix, special_purpose=True), START)
        connection.execute(insert(LINE), [row] * lines)
    store.close()
    return lines


def work(state: Path, first: int, lines: int, moments: "multiprocessing.Queue[list[float]]") -> None:
    """Serve every second line, noting the moment after each assignment."""
    store = Store.open(state, now=START, lock_timeout=LOCK_TIMEOUT)
    release = Release("bench", START, 30)
    noted: list[float] = []
    for line in range(first, lines + 1, 2):
        with store.write() as connection:
            done = assign(connection, f"L-{line}", needs_of(line), order="bench", release=release)
        noted.extend([time.monotonic()] * len(done))
    moments.put(noted)


def race(state: Path, lines: int) -> list[float]:
    """Run the two processes; return the moments of all assignments, sorted, the start first."""
    queue: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work, args=(state, first, lines, queue)) for first in (1, 2)]
    start = time.monotonic()
    for worker in workers:
        worker.start()
    moments = sorted(moment for _ in workers for moment in queue.get())
    for worker in workers:
        worker.join()
    return [start, *moments]


def overlaps(held: list[Assignment]) -> Iterator[tuple[Assignment, Assignment]]:
    """Yield neighbours in a space that share an address."""
    ordered = sorted(held, key=lambda each: (each.space, each.block.first))
    for left, right in pairwise(ordered):
        if left.space == right.space and left.block.last >= right.block.first:
            yield left, right


def release_all(store: Store, lines: int) -> float:
    """Release everything and let the quarantine pass; return releases a second."""
    start = time.monotonic()
    release = Release("bench", START, 30)
    for first in range(1, lines + 1, 100):
        with store.write() as connection:
            for line in range(first, min(first + 100, lines + 1)):
                assign(connection, f"L-{line}", (), order="bench", release=release)
    later, brought_back = START + timedelta(days=31), 1
    while brought_back:
        with store.write() as connection:
            brought_back = reclaim(connection, later, 1000)
    return ASSIGNMENTS / (time.monotonic() - start)


def is_fresh(connection: Connection) -> bool:
    """Return whether every pool is one free block again."""
    return all(
        list(utilisation(connection, stored).free_by_level.values()) == [1] for stored in list_pools(connection)
    )


def floor(folder: Path) -> float:
    """Return one-row transactions a second on SQLite with the store's own settings, in one process."""
    connection = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("create table t (a integer primary key, b text)")
    number = 5000
    start = time.monotonic()
    for index in range(number):
        connection.execute("begin immediate")
        connection.execute("insert into t values (?, ?)", (index, "x" * 60))
        connection.execute("commit")
    return number / (time.monotonic() - start)


def main() -> None:
    """Run the race and print what it showed."""
    with tempfile.TemporaryDirectory() as name:
        state = Path(name) / "state"
        lines = prepare(state)
        moments = race(state, lines)
        number = len(moments) - 1
        tenth = number // 10
        first, last = moments[tenth] - moments[0], moments[-1] - moments[-1 - tenth]
        store = Store.open(state, now=START, lock_timeout=LOCK_TIMEOUT)
        with store.read() as connection:
            held = list_assignments(connection, states=(AssignmentState.ASSIGNED,))
        releases = release_all(store, lines)
        with store.read() as connection:
            fresh = is_fresh(connection)
        rate, least = number / (moments[-1] - moments[0]), floor(Path(name))
        print(f"assignments                  {number:>10,} by two processes, {lines:,} transactions")
        print(f"assignments a second         {rate:>10,.0f} (floor: {least:,.0f} one-row transactions a second)")
        print(f"last tenth / first tenth     {last / first:>10.2f}")
        print(f"overlaps                     {len(list(overlaps(held))):>10}")
        print(f"releases a second            {releases:>10,.0f}")
        print(f"every pool merged again      {'yes' if fresh else 'NO':>10}")


if __name__ == "__main__":
    main()
