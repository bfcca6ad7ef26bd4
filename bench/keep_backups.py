"""What the store of backups costs: 10,000 routers in a first night, then a year of nights with 1 % changes.

Every router has one document of 8 KB. One line changes every night, so that its list is as long as lists get. The
floor is one file written and synced for each version: nothing that survives a power failure does with less.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from backup_versions import random_text, version
from worlds import PROVISO

from provisioning.backup_store.export import export
from provisioning.backup_store.prune import prune
from provisioning.backup_store.recipients import Recipient, write_recipients
from provisioning.backup_store.store import BackupStore
from provisioning.backup_store.verify import verify
from provisioning.workflows.back_up_fleet import KEPT_AT_ONCE

SIZE = 8 * 1024
SHARE = 0.01
FIRST = datetime(2025, 11, 21, 1, 30, tzinfo=UTC)
REPEATED = 9
BUSY = "L-1"
"""The line that changes every night."""


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall time and CPU of a piece of work."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - used


def tell(what: str, wall: float, cpu: float, remark: str = "") -> None:
    """Print one line."""
    print(f"{what:<46}{wall:8.3f} s wall {cpu:8.3f} s CPU  {remark}")


def text(line: str, night: int) -> str:
    """Return the masked document of a line: each night another description."""
    return f"description night {night}\n{random_text(SIZE, int(line.removeprefix('L-')))}"


def keep(store: BackupStore, lines: list[str], night: int, sealed: bytes) -> None:
    """Keep a version of each line, as the nightly run does."""
    at = FIRST + timedelta(days=night)
    for begin in range(0, len(lines), KEPT_AT_ONCE):
        some = lines[begin : begin + KEPT_AT_ONCE]
        store.keep_all([version(line, at, text=text(line, night), sealed=sealed) for line in some])


def floor(folder: Path, number: int, data: bytes) -> None:
    """Write as many files, each synced."""
    folder.mkdir()
    for each in range(number):
        descriptor = os.open(folder / str(each), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.write(descriptor, data)
        os.fsync(descriptor)
        os.close(descriptor)


def fill_nights(store: BackupStore, lines: list[str], nights: int, sealed: bytes) -> None:
    """Run nights with 1 % changes, and print what they take."""
    rng = random.Random(7)
    committed = []
    kept = []
    for night in range(1, nights):
        changed = [BUSY, *rng.sample(lines[1:], int(len(lines) * SHARE) - 1)]
        kept.append(seconds(partial(keep, store, changed, night, sealed)))
        committed.append(seconds(partial(store.commit, f"Night {night}")))
    for what, measured in (("kept", kept), ("committed", committed)):
        walls, cpus = zip(*measured, strict=True)
        tell(
            f"a night with 1 % changes, {what}",
            statistics.median(walls),
            statistics.median(cpus),
            f"worst {max(walls):.3f} s wall, {max(cpus):.3f} s CPU",
        )


def look(store: BackupStore) -> None:
    """Print what one line's list and difference take, in a store that was just opened."""

    def listed() -> None:
        BackupStore(store.folder).versions(BUSY)

    def compared() -> None:
        opened = BackupStore(store.folder)
        versions = opened.versions(BUSY)
        opened.masked(versions[0])
        opened.masked(versions[-1])

    for what, work in (("versions of a line", listed), ("two versions of a line, masked texts", compared)):
        measured = [seconds(work) for _ in range(REPEATED)]
        tell(what, *(statistics.median(each) for each in zip(*measured, strict=True)))
    every = store.lines()
    wall, cpu = seconds(lambda: BackupStore(store.folder).latest(every))
    tell(f"newest version of {len(every)} lines", wall, cpu)


def commands(folder: Path) -> None:
    """Print what the commands take as whole processes."""
    environment = {**os.environ, "PROVISO_STATE": str(folder), "PROVISO_BACKUP_FOLDER": str(folder / "backups")}
    for arguments in (("--help",), ("backup", "list", BUSY), ("backup", "diff", BUSY)):
        measured = []
        for _ in range(REPEATED):
            begun = time.perf_counter()
            subprocess.run([str(PROVISO), *arguments], env=environment, check=False, stdout=subprocess.DEVNULL)
            measured.append(time.perf_counter() - begun)
        print(f"proviso {' '.join(arguments):<38}{statistics.median(measured) * 1000:8.0f} ms as a whole process")


def disk(folder: Path) -> str:
    """Return what a folder takes on disk."""
    blocks = sum(path.lstat().st_blocks for path in folder.rglob("*"))
    return f"{blocks * 512 / 1e6:.0f} MB"


def main() -> None:
    """Measure all of it, and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--folder", type=Path, help="on the disk that is meant; else the one for temporary files")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        from pyrage.x25519 import Identity

        write_recipients(folder / "backups", [Recipient(str(Identity.generate().to_public()))])
        store = BackupStore(folder / "backups")
        lines = [f"L-{number}" for number in range(1, asked.lines + 1)]
        sealed = store.seal({"running-config": text(BUSY, 0)})
        tell(
            f"floor: {asked.lines} files written and synced",
            *seconds(lambda: floor(folder / "x", asked.lines, sealed)),
        )
        tell(f"{asked.lines} versions of 8 KB kept", *seconds(lambda: keep(store, lines, 0, sealed)))
        tell(f"{asked.lines} versions of 8 KB committed", *seconds(lambda: store.commit("First night")))
        fill_nights(store, lines, asked.nights, sealed)
        look(store)
        commands(folder)
        copy = store.folder.parent / "bundle.tar"
        tell("verified", *seconds(lambda: verify(store.folder)))
        tell("exported, and verified", *seconds(lambda: export(store, copy)))
        print(f"masked.git {disk(store.layout.git)}, sealed {disk(store.layout.sealed)}, before it is pruned")
        tell("pruned", *seconds(lambda: prune(store, FIRST + timedelta(days=asked.nights))))
        print(f"masked.git {disk(store.layout.git)}, sealed {disk(store.layout.sealed)}")
        print("load: " + ", ".join(f"{each:.1f}" for each in os.getloadavg()))
        print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
