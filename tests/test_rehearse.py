"""Backups that are rehearsed on stand-ins: what comes back is compared, and what does not is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import disguises
from fibre_lines import LINE, WIFI_KEY, assert_no_secret, fibre_world
from labs import eventually
from pyrage.x25519 import Identity
from restored_lines import BackedUp, backed_up, fetch
from router_kinds import CISCO, LINUX, RouterKind
from warm import KILLED, Kill, Warm
from worlds import Answer

from provisioning.stands.stand import is_free


@pytest.fixture(params=[LINUX, CISCO], ids=["linux", "cisco"])
def safe(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[BackedUp]:
    kind: RouterKind = request.param
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as world:
        yield backed_up(world)


def rehearsed(answer: Answer) -> tuple[str, str]:
    """Return what became of the one backup, and what was said of it."""
    (proof,) = answer.json["rehearsed"]
    return proof["outcome"], proof["message"]


def test_a_backup_comes_back_on_a_stand_in(safe: BackedUp, tmp_path: Path) -> None:
    world = safe.world
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    world.extra["TMPDIR"] = str(temporary)
    empty = world.run("backup", "rehearse", "--show")
    assert (empty.code, "There are no backups yet" in empty.stdout) == (0, True)
    version = safe.keep()
    assert "no proof" in world.run("backup", "rehearse", "--show").stdout
    before = fetch(world)

    answer = world.run("backup", "rehearse", "--json")
    assert answer.code == 0, answer.stdout + answer.stderr
    (proof,) = answer.json["rehearsed"]
    assert (proof["line"], proof["version"], proof["outcome"]) == (LINE, version.id, "restored"), proof
    (coverage,) = answer.json["coverage"]
    assert (coverage["platform"], coverage["share"], coverage["failed"]) == (world.kind.platform, 1.0, 0)
    assert "100.0 %" in world.run("backup", "rehearse", "--show").stdout
    assert fetch(world) == before, "the line's own router was touched"
    assert list(temporary.iterdir()) == []
    assert_no_secret(world)


def test_one_that_was_cut_is_told_and_counts_no_more(safe: BackedUp) -> None:
    world = safe.world
    good = fetch(world)
    safe.keep(good)
    assert world.run("backup", "rehearse", "--json").code == 0
    name = "hostapd.conf" if world.kind is LINUX else "running-config"
    cut = good[name][: len(good[name]) * 2 // 3]
    safe.keep({**good, name: cut})
    answer = world.run("backup", "rehearse", LINE, "--json")
    assert answer.code == 1, answer.stdout
    outcome, message = rehearsed(answer)
    assert outcome in ("differs", "failed"), message
    (coverage,) = answer.json["coverage"]
    assert (coverage["share"], coverage["failed"]) == (0.0, 1)
    for disguise in disguises(WIFI_KEY):
        assert disguise not in (answer.stdout + answer.stderr).encode()


def test_one_that_was_tampered_with_is_told(safe: BackedUp) -> None:
    world = safe.world
    version = safe.keep()
    sealed = safe.sealed.store.layout.sealed_file(LINE, version.id)
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    sealed.chmod(0o600)
    sealed.write_bytes(bytes(data))
    answer = world.run("backup", "rehearse", "--json")
    assert answer.code == 1
    assert rehearsed(answer)[0] == "failed"


def test_what_is_asked_wrongly_is_told_before_anything_starts(safe: BackedUp, tmp_path: Path) -> None:
    world = safe.world
    safe.keep()
    wrong = tmp_path / "wrong"
    for text in ("", "garbage", str(Identity.generate())):
        wrong.write_text(text)
        assert world.run("backup", "rehearse", "--identity", str(wrong)).code == 2
    assert world.run("backup", "rehearse", "--identity", str(tmp_path)).code == 2
    for arguments in (["--share", "0%"], ["--share", "many"], ["--share", "101%"], ["L-9"]):
        assert world.run("backup", "rehearse", *arguments).code == 2
    del world.extra["PROVISO_BACKUP_IDENTITY_FILE"]
    answer = world.run("backup", "rehearse")
    assert answer.code == 2
    assert "--identity" in answer.stderr
    assert world.rows("select * from restore_proof") == []


def test_killed_it_leaves_neither_a_stand_in_nor_anything_of_a_backup(
    warm: Warm, line_in_service: Path, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with fibre_world(tmp_path / "world", warm, line_in_service) as world:
        safe = backed_up(world)
        safe.keep()
        world.extra["TMPDIR"] = str(temporary)
        answer = world.run("backup", "rehearse", kill=Kill(sent="helper apply"))
        assert answer.code == KILLED
        (stand_ins,) = temporary.iterdir()
        assert eventually(lambda: is_free(stand_ins / "simulator"))
        left = [path.read_bytes() for path in stand_ins.rglob("*") if path.is_file()]
        for disguise in disguises(WIFI_KEY):
            assert not [each for each in left if disguise in each]
        assert not (stand_ins / "simulator" / "routers").exists()
        assert world.run("backup", "rehearse", "--json").code == 0
        assert_no_secret(world)
