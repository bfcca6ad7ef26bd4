"""The driver of OLTs on the simulated OLT, over SSH: the circle, kills at each command, and every kind of trouble."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from labs import eventually
from simulators import OLT, PASSWORD, USER, Simulated, simulated

from provisioning.devices.smartax import SmartAx, open_smartax
from provisioning.errors import (
    AnswerNotUnderstood,
    AuthenticationRefused,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnreachable,
    HostKeyDiffers,
    ProvisoError,
    UnreadableProject,
)
from provisioning.model.olt import PortKind
from provisioning.model.ont import OntChange, OntScope, OntService
from provisioning.model.secret import Secret
from provisioning.platforms.huawei_smartax import names
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.stands.simulator.faults import FaultKind, changed

SCOPE = OntScope(OLT, "0/1/3", 5)
LINE = "L-1"
NEW = OntService(
    serial="HWTC00000101",
    line=LINE,
    line_profile=names.line_profile_name(PortKind.GPON, 10),
    service_profile=names.service_profile_name(10),
    down_table="proviso-350m",
    up_table="proviso-100m",
    vlan=100,
    service_port=True,
    user_vlan=10,
)
FASTER = replace(NEW, down_table="proviso-1000m", up_table="proviso-500m")
REPLACED = replace(NEW, serial="HWTC00000102")


@dataclass
class Stand:
    """A simulated OLT, and how it is reached."""

    world: Simulated
    known_hosts: Path

    def open(self, *, password: str = PASSWORD, seconds: float = 10.0) -> SmartAx:
        return open_smartax(
            "127.0.0.1",
            port=self.world.port(),
            user=USER,
            password=Secret(password),
            known_hosts=self.known_hosts,
            seconds=seconds,
            name=OLT,
        )

    @contextmanager
    def session(self) -> Iterator[SmartAx]:
        with closing(self.open()) as olt:
            yield olt

    @contextmanager
    def fault(self, kind: FaultKind, value: str | None = None) -> Iterator[None]:
        faults = self.world.world.faults
        was = faults.get(OLT)
        faults[OLT] = changed(self.world.world.faults_of(OLT), kind, value, clear=False)
        try:
            yield
        finally:
            if was is None:
                del faults[OLT]
            else:
                faults[OLT] = was

    def now(self) -> OntService | None:
        with self.session() as olt:
            return olt.fetch(SCOPE, None).service

    def reach(self, wanted: OntService | None) -> OntChange:
        with self.session() as olt:
            return reach(olt, wanted)


def reach(olt: SmartAx, wanted: OntService | None) -> OntChange:
    """Bring our ONT to what is wanted, from wherever it is."""
    change = plan_ont(olt.fetch(SCOPE, wanted), wanted, line=LINE)
    olt.run(change.commands)
    assert olt.fetch(SCOPE, None).service == wanted
    return change


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("olt")) as up:
        yield up


def stand_on(world: Simulated, folder: Path) -> Stand:
    key = world.olt.host_key.convert_to_public().export_public_key().decode().split()
    known_hosts = folder / "known_hosts"
    known_hosts.write_text(f"[127.0.0.1]:{world.port()} {key[0]} {key[1]}\n")
    return Stand(world, known_hosts)


@pytest.fixture
def stand(world: Simulated, tmp_path: Path) -> Iterator[Stand]:
    """The OLT, without our ONT before and after."""
    made = stand_on(world, tmp_path)
    yield made
    made.reach(None)


# --- the circle ----------------------------------------------------------------------------------------------------

STATES: dict[str, OntService | None] = {"none": None, "new": NEW, "faster": FASTER, "replaced": REPLACED}


@pytest.mark.parametrize("base", STATES)
@pytest.mark.parametrize("wanted", STATES)
def test_the_change_reaches_what_is_wanted_and_the_rollback_returns(stand: Stand, base: str, wanted: str) -> None:
    before, after = STATES[base], STATES[wanted]
    stand.reach(before)
    change = stand.reach(after)
    assert change.empty == (before == after)
    with stand.session() as olt:
        assert plan_ont(olt.fetch(SCOPE, after), after, line=LINE).empty
        olt.run(change.rollback)
        running = olt.fetch(SCOPE, before)
    assert (running.service, running.digest) == (before, change.base)


@pytest.mark.parametrize(
    ("base", "wanted"), [("none", "new"), ("new", "faster"), ("new", "replaced"), ("new", "none")]
)
def test_killed_at_each_command(tmp_path: Path, base: str, wanted: str) -> None:
    """Whoever dies after any command can go on or go back. Where something shared is made, the OLT is a fresh one."""
    before, after = STATES[base], STATES[wanted]
    done, length = 0, 1
    while done <= length:
        folder = tmp_path / str(done)
        folder.mkdir()
        with simulated(folder) as world:
            stand = stand_on(world, folder)
            stand.reach(before)
            while done <= length:
                length = _die(stand, after, done)
                with stand.session() as olt:
                    reach(olt, after)
                    reach(olt, before)
                done += 1
                if before is None:
                    break


def _die(stand: Stand, wanted: OntService | None, done: int) -> int:
    """End a session without a word after so many commands of a change; return how many it has."""
    dying = stand.open()
    change = plan_ont(dying.fetch(SCOPE, wanted), wanted, line=LINE)
    dying.run(change.commands[:done])
    dying._connection.paramiko_cleanup()
    return len(change.commands)


def test_an_ont_on_an_xgs_pon_board(stand: Stand) -> None:
    scope = replace(SCOPE, port="0/2/0")
    wanted = replace(
        NEW,
        line_profile=names.line_profile_name(PortKind.XGS_PON, 10),
        down_table="proviso-8500m",
        up_table="proviso-1500m",
    )
    with stand.session() as olt:
        change = plan_ont(olt.fetch(scope, wanted), wanted)
        olt.run(change.commands)
        assert olt.fetch(scope, wanted).service == wanted
        assert olt.find(wanted.serial) == (scope,)
        here = olt.fetch(SCOPE, NEW)
        assert here.elsewhere == (scope,)
        with pytest.raises(DeviceRefused, match="registered already at olt-brussels-1 0/2/0 ONT 5"):
            plan_ont(here, NEW)
        olt.run(change.rollback)
        assert olt.find(wanted.serial) == ()


def test_it_passes_at_the_rates_of_its_tables(stand: Stand) -> None:
    stand.reach(NEW)
    fibre = stand.world.world.fibre
    assert eventually(lambda: stand.world.do(lambda: NEW.serial in fibre.passing))
    passing = fibre.passing[NEW.serial]
    assert (passing.port, passing.down, passing.up) == ("0/1/3", 350.016, 100.032)
    with stand.session() as olt:
        assert olt.fetch(SCOPE, None).online


def test_onts_that_shine_and_are_not_registered(stand: Stand) -> None:
    with stand.session() as olt:
        assert "HWTC00000103" in olt.autofind("0/1/3")
        assert olt.autofind("0/9/9") == ()


def test_what_is_saved_survives_a_loss_of_power(stand: Stand) -> None:
    stand.reach(NEW)
    with stand.session() as olt:
        olt.save()
    stand.reach(FASTER)
    stand.world.do(lambda: stand.world.world.lose_power(OLT))
    assert eventually(lambda: _quietly(stand.now) == NEW)
    stand.reach(None)
    with stand.session() as olt:
        olt.save()


def _quietly(act: Callable[[], OntService | None]) -> OntService | None:
    with suppress(ProvisoError):
        return act()
    return None


def test_two_runs_that_need_the_same_tables(stand: Stand) -> None:
    """The second planned before the first had written."""
    wanted = replace(NEW, down_table="proviso-77m", up_table="proviso-7m")
    other = replace(wanted, serial="HWTC00000103", line="L-3")
    there = replace(SCOPE, ont_id=9)
    with stand.session() as one, stand.session() as two:
        first = plan_ont(one.fetch(SCOPE, wanted), wanted)
        second = plan_ont(two.fetch(there, other), other)
        one.run(first.commands)
        two.run(second.commands)
        assert two.fetch(there, other).service == other
        two.run(second.rollback)


def test_pages_that_are_held_up_and_long_lines(stand: Stand) -> None:
    """Where the OLT has no `scroll`, its pages stop at every screen."""
    with stand.fault(FaultKind.REJECT, "scroll"):
        assert stand.reach(NEW).commands
        assert stand.reach(FASTER).commands


# --- troubles ------------------------------------------------------------------------------------------------------


def test_it_does_not_let_us_in(stand: Stand) -> None:
    with pytest.raises(AuthenticationRefused, match=r"does not let us in with the password of `proviso`") as caught:
        stand.open(password="guessed")
    assert caught.value.where == OLT
    with stand.fault(FaultKind.REFUSE_LOGIN), pytest.raises(AuthenticationRefused):
        stand.open()


def test_nobody_is_there(stand: Stand, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port = nobody.getsockname()[1]
    known = tmp_path / "others"
    known.write_text(stand.known_hosts.read_text().replace(str(stand.world.port()), str(port)))
    with pytest.raises(DeviceUnreachable, match="refused") as caught:
        open_smartax("127.0.0.1", port=port, user=USER, password=Secret("x"), known_hosts=known, seconds=5)
    assert not isinstance(caught.value, AuthenticationRefused | DeviceTimeout)


def test_another_machine_in_its_place(stand: Stand) -> None:
    from asyncssh import generate_private_key

    other = generate_private_key("ssh-ed25519").export_public_key().decode().split()
    stand.known_hosts.write_text(f"[127.0.0.1]:{stand.world.port()} {other[0]} {other[1]}\n")
    with pytest.raises(HostKeyDiffers, match="not the one on record"):
        stand.open()
    stand.known_hosts.write_text("")
    with pytest.raises(HostKeyDiffers, match="no host key"):
        stand.open()
    with pytest.raises(UnreadableProject):
        Stand(stand.world, Path("/nowhere")).open()
    key = stand.world.olt.host_key.convert_to_public().export_public_key().decode().split()
    stand.known_hosts.write_text(f"[127.0.0.1]:{stand.world.port()} {key[0]} {key[1]}\n")


def test_a_rejected_line_is_told_with_the_devices_words(stand: Stand) -> None:
    with stand.session() as olt:
        change = plan_ont(olt.fetch(SCOPE, NEW), NEW)
        with (
            stand.fault(FaultKind.REJECT, "ont add"),
            pytest.raises(DeviceRefused, match=r"it refused `ont add 3 5 .*`: Failure: Does not support"),
        ):
            olt.run(change.commands)
        # The session is usable again, and what was added is there.
        running = olt.fetch(SCOPE, NEW)
        assert running.service is None
        assert "traffic-table proviso-350m" in running.shared
        with pytest.raises(DeviceRefused, match=r"`ont delete 3 5`: % "):
            olt.run(["ont delete 3 5"])
        with pytest.raises(DeviceRefused, match=r"`display ont info 0 7 0 1`"):
            olt.fetch(replace(SCOPE, port="0/7/0", ont_id=1), None)


def test_no_answer_in_time(stand: Stand) -> None:
    with stand.session() as olt:
        olt._seconds = 1.0
        began = time.monotonic()
        with stand.fault(FaultKind.HANG), pytest.raises(DeviceTimeout, match="`display ont info 0 1 3 5`"):
            olt.fetch(SCOPE, None)
        assert time.monotonic() - began < 5


def test_a_slow_one_loses_nothing(stand: Stand) -> None:
    stand.reach(NEW)
    with stand.session() as olt, stand.fault(FaultKind.SLOW, "0.3"):
        assert olt.fetch(SCOPE, None).service == NEW


def test_the_connection_is_lost(stand: Stand) -> None:
    with (
        stand.session() as olt,
        stand.fault(FaultKind.DROP_AFTER, "0"),
        pytest.raises(DeviceUnreachable, match="lost"),
    ):
        olt.fetch(SCOPE, None)
    with stand.session() as olt:
        change = plan_ont(olt.fetch(SCOPE, NEW), NEW)
    with stand.fault(FaultKind.DROP_AFTER, "8"), stand.session() as olt, pytest.raises(DeviceUnreachable):
        olt.run(change.commands)
    stand.reach(NEW)


@pytest.mark.parametrize("length", [0, 20, 100, 300, 700, 1500])
def test_a_cut_answer_is_never_an_empty_one(stand: Stand, length: int) -> None:
    stand.reach(NEW)
    with (
        stand.session() as olt,
        stand.fault(FaultKind.TRUNCATE, str(length)),
        pytest.raises((AnswerNotUnderstood, DeviceUnreachable)),
    ):
        olt.fetch(SCOPE, NEW)


def test_more_runs_than_the_olt_has_sessions(tmp_path: Path) -> None:
    """The eleventh waits until one of the ten ends."""
    with simulated(tmp_path) as world, ExitStack() as sessions:
        stand = stand_on(world, tmp_path)
        for _ in range(9):
            sessions.enter_context(stand.session())
        tenth = stand.open()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(stand.open)
            try:
                with pytest.raises(TimeoutError):
                    waiting.result(1)
            finally:
                tenth.close()
            with closing(waiting.result(30)) as olt:
                assert olt.fetch(SCOPE, None).service is None


def test_nothing_of_a_password_in_any_log(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        stand.reach(NEW)
        with suppress(AuthenticationRefused):
            stand.open(password="canary-of-mine")
    assert PASSWORD not in caplog.text
    assert "canary-of-mine" not in caplog.text


def test_connecting_again_is_quick(stand: Stand) -> None:
    with stand.session():
        pass
    began = time.monotonic()
    with stand.session():
        pass
    assert time.monotonic() - began < 2  # warm: 0.1 s where nothing else runs
