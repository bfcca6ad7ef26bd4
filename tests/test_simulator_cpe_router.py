"""A simulated router, asked through the product's own classes: shell, bootstrap, helper, timer, power, disk."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Network
from pathlib import Path

import asyncssh
import pytest
from cpes import A, B, archive, digest

from provisioning.devices import helper
from provisioning.devices.bootstrap import bootstrap
from provisioning.devices.linux_cpe import LinuxCpe
from provisioning.errors import DeviceMoved, DeviceRefused
from provisioning.model.change import Change
from provisioning.model.config import Config, Document
from provisioning.model.device import DeviceStatus
from provisioning.ports import Completed
from provisioning.stands.simulator.customer_router import CustomerRouter
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.linux_cpe.router import Router
from provisioning.stands.simulator.linux_cpe.shell_types import Streams


@dataclass
class Surroundings:
    """What a router asks of its world, and the operator's network."""

    time: datetime = datetime(2026, 12, 1, 12, tzinfo=UTC)
    faults: Faults = field(default_factory=Faults)

    def now(self) -> datetime:
        return self.time

    def faults_of(self, name: str) -> Faults:
        return self.faults

    def delegated(self, router: CustomerRouter) -> IPv6Network:
        return IPv6Network("3fff:1:0:100::/56")

    def bearers(self, router: CustomerRouter) -> tuple[str, ...]:
        return ("fixed",)

    def reached(self, router: CustomerRouter, name: str, protocol: str, port: int) -> bool:
        return True

    def carries(self, router: CustomerRouter, bearer: str) -> bool:
        return bearer == "fixed"

    def passes(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class RouterSession:
    """A session on a router, without a network between."""

    router: Router

    def run(self, command: str, *, given: bytes = b"", seconds: float = 30.0) -> Completed:
        streams = Streams(io.BytesIO(given), bytearray(), bytearray())
        code = self.router.run(command, streams)
        return Completed(code, bytes(streams.out), streams.err.decode())

    def close(self) -> None:
        pass


@dataclass
class Bench:
    """A router that was bootstrapped, and the time."""

    around: Surroundings
    router: Router

    @property
    def session(self) -> RouterSession:
        return RouterSession(self.router)

    @property
    def cpe(self) -> LinuxCpe:
        return LinuxCpe(self.session, self.router.name)

    def apply(self, of: Mapping[str, str], *, seconds: int = 60, base: str = "") -> None:
        documents = tuple(Document(name, "", 0o600, text) for name, text in of.items())
        base = base or self.status().live
        change = Change("LX0101", "linux_cpe", "", base, digest(of), Config("linux_cpe", documents), (), (), ())
        self.cpe.apply(change, seconds=seconds)

    def put(self, of: Mapping[str, str]) -> None:
        self.apply(of)
        self.around.passes(1)
        self.cpe.confirm(digest(of))

    def status(self) -> DeviceStatus:
        return self.cpe.status()

    def lost_power(self) -> None:
        self.router.lose_power()


KEY = asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def bench() -> Iterator[Bench]:
    around = Surroundings()
    router = Router("LX0101", 1, KEY, KEY.convert_to_public(), around, around)
    found = Bench(around, router)
    bootstrap(found.session, serial="LX0101", host_key="")
    yield found


@pytest.mark.parametrize(
    ("script", "code", "output"),
    [
        ("echo a; false || echo b && echo c", 0, "a\nb\nc\n"),
        ("for x in 1 2 3; do [ $x = 2 ] && continue; echo $x; done", 0, "1\n3\n"),
        ("printf 'a b\\nc d\\n' | while read -r first rest; do echo $rest-$first; done", 0, "b-a\nd-c\n"),
        ("set -e; false; echo never", 1, ""),
        ("set -e; f() { false; echo on; }; f || echo off", 0, "on\n"),
        ("set -eu; echo $nothing", 2, ""),
        ("x='a  b'; echo $x \"$x\"", 0, "a b a  b\n"),
        ('f() { for each in "$@"; do echo "<$each>"; done; }; f \'a b\' c; f', 0, "<a b>\n<c>\n"),
        ("case wan0 in lan*) echo no ;; w*|x) echo yes ;; esac", 0, "yes\n"),
        ("echo one >/etc/x; echo two >>/etc/x; cat </etc/x; rm /etc/x; [ -e /etc/x ]", 1, "one\ntwo\n"),
        ("a=${b:-c}; echo $a ${a:+d} ${a%?}e", 0, "c d e\n"),
        ("(exit 3); echo $?; exit 4", 4, "3\n"),
        ("echo $(echo inner | tr n N)", 0, "iNNer\n"),
    ],
)
def test_the_shell(bench: Bench, script: str, code: int, output: str) -> None:
    answer = bench.session.run(script)
    assert (answer.code, answer.output.decode()) == (code, output)


def test_what_it_does_not_know_is_not_found(bench: Bench) -> None:
    answer = bench.session.run("apt-get update")
    assert (answer.code, answer.complaints) == (127, "sh: 1: apt-get: not found\n")
    assert bench.session.run("echo 'open").code == 2
    assert bench.session.run("cat /etc/shadow").code == 1


def test_bootstrap_installs_and_finds_nothing_to_do_again(bench: Bench) -> None:
    assert bootstrap(bench.session, serial="LX0101", host_key="").reason
    facts = bench.cpe.facts()
    assert (facts.serial, facts.helper) == ("LX0101", helper.shipped_digest())
    assert facts.addresses["wan0"][0] == "100.64.1.1/16"
    with pytest.raises(DeviceRefused, match="this is router LX0101, not LX0102"):
        bootstrap(bench.session, serial="LX0102", host_key="")


def test_a_helper_that_somebody_changed_is_refused(bench: Bench) -> None:
    bench.session.run(f"echo '# mine' >>{helper.PATH}")
    with pytest.raises(DeviceRefused, match="missing, or not the one of this version"):
        bench.status()
    assert bootstrap(bench.session, serial="LX0101", host_key="").done == ("helper replaced",)


def test_a_change_that_is_confirmed(bench: Bench) -> None:
    bench.apply(A)
    assert not bench.status().settled
    bench.around.passes(1)
    status = bench.status()
    assert (status.settled, status.pending, status.live) == (True, digest(A), digest(A))
    assert status.deadline == bench.around.time.replace(microsecond=0) + timedelta(seconds=59)
    bench.cpe.confirm(digest(A))
    bench.cpe.confirm(digest(A))
    bench.around.passes(1000)
    status = bench.status()
    assert (status.pending, status.confirmed, status.live, status.outcome) == ("", digest(A), digest(A), "confirmed")
    assert dict(bench.cpe.fetch().documents) == A
    assert "10.255.7.1/32" in bench.cpe.facts().addresses["lo"]


def test_a_change_that_nobody_confirms_goes_back(bench: Bench) -> None:
    bench.put(A)
    bench.apply(B)
    bench.around.passes(59)
    assert bench.status().live == digest(B)
    bench.around.passes(2)
    status = bench.status()
    assert (status.pending, status.live, status.outcome) == ("", digest(A), "went back: not confirmed within 60 s")
    assert dict(bench.cpe.fetch().documents) == A
    with pytest.raises(DeviceRefused, match="pending is nothing"):
        bench.cpe.confirm(digest(B))


def test_abandoned_it_is_factory_new_again(bench: Bench) -> None:
    before = bench.status().live
    bench.apply(A)
    bench.around.passes(1)
    assert "br-lan" in bench.cpe.facts().addresses
    bench.cpe.abandon()
    bench.cpe.abandon()
    assert bench.status().live == before
    assert set(bench.cpe.facts().addresses) == {"wan0"}
    assert not bench.router.rules.tables


def test_a_loss_of_power(bench: Bench) -> None:
    bench.put(A)
    bench.apply(B)
    bench.around.passes(1)
    bench.lost_power()
    status = bench.status()
    assert (status.pending, status.live) == ("", digest(A))
    assert status.outcome == "went back: the router restarted before it was confirmed"
    assert bench.router.rules.tables and "10.255.7.1/32" in bench.cpe.facts().addresses["lo"]
    bench.put(B)
    bench.lost_power()
    assert bench.status().live == digest(B)


def test_a_checker_refuses_in_its_words(bench: Bench) -> None:
    bench.put(A)
    with pytest.raises(DeviceRefused, match=r"nftables.conf: refused: .*unexpected"):
        bench.apply({**B, "nftables.conf": "table inet x { chain y { bogus } }\n"})
    assert bench.status().live == digest(A)


def test_a_document_that_cannot_be_put_in_force(bench: Bench) -> None:
    bench.put(A)
    bench.apply({**B, "network.sh": "#!/bin/sh\necho no way >&2\nexit 3\n"})
    bench.around.passes(1)
    status = bench.status()
    assert (status.pending, status.live) == ("", digest(A))
    assert status.outcome.startswith("went back: network.sh: no way")


def test_a_fault_makes_a_checker_refuse_a_line(bench: Bench) -> None:
    bench.around.faults = Faults(reject=("hostname cpe",))
    with pytest.raises(DeviceRefused, match=r"frr.conf: line 2: rejected: hostname cpe"):
        bench.apply(A)


def test_a_full_disk(bench: Bench) -> None:
    bench.put(A)
    bench.around.faults = Faults(disk_full=True)
    with pytest.raises(DeviceRefused, match="no room"):
        bench.apply(B)
    assert bench.status().live == digest(A)
    bench.around.faults = Faults()
    bench.apply(B)
    bench.around.passes(1)
    bench.around.faults = Faults(disk_full=True)
    bench.around.passes(100)
    assert bench.status().live == digest(A)


def test_somebody_else_changed_it(bench: Bench) -> None:
    bench.put(A)
    with pytest.raises(DeviceMoved):
        bench.apply(B, base="0" * 64)
    bench.apply(B)
    with pytest.raises(DeviceRefused, match="another set is pending"):
        bench.apply(A, base=digest(A))
    bench.apply(B, base=digest(A))
    bench.session.run(helper.guarded("stage"), given=archive(A))
    bench.cpe.abandon()
    answer = bench.session.run(helper.guarded(f"apply 60 {digest(A)} {digest(B)}"))
    assert answer.code == helper.Code.BUSY


def test_what_is_no_document_of_ours(bench: Bench) -> None:
    answer = bench.session.run(helper.guarded("stage"), given=archive({"passwd": "root::0:0::/:/bin/sh\n"}))
    assert answer.code == 1 and b"passwd" in answer.output
    assert bench.session.run(helper.guarded("stage"), given=b"no archive").code == helper.Code.NO_ROOM
    assert bench.session.run(helper.guarded("dance")).code == 1


def test_nothing_of_the_real_machine_is_touched(bench: Bench, tmp_path: Path) -> None:
    bench.session.run(f"echo x >{tmp_path}/x; mkdir -p {tmp_path}/y; rm -rf {tmp_path}")
    assert tmp_path.exists() and not list(tmp_path.iterdir())
