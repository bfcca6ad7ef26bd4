"""A router with IOS-XE through NAPALM, over SSH: what is applied, kept and taken back, whatever happens meanwhile."""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from iosxe_stub import READY, SILENT, Served, Stub, served

from provisioning.devices import iosxe_connection, iosxe_terminal
from provisioning.devices.cisco_iosxe import CiscoIosxe
from provisioning.devices.iosxe_bootstrap import bootstrap
from provisioning.devices.iosxe_connection import IosxeDriver, open_command_line
from provisioning.errors import (
    AnswerNotUnderstood,
    AuthenticationRefused,
    DeviceMoved,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnreachable,
    HostKeyDiffers,
    OutcomeUnknown,
    ScopeBusy,
)
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


def test_facts(router: CiscoIosxe) -> None:
    facts = router.facts()
    assert (facts.serial, facts.hostname, facts.uptime_seconds) == ("FGL26000121", "Router", 93780)
    assert facts.versions == {"ios-xe": "17.9.4a"}
    assert facts.addresses == {"Vlan1": ("192.168.1.1/24", "203.0.113.1/29", "2001:db8:12::1/64")}


def test_a_change_is_applied_under_a_timer_and_confirmed(router: CiscoIosxe, stub: Stub) -> None:
    router.apply(NTP, seconds=61)
    status = router.status()
    assert stub.timer and stub.timer[2] == 2
    assert (status.live, status.pending, status.confirmed) == (NTP.wanted, NTP.wanted, NTP.base)
    assert status.settled and status.deadline is not None
    router.confirm(NTP.wanted)
    status = router.status()
    assert (status.live, status.pending, status.confirmed) == (NTP.wanted, "", NTP.wanted)
    assert stub.files == {}


def test_each_step_asked_again_changes_nothing(router: CiscoIosxe, stub: Stub) -> None:
    router.apply(NTP, seconds=60)
    merged = stub.asked.count(COPY)
    router.apply(NTP, seconds=60)
    assert stub.asked.count(COPY) == merged == 1
    router.confirm(NTP.wanted)
    saved = stub.asked.count("write mem")
    router.confirm(NTP.wanted)
    assert stub.asked.count("write mem") == saved
    router.apply(NTP, seconds=60)
    router.abandon()
    assert stub.asked.count(COPY) == 1 and router.status().live == NTP.wanted


def test_a_change_is_abandoned(router: CiscoIosxe, stub: Stub) -> None:
    router.apply(NTP, seconds=60)
    router.abandon()
    router.abandon()
    status = router.status()
    assert (status.live, status.pending, status.confirmed) == (NTP.base, "", NTP.base)
    assert stub.files == {} and stub.asked.count("configure revert now") == 1


def test_the_name_may_change_on_the_way(router: CiscoIosxe, stub: Stub) -> None:
    wanted = ("hostname L000123", *READY)
    renaming = change("hostname L000123", wanted=wanted)
    router.apply(renaming, seconds=60)
    assert stub.name == "L000123"
    router.abandon()
    assert router.status().live == renaming.base and stub.name == "Router"


def test_a_refused_line_is_told_without_its_secret(router: CiscoIosxe, stub: Stub) -> None:
    stub.refuses["radius-server"] = "Invalid input detected at '^' marker."
    refused = change("ntp server 192.0.2.7", "radius-server key hunter22")
    with pytest.raises(
        DeviceRefused, match=r"it refuses `radius-server key <secret>`: Invalid input detected"
    ) as told:
        router.apply(refused, seconds=60)
    assert "hunter22" not in str(told.value)
    assert router.status().live == NTP.base and stub.timer is None and stub.files == {}


def test_a_refused_line_is_told_when_the_way_back_takes_the_session(
    opened: Callable[[], CiscoIosxe], stub: Stub
) -> None:
    stub.refuses["ntp"] = "Invalid input detected at '^' marker."
    stub.cut_after.add("configure revert now")
    with pytest.raises(DeviceUnreachable, match=r"it refuses `ntp server 192.0.2.7`.*; then the connection was lost"):
        opened().apply(NTP, seconds=60)
    second = opened()
    second.abandon()
    assert second.status().live == NTP.base


def test_what_came_of_a_change_is_compared(router: CiscoIosxe, stub: Stub) -> None:
    stub.refuses["ntp"] = "NTP is not possible here"
    with pytest.raises(DeviceRefused, match=r"NTP is not possible here.*-ntp server 192.0.2.7"):
        router.apply(NTP, seconds=60)
    assert router.status().live == NTP.base and stub.timer is None


