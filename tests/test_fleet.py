"""Fetching from a fleet: the documents of a session each, every trouble told, nobody held up by another."""

import asyncio
import gc
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from simulated_lines import Simulated, simulated

from provisioning.devices.host_keys import scan_host_key
from provisioning.devices.open_router import bootstrap_router, open_router
from provisioning.devices.reach import Access
from provisioning.errors import UnreadableProject
from provisioning.fleet import one_router
from provisioning.fleet.cisco_iosxe import Conversation
from provisioning.fleet.fetch import fetch_fleet
from provisioning.fleet.target import Target
from provisioning.model.backup import Fetched, Missed
from provisioning.model.proxy import parse_proxy
from provisioning.stands.simulator.faults import Faults

LINUX, CISCO = "LX0101", "FGL26000102"
PLATFORMS = {LINUX: "linux_cpe", CISCO: "cisco_iosxe"}


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("fleet"), cpes=1, iosxe=1) as world:
        for serial, platform in PLATFORMS.items():
            key = scan_host_key(serial, proxy=parse_proxy(world.proxy))
            bootstrap_router(platform, serial, access_of(world), serial=serial, host_key=key)
        yield world


@pytest.fixture
def world(up: Simulated, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulated]:
    monkeypatch.setattr(one_router, "PAUSE_SECONDS", 0.01)
    yield up
    up.do(up.world.faults.clear)


def access_of(world: Simulated) -> Access:
    return Access(world.folder / "key", world.folder / "known_hosts", 5.0, parse_proxy(world.proxy))


def target(serial: str, **changed: object) -> Target:
    made = Target(f"L-{serial[-1]}", serial, PLATFORMS.get(serial, "cisco_iosxe"), None, serial, None)
    return replace(made, **changed)  # type: ignore[arg-type]


def fault(world: Simulated, serial: str, **faults: object) -> None:
    world.do(lambda: world.world.faults.update({serial: Faults(**faults)}))  # type: ignore[arg-type]


def all_of(world: Simulated, *targets: Target, seconds: float = 60.0) -> list[Fetched | Missed]:
    return list(fetch_fleet(targets, access_of(world), at_once=10, seconds=seconds))


def only(world: Simulated, one: Target, seconds: float = 60.0) -> Fetched | Missed:
    (found,) = all_of(world, one, seconds=seconds)
    return found


def missed(world: Simulated, one: Target, seconds: float = 60.0) -> Missed:
    found = only(world, one, seconds)
    assert isinstance(found, Missed)
    return found


# --- what is fetched -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("serial", PLATFORMS)
def test_documents_are_those_of_a_session(world: Simulated, serial: str) -> None:
    device = open_router(
        PLATFORMS[serial], serial, access_of(world), management=None, staging=serial, host_key=None
    ).device
    running = device.fetch()
    device.close()
    found = only(world, target(serial))
    assert isinstance(found, Fetched)
    assert found.documents == running.documents and any(running.documents.values())
    assert (found.line, found.serial, found.platform) == (f"L-{serial[-1]}", serial, PLATFORMS[serial])
    assert 0 < found.seconds < 60 and found.slow_key_exchange == ""
    assert "secret" not in repr(found) and "interface" not in repr(found)


def test_many_more_than_are_spoken_to_at_once(world: Simulated) -> None:
    targets = [target(serial) for _ in range(40) for serial in PLATFORMS]
    found = all_of(world, *targets)
    assert len(found) == 80 and all(isinstance(each, Fetched) for each in found), found


def test_nothing_is_fetched_of_nothing(world: Simulated) -> None:
    assert all_of(world) == []


def test_a_banner_that_looks_like_a_prompt_is_none(world: Simulated) -> None:
    before = world.do(lambda: world.cisco(2).device.text)
    try:
        world.do(lambda: world.cisco(2).device.merge("banner motd ^\nWelcome#\nHelp#\n^\nend\n", "test"))
        found = only(world, target(CISCO))
        assert isinstance(found, Fetched)
        assert "Welcome#" in found.documents["running-config"]
    finally:
        world.do(lambda: world.cisco(2).device.merge("no banner motd\nend\n", "test"))
        assert world.do(lambda: world.cisco(2).device.text).splitlines()[-1] == before.splitlines()[-1]


