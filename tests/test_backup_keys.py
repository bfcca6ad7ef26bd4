"""Keys: originals are encrypted to recipients, whose identities are elsewhere; keys come and go."""

import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest
from backup_versions import CANARY, Sealed, nights, sealed_store
from canaries import disguises
from pyrage.x25519 import Identity
from worlds import NOON

from provisioning.backup_store.masking_key import FILE_NAME, masking_key
from provisioning.backup_store.opening import open_originals
from provisioning.backup_store.recipients import KeyRole, Recipient, read_recipients, write_recipients
from provisioning.backup_store.reencrypt import outdated, reencrypt
from provisioning.backup_store.sealing import read_identities, seal, unseal
from provisioning.backup_store.store import BackupStore
from provisioning.backup_store.verify import verify
from provisioning.errors import BadInput, StoreUnusable, UnreadableProject


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    found = sealed_store(tmp_path)
    for night in nights(3):
        for line in ("L-1", "L-2"):
            found.keep(line, night)
    found.store.commit("three nights")
    return found


def other_identity(sealed: Sealed, role: KeyRole = KeyRole.REHEARSAL) -> tuple[Path, Recipient]:
    identity = Identity.generate()
    path = sealed.identity.with_name(f"{role}.txt")
    path.write_text(f"{identity}\n", "ascii")
    return path, Recipient(str(identity.to_public()), role, "stand-in host", NOON.date())


def test_recipients_are_read_as_they_were_written(sealed: Sealed) -> None:
    _, other = other_identity(sealed)
    both = (*read_recipients(sealed.store.folder), other)
    write_recipients(sealed.store.folder, both)
    assert read_recipients(sealed.store.folder) == both
    path = sealed.store.folder / "recipients.txt"
    path.write_text(f"\n# mine\n{other.key}\n# restore: x, since 2026-13-01\n{both[0].key}\n")
    assert read_recipients(sealed.store.folder) == (
        Recipient(other.key),
        Recipient(both[0].key, KeyRole.RESTORE, "x", None),
    )


@pytest.mark.parametrize("text", ["age1no\n", "AGE-SECRET-KEY-1\n", "\xff\n", "ssh-ed25519 AAAA\n"])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    (tmp_path / "recipients.txt").write_bytes(text.encode("latin-1"))
    with pytest.raises(UnreadableProject) as caught:
        read_recipients(tmp_path)
    assert text.strip() not in f"{caught.value} {caught.value.remedy}"


