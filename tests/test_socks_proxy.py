"""Machines that are reached through a SOCKS proxy: the simulator's, which is a real one."""

import gc
import json
import socket
import subprocess
import threading
import time
import types
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from simulated_lines import PASSWORD, USER, Simulated, simulated

from provisioning.devices.connecting import open_session
from provisioning.devices.dial import dial
from provisioning.devices.host_keys import scan_host_key
from provisioning.errors import DeviceUnreachable, ProxyTrouble
from provisioning.model.checks.devices import ManagementCheck
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.proxy import Proxy, parse_proxy
from provisioning.model.secret import Secret
from provisioning.model.verdict import Viewpoint, Weight
from provisioning.stands.simulator.usm import localized_key
from provisioning.vantages import snmp_engines
from provisioning.vantages.management import read_management


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("socks"), cpes=2) as up:
        yield up


@pytest.fixture
def proxy(world: Simulated) -> Proxy:
    return parse_proxy(world.proxy)


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_proxy_is_read() -> None:
    found = parse_proxy("socks5://user:p%40ss@[::1]:1080")
    assert (found.host, found.port, found.user) == ("::1", 1080, "user")
    assert found.password is not None and found.password.reveal() == "p@ss"
    assert str(found) == "socks5://user:<secret>@[::1]:1080"
    assert str(parse_proxy("socks5://bastion:1080")) == "socks5://bastion:1080"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://canary:canary@proxy:1080",
        "socks5://canary:canary@proxy",
        "socks5://canary@proxy:1080",
        "socks5://canary:canary@proxy:99999",
        "socks5://canary:canary@:1080",
        "socks5://canary:canäry@proxy:1080",
        "socks5://[canary:1080",
        "socks5://canary:canary@proxy:1080/path",
    ],
)
def test_what_is_no_proxy_is_told_without_its_text(text: str, world: Simulated) -> None:
    with pytest.raises(ValueError) as raised:
        parse_proxy(text)
    assert "canary" not in str(raised.value)
    if text:
        answer = world.proviso("settings", environment={"PROVISO_SOCKS_PROXY": text})
        assert answer.code == 2
        assert "PROVISO_SOCKS_PROXY" in answer.stderr and "canary" not in answer.stdout + answer.stderr


def test_settings_do_not_show_the_password(world: Simulated) -> None:
    for more in ((), ("--json",)):
        answer = world.proviso("settings", *more, environment=world.environment)
        assert answer.code == 0, answer.stderr
        assert PASSWORD not in answer.stdout.replace("\n", "").replace(" ", "")
    shown = {each["name"]: each["value"] for each in json.loads(answer.stdout)["settings"]}
    assert shown["socks_proxy"] == f"socks5://{USER}:<secret>@127.0.0.1:{world.port}"


def test_a_machine_is_reached_by_a_name_that_only_the_proxy_knows(world: Simulated, proxy: Proxy) -> None:
    key = scan_host_key("LX0101", proxy=proxy)
    assert key.split() == world.router().host_key.export_public_key().decode().split()[:2]
    with closing(dial("LX0101", 22, 5, proxy)) as connection:
        assert connection.recv(8).startswith(b"SSH-2.0-")


def test_a_session_runs_commands_through_it(world: Simulated, proxy: Proxy) -> None:
    key, known = world.folder / "key", world.folder / "known_hosts"
    session = open_session("LX0101", user="root", proxy=proxy, key_file=key, known_hosts=known)
    try:
        assert session.run("cat /etc/device-serial").output == b"LX0101\n"
        assert session.run("cat", given=bytes(range(256)) * 4000).output == bytes(range(256)) * 4000
        assert session.run("frobnicate").code == 127
    finally:
        session.close()


def test_troubles_are_told_apart(proxy: Proxy) -> None:
    with pytest.raises(ProxyTrouble, match="does not let us in"):
        dial("LX0101", 22, 5, Proxy(proxy.host, proxy.port, USER, Secret("wrong")))
    with pytest.raises(ProxyTrouble, match="does not let us in"):
        dial("LX0101", 22, 5, Proxy(proxy.host, proxy.port))
    with pytest.raises(ProxyTrouble, match="cannot be used: connection refused"):
        dial("LX0101", 22, 5, Proxy("127.0.0.1", unused_port(), USER, proxy.password))
    for host, said in (("LX9999", "no route to host"), ("10.255.3.3", "no route to host")):
        with pytest.raises(DeviceUnreachable, match=said) as raised:
            dial(host, 22, 5, proxy)
        assert type(raised.value) is DeviceUnreachable
        assert raised.value.where == host
    with pytest.raises(DeviceUnreachable, match="connection refused"):
        dial("LX0101", 80, 5, proxy)
    with pytest.raises(DeviceUnreachable, match="connection refused"):
        dial("127.0.0.1", unused_port(), 5)


