"""Drills on a Cisco router: what it says of its bearers, its own timer, and who keeps whom from changing it."""

import json
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from iosxe_renderings import cisco_config
from iosxe_routers import SERIAL, Bench, Terminal, bench
from renderings import example

from provisioning.devices.cisco_iosxe import CiscoIosxe
from provisioning.errors import BadInput, DeviceRefused, DeviceUnreachable, ScopeBusy
from provisioning.model.bearer import BearerEventKind, BearerName, BearerReport, Cut
from provisioning.model.change import Change
from provisioning.model.config import Config
from provisioning.planning.network_record import network_record
from provisioning.platforms.cisco_iosxe.parsing.bearer_log import tells_of_bearers
from provisioning.stands.simulator.faults import Faults

ORDER = "internet-pro-plus-cisco"
TOKEN = "D-1"
STAGING = "interface Cellular0/2/0\n no shutdown\narchive\n path flash:proviso-archive\n"

Open = Callable[[], CiscoIosxe]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    line = example(ORDER)
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "L-1.json").write_text(json.dumps(network_record(line, "PX-1")))
    with bench(tmp_path, networked=True) as made:
        made.configure(STAGING + cisco_config(ORDER)["running-config"].reveal().removesuffix("end\n"))
        made.simulated.do(made.router.follow)
        yield made


@pytest.fixture
def opened(made: Bench) -> Iterator[Open]:
    with made.command_lines() as command_line:
        yield lambda: CiscoIosxe(command_line(), SERIAL)


@pytest.fixture
def router(opened: Open) -> CiscoIosxe:
    return opened()


def passes(made: Bench, seconds: float) -> None:
    """Let time pass, while the router does what is due."""

    def act() -> None:
        for _ in range(int(seconds * 2)):
            made.clock.passes(0.5)
            made.router.tick()

    made.simulated.do(act)


def kinds(report: BearerReport, bearer: BearerName = BearerName.FIXED) -> list[str]:
    return [each.kind.value for each in report.events if each.bearer is bearer]


def test_a_line_at_rest(router: CiscoIosxe, made: Bench) -> None:
    passes(made, 600)
    report = router.bearers()
    assert report.fixed.works and report.mobile.works
    assert [each.bfd for each in report.fixed.neighbourships] == [True, True]
    assert [each.bfd for each in report.mobile.neighbourships] == [None, None]
    assert report.in_use == {4: BearerName.FIXED, 6: BearerName.FIXED}
    assert (report.hold_left, report.voice_off, report.drill) == (None, True, None)
    assert report.clock == pytest.approx(600, abs=2)
    assert report.fixed.neighbourships[0].up_seconds == pytest.approx(600, abs=2)
    radio = report.mobile.radio
    assert radio is not None and radio.sim_ready
    assert (radio.technology, radio.signal_dbm, radio.network) == ("LTE", -88, "Mobile")
    assert radio.cell is not None and report.mobile.received_bytes > 0


def own(*, ipv4: bool = True, ipv6: bool = True) -> list[str]:
    """Return what the line has to announce."""
    line = example(ORDER)
    assert line.management is not None and line.fixed_ipv4 is not None and line.ipv6 is not None
    found = [f"{line.management}/32", f"{line.fixed_ipv4}/32", *map(str, line.packs)] if ipv4 else []
    return sorted([*found, str(line.ipv6.block)] if ipv6 else found)


def announces(router: CiscoIosxe) -> dict[str, list[str]]:
    told = router.announced()
    assert set(told) == set(BearerName)
    return {bearer.value: sorted(map(str, networks or ())) for bearer, networks in told.items()}


def test_it_tells_what_it_announces_on_each_bearer(router: CiscoIosxe, made: Bench) -> None:
    passes(made, 100)
    assert announces(router) == {"fixed": own(), "mobile": own()}
    fixed_ipv4 = example(ORDER).fixed_ipv4
    made.configure(f"router bgp 64511\n address-family ipv4\n  no network {fixed_ipv4} mask 255.255.255.255\n")
    passes(made, 1)
    less = [each for each in own() if each != f"{fixed_ipv4}/32"]
    assert announces(router) == {"fixed": less, "mobile": less}