def test_a_router_that_aborts_on_its_way_back_goes_to_what_it_starts_with(router: CiscoIosxe, stub: Stub) -> None:
    stub.aborts = 1
    router.apply(NTP, seconds=60)
    router.abandon()
    status = router.status()
    assert (status.live, status.pending, status.confirmed) == (NTP.base, "", NTP.base)


def test_a_router_that_does_not_go_back_at_all_still_starts_as_before(router: CiscoIosxe, stub: Stub) -> None:
    stub.aborts = 2
    router.apply(NTP, seconds=60)
    router.abandon()
    status = router.status()
    assert (status.live, status.pending, status.confirmed) == (NTP.wanted, "", NTP.base)
    stub.aborts = 0
    router.abandon()
    assert router.status().live == NTP.base
    assert not stub.files


def test_a_refusal_after_which_it_does_not_go_back_is_told(router: CiscoIosxe, stub: Stub) -> None:
    stub.aborts = 2
    stub.refuses["radius"] = "Invalid input detected at '^' marker."
    with pytest.raises(OutcomeUnknown, match=r"it refuses `radius`: .*; and it did not go back"):
        router.apply(change("ntp server 192.0.2.7", "radius"), seconds=60)
    assert stub.startup == list(BASE)


def test_a_router_that_moved_is_left_alone(router: CiscoIosxe, stub: Stub) -> None:
    stub.running.append("ip domain name example.net")
    with pytest.raises(DeviceMoved):
        router.apply(NTP, seconds=60)
    assert COPY not in stub.asked and stub.timer is None


def test_somebody_elses_timer_is_left_alone(router: CiscoIosxe, stub: Stub) -> None:
    stub.timer = (list(stub.running), "amara", 5)
    with pytest.raises(ScopeBusy, match="amara"):
        router.apply(NTP, seconds=60)
    with pytest.raises(ScopeBusy, match="amara"):
        router.abandon()
    with pytest.raises(DeviceRefused):
        router.confirm(NTP.base)
    assert stub.timer is not None and router.status().outcome == "a change of `amara` waits to be confirmed"


def test_confirm_after_it_went_back_is_refused(router: CiscoIosxe, stub: Stub) -> None:
    router.apply(NTP, seconds=60)
    stub.go_back()
    with pytest.raises(DeviceRefused, match="gone back"):
        router.confirm(NTP.wanted)
    assert stub.startup == list(BASE)


def test_confirm_while_it_goes_back_is_refused(router: CiscoIosxe, stub: Stub) -> None:
    router.apply(NTP, seconds=60)

    def too_late(_said: str) -> str:
        stub.running = list(BASE)
        return "%No Rollback Confirmed Change pending\n"

    stub.instead["configure confirm"] = too_late
    with pytest.raises(DeviceRefused, match="gone back"):
        router.confirm(NTP.wanted)


def test_cut_between_confirm_and_save_is_healed(opened: Callable[[], CiscoIosxe], stub: Stub) -> None:
    first = opened()
    first.apply(NTP, seconds=60)
    stub.cut_at.add("write mem")
    with pytest.raises(DeviceUnreachable):
        first.confirm(NTP.wanted)
    second = opened()
    status = second.status()
    assert (status.pending, status.live, status.confirmed) == ("", NTP.wanted, NTP.base)
    assert status.outcome == "what is in force is not saved yet"
    second.confirm(NTP.wanted)
    assert second.status().confirmed == NTP.wanted and stub.files == {}


def test_cut_between_confirm_and_save_can_be_taken_back(opened: Callable[[], CiscoIosxe], stub: Stub) -> None:
    first = opened()
    first.apply(NTP, seconds=60)
    stub.cut_at.add("write mem")
    with pytest.raises(DeviceUnreachable):
        first.confirm(NTP.wanted)
    second = opened()
    second.abandon()
    assert second.status().live == NTP.base


@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_while_it_merges(opened: Callable[[], CiscoIosxe], stub: Stub, when: str) -> None:
    """Once it merges, the session may be lost: `status` tells what came of it."""
    (stub.cut_at if when == "before" else stub.cut_after).add(COPY)
    opened().apply(NTP, seconds=60)
    second = opened()
    status = second.status()
    assert status.pending == NTP.wanted
    assert status.settled == (when == "after") == (status.live == NTP.wanted)
    second.apply(NTP, seconds=60)
    assert second.status().live == NTP.wanted
    second.confirm(NTP.wanted)
    assert stub.startup == list(WANTED)


