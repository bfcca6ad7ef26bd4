"""Guard and drills of a simulated router: the same outcomes as in the lab, in the time of the world."""

import asyncio
import re
import socket
from collections.abc import Iterator
from datetime import timedelta

import asyncssh
import pytest
from simulated_lines import Simulated
from test_simulator_cpe_bearers import FIXED, MANAGEMENT, call, light, put, wait, way, world
from test_simulator_cpe_router import RouterSession

from provisioning.devices.bootstrap import bootstrap
from provisioning.devices.linux_cpe import LinuxCpe
from provisioning.errors import DeviceRefused
from provisioning.model.bearer import BearerReport, Cut, Radio
from provisioning.stands.simulator.faults import Faults
from provisioning.stands.simulator.linux_cpe.router import HELPER
from provisioning.stands.simulator.outcomes import OPEN
from provisioning.stands.simulator.ssh_server import Servers

__all__ = ["world"]

HOLD = 60
BFD = 0.9


@pytest.fixture
def line(world: Simulated) -> Iterator[Simulated]:
    """The line, in service, with our helper on its router."""
    light(world, on=True)
    world.do(lambda: bootstrap(RouterSession(world.router()), serial=None, host_key="k"))
    wait(world, 5)
    yield world


def device(line: Simulated) -> LinuxCpe:
    return LinuxCpe(RouterSession(line.router()), "LX0101")


def report(line: Simulated) -> BearerReport:
    return line.do(lambda: device(line).bearers())


def told(line: Simulated) -> list[str]:
    return [f"{each.kind} {each.bearer}" for each in report(line).events]


def begin(line: Simulated, cut: Cut, seconds: int = 20, token: str = "t1") -> None:
    line.do(lambda: device(line).begin_drill(token, cut, seconds=seconds))


def test_a_line_in_service_is_on_its_fixed_bearer(line: Simulated) -> None:
    found = report(line)
    assert found.fixed.works and found.mobile.works
    assert (found.in_use, found.hold_left, found.voice_off, found.drill) == (
        {4: "fixed", 6: "fixed"},
        None,
        True,
        None,
    )
    assert device(line).cuts == frozenset(Cut)


def announces(line: Simulated) -> dict[str, list[str] | None]:
    told = line.do(lambda: device(line).announced())
    return {
        bearer.value: [str(each) for each in found] if found is not None else None for bearer, found in told.items()
    }


def test_it_tells_what_it_announces_on_each_bearer(line: Simulated) -> None:
    frr = line.do(lambda: line.router().text("frr.conf"))
    own = sorted(re.findall(r"^  network (\S+)$", frr, re.MULTILINE))
    assert len(own) > 3
    found = announces(line)
    assert [sorted(found[each] or ()) for each in ("fixed", "mobile")] == [own, own]
    line.do(lambda: put(line, frr=frr.replace(f"  network {FIXED}/32\n", "")))
    less = [each for each in own if each != f"{FIXED}/32"]
    assert less != own
    found = announces(line)
    assert [sorted(found[each] or ()) for each in ("fixed", "mobile")] == [less, less]


def test_a_network_without_a_route_to_it_is_not_announced(line: Simulated) -> None:
    found = announces(line)
    session = RouterSession(line.router())
    assert line.do(lambda: session.run(f"ip address del {FIXED}/32 dev lo")).code == 0
    less = [each for each in found["fixed"] or () if each != f"{FIXED}/32"]
    assert less != found["fixed"]
    assert announces(line) == {"fixed": less, "mobile": less}
    assert way(line, FIXED) == ""


def test_a_bearer_that_is_dead_announces_nothing_and_one_that_is_held_goes_on(line: Simulated) -> None:
    own = announces(line)["fixed"]
    line.do(lambda: line.router().cut_bearer("fixed", "silent"))
    wait(line, BFD + 0.2)
    assert announces(line) == {"fixed": [], "mobile": own}
    line.do(lambda: line.router().heal_bearer("fixed"))
    wait(line, HOLD / 2)
    assert report(line).hold_left is not None
    assert announces(line) == {"fixed": own, "mobile": own}


