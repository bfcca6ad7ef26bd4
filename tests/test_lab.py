"""The lab for real: namespaces, packets, BGP, cuts, and what is left when it ends in whatever way."""

import contextlib
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from labs import MANY, TestLab, eventually, lab_up, needs_lab
from worlds import PROVISO, Command

pytestmark = needs_lab


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    """A lab with one CPE."""
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as up:
        yield up


def test_eight_nodes_are_up(lab: TestLab) -> None:
    assert lab.up["started"]
    assert lab.up["seconds"] > 0
    status = lab.status()
    assert status["up"]
    assert [each["name"] for each in status["nodes"]] == lab.up["nodes"]
    assert len(status["nodes"]) == 8
    assert all(each["running"] and not each["cut"] for each in status["nodes"])


@pytest.mark.parametrize(
    ("node", "address"),
    [
        ("noc", "cpe1"),
        ("noc", "3fff:0:0:a:0:ff:fe00:101"),
        ("internet", "100.64.0.1"),
        ("internet", "3fff:0:0:1::1"),
        ("noc", "198.18.1.10"),
        ("noc", "3fff:0:1::10"),
        ("noc", "100.96.0.1"),
        ("noc", "3fff:0:0:b::1"),
        ("noc", "lan1"),
        ("noc", "firewall1"),
        ("mobile", "198.18.1.10"),
    ],
)
def test_packets_pass(lab: TestLab, node: str, address: str) -> None:
    assert lab.pings(node, address)


def test_bgp_and_bfd_between_bng_and_mobile_core(lab: TestLab) -> None:
    for family in ("ipv4", "ipv6"):
        assert "Established" in lab.within("bng", "vtysh", "-c", f"show bgp {family} summary json").stdout
    assert eventually(lambda: '"status":"up"' in lab.within("bng", "vtysh", "-c", "show bfd peers json").stdout)


@pytest.mark.parametrize(("node", "name"), [("cpe1", "cpe1"), ("internet", "internet"), ("lan1", "lan1")])
def test_the_noc_logs_in_by_ssh_and_knows_the_host(lab: TestLab, node: str, name: str) -> None:
    status = lab.status()
    options = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-i", status["key"]]
    answer = lab.run("ssh", *options, "-o", f"UserKnownHostsFile={status['known_hosts']}", f"root@{node}", "hostname")
    assert (answer.code, answer.stdout) == (0, f"{name}\n"), answer.stderr


def test_a_cpe_writes_its_own_files_and_no_others(lab: TestLab) -> None:
    script = "touch /etc/mine /usr/local/sbin/helper /tmp/mine && cat /etc/device-serial && ! touch /usr/bin/theirs"
    answer = lab.within("cpe1", "sh", "-c", script)
    assert (answer.code, answer.stdout) == (0, "LX0101\n"), answer.stderr
    assert not Path("/etc/mine").exists()
    assert lab.within("lan1", "ls", "/etc/mine").code == 2


def test_a_cut_is_silent_and_heals(lab: TestLab) -> None:
    assert lab.pings("noc", "cpe1")
    silent = [{"bearer": "fixed", "kind": "silent"}]
    assert lab.proviso("lab", "cut", "LX0101", "--json").json == {"node": "cpe1", "cuts": silent}
    try:
        assert lab.node("cpe1")["cut"]
        assert "cut off" in lab.proviso("lab", "status").stdout
        assert lab.drops("noc", "cpe1")
        assert "LOWER_UP" in lab.within("cpe1", "ip", "link", "show", "wan0").stdout
        assert lab.proviso("lab", "cut", "cpe1").code == 0
    finally:
        healed = lab.proviso("lab", "heal", "cpe1", "--json")
    assert healed.json == {"node": "cpe1", "cuts": []}
    assert lab.proviso("lab", "heal", "cpe1").code == 0
    assert not lab.node("cpe1")["cut"]
    assert lab.pings("noc", "cpe1")


def test_a_shell_takes_a_command_or_a_script(lab: TestLab) -> None:
    answer = lab.proviso("lab", "shell", "cpe1", "--", "sh", "-c", "hostname; echo $HOME; exit 5")
    assert (answer.code, answer.stdout) == (5, "cpe1\n/root\n")
    assert lab.proviso("lab", "shell", "LX0101", stdin=b"hostname\n").stdout == "cpe1\n"