def test_something_that_is_no_proxy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        with pytest.raises(ProxyTrouble):
            dial("LX0101", 22, 5, Proxy("127.0.0.1", server.getsockname()[1]))
        thread.join(5)


def test_a_proxy_that_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        with pytest.raises(DeviceUnreachable, match="no answer within 1 s"):
            dial("LX0101", 22, 1, Proxy("127.0.0.1", server.getsockname()[1]))
        assert time.monotonic() - began < 5


def test_it_listens_on_the_loopback_only(world: Simulated) -> None:
    addresses = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    for each in (one for one in addresses if ":" not in one):
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((each, world.port)) != 0


CHECK = ManagementCheck(
    id="management",
    subject="",
    viewpoint=Viewpoint.MANAGEMENT,
    weight=Weight.GATE,
    facts=(),
    address=IPv4Address("100.64.1.1"),
    user="proviso",
    name="L-9",
    interface="wan0",
)
SNMPD = b"""\
agentAddress udp:100.64.1.1:161
createUser "proviso" SHA "one two three" AES "four five six"
rouser "proviso" authpriv
sysName L-9
"""
SECRETS = LineSecrets(Secret(""), Secret("one two three"), Secret("four five six"))


OTHER_CHECK = replace(CHECK, address=IPv4Address("100.64.1.2"), name="L-10")
OTHER_SNMPD = SNMPD.replace(b"100.64.1.1", b"100.64.1.2").replace(b"four five six", b"ten eleven twelve")
OTHER_SECRETS = replace(SECRETS, snmp_privacy=Secret("ten eleven twelve"))


@pytest.fixture
def managed(world: Simulated) -> Simulated:
    def put() -> None:
        for number, document in ((1, SNMPD), (2, OTHER_SNMPD.replace(b"L-9", b"L-10"))):
            router = world.router(number)
            router.tree.make_folder("/etc/snmp")
            router.tree.write("/etc/snmp/snmpd.conf", document)
            router.load("snmpd.conf", document)

    world.do(put)
    return world


def test_snmp_passes_through_it(managed: Simulated, proxy: Proxy) -> None:
    assert read_management(CHECK, SECRETS, proxy) == {"name": "L-9", "status": 1}


def test_snmp_with_wrong_keys_is_told(managed: Simulated, proxy: Proxy) -> None:
    wrong = LineSecrets(Secret(""), Secret("another one"), Secret("four five six"))
    assert "igest" in str(read_management(CHECK, wrong, proxy)["error"])
    assert "error" in read_management(CHECK, SECRETS, Proxy(proxy.host, proxy.port, USER, Secret("wrong")))
    assert "error" in read_management(CHECK, SECRETS, Proxy("127.0.0.1", unused_port(), USER, proxy.password))


def test_one_engine_reads_many_routers_and_forgets_each(managed: Simulated, proxy: Proxy) -> None:
    for _ in range(3):
        assert read_management(CHECK, SECRETS, proxy) == {"name": "L-9", "status": 1}
        assert read_management(OTHER_CHECK, OTHER_SECRETS, proxy) == {"name": "L-10", "status": 1}
        assert "error" in read_management(CHECK, OTHER_SECRETS, proxy)
    (idle,) = snmp_engines._idle
    for phrase in ("one two three", "four five six", "ten eleven twelve"):
        engines = (f"LX{each}".encode() for each in ("0101", "0102"))
        keys = [localized_key(phrase, b"\x80\x00\x1f\x88\x04" + name) for name in engines]
        assert not [text for text in texts(idle) if phrase.encode() in text or any(key[:16] in text for key in keys)]
    assert not [text for text in texts(idle) if b"100.64.1." in text]


def texts(engine: object) -> Iterator[bytes]:
    """Yield every text that an object leads to, by whatever way that passes no code."""
    seen: set[int] = set()
    left = [engine]
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, type | types.ModuleType | types.FunctionType):
            continue
        seen.add(id(each))
        if isinstance(each, str | bytes):
            yield each.encode() if isinstance(each, str) else each
        left += gc.get_referents(each)
