"""The ONT of a fibre line in backups and in drift, on the simulated OLT: what is kept, missed and told of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fibre_lines import LINE, Fibre, fibre_world, form
from simulated_lines import BRUSSELS
from test_back_up_fleet import backups, counts, run, second_line, with_recipient
from test_drift import DNSMASQ, edit
from warm import KILLED, Kill, Warm

from provisioning.backup_store.sealing import unseal
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.smartax.config import Config

SECOND = "L-2"


@pytest.fixture
def world(line_in_service: Path, warm: Warm, tmp_path: Path) -> Iterator[Fibre]:
    with fibre_world(tmp_path / "world", warm, line_in_service) as up:
        with_recipient(up)
        yield up


def on_olt(world: Fibre, change: Callable[[Config], None]) -> None:
    """Have somebody change what the OLT has."""
    world.up.do(lambda: change(world.up.olt(BRUSSELS).device.config))


def olt_fault(world: Fibre, **faults: Any) -> None:
    world.up.do(lambda: world.up.world.faults.update({BRUSSELS: Faults(**faults)}))


def mended(world: Fibre) -> None:
    world.up.do(world.up.world.faults.clear)


def state(world: Fibre, line: int = 1) -> dict[str, Any]:
    (found,) = world.rows("select * from backup_state where line_id = ?", line)
    return found


def untagged_elsewhere(config: Config) -> None:
    """Have the ONTs put untagged frames into another VLAN."""
    for key, ont in config.onts.items():
        config.onts[key] = replace(ont, native={1: (20, 0)})


def as_slow_down_as_up(config: Config) -> None:
    """Give the service-ports the rate from the customer in both directions."""
    for index, flow in config.flows.items():
        config.flows[index] = replace(flow, outbound=flow.inbound)


def add_flow(config: Config) -> None:
    """Give the first ONT a second service-port."""
    flow = min(config.flows.values(), key=lambda each: each.index)
    number = max(config.flows) + 1
    config.flows[number] = replace(flow, index=number, user_vlan="30")


# --- backups -------------------------------------------------------------------------------------------------------


def test_a_night_keeps_what_the_olt_has_for_the_line(world: Fibre) -> None:
    assert counts(run(world)) == (1, 0, 0)
    (version,) = backups(world).versions(LINE)
    original = unseal(backups(world).sealed(version), world.up.folder / "identity")
    lines = original["ont"].splitlines()
    assert lines[0] == "interface gpon 0/1" and lines[-2].strip() == "quit"
    assert lines[1].startswith(" ont add 1 ") and f'desc "{LINE}"' in lines[1]
    assert "ont-lineprofile-name proviso-gpon-v10 ont-srvprofile-name proviso-eth-v10" in lines[1]
    assert lines[-1].startswith("service-port vlan 100 gpon 0/1/1 ont ")
    assert "inbound traffic-table name proviso-" in lines[-1]
    assert backups(world).masked(version)["ont"] == original["ont"]
    shown = world.run("backup", "show", LINE, "--document", "ont").stdout
    assert "─── ont" in shown and "service-port vlan 100" in shown

    # Another number for the same service-port says nothing new.
    def renumbered(config: Config) -> None:
        ((number, flow),) = config.flows.items()
        del config.flows[number]
        config.flows[number + 5] = replace(flow, index=number + 5)

    on_olt(world, renumbered)
    assert counts(run(world)) == (0, 1, 0)


def test_what_somebody_changed_on_the_olt_is_a_new_version(world: Fibre) -> None:
    run(world)
    on_olt(world, untagged_elsewhere)
    assert counts(run(world)) == (1, 0, 0)
    answer = world.run("backup", "diff", LINE, "--json")
    (changed,) = answer.json["differences"]
    assert changed["document"] == "ont"
    assert "eth 1 vlan 20" in changed["text"]


@pytest.mark.parametrize("changed", [False, True])
def test_an_olt_that_does_not_let_us_in_costs_nothing_of_the_router(world: Fibre, changed: bool) -> None:
    run(world)
    olt_fault(world, refuse_login=True)
    if changed:
        edit(world, DNSMASQ, r"\Z", "dhcp-option=option:ntp-server,192.168.1.66\n")
    for _ in range(2):
        night = run(world)
        assert (night["code"], counts(night)) == (1, (0, 0, 1)), night
        assert night["missed_by_cause"] == {"olt authentication": 1}
    versions = backups(world).versions(LINE)
    assert len(versions) == 1 + changed, "the second night has nothing new to keep"
    assert ("ont" in versions[0].documents) is not changed
    now = state(world)
    assert (now["outcome"], now["version"]) == ("missed", versions[0].id)
    assert now["good_at"] < now["tried_at"] and "what its router has is kept" in now["message"]
    missed = world.run("backup", "list", "--missed").stdout
    assert "olt authentication" in missed
    report = world.run("report", "nightly", "--json").json
    assert "olt authentication" in str(report)
    mended(world)
    assert counts(run(world)) == ((1, 0, 0) if changed else (0, 1, 0))
    assert "ont" in backups(world).versions(LINE)[0].documents


def test_without_an_ont_on_the_olt_there_is_no_whole_backup(world: Fibre) -> None:
    def cleared(config: Config) -> None:
        config.flows.clear()
        config.onts.clear()

    on_olt(world, cleared)
    # Its router hangs behind that ONT, and is reached all the same: the look at the OLT comes first.
    night = run(world)
    assert night["code"] == 1
    assert counts(night) == (0, 0, 1)


def test_all_lines_of_an_olt_take_one_session(world: Fibre) -> None:
    second_line(world)

    class Counting(dict[int, Any]):
        begun = 0

        def __setitem__(self, key: int, value: Any) -> None:
            Counting.begun += 1
            super().__setitem__(key, value)

    def count() -> None:
        world.up.olt(BRUSSELS)._ends = Counting()

    world.up.do(count)
    assert counts(run(world)) == (2, 0, 0)
    assert Counting.begun == 1
    for line in (LINE, SECOND):
        assert f'desc "{line}"' in backups(world).masked(backups(world).find(line, None))["ont"]


def test_an_olt_that_hangs_up_again_and_again_is_given_up(world: Fibre) -> None:
    second_line(world)
    olt_fault(world, drop_after=6)
    night = run(world)
    assert (night["code"], counts(night)) == (1, (0, 0, 2))
    assert night["missed_by_cause"] == {"olt unreachable": 2}
    assert {each.line for each in backups(world).latest([LINE, SECOND]).values()} == {LINE, SECOND}


def test_the_backup_of_an_activation_has_the_ont(world: Fibre) -> None:
    second = form(2, ont={"serial": "HWTC00000102", "olt": BRUSSELS, "port": "0/1/2"})
    answer = world.activate(second)
    assert answer.code == 0, answer.stderr
    (version,) = backups(world).versions(SECOND)
    assert "ont" in version.documents
    assert counts(run(world, SECOND)) == (0, 1, 0)


# --- drift ---------------------------------------------------------------------------------------------------------


def test_what_somebody_changed_on_the_olt_drifts_until_the_order_is_activated_again(world: Fibre) -> None:
    assert world.run("drift", "run").code == 0
    on_olt(world, as_slow_down_as_up)
    answer = world.run("drift", "run", "--json")
    assert answer.code == 1, answer.stderr
    (line,) = answer.json["lines"]
    assert [each["document"] for each in line["differences"]] == ["ont"]
    assert "-service-port vlan 100 down proviso-" in line["differences"][0]["text"]
    assert all(each.startswith(f"{BRUSSELS}: ") for each in line["commands"])
    for commands in (line["commands"], line["rollback"]):
        assert any("outbound traffic-table name proviso-" in each for each in commands)
    shown = world.run("drift", "show", LINE).stdout
    assert f"{BRUSSELS}: config" in shown and form()["order"] in shown
    assert world.activate(form()).code == 0
    assert world.run("drift", "run").code == 0


def test_what_a_command_of_ours_must_not_take_away_drifts_and_is_for_people(world: Fibre) -> None:
    on_olt(world, add_flow)
    answer = world.run("drift", "run", "--json")
    assert answer.code == 1, answer.stderr
    (line,) = answer.json["lines"]
    assert "-other: service-port vlan 100" in line["differences"][0]["text"]
    (command,) = line["commands"]
    assert command.startswith(f"{BRUSSELS}: by hand, since there is more on this ONT than Proviso made")
    assert "against its backup" not in world.run("drift", "show", LINE).stdout


def test_a_table_of_ours_that_says_something_else_drifts(world: Fibre) -> None:
    def slower(config: Config) -> None:
        for index, table in config.tables.items():
            if table.name.startswith("proviso-"):
                config.tables[index] = replace(table, cir=64_000, pir=64_000)

    on_olt(world, slower)
    answer = world.run("drift", "run", "--json")
    assert answer.code == 1
    (line,) = answer.json["lines"]
    assert line["differences"][0]["document"] == "shared by the OLT"
    assert "cir 64000" in line["differences"][0]["text"]


def test_without_its_olt_a_line_is_not_said_to_be_as_intended(world: Fibre) -> None:
    olt_fault(world, refuse_login=True)
    answer = world.run("drift", "run", "--json")
    assert (answer.code, answer.json["causes"]) == (3, {"olt authentication": 1})
    edit(world, DNSMASQ, r"\Z", "dhcp-option=option:router,192.168.1.66\n")
    answer = world.run("drift", "run", "--json")
    assert answer.code == 1
    (line,) = answer.json["lines"]
    assert [each["document"] for each in line["differences"]] == ["ont (not seen)", "dnsmasq.conf"]


# --- restoring -----------------------------------------------------------------------------------------------------


def test_a_restore_gives_the_ont_what_was_delivered_last(world: Fibre) -> None:
    world.extra["PROVISO_BACKUP_IDENTITY_FILE"] = str(world.up.folder / "identity")
    run(world)
    on_olt(world, as_slow_down_as_up)
    assert counts(run(world)) == (1, 0, 0)
    newer, older = backups(world).versions(LINE)
    edit(world, DNSMASQ, r"\Z", "dhcp-option=option:ntp-server,192.168.1.66\n")

    plan = world.run("backup", "restore", LINE, "--at", older.id, "--plan", "--json")
    assert plan.code == 0, plan.stderr
    (access,) = plan.json["access"]
    assert any("outbound traffic-table name" in each for each in access["commands"])
    (warning,) = [each for each in plan.json["warnings"] if "ONT" in each]
    assert older.id in warning
    shown = world.run("backup", "restore", LINE, "--at", older.id, "--plan").stdout
    assert f"ONT at {BRUSSELS} 0/1/1" in shown

    answer = world.run("backup", "restore", LINE, "--at", newer.id, "--yes", "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    assert world.run("drift", "run").code == 0
    assert counts(run(world))[2] == 0
    texts = [backups(world).masked(each)["ont"] for each in (backups(world).find(LINE, None), older, newer)]
    assert texts[0] == texts[1] != texts[2]


def test_a_version_with_an_ont_is_rehearsed(world: Fibre) -> None:
    run(world)
    answer = world.run("backup", "rehearse", LINE, "--identity", world.up.folder / "identity", "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    assert world.rows("select outcome, how from restore_proof") == [{"outcome": "restored", "how": "rehearsal"}]


# --- what a run tells of its backup --------------------------------------------------------------------------------


def test_a_run_that_is_carried_on_tells_its_notes(world: Fibre) -> None:
    (world.state / "backups" / "recipients.txt").unlink()
    killed = world.activate(form(), kill=Kill(step="prove"))
    assert killed.code == KILLED
    answer = world.resume()
    assert answer.code == 0, answer.stderr
    (run,) = answer.json["runs"]
    assert run["state"] == "proven"
    assert any("backup keys make" in each for each in run["notes"]), run["notes"]
