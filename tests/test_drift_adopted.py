"""Drift of lines that were adopted: against their order form once that is whole, against their backup before."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fibre_lines import Fibre, fibre_world, form
from pyrage.x25519 import Identity
from router_kinds import CISCO, LINUX, RouterKind
from warm import Warm
from worlds import NOON, Answer

from provisioning.backup_store.recipients import KeyRole, Recipient, write_recipients

MANAGEMENT = "10.255.0.0"
UNTOLD = ("order", "customer", "site", "formula", "options", "ont")
HOSTAPD, DNSMASQ = "/etc/hostapd/hostapd.conf", "/etc/dnsmasq.conf"
REFUSED: dict[str, object] = {"lan": {"subnet": "8.8.8.0/24"}}
"""No LAN may have it (facts: X-23), so that the form is not accepted."""

GATEWAY = "dhcp-option=option:router,192.168.1.66\n"


class Elsewhere:
    """Another state directory, which has adopted the router that is in service."""

    def __init__(self, world: Fibre, folder: Path) -> None:
        self.world, self.state, self.backups = world, folder / "elsewhere", folder / "backups"
        self.identity = folder / "identity.age"

    def add_key(self) -> None:
        """Let somebody read the originals: before, there are no backups."""
        identity = Identity.generate()
        self.identity.write_text(f"{identity}\n")
        self.backups.mkdir()
        write_recipients(self.backups, [Recipient(str(identity.to_public()), KeyRole.RESTORE, "desk", NOON.date())])

    def run(self, *arguments: str | Path) -> Answer:
        given = {"PROVISO_STATE": str(self.state), "PROVISO_BACKUP_FOLDER": str(self.backups)}
        return self.world.warm(arguments, {**self.world.environment, **given})

    def adopt(self, *keys: str, **more: object) -> None:
        """Adopt the router, telling so much of its line."""
        whole = {**form(kind=self.world.kind), **more}
        path = self.world.up.folder / "untold.yaml"
        path.write_text(yaml.safe_dump({key: whole[key] for key in (*keys, *more) if key in whole}), "utf-8")
        platform = ("--platform", self.world.kind.platform)
        answer = self.run("line", "adopt", MANAGEMENT, *platform, "--form", path)
        assert answer.code == 0, answer.stdout + answer.stderr

    def back_up(self) -> None:
        answer = self.run("backup", "run", "L-1", "--json")
        assert answer.code == 0, answer.stdout + answer.stderr


@pytest.fixture(params=[LINUX, CISCO], ids=["linux", "cisco"])
def world(request: pytest.FixtureRequest, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    kind: RouterKind = request.param
    base: Path = request.getfixturevalue("line_in_service" if kind is LINUX else "cisco_line_in_service")
    with fibre_world(tmp_path / "world", warm, base, kind=kind) as up:
        yield up


def customer_changes_wifi(world: Fibre) -> None:
    def changed() -> None:
        if world.kind is LINUX:
            tree = world.up.router().tree
            text = re.sub(r"(?m)^wpa_passphrase=.*", "wpa_passphrase=chosen-by-them", tree.read(HOSTAPD).decode())
            tree.write(HOSTAPD, re.sub(r"(?m)^ssid2=.*", "ssid2=50304c4c45", text).encode())
        else:
            key = (
                "wlan PROVISO 1 Imprimerie\n shutdown\n security wpa psk set-key ascii 0 chosen-by-them\n no shutdown"
            )
            assert world.up.cisco(1).device.merge(key, "the customer") == []

    world.up.do(changed)


def somebody_changes(world: Fibre) -> str:
    """Change something by hand; return what must be seen of it."""

    def changed() -> None:
        if world.kind is LINUX:
            tree = world.up.router().tree
            tree.write(DNSMASQ, tree.read(DNSMASQ) + GATEWAY.encode())
        else:
            world.up.cisco(1).device.merge("ip name-server 192.0.2.66", "somebody")

    world.up.do(changed)
    return "192.168.1.66" if world.kind is LINUX else "192.0.2.66"


def test_a_line_of_unknown_intent_is_held_against_its_backup(world: Fibre, tmp_path: Path) -> None:
    there = Elsewhere(world, tmp_path)
    there.adopt("order", "customer", "site", **REFUSED)
    nothing = there.run("drift", "run", "--json")
    assert nothing.json["summary"]["not seen"] == 1, nothing.stdout
    assert "no backup yet" in nothing.json["lines"][0]["message"]
    there.add_key()
    there.back_up()
    assert there.run("drift", "run").code == 0

    customer_changes_wifi(world)
    answer = there.run("drift", "run", "--json")
    assert answer.json["summary"] == {"as intended": 1, "drifting": 0, "not seen": 0}, answer.stdout
    assert answer.json["lines"][0]["adopted"]
    assert "chosen-by-them" not in answer.stdout + answer.stderr

    seen = somebody_changes(world)
    # The night keeps what somebody changed: it is drift all the same.
    there.back_up()
    assert there.run("drift", "run").code == 1
    shown = there.run("drift", "show", "L-1")
    assert seen in shown.stdout
    assert "line adopt --form" in shown.stdout
    assert "proviso backup restore L-1" in shown.stdout
    assert "in backup 2" in shown.stdout

    # Whoever reads it again takes it as it is.
    there.adopt("order", "customer", "site", **REFUSED)
    assert there.run("drift", "run").code == 0


def test_a_line_whose_form_is_whole_is_held_against_it(world: Fibre, tmp_path: Path) -> None:
    there = Elsewhere(world, tmp_path)
    there.adopt(*UNTOLD)
    answer = there.run("drift", "run", "--json")
    assert (answer.code, answer.json["summary"]["drifting"]) == (0, 0), answer.stdout
    customer_changes_wifi(world)
    answer = there.run("drift", "run", "--json")
    assert (answer.code, answer.json["summary"]["drifting"]) == (0, 0), answer.stdout
    assert answer.json["lines"][0]["adopted"]
    seen = somebody_changes(world)
    assert there.run("drift", "run").code == 1
    shown = there.run("drift", "show", "L-1")
    assert seen in shown.stdout
    assert "What would bring it back" in shown.stdout


def test_the_backup_of_an_adopted_line_has_its_ont(world: Fibre, tmp_path: Path) -> None:
    there = Elsewhere(world, tmp_path)
    there.add_key()
    there.adopt(*UNTOLD)
    (version,) = there.run("backup", "list", "L-1", "--json").json["versions"]
    assert "ont" in version["documents"]
    there.back_up()
    assert len(there.run("backup", "list", "L-1", "--json").json["versions"]) == 1


def test_a_line_of_unknown_intent_gets_back_what_it_had(world: Fibre, tmp_path: Path) -> None:
    there = Elsewhere(world, tmp_path)
    there.add_key()
    there.adopt("order", "site", **REFUSED)
    seen = somebody_changes(world)
    customer_changes_wifi(world)
    assert there.run("drift", "run").code == 1
    named = ("--identity", there.identity)

    other = there.run("backup", "restore", "L-1", "--serial", world.kind.serial(2), "--plan", *named)
    assert other.code == 1
    assert "lan.subnet: 8.8.8.0/24" in other.stderr and "customer: " in other.stderr, other.stderr
    assert f"proviso line adopt {MANAGEMENT} --platform {world.kind.platform}" in other.stderr
    assert "--customer NAME" in other.stderr and "--form FILE" in other.stderr

    plan = there.run("backup", "restore", "L-1", "--plan", "--json", *named)
    assert plan.code == 0, plan.stderr
    assert seen.split("=")[-1] in str(plan.json["differences"])
    assert "not proven" in plan.json["warnings"][0] and "lan.subnet" in plan.json["warnings"][0]
    assert there.run("drift", "run").code == 1

    answer = there.run("backup", "restore", "L-1", "--yes", *named)
    assert answer.code == 0, answer.stderr + answer.stdout
    assert "restored" in answer.stdout and "not proven" in answer.stderr
    drift = there.run("drift", "run", "--json")
    assert (drift.code, drift.json["summary"]["drifting"]) == (0, 0), drift.stdout
    assert drift.json["lines"][0]["adopted"], "what the customer set survives"
    again = there.run("backup", "restore", "L-1", "--yes", "--json", *named)
    assert again.code == 0 and again.json["proof"]["outcome"] == "restored"
    assert "chosen-by-them" not in answer.stdout + answer.stderr + plan.stdout