# --- which way -----------------------------------------------------------------------------------------------------


def test_the_management_address_comes_first_and_the_staging_name_after_it(world: Simulated) -> None:
    key = scan_host_key(CISCO, proxy=parse_proxy(world.proxy))
    assert isinstance(only(world, target(CISCO, management="10.255.9.9", host_key=key)), Fetched)
    assert isinstance(only(world, target(CISCO, management=CISCO, staging="nowhere", host_key=key)), Fetched)
    both = missed(world, target(CISCO, management="10.255.9.9", staging="nowhere", host_key=key))
    assert both.cause == "unreachable"
    assert "management 10.255.9.9" in both.message and "staging nowhere" in both.message


def test_a_proxy_that_cannot_be_used_is_told(world: Simulated) -> None:
    access = access_of(world)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = replace(access, proxy=parse_proxy(f"socks5://127.0.0.1:{closed.getsockname()[1]}"))
        (found,) = fetch_fleet([target(CISCO)], dead, at_once=1)
    assert isinstance(found, Missed) and "proxy" in found.message


# --- troubles ------------------------------------------------------------------------------------------------------


def test_another_host_key_than_the_one_on_record_ends_it_at_once(world: Simulated) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    assert missed(world, target(CISCO, host_key=other)).cause == "host key"
    right = scan_host_key(CISCO, proxy=parse_proxy(world.proxy))
    assert isinstance(only(world, target(CISCO, host_key=right)), Fetched)
    damaged = missed(world, target(CISCO, host_key="ssh-ed25519 nonsense!"))
    assert damaged.cause == "input" and "nonsense" not in damaged.message


def test_a_router_whose_key_is_not_on_record_is_not_spoken_to(world: Simulated) -> None:
    access = replace(access_of(world), known_hosts=None)
    (found,) = fetch_fleet([target(CISCO)], access, at_once=1)
    assert isinstance(found, Missed) and "no host key" in found.message


@pytest.mark.parametrize("serial", PLATFORMS)
def test_who_lets_nobody_in_is_not_asked_again(world: Simulated, serial: str) -> None:
    fault(world, serial, refuse_login=True)
    found = missed(world, target(serial))
    assert found.cause == "authentication"


@pytest.mark.parametrize("serial", PLATFORMS)
def test_a_router_that_hangs_holds_up_nobody(world: Simulated, serial: str) -> None:
    fault(world, serial, hang=True)
    other = next(each for each in PLATFORMS if each != serial)
    began = time.monotonic()
    found = all_of(world, target(serial), target(other), seconds=1.5)
    assert time.monotonic() - began < 20
    assert [type(each) for each in found] == [Fetched, Missed]
    assert isinstance(found[1], Missed) and found[1].cause == "timeout"


@pytest.mark.parametrize("serial", PLATFORMS)
@pytest.mark.parametrize("faults", [{"truncate": 300}, {"drop_after": 1}, {"drop_after": 0}], ids=str)
def test_an_answer_that_is_cut_is_none(world: Simulated, serial: str, faults: dict[str, int]) -> None:
    fault(world, serial, **faults)
    found = missed(world, target(serial))
    assert found.cause in ("unreachable", "not understood")
    assert "username" not in found.message


def test_a_platform_that_nobody_knows_is_told(world: Simulated) -> None:
    assert "platform" in missed(world, target(CISCO, platform="frobnicator")).message


def test_without_a_key_nothing_begins(world: Simulated, tmp_path: Path) -> None:
    access = access_of(world)
    wrong = tmp_path / "wrong"
    wrong.write_text("no key")
    encrypted = tmp_path / "encrypted"
    encrypted.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key(passphrase="x"))
    for key in (None, tmp_path / "missing", wrong, encrypted):
        with pytest.raises(UnreadableProject):
            fetch_fleet([target(CISCO)], replace(access, key_file=key), at_once=1)