def test_a_restarted_cpe_keeps_its_disk_and_its_cables(lab: TestLab) -> None:
    assert lab.within("cpe1", "sh", "-c", "echo kept > /etc/kept; ip addr add 192.0.2.1/32 dev lan1").code == 0
    assert lab.within("lan1", "ip", "addr", "add", "192.168.1.77/24", "dev", "eth0").code == 0
    mark = f"87654.{os.getpid()}"
    sleeping = lab.proviso.start("lab", "shell", "cpe1", "--", "sleep", mark)
    assert eventually(lambda: runs(f"sleep\0{mark}\0"))
    assert lab.proviso("lab", "restart", "LX0101", "--json").json == {"node": "cpe1"}
    assert sleeping.wait(timeout=MANY) != 0
    sleeping.communicate()
    assert lab.node("cpe1")["running"]
    assert lab.within("cpe1", "cat", "/etc/kept").stdout == "kept\n"
    assert "192.0.2.1" not in lab.within("cpe1", "ip", "addr").stdout
    assert "192.168.1.77" in lab.within("lan1", "ip", "addr", "show", "eth0").stdout
    assert lab.pings("noc", "cpe1")
    assert lab.proviso("lab", "restart", "bng").code == 2
    lab.within("lan1", "ip", "addr", "flush", "dev", "eth0", "scope", "global")


def test_a_command_in_the_noc_answers_as_it_is(lab: TestLab) -> None:
    answer = lab.run("sh", "-c", "echo out; echo err >&2; exit 7")
    assert (answer.code, answer.stdout, answer.stderr) == (7, "out\n", "err\n")
    assert lab.run("pwd").stdout.strip() == str(lab.proviso.current)
    assert lab.run("no-such-program").code == 127


def test_proviso_in_the_noc_uses_the_same_state(lab: TestLab) -> None:
    answer = lab.run(str(PROVISO), "lab", "status", "--json")
    assert answer.json["keeper"] is not None
    assert answer.json["folder"] == str(lab.folder)


def test_packets_are_captured(lab: TestLab, tmp_path: Path) -> None:
    file = tmp_path / "bfd.pcap"
    answer = lab.proviso("lab", "capture", "bng", "mobile", file, "--count", "2", "--filter", "udp port 3784")
    assert answer.code == 0, answer.stderr
    assert file.read_bytes()[:4] in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4")


def test_a_capture_ends_when_it_is_interrupted(lab: TestLab, tmp_path: Path) -> None:
    file = tmp_path / "all.pcap"
    capture = lab.proviso.start("lab", "capture", "bng", "mobile", str(file))
    assert eventually(lambda: file.exists() and file.stat().st_size > 24)
    capture.send_signal(signal.SIGINT)
    said, _ = capture.communicate(timeout=MANY)
    assert capture.returncode == 0
    assert b"bytes" in said


def test_a_command_dies_with_who_ran_it(lab: TestLab) -> None:
    mark = f"98765.{os.getpid()}"
    running = lab.proviso.start("lab", "run", "--", "sleep", mark)
    assert eventually(lambda: runs(f"sleep\0{mark}\0"))
    running.kill()
    running.communicate(timeout=MANY)
    assert eventually(lambda: not runs(f"sleep\0{mark}\0"))


def test_a_command_hears_an_interrupt_and_takes_its_time(lab: TestLab) -> None:
    script = "trap 'echo heard; exit 3' INT; echo waiting; while :; do sleep 0.1; done"
    running = subprocess.Popen(
        [str(PROVISO), "lab", "run", "--", "sh", "-c", script],
        env=lab.proviso.environment(),
        stdout=subprocess.PIPE,
        process_group=0,
    )
    assert running.stdout
    assert running.stdout.readline() == b"waiting\n"
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=MANY)
    assert (running.returncode, said) == (3, b"heard\n")


def test_up_again_says_that_it_is_up(lab: TestLab) -> None:
    answer = lab.proviso("lab", "up")
    assert answer.code == 0
    assert "up already" in answer.stdout
    other = lab.proviso("lab", "up", "--cpes", "2")
    assert other.code == 1
    assert "1 CPE" in other.stderr
    assert len(lab.status()["nodes"]) == 8


