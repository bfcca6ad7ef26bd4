"""The nightly run over simulated routers: what is kept, what is missed and why, and what a killed run leaves."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest
from canaries import disguises
from fibre_lines import LINE, WIFI_KEY, Fibre, fibre_world, form
from forked import Forked
from labs import eventually
from router_kinds import CISCO
from simulated_lines import BRUSSELS
from warm import Warm

from provisioning.backup_store.sealing import unseal
from provisioning.backup_store.store import BackupStore
from provisioning.stands.simulator.faults import Faults

HOSTAPD = "/etc/hostapd/hostapd.conf"
SECOND = "L-2"


def with_recipient(world: Fibre) -> Path:
    """Give the backups of a world a recipient; return the file of its identity."""
    folder = world.state / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    identity = pyrage.x25519.Identity.generate()
    (folder / "recipients.txt").write_text(f"# restore: vault\n{identity.to_public()}\n")
    file = world.up.folder / "identity"
    file.write_text(f"{identity}\n")
    world.extra["PROVISO_BACKUP_FOLDER"] = str(folder)
    world.extra["PROVISO_BACKUP_FORMULAS"] = "fullfiber fullfiber-extended"
    return file


@pytest.fixture
def world(line_in_service: Path, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    with fibre_world(tmp_path / "world", warm, line_in_service) as up:
        with_recipient(up)
        yield up


@pytest.fixture
def cisco(cisco_line_in_service: Path, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    with fibre_world(tmp_path / "world", warm, cisco_line_in_service, kind=CISCO) as up:
        with_recipient(up)
        yield up


def backups(world: Fibre) -> BackupStore:
    return BackupStore(world.state / "backups")


def run(world: Fibre, *arguments: str) -> dict[str, Any]:
    answer = world.run("backup", "run", "--json", *arguments)
    assert answer.code in (0, 1), answer.stderr
    found: dict[str, Any] = {**answer.json, "code": answer.code}
    return found


def counts(night: dict[str, Any]) -> tuple[int, int, int]:
    return night["run"]["kept"], night["run"]["unchanged"], night["run"]["missed"]


def fault(world: Fibre, number: int = 1, **faults: Any) -> None:
    world.up.do(lambda: world.up.world.faults.update({world.kind.serial(number): Faults(**faults)}))


def mended(world: Fibre) -> None:
    world.up.do(world.up.world.faults.clear)


def started(world: Fibre, *arguments: str) -> Forked:
    """Start a process of its own, which can be told to stop, and wait until the first line is kept."""
    process = world.up.proviso.fork("backup", "run", *arguments, **{**world.up.environment, **world.extra})

    def has_kept() -> bool:
        assert process.poll() is None
        return bool(world.rows("select * from backup_run where kept > 0"))

    assert eventually(has_kept, 60)
    return process


def second_line(world: Fibre) -> None:
    """Put another line in service, of which no backup is taken with that."""
    second = form(2, world.kind, ont={"serial": "HWTC00000102", "olt": BRUSSELS, "port": "0/1/2"})
    formulas = world.extra.pop("PROVISO_BACKUP_FORMULAS")
    assert world.activate(second).code == 0
    world.extra["PROVISO_BACKUP_FORMULAS"] = formulas


# --- what is kept --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["world", "cisco"])
def test_a_night_is_kept_whole_and_the_next_one_only_seen(kind: str, request: pytest.FixtureRequest) -> None:
    world: Fibre = request.getfixturevalue(kind)
    first = run(world)
    assert (first["code"], counts(first)) == (0, (1, 0, 0)), first
    assert first["run"]["ended_at"] and first["run"]["bytes"] > 1000
    (version,) = backups(world).versions(LINE)
    masked = backups(world).masked(version)
    original = unseal(backups(world).sealed(version), world.up.folder / "identity")
    assert set(masked) == set(original) == set(version.documents)
    assert {"internet IP configuration", "DHCP pool", "Wi-Fi password", "port mappings"} <= set(version.items)
    assert any(WIFI_KEY in text for text in original.values())
    for text in masked.values():
        assert not [each for each in disguises(WIFI_KEY) if each in text.encode()]
    again = run(world)
    assert (again["code"], counts(again)) == (0, (0, 1, 0)), again
    assert len(backups(world).versions(LINE)) == 1
    (state,) = world.rows("select * from backup_state")
    assert (state["outcome"], state["version"], state["cause"]) == ("unchanged", version.id, "")
    assert state["since"] < state["good_at"] == state["tried_at"]


def test_the_login_password_is_nowhere(cisco: Fibre) -> None:
    device = cisco.up.cisco(1).device

    def set_password() -> None:
        assert device.merge("username clerk privilege 1 secret canary-login-68000\nend\n", "test") == []

    cisco.up.do(set_password)
    said = cisco.up.do(lambda: re.findall(r"username clerk .*?(\S+)$", device.text, re.MULTILINE))
    assert run(cisco)["code"] == 0
    (version,) = backups(cisco).versions(LINE)
    original = unseal(backups(cisco).sealed(version), cisco.up.folder / "identity")
    for text in (*original.values(), *backups(cisco).masked(version).values()):
        assert "canary-login-68000" not in text
        assert said and not [each for each in said if each in text]


def test_a_router_that_refuses_to_show_its_configuration_is_quoted(cisco: Fibre) -> None:
    fault(cisco, reject=("show running-config",))
    assert counts(run(cisco)) == (0, 0, 1)
    (state,) = cisco.rows("select * from backup_state")
    assert "it refuses `show running-config`: Invalid input detected" in state["message"]


def test_a_rotated_key_is_one_changed_line_without_the_key(world: Fibre) -> None:
    run(world)

    def rotate() -> None:
        tree = world.up.router().tree
        tree.write(HOSTAPD, tree.read(HOSTAPD).replace(WIFI_KEY.encode(), b"another-key-7"))

    world.up.do(rotate)
    assert counts(run(world)) == (1, 0, 0)
    new, old = (backups(world).masked(each) for each in backups(world).versions(LINE))
    before, after = old["hostapd.conf"].splitlines(), new["hostapd.conf"].splitlines()
    differing = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert len(differing) == 1 and "another-key-7" not in str(differing)
    assert {name for name in old if old[name] != new[name]} == {"hostapd.conf"}


def test_one_more_recipient_gets_a_version_that_he_can_read(world: Fibre) -> None:
    run(world)
    identity = pyrage.x25519.Identity.generate()
    with (world.state / "backups" / "recipients.txt").open("a") as file:
        file.write(f"{identity.to_public()}\n")
    assert counts(run(world)) == (1, 0, 0)
    assert counts(run(world)) == (0, 1, 0)
    (world.up.folder / "other").write_text(f"{identity}\n")
    newest = backups(world).versions(LINE)[0]
    assert unseal(backups(world).sealed(newest), world.up.folder / "other")


@pytest.mark.parametrize("how", ["lost", "cut", "another"])
def test_a_version_whose_original_is_not_what_was_written_is_kept_anew(world: Fibre, how: str) -> None:
    run(world)
    store = backups(world)
    lost = store.find(LINE, None)
    original = store.layout.sealed_file(LINE, lost.id)
    whole = original.read_bytes()
    if how == "lost":
        original.unlink()
    else:
        original.write_bytes(whole[:-1] if how == "cut" else whole[:-1] + bytes([whole[-1] ^ 1]))
    assert counts(run(world)) == (1, 0, 0)
    (state,) = world.rows("select * from backup_state")
    assert state["remark"] == f"kept anew: the original of {lost.id} is missing or damaged"
    assert counts(run(world)) == (0, 1, 0)
    newest = backups(world).versions(LINE)[0]
    assert newest.id != lost.id
    assert newest.fingerprint == lost.fingerprint
    assert unseal(backups(world).sealed(newest), world.up.folder / "identity")


# --- which lines ---------------------------------------------------------------------------------------------------


def test_only_lines_that_have_a_nightly_backup_are_backed_up(world: Fibre) -> None:
    world.extra["PROVISO_BACKUP_FORMULAS"] = ""
    answer = world.run("backup", "run")
    assert answer.code == 0 and answer.stdout.startswith("There is nothing to back up")
    assert "backup_formulas" in answer.stderr
    assert world.run("backup", "run", "--json").json == {"run": None, "out_of_scope": 1}
    assert counts(run(world, LINE)) == (1, 0, 0)
    assert world.rows("select cause from backup_run") == [{"cause": "asked"}]


def test_names_that_nobody_knows_are_refused(world: Fibre) -> None:
    for arguments in (["L-9"], ["--formula", "x"], ["--platform", "x"], ["--customer", "x"]):
        assert world.run("backup", "run", *arguments).code == 2
    world.extra["PROVISO_BACKUP_FORMULAS"] = "x"
    answer = world.run("backup", "run")
    assert answer.code == 2 and "backup_formulas" in answer.stderr


def test_without_a_recipient_nothing_is_fetched(world: Fibre) -> None:
    (world.state / "backups" / "recipients.txt").unlink()
    answer = world.run("backup", "run")
    assert answer.code == 2 and "backup keys" in answer.stderr
    assert world.rows("select id from backup_run") == []


# --- what is missed ------------------------------------------------------------------------------------------------


def test_one_that_is_missed_stops_no_other_and_is_told_once(world: Fibre, tmp_path: Path) -> None:
    second_line(world)
    told, script = tmp_path / "told", tmp_path / "tell"
    script.write_text(f"#!/bin/sh\ncat >> {told}\nprintf '\\n===\\n' >> {told}\n")
    script.chmod(0o700)
    world.extra["PROVISO_ALERT_COMMAND"] = str(script)
    assert counts(run(world)) == (2, 0, 0)
    fault(world, refuse_login=True)
    for _ in range(2):
        missed = run(world)
        assert (missed["code"], counts(missed)) == (1, (0, 1, 1)), missed
        assert missed["missed_by_cause"] == {"authentication": 1}
    state = world.rows("select * from backup_state where line_id = 1")[0]
    assert (state["outcome"], state["cause"]) == ("missed", "authentication")
    assert state["version"] and state["good_at"] < state["tried_at"]
    assert len(world.rows("select * from backup_miss where line_id = 1")) == 2
    answer = world.run("backup", "run")
    assert answer.code == 1 and "1 of 2 lines" in answer.stdout and "authentication" in answer.stdout
    mended(world)
    assert counts(run(world)) == (0, 2, 0)
    alerts = [json.loads(each) for each in told.read_text().split("\n===\n") if each.strip()]
    assert [each["changes"][0]["to"] for each in alerts] == ["wrong", "well"]


def test_what_was_told_stands_in_lines_of_its_own(world: Fibre) -> None:
    def add() -> None:
        tree = world.up.router().tree
        path = "/etc/dnsmasq.conf"
        tree.write(path, tree.read(path) + b"# portal password: canary-portal-6809\n")

    second_line(world)
    world.extra["PROVISO_ALERT_COMMAND"] = "/bin/true"
    world.up.do(add)
    fault(world, 2, refuse_login=True)
    answer = world.run("backup", "run")
    told = [each for each in answer.stderr.splitlines() if each.startswith("Told: ")]
    assert answer.code == 1 and len(told) == 2, answer.stderr
    assert "\\u000a" not in answer.stderr


def test_what_is_no_backup_is_not_kept(world: Fibre) -> None:
    def without_wifi() -> None:
        tree = world.up.router().tree
        tree.write(HOSTAPD, re.sub(rb"(?m)^(wpa_passphrase|ssid2)=.*\n", b"", tree.read(HOSTAPD)))

    run(world)
    (good,) = backups(world).versions(LINE)
    world.up.do(without_wifi)
    missed = run(world)
    assert (missed["code"], missed["missed_by_cause"]) == (1, {"incomplete": 1})
    (state,) = world.rows("select * from backup_state")
    assert "Wi-Fi" in state["message"] and state["version"] == good.id
    assert backups(world).versions(LINE) == (good,)


def test_what_holds_much_less_is_missed_until_somebody_has_looked(world: Fibre) -> None:
    def write(more: bytes) -> None:
        world.up.do(lambda: world.up.router().tree.write("/etc/dnsmasq.conf", plain + more))

    plain = world.up.do(lambda: world.up.router().tree.read("/etc/dnsmasq.conf"))
    write(b"# a remark of somebody's\n" * 1000)
    run(world)
    write(b"")
    assert run(world)["missed_by_cause"] == {"incomplete": 1}
    answer = world.run("backup", "run", LINE)
    assert answer.code == 1
    assert "proviso backup run LINE --smaller" in answer.stderr, "whoever asks for a line is told why, each time"
    assert world.run("backup", "run", "--smaller").code == 2
    taken = run(world, LINE, "--smaller")
    assert (taken["code"], counts(taken)) == (0, (1, 0, 0)), taken
    assert counts(run(world)) == (0, 1, 0)


def test_a_line_that_looks_like_a_secret_withholds_the_text_and_is_told(world: Fibre) -> None:
    def add() -> None:
        tree = world.up.router().tree
        path = "/etc/dnsmasq.conf"
        tree.write(path, tree.read(path) + b"# portal password: canary-portal-6809\n")

    world.up.do(add)
    night = run(world)
    assert (night["code"], night["withheld"]) == (0, [LINE])
    (version,) = backups(world).versions(LINE)
    assert "dnsmasq.conf" in version.withheld and "dnsmasq.conf" not in backups(world).masked(version)
    assert "canary-portal-6809" in unseal(backups(world).sealed(version), world.up.folder / "identity")["dnsmasq.conf"]
    (state,) = world.rows("select * from backup_state")
    assert "withheld" in state["remark"] and "6809" not in json.dumps(state)
    assert "6809" not in "".join(each.stdout + each.stderr for each in world.said)
    (remembered,) = world.rows("select value from remembered where name = 'alerts'")
    assert [each["what"] for each in json.loads(remembered["value"])] == ["redaction"]


# --- killed, stopped, twice ----------------------------------------------------------------------------------------


def test_a_run_that_was_killed_is_gone_on_with(world: Fibre) -> None:
    second_line(world)
    fault(world, 2, hang=True)
    process = started(world)
    busy = world.run("backup", "run")
    assert busy.code == 1 and f"process {process.pid}" in busy.stderr
    process.kill()
    process.communicate(timeout=30)
    assert len(backups(world).versions(LINE)) == 1
    mended(world)
    night = run(world)
    assert (night["code"], counts(night), night["skipped"]) == (0, (2, 0, 0), 1), night
    assert [each["id"] for each in world.rows("select id from backup_run")] == [1]
    assert counts(run(world)) == (0, 2, 0)
    assert counts(run(world, "--anew")) == (0, 2, 0)


def test_an_interrupt_ends_it_in_good_order(world: Fibre) -> None:
    second_line(world)
    fault(world, 2, hang=True)
    process = started(world, "--json")
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=30)
    assert process.returncode == 1 and b"Traceback" not in complained
    night = json.loads(said)
    assert night["stopped"] and night["run"]["kept"] == 1
    assert not list((world.state / "backups" / "journal").iterdir())
    (left,) = world.rows("select * from backup_run")
    assert left["ended_at"] is None
