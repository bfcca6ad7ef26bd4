"""`proviso device` for routers with IOS-XE: the real command, by the simulator's SOCKS proxy."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from simulated_lines import Simulated, plan_of, simulated, user_key
from test_iosxe_device_simulated import change
from worlds import ROOT, Command

from provisioning.devices.cisco_iosxe import CiscoIosxe
from provisioning.devices.host_keys import known_hosts_for, scan_host_key
from provisioning.devices.iosxe_connection import open_command_line
from provisioning.model.proxy import parse_proxy
from provisioning.stands.simulator import cisco_iosxe
from provisioning.stands.simulator.host_keys import HostKeys
from provisioning.stands.simulator.world import serial_of_iosxe

SERIAL, FRESH = serial_of_iosxe(2), serial_of_iosxe(3)
CISCO = ("--platform", "cisco_iosxe")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("cisco"), cpes=1) as up:
        plan = replace(plan_of(1, user_key(up.folder).convert_to_public()), iosxe=2)
        up.do(lambda: cisco_iosxe.build(up.world, plan, HostKeys(up.folder / "keys")))
        assert up.proviso("device", "bootstrap", SERIAL, *CISCO, environment=up.environment).code == 0
        yield up


def test_bootstrap_makes_it_ready_once(world: Simulated) -> None:
    first = world.proviso("device", "bootstrap", FRESH, *CISCO, "--json", environment=world.environment)
    assert first.code == 0, first.stderr
    assert first.json["serial"] == FRESH
    assert first.json["done"]
    again = world.proviso("device", "bootstrap", FRESH, *CISCO, environment=world.environment)
    assert "nothing to do, because" in again.stdout


def test_a_file_goes_through_the_proxy_too(world: Simulated) -> None:
    proxy = parse_proxy(world.proxy)
    with (
        known_hosts_for(SERIAL, scan_host_key(SERIAL, proxy=proxy)) as known,
        closing(
            open_command_line(SERIAL, user="root", key_file=world.folder / "key", known_hosts=known, proxy=proxy)
        ) as driver,
    ):
        router = CiscoIosxe(driver, SERIAL)
        wanted = change(router)
        router.apply(wanted, seconds=60)
        assert router.status().pending == wanted.wanted
        router.abandon()
        assert router.status().live == wanted.base


def test_facts(world: Simulated) -> None:
    told = world.proviso("device", "facts", SERIAL, *CISCO, "--json", environment=world.environment)
    assert told.code == 0, told.stderr
    assert told.json["facts"]["versions"] == {"ios-xe": "17.9.4a"}
    assert told.json["status"]["settled"]
    shown = world.proviso("device", "facts", SERIAL, *CISCO, environment=world.environment)
    assert "helper" not in shown.stdout


@pytest.mark.parametrize(
    ("command", "serial", "platform"),
    [
        ("facts", SERIAL, ()),
        ("facts", SERIAL, ("--platform", "linux_cpe")),
        ("bootstrap", SERIAL, ("--platform", "linux_cpe")),
        ("facts", "LX0101", CISCO),
        ("bootstrap", "LX0101", CISCO),
    ],
)
def test_another_platform_is_told(world: Simulated, command: str, serial: str, platform: tuple[str, ...]) -> None:
    wrong = world.proviso("device", command, serial, *platform, environment=world.environment)
    assert wrong.code == 3
    taken = platform[-1] if platform else "linux_cpe"
    assert f"Is it of the platform {taken}? `--platform` names another." in wrong.stderr


def test_a_platform_that_there_is_not_is_told(world: Simulated) -> None:
    unknown = world.proviso("device", "facts", SERIAL, "--platform", "nonsense", environment=world.environment)
    assert unknown.code == 2
    assert "linux_cpe, cisco_iosxe" in unknown.stderr


def test_a_plan_shows_the_ends_of_hundreds_of_commands_and_all_of_them_as_json(proviso: Command) -> None:
    order = ROOT / "examples" / "orders" / "internet-pro-plus-cisco.yaml"
    shown, told = proviso("order", "plan", order), proviso("order", "plan", order, "--json")
    assert (shown.code, told.code) == (0, 0), shown.stderr + told.stderr
    commands = told.json["change"]["commands"]
    assert len(commands) > 500
    assert f"… {len(commands) - 8} more, which --json has …" in shown.stdout
    assert commands[0] in shown.stdout
    assert commands[-1] in shown.stdout
    assert "<secret>" in told.stdout
