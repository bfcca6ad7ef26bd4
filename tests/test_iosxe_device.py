"""A router with IOS-XE through NAPALM, over SSH: what is applied, kept and taken back, whatever happens meanwhile."""

from collections.abc import Callable

import pytest
from iosxe_doors import BASE, COPY, NTP, change
from iosxe_stub import READY, Stub

from provisioning.devices.cisco_iosxe import CiscoIosxe
from provisioning.errors import (
    DeviceMoved,
    DeviceRefused,
    DeviceUnreachable,
    OutcomeUnknown,
    ScopeBusy,
)


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
