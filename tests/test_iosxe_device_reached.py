"""A router with IOS-XE is made ready and reached: its accounts, keys and files, and machines that do not answer."""

import logging
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from iosxe_doors import BASE, NTP, change, open_driver
from iosxe_stub import Stub
from iosxe_stub_server import Served, served

from provisioning.devices import iosxe_connection
from provisioning.devices.cisco_iosxe import CiscoIosxe
from provisioning.devices.iosxe_bootstrap import bootstrap
from provisioning.errors import (
    AuthenticationRefused,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnreachable,
    HostKeyDiffers,
)


def test_a_router_without_an_archive_is_not_ready(router: CiscoIosxe, stub: Stub) -> None:
    stub.running.remove("archive")
    base = tuple(line for line in BASE if line != "archive")
    with pytest.raises(DeviceRefused, match="archive"):
        router.apply(change("ntp server 192.0.2.7", base=base), seconds=60)


def test_bootstrap_makes_ready_what_is_missing_and_then_nothing(tmp_path: Path) -> None:
    bare = Stub(
        running=["hostname Router"],
        startup=None,
        files={"merge_config.txt": b"left behind"},
        users={"old": "gone"},
    )
    with served(bare, tmp_path / "bare") as up, closing(open_driver(up)) as driver:
        first = bootstrap(driver, serial="FGL26000121", host_key="a key")
        assert (first.serial, first.host_key, first.helper) == ("FGL26000121", "a key", "")
        assert len(first.done) == 6
        assert bare.startup == bare.running
        assert not bare.files
        assert not bare.users
        second = bootstrap(driver, serial=None, host_key="a key")
        assert not second.done
        assert second.reason


def test_bootstrap_leaves_a_change_alone_that_waits_to_be_confirmed(up: Served, stub: Stub) -> None:
    with closing(open_driver(up)) as driver:
        CiscoIosxe(driver, "FGL26000121").apply(NTP, seconds=60)
        before = len(stub.asked)
        assert not bootstrap(driver, serial=None, host_key="a key").done
    assert "write mem" not in stub.asked[before:]
    assert stub.files


def test_bootstrap_refuses_another_router(up: Served, stub: Stub) -> None:
    driver = open_driver(up)
    try:
        with pytest.raises(DeviceRefused, match="this is router FGL26000121, not FGL26000122"):
            bootstrap(driver, serial="FGL26000122", host_key="a key")
    finally:
        driver.close()


def test_an_account_that_may_not_configure_is_refused(up: Served, stub: Stub) -> None:
    stub.privileged = False
    with pytest.raises(AuthenticationRefused, match="without the right to configure"):
        open_driver(up)


def test_another_key_is_refused(up: Served, tmp_path: Path) -> None:
    with served(Stub(), tmp_path / "other") as other:
        up.key_file.write_text(other.key_file.read_text())
        with pytest.raises(AuthenticationRefused):
            open_driver(up)


def test_another_host_key_is_refused(up: Served, tmp_path: Path) -> None:
    with served(Stub(), tmp_path / "other") as other:
        up.known_hosts.write_text(other.known_hosts.read_text().replace(str(other.port), str(up.port)))
        with pytest.raises(HostKeyDiffers):
            open_driver(up)


def test_a_file_is_handed_over_to_the_same_router_only(
    up: Served, opened: Callable[[], CiscoIosxe], tmp_path: Path
) -> None:
    router = opened()
    with served(Stub(), tmp_path / "other") as other:
        router._router.device.port = other.port
        with pytest.raises(HostKeyDiffers):
            router.apply(NTP, seconds=60)
    assert up.stub.timer is None and up.stub.files == {}


def test_nobody_there(up: Served, stub: Stub) -> None:
    port = up.port
    up.port = 9
    up.known_hosts.write_text(up.known_hosts.read_text().replace(str(port), "9"))
    with pytest.raises(DeviceUnreachable):
        open_driver(up, seconds=2)


def test_a_machine_that_takes_the_connection_and_says_nothing(up: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        up.known_hosts.write_text(up.known_hosts.read_text().replace(str(up.port), str(port)))
        up.port = port
        with pytest.raises(DeviceUnreachable):
            open_driver(up, seconds=0.3)


def test_a_router_that_shows_no_prompt(up: Served, stub: Stub) -> None:
    stub.banner_only = True
    with pytest.raises(DeviceTimeout, match="login"):
        open_driver(up, seconds=1)


def test_a_file_that_nobody_takes(
    opened: Callable[[], CiscoIosxe], stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iosxe_connection, "TRANSFER_SECONDS", 1.0)
    stub.takes_no_file = True
    with pytest.raises(DeviceUnreachable):
        opened().apply(NTP, seconds=60)
    assert stub.timer is None


def test_no_secret_is_logged(router: CiscoIosxe, stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    canary = "radius-server key canary-of-mine"
    with caplog.at_level(logging.DEBUG):
        router.apply(change(canary, wanted=(*BASE, canary)), seconds=60)
        router.confirm(router.status().live)
    assert caplog.records
    assert "canary-of-mine" not in caplog.text