@pytest.mark.parametrize(
    ("words", "guess"),
    [
        (("shell", "cpe2", "true"), "cpe1"),
        (("cut", "cpe7"), "cpe1"),
        (("heal", "cpe"), "cpe1"),
        (("capture", "internett", "eth0", "-"), "internet"),
        (("capture", "cpe1", "wan1", "-"), "wan0"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(lab: TestLab, words: tuple[str, ...], guess: str) -> None:
    answer = lab.proviso("lab", *words)
    assert answer.code == 2
    assert f"Did you mean {guess}?" in answer.stderr


def test_two_labs_do_not_disturb_each_other(lab: TestLab, tmp_path: Path) -> None:
    with lab_up(tmp_path / "state") as other:
        assert other.folder != lab.folder
        assert other.proviso("lab", "cut", "cpe1").code == 0
        assert other.drops("noc", "cpe1")
        assert lab.pings("noc", "cpe1")
        assert not lab.node("cpe1")["cut"]
        other.within("cpe1", "touch", "/etc/other")
        assert lab.within("cpe1", "ls", "/etc/other").code == 2
    assert lab.pings("noc", "cpe1")


def test_a_node_that_ended_is_told(tmp_path: Path) -> None:
    with lab_up(tmp_path / "state", cpes=0) as other:
        # Process 1 of a node is deaf to signals from inside, so it is found from outside.
        network = other.within("internet", "readlink", "/proc/self/ns/net").stdout.strip()
        for process in processes_in({network}):
            # The first takes some of the others with it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        assert eventually(lambda: not other.node("internet")["running"])
        answer = other.proviso("lab", "shell", "internet", "true")
        assert answer.code == 3
        assert "has ended" in answer.stderr


@pytest.mark.parametrize("victim", ["keeper", "command"])
def test_a_crash_leaves_nothing(tmp_path: Path, victim: str) -> None:
    before = veths()
    with lab_up(tmp_path / "state") as other:
        status = other.status()
        names = [each["name"] for each in status["nodes"]]
        networks = {other.within(name, "readlink", "/proc/self/ns/net").stdout.strip() for name in names}
        assert len(networks) == len(names)
        assert processes_in(networks)
        os.kill(status["keeper"] if victim == "keeper" else other.holder.pid, signal.SIGKILL)
        assert eventually(lambda: not processes_in(networks))
        assert eventually(lambda: not other.folder.exists())
        assert eventually(lambda: not processes_naming(str(other.folder)))
        assert veths() == before
        assert other.proviso("lab", "status").code == 1
    assert list((tmp_path / "state").iterdir()) == []


def test_a_start_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    proviso = Command(tmp_path / "state")
    starting = proviso.start("lab", "up", "--cpes", "4")
    assert starting.stderr
    assert b"nodes" in starting.stderr.readline()
    starting.kill()
    starting.communicate(timeout=MANY)
    folder = tmp_path / "state" / "lab"
    assert eventually(lambda: not folder.exists())
    assert eventually(lambda: not processes_naming(str(folder)))


def test_two_starts_at_once_make_one_lab(tmp_path: Path) -> None:
    proviso = Command(tmp_path / "state")
    try:
        racing = [proviso.start("lab", "up", "--cpes", "0", "--json") for _ in range(2)]
        said = [json.loads(each.communicate(timeout=MANY)[0]) for each in racing]
        assert [each.returncode for each in racing] == [0, 0]
        assert sorted(each["started"] for each in said) == [False, True]
    finally:
        proviso("lab", "down")


def test_down_twice_and_nothing_without_a_lab(tmp_path: Path) -> None:
    proviso = Command(tmp_path / "state")
    assert proviso("lab", "up", "--cpes", "0").code == 0
    assert "is down" in proviso("lab", "down").stdout
    again = proviso("lab", "down")
    assert (again.code, again.stdout) == (0, "The lab was not up.\n")
    assert not (tmp_path / "state" / "lab").exists()
    for words in (("run", "true"), ("shell", "bng"), ("cut", "cpe1"), ("capture", "bng", "noc", "-")):
        answer = proviso("lab", *words)
        assert answer.code == 3
        assert "proviso lab up" in answer.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take rights away from itself")
def test_without_rights_check_says_why_and_up_refuses(tmp_path: Path) -> None:
    powerless = ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all")
    proviso = Command(tmp_path / "state")
    answer = proviso("lab", "check", before=powerless)
    assert answer.code == 3
    assert "The lab cannot run here" in answer.stdout
    assert "--privileged" in answer.stdout
    assert proviso("lab", "check", "--json", before=powerless).json["able"] is False
    up = proviso("lab", "up", before=powerless)
    assert up.code == 3
    assert "--privileged" in up.stderr
    assert not (tmp_path / "state" / "lab").exists()


def test_check_finds_this_machine_able(tmp_path: Path) -> None:
    answer = Command(tmp_path / "state")("lab", "check", "--json")
    assert answer.code == 0
    assert answer.json["able"] is True
    assert {each["group"] for each in answer.json["capabilities"]} == {"machine", "program", "kernel"}


def processes_in(networks: set[str]) -> list[int]:
    """Return the processes in any of some network namespaces."""
    return [process for process in processes() if link(f"/proc/{process}/ns/net") in networks]


def processes_naming(text: str) -> list[int]:
    """Return the processes whose command line names a text."""
    return [process for process in processes() if text in command_line(process)]


def runs(line: str) -> bool:
    """Return whether a process has exactly that command line, its words ended by zero bytes."""
    return any(command_line(process) == line for process in processes())


def processes() -> list[int]:
    return [int(each) for each in os.listdir("/proc") if each.isdigit()]  # noqa: PTH208 - Path would be no shorter


def link(path: str) -> str:
    try:
        return str(Path(path).readlink())
    except OSError:
        return ""


def command_line(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


def veths() -> set[str]:
    """Return the cables that the machine itself has."""
    result = subprocess.run(["ip", "-o", "link", "show", "type", "veth"], capture_output=True, text=True, check=True)
    return set(re.findall(r"^\d+: (\S+?)[@:]", result.stdout, re.MULTILINE))
