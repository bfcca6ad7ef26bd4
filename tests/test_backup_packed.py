"""Objects are read from packs without libgit2, byte for byte as it reads them; what is odd is left to it."""

import subprocess
import zlib
from pathlib import Path

import pytest
from backup_versions import nights, random_text, version
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.backup_store.objects import Damaged, Kind, oid_of
from provisioning.backup_store.pack import pack_entry
from provisioning.backup_store.packed import PackedObjects
from provisioning.backup_store.repository import Repository
from provisioning.backup_store.store import BackupStore
from provisioning.errors import StoreUnusable

LINE = "L-1"


@pytest.fixture
def store(tmp_path: Path) -> BackupStore:
    """A store of three nights, each in a pack of its own; the second one changed a little of a text."""
    store = BackupStore(tmp_path / "backups")
    for number, night in enumerate(nights(3)):
        text = random_text(20_000).replace("eq 443", f"eq {8000 + number}", 3)
        store.keep(version(LINE, night, masked={"running-config": text, "ont": f"{number}\n"}))
        store.commit(f"Night {number}")
    return store


def git(store: BackupStore, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["git", "--git-dir", str(store.layout.git), *arguments]
    return subprocess.run(command, check=True, capture_output=True, input=stdin).stdout


def packed(store: BackupStore) -> PackedObjects:
    return PackedObjects(store.layout.git / "objects" / "pack")


def names(store: BackupStore) -> list[bytes]:
    return list(Repository(store.layout.git).objects())


def by_git(store: BackupStore, oid: bytes) -> tuple[Kind, bytes]:
    kind = git(store, "cat-file", "-t", oid.hex()).decode().strip()
    return Kind[kind.upper()], git(store, "cat-file", kind, oid.hex())


def test_every_object_is_read_as_git_reads_it(store: BackupStore) -> None:
    found = packed(store)
    assert len(names(store)) >= 20
    for oid in names(store):
        assert found.read(oid) == by_git(store, oid)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 20_000])
def test_an_object_stands_in_a_pack_as_zlib_reads_it_whatever_its_size(size: int) -> None:
    data = random_text(20_000).encode()[:size]
    entry = pack_entry(Kind.BLOB, data)
    head = next(at for at, byte in enumerate(entry, 1) if byte < 0x80)
    assert zlib.decompress(entry[head:]) == data


def test_what_is_not_there_is_left_to_others(store: BackupStore, tmp_path: Path) -> None:
    for oid in (bytes(20), b"\xff" * 20, names(store)[0][:-1] + b"?"):
        assert packed(store).read(oid) is None
        with pytest.raises(Damaged, match="is missing"):
            Repository(store.layout.git).read_any(oid)
    assert PackedObjects(tmp_path / "nothing").read(bytes(20)) is None


def test_deltas_and_single_objects_of_git_are_read_by_libgit2(store: BackupStore) -> None:
    expected = {each.id: store.masked(each) for each in store.versions(LINE)}
    git(store, "gc", "--aggressive", "--prune=now", "--quiet")
    blob = b"by itself\n"
    git(store, "hash-object", "-w", "--stdin", stdin=blob)
    left = [oid for oid in names(store) if packed(store).read(oid) is None]
    assert oid_of(Kind.BLOB, blob) in left and len(left) > 1
    repository = Repository(store.layout.git)
    for oid in left:
        assert repository.read_any(oid) == by_git(store, oid)
    again = BackupStore(store.folder)
    assert {each.id: again.masked(each) for each in again.versions(LINE)} == expected


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_nothing_is_read_but_what_was_written(store: BackupStore, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted((store.layout.git / "objects" / "pack").iterdir())))
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    spoilt = data.draw(st.sampled_from([whole[:at], whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :]]))
    oids = names(store)
    good = {oid: packed(store).read(oid) for oid in oids}
    try:
        path.write_bytes(spoilt)
        found = packed(store)
        assert all(found.read(oid) in (None, good[oid]) for oid in oids)
    finally:
        path.write_bytes(whole)


def test_a_folder_that_is_no_repository_is_told_at_once(store: BackupStore) -> None:
    (store.layout.git / "HEAD").unlink()
    with pytest.raises(StoreUnusable):
        Repository(store.layout.git)