def test_without_recipients_nothing_is_encrypted(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        seal({"a": "b"}, ())
    with pytest.raises(BadInput):
        BackupStore(tmp_path).seal({"a": "b"})


def test_what_is_sealed_comes_out_byte_for_byte(sealed: Sealed) -> None:
    documents = {
        "running-config": b"a\xff\r\n\0".decode("utf-8", "surrogateescape"),
        "empty": "",
        "long": "x" * 300_000,
    }
    data = sealed.store.seal(documents)
    assert unseal(data, sealed.identity) == documents
    assert len(data) < 5000
    assert data != sealed.store.seal(documents)


def test_what_comes_out_of_age_is_an_archive_that_tar_reads(sealed: Sealed, tmp_path: Path) -> None:
    packed = pyrage.decrypt(sealed.store.seal({"frr.conf": "router bgp\n"}), read_identities(sealed.identity))
    subprocess.run(["tar", "-xzf", "-", "-C", tmp_path, "frr.conf"], input=packed, check=True)
    assert (tmp_path / "frr.conf").read_text() == "router bgp\n"


def test_another_identity_and_damage_are_told_apart(sealed: Sealed, tmp_path: Path) -> None:
    data = sealed.store.seal({"a": CANARY})
    other, _ = other_identity(sealed)
    with pytest.raises(BadInput, match="not encrypted to this identity"):
        unseal(data, other)
    for broken in (data[:-1], data[:50], b"", data[:-20] + bytes(20)):
        with pytest.raises(StoreUnusable):
            unseal(broken, sealed.identity)
    for text in ("", "nonsense\n", "# only a comment\n"):
        (tmp_path / "none").write_text(text)
        with pytest.raises(BadInput):
            unseal(data, tmp_path / "none")
    with pytest.raises(BadInput):
        unseal(data, tmp_path / "missing")


def test_a_new_recipient_reads_everything_once_it_is_encrypted_anew(sealed: Sealed) -> None:
    identity, recipient = other_identity(sealed)
    write_recipients(sealed.store.folder, [*read_recipients(sealed.store.folder), recipient])
    store = BackupStore(sealed.store.folder)
    before = {(each.line, each.id): store.masked(each) for each in store.every_version()}
    with pytest.raises(BadInput):
        unseal(store.sealed(store.find("L-1")), identity)
    assert len(outdated(store)) == 6
    assert reencrypt(store, sealed.identity).number == 6
    assert outdated(store) == ()
    for each in store.every_version():
        assert unseal(store.sealed(each), identity) == unseal(store.sealed(each), sealed.identity)
        assert before.pop((each.line, each.id)) == store.masked(each)
    assert before == {}
    assert verify(store.folder).whole
    assert not store.layout.resealed.exists()


def test_a_removed_recipient_reads_nothing_any_more(sealed: Sealed) -> None:
    identity, recipient = other_identity(sealed, KeyRole.RESTORE)
    write_recipients(sealed.store.folder, [recipient])
    store = BackupStore(sealed.store.folder)
    done = reencrypt(store, sealed.identity)
    assert (done.number, done.closed) == (6, ())
    opened = open_originals(store.folder, verify(store.folder).versions, sealed.identity, share=1, fingerprint=None)
    assert (opened.number, len(opened.findings)) == (0, 6)
    opened = open_originals(store.folder, verify(store.folder).versions, identity, share=0.5, fingerprint=None)
    assert (opened.number, opened.compared, opened.findings) == (3, 0, ())


def test_what_the_identity_does_not_open_stays_as_it_is(sealed: Sealed) -> None:
    _, recipient = other_identity(sealed)
    stranger, _ = other_identity(sealed, KeyRole.RESTORE)
    write_recipients(sealed.store.folder, [recipient])
    store = BackupStore(sealed.store.folder)
    done = reencrypt(store, stranger)
    assert (done.number, len(done.closed)) == (0, 6)
    assert unseal(store.sealed(store.find("L-1")), sealed.identity)


def test_whoever_is_killed_while_encrypting_anew_loses_nothing(sealed: Sealed) -> None:
    """Before the commit the new files count for nothing; after it, they count wherever they lie."""
    identity, recipient = other_identity(sealed)
    layout = sealed.store.layout
    old = {each.id: sealed.store.sealed(each) for each in sealed.store.versions("L-1")}
    write_recipients(sealed.store.folder, [recipient])
    layout.resealed.mkdir()
    layout.resealed_file("L-1", next(iter(old))).write_bytes(b"half of what was about to be")
    before_commit = BackupStore(shutil.copytree(sealed.store.folder, sealed.identity.with_name("before")))
    assert verify(before_commit.folder).whole
    assert all(unseal(before_commit.sealed(each), sealed.identity) for each in before_commit.every_version())
    store = BackupStore(sealed.store.folder)
    reencrypt(store, sealed.identity)
    layout.resealed.mkdir()
    for name, data in old.items():
        layout.sealed_file("L-1", name).rename(layout.resealed_file("L-1", name))
        layout.sealed_file("L-1", name).write_bytes(data)
    for each in (store, before_commit):
        assert verify(each.folder).whole
        reencrypt(each, identity if each is store else sealed.identity)
        assert not each.layout.resealed.exists()
        assert verify(each.folder).whole
        assert all(unseal(each.sealed(version), identity) for version in each.every_version())


def test_fingerprints_tell_what_is_not_what_was_fetched(sealed: Sealed) -> None:
    versions = verify(sealed.store.folder).versions
    good = {each.fingerprint for each in versions}

    def fingerprint(documents: object) -> str:
        return next(iter(good)) if CANARY in repr(documents) else ""

    opened = open_originals(sealed.store.folder, versions, sealed.identity, share=1, fingerprint=fingerprint)
    assert (opened.compared, opened.findings) == (6, ())
    opened = open_originals(sealed.store.folder, versions, sealed.identity, share=1, fingerprint=repr)
    assert len(opened.findings) == 6
    for disguise in disguises(CANARY):
        assert disguise not in repr(opened).encode()


def test_the_masking_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    key = masking_key(tmp_path / "state")
    assert masking_key(tmp_path / "state") == key
    assert len(key) == 32
    path = tmp_path / "state" / FILE_NAME
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"short")
    with pytest.raises(StoreUnusable):
        masking_key(tmp_path / "state")