# --- tried again ---------------------------------------------------------------------------------------------------


@contextmanager
def listening(world: Simulated, *, drops: int, kex: str = "") -> Iterator[tuple[int, str]]:
    """Yield the port of the loopback on which the Cisco router is reached, and its host key.

    Args:
        drops: connections that are closed before the first byte.
        kex: the one key exchange that it offers; empty for the simulator's.
    """
    left = drops
    host = world.cisco(2)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)

    async def accept() -> None:
        nonlocal left
        loop = asyncio.get_running_loop()
        from provisioning.stands.simulator.ssh_server import Servers

        servers = Servers(world.world)
        options = servers._options_for(host)
        if kex:
            options.update(kex_algs=[kex])
        tasks = set()
        with listener:
            while True:
                connection, _ = await loop.sock_accept(listener)
                if left:
                    left -= 1
                    connection.close()
                    continue
                task = loop.create_task(servers.serve(connection, host))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    running = asyncio.run_coroutine_threadsafe(accept(), world.loop)
    try:
        yield listener.getsockname()[1], host.host_key.export_public_key().decode().strip()
    finally:
        running.cancel()


def test_a_connection_that_ends_before_the_banner_is_tried_again(world: Simulated) -> None:
    access = replace(access_of(world), proxy=None)
    with listening(world, drops=2) as (port, key):
        one = target(CISCO, staging="127.0.0.1", port=port, host_key=key)
        (found,) = fetch_fleet([one], access, at_once=1)
        assert isinstance(found, Fetched), found
    with listening(world, drops=3) as (port, key):
        one = target(CISCO, staging="127.0.0.1", port=port, host_key=key)
        (found,) = fetch_fleet([one], access, at_once=1)
        assert isinstance(found, Missed) and found.cause == "unreachable"


@pytest.mark.parametrize("kex", ["diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512"])
def test_a_router_with_slow_key_exchanges_only_is_named(world: Simulated, kex: str) -> None:
    access = replace(access_of(world), proxy=None)
    with listening(world, drops=0, kex=kex) as (port, key):
        (found,) = fetch_fleet([target(CISCO, staging="127.0.0.1", port=port, host_key=key)], access, at_once=1)
    assert isinstance(found, Fetched), found
    assert found.slow_key_exchange == kex


def test_a_key_exchange_that_nobody_offers_is_told(world: Simulated) -> None:
    access = replace(access_of(world), proxy=None)
    with listening(world, drops=0, kex="diffie-hellman-group1-sha1") as (port, key):
        (found,) = fetch_fleet([target(CISCO, staging="127.0.0.1", port=port, host_key=key)], access, at_once=1)
    assert isinstance(found, Missed) and found.cause == "unreachable"


# --- the end -------------------------------------------------------------------------------------------------------


def test_told_to_stop_it_ends_soon_and_leaves_no_thread(world: Simulated) -> None:
    fault(world, LINUX, hang=True)
    stop = threading.Event()
    results = fetch_fleet(
        [target(CISCO), target(LINUX), target(LINUX)], access_of(world), at_once=2, stop=stop, seconds=60
    )
    assert isinstance(next(results), Fetched)
    stop.set()
    began = time.monotonic()
    assert list(results) == []
    assert time.monotonic() - began < 5
    assert not [each for each in threading.enumerate() if each.name == "fleet"]


def test_a_connection_that_is_lost_while_nobody_waits_says_nothing_by_itself() -> None:
    said: list[dict[str, object]] = []

    async def lost() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
        conversation = Conversation("10.255.0.7")
        conversation.connection_lost(None)
        del conversation
        gc.collect()

    asyncio.run(lost())
    assert said == []


def test_whoever_takes_no_more_ends_it(world: Simulated) -> None:
    results = fetch_fleet([target(CISCO)] * 200, access_of(world), at_once=4)
    assert isinstance(next(results), Fetched)
    results.close()  # type: ignore[attr-defined]
    assert not [each for each in threading.enumerate() if each.name == "fleet"]
    assert world.do(lambda: world.world.connections(CISCO)) <= 4
