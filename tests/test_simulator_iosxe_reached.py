"""The simulated IOS-XE router in its network: reached as its configuration lets it be, read by SNMP, with faults."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import asyncssh
import pytest
from iosxe_routers import SERIAL, Bench, Terminal, bench
from labs import eventually
from python_socks import ProxyError

from provisioning.model.checks.devices import ManagementCheck
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.proxy import Proxy
from provisioning.model.secret import Secret
from provisioning.model.verdict import Viewpoint, Weight
from provisioning.stands.simulator import socks
from provisioning.stands.simulator.cisco_iosxe.router import IosRouter
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.network import network_of
from provisioning.vantages.management import read_management

WAN = "100.64.1.21"
SHUT = (
    "ip access-list extended NOBODY\n 10 deny ip any any\ninterface GigabitEthernet0/0/0\n ip access-group NOBODY in\n"
)
WATCHED = (
    "snmp-server group watchers v3 priv\n"
    "snmp-server user watcher watchers v3 auth sha one-two-three priv aes 128 four-five-six\n"
)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[tuple[Bench, Proxy]]:
    """A router in the operator's network, and the way in."""
    with bench(tmp_path, networked=True) as made:
        server = made.simulated.wait(socks.serve(made.simulated.world, made.simulated.servers, "user", "word"))
        try:
            yield made, Proxy("127.0.0.1", server.sockets[0].getsockname()[1], "user", Secret("word"))
        finally:
            made.simulated.do(server.close)


class TestReached:
    def test_a_change_that_shuts_the_way_in_loses_the_connection_and_goes_back(
        self, proxy: tuple[Bench, Proxy]
    ) -> None:
        made, way = proxy
        made.put("shut.txt", SHUT + "end\n")
        with Terminal(made, through=(way, WAN)) as terminal:
            terminal.say("configure terminal revert timer 2")
            terminal.say("end")
            with pytest.raises(EOFError):
                terminal.say("copy bootflash:shut.txt running-config")
        assert "ip access-group NOBODY in" in made.text()
        with pytest.raises(ProxyError), Terminal(made, through=(way, WAN)):
            pass
        made.clock.passes(121)
        with Terminal(made, through=(way, SERIAL)) as again:
            assert "No Rollback" in again.say("show archive config rollback timer")
        assert "ip access-group NOBODY in" not in made.text()

    def test_with_the_new_model_a_level_must_be_authorized(self, made: Bench) -> None:
        made.configure("aaa new-model\naaa authentication login default local\n")
        with Terminal(made) as terminal:
            assert terminal.say("show privilege") == "Current privilege level is 1\nRouter>"
            assert "Invalid input" in terminal.say("show running-config")
            assert terminal.say("enable") == "% No password set\nRouter>"
        assert made.run("scp -t bootflash:/x") == "Privilege denied.\n"
        made.configure("aaa authorization exec default local\n")
        with Terminal(made) as terminal:
            assert "level is 15" in terminal.say("show privilege")

    def test_it_is_read_by_snmp(self, proxy: tuple[Bench, Proxy]) -> None:
        made, way = proxy
        made.configure(WATCHED)
        check = ManagementCheck(
            id="management",
            subject="",
            viewpoint=Viewpoint.MANAGEMENT,
            weight=Weight.GATE,
            facts=(),
            address=IPv4Address(WAN),
            user="watcher",
            name="Router",
            interface="GigabitEthernet0/0/0",
        )
        secrets = LineSecrets(Secret(""), Secret("one-two-three"), Secret("four-five-six"))
        assert read_management(check, secrets, way) == {"name": "Router", "status": 1}
        assert "error" in read_management(check, replace(secrets, snmp_privacy=Secret("another-one")), way)
        made.configure("no snmp-server group watchers v3 priv\n")
        assert "error" in read_management(check, secrets, way)


class TestFaults:
    def test_nobody_gets_in(self, made: Bench) -> None:
        made.fault(Faults(refuse_login=True))
        with pytest.raises(asyncssh.PermissionDenied), Terminal(made):
            pass

    def test_a_line_is_refused_wherever_it_comes_from(self, made: Bench) -> None:
        made.fault(Faults(reject=("description", "show inventory")))
        made.put("merge.txt", "interface Loopback7\n description here\n ip address 10.1.1.1 255.255.255.255\nend\n")
        with Terminal(made) as terminal:
            assert terminal.say("show inventory").startswith(f"{' ' * 7}^\n% Invalid input")
            assert "% Invalid input" in terminal.say("copy bootflash:merge.txt running-config")
            terminal.all("configure terminal\ninterface Loopback7\n")
            assert terminal.say("description here").startswith(f"{' ' * 18}^\n% Invalid input")
        assert "interface Loopback7\n ip address 10.1.1.1 255.255.255.255\n" in made.text()

    def test_a_full_disk_takes_nothing(self, made: Bench) -> None:
        made.fault(Faults(disk_full=True))
        with Terminal(made) as terminal:
            full = "(No space left on device)"
            assert full in terminal.say("copy running-config bootflash:x")
            assert full in terminal.say("archive config")
            assert full in terminal.say("configure terminal revert timer 2")
            assert "startup-config file open failed" in terminal.say("write memory")
            assert "(0 bytes free)" in terminal.say("dir")
        import scp

        full_of = pytest.raises(scp.SCPException, match="No space left on device")
        with made.paramiko() as client, scp.SCPClient(client.get_transport()) as copy, full_of:
            copy.put(str(made.key), "bootflash:/x")

    def test_a_connection_ends_in_place_of_an_answer(self, made: Bench) -> None:
        made.fault(Faults(drop_after=3))
        with Terminal(made) as terminal:
            terminal.say("configure terminal")
            terminal.say("interface Loopback7")
            with pytest.raises(EOFError):
                terminal.say("description here")
        assert eventually(lambda: "description here" in made.text())

    def test_an_answer_is_cut(self, made: Bench) -> None:
        made.fault(Faults(truncate=40))
        with Terminal(made) as terminal, pytest.raises(EOFError) as raised:
            terminal.say("show version")
        assert "Cisco IOS XE Software" in str(raised.value) and "RELEASE" not in str(raised.value)

    def test_what_hangs_does_nothing(self, made: Bench) -> None:
        made.fault(Faults(hang=True))
        with Terminal(made) as terminal:
            terminal.send("write erase\n")
            with pytest.raises((TimeoutError, asyncio.TimeoutError)):
                terminal.until(r"\nRouter#$", seconds=0.5)
        assert made.simulated.do(lambda: made.router.device.startup) is not None


def test_it_is_a_router_of_the_network(proxy: tuple[Bench, Proxy]) -> None:
    made, _ = proxy
    network = network_of(made.simulated.world)
    assert isinstance(network.routers[SERIAL], IosRouter)
    assert made.simulated.do(lambda: network.find(WAN)) is made.router
