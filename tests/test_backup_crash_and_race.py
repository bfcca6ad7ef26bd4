"""Processes that keep backups at once, that are killed at random moments, and that find no room or no folder."""

import json
import random
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from backup_versions import CANARY, nights, random_text, version
from backup_worker import GROUP
from canaries import disguises
from worlds import NOON, soaked

from provisioning.backup_store.export import export
from provisioning.backup_store.files import PARTIAL
from provisioning.backup_store.prune import prune
from provisioning.backup_store.recipients import Recipient, write_recipients
from provisioning.backup_store.store import BackupStore
from provisioning.backup_store.verify import verify
from provisioning.errors import EnvironmentTrouble, StoreLocked, StoreUnusable

KEY = "age1rqflvseu3dvplgcgrqutkraqwmevgfrazxvq4yfkujs9k7hnm39q4yuguy"
WORKER = Path(__file__).with_name("backup_worker.py")
FINISHED = 120.0
"""Seconds that a worker may take."""


@pytest.fixture
def store(tmp_path: Path) -> BackupStore:
    store = BackupStore(tmp_path / "backups")
    write_recipients(store.folder, [Recipient(KEY)])
    return store


@contextmanager
def worker(store: BackupStore, name: str, number: int, *, how: str = "keep") -> Iterator[subprocess.Popen[str]]:
    """Start a process that keeps that many versions of ten lines, commits now and then, and tells what it kept."""
    arguments = [str(store.folder), name, str(number), how]
    with subprocess.Popen([sys.executable, str(WORKER), *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def kept_by(output: str) -> dict[tuple[str, str], str]:
    """Return the text of each version that a worker had kept; the last line may be cut."""
    found = {}
    for line in output.splitlines(keepends=True):
        if line.endswith("\n"):
            told = json.loads(line)
            found[told["line"], told["id"]] = told["text"]
    return found


def texts(store: BackupStore) -> dict[tuple[str, str], str]:
    return {(each.line, each.id): store.masked(each)["running-config"] for each in store.every_version()}


def test_several_processes_at_once_lose_nothing(store: BackupStore) -> None:
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(store, f"w{number}", 60)) for number in range(4)]
        told = [each.communicate(timeout=FINISHED)[0] for each in workers]
    assert [each.returncode for each in workers] == [0] * 4
    expected = [kept_by(each) for each in told]
    assert sum(map(len, expected)) == 240
    together = {key: text for each in expected for key, text in each.items()}
    assert len(together) == 240
    assert texts(BackupStore(store.folder)) == together
    assert verify(store.folder).whole


def test_whoever_prunes_meanwhile_takes_nothing_away_and_readers_see_whole_states(store: BackupStore) -> None:
    store.keep(version("L-77"))
    seen = 0
    with worker(store, "keeper", 60) as keeper, worker(store, "pruner", 20, how="prune") as pruner:
        while keeper.poll() is None or pruner.poll() is None:
            found = texts(BackupStore(store.folder))
            assert len(found) >= seen
            seen = len(found)
            assert verify(store.folder).findings == ()
        told = [each.communicate(timeout=FINISHED)[0] for each in (keeper, pruner)]
        assert (keeper.returncode, pruner.returncode) == (0, 0)
    expected = {("L-77", store.find("L-77").id): "hostname router\n"}
    expected |= {key: text for each in told for key, text in kept_by(each).items()}
    assert texts(BackupStore(store.folder)) == expected


@pytest.mark.parametrize("how", ["keep", "prune", "group"])
def test_killed_at_any_moment_nothing_is_lost_or_corrupt(store: BackupStore, how: str) -> None:
    rng = random.Random(6)
    expected: dict[tuple[str, str], str] = {}
    for number in range(soaked(6, 200)):
        with worker(store, f"k{number}", 100_000, how=how) as process:
            assert process.stdout is not None
            told = "".join(process.stdout.readline() for _ in range(rng.randrange(1, 30)))
            process.send_signal(signal.SIGKILL)
            told += process.communicate(timeout=FINISHED)[0]
        expected |= kept_by(told)
        assert verify(store.folder).findings == ()
        found = texts(BackupStore(store.folder))
        assert {key: found.get(key) for key in expected} == expected
        if how == "group":
            # Of what was kept together, all or nothing is there, told or not.
            assert set(Counter(text.rpartition(" of ")[0] for text in found.values()).values()) == {GROUP}
    after = BackupStore(store.folder)
    after.keep(version("L-5", NOON + timedelta(days=9)))
    after.commit("After all of them")
    assert after.journal.files() == []
    prune(after, NOON)
    assert verify(store.folder).whole
    found = texts(after)
    assert {key: found.get(key) for key in expected} == expected


