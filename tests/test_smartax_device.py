"""The driver of OLTs on the simulated OLT, over SSH: the circle, and kills at each command."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from labs import eventually
from simulators import OLT, simulated
from smartax_stands import FASTER, LINE, NEW, REPLACED, SCOPE, Stand, reach, stand_on

from provisioning.errors import (
    DeviceRefused,
    ProvisoError,
)
from provisioning.model.olt import PortKind
from provisioning.model.ont import OntService
from provisioning.platforms.huawei_smartax import names
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.stands.simulator.faults import FaultKind

STATES: dict[str, OntService | None] = {"none": None, "new": NEW, "faster": FASTER, "replaced": REPLACED}


@pytest.mark.parametrize("base", STATES)
@pytest.mark.parametrize("wanted", STATES)
def test_the_change_reaches_what_is_wanted_and_the_rollback_returns(stand: Stand, base: str, wanted: str) -> None:
    before, after = STATES[base], STATES[wanted]
    stand.reach(before)
    change = stand.reach(after)
    assert change.empty == (before == after)
    with stand.session() as olt:
        assert plan_ont(olt.fetch(SCOPE, after), after, line=LINE).empty
        olt.run(change.rollback)
        running = olt.fetch(SCOPE, before)
    assert (running.service, running.digest) == (before, change.base)


@pytest.mark.parametrize(
    ("base", "wanted"), [("none", "new"), ("new", "faster"), ("new", "replaced"), ("new", "none")]
)
def test_killed_at_each_command(tmp_path: Path, base: str, wanted: str) -> None:
    """Whoever dies after any command can go on or go back. Where something shared is made, the OLT is a fresh one."""
    before, after = STATES[base], STATES[wanted]
    done, length = 0, 1
    while done <= length:
        folder = tmp_path / str(done)
        folder.mkdir()
        with simulated(folder) as world:
            stand = stand_on(world, folder)
            stand.reach(before)
            while done <= length:
                length = _die(stand, after, done)
                with stand.session() as olt:
                    reach(olt, after)
                    reach(olt, before)
                done += 1
                if before is None:
                    break


def _die(stand: Stand, wanted: OntService | None, done: int) -> int:
    """End a session without a word after so many commands of a change; return how many it has."""
    dying = stand.open()
    change = plan_ont(dying.fetch(SCOPE, wanted), wanted, line=LINE)
    dying.run(change.commands[:done])
    dying._connection.paramiko_cleanup()
    return len(change.commands)


def test_an_ont_on_an_xgs_pon_board(stand: Stand) -> None:
    scope = replace(SCOPE, port="0/2/0")
    wanted = replace(
        NEW,
        line_profile=names.line_profile_name(PortKind.XGS_PON, 10),
        down_table="proviso-8500m",
        up_table="proviso-1500m",
    )
    with stand.session() as olt:
        change = plan_ont(olt.fetch(scope, wanted), wanted)
        olt.run(change.commands)
        assert olt.fetch(scope, wanted).service == wanted
        assert olt.find(wanted.serial) == (scope,)
        here = olt.fetch(SCOPE, NEW)
        assert here.elsewhere == (scope,)
        with pytest.raises(DeviceRefused, match="registered already at olt-brussels-1 0/2/0 ONT 5"):
            plan_ont(here, NEW)
        olt.run(change.rollback)
        assert olt.find(wanted.serial) == ()


def test_it_passes_at_the_rates_of_its_tables(stand: Stand) -> None:
    stand.reach(NEW)
    fibre = stand.world.world.fibre
    assert eventually(lambda: stand.world.do(lambda: NEW.serial in fibre.passing))
    passing = fibre.passing[NEW.serial]
    assert (passing.port, passing.down, passing.up) == ("0/1/3", 350.016, 100.032)
    with stand.session() as olt:
        assert olt.fetch(SCOPE, None).online


def test_onts_that_shine_and_are_not_registered(stand: Stand) -> None:
    with stand.session() as olt:
        assert "HWTC00000103" in olt.autofind("0/1/3")
        assert olt.autofind("0/9/9") == ()


def test_what_is_saved_survives_a_loss_of_power(stand: Stand) -> None:
    stand.reach(NEW)
    with stand.session() as olt:
        olt.save()
    stand.reach(FASTER)
    stand.world.do(lambda: stand.world.world.lose_power(OLT))
    assert eventually(lambda: _quietly(stand.now) == NEW)
    stand.reach(None)
    with stand.session() as olt:
        olt.save()


def _quietly(act: Callable[[], OntService | None]) -> OntService | None:
    with suppress(ProvisoError):
        return act()
    return None


def test_two_runs_that_need_the_same_tables(stand: Stand) -> None:
    """The second planned before the first had written."""
    wanted = replace(NEW, down_table="proviso-77m", up_table="proviso-7m")
    other = replace(wanted, serial="HWTC00000103", line="L-3")
    there = replace(SCOPE, ont_id=9)
    with stand.session() as one, stand.session() as two:
        first = plan_ont(one.fetch(SCOPE, wanted), wanted)
        second = plan_ont(two.fetch(there, other), other)
        one.run(first.commands)
        two.run(second.commands)
        assert two.fetch(there, other).service == other
        two.run(second.rollback)


def test_pages_that_are_held_up_and_long_lines(stand: Stand) -> None:
    """Where the OLT has no `scroll`, its pages stop at every screen."""
    with stand.fault(FaultKind.REJECT, "scroll"):
        assert stand.reach(NEW).commands
        assert stand.reach(FASTER).commands
