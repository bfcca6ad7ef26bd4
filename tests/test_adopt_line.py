"""Taking in simulated routers that somebody else put in service: read, and registered as they are."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from fibre_lines import Fibre, assert_no_secret, fibre_world, form
from pyrage.x25519 import Identity
from router_kinds import CISCO, LINUX, RouterKind
from simulated_lines import OLTS, simulated
from warm import Kill, Warm
from worlds import ROOT, Answer, project_with_pools, soaked

from provisioning.backup_store.recipients import KeyRole, Recipient, write_recipients
from provisioning.devices.helper import PARTS as HELPER
from provisioning.store.engine import FILE_NAME

MANAGEMENT = "10.255.0.0"
LONGEST = 2.0
"""Seconds that an adoption takes on a busy machine."""

UNTOLD = ("order", "customer", "site", "formula", "term_months", "options", "ont")


@pytest.fixture(params=[LINUX, CISCO], ids=["linux", "cisco"])
def kind(request: pytest.FixtureRequest) -> RouterKind:
    kind: RouterKind = request.param
    return kind


@pytest.fixture
def world(kind: RouterKind, request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    base: Path = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as up:
        yield up


class Elsewhere:
    """Another state directory, which knows nothing of the routers."""

    def __init__(self, world: Fibre, folder: Path) -> None:
        self.world, self.state = world, folder

    def run(self, *arguments: str | Path) -> Answer:
        answer = self.world.warm(arguments, {**self.world.environment, "PROVISO_STATE": str(self.state)})
        self.world.said.append(answer)
        return answer

    def adopt(self, *arguments: str | Path, host: str = MANAGEMENT) -> Answer:
        return self.run("line", "adopt", host, "--platform", self.world.kind.platform, *arguments)

    def rows(self, query: str) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.state / FILE_NAME, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(each) for each in connection.execute(query)]

    def kept(self) -> dict[str, list[dict[str, Any]]]:
        """Everything but when it was read."""
        reading = (
            "select line_id, serial, host, management, order_number, adopted_at, reading, unmanaged from adoption"
        )
        tables = ("line", "service_order", "device", "assignment", "free_block", "host_key", "line_secret")
        return {"adoption": self.rows(reading), **{each: self.rows(f"select * from {each}") for each in tables}}

    def take_backups(self) -> None:
        """Name who can read backups, so that they are taken."""
        public = str(Identity.generate().to_public())
        write_recipients(self.state / "backups", [Recipient(public, KeyRole.RESTORE, "technician")])

    def form(self, **more: Any) -> Path:
        """What only people know of the line in service."""
        whole = form(kind=self.world.kind)
        path = self.world.up.folder / "untold.yaml"
        told = {**{key: whole[key] for key in UNTOLD if key in whole}, **more}
        path.write_text(yaml.safe_dump({key: each for key, each in told.items() if each is not None}), "utf-8")
        return path


@pytest.fixture
def elsewhere(world: Fibre, tmp_path: Path) -> Elsewhere:
    return Elsewhere(world, tmp_path / "elsewhere")


def test_a_plan_shows_all_and_writes_nothing(world: Fibre, elsewhere: Elsewhere) -> None:
    answer = elsewhere.adopt("--plan", "--json")
    assert answer.code == 0, answer.stderr
    told = answer.json
    assert (told["line"], told["plan"], told["serial"]) == (None, True, world.kind.serial(1))
    assert {each["role"]: each["address"] for each in told["claims"]}["management"] == f"{MANAGEMENT}/32"
    needed = " ".join(told["reading"]["missing"])
    assert all(key in needed for key in ("customer", "site", "ont"))
    assert not elsewhere.state.exists() or not list(elsewhere.state.iterdir())
    shown = elsewhere.adopt("--plan")
    assert "would be adopted; nothing is written" in shown.stdout
    assert_no_secret(world)


def test_the_circle(world: Fibre, elsewhere: Elsewhere) -> None:
    """What was activated here and forgotten there is adopted as what it is, addresses, intent and all."""
    before = world.where(world.kind.serial(1))
    answer = elsewhere.adopt("--form", elsewhere.form(), "--json")
    assert answer.code == 0, answer.stderr
    told = answer.json
    assert (told["accepted"], told["reading"]["whole"], told["reading"]["missing"]) == (True, True, [])
    assert told["reading"]["differences"] == told["reading"]["beyond"] == told["reading"]["lacking"] == []
    assert all(each["taken"] for each in told["claims"])
    (snapshot,) = world.rows("select snapshot from run where snapshot is not null order by id desc limit 1")
    ordered = json.loads(snapshot["snapshot"])["addressed"]
    adopted = json.loads(json.dumps(told["intent"]))
    assert _ordered(adopted) == _ordered(ordered)
    assert world.where(world.kind.serial(1)) == before
    listed = elsewhere.run("line", "list", "--state", "adopted", "--json").json["lines"]
    assert [(each["id"], each["state"]) for each in listed] == [("L-1", "adopted")]
    assert elsewhere.run("line", "list", "--state", "accepted", "--json").json["lines"] == []
    compared = elsewhere.run("device", "diff", world.kind.serial(1))
    assert compared.code == 0, compared.stdout + compared.stderr
    drift = elsewhere.run("drift", "run", "--json")
    assert drift.json["summary"] == {"as intended": 1, "drifting": 0, "not seen": 0}, drift.stdout
    shown = elsewhere.run("line", "show", "L-1").stdout
    assert "adopted" in shown and "how sure" in shown
    assert_no_secret(world)


def _ordered(addressed: dict[str, Any]) -> dict[str, Any]:
    intent = addressed["intent"]
    mappings = sorted(json.dumps(each, sort_keys=True) for each in intent["port_mappings"])
    # Where the key comes from is the order's business: the router has the key itself.
    wifi = {**intent["wifi"], "key_from": None} if intent["wifi"] else None
    return {**addressed, "intent": {**intent, "port_mappings": mappings, "wifi": wifi}}


def test_asked_again_it_changes_nothing_and_tells_so(world: Fibre, elsewhere: Elsewhere) -> None:
    assert elsewhere.adopt("--form", elsewhere.form()).code == 0
    before = elsewhere.kept()
    # Its platform stands on record by then.
    again = elsewhere.run("line", "adopt", MANAGEMENT)
    assert again.code == 0, again.stderr
    assert "read again" in again.stdout
    assert elsewhere.kept() == before


def test_the_form_is_completed_in_a_second_round(world: Fibre, elsewhere: Elsewhere) -> None:
    written = world.up.folder / "proposed.yaml"
    first = elsewhere.adopt("--write", written, "--json")
    assert first.code == 0, first.stderr
    assert (first.json["accepted"], elsewhere.rows("select * from service_order")) == (False, [])
    listed = elsewhere.run("line", "show", "L-1")
    assert "still needs" in listed.stdout, listed.stderr
    assert elsewhere.adopt("--write", written).code == 2
    proposed = yaml.safe_load(written.read_text("utf-8"))
    known = form(kind=world.kind)
    proposed |= {key: known[key] for key in ("customer", "site", "ont", "formula")}
    completed = world.up.folder / "completed.yaml"
    completed.write_text(yaml.safe_dump(proposed), "utf-8")
    second = elsewhere.adopt("--form", completed, "--json")
    assert second.code == 0, second.stderr
    assert (second.json["line"], second.json["accepted"]) == ("L-1", True)
    assert [each["number"] for each in elsewhere.rows("select number from service_order")] == [proposed["order"]]
    # The same file is the line's order: it is known, and would be activated as it is.
    planned = elsewhere.run("order", "plan", completed, "--json")
    assert planned.code == 0, planned.stdout + planned.stderr
    assert planned.json["line"] == "L-1"
    assert {each["step"] for each in planned.json["assignments"]} == {"kept"}
    assert planned.json["change"]["differences"] == []


def test_a_router_that_serves_a_line_is_told(world: Fibre) -> None:
    answer = world.run("line", "adopt", MANAGEMENT, "--platform", world.kind.platform)
    assert answer.code == 1
    assert "it serves line L-1 already, which is active" in answer.stderr


def test_the_serial_and_the_host_key_are_looked_at(world: Fibre, elsewhere: Elsewhere) -> None:
    wrong = elsewhere.adopt("--serial", "LX9999")
    assert wrong.code == 1, wrong.stderr
    assert "LX9999" in wrong.stderr
    assert elsewhere.adopt().code == 0
    with closing(sqlite3.connect(elsewhere.state / FILE_NAME)) as connection, connection:
        connection.execute("update host_key set key = 'AAAAC3NzaC1lZDI1NTE5AAAAIB" + "A" * 42 + "'")
    impostor = elsewhere.adopt()
    assert impostor.code == 3, impostor.stdout
    assert "host key" in impostor.stderr


def test_addresses_of_no_pool_are_facts_and_the_line_is_reached_all_the_same(
    world: Fibre, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    pools = "- {name: elsewhere, purpose: fixed-ipv4, prefix: 203.0.113.0/24, special_purpose: true}\n"
    project = project_with_pools(tmp_path / "project", f"pools:\n{pools}")
    (project / "templates").symlink_to(ROOT / "templates")
    answer = elsewhere.run(
        "--project", project, "line", "adopt", MANAGEMENT, "--platform", world.kind.platform,
        "--form", elsewhere.form(), "--json",
    )  # fmt: skip
    assert answer.code == 0, answer.stderr
    assert {each["held"] for each in answer.json["claims"]} == {False}
    assert elsewhere.rows("select * from assignment") == []
    compared = elsewhere.run("--project", project, "device", "diff", world.kind.serial(1))
    assert compared.code == 0, compared.stdout + compared.stderr
    assert "no pool" in elsewhere.run("--project", project, "line", "show", "L-1").stdout


def test_a_change_completes_the_form_and_a_cease_tells_what_it_leaves(world: Fibre, elsewhere: Elsewhere) -> None:
    assert elsewhere.adopt().code == 0
    known = form(kind=world.kind)
    change = {"kind": "change", "line": "L-1", **{key: known[key] for key in ("order", "customer", "formula", "ont")}}
    answer = elsewhere.run("order", "accept", world.write({**change, "order": "PX-2026-000901"}), "--json")
    assert answer.code == 1  # the site is another order's business: `kind: move`
    assert "site" in answer.stdout
    assert elsewhere.adopt("--form", elsewhere.form()).code == 0
    cease = world.write({"order": "PX-2026-000902", "kind": "cease", "line": "L-1"})
    ended = elsewhere.run("order", "accept", cease, "--json")
    assert ended.code == 0, ended.stderr
    assert "router-stays" in ended.stdout
    assert {each["state"] for each in elsewhere.rows("select state from assignment")} == {"quarantined"}


def test_it_is_backed_up_from_the_first_day_and_what_changes_is_found(world: Fibre, elsewhere: Elsewhere) -> None:
    elsewhere.take_backups()
    answer = elsewhere.adopt("--json")
    assert answer.code == 0, answer.stderr
    assert answer.json["backup"]["outcome"] == "kept", answer.json["backup"]
    assert not answer.json["accepted"]
    run = elsewhere.run("backup", "run", "--json")
    assert run.code == 0, run.stdout + run.stderr
    quiet = elsewhere.run("drift", "run", "--json")
    assert quiet.json["summary"] == {"as intended": 1, "drifting": 0, "not seen": 0}, quiet.stdout


def test_two_at_once_make_one_line(world: Fibre, elsewhere: Elsewhere) -> None:
    arguments = ("line", "adopt", MANAGEMENT, "--platform", world.kind.platform, "--form", str(elsewhere.form()))
    environment = {**world.environment, "PROVISO_STATE": str(elsewhere.state)}
    both = [world.warm.start(arguments, environment, None) for _ in range(2)]
    codes = sorted(each.answer().code for each in both)
    assert codes in ([0, 0], [0, 1])
    assert len(elsewhere.rows("select * from line")) == 1
    assert len(elsewhere.rows("select * from device where kind = 'cpe'")) == 1


def test_killed_in_between_it_leaves_nothing_or_everything(world: Fibre, elsewhere: Elsewhere) -> None:
    arguments = ("line", "adopt", MANAGEMENT, "--platform", world.kind.platform, "--form", str(elsewhere.form()))
    environment = {**world.environment, "PROVISO_STATE": str(elsewhere.state)}
    for step in range(1, soaked(7, 60)):
        world.warm(arguments, environment, Kill(after=step * LONGEST / soaked(7, 60)))
        if (elsewhere.state / FILE_NAME).exists():
            lines, kept = elsewhere.rows("select * from line"), elsewhere.rows("select * from adoption")
            assert len(lines) == len(kept) <= 1
            for table in ("service_order", "host_key", "assignment", "device"):
                assert bool(elsewhere.rows(f"select * from {table}")) is bool(kept), table
    assert elsewhere.adopt("--form", elsewhere.form()).code == 0
    assert elsewhere.run("device", "diff", world.kind.serial(1)).code == 0


def test_an_adopted_line_is_activated_like_any_other(world: Fibre, elsewhere: Elsewhere) -> None:
    written = world.up.folder / "adopted.yaml"
    keys: tuple[str, ...] = ()
    if world.kind is CISCO:  # which does not tell its SNMP keys
        users = world.up.do(lambda: world.up.cisco(1).device.private)
        words = next(each for each in users if each.startswith("snmp-server user")).split()
        world.extra |= {"PROVISO_AUTH": words[words.index("auth") + 2], "PROVISO_PRIV": words[-1]}
        keys = ("--snmp-auth-from", "env:PROVISO_AUTH", "--snmp-priv-from", "env:PROVISO_PRIV")
    assert elsewhere.adopt("--form", elsewhere.form(), "--write", written, *keys).code == 0
    before = world.where(world.kind.serial(1))["live"]
    answer = elsewhere.run("order", "activate", written, "--json")
    assert answer.code == 0, answer.stdout + answer.stderr
    (line,) = elsewhere.run("line", "list", "--json").json["lines"]
    assert (line["id"], line["state"]) == ("L-1", "active")
    assert world.where(world.kind.serial(1))["live"] == before
    again = elsewhere.adopt()
    assert again.code == 1
    assert "active" in again.stderr


def test_a_router_without_our_helper_is_adopted_and_what_it_lacks_is_told(
    line_in_service: Path, warm: Warm, tmp_path: Path
) -> None:
    with fibre_world(tmp_path / "world", warm, line_in_service) as world:
        elsewhere = Elsewhere(world, tmp_path / "elsewhere")
        world.up.do(lambda: [world.up.router().tree.files.pop(path) for path in HELPER])
        answer = elsewhere.adopt("--form", elsewhere.form(), "--json")
        assert answer.code == 0, answer.stderr
        assert (answer.json["helper_ready"], answer.json["reading"]["whole"]) == (False, True)
        assert f"device bootstrap {MANAGEMENT}" in elsewhere.adopt().stdout


def test_what_changes_on_a_router_of_unknown_intent_is_drift_but_for_what_the_customer_may_change(
    line_in_service: Path, warm: Warm, tmp_path: Path
) -> None:
    with fibre_world(tmp_path / "world", warm, line_in_service) as world:
        elsewhere = Elsewhere(world, tmp_path / "elsewhere")
        assert elsewhere.adopt().code == 0
        unseen = elsewhere.run("drift", "run", "--json")
        assert unseen.json["summary"]["not seen"] == 1
        elsewhere.take_backups()
        assert elsewhere.adopt("--json").json["backup"]["outcome"] == "kept"
        edit(world, "/etc/hostapd/hostapd.conf", b"wpa_passphrase=.*", b"wpa_passphrase=chosen-by-the-customer")
        quiet = elsewhere.run("drift", "run", "--json")
        assert quiet.json["summary"] == {"as intended": 1, "drifting": 0, "not seen": 0}, quiet.stdout
        edit(world, "/etc/dnsmasq.conf", rb"server=198.18.1.53", b"server=198.18.1.54")
        found = elsewhere.run("drift", "run", "--json")
        assert found.json["summary"]["drifting"] == 1, found.stdout
        assert "-server=198.18.1.54" in found.stdout, found.stdout
        assert "chosen-by-the-customer" not in found.stdout
        assert_no_secret(world)


def edit(world: Fibre, path: str, pattern: bytes, other: bytes) -> None:
    """Change a file of the router by hand."""

    def edited() -> None:
        text, times = re.subn(pattern, other, world.up.router().tree.read(path))
        assert times
        world.up.router().tree.write(path, text)

    world.up.do(edited)


def test_the_circle_of_the_richest_orders(warm: Warm, tmp_path: Path) -> None:
    """Back-up by mobile, IP Packs, openings of every kind: activated here, adopted there, the same."""
    with simulated(tmp_path / "world", 20, olts=OLTS, iosxe=1) as up:
        for name, kind in (("internet-pro-plus", LINUX), ("internet-pro-plus-cisco", CISCO)):
            world = Fibre(up, warm, kind)
            elsewhere = Elsewhere(world, tmp_path / f"elsewhere-{kind.platform}")
            order = ROOT / "examples" / "orders" / f"{name}.yaml"
            done = world.run("order", "activate", order, "--json")
            assert done.code == 0, done.stdout + done.stderr
            line = world.run("line", "list", "--json").json["lines"][-1]["id"]
            shown = world.run("line", "show", line, "--json").json
            (host,) = [each["address"] for each in shown["assignments"] if each["role"] == "management"]
            whole = yaml.safe_load(order.read_text("utf-8"))
            answer = elsewhere.adopt("--form", elsewhere.form(**_untold(whole)), "--json", host=host.partition("/")[0])
            assert answer.code == 0, answer.stderr
            told = answer.json
            assert (told["reading"]["whole"], told["reading"]["beyond"]) == (True, []), told["reading"]
            (row,) = world.rows("select snapshot from run where line_id = ?", int(line[2:]))
            ordered = json.loads(row["snapshot"])["addressed"]
            adopted = {**told["intent"], "intent": {**told["intent"]["intent"], "line": line}}
            assert _ordered(adopted) == _ordered(ordered)
            compared = elsewhere.run("device", "diff", told["serial"], "--json")
            # The number of the line here is all that may differ.
            texts = "\n".join(each["text"] for each in compared.json["differences"])
            changed = re.findall(r"^[+-](?![+-]{2} )(.*)", texts, re.MULTILINE)
            assert bool(changed) is (line != "L-1"), compared.stdout
            assert all(re.search(r"\bL-[12]\b", each) for each in changed), compared.stdout


def _untold(order: dict[str, Any]) -> dict[str, Any]:
    options = {key: value for key, value in order["options"].items() if key not in ("ip_pack", "mobile_backup")}
    return {
        **{key: order[key] for key in UNTOLD if key in order},
        "options": options,
        "site": order["site"],
        "ont": None,
    }
