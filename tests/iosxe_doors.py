"""A router with IOS-XE that a stub plays, and the ways to it: fixtures of the tests of its driver."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from iosxe_stub import READY, Stub
from iosxe_stub_server import Served, served

from provisioning.devices.cisco_iosxe import CiscoIosxe
from provisioning.devices.iosxe_connection import IosxeDriver, open_command_line
from provisioning.model.change import Change
from provisioning.model.config import Config, Document, SecretDocument
from provisioning.model.secret import Secret
from provisioning.platforms.cisco_iosxe.digest import config_digest

BASE = ("hostname Router", *READY)
WANTED = (*BASE, "ntp server 192.0.2.7")
COPY = "copy bootflash:/merge_config.txt running-config"
SHOW = "show running-config"


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def up(stub: Stub, tmp_path: Path) -> Iterator[Served]:
    with served(stub, tmp_path / "router") as running:
        yield running


@pytest.fixture
def opened(up: Served) -> Iterator[Callable[[], CiscoIosxe]]:
    drivers: list[IosxeDriver] = []

    def open_router() -> CiscoIosxe:
        drivers.append(open_driver(up))
        return CiscoIosxe(drivers[-1], "FGL26000121")

    yield open_router
    for each in drivers:
        each.close()


@pytest.fixture
def router(opened: Callable[[], CiscoIosxe]) -> CiscoIosxe:
    return opened()


def open_driver(up: Served, *, seconds: float = 10.0) -> IosxeDriver:
    return open_command_line(
        "127.0.0.1", port=up.port, user="root", key_file=up.key_file, known_hosts=up.known_hosts, seconds=seconds
    )


def config(lines: tuple[str, ...], users: str = "") -> Config:
    text = "".join(f"{line}\n" for line in lines)
    documents = (
        Document("running-config", "running-config", 0o600, text),
        SecretDocument("snmp-users", "snmp-users", 0o600, "", Secret(users)),
    )
    return Config("cisco_iosxe", documents)


def change(
    *patch: str,
    base: tuple[str, ...] = BASE,
    wanted: tuple[str, ...] = WANTED,
    users: str = "",
    users_before: str = "",
) -> Change:
    text = "".join(f"{line}\n" for line in patch)
    return Change(
        device="FGL26000121",
        platform="cisco_iosxe",
        scope="router",
        base=config_digest(config(base, users_before)),
        wanted=config_digest(config(wanted, users)),
        config=config(wanted, users),
        differences=(),
        commands=patch,
        rollback=(),
        patch=SecretDocument("patch", "patch", 0o600, "", Secret(text)),
    )


NTP = change("ntp server 192.0.2.7")
