"""The guard calls a neighbour anew whose BGP stands without BFD: with real packets, and over hours of its own time."""

import os
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from cpes import Cpe
from guarded import at_rest, await_, documents, last, report, said, uses
from labs import eventually, lab_up, needs_lab
from worlds import ROOT

from provisioning.model.bearer import BearerEventKind, BearerName

SCRIPTS = ROOT / "provisioning/platforms/linux_cpe"
PATIENCE = 15
"""Seconds that BGP stands without BFD until the router calls anew, for the first time."""

CALLED = BearerEventKind.CALLED

DEAF = """
table inet deaf
delete table inet deaf
table inet deaf {
    chain sent {
        type filter hook output priority 0
        ip daddr 100.64.1.1 udp dport 3784 drop
    }
}
"""
"""The BNG's BFD does not reach the router, on its fixed bearer and for IPv4 alone; all else does."""


@pytest.fixture(scope="module")
def cpe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cpe]:
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as up:
        cpe = Cpe(up)
        cpe.boots_with_us()
        cpe.put(documents())
        assert eventually(lambda: at_rest(cpe)), said(cpe)
        yield cpe


def events(cpe: Cpe, number: int) -> list[tuple[str, str]]:
    """Return what happened after an event."""
    return [(each.kind.value, each.bearer.value) for each in report(cpe).events if each.number > number]


@needs_lab
def test_bgp_without_bfd_is_called_anew_and_nothing_else_is_touched(cpe: Cpe) -> None:
    before = last(cpe)
    mobile = [each.up_seconds for each in report(cpe).mobile.neighbourships]
    assert cpe.lab.within("bng", "nft", DEAF).code == 0
    try:
        await_(cpe, lambda: ("called", "fixed") in events(cpe, before))
        await_(cpe, lambda: stands_alone_since_it_was_called(cpe))
        # What carries the line meanwhile is not what is called.
        assert uses(report(cpe)) == {"mobile"}
    finally:
        assert cpe.lab.within("bng", "nft", "delete", "table", "inet", "deaf").code == 0
    await_(cpe, lambda: at_rest(cpe))
    found = events(cpe, before)
    # A call is no failure.
    assert found == [("failed", "fixed"), ("works", "fixed"), ("called", "fixed"), ("trusted", "fixed")]
    times = {each.kind: each.uptime for each in report(cpe).events if each.number > before}
    assert times[CALLED] - times[BearerEventKind.WORKS] > PATIENCE - 2.5  # FRR tells whole seconds
    after = [each.up_seconds for each in report(cpe).mobile.neighbourships]
    assert all(then is not None and now is not None and now > then for then, now in zip(mobile, after, strict=True))


def stands_alone_since_it_was_called(cpe: Cpe) -> bool:
    """Return whether BGP with the BNG stands for IPv4, anew since the latest call, and BFD does not."""
    said = report(cpe)
    called = max(each.uptime for each in said.events if each.kind is CALLED)
    (found,) = (each for each in said.fixed.neighbourships if each.family == 4)
    return found.bfd is False and found.up_seconds is not None and said.clock - found.up_seconds > called - 1


# --- over hours -----------------------------------------------------------------------------------------------------

GUARDED = """
set -eu
. {folder}/proviso-bearers
here={here} hold_seconds=60
fixed=wan0 fixed_ipv4=100.64.0.1 fixed_ipv6= mobile=wwan0 mobile_ipv4=100.96.0.1 mobile_ipv6=
. {here}/guard
in_use() {{ echo "$carries"; }}
timeout() {{ shift && [ "$1" = vtysh ] && echo "$((now / 100)) $3" >>"$here/said" && began=$now; }}
now={now} began={now} token= carries={carries} called=-1000 doubted_fixed_4=$now doubted_mobile_4=$now
uptime=$((now / 100)).00
while [ "$now" -lt {end} ]; do
    now=$((now + 100)) uptime=$((now / 100)).00
    {course}
done
"""
"""The guard's own functions, with a clock, FRR and routes that are told here: a second a turn."""

ALONE = "doubt {bearer} 4 {bfd} up $((now - began)) 0"


@pytest.fixture
def guard(tmp_path: Path) -> Path:
    """The guard's functions alone, without what it does when it starts."""
    text = (SCRIPTS / "proviso-failover").read_text()
    lines = text[: text.index("exec 8>")].splitlines()
    kept = [each for each in lines if each != "know" and not each.startswith((". /usr", "export LC_ALL"))]
    (tmp_path / "guard").write_text("\n".join(kept) + "\n")
    return tmp_path


def calls(here: Path, course: str, *, carries: str = "none", minutes: int = 180) -> list[int]:
    """Return the seconds, from the begin, at which the router called anew."""
    script = GUARDED.format(
        folder=SCRIPTS, here=here, carries=carries, course=course, now=100_000, end=100_000 + minutes * 6000
    )
    subprocess.run(["sh", "-c", script], check=True, env=os.environ, timeout=120)
    said = here / "said"
    return [int(each.split()[0]) - 1000 for each in said.read_text().splitlines()] if said.exists() else []


@pytest.mark.parametrize("bfd", ["down", "init"])
@pytest.mark.parametrize("bearer", list(BearerName))
def test_who_speaks_no_bfd_is_called_four_times_and_then_left_alone(guard: Path, bfd: str, bearer: BearerName) -> None:
    times = calls(guard, ALONE.format(bearer=bearer.value, bfd=bfd))
    assert times[0] == PATIENCE
    assert [later - earlier for earlier, later in pairwise(times)] == [4 * PATIENCE, 16 * PATIENCE, 64 * PATIENCE]
    said = {each.partition(" ")[2] for each in (guard / "said").read_text().splitlines()}
    assert said == {f"clear bgp {'100.64.0.1' if bearer is BearerName.FIXED else '100.96.0.1'}"}
    events = (guard / "events").read_text().splitlines()
    assert [each.split()[2:] for each in events] == 4 * [["called", bearer.value]]


@pytest.mark.parametrize("bfd", ["up", "none", "shutdown"])
def test_who_has_bfd_or_was_never_meant_to_is_not_called(guard: Path, bfd: str) -> None:
    assert calls(guard, ALONE.format(bearer="fixed", bfd=bfd), minutes=10) == []


def test_what_carries_traffic_is_not_called(guard: Path) -> None:
    """Such as when the far end takes BFD down on purpose, and BGP goes on (RFC 5882, 3.2)."""
    assert calls(guard, ALONE.format(bearer="fixed", bfd="down"), carries="fixed", minutes=10) == []


def test_nobody_is_called_while_a_drill_runs(guard: Path) -> None:
    assert calls(guard, f"token=t1; {ALONE.format(bearer='fixed', bfd='down')}", minutes=10) == []


def test_bfd_that_has_worked_for_a_minute_is_proven(guard: Path) -> None:
    works = "doubt fixed 4 up up $((now - began)) 6000"
    course = f"if [ $((now % 60000)) = 0 ]; then {works}; else {ALONE.format(bearer='fixed', bfd='down')}; fi"
    times = calls(guard, course, minutes=60)
    # Every ten minutes it is well for once, and each time it may be called anew.
    assert len(times) > 6
    assert min(later - earlier for earlier, later in pairwise(times)) >= PATIENCE


def test_bgp_that_comes_and_goes_is_not_called(guard: Path) -> None:
    course = f"[ $((now % 1000)) != 0 ] || began=$now; {ALONE.format(bearer='fixed', bfd='down')}"
    assert calls(guard, course, minutes=10) == []
