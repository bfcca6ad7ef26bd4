"""A bundle of damaged backups, or of a copy that may only be read: what there is, and the truth about it."""

import shutil
import tarfile
from pathlib import Path

import pytest
from backup_versions import Sealed, nights, sealed_store
from permissions import NO_PRIVILEGES, with_permissions
from worlds import Answer, Command

from provisioning.backup_store.store import BackupStore


@pytest.fixture
def sealed(proviso: Command) -> Sealed:
    """Backups of two lines where the command looks for them."""
    proviso.state.mkdir()
    sealed = sealed_store(proviso.state)
    for number, night in enumerate(nights(3)):
        sealed.keep("L-1", night, text=f"hostname a{number}\nend\n")
    sealed.keep("L-22")
    sealed.store.commit("three nights")
    return sealed


def done(answer: Answer) -> None:
    assert answer.code == 0, answer.stdout + answer.stderr


def damage(sealed: Sealed) -> None:
    pack = next(sealed.store.layout.git.rglob("*.pack"))
    data = bytearray(pack.read_bytes())
    data[60] ^= 0xFF
    pack.chmod(0o600)
    pack.write_bytes(data)


def test_damaged_backups_are_exported_with_a_warning(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    original = next(sealed.store.layout.sealed.rglob("*.age"))
    original.write_bytes(b"half of it")
    bundle = tmp_path / "b.tar"
    answer = proviso("backup", "export", bundle)
    assert (answer.code, "SHA-256" in answer.stdout) == (1, True)
    assert "1 thing is wrong" in answer.stderr
    assert "`proviso backup verify`" in answer.stderr
    damage(sealed)
    found = proviso("backup", "export", tmp_path / "2.tar", "--json")
    assert (found.code, found.json["whole"]) == (1, False)
    assert len(found.json["findings"]) > 1
    with tarfile.open(tmp_path / "2.tar") as archive:
        archive.extractall(tmp_path, filter="data")
    there, here = tmp_path / "proviso-backups", sealed.store.folder
    assert {each.relative_to(there) for each in there.rglob("*.age")} == {
        each.relative_to(here) for each in here.rglob("*.age")
    }


def test_without_the_repository_the_originals_are_exported(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    shutil.rmtree(sealed.store.layout.git)
    answer = proviso("backup", "export", tmp_path / "b.tar")
    assert (answer.code, "`proviso backup verify`" in answer.stderr) == (1, True)
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert sum(each.endswith(".age") for each in archive.getnames()) == 4


@with_permissions
def test_a_copy_that_may_only_be_read_is_exported(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    sealed.keep("L-7")
    folder = sealed.store.folder
    every = (*folder.rglob("*"), folder)
    assert sealed.store.journal.files()
    for path in every:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done(proviso("backup", "export", tmp_path / "b.tar", before=NO_PRIVILEGES))
    finally:
        for path in every:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert sealed.store.journal.files(), "nothing was changed"
    with tarfile.open(tmp_path / "b.tar") as archive:
        archive.extractall(tmp_path, filter="data")
    done(proviso("backup", "verify", tmp_path / "proviso-backups"))
    assert BackupStore(tmp_path / "proviso-backups").lines() == ("L-1", "L-7", "L-22")
