"""Bearers of simulated routers that are cut and healed on the command line, and modems that fail."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from worlds import Command

from provisioning.errors import BadInput
from provisioning.stands.simulator.cables import FLAP, LOST, Cable, CutKind, bearer_named, kind_named

CISCO = "FGL26000102"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def proviso(tmp_path: Path) -> Iterator[Command]:
    command = Command(tmp_path / "state")
    yield command
    command("simulator", "down")


def test_cut_status_heal(proviso: Command) -> None:
    assert proviso("simulator", "cut", CISCO).code == 3
    assert proviso("simulator", "up", "--cpes", "1", "--iosxe", "1").code == 0
    cut = proviso("simulator", "cut", CISCO, "--json").json
    assert cut == {"host": CISCO, "cuts": {"fixed": "link-down"}}
    told = proviso("simulator", "cut", CISCO.lower(), "--bearer", "mobile", "--kind", "silent").stdout
    assert "fixed is cut (link-down), mobile is cut (silent)" in told and f"simulator heal {CISCO}" in told
    hosts = {each["name"]: each["cuts"] for each in proviso("simulator", "status", "--json").json["hosts"]}
    assert hosts[CISCO] == {"fixed": "link-down", "mobile": "silent"}
    assert hosts["internet"] == {}
    shown = proviso("simulator", "status", environment={"COLUMNS": "80"}).stdout
    assert "mobile cut: silent" in " ".join(shown.split())
    assert shown.count("reached at") == 1  # a table fits in the usual terminal
    assert all(len(line) <= 80 for line in shown.splitlines() if not line.startswith("Up since"))
    assert proviso("simulator", "heal", CISCO, "--bearer", "mobile", "--json").json["cuts"] == {"fixed": "link-down"}
    assert "its bearers are whole" in proviso("simulator", "heal", CISCO).stdout
    assert proviso("simulator", "heal", CISCO, "--json").json["cuts"] == {}
    for arguments, words in (
        (("cut", "nobody"), "nothing in the simulator is called `nobody`"),
        (("cut", "olt-brussels-1"), "it has no bearers to cut"),
        (("heal", "internet"), "it has no bearers to cut"),
        (("cut", CISCO, "--bearer", "radio"), "there is no bearer `radio`"),
        (("heal", CISCO, "--bearer", "radio"), "there is no bearer `radio`"),
        (("cut", CISCO, "--kind", "axe"), "a bearer is not cut by `axe`"),
        (("fault", "internet", "sim-missing"), "only a router has"),
        (("fault", CISCO, "weak-signal", "3"), "takes no value"),
    ):
        answer = proviso("simulator", *arguments)
        assert answer.code == 2 and words in answer.stderr, arguments
    for kind in ("sim-missing", "weak-signal", "no-registration"):
        assert proviso("simulator", "fault", CISCO, kind, "--json").json["faults"] == {kind: True}
        assert proviso("simulator", "fault", CISCO, kind, "--clear", "--json").json["faults"] == {}


@pytest.mark.parametrize(
    ("kind", "link", "inward", "outward"),
    [
        (None, True, True, True),
        (CutKind.LINK_DOWN, False, False, False),
        (CutKind.SILENT, True, False, False),
        (CutKind.ONE_WAY, True, False, True),
    ],
)
def test_what_a_cut_lets_through(kind: CutKind | None, link: bool, inward: bool, outward: bool) -> None:
    cable = Cable(kind, NOW)
    assert cable.has_link() is link
    assert cable.passes(NOW, inward=True) is inward
    assert cable.passes(NOW, inward=False) is outward
    assert cable.is_sound(NOW) is (inward and outward)
    assert cable.turns_at(NOW) is None


def test_loss_is_what_it_says() -> None:
    cable = Cable(CutKind.LOSS, NOW)
    passed = sum(cable.passes(NOW, inward=True) for _ in range(20_000)) / 20_000
    assert passed == pytest.approx(1 - LOST, abs=0.02)


def test_a_bearer_that_flaps() -> None:
    cable = Cable(CutKind.FLAPPING, NOW)
    times = [NOW + timedelta(seconds=each) for each in (0, 2.9, 3, 5.9, 6)]
    assert [cable.passes(each, inward=True) for each in times] == [False, False, True, True, False]
    assert [cable.is_sound(each) for each in times] == [False, False, True, True, False]
    assert cable.turns_at(times[1]) == NOW + FLAP
    assert cable.turns_at(times[2]) == NOW + 2 * FLAP


@pytest.mark.parametrize("name", ["", "Fixed", "lan"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(BadInput):
        bearer_named(name)
    with pytest.raises(BadInput):
        kind_named(name)
