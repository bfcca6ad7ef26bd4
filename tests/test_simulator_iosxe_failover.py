"""A simulated Cisco router that loses a bearer: what it notices when, which way packets go, and what it logs."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from iosxe_failover import Line, backed_up_line

from provisioning.stands.simulator.packets import FIXED, MOBILE

FIXED_IPV4 = "192.0.2.1"


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with backed_up_line(tmp_path) as made:
        yield made


def test_what_is_configured_anew_is_settled_at_once(line: Line) -> None:
    assert line.way() == (FIXED, FIXED)
    assert line.tracks() == {"2": True, "3": False, "4": True, "5": True, "6": True}


@pytest.mark.parametrize("kind", ["silent", "one-way"])
def test_a_silent_cut_is_noticed_by_bfd(line: Line, kind: str) -> None:
    line.router.cut_bearer(FIXED, kind)
    assert not line.reached()
    line.passes(0.8)
    assert not line.reached()
    line.passes(0.2)
    assert line.reached() and line.way() == (MOBILE, MOBILE)
    assert line.logged("BFD_SESS_DOWN") == 2
    assert line.logged("BGP-5-ADJCHANGE: neighbor 100.64.0.1 Down BFD adjacency down") == 1


def test_a_link_that_goes_down_is_noticed_here_at_once_and_there_by_bfd(line: Line) -> None:
    line.router.cut_bearer(FIXED, "link-down")
    assert line.way_out() == MOBILE
    assert not line.reached()
    line.passes(1)
    assert line.reached()
    assert line.logged("LINK-3-UPDOWN: Interface GigabitEthernet0/0/0, changed state to down") == 1


def test_the_bearer_that_works_again_is_held_and_then_trusted(line: Line) -> None:
    line.router.cut_bearer(FIXED, "silent")
    line.passes(70)
    assert line.tracks() == {"2": True, "3": True, "4": False, "5": True, "6": False}
    line.router.heal_bearer(FIXED)
    line.passes(30)
    assert line.way() == (MOBILE, MOBILE)
    assert ip_address("100.64.0.1") in line.router.machine.here
    line.passes(25)
    assert line.way() == (MOBILE, MOBILE)
    line.passes(10)
    # Out at once; in when the BGP scanner has looked.
    assert line.way_out() == FIXED
    line.passes(60)
    assert line.way() == (FIXED, FIXED)
    assert line.logged("TRACK-6-STATE: 6 list boolean and Down -> Up") == 2


def test_a_bounce_in_the_hold_begins_it_anew(line: Line) -> None:
    line.router.cut_bearer(FIXED, "silent")
    line.passes(70)
    line.router.heal_bearer(FIXED)
    line.passes(50)
    line.router.cut_bearer(FIXED, "silent")
    line.passes(8)
    line.router.heal_bearer(FIXED)
    line.passes(30)
    assert line.way_out() == MOBILE
    line.passes(40)
    assert line.way_out() == FIXED


def test_a_link_that_bounces_between_two_pings_begins_the_hold_anew(line: Line) -> None:
    line.router.cut_bearer(FIXED, "silent")
    line.passes(70)
    line.router.heal_bearer(FIXED)
    line.passes(50)
    assert line.way_out() == MOBILE
    line.router.cut_bearer(FIXED, "link-down")
    line.passes(0.5)
    line.router.heal_bearer(FIXED)
    line.passes(50)
    assert line.way_out() == MOBILE
    line.passes(12)
    assert line.way_out() == FIXED


def test_the_mobile_bearer_is_missed_after_bgps_hold_time(line: Line) -> None:
    line.router.cut_bearer(MOBILE, "silent")
    line.passes(29)
    assert line.logged("neighbor 100.96.0.1 Down") == 0
    line.passes(2)
    assert line.logged("neighbor 100.96.0.1 Down") == 1
    assert line.way() == (FIXED, FIXED)


def test_both_dead_and_back_by_whichever_comes_first(line: Line) -> None:
    for each in (FIXED, MOBILE):
        line.router.cut_bearer(each, "link-down")
    line.passes(40)
    assert not line.reached()
    line.router.heal_bearer(MOBILE)
    line.passes(15)
    assert line.reached() and line.way() == (MOBILE, MOBILE)


@pytest.mark.parametrize("kind", ["loss", "flapping"])
def test_a_bearer_that_is_neither_whole_nor_dead_is_left_in_the_end(line: Line, kind: str) -> None:
    line.router.cut_bearer(FIXED, kind)
    line.passes(120, step=3)
    assert line.logged("100.64.0.1 Down") >= 1


def test_hours_that_nobody_looked_are_gone_through_quickly(line: Line) -> None:
    line.router.cut_bearer(FIXED, "silent")
    line.clock.added += timedelta(hours=40)
    line.router.heal_bearer(FIXED)
    line.clock.added += timedelta(hours=40)
    line.router.tick()
    assert line.way() == (FIXED, FIXED)


def test_a_modem_without_sim_or_network_carries_nothing(line: Line) -> None:
    for fault in ("no_sim", "no_registration"):
        line.fault(**{fault: True})
        line.passes(1)
        assert line.tracks()["2"] is False
        line.fault()
        line.passes(20)
        assert line.tracks()["2"] is True
    line.fault(weak_signal=True)
    line.passes(1)
    assert line.tracks()["2"] is True
