"""Sessions over SSH, on a real sshd."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import paramiko
import pytest
from sshds import SSHD, Sshd, make_key, sshd_up

from provisioning.devices.connecting import open_session
from provisioning.devices.session import SshSession
from provisioning.errors import (
    AuthenticationRefused,
    DeviceTimeout,
    DeviceUnreachable,
    HostKeyDiffers,
    UnreadableProject,
)

pytestmark = pytest.mark.skipif(SSHD is None, reason="sshd is not installed: openssh-server")


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with sshd_up(tmp_path_factory.mktemp("sshd")) as up:
        yield up


def _open(sshd: Sshd, **other: Path) -> SshSession:
    key_file, known = other.get("key_file", sshd.key_file), other.get("known_hosts", sshd.known_hosts)
    return open_session("127.0.0.1", port=sshd.port, user=sshd.user, seconds=10, key_file=key_file, known_hosts=known)


@pytest.fixture
def session(sshd: Sshd) -> Iterator[SshSession]:
    opened = _open(sshd)
    yield opened
    opened.close()
    opened.close()


def test_codes_and_bytes_are_exact(session: SshSession) -> None:
    answer = session.run("echo bad >&2; exit 42")
    assert (answer.code, answer.output, answer.complaints) == (42, b"", "bad\n")
    everything = bytes(range(256)) * 8192
    assert session.run("cat", given=everything).output == everything


DATA, EOF = 94, 96
"""Messages on a channel (RFC 4254, 9)."""


@pytest.mark.parametrize(("given", "late"), [(b"", EOF), (b"x" * 100_000, DATA)])
def test_a_command_that_ends_before_its_input_was_sent_costs_no_connection(
    session: SshSession, given: bytes, late: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = paramiko.Transport._send_user_message

    def dawdle(transport: paramiko.Transport, message: paramiko.Message) -> None:
        if message.asbytes()[0] == late and threading.current_thread() is not transport:
            time.sleep(0.2)  # the moment for which a busy machine keeps a thread waiting
        send(transport, message)

    monkeypatch.setattr(paramiko.Transport, "_send_user_message", dawdle)
    for _ in range(3):
        assert session.run("exit 7", given=given).code == 7


def test_input_that_nobody_reads_and_much_of_both_outputs(session: SshSession) -> None:
    assert session.run("true", given=b"x" * 5_000_000).code == 0
    much = session.run("head -c 4000000 /dev/zero; head -c 4000000 /dev/zero >&2")
    assert (len(much.output), len(much.complaints)) == (4_000_000, 4_000_000)


def test_a_command_that_takes_too_long(session: SshSession) -> None:
    began = time.monotonic()
    with pytest.raises(DeviceTimeout, match="no answer within 1 s"):
        session.run("sleep 30", seconds=1)
    assert time.monotonic() - began < 5
    assert session.run("echo again").output == b"again\n"


class _Mute(paramiko.ServerInterface):  # type: ignore[misc]  # paramiko has no types
    """Lets everybody in, and then says nothing to the first command."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def check_auth_none(self, username: str) -> int:
        return int(paramiko.AUTH_SUCCESSFUL)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)

    def check_channel_exec_request(self, channel: object, command: bytes) -> bool:
        self.over.wait(30)
        return False


def test_a_machine_that_falls_silent_as_it_is_asked_holds_nobody_up() -> None:
    """As a router does that takes the way to its old address away just then."""
    near, far = socket.socketpair()
    mute, server, client = _Mute(), paramiko.Transport(far), paramiko.Transport(near)
    server.add_server_key(paramiko.ECDSAKey.generate())
    server.start_server(server=mute, event=threading.Event())
    client.start_client(timeout=10)
    client.auth_none("root")
    connection: Any = SimpleNamespace(remote_conn_pre=SimpleNamespace(get_transport=lambda: client))
    began = time.monotonic()
    try:
        with pytest.raises(DeviceTimeout, match="no answer within 1 s"):
            SshSession(connection, "a router").run("status", seconds=1)
        assert time.monotonic() - began < 5
    finally:
        mute.over.set()
        client.close()
        server.close()


def test_a_lost_connection_is_told_with_its_reason(session: SshSession) -> None:
    with pytest.raises(DeviceUnreachable, match=r"the connection was lost: ."):
        session.run("kill -9 $PPID")
    with pytest.raises(DeviceUnreachable, match=r"the connection was lost: ."):
        session.run("true")


def test_a_command_that_is_killed_there_is_no_lost_connection(session: SshSession) -> None:
    with pytest.raises(DeviceUnreachable, match="the command was ended there, without an exit code"):
        session.run("kill -9 $$")
    assert session.run("echo again").output == b"again\n"


