"""A router with IOS-XE, over SSH: lines that are cut, answers that are none, and saves that fail."""

from collections.abc import Callable
from pathlib import Path

import pytest
from iosxe_doors import BASE, COPY, NTP, SHOW, WANTED, change
from iosxe_stub import Stub
from iosxe_stub_server import SILENT

from provisioning.devices import iosxe_terminal
from provisioning.devices.cisco_iosxe import CiscoIosxe
from provisioning.errors import (
    AnswerNotUnderstood,
    DeviceRefused,
    DeviceTimeout,
    DeviceUnreachable,
)


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
