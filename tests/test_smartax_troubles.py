"""The driver of OLTs in trouble: no way in, no answer, refusals, lost connections, and no password in any log."""

import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from simulators import OLT, PASSWORD, USER, simulated
from smartax_stands import NEW, SCOPE, Stand, stand_on

from provisioning.devices.smartax import open_smartax
from provisioning.errors import (
    AnswerNotUnderstood,
    AuthenticationRefused,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnreachable,
    HostKeyDiffers,
    UnreadableProject,
)
from provisioning.model.secret import Secret
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.stands.simulator.faults import FaultKind


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