def test_a_connection_that_was_ended_here_says_so(sshd: Sshd) -> None:
    opened = _open(sshd)
    opened.close()
    with pytest.raises(DeviceUnreachable, match="the connection had ended before"):
        opened.run("true")


def test_another_host_key(sshd: Sshd, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other").split()
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{sshd.port} {other[0]} {other[1]}\n")
    with pytest.raises(HostKeyDiffers, match="not the one on record"):
        _open(sshd, known_hosts=known)


def test_no_host_key_on_record(sshd: Sshd, tmp_path: Path) -> None:
    known = tmp_path / "known_hosts"
    known.write_text("")
    with pytest.raises(HostKeyDiffers, match="no host key"):
        _open(sshd, known_hosts=known)


def test_a_key_that_is_not_let_in(sshd: Sshd, tmp_path: Path) -> None:
    make_key(tmp_path / "other")
    with pytest.raises(AuthenticationRefused, match="does not let us in with our key"):
        _open(sshd, key_file=tmp_path / "other")


def test_a_key_file_that_is_none(sshd: Sshd, tmp_path: Path) -> None:
    (tmp_path / "none").write_text("nothing\n")
    with pytest.raises(DeviceUnreachable):
        _open(sshd, key_file=tmp_path / "none")
    with pytest.raises(UnreadableProject, match="no such file"):
        _open(sshd, key_file=tmp_path / "missing")


def test_nobody_listens(sshd: Sshd, tmp_path: Path) -> None:
    known = tmp_path / "known_hosts"
    known.write_text(sshd.known_hosts.read_text().replace(f":{sshd.port}", ":9"))
    with pytest.raises(DeviceUnreachable, match="no connection: connection refused"):
        open_session("127.0.0.1", port=9, user="root", key_file=sshd.key_file, known_hosts=known, seconds=5)


def test_logs_do_not_show_what_passes(sshd: Sshd, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        session = _open(sshd)
        session.run("cat; echo canary-9172 >&2", given=b"canary-9172")
        session.close()
    assert "canary-9172" not in caplog.text


@contextmanager
def silent_after_one_answer(port: int) -> Iterator[tuple[int, threading.Event]]:
    """Yield a port that leads to another, and an event after which one more answer comes through, and then none."""
    last = threading.Event()

    def pass_on(source: socket.socket, target: socket.socket, *, answers: bool) -> None:
        heard = 0
        with suppress(OSError):
            while data := source.recv(65536):
                heard += answers and last.is_set()
                if heard < 2:
                    target.sendall(data)

    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(("127.0.0.1", port)) as there:

        def serve() -> None:
            here, _ = listener.accept()
            with here:
                back = threading.Thread(target=pass_on, args=(there, here), kwargs={"answers": True}, daemon=True)
                back.start()
                pass_on(here, there, answers=False)
                with suppress(OSError):
                    there.shutdown(socket.SHUT_RDWR)
                back.join()

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield listener.getsockname()[1], last
        serving.join(10)


def test_a_host_that_falls_silent_before_it_takes_a_command(sshd: Sshd, tmp_path: Path) -> None:
    with silent_after_one_answer(sshd.port) as (port, last):
        known = tmp_path / "known"
        known.write_text(sshd.known_hosts.read_text().replace(f":{sshd.port} ", f":{port} "))
        session = open_session(
            "127.0.0.1", port=port, user=sshd.user, seconds=10, key_file=sshd.key_file, known_hosts=known
        )
        assert session.run("echo here").output == b"here\n"
        last.set()
        began = time.monotonic()
        # Its channel is opened: that is the last answer, as a rule.
        with pytest.raises(DeviceUnreachable):
            session.run("true", seconds=1)
        assert time.monotonic() - began < 5
        session.close()


class Mute(paramiko.ServerInterface):  # type: ignore[misc]  # paramiko has no types
    """Lets everybody in, and answers nothing from then on."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return int(paramiko.AUTH_SUCCESSFUL)

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        self.over.wait(30)
        return int(paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED)


def test_a_host_that_falls_silent_once_we_are_logged_in(tmp_path: Path) -> None:
    make_key(tmp_path / "key")
    host_key = paramiko.Ed25519Key.from_private_key_file(str(tmp_path / "key"))
    mute, servers = Mute(), list[paramiko.Transport]()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        known = tmp_path / "known"
        known.write_text(f"[127.0.0.1]:{port} {host_key.get_name()} {host_key.get_base64()}\n")

        def serve() -> None:
            servers.append(paramiko.Transport(listener.accept()[0]))
            servers[0].add_server_key(host_key)
            servers[0].start_server(server=mute)

        threading.Thread(target=serve, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(DeviceUnreachable):
            open_session("127.0.0.1", port=port, user="root", seconds=1, key_file=tmp_path / "key", known_hosts=known)
        assert time.monotonic() - began < 8
        mute.over.set()
        servers[0].close()
