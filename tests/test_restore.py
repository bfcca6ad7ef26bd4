"""Backups that are brought back to the routers of lines, on simulated devices of both platforms."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from changed_lines import opening, ready, run
from fibre_lines import LINE, Fibre, assert_no_secret, assert_serves, assert_whole, everything, fibre_world
from pyrage.x25519 import Identity
from restored_lines import after_a_reset, backed_up, comparable, customer_changes, edit_cisco, fetch, settings, spoil
from router_kinds import CISCO, LINUX, RouterKind
from warm import Warm

from provisioning.backups.login_password import without_login_passwords


@pytest.fixture(params=[LINUX, CISCO], ids=["linux", "cisco"])
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    kind: RouterKind = request.param
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as made:
        yield made


def test_what_somebody_changed_is_taken_back(world: Fibre) -> None:
    safe = backed_up(world)
    version = safe.keep()
    before = fetch(world)
    spoil(world)
    assert comparable(world.kind, fetch(world)) != comparable(world.kind, before)

    plan = world.run("backup", "restore", LINE, "--plan", "--json")
    assert plan.code == 0, plan.stderr
    assert plan.json["version"]["id"] == version.id
    assert plan.json["differences"]
    assert comparable(world.kind, fetch(world)) != comparable(world.kind, before)

    answer = world.run("backup", "restore", LINE, "--yes", "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    assert (answer.json["run"]["state"], answer.json["run"]["kind"]) == ("proven", "restore")
    assert comparable(world.kind, fetch(world)) == comparable(world.kind, before)
    (proof,) = world.rows("select * from restore_proof")
    assert (proof["version"], proof["how"], proof["outcome"]) == (version.id, "restore", "restored")
    assert_serves(world)
    assert_whole(world)
    assert_no_secret(world)


def test_what_the_customer_changed_on_the_router_survives(world: Fibre) -> None:
    safe = backed_up(world)
    safe.keep()
    key = customer_changes(world)
    spoil(world)
    answer = world.run("backup", "restore", LINE, "--yes", "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    ssid, channel, present = settings(world.kind, fetch(world))
    assert (ssid, channel, present) == ("Atelier", 11, key)
    assert key not in "".join(each.stdout + each.stderr for each in world.said)


def test_it_comes_to_another_router_with_what_the_customer_had_set(world: Fibre) -> None:
    safe = backed_up(world)
    key = customer_changes(world)
    safe.keep()
    before = fetch(world)
    old, new = world.kind.serial(1), world.kind.serial(2)
    world.up.do(lambda: world.up.network.exchange(old, new))

    answer = world.run("backup", "restore", LINE, "--serial", new, "--yes", "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    after = fetch(world, 2)
    assert settings(world.kind, after) == ("Atelier", 11, key)
    renamed = {name: text.replace(f"router {new}", f"router {old}") for name, text in after.items()}
    renamed = {name: text.replace(f"LAN of {new}", f"LAN of {old}") for name, text in renamed.items()}
    assert comparable(world.kind, renamed) == comparable(world.kind, before)
    in_use = world.rows("select serial from device where kind = 'cpe' and until is null")
    assert in_use == [{"serial": new}]
    assert world.where(new)["confirmed"] == world.where(new)["live"]
    assert_serves(world)
    # The line is as it is ordered: to activate it again changes nothing.
    assert world.run("device", "diff", new).code == 0
    assert_no_secret(world)


@pytest.mark.parametrize("kind", [LINUX, CISCO], ids=["linux", "cisco"])
def test_a_router_that_was_reset_to_factory_settings_gets_its_backup_back(
    request: pytest.FixtureRequest, warm: Warm, tmp_path: Path, kind: RouterKind
) -> None:
    base = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as first:
        safe = backed_up(first)
        customer_changes(first)
        safe.keep()
        before = fetch(first)
    with after_a_reset(first) as world:
        answer = world.run("backup", "restore", LINE, "--yes", "--json")
        assert answer.code == 0, answer.stderr + answer.stdout
        assert comparable(world.kind, fetch(world)) == comparable(world.kind, before)
        assert_serves(world)
        assert_whole(world)


def test_what_cannot_be_opened_changes_nothing(world: Fibre, tmp_path: Path) -> None:
    safe = backed_up(world)
    version = safe.keep()
    before, runs = fetch(world), len(world.runs())
    stranger = tmp_path / "stranger.age"
    stranger.write_text(f"{Identity.generate()}\n")

    wrong = world.run("backup", "restore", LINE, "--identity", stranger, "--yes")
    assert wrong.code == 2, wrong.stderr
    del world.extra["PROVISO_BACKUP_IDENTITY_FILE"]
    nothing = world.run("backup", "restore", LINE, "--yes")
    assert nothing.code == 2
    assert "--identity" in nothing.stderr
    world.extra["PROVISO_BACKUP_IDENTITY_FILE"] = str(safe.identity)

    sealed = safe.sealed.store.layout.sealed_file(LINE, version.id)
    data = bytearray(sealed.read_bytes())
    data[-20] ^= 1
    sealed.chmod(0o600)
    sealed.write_bytes(bytes(data))
    tampered = world.run("backup", "restore", LINE, "--yes")
    assert tampered.code == 3, tampered.stderr
    asked = world.run("backup", "restore", LINE)
    assert (asked.code, "--yes" in asked.stderr) == (2, True)
    unknown = world.run("backup", "restore", LINE, "--at", "2020-01-01", "--yes")
    assert unknown.code == 2
    assert world.run("backup", "restore", "L-9", "--yes").code == 2

    assert "Traceback" not in "".join(each.stderr for each in world.said)
    assert len(world.runs()) == runs
    assert fetch(world) == before


def test_what_cannot_be_proven_goes_back_and_says_what_comes_next(world: Fibre) -> None:
    safe = backed_up(world)
    good = safe.keep(taken_at=datetime.now(UTC) - timedelta(days=2))
    spoil(world)
    bad = safe.keep(taken_at=datetime.now(UTC) - timedelta(days=1))
    assert world.run("backup", "restore", LINE, "--at", good.id, "--yes").code == 0
    before = everything(world)
    answer = world.run("backup", "restore", LINE, "--at", bad.id, "--yes")
    assert answer.code == 1, answer.stdout + answer.stderr
    assert "went back" in answer.stdout
    assert "factory settings" in answer.stdout
    assert everything(world) == before
    proofs = world.rows("select version, outcome from restore_proof order by id")
    assert proofs == [
        {"version": good.id, "outcome": "restored"},
        {"version": bad.id, "outcome": "failed"},
    ]
    assert_whole(world)
    assert_no_secret(world)


def test_one_that_is_older_than_a_change_of_the_order_says_so_beforehand(world: Fibre) -> None:
    safe = backed_up(world)
    safe.keep()
    change = world.write(
        {"order": "PX-2026-000901", "kind": "change", "line": LINE, "servers": [{"to": "192.168.1.9"}]}
    )
    assert world.run("order", "activate", change).code == 0
    before = everything(world)
    # Where the line is in scope, the activation has taken a later one.
    first = safe.sealed.store.versions(LINE)[-1].id
    shown = world.run("backup", "restore", LINE, "--at", first, "--plan")
    assert shown.code == 0
    assert "older than PX-2026-000901" in " ".join(shown.stdout.split())
    answer = world.run("backup", "restore", LINE, "--at", first, "--yes")
    assert answer.code == 1, answer.stdout + answer.stderr
    assert "older than PX-2026-000901" in " ".join(answer.stderr.split())
    assert everything(world) == before


def test_one_that_is_older_than_a_change_request_says_so_beforehand(world: Fibre) -> None:
    world.extra["PROVISO_BACKUP_FORMULAS"] = world.kind.ordered["formula"]
    safe = backed_up(world)
    safe.keep()
    content = opening()
    content["open"][0]["from"] = ["203.0.113.0/24"]  # nobody is there to look from
    identifier = ready(world, content)
    assert run(world, identifier).code == 0
    latest, first = safe.sealed.store.versions(LINE)
    assert latest.cause.value == "change"
    answer = world.run("backup", "restore", LINE, "--at", first.id, "--yes")
    assert f"older than {identifier}" in " ".join(answer.stderr.split())
    if world.kind is CISCO:
        assert answer.code == 1  # what its configuration does not let in is told by the evaluator
    else:
        assert answer.code == 0, answer.stdout + answer.stderr
        assert "No backup was kept: port mappings: tcp/8443 does not lead to 192.168.1.2" in answer.stdout
    assert world.run("drift", "run", LINE).code == int(world.kind is not CISCO)


def test_the_first_backup_is_taken_when_a_line_is_proven(world: Fibre) -> None:
    faster = world.write(
        {"order": "PX-2026-000901", "kind": "change", "line": LINE, "options": {"speed": world.kind.faster}}
    )
    world.extra["PROVISO_BACKUP_FORMULAS"] = world.kind.ordered["formula"]
    without = world.run("order", "activate", faster, "--json")
    assert without.code == 0, without.stderr
    noted = " ".join(note for each in without.json["orders"] for note in each["notes"])
    assert "proviso backup keys make" in noted
    safe = backed_up(world)
    assert world.run("order", "activate", faster, "--json").code == 0
    (version,) = safe.sealed.store.versions(LINE)
    assert version.cause.value == "activation"
    assert "Wi-Fi password" in version.items
    # What is kept comes back; done again, there is nothing new to keep.
    assert world.run("backup", "rehearse", "--json").code == 0
    assert world.run("order", "activate", faster, "--json").code == 0
    assert len(safe.sealed.store.versions(LINE)) == 1
    before = fetch(world)
    spoil(world)
    assert world.run("backup", "restore", LINE, "--yes").code == 0
    assert comparable(world.kind, fetch(world)) == comparable(world.kind, before)
    assert_no_secret(world)


def test_a_backup_that_cannot_be_kept_fails_no_run(world: Fibre) -> None:
    world.extra["PROVISO_BACKUP_FORMULAS"] = world.kind.ordered["formula"]
    safe = backed_up(world)
    (safe.sealed.store.folder / "sealed").write_text("in the way")
    answer = world.run(
        "order",
        "activate",
        world.write({"order": "PX-2026-000901", "kind": "change", "line": LINE, "servers": []}),
        "--json",
    )
    assert answer.code == 0, answer.stdout + answer.stderr
    noted = " ".join(note for each in answer.json["orders"] for note in each["notes"])
    assert "The nightly run tries again." in noted
    assert world.runs()[-1]["state"] == "proven"


def test_a_router_of_another_platform_is_refused_before_anything_is_sent(
    line_in_service: Path, warm: Warm, tmp_path: Path
) -> None:
    with fibre_world(tmp_path / "world", warm, line_in_service, others=1) as world:
        backed_up(world).keep()
        runs = len(world.runs())
        other = next(each for each in world.routers if each.startswith("FGL"))
        for more in ("--plan", "--yes"):
            answer = world.run("backup", "restore", LINE, "--serial", other, more)
            assert answer.code == 1, answer.stdout + answer.stderr
            assert "of the platform cisco_iosxe" in answer.stderr and "one of linux_cpe" in answer.stderr
        assert len(world.runs()) == runs


def test_the_login_password_of_a_terminal_stays(cisco_line_in_service: Path, warm: Warm, tmp_path: Path) -> None:
    with fibre_world(tmp_path / "world", warm, cisco_line_in_service, kind=CISCO) as world:
        safe = backed_up(world)
        edit_cisco(world, 1, "line vty 0 4", "password 0 canary-vty-1971")
        before = fetch(world)
        safe.keep(without_login_passwords(CISCO.platform, before))
        spoil(world)
        plan = world.run("backup", "restore", LINE, "--plan", "--json")
        assert plan.code == 0 and not [each for each in plan.json["commands"] if "password" in each], plan.stdout
        answer = world.run("backup", "restore", LINE, "--yes", "--json")
        assert answer.code == 0, answer.stderr + answer.stdout
        assert comparable(CISCO, fetch(world)) == comparable(CISCO, before)
        assert "canary-vty-1971" in fetch(world)["running-config"]
        assert "canary-vty-1971" not in "".join(each.stdout + each.stderr for each in world.said)