def test_a_network_without_a_route_to_it_is_not_announced(router: CiscoIosxe, made: Bench) -> None:
    line = example(ORDER)
    assert announces(router)["mobile"] == own() and line.ipv6 is not None
    made.configure(f"no ipv6 route {str(line.ipv6.block).upper()} Null0 254\n")
    passes(made, 1)
    assert announces(router) == {"fixed": own(ipv6=False), "mobile": own(ipv6=False)}


def test_what_is_shut_or_held_announces_nothing(router: CiscoIosxe, made: Bench) -> None:
    passes(made, 100)
    made.configure("interface Cellular0/2/0\n shutdown\n")
    passes(made, 2)
    assert announces(router) == {"fixed": own(), "mobile": []}
    made.configure("interface Cellular0/2/0\n no shutdown\n")
    passes(made, 30)
    made.simulated.do(lambda: made.router.cut_bearer("fixed", "silent"))
    passes(made, 70)
    assert announces(router) == {"fixed": [], "mobile": own()}
    made.simulated.do(lambda: made.router.heal_bearer("fixed"))
    passes(made, 30)
    assert router.bearers().fixed.works
    assert announces(router) == {"fixed": [], "mobile": own()}
    passes(made, 120)
    assert announces(router) == {"fixed": own(), "mobile": own()}


def test_a_neighbour_that_is_not_configured_is_told_nothing(router: CiscoIosxe, made: Bench) -> None:
    made.configure("router bgp 64511\n no neighbor 100.96.0.1 remote-as 64500\n")
    passes(made, 5)
    assert announces(router) == {"fixed": own(), "mobile": own(ipv4=False)}


def test_a_drill_from_begin_to_return(router: CiscoIosxe, made: Bench, opened: Open) -> None:
    passes(made, 100)
    router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=90)
    passes(made, 20)
    report = opened().bearers()
    assert report.drill is not None
    assert (report.drill.token, report.drill.cut) == (TOKEN, Cut.LINK_DOWN)
    # Whole minutes, rounded up.
    assert report.drill.seconds_left == pytest.approx(100, abs=3)
    assert not report.fixed.link_up and report.mobile.works
    assert report.in_use == {4: BearerName.MOBILE, 6: BearerName.MOBILE}
    assert kinds(report)[-2:] == ["cut", "failed"]
    router.end_drill(TOKEN)
    passes(made, 20)
    report = router.bearers()
    assert report.drill is None and report.fixed.works
    assert report.in_use[4] is BearerName.MOBILE
    assert report.hold_left is not None and 30 < report.hold_left <= 60
    passes(made, 70)
    report = router.bearers()
    assert report.in_use == {4: BearerName.FIXED, 6: BearerName.FIXED} and report.hold_left is None
    assert kinds(report)[-5:] == ["cut", "failed", "healed", "works", "trusted"]
    numbers = [each.number for each in report.events]
    assert numbers == sorted(set(numbers))


def test_asked_again_it_changes_nothing(router: CiscoIosxe, made: Bench, opened: Open) -> None:
    router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=300)
    text = made.text()
    passes(made, 60)
    opened().begin_drill(TOKEN, Cut.LINK_DOWN, seconds=300)
    assert made.text() == text
    drill = router.bearers().drill
    assert drill is not None and drill.seconds_left < 245
    router.end_drill("D-2")
    assert made.text() == text
    router.end_drill(TOKEN)
    text = made.text()
    assert "shutdown" not in text.partition("interface GigabitEthernet0/0/0\n")[2].partition("!")[0]
    router.end_drill(TOKEN)
    assert made.text() == text


def test_one_drill_at_a_time(router: CiscoIosxe) -> None:
    router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=60)
    with pytest.raises(DeviceRefused, match="D-1"):
        router.begin_drill("D-2", Cut.LINK_DOWN, seconds=60)


def test_nobody_comes_back_and_the_router_heals(router: CiscoIosxe, made: Bench, opened: Open) -> None:
    before = made.text()
    router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=61)
    router.close()
    passes(made, 119)
    assert made.text() != before
    passes(made, 2)
    assert made.text() == before
    passes(made, 90)
    report = opened().bearers()
    assert report.drill is None and report.in_use[4] is BearerName.FIXED


def test_a_loss_of_power_heals(router: CiscoIosxe, made: Bench, opened: Open) -> None:
    before = made.text()
    router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=600)
    made.simulated.do(made.router.lose_power)
    assert made.text() == before
    report = opened().bearers()
    assert report.drill is None and report.in_use[4] is BearerName.FIXED