def test_without_frr_nobody_tells_what_is_announced(line: Simulated) -> None:
    line.do(lambda: line.router().active.discard("frr"))
    assert announces(line) == {"fixed": None, "mobile": None}


@pytest.mark.parametrize("cut", [Cut.LINK_DOWN, Cut.SILENT, Cut.ONE_WAY])
def test_a_drill_moves_the_line_to_mobile_and_back_after_the_hold(line: Simulated, cut: Cut) -> None:
    begin(line, cut)
    wait(line, BFD + 0.2)
    found = report(line)
    assert found.fixed.link_up is (cut is not Cut.LINK_DOWN)
    assert (found.in_use[4], found.fixed.works, found.mobile.works) == ("mobile", False, True)
    assert found.drill is not None and (found.drill.token, found.drill.cut) == ("t1", cut)
    assert (way(line, MANAGEMENT), call(line, FIXED, 443)) == ("mobile", OPEN)
    assert found.events[0].kind == "cut"
    assert found.events[1].uptime - found.events[0].uptime == pytest.approx(
        0 if cut is Cut.LINK_DOWN else BFD, abs=0.1
    )
    line.do(lambda: device(line).end_drill("t1"))
    wait(line, HOLD - 5)
    assert report(line).in_use[4] == "mobile"
    assert 0 < (report(line).hold_left or 0) < 10
    wait(line, 8)
    assert (report(line).in_use[4], way(line, MANAGEMENT), report(line).hold_left) == ("fixed", "fixed", None)
    assert told(line) == ["cut fixed", "failed fixed", "healed fixed", "works fixed", "trusted fixed"]


def test_the_router_heals_by_itself_when_nobody_comes_back(line: Simulated) -> None:
    begin(line, Cut.SILENT, seconds=20)
    wait(line, 19)
    assert report(line).drill is not None
    wait(line, HOLD + 5)
    events = {each.kind.value: each.uptime for each in report(line).events}
    assert events["healed"] - events["cut"] == pytest.approx(20, abs=0.1)
    assert report(line).in_use[4] == "fixed"


def test_asked_again_it_changes_nothing(line: Simulated) -> None:
    begin(line, Cut.SILENT, seconds=30)
    wait(line, 10)
    begin(line, Cut.LINK_DOWN, seconds=600)
    drill = report(line).drill
    assert drill is not None and drill.cut is Cut.SILENT and 15 < drill.seconds_left < 21
    line.do(lambda: device(line).end_drill("another"))
    assert report(line).drill is not None
    for _ in range(2):
        line.do(lambda: device(line).end_drill("t1"))
    begin(line, Cut.SILENT)
    assert report(line).drill is None, "a token is drilled once"


def test_two_drills_and_changes_refuse_each_other(line: Simulated) -> None:
    begin(line, Cut.SILENT)
    with pytest.raises(DeviceRefused, match="another drill runs: t1"):
        begin(line, Cut.SILENT, token="t2")
    session = RouterSession(line.router())
    helper = "/usr/local/sbin/proviso-helper"
    refused = line.do(lambda: session.run(f"{helper} apply 60 0 0"))
    assert (refused.code, "a drill runs" in refused.complaints) == (4, True)
    line.do(lambda: line.router().tree.write("/var/lib/proviso/pending", b"0\n"))
    line.do(lambda: device(line).end_drill("t1"))
    with pytest.raises(DeviceRefused, match="a change of the configuration is pending"):
        begin(line, Cut.SILENT, token="t3")


def test_a_loss_of_power_heals(line: Simulated) -> None:
    begin(line, Cut.LINK_DOWN, seconds=600)
    wait(line, 2)
    before = report(line).clock
    line.do(lambda: line.world.lose_power("LX0101"))
    wait(line, 3)
    found = report(line)
    assert found.clock < before
    assert (found.drill, found.in_use[4], found.events) == (None, "fixed", ())


