"""Faults during a change of a router: what happens, and how long the line is without service."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import pytest
from cpes import LOCKED_OUT, A, B, Cpe, digest
from labs import MANY, TestLab, eventually, lab_up, needs_lab

pytestmark = [needs_lab, pytest.mark.xdist_group("faults")]

INTERVAL = 0.2


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as up:
        Cpe(up).boots_with_us()
        yield up


@pytest.fixture
def cpe(lab: TestLab) -> Cpe:
    found = Cpe(lab)
    found.sh("rm -f /var/fill*")
    found.anew()
    found.put(A)
    assert eventually(lambda: lab.pings("internet", "100.64.1.1"))
    return found


@dataclass
class Service:
    """How a router answered to pings from the internet.

    Told by the numbers of the answers, and not by when they were read: who reads them may have to wait for the CPU.

    Attributes:
        lost: pings that were not answered, though a later one was.
        longest: seconds of pings in a row that were not.
    """

    lost: int = 0
    longest: float = 0.0


@contextmanager
def watched(lab: TestLab) -> Iterator[Service]:
    """Ping a router from the internet all the while."""
    service = Service()
    answers: list[str] = []
    command = f"timeout {MANY - 30} ping -i {INTERVAL} 100.64.1.1 & echo $! >/tmp/ping.pid; wait"
    thread = threading.Thread(target=lambda: answers.append(lab.within("internet", "sh", "-c", command).stdout))
    lab.within("internet", "rm", "-f", "/tmp/ping.pid")
    thread.start()
    assert eventually(lambda: lab.within("internet", "test", "-s", "/tmp/ping.pid").code == 0)
    try:
        yield service
    finally:
        lab.within("internet", "sh", "-c", "kill -INT $(cat /tmp/ping.pid)")
        thread.join()
        heard = sorted({int(each) for each in re.findall(r"icmp_seq=(\d+) ttl", answers[0])})
        (sent,) = (int(each) for each in re.findall(r"(\d+) packets transmitted", answers[0]))
        # The last one may be on its way.
        gaps = [after - before - 1 for before, after in pairwise([0, *heard])]
        gaps.append(max(sent - max(heard, default=0) - 1, 0))
        service.lost, service.longest = sum(gaps), INTERVAL * max(gaps, default=0)


def ssh(lab: TestLab) -> bool:
    key, known = lab.folder / "key", lab.folder / "known_hosts"
    options = ["-o", f"UserKnownHostsFile={known}", "-o", "ConnectTimeout=5", "-o", "BatchMode=yes", "-i", str(key)]
    return lab.within("noc", "ssh", *options, "root@100.64.1.1", "true").code == 0


def test_a_change_disturbs_nothing(lab: TestLab, cpe: Cpe) -> None:
    with watched(lab) as service:
        cpe.put(B)
    print(f"change: {service}")
    assert service.longest < 1.5


def test_management_locked_out(lab: TestLab, cpe: Cpe) -> None:
    assert eventually(lambda: ssh(lab))
    with watched(lab) as service:
        assert cpe.apply(LOCKED_OUT, seconds=20).code == 0
        cpe.settled()
        assert not ssh(lab)
        assert eventually(lambda: ssh(lab))
    print(f"management locked out: {service}")
    assert service.longest < 1.5
    assert cpe.went_back()["live"] == digest(A)


def test_a_document_that_a_daemon_rejects(lab: TestLab, cpe: Cpe) -> None:
    with watched(lab) as service:
        answer = cpe.apply({**B, "dnsmasq.conf": "dhcp-range=nonsense\n"})
    print(f"rejected: {service}")
    assert (answer.code, "bad dhcp-range" in answer.stderr) == (2, True)
    assert cpe.live() == digest(A)
    assert service.lost == 0


def test_a_document_that_cannot_be_put_in_force(lab: TestLab, cpe: Cpe) -> None:
    with watched(lab) as service:
        assert cpe.apply({**B, "network.sh": "#!/bin/sh\nexit 1\n"}).code == 0
        assert cpe.went_back()["live"] == digest(A)
    print(f"cannot be put in force: {service}")
    assert service.longest < 1.5


def test_restarted_while_pending(lab: TestLab, cpe: Cpe) -> None:
    cpe.apply(B)
    cpe.settled()
    with watched(lab) as service:
        cpe.restart()
        assert eventually(lambda: lab.pings("internet", "100.64.1.1"))
    print(f"restarted while pending: {service}")
    status = cpe.went_back()
    assert (status["live"], status["outcome"]) == (
        digest(A),
        "went back: the router restarted before it was confirmed",
    )
    assert "8001" in cpe.sh("nft list ruleset").stdout


def test_restarted_after_it_was_confirmed(lab: TestLab, cpe: Cpe) -> None:
    cpe.put(B)
    with watched(lab) as service:
        cpe.restart()
        assert eventually(lambda: lab.pings("internet", "100.64.1.1"))
    print(f"restarted after it was confirmed: {service}")
    assert cpe.status()["live"] == digest(B)
    assert "8002" in cpe.sh("nft list ruleset").stdout
    assert "10.255.7.1" in cpe.sh("ip address show dev lo").stdout
    assert eventually(lambda: ssh(lab))


FILL = "dd if=/dev/zero of=/var/fill bs=64k 2>/dev/null; dd if=/dev/zero of=/var/fill2 bs=1 2>/dev/null"


def test_a_full_disk(lab: TestLab, cpe: Cpe) -> None:
    cpe.sh(FILL)
    with watched(lab) as service:
        staged = cpe.stage(B)
        assert (staged.code, "no room" in staged.stderr) == (6, True)
        cpe.sh("rm -f /var/fill2; truncate -s -128K /var/fill")
        full = cpe.apply(B, base=digest(A))
        assert (full.code, "no room on the disk; nothing was changed" in full.stderr) == (6, True)
    print(f"full disk before: {service}")
    assert service.lost == 0
    assert cpe.status()["pending"] == ""
    cpe.sh("rm -f /var/fill")
    with watched(lab) as service:
        assert cpe.apply(B, base=digest(A)).code == 0
        cpe.settled()
        cpe.sh(FILL)
        assert cpe.helper("abandon").stdout == f"confirmed {digest(A)}\n"
    print(f"full disk while pending: {service}")
    assert service.longest < 1.5
    assert cpe.live() == digest(A)


def test_confirmed_on_a_full_disk(cpe: Cpe) -> None:
    cpe.apply(B)
    cpe.settled()
    cpe.sh(FILL)
    assert cpe.helper("confirm", digest(B)).code == 0
    cpe.sh("rm -f /var/fill*")
    assert cpe.status()["confirmed"] == digest(B)


def test_two_callers_at_once(lab: TestLab, cpe: Cpe) -> None:
    cpe.stage(B)
    one = f"proviso-helper apply 60 {digest(A)} {digest(B)}"
    two = f"proviso-helper apply 60 {digest(A)} {digest(LOCKED_OUT)}"
    with watched(lab) as service:
        answers = cpe.sh(f"({one}; echo one $?) 2>&1 & ({two}; echo two $?) 2>&1 & wait").stdout
    print(f"two callers: {service}")
    assert "one 0" in answers
    assert re.search(r"two [45]", answers), answers
    assert cpe.settled()["pending"] == digest(B)
    assert cpe.helper("confirm", digest(B)).code == 0


def test_the_caller_is_killed_between_apply_and_confirm(lab: TestLab, cpe: Cpe) -> None:
    cpe.stage(B)
    with watched(lab) as service:
        cpe.sh(f"setsid -w sh -c 'proviso-helper apply 15 {digest(A)} {digest(B)}; kill -9 -- -$$'")
        assert eventually(lambda: cpe.status()["live"] == digest(B))
        assert cpe.went_back()["live"] == digest(A)
    print(f"went back by itself: {service}")
    assert service.longest < 1.5