@pytest.mark.parametrize("command", ["configure terminal revert timer 1", "end", "dir bootflash:"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_before_it_merges(opened: Callable[[], CiscoIosxe], stub: Stub, command: str, when: str) -> None:
    (stub.cut_at if when == "before" else stub.cut_after).add(command)
    with pytest.raises(DeviceUnreachable):
        opened().apply(NTP, seconds=60)
    second = opened()
    assert second.status().live == NTP.base
    second.apply(NTP, seconds=60)
    assert second.status().pending == second.status().live == NTP.wanted
    second.abandon()
    assert stub.timer is None and stub.running == list(BASE) and stub.files == {}


def test_an_answer_that_was_cut_is_no_configuration(router: CiscoIosxe, stub: Stub) -> None:
    stub.running += [f"ntp server 192.0.2.{number}" for number in range(100)]
    stub.instead[SHOW] = lambda said: said[: said.index("192.0.2.50")] + "\n"
    with pytest.raises(AnswerNotUnderstood, match="does not end"):
        router.fetch()
    stub.instead[SHOW] = lambda said: said[: said.index("192.0.2.50")] + "\nend\n"
    with pytest.raises(AnswerNotUnderstood, match=r"characters of"):
        router.fetch()
    stub.instead[SHOW] = lambda said: "!\nend\n"
    with pytest.raises(AnswerNotUnderstood, match="begin with its length"):
        router.fetch()


def test_an_answer_that_does_not_end_is_a_timeout(
    router: CiscoIosxe, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.instead[SHOW] = lambda said: SILENT
    driver = router._router
    with pytest.raises(DeviceTimeout, match=SHOW):
        driver.device.ask(SHOW, seconds=0.3)
    with pytest.raises(DeviceUnreachable):
        router.status()


def test_a_line_that_looks_like_a_prompt_ends_no_answer(router: CiscoIosxe, stub: Stub) -> None:
    stub.running += ["banner motd ^C", "Other#", "(config)#", "^C"]
    assert "(config)#" in router.fetch().documents["running-config"]


def test_what_the_router_says_of_itself_meanwhile_is_no_answer(router: CiscoIosxe, stub: Stub) -> None:
    aside = (
        'Rollback Confirmed Change: Rollback will begin in one minute.Enter "configure confirm" if you wish to keep\n'
    )
    before = router.fetch()
    stub.instead[SHOW] = lambda said: said.replace("version 17.9\n", f"{aside}version 17.9\n")
    assert router.fetch().documents == before.documents


def test_a_save_is_tried_again_while_nvram_is_taken(
    router: CiscoIosxe, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iosxe_terminal, "SAVE_PAUSE_SECONDS", 0.01)
    router.apply(NTP, seconds=60)
    stub.busy_saves = 2
    router.confirm(NTP.wanted)
    assert stub.startup == list(WANTED)


def test_a_save_that_fails_is_told(router: CiscoIosxe, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iosxe_terminal, "SAVE_PAUSE_SECONDS", 0.01)
    router.apply(NTP, seconds=60)
    stub.busy_saves = 100
    with pytest.raises(DeviceRefused, match="Device or resource busy"):
        router.confirm(NTP.wanted)


def test_what_was_not_saved_is_saved_before_a_change(router: CiscoIosxe, stub: Stub) -> None:
    """A loss of power takes the router back to where its timer does."""
    stub.startup = ["hostname Router"]
    router.apply(NTP, seconds=60)
    assert stub.startup == list(BASE)


def test_users_without_a_group_do_not_count_and_are_removed(router: CiscoIosxe, stub: Stub) -> None:
    """A return takes no SNMP user along."""
    group = "snmp-server group watchers v3 priv"
    user = "snmp-server user watcher watchers v3 auth sha one priv aes 128 two"
    adding = change(group, user, wanted=(*BASE, group), users=f"{user}\n")
    router.apply(adding, seconds=60)
    assert router.status().live == adding.wanted
    stub.go_back()
    assert stub.users == {"watcher": "watchers"}
    assert router.status().live == adding.base
    router.abandon()
    assert stub.users == {}
    router.apply(adding, seconds=60)
    router.confirm(adding.wanted)
    ceasing = change(f"no {user}", f"no {group}", base=(*BASE, group), wanted=BASE, users_before=f"{user}\n")
    router.apply(ceasing, seconds=60)
    assert stub.users == {"watcher": "watchers"}
    router.confirm(ceasing.wanted)
    assert stub.users == {}


def test_nothing_of_a_change_stays_here(router: CiscoIosxe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    router.apply(NTP, seconds=60)
    assert list(folder.iterdir()) == []


def test_a_router_that_takes_no_files_is_not_ready(router: CiscoIosxe, stub: Stub) -> None:
    stub.running.remove("ip scp server enable")
    base = tuple(line for line in BASE if "scp" not in line)
    with pytest.raises(DeviceRefused, match="SCP file transfers are not enabled"):
        router.apply(change("ntp server 192.0.2.7", base=base), seconds=60)
    assert stub.timer is None


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
