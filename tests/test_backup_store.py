"""Backups are kept as they arrive, committed in batches, and found again; plain git reads the repository."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from backup_versions import CANARY, nights, sealed_store, version
from canaries import disguises
from hypothesis import given
from hypothesis import strategies as st
from worlds import NOON

from provisioning.backup_store.repacking import MOST_PACKS, small_ones
from provisioning.backup_store.sealing import unseal
from provisioning.backup_store.store import BackupStore
from provisioning.errors import StoreUnusable, UnknownName


def git(store: BackupStore, *arguments: str) -> str:
    return subprocess.run(
        ["git", "--git-dir", str(store.layout.git), *arguments], check=True, capture_output=True, encoding="latin-1"
    ).stdout


@pytest.fixture
def store(tmp_path: Path) -> BackupStore:
    return BackupStore(tmp_path / "backups")


def test_a_store_that_nobody_wrote_to_is_empty_and_stays_away(store: BackupStore) -> None:
    assert store.lines() == ()
    assert store.versions("L-1") == ()
    assert store.latest(["L-1"]) == {}
    store.commit("nothing")
    assert not store.folder.exists()


def test_what_is_kept_is_found_before_and_after_it_is_committed(store: BackupStore) -> None:
    kept = store.keep(version(text="hostname a\n"))
    for _ in range(2):
        other = BackupStore(store.folder)
        assert other.versions("L-1") == (kept,)
        assert other.latest(["L-1", "L-2"]) == {"L-1": kept}
        assert other.masked(kept) == {"running-config": "hostname a\n"}
        assert other.sealed(kept) == version().sealed
        assert other.lines() == ("L-1",)
        store.commit("Back up one line")
    assert store.journal.files() == []


def test_an_original_that_is_gone_is_named_with_where_to_look(store: BackupStore) -> None:
    kept = store.keep(version())
    store.layout.sealed_file("L-1", kept.id).unlink()
    with pytest.raises(StoreUnusable, match=f"the original of version {kept.id} of L-1 is missing") as gone:
        store.sealed(kept)
    assert "backup verify" in gone.value.remedy


def test_git_reads_and_accepts_the_repository(store: BackupStore) -> None:
    for number, night in enumerate(nights(3)):
        for line in ("L-1", "L-1001", "L-22"):
            store.keep(version(line, night, text=f"hostname {line}\nversion {number % 2}\n"))
        store.commit(f"Night {number}")
    git(store, "fsck", "--strict", "--full")
    path = "lines/001/L-1/20261124T110000Z"
    assert git(store, "show", f"main:{path}/documents/running-config") == "hostname L-1\nversion 1\n"
    assert '"fingerprint"' in git(store, "show", f"main:{path}/backup.json")
    assert git(store, "log", "--format=%s").split("\n")[:3] == ["Night 2", "Night 1", "Night 0"]
    assert len(git(store, "ls-tree", "-r", "--name-only", "main").splitlines()) == 18


def test_versions_of_one_second_have_ids_of_their_own(store: BackupStore) -> None:
    texts = [f"version {number}\n" for number in range(12)]
    ids = [store.keep(version(text=text)).id for text in texts]
    assert ids[:2] == ["20261123T110000Z", "20261123T110000Z-2"]
    store.commit("one")
    found = store.versions("L-1")
    assert [each.id for each in found] == ids[::-1]
    assert [store.masked(each)["running-config"] for each in found] == texts[::-1]


def test_a_lost_original_leaves_its_id_to_its_version(store: BackupStore) -> None:
    first = store.keep(version(text="one\n"))
    second = store.keep(version(text="two\n", before=first.id))
    store.layout.sealed_file("L-1", second.id).unlink()
    third = store.keep(version(text="three\n", before=second.id))
    later = store.keep(version(taken_at=NOON + timedelta(seconds=1), before=third.id))
    assert [each.id for each in (second, third, later)] == [f"{first.id}-2", f"{first.id}-3", "20261123T110001Z"]
    assert store.versions("L-1") == (later, third, second, first)
    assert [store.has_original(each) for each in (first, second, third)] == [True, False, True]


@pytest.mark.parametrize("how", ["cut", "another", "empty", "folder"])
def test_an_original_that_is_not_what_was_written_is_none(store: BackupStore, how: str) -> None:
    kept = store.keep(version())
    assert store.has_original(kept)
    path = store.layout.sealed_file("L-1", kept.id)
    whole = path.read_bytes()
    path.unlink()
    if how == "folder":
        path.mkdir()
    else:
        path.write_bytes({"cut": whole[:-1], "another": whole[:-1] + b"?", "empty": b""}[how])
    assert not store.has_original(kept)


def test_a_version_is_found_by_what_people_say(store: BackupStore) -> None:
    first, second, third = (store.keep(version(taken_at=night)) for night in nights(3))
    for at, expected in (
        (None, third),
        ("first", first),
        (second.id, second),
        ("2026-11-24", second),
        ("2027-01-01", third),
        ("2026-11-24T11:00:00", second),
        ("2026-11-24T12:00:00+02:00", first),
        ("2026-11-24 11:00", second),
        ("20261124T105959Z", first),
        ("20261124", second),
    ):
        assert store.find("L-1", at) == expected
    for line, at in (("L-2", None), ("L-1", "2026-11-22"), ("L-1", "yesterday"), ("../L-1", None)):
        with pytest.raises(UnknownName):
            store.find(line, at)


def test_a_moment_means_all_of_its_second(store: BackupStore) -> None:
    taken = NOON.replace(second=41, microsecond=700_000)
    kept = store.keep(version(taken_at=taken))
    for at in (f"{taken:%Y-%m-%d %H:%M}", f"{taken:%Y%m%dT%H%M%S}", f"{taken:%Y-%m-%d}"):
        assert store.find("L-1", at) == kept
    with pytest.raises(UnknownName):
        store.find("L-1", f"{taken:%Y-%m-%d %H:%M:40.9}")


def test_what_a_killed_process_left_is_committed_by_the_next_one(store: BackupStore) -> None:
    left = store.keep(version())
    BackupStore(store.folder).keep(version("L-2", NOON + timedelta(days=1)))
    assert [path.name for path in store.journal.files()] == ["L-2.20261124T110000Z.json"]
    assert left.id in git(store, "ls-tree", "--name-only", "main:lines/001/L-1")


def test_bytes_that_are_no_text_survive(store: BackupStore) -> None:
    text = b"banner \xff\xfe \xc3\xa9\r\n".decode("utf-8", "surrogateescape")
    kept = store.keep(version(text=text))
    assert store.masked(kept)["running-config"] == text
    store.commit("one")
    assert store.masked(kept)["running-config"] == text


def test_a_document_that_is_withheld_is_named_with_its_reason(store: BackupStore) -> None:
    kept = store.keep(version(masked={}, withheld={"running-config": "line 7 looks like a secret"}))
    store.commit("one")
    assert store.find("L-1") == kept
    assert store.masked(kept) == {}


def test_a_secret_is_only_in_the_encrypted_original(tmp_path: Path) -> None:
    sealed = sealed_store(tmp_path)
    store = sealed.store
    sealed.keep()
    journal = b"".join(path.read_bytes() for path in store.journal.files())
    store.commit("one")
    kept = store.find("L-1")
    assert unseal(store.sealed(kept), sealed.identity) == {"running-config": f"wpa-psk ascii 0 {CANARY}\n"}
    blobs = git(store, "cat-file", "--batch-all-objects", "--batch").encode()
    files = b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    for disguise in disguises(CANARY):
        assert disguise not in journal + blobs + files


def test_the_same_document_is_stored_once(store: BackupStore) -> None:
    for night in nights(3):
        store.keep(version(taken_at=night, masked={"large": "x" * 1000, "small": str(night)}))
        store.commit("one")
    blobs = {line.split()[2] for line in git(store, "ls-tree", "-r", "main").splitlines() if "/large" in line}
    counted = git(store, "cat-file", "--batch-all-objects", "--batch-check").splitlines()
    assert len(blobs) == 1
    assert sum(line.startswith(blobs.copy().pop()) for line in counted) == 1


def test_names_that_would_lead_elsewhere_are_refused(store: BackupStore) -> None:
    for new in (version("../../etc"), version(masked={"../x": ""}), version(masked={".git": ""})):
        with pytest.raises(ValueError, match=r"no line id|no names"):
            store.keep(new)
    assert not list(store.folder.rglob("*.age"))


@given(st.lists(st.integers(min_value=100, max_value=10**6), min_size=1, max_size=600))
def test_packs_stay_few_and_are_seldom_copied(nights: list[int]) -> None:
    packs: list[int] = []
    copied = 0
    for size in nights:
        packs.append(size)
        if len(packs) > MOST_PACKS:
            joined = [int(path.name) for path in small_ones([(each, Path(str(each))) for each in packs])]
            for each in joined:
                packs.remove(each)
            packs.append(sum(joined))
            copied += sum(joined)
    assert len(packs) <= MOST_PACKS
    assert sum(packs) == sum(nights)
    assert copied <= 12 * sum(nights)
