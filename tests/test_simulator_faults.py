"""What breaks in the simulator on command, as its clients see it; and the command line that does it."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest
from labs import eventually
from simulators import FLOW, OLT, ONT, PASSWORD, SETUP, Dialogue, Simulated, simulated
from worlds import PROVISO, ROOT, Command

from provisioning.errors import BadInput
from provisioning.stands.simulator.faults import FaultKind, Faults, changed
from provisioning.stands.simulator.smartax.config import Config
from provisioning.stands.simulator.ssh_server import Servers


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulated]:
    with simulated(tmp_path) as made:
        yield made


def breaks(simulator: Simulated, **faults: object) -> None:
    simulator.do(lambda: simulator.world.faults.update({OLT: Faults(**faults)}))  # type: ignore[arg-type]


class TestFaults:
    def test_nobody_gets_in(self, simulator: Simulated) -> None:
        breaks(simulator, refuse_login=True)
        with pytest.raises(asyncssh.PermissionDenied), Dialogue(simulator):
            pass
        breaks(simulator)
        with Dialogue(simulator):
            pass

    def test_what_hangs_is_not_carried_out(self, simulator: Simulated) -> None:
        with Dialogue(simulator) as terminal:
            terminal.quiet().all(SETUP)
            breaks(simulator, hang=True)
            terminal.send("vlan 7 smart\n")
            with pytest.raises(TimeoutError):
                terminal.until(r"\(config\)#$", 0.5)
        breaks(simulator)
        assert 7 not in simulator.olt.device.config.vlans
        assert eventually(lambda: not simulator.olt._ends), "who hangs up leaves no terminal behind"

    def test_each_command_is_slow(self, simulator: Simulated) -> None:
        with Dialogue(simulator) as terminal:
            terminal.quiet()
            breaks(simulator, slow=0.3)
            began = time.monotonic()
            terminal.say("display version")
            assert time.monotonic() - began >= 0.3

    def test_the_answer_is_lost_to_a_command_that_was_carried_out(self, simulator: Simulated) -> None:
        breaks(simulator, drop_after=5)
        with Dialogue(simulator) as terminal:
            terminal.quiet().say("config")
            with pytest.raises(EOFError) as lost:
                terminal.say("vlan 7 smart")
            assert OLT not in str(lost.value)
        assert 7 in simulator.olt.device.config.vlans

    def test_dropped_at_once_is_not_carried_out(self, simulator: Simulated) -> None:
        with Dialogue(simulator) as terminal:
            terminal.quiet().say("config")
            breaks(simulator, drop_after=0)
            with pytest.raises(EOFError):
                terminal.say("vlan 7 smart")
        assert 7 not in simulator.olt.device.config.vlans

    def test_a_line_is_refused_in_the_devices_words(self, simulator: Simulated) -> None:
        breaks(simulator, reject=("ont add", "service-port"))
        with Dialogue(simulator) as terminal:
            said = terminal.quiet().all(SETUP + ONT)
            assert said.count("Failure: Does not support this operation") == 1
        assert not simulator.olt.device.config.onts

    def test_an_answer_is_cut(self, simulator: Simulated) -> None:
        with Dialogue(simulator) as terminal:
            terminal.quiet()
            breaks(simulator, truncate=100)
            terminal.send("display ont autofind all\n")
            with pytest.raises(EOFError) as cut:
                terminal.until("never")
            assert len(str(cut.value).partition("\r\n")[2]) == 100

    @pytest.mark.parametrize(
        ("kind", "value"), [("slow", "-1"), ("slow", "soon"), ("drop-after", None), ("truncate", "x"), ("reject", " ")]
    )
    def test_a_value_that_is_none_is_said_so(self, kind: str, value: str | None) -> None:
        with pytest.raises(BadInput):
            changed(Faults(), FaultKind(kind), value, clear=False)

    def test_what_was_broken_is_mended(self) -> None:
        for kind, value in (("slow", "1"), ("hang", None), ("drop-after", "0"), ("truncate", "0"), ("reject", "a  b")):
            broken = changed(Faults(), FaultKind(kind), value, clear=False)
            assert list(broken.shown()) == [kind]
            assert changed(broken, FaultKind(kind), None, clear=True) == Faults()


@pytest.fixture
def proviso(tmp_path: Path) -> Iterator[Command]:
    command = Command(tmp_path / "state")
    yield command
    command("simulator", "down")


class TestCommandLine:
    def test_up_status_fault_down(self, proviso: Command) -> None:
        assert proviso("simulator", "status").code == 1
        up = proviso("simulator", "up", "--cpes", "2", "--iosxe", "1", "--json").json
        assert up["started"] and {OLT, "olt-namur-1"} <= set(up["hosts"])
        assert not proviso("simulator", "up", "--json").json["started"]
        assert proviso("simulator", "up", "--cpes", "3").code == 1
        assert proviso("simulator", "up", "--iosxe", "2").code == 1
        assert "FGL26000103" in up["hosts"]
        folder = Path(up["folder"])
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "key").stat().st_mode & 0o777 == 0o600
        broken = proviso("simulator", "fault", f"{OLT}.example.net", "reject", "ont  add", "--json").json
        assert broken == {"host": OLT, "kind": "reject", "faults": {"reject": ["ont add"]}}
        assert proviso("simulator", "fault", "HWTC00000101", "unplug").code == 0
        status = proviso("simulator", "status", "--json").json
        assert [each["lit"] for each in status["onts"]] == [False, True, True]
        assert [each["faults"] for each in status["hosts"] if each["name"] == OLT] == [{"reject": ["ont add"]}]
        assert "reject ont add" in proviso("simulator", "status").stdout
        assert proviso("simulator", "fault", OLT, "reject", "--clear", "--json").json["faults"] == {}
        assert "back with what it had saved" in proviso("simulator", "fault", OLT, "power-loss").stdout
        assert proviso("simulator", "down", "--json").json == {"was_up": True, "erased": False}
        assert (folder / "host_keys" / OLT).exists()
        proviso("simulator", "down", "--erase")
        assert [each.name for each in folder.iterdir()] == ["lock"]

    def test_what_does_not_exist_is_told_with_a_remedy(self, proviso: Command) -> None:
        down = proviso("simulator", "fault", OLT, "hang")
        assert down.code == 3 and "proviso simulator up" in down.stderr
        assert proviso("simulator", "run", "--", "true").code == 3
        proviso("simulator", "up", "--cpes", "1")
        for arguments, words in (
            ((OLT, "burn"), "there is no fault `burn`"),
            (("olt-nowhere", "hang"), "nothing in the simulator is called `olt-nowhere`"),
            (("HWTC99999999", "unplug"), "no ONT is called"),
            ((OLT, "slow"), "slow needs a number"),
        ):
            answer = proviso("simulator", "fault", *arguments)
            assert answer.code == 2 and words in answer.stderr
        missing = proviso("simulator", "run", "--", "no-such-program")
        assert missing.code == 3 and "cannot be run" in missing.stderr

    def test_what_would_do_nothing_is_refused(self, proviso: Command) -> None:
        proviso("simulator", "up", "--cpes", "1", "--iosxe", "0")
        for arguments, told in {
            ("LX0101", "drop-after", "1.5"): "a whole number from 0 to 1,000,000, not `1.5`",
            ("LX0101", "truncate", "0.1"): "a whole number",
            ("LX0101", "reject", "x" * 100_000): "no command begins with 100,000 characters",
            ("LX0101", "hang", "3"): "hang takes no value, as `3`",
            ("LX0101", "power-loss", "now"): "power-loss takes no value",
            ("HWTC00000101", "unplug", "now"): "unplug takes no value",
            ("L" * 100_000, "hang"): "nothing in the simulator is called",
            (OLT, "disk-full"): "only a router has a disk",
            ("internet", "disk-full"): "only a router has a disk",
        }.items():
            answer = proviso("simulator", "fault", *arguments)
            assert answer.code == 2, answer.stdout
            assert told in answer.stderr and len(answer.stderr) < 1000
        assert all(not each["faults"] for each in proviso("simulator", "status", "--json").json["hosts"])

    def test_what_was_ended_is_not_offered_to_be_ended_again(self, proviso: Command) -> None:
        proviso("simulator", "up", "--cpes", "1", "--iosxe", "0")
        proviso("simulator", "fault", "LX0101", "slow", "2")
        proviso("simulator", "fault", "LX0101", "hang")
        ended = proviso("simulator", "fault", "LX0101", "hang", "--clear").stdout
        assert "LX0101 slow --clear" in ended and "hang --clear" not in ended

    def test_completion_knows_what_there_is(self, proviso: Command) -> None:
        proviso("simulator", "up", "--cpes", "1", "--iosxe", "0")

        def completed(*words: str) -> list[str]:
            line = " ".join(("proviso", "simulator", "fault", *words))
            asked = {"_PROVISO_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(2 + len(words))}
            return proviso(environment=asked).stdout.split()

        assert completed("LX") == ["LX0101"]
        assert completed("HW") == ["HWTC00000101"]
        assert completed("LX0101", "dr") == ["drop-after"]

    def test_a_disk_without_room_is_no_reason_to_erase(self, proviso: Command) -> None:
        limited = ("sh", "-c", 'ulimit -f 64; exec "$@"', "sh")
        answer = proviso("simulator", "up", "--cpes", "300", before=limited)
        assert answer.code == 3 and "--erase" not in answer.stderr
        assert "cannot be written" in answer.stderr

    def test_a_router_is_replaced_and_put_in_service(self, proviso: Command) -> None:
        run = ("simulator", "run", "--", str(PROVISO))
        proviso("simulator", "up", "--cpes", "3", "--iosxe", "0")
        order = str(ROOT / "examples" / "orders" / "internet-pro.yaml")
        assert proviso(*run, "order", "activate", order).code == 0
        for new, told in {"LX0102": "its own place", "internet": "only a router", "LX0999": "nothing"}.items():
            answer = proviso("simulator", "replace", "LX0102", "--serial", new)
            assert answer.code == 2 and told in answer.stderr
        assert proviso("simulator", "replace", "LX0102", "--serial", "LX0103").code == 0
        assert proviso("simulator", "replace", "LX0103", "--serial", "LX0102").code == 2
        replaced = proviso(*run, "line", "replace-cpe", "L-1", "--serial", "lx0103")
        assert replaced.code == 0, replaced.stdout + replaced.stderr

    def test_a_program_is_run_with_what_it_needs(self, proviso: Command) -> None:
        up = proviso("simulator", "up", "--cpes", "1", "--json").json
        folder = Path(up["folder"])
        show = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('PROVISO_')}))"
        environment = proviso("simulator", "run", "--", "python3", "-c", show).json
        assert environment["PROVISO_STATE"] == str(folder.parent)
        assert environment["PROVISO_SSH_KEY_FILE"] == str(folder / "key")
        assert environment["PROVISO_KNOWN_HOSTS_FILE"] == str(folder / "known_hosts")
        password = environment["PROVISO_OLT_PASSWORD"]
        assert len(password) > 20
        kept = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
        assert password.encode() not in kept
        assert OLT in (folder / "known_hosts").read_text()
        assert proviso("simulator", "run", "--", "sh", "-c", "exit 7").code == 7
        assert proviso("simulator", "run", "--", "proviso", "--version").code == 0

    def test_a_killed_daemon_is_known_to_be_gone(self, proviso: Command, tmp_path: Path) -> None:
        proviso("simulator", "up", "--cpes", "1")
        before = proviso("simulator", "status", "--json").json
        keys = Path(before["known_hosts"]).read_text()
        os.kill(before["daemon"], signal.SIGKILL)
        assert eventually(lambda: proviso("simulator", "status").code == 1)
        assert proviso("simulator", "up", "--cpes", "1", "--json").json["started"]
        assert Path(before["known_hosts"]).read_text() == keys

    def test_of_two_at_once_one_starts_it(self, proviso: Command) -> None:
        both = [
            subprocess.Popen(
                [str(PROVISO), "simulator", "up", "--cpes", "1", "--json"],
                env=proviso.environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for _ in range(2)
        ]
        answers = [json.loads(each.communicate(timeout=60)[0]) for each in both]
        assert sorted(each["started"] for each in answers) == [False, True]

    def test_what_a_device_saved_and_nobody_can_read_is_said(self, proviso: Command) -> None:
        folder = Path(proviso("simulator", "up", "--cpes", "1", "--json").json["folder"])
        proviso("simulator", "down")
        (folder / "olts").mkdir(exist_ok=True)
        (folder / "olts" / f"{OLT}.json").write_text("{")
        answer = proviso("simulator", "up")
        assert (
            answer.code == 3 and "proviso simulator down --erase" in answer.stderr and "Traceback" not in answer.stderr
        )
        proviso("simulator", "down", "--erase")
        assert proviso("simulator", "up").code == 0


def test_a_line_in_service_outlives_a_killed_simulator(proviso: Command) -> None:
    order = str(ROOT / "examples" / "orders" / "internet-pro.yaml")
    activate = ("simulator", "run", "--", str(PROVISO), "order", "activate", order)
    proviso("simulator", "up", "--cpes", "2")
    first = proviso(*activate)
    assert first.code == 0, first.stderr
    os.kill(proviso("simulator", "status", "--json").json["daemon"], signal.SIGKILL)
    assert eventually(lambda: proviso("simulator", "up", "--cpes", "2").code == 0)
    assert proviso("simulator", "fault", "LX0102", "power-loss").code == 0
    again = proviso(*activate)
    assert again.code == 0 and "nothing to change" in again.stdout, again.stderr


def test_what_is_saved_outlives_everything(tmp_path: Path) -> None:
    with simulated(tmp_path) as simulator, Dialogue(simulator) as terminal:
        terminal.quiet().all(SETUP + ONT + FLOW + "\nsave")
    with simulated(tmp_path) as simulator:
        assert eventually(lambda: "HWTC00000101" in simulator.do(lambda: simulator.world.fibre.passing))
        saved = tmp_path / "simulator" / "olts" / f"{OLT}.json"
        assert Config.from_json(saved.read_text()) == simulator.olt.device.config
        assert PASSWORD not in saved.read_text()


def test_a_host_that_is_far_away_takes_its_time_and_says_the_same(tmp_path: Path) -> None:
    with simulated(tmp_path) as up:
        up.servers = Servers(up.world, 0.1)
        began = time.monotonic()
        with Dialogue(up) as dialogue:
            opened = time.monotonic() - began
            # Connecting, versions, keys, their exchange, logging in, a channel, its terminal and shell.
            assert opened > 0.6
            dialogue.quiet()
            began = time.monotonic()
            answers = [dialogue.say("display version") for _ in range(3)]
            assert time.monotonic() - began > 0.3
            assert len(set(answers)) == 1 and "MA5800" in answers[0]
