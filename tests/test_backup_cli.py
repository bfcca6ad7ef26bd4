"""`proviso backup` as people use it: list, show, diff, verify, prune, export, keys."""

import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from backup_versions import CANARY, NOON, Sealed, nights, sealed_store, version
from canaries import disguises
from worlds import Answer, Command

from provisioning.backup_store.masking_key import masking_key
from provisioning.backup_store.recipients import KeyRole, read_recipients, write_recipients
from provisioning.backup_store.store import BackupStore
from provisioning.backup_store.verify import verify
from provisioning.backups.placeholders import Masker

BEFORE, AFTER = "<secret:0123456789ab>", "<secret:ba9876543210>"


@pytest.fixture
def sealed(proviso: Command) -> Sealed:
    """Backups of two lines where the command looks for them; a secret of one was rotated in the third night."""
    proviso.state.mkdir()
    sealed = sealed_store(proviso.state)
    for number, night in enumerate(nights(3)):
        shown = AFTER if number == 2 else BEFORE
        sealed.keep("L-1", night, text=f"hostname a\nwpa-psk ascii 0 {shown}\nend\n")
    sealed.keep("L-22")
    sealed.store.commit("three nights")
    return sealed


def hides(answer: Answer) -> None:
    said = (answer.stdout + answer.stderr).encode()
    assert not [each for each in disguises(CANARY) if each in said]
    assert "Traceback" not in answer.stderr


def good(answer: Answer) -> Answer:
    assert answer.code == 0, answer.stderr
    hides(answer)
    return answer


def refused(answer: Answer, code: int, *said: str) -> None:
    assert answer.code == code, answer.stdout
    hides(answer)
    for each in said:
        assert each in answer.stderr


def test_without_backups_every_command_says_so(proviso: Command) -> None:
    for command, code in (
        (("list",), 0),
        (("list", "L-1"), 2),
        (("show", "L-1"), 2),
        (("diff", "L-1"), 2),
        (("verify",), 2),
        (("prune",), 0),
        (("export", "x.tar"), 2),
        (("keys", "show"), 0),
    ):
        answer = proviso("backup", *command)
        assert answer.code == code, (command, answer)
        assert "backup" in answer.stdout + answer.stderr
        assert not (proviso.state / "backups").exists()


@pytest.mark.parametrize("words", ["show L-1 --at 2026", "restore L-1 --yes --at ", "diff L-1 2026"])
def test_the_shell_completes_versions(proviso: Command, sealed: Sealed, words: str) -> None:
    typed = f"proviso backup {words}"
    environment = {
        "_PROVISO_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split(" ")) - 1),
    }
    found = proviso(environment=environment).stdout.split()
    assert found == ["20261125T110000Z", "20261124T110000Z", "20261123T110000Z"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("diff L-1 --document ru", ["running-config"]),
        ("keys remove sa", [r"safe\ in\ Namur"]),
        ("keys remove age1", ["{key}"]),
    ],
)
def test_the_shell_completes_documents_and_keys(
    proviso: Command, sealed: Sealed, words: str, expected: list[str]
) -> None:
    typed = f"proviso backup {words}"
    (recipient,) = read_recipients(sealed.store.folder)
    write_recipients(sealed.store.folder, [replace(recipient, name="safe in Namur")])
    environment = {
        "_PROVISO_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split(" ")) - 1),
    }
    found = proviso(environment=environment).stdout.splitlines()
    assert found == [each.format(key=recipient.key) for each in expected]


def test_what_is_no_id_of_a_line_is_told(proviso: Command, sealed: Sealed) -> None:
    for command in (("list", "L-01"), ("show", "L-01"), ("diff", "L-01")):
        refused(proviso("backup", *command), 2, "'L-01' is no line id, L-1 is")
    refused(proviso("backup", "show", "7"), 2, "'7' is no line id")


def test_versions_are_listed_newest_first(proviso: Command, sealed: Sealed) -> None:
    shown = good(proviso("backup", "list", "L-1")).stdout
    assert shown.index("20261125T110000Z") < shown.index("20261123T110000Z")
    assert all(len(line) <= 80 for line in shown.splitlines())
    found = good(proviso("backup", "list", "L-1", "--json")).json["versions"]
    assert [each["id"] for each in found] == ["20261125T110000Z", "20261124T110000Z", "20261123T110000Z"]
    assert found[0]["items"] == ["DHCP pool", "Wi-Fi password"]


def test_lines_are_listed_page_by_page(proviso: Command, sealed: Sealed) -> None:
    assert "L-22" in good(proviso("backup", "list")).stdout
    first = good(proviso("backup", "list", "--limit", "1"))
    assert "--after L-1" in first.stderr
    rest = good(proviso("backup", "list", "--after", "L-1", "--json")).json
    assert (rest["total"], [each["line"] for each in rest["lines"]]) == (2, ["L-22"])
    refused(proviso("backup", "list", "--after", "L-9"), 2, "no backup of L-9")