@pytest.mark.parametrize("cut", [each for each in Cut if each is not Cut.LINK_DOWN])
def test_cuts_that_the_platform_cannot_make(router: CiscoIosxe, made: Bench, cut: Cut) -> None:
    before = made.text()
    assert router.cuts == {Cut.LINK_DOWN}
    with pytest.raises(DeviceRefused, match="cannot cut"):
        router.begin_drill(TOKEN, cut, seconds=60)
    assert made.text() == before


@pytest.mark.parametrize(("token", "seconds"), [("D 1", 60), ("D-1\nreload", 60), ("", 60), ("D-1", 0), ("D-1", 7201)])
def test_what_cannot_be_asked(router: CiscoIosxe, made: Bench, token: str, seconds: int) -> None:
    before = made.text()
    with pytest.raises(BadInput):
        router.begin_drill(token, Cut.LINK_DOWN, seconds=seconds)
    assert made.text() == before


def some_change(router: CiscoIosxe) -> Change:
    running = router.fetch()
    return Change(
        device=SERIAL,
        platform="cisco_iosxe",
        scope="router",
        base=running.digest,
        wanted="another",
        config=Config("cisco_iosxe", ()),
        differences=(),
        commands=(),
        rollback=(),
    )


def test_a_drill_keeps_changes_away(router: CiscoIosxe, made: Bench) -> None:
    change = some_change(router)
    router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=60)
    text = made.text()
    with pytest.raises(ScopeBusy, match="drill"):
        router.apply(change, seconds=60)
    with pytest.raises(ScopeBusy, match="drill"):
        router.confirm(router.status().live)
    with pytest.raises(ScopeBusy, match="drill"):
        router.abandon()
    assert made.text() == text
    assert router.status().pending == ""


def test_a_change_that_waits_keeps_drills_away(router: CiscoIosxe, made: Bench) -> None:
    made.run("configure terminal revert timer 5")
    before = made.text()
    with pytest.raises(DeviceRefused, match="waits there to be confirmed"):
        router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=60)
    assert made.text() == before


def test_what_is_not_saved_keeps_drills_away(router: CiscoIosxe, made: Bench) -> None:
    made.simulated.do(lambda: made.router.device.merge("ntp server 198.18.1.12\nend\n", "somebody"))
    with pytest.raises(DeviceRefused, match="not saved"):
        router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=60)


@pytest.mark.parametrize("count", range(1, 14))
def test_a_connection_that_is_lost_anywhere_leaves_a_drill_that_heals(made: Bench, opened: Open, count: int) -> None:
    before = made.text()
    first = opened()
    made.fault(Faults(drop_after=count))
    try:
        first.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=60)
    except DeviceUnreachable:
        pass
    finally:
        made.fault(Faults())
    again = opened()
    try:
        again.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=60)
    except DeviceRefused:
        # The timer was set, and nothing else: nobody can tell whose that is.
        assert made.text() == before
    else:
        assert not again.bearers().fixed.link_up
    passes(made, 62)
    assert made.text() == before
    assert opened().bearers().drill is None


def test_management_survives_over_the_mobile_bearer(made: Bench, router: CiscoIosxe) -> None:
    loopback = str(example(ORDER).management)
    network = made.router._operator
    router.begin_drill(TOKEN, Cut.LINK_DOWN, seconds=60)
    assert made.simulated.do(lambda: network.reached(made.router, loopback, "tcp", 22)) is False
    passes(made, 1)
    assert made.simulated.do(lambda: network.reached(made.router, loopback, "tcp", 22)) is True
    assert made.simulated.do(lambda: network.way(made.router, ip_address(loopback))) == "mobile"  # type: ignore[attr-defined]
    assert BearerEventKind.CUT.value in kinds(router.bearers())


def test_what_happens_appears_on_a_terminal_that_watches(made: Bench) -> None:
    passes(made, 30)
    with Terminal(made) as terminal:
        terminal.say("terminal monitor")
        made.simulated.do(lambda: made.router.cut_bearer("fixed", "silent"))
        made.clock.passes(1)
        seen = terminal.until(r"100\.64\.0\.1 Down BFD adjacency down\r\n", 10)
        assert any(tells_of_bearers(line) for line in seen.splitlines())
        made.simulated.do(lambda: made.router.heal_bearer("fixed"))
        made.clock.passes(12)
        terminal.until(r"100\.64\.0\.1 Up", 10)
