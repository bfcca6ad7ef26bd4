"""A damaged store says what is lost, a whole one that it is whole: in place, copied, pruned, exported and unpacked."""

import os
import shutil
import tarfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pygit2
import pytest
from backup_versions import nights, version
from worlds import NOON, soaked

from provisioning.backup_store.dropping import list_dropped
from provisioning.backup_store.export import TOP, export
from provisioning.backup_store.prune import is_due, prune
from provisioning.backup_store.recipients import Recipient, write_recipients
from provisioning.backup_store.repacking import packs_of, places_in, replace_packs
from provisioning.backup_store.repository import Repository
from provisioning.backup_store.store import BackupStore
from provisioning.backup_store.verify import verify
from provisioning.errors import BadInput, StoreUnusable

KEY = "age1rqflvseu3dvplgcgrqutkraqwmevgfrazxvq4yfkujs9k7hnm39q4yuguy"
LINES = ("L-1", "L-2", "L-1001")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three lines with forty versions each."""
    store = BackupStore(tmp_path_factory.mktemp("filled") / "backups")
    write_recipients(store.folder, [Recipient(KEY)])
    for number, night in enumerate(nights(40)):
        for line in LINES:
            store.keep(version(line, night, text=f"hostname {line}\nnight {number}\n"))
        store.commit(f"Night {number}")
    return store.folder


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> BackupStore:
    """A copy of them."""
    return BackupStore(shutil.copytree(filled, tmp_path / "backups"))


def lost(store: BackupStore) -> list[str]:
    return [finding.lost for finding in verify(store.folder).findings]


def texts(store: BackupStore) -> dict[tuple[str, str], str]:
    return {
        (line, each.id): store.masked(each)["running-config"]
        for line in store.lines()
        for each in store.versions(line)
    }


def test_a_whole_store_is_whole_wherever_it_lies(store: BackupStore, tmp_path: Path) -> None:
    store.keep(version("L-2", NOON + timedelta(days=41)))
    shutil.copytree(store.folder, tmp_path / "copy")
    (tmp_path / "copy" / "lock").unlink()
    for folder in (store.folder, tmp_path / "copy"):
        found = verify(folder)
        assert found.findings == ()
        assert (found.lines, len(found.versions)) == (3, 121)
        assert ["journal" in each for each in found.remarks] == [True]


def test_no_backups_are_no_whole_store(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BadInput):
            verify(folder)


def change(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes(data)


def original(store: BackupStore, line: str = "L-2") -> Path:
    newest = store.versions(line)[0]
    return store.layout.sealed_file(line, newest.id)


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda store: original(store).unlink(), "the original of L-2 20270101T110000Z: it cannot be restored"),
        (lambda store: change(original(store)), "the original of L-2 20270101T110000Z: it cannot be restored"),
        (
            lambda store: original(store).write_bytes(b""),
            "the original of L-2 20270101T110000Z: it cannot be restored",
        ),
        (lambda store: (store.layout.git / "HEAD").unlink(), "all lists and masked texts"),
        (lambda store: shutil.rmtree(store.layout.git), "all lists and masked texts"),
        (lambda store: shutil.rmtree(store.layout.git / "refs/heads"), "all lists and masked texts"),
        (lambda store: (store.layout.git / "refs/heads/main").write_text("nonsense"), "all lists and masked texts"),
        (lambda store: (store.layout.git / "refs/heads/main").write_text("0" * 39 + "1\n"), "all lists"),
        (lambda store: [each.unlink() for each in store.layout.git.rglob("*.idx")], "all lists and masked texts"),
        (lambda store: (store.folder / "recipients.txt").write_text("age1no\n"), "next backup cannot be encrypted"),
    ],
)
def test_what_is_lost_is_said(store: BackupStore, damage: Callable[[BackupStore], object], expected: str) -> None:
    damage(store)
    assert any(expected in each for each in lost(store)), lost(store)


@pytest.mark.parametrize(
    "name", ["note.txt", "masked.git/extra", "sealed/001/L-1/x.txt", "sealed/777/L-1/20270101T110000Z.age"]
)
def test_what_does_not_belong_there_is_said(store: BackupStore, name: str) -> None:
    path = store.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    assert [finding.where for finding in verify(store.folder).findings] == [name]


def test_every_byte_of_the_packs_counts(tmp_path: Path) -> None:
    """Whatever byte of an object changes, somebody is told what is lost, and nothing crashes."""
    store = BackupStore(tmp_path / "backups")
    for night in nights(2):
        store.keep(version(taken_at=night, text=str(night)))
        store.commit("Night")
    prune(store, NOON)
    write_recipients(store.folder, [Recipient(KEY)])
    pack = next((store.layout.git / "objects" / "pack").glob("*.pack"))
    data = pack.read_bytes()
    silent = []
    for at in range(12, len(data) - 20, soaked(5, 1)):
        pack.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        if not lost(store):
            silent.append(at)
    assert silent == []
    pack.write_bytes(data)
    assert verify(store.folder).whole


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_a_cut_pack_is_one_clear_error(store: BackupStore, tmp_path: Path, size: int) -> None:
    """In a copy: who cuts a file that a process has mapped into its memory kills it."""
    copied = shutil.copytree(store.folder, tmp_path / f"copy-{size}")
    for pack in copied.rglob("*.pack"):
        pack.write_bytes(pack.read_bytes()[:size])
    copy = BackupStore(copied)
    assert any("all lists and masked texts" in each for each in lost(copy))
    for work in (lambda: copy.versions("L-1"), lambda: prune(copy, NOON), copy.lines):
        with pytest.raises(StoreUnusable):
            work()
    copy.keep(version())
    with pytest.raises(StoreUnusable):
        copy.commit("x")
    assert copy.sealed(store.find("L-1")) == store.sealed(store.find("L-1"))


def test_a_damaged_object_is_told_by_what_it_held(store: BackupStore) -> None:
    repository = pygit2.Repository(str(store.layout.git))
    kept = store.find("L-2", "2026-11-25")
    blob = repository.revparse_single(f"main:lines/002/L-2/{kept.id}/documents/running-config")
    tree = repository.revparse_single("main:lines/001")
    broken = {blob.id: "masked text of running-config of L-2 20261125T110000Z", tree.id: "L-1, L-1001"}
    opened = Repository(store.layout.git)
    places = places_in(packs_of(opened))
    replace_packs(opened, packs_of(opened), {oid: at for oid, at in places.items() if oid not in map(raw, broken)})
    found = lost(store)
    assert all(any(expected in each for each in found) for expected in broken.values()), found
    # The other shard reads as before, and the damaged one says so in one error.
    assert store.masked(store.versions("L-2")[0])
    with pytest.raises(StoreUnusable, match="cannot be used"):
        BackupStore(store.folder).versions("L-1")


def raw(oid: pygit2.Oid) -> bytes:
    return oid.raw


def test_pruning_drops_what_is_past_its_time_and_nothing_else(store: BackupStore) -> None:
    before = texts(store)
    now = NOON + timedelta(days=100)
    told = prune(store, now, only_tell=True)
    assert texts(store) == before
    done = prune(store, now)
    assert done == told
    gone = set(done.versions)
    assert gone
    assert texts(store) == {key: text for key, text in before.items() if key not in gone}
    assert len(list(store.layout.sealed.rglob("*.age"))) == done.left == 120 - len(gone)
    assert verify(store.folder).whole
    assert verify(store.folder).remarks == ()
    everything = {oid.hex() for oid in opened_objects(store)}
    assert len(everything) < 400
    line, identifier = min(gone)
    assert f"night {(NOON - NOON).days}" not in "".join(texts(store).values()) or (line, identifier) in before
    assert prune(store, now).versions == ()


def opened_objects(store: BackupStore) -> list[bytes]:
    return [oid.raw for oid in pygit2.Repository(str(store.layout.git)).odb]


def test_a_night_prunes_once_a_week(store: BackupStore) -> None:
    now = NOON + timedelta(days=100)
    assert is_due(store, now)
    prune(store, now, only_tell=True)
    assert is_due(store, now)
    prune(store, now)
    assert [is_due(store, now + timedelta(days=days)) for days in (-1, 0, 6, 7)] == [True, False, False, True]
    store.layout.pruned.write_text("nonsense")
    assert is_due(store, now)


def test_what_was_pruned_is_in_no_object_any_more(store: BackupStore) -> None:
    kept = store.find("L-1", "2026-11-26")
    prune(store, NOON + timedelta(days=100))
    assert kept.id not in {each.id for each in store.versions("L-1")}
    repository = pygit2.Repository(str(store.layout.git))
    blobs = [repository.odb.read(oid)[1] for oid in repository.odb]
    assert not [data for data in blobs if b"night 3\n" in data or kept.id.encode() in data]


def age(path: Path) -> None:
    """Make a file two hours old."""
    before = time.time() - 7200
    os.utime(path, (before, before))


def test_a_pruning_that_was_killed_is_finished(store: BackupStore, tmp_path: Path) -> None:
    """Its originals are removed by whoever changes the backups next, if its commit was made."""
    unpruned = BackupStore(shutil.copytree(store.folder, tmp_path / "unpruned"))
    originals = {path: path.read_bytes() for path in store.layout.sealed.rglob("*.age")}
    gone = prune(store, NOON + timedelta(days=100)).versions
    for path, data in originals.items():
        path.write_bytes(data)
        age(path)
    for each in (store, unpruned):
        list_dropped(each.layout, gone)
        assert verify(each.folder).whole
        assert verify(each.folder).remarks == ()
        each.keep(version("L-1", NOON + timedelta(days=101)))
        each.commit("the next night")
        assert verify(each.folder).whole
        assert not each.layout.dropping.exists()
        assert len(list(each.layout.sealed.rglob("*.age"))) == len(list(each.every_version()))


def test_what_killed_processes_left_goes(store: BackupStore) -> None:
    left = [
        store.layout.sealed_file("L-1", "20200101T000000Z"),
        store.folder / "journal" / ".L-1.x.json.0.partial",
        store.layout.git / "objects" / "pack" / "pack-x.pack",
    ]
    half = store.folder / ".masked.git.0.partial"
    half.mkdir()
    for path in left:
        path.write_bytes(b"x")
    assert verify(store.folder).whole
    assert prune(store, NOON).left_over == ()
    for path in (*left, half):
        age(path)
    assert verify(store.folder).whole
    assert set(prune(store, NOON).left_over) == {str(path.relative_to(store.folder)) for path in (*left, half)}
    assert not [path for path in (*left, half) if path.exists()]
    assert verify(store.folder).remarks == ()


def test_a_repository_that_is_older_than_the_originals_takes_none_of_them_away(
    store: BackupStore, tmp_path: Path
) -> None:
    old = shutil.copytree(store.layout.git, tmp_path / "old.git")
    for night in nights(25, NOON + timedelta(days=60)):
        store.keep(version("L-2", night))
    store.commit("later")
    shutil.rmtree(store.layout.git)
    shutil.copytree(old, store.layout.git)
    for path in store.layout.sealed.rglob("*.age"):
        age(path)
    with pytest.raises(StoreUnusable, match="25 originals belong to no version"):
        prune(BackupStore(store.folder), NOON + timedelta(days=100))
    assert len(list(store.layout.sealed.rglob("*.age"))) == 145
    assert not verify(store.folder).whole


def test_a_repository_that_is_gone_is_not_begun_anew_beside_originals(store: BackupStore) -> None:
    shutil.rmtree(store.layout.git)
    lost = BackupStore(store.folder)
    for work in (
        lambda: lost.keep(version()),
        lambda: prune(lost, NOON),
        lambda: lost.versions("L-1"),
        lambda: lost.latest(["L-1"]),
    ):
        with pytest.raises(StoreUnusable, match="the repository is missing"):
            work()


def test_pruning_a_damaged_store_drops_nothing(store: BackupStore) -> None:
    originals = sorted(store.layout.sealed.rglob("*.age"))
    for pack in store.layout.git.rglob("*.pack"):
        data = bytearray(pack.read_bytes())
        data[60::50] = bytes(len(data[60::50]))
        pack.write_bytes(data)
    packs = sorted(store.layout.git.rglob("*.pack"))
    with pytest.raises(StoreUnusable):
        prune(store, NOON + timedelta(days=100))
    assert sorted(store.layout.sealed.rglob("*.age")) == originals
    assert set(packs) <= set(store.layout.git.rglob("*.pack"))


def test_git_may_tidy_up_in_between(store: BackupStore) -> None:
    import subprocess

    before = texts(store)
    subprocess.run(["git", "--git-dir", str(store.layout.git), "gc", "-q", "--prune=now"], check=True)
    store.forget()
    assert texts(store) == before
    store.keep(version("L-1", NOON + timedelta(days=60)))
    store.commit("After git gc")
    assert verify(store.folder).whole
    prune(store, NOON + timedelta(days=61))
    assert verify(store.folder).whole
    assert store.find("L-1", "first").id == "20261123T110000Z"


def test_a_bundle_unpacks_to_a_whole_store_and_is_always_the_same(store: BackupStore, tmp_path: Path) -> None:
    bundles = [export(store, tmp_path / f"{number}.tar") for number in range(2)]
    assert bundles[0].digest == bundles[1].digest
    assert bundles[0].path.read_bytes() == bundles[1].path.read_bytes()
    assert bundles[0].path.stat().st_mode & 0o777 == 0o600
    with tarfile.open(bundles[0].path) as archive:
        archive.extractall(tmp_path / "there", filter="data")
    found = verify(tmp_path / "there" / TOP)
    assert found.whole
    assert found.remarks == ()
    assert texts(BackupStore(tmp_path / "there" / TOP)) == texts(store)
    with pytest.raises(BadInput):
        export(store, tmp_path / "0.tar")


def test_of_nothing_there_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        export(BackupStore(tmp_path / "none"), tmp_path / "x.tar")
    assert list(tmp_path.iterdir()) == []