def test_a_bounce_in_the_hold_begins_it_anew(line: Simulated) -> None:
    line.do(lambda: line.router().cut_bearer("fixed", "link-down"))
    wait(line, 5)
    line.do(lambda: line.router().heal_bearer("fixed"))
    wait(line, 40)
    line.do(lambda: line.router().cut_bearer("fixed", "silent"))
    wait(line, 2)
    line.do(lambda: line.router().heal_bearer("fixed"))
    wait(line, 40)
    assert (report(line).in_use[4], way(line, MANAGEMENT)) == ("mobile", "mobile")
    wait(line, 30)
    assert report(line).in_use[4] == "fixed"
    assert told(line) == ["failed fixed", "works fixed", "failed fixed", "works fixed", "trusted fixed"]


def test_a_bearer_that_flaps_stays_on_mobile(line: Simulated) -> None:
    begin(line, Cut.FLAPPING, seconds=60)
    wait(line, 59)
    assert report(line).in_use[4] == "mobile"
    assert told(line).count("failed fixed") >= 8


def test_mobile_that_fails_is_told_and_the_fixed_one_takes_over_even_held(line: Simulated) -> None:
    line.do(lambda: line.router().cut_bearer("fixed", "silent"))
    wait(line, 2)
    line.do(lambda: line.router().heal_bearer("fixed"))
    wait(line, 5)
    line.do(lambda: line.router().cut_bearer("mobile", "silent"))
    wait(line, 2)
    assert (report(line).in_use[4], way(line, MANAGEMENT)) == ("fixed", "fixed")
    assert told(line)[-1] == "failed mobile"
    line.do(lambda: line.router().heal_bearer("mobile"))
    wait(line, 3)
    assert told(line)[-1] == "works mobile"


def test_both_bearers_dead(line: Simulated) -> None:
    line.do(lambda: line.router().cut_bearer("fixed", "silent"))
    line.do(lambda: line.router().cut_bearer("mobile", "silent"))
    wait(line, 2)
    assert way(line, MANAGEMENT) == ""
    line.do(lambda: line.router().heal_bearer("mobile"))
    wait(line, 3)
    assert way(line, MANAGEMENT) == "mobile"


def test_a_line_without_a_back_up_has_no_bearers_to_tell_of(line: Simulated) -> None:
    line.do(lambda: line.router().tree.remove("/etc/proviso/failover.conf"))
    with pytest.raises(DeviceRefused, match="this line has no mobile back-up"):
        report(line)


def test_telephony_that_gets_through_is_told(line: Simulated) -> None:
    text = line.do(lambda: line.router().text("nftables.conf"))
    line.do(lambda: put(line, nftables=text.replace('oifname "wwan0" ip daddr { 198.18.2.0/24 } drop', "")))
    assert report(line).voice_off is False


def test_a_modem_tells_of_its_sim_and_its_cell(line: Simulated) -> None:
    radio = report(line).mobile.radio
    assert radio is not None and radio.sim_ready
    assert (radio.technology, radio.signal_dbm, radio.cell) == ("LTE", -88, "1313793")
    line.do(lambda: line.world.faults.update(LX0101=Faults(no_sim=True)))
    wait(line, 2)
    found = report(line)
    assert (found.mobile.works, found.mobile.radio) == (False, Radio("sim-missing"))


async def _followed(line: Simulated) -> list[str]:
    """Return what somebody is told over SSH while the fixed bearer is cut: all until it has failed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = socket.create_connection(listener.getsockname())
        there, _ = listener.accept()
    here.setblocking(False)
    there.setblocking(False)
    serving = asyncio.ensure_future(Servers(line.world).serve(there, line.router()))
    key = asyncssh.read_private_key(line.folder / "key")
    found = []
    async with asyncssh.connect(sock=here, username="root", client_keys=[key], known_hosts=None) as connection:
        process = await connection.create_process(f"exec {HELPER} events-follow")
        found.append(await process.stdout.readline())
        line.router().cut_bearer("fixed", "silent")
        line.clock.added += timedelta(seconds=2)
        found.append(await process.stdout.readline())
    await serving
    return found


def test_events_are_told_over_ssh_as_they_happen(line: Simulated) -> None:
    alive, failed = line.wait(_followed(line))
    assert alive.startswith("alive ")
    assert failed.split()[2:] == ["failed", "fixed"]