def limited(size: int, work: Callable[[], object]) -> object:
    """Do something where no file may grow beyond a size, as on a disk without room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        return work()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("size", [0, 10, 1000])
def test_without_room_there_is_one_clear_error_and_the_old_state(store: BackupStore, size: int) -> None:
    for night in nights(3):
        store.keep(version(taken_at=night, text=random_text(20_000, night.day)))
    store.commit("three nights")
    before = texts(store)
    files = sorted(store.folder.rglob("*"))
    later = NOON + timedelta(days=100)
    target = store.folder.with_name("bundle.tar")
    for work in (
        lambda: store.keep(version(taken_at=later, text=CANARY * 2000, sealed=b"x" * 5000)),
        lambda: prune(store, later),
        lambda: export(store, target),
        lambda: write_recipients(store.folder, [Recipient(KEY)] * 100),
    ):
        with pytest.raises(StoreUnusable) as caught:
            limited(size, work)
        said = f"{caught.value} {caught.value.remedy}"
        assert "file too large" in said
        assert not [each for each in disguises(CANARY) if each in said.encode()]
        # What was about to be dropped is forgotten when there is room.
        assert set(store.folder.rglob("*")) - {store.layout.dropping} == set(files)
    assert not target.exists()
    assert texts(BackupStore(store.folder)) == before
    assert verify(store.folder).whole


def test_what_cannot_be_committed_waits_for_room(store: BackupStore) -> None:
    kept = [store.keep(version(line, text=random_text(20_000, number))) for number, line in enumerate(("L-1", "L-2"))]
    before = texts(store)
    with pytest.raises(StoreUnusable):
        limited(100, lambda: store.commit("no room"))
    assert texts(BackupStore(store.folder)) == before
    assert len(store.journal.files()) == 2
    assert not list(store.folder.rglob(f"*{PARTIAL}"))
    store.commit("room")
    assert texts(BackupStore(store.folder)) == before
    assert [store.find(each.line) for each in kept] == kept


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    """A real one, where this process may mount; the size of files is limited above for everybody."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", disk], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        store = BackupStore(disk / "backups")
        kept = []
        with pytest.raises(StoreUnusable, match="no space left"):
            for number in range(1000):
                kept += [store.keep(version(text=random_text(8000, number)))]
        assert list(BackupStore(disk / "backups").versions("L-1")) == kept[::-1]
        with pytest.raises(StoreUnusable, match="no space left"):
            store.commit("full")
        assert list(BackupStore(disk / "backups").versions("L-1")) == kept[::-1]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_of_what_is_kept_together_all_or_nothing_is_there(store: BackupStore) -> None:
    store.keep(version("L-1"))
    store.commit("one")
    before = sorted(store.folder.rglob("*"))
    group = [version(f"L-{number}", NOON + timedelta(days=1), sealed=b"x" * 300 * number) for number in range(1, 5)]
    with pytest.raises(StoreUnusable, match="file too large"):
        limited(1000, lambda: store.keep_all(group))
    with pytest.raises(ValueError, match="no names"):
        store.keep_all([*group, version("L-9", masked={"../x": ""})])
    left = set(store.folder.rglob("*")) - set(before)
    assert not [path for path in left if path.is_file()]
    assert len(store.keep_all(group)) == 4
    assert len(store.journal.files()) == 1
    assert verify(store.folder).findings == ()


def test_a_group_that_is_cut_is_named(store: BackupStore) -> None:
    store.keep_all([version("L-1"), version("L-2"), version("L-3")])
    (path,) = store.journal.files()
    rows = path.read_bytes().splitlines(keepends=True)
    for cut in (b"".join(rows[:2]), b"".join(rows)[:-1]):
        path.write_bytes(cut)
        with pytest.raises(StoreUnusable) as caught:
            store.versions("L-3")
        assert caught.value.where == str(path)
    assert [each.where for each in verify(store.folder).findings] == [f"journal/{path.name}"]


def test_a_journal_that_is_damaged_is_named(store: BackupStore) -> None:
    store.keep(version())
    (path,) = store.journal.files()
    path.write_bytes(path.read_bytes()[:100])
    for work in (lambda: store.commit("x"), lambda: store.versions("L-1"), lambda: prune(store, NOON)):
        with pytest.raises(StoreUnusable) as caught:
            work()
        assert caught.value.where == str(path)
    path.unlink()
    assert store.versions("L-1") == ()


def test_a_folder_that_is_none_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = BackupStore(tmp_path / "file" / "backups")
    for work in (lambda: store.keep(version()), lambda: prune(store, NOON)):
        with pytest.raises(EnvironmentTrouble, match="not a directory"):
            work()


def test_a_journal_that_is_none_is_one_clear_error(store: BackupStore) -> None:
    store.keep(version())
    store.commit("one")
    store.layout.journal.rmdir()
    store.layout.journal.write_text("")
    for work in (lambda: store.commit("x"), lambda: store.versions("L-1"), lambda: store.keep(version("L-2"))):
        with pytest.raises(StoreUnusable, match=r"not a directory|file exists"):
            work()


def test_who_waits_too_long_for_the_lock_is_told(store: BackupStore) -> None:
    store.keep(version())
    impatient = BackupStore(store.folder, lock_seconds=0.05)
    with store.changing(), pytest.raises(StoreLocked):
        impatient.commit("x")
    impatient.commit("x")
    assert store.journal.files() == []