def test_a_version_is_shown_masked(proviso: Command, sealed: Sealed) -> None:
    assert AFTER in good(proviso("backup", "show", "L-1")).stdout
    assert BEFORE in good(proviso("backup", "show", "L-1", "--at", "2026-11-24")).stdout
    document = good(proviso("backup", "show", "L-1", "--version", "first", "--json")).json["documents"]
    assert document == {"running-config": f"hostname a\nwpa-psk ascii 0 {BEFORE}\nend\n"}
    refused(proviso("backup", "show", "L-1", "--document", "none"), 2, "running-config")
    refused(proviso("backup", "show", "L-1", "--at", "2026-11-01"), 2, "2026-11-23")
    refused(proviso("backup", "show", "L-1", "--to", "x"), 2, "--reveal")


def test_a_rotated_secret_is_one_changed_line(proviso: Command, sealed: Sealed) -> None:
    shown = good(proviso("backup", "diff", "L-1")).stdout.splitlines()
    assert [line for line in shown if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")] == [
        f"-wpa-psk ascii 0 {BEFORE}",
        f"+wpa-psk ascii 0 {AFTER}",
    ]
    assert "Nothing differs" in good(proviso("backup", "diff", "L-1", "first", "2026-11-24")).stdout
    found = good(proviso("backup", "diff", "L-1", "first", "--json")).json
    assert (found["from"], found["to"]) == ("20261123T110000Z", "20261125T110000Z")
    assert [each["document"] for each in found["differences"]] == ["running-config"]
    refused(proviso("backup", "diff", "L-1", "never"), 2, "no version 'never'")


def test_what_is_withheld_in_one_version_differs_in_no_line(proviso: Command, sealed: Sealed) -> None:
    why = {"running-config": "looks like a secret: line 2 (passw)"}
    sealed.store.keep(version("L-22", NOON + timedelta(days=1), masked={"other": "a\n"}, withheld=why))
    sealed.store.commit("a night")
    shown = good(proviso("backup", "diff", "L-22")).stdout
    assert "cannot be compared, it is withheld" in shown
    assert "-hostname" not in shown and "+a" in shown
    found = good(proviso("backup", "diff", "L-22", "--json")).json
    assert (found["withheld"], [each["document"] for each in found["differences"]]) == (why, ["other"])


def test_a_single_version_has_nothing_to_differ_from(proviso: Command, sealed: Sealed) -> None:
    assert "one version only" in good(proviso("backup", "diff", "L-22")).stdout
    found = good(proviso("backup", "diff", "L-22", "--json")).json
    assert (found["from"], found["differences"]) == (found["to"], [])


def test_documents_are_shown_with_their_indents_and_no_other_control_character(
    proviso: Command, sealed: Sealed
) -> None:
    for day, more in ((1, ""), (2, "\t\taccept\x1b[2J\u202e\n")):
        text = f"table inet proviso {{\n\tchain in {{\n{more}\t}}\n}}\n"
        sealed.keep("L-30", NOON + timedelta(days=day), text=text)
    sealed.store.commit("two nights")
    assert "\n    chain in {\n" in good(proviso("backup", "show", "L-30")).stdout
    shown = good(proviso("backup", "diff", "L-30")).stdout
    assert "\n+        accept\\u001b[2J\\u202e\n" in shown


def test_the_original_goes_into_a_file_of_ones_own(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    target = tmp_path / "original"
    given = ("backup", "show", "L-1", "--at", "first", "--reveal", "--identity", sealed.identity)
    refused(proviso(*given), 2, "--to FILE")
    good(proviso(*given, "--to", target))
    original = f"hostname a\nwpa-psk ascii 0 {CANARY}\nend\n"
    assert target.read_text() == original
    assert target.stat().st_mode & 0o777 == 0o600
    refused(proviso(*given, "--to", target), 2, "already")
    asked = proviso(*given, "--to-stdout")
    assert (asked.code, asked.stdout) == (0, original)
    stranger = tmp_path / "stranger.key"
    good(proviso("backup", "keys", "make", "--only-make", "--identity", stranger))
    refused(proviso(*given[:-1], stranger, "--to", tmp_path / "b"), 2, "not encrypted to this identity")
    refused(proviso(*given[:-2], "--to", tmp_path / "b"), 2, "--identity")
    refused(proviso(*given[:-1], tmp_path / "none", "--to", tmp_path / "b"), 2)
    assert not (tmp_path / "b").exists()


def test_an_identity_that_others_can_read_is_told(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    reveal = ("backup", "show", "L-1", "--reveal", "--to")
    for number, command in enumerate((("backup", "verify"), ("backup", "keys", "reencrypt"), (*reveal,))):
        sealed.identity.chmod(0o644)
        given = (*command, tmp_path / f"a{number}") if command == reveal else command
        answer = good(proviso(*given, "--identity", sealed.identity))
        assert f"chmod 600 {sealed.identity}" in answer.stderr
        sealed.identity.chmod(0o600)
        given = (*command, tmp_path / f"b{number}") if command == reveal else command
        assert "chmod" not in good(proviso(*given, "--identity", sealed.identity)).stderr


def test_no_identity_is_made_whose_key_cannot_be_added(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    (sealed.store.folder / "recipients.txt").unlink()
    (sealed.store.folder / "recipients.txt").mkdir()
    refused(proviso("backup", "keys", "make", "--identity", tmp_path / "k"), 2)
    assert not (tmp_path / "k").exists()


def test_several_documents_go_into_a_folder(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    from dataclasses import replace

    new = sealed.keep("L-3")
    two = {"frr.conf": "router bgp\n", "hostapd.conf": f"wpa_passphrase={CANARY}\n"}
    store = sealed.store
    store.keep(replace(new, taken_at=NOON + timedelta(days=1), masked={"frr.conf": ""}, sealed=store.seal(two)))
    given = ("backup", "show", "L-3", "--reveal", "--identity", sealed.identity)
    good(proviso(*given, "--to", tmp_path / "L-3"))
    assert {path.name: path.read_text() for path in (tmp_path / "L-3").iterdir()} == two
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "L-3").iterdir()} == {0o600}
    refused(proviso(*given, "--to-stdout"), 2, "--document")
    good(proviso(*given, "--document", "frr.conf", "--to", tmp_path / "frr.conf"))
    assert (tmp_path / "frr.conf").read_text() == two["frr.conf"]


def test_verify_says_what_is_whole_and_what_is_lost(proviso: Command, sealed: Sealed) -> None:
    assert "All of it is whole" in good(proviso("backup", "verify")).stdout
    whole = good(proviso("backup", "verify", "--identity", sealed.identity, "--share", "50%", "--json")).json
    assert (whole["whole"], whole["versions"], whole["decrypted"], whole["compared"]) == (True, 4, 2, 0)
    sealed.store.layout.sealed_file("L-22", "20261123T110000Z").unlink()
    answer = proviso("backup", "verify")
    assert answer.code == 1
    assert "lost: the original of L-22 20261123T110000Z: it cannot be restored" in answer.stdout
    assert proviso("backup", "verify", "--json").json["findings"][0]["where"].startswith("sealed/022/L-22/")
    for share in ("0", "101", "some"):
        refused(proviso("backup", "verify", "--share", share), 2, "--share")


def test_originals_are_compared_where_the_masking_key_is(proviso: Command, sealed: Sealed) -> None:
    from dataclasses import replace

    documents = {"running-config": f"key {CANARY}\n"}
    fingerprint = Masker(masking_key(proviso.state)).fingerprint(documents)
    store = BackupStore(sealed.store.folder)
    new = replace(sealed.keep("L-5"), sealed=store.seal(documents), fingerprint=fingerprint)
    for path in (store.layout.sealed, store.layout.journal, store.layout.git):
        import shutil

        shutil.rmtree(path)
    store = BackupStore(store.folder)
    store.keep(new)
    store.commit("one")
    found = good(proviso("backup", "verify", "--identity", sealed.identity, "--json")).json
    assert (found["decrypted"], found["compared"], found["findings"]) == (1, 1, [])
    (proviso.state / "masking.key").write_bytes(bytes(32))
    answer = proviso("backup", "verify", "--identity", sealed.identity)
    assert answer.code == 1
    hides(answer)
    assert "not what was fetched" in answer.stdout


def test_pruning_is_shown_before_it_is_done(proviso: Command, sealed: Sealed) -> None:
    now = datetime.now(UTC)
    for days in range(80, 90):
        sealed.keep("L-7", now - timedelta(days=days))
    sealed.store.commit("old ones")
    planned = good(proviso("backup", "prune", "--plan", "--json")).json
    dropped = [each["version"] for each in planned["dropped"] if each["line"] == "L-7"]
    assert 6 <= len(dropped) <= 8
    assert len(sealed.store.versions("L-7")) == 10
    assert "went" in good(proviso("backup", "prune")).stdout
    assert len(BackupStore(sealed.store.folder).versions("L-7")) == 10 - len(dropped)
    assert good(proviso("backup", "prune", "--json")).json["dropped"] == []
    assert verify(sealed.store.folder).whole


def test_a_bundle_is_verified_where_it_is_unpacked(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    bundle = tmp_path / "b.tar"
    assert "SHA-256" in good(proviso("backup", "export", bundle)).stdout
    with tarfile.open(bundle) as archive:
        archive.extractall(tmp_path, filter="data")
    good(proviso("backup", "verify", tmp_path / "proviso-backups"))
    refused(proviso("backup", "export", bundle), 2, "already")
    refused(proviso("backup", "verify", tmp_path / "nowhere"), 2)


def test_keys_come_and_go(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    folder = sealed.store.folder
    rehearsal = tmp_path / "rehearsal.key"
    good(proviso("backup", "keys", "make", "--identity", rehearsal, "--role", "rehearsal", "--name", "stand-in host"))
    assert rehearsal.stat().st_mode & 0o777 == 0o600
    assert [each.role for each in read_recipients(folder)] == [KeyRole.RESTORE, KeyRole.REHEARSAL]
    shown = good(proviso("backup", "keys", "show"))
    assert "opens       4 of 4 originals" in shown.stdout
    assert "opens       0 of 4 originals" in shown.stdout
    assert "reencrypt" in shown.stderr
    assert all(len(line) <= 80 or "masking.key" in line for line in shown.stdout.splitlines())
    good(proviso("backup", "keys", "reencrypt", "--identity", sealed.identity))
    good(proviso("backup", "verify", "--identity", rehearsal))
    new = tmp_path / "new.key"
    good(proviso("backup", "keys", "rotate", "desk", "--identity", new))
    good(proviso("backup", "keys", "reencrypt", "--identity", rehearsal))
    assert proviso("backup", "verify", "--identity", sealed.identity).code == 1
    good(proviso("backup", "verify", "--identity", new))
    refused(proviso("backup", "keys", "remove", "desk"), 1, "last key")
    good(proviso("backup", "keys", "remove", "stand-in host"))
    found = good(proviso("backup", "keys", "show", "--json")).json
    assert [each["name"] for each in found["recipients"]] == ["desk"]
    assert [each["opens"] for each in found["former"]] == [4]
    for identity in (rehearsal, new, sealed.identity):
        secret = identity.read_text().splitlines()[-1]
        assert secret not in repr(found) + shown.stdout
        assert secret.encode() not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_is_no_key_or_no_place_for_one_is_refused(proviso: Command, sealed: Sealed, tmp_path: Path) -> None:
    secret = sealed.identity.read_text().splitlines()[-1]
    answer = proviso("backup", "keys", "add", secret)
    refused(answer, 2, "no public age key")
    assert secret not in answer.stderr
    refused(proviso("backup", "keys", "make", "--identity", sealed.store.folder / "x"), 1, "beside what it opens")
    refused(proviso("backup", "keys", "make", "--identity", sealed.identity), 2, "already")
    key = read_recipients(sealed.store.folder)[0].key
    refused(proviso("backup", "keys", "add", key), 2, "already")
    refused(proviso("backup", "keys", "remove", "nobody"), 2, "no key is named")
    refused(proviso("backup", "keys", "make", "--identity", tmp_path / "k", "--name", "a\nb"), 2, "no name")
    assert not (tmp_path / "k").exists()
    assert [each.name for each in read_recipients(sealed.store.folder)] == ["desk"]


def _flip(data: bytearray) -> None:
    data[len(data) // 2] ^= 1


def _cut(data: bytearray) -> None:
    del data[-30:]


def _empty(data: bytearray) -> None:
    data.clear()


@pytest.mark.parametrize("damage", [_flip, _cut, _empty])
def test_a_list_warns_of_a_damaged_pack(proviso: Command, sealed: Sealed, damage: Callable[[bytearray], None]) -> None:
    assert good(proviso("backup", "list", "--json")).json["damaged"] == []
    packs = sealed.store.layout.git / "objects" / "pack"
    (pack,) = packs.glob("*.pack")
    data = bytearray(pack.read_bytes())
    damage(data)
    pack.chmod(0o600)
    pack.write_bytes(data)
    for arguments in (("list",), ("list", "L-1")):
        answer = proviso("backup", *arguments)
        hides(answer)
        assert "proviso backup verify" in answer.stderr
        assert f"Damaged: masked.git/objects/pack/{pack.name}" in answer.stderr
    assert proviso("backup", "verify").code == 1


def test_a_damaged_store_is_one_clear_error(proviso: Command, sealed: Sealed) -> None:
    for pack in sealed.store.layout.git.rglob("*.idx"):
        pack.unlink()
    for command in (("list",), ("list", "L-1"), ("show", "L-1"), ("diff", "L-1"), ("prune",)):
        refused(proviso("backup", *command), 3, "proviso backup verify")
    assert proviso("backup", "verify").code == 1
