"""Following routers over SSH connections that are held open: what happens is known at once, who is lost is tried."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread

import pytest
from accepting import accepted, new
from labs import eventually
from telling_routers import Farm, address_of, farm
from worlds import World

from provisioning.clock import SystemClock
from provisioning.devices.reach import Access
from provisioning.fleet.follow import Following, following
from provisioning.fleet.follow_line import Followed, Lost
from provisioning.fleet.target import Target
from provisioning.incidents.condition import seen_of
from provisioning.model.incident import Condition, Incident, Priority
from provisioning.store import host_keys, incidents, lines
from provisioning.workflows.surroundings import Access as Reach
from provisioning.workflows.surroundings import Surroundings
from provisioning.workflows.watch_bearers import Watch
from provisioning.workflows.watched_lines import WatchedLine, watched_lines
from provisioning.workflows.watching import Seen, watch_bearers

DETECTION = 4.0
"""Seconds until something that happened is known: two are the aim, which bench/watch_lines.py measures."""


@pytest.fixture
def routers(tmp_path: Path) -> Iterator[Farm]:
    with farm(tmp_path, 3) as found:
        yield found


def target(routers: Farm, number: int = 1) -> Target:
    return Target(
        f"L-{number}", f"LX{number:04}", "linux_cpe", address_of(number), "", routers.host_key, port=routers.port
    )


def until(following: Following, wanted: Condition | None, *, line: str = "L-1", seconds: float = 20.0) -> float:
    """Wait until a line is seen so, or lost; return how long that took."""
    begun = time.monotonic()
    while (taken := time.monotonic() - begun) < seconds:
        for each in following.take(0.05):
            if each.line != line:
                continue
            if isinstance(each, Followed) and seen_of(each.report).condition is wanted:
                return taken
            if isinstance(each, Lost) and wanted is None:
                return taken
    raise AssertionError(f"{line} was not seen {wanted} within {seconds} s")


def test_what_happens_is_known_at_once(routers: Farm) -> None:
    with following([target(routers)], Access(routers.key_file, None, 5.0, None)) as follow:
        until(follow, Condition.ON_FIXED)
        for state, condition in (
            ("on-mobile", Condition.ON_MOBILE),
            ("well", Condition.ON_FIXED),
            ("mobile-failed", Condition.MOBILE_FAILED),
            ("down", Condition.DOWN),
        ):
            routers.become(1, state)
            assert until(follow, condition) < DETECTION
    assert routers.routers[address_of(1)].sessions == 1


def test_a_connection_that_is_lost_is_opened_again(routers: Farm) -> None:
    with following([target(routers)], Access(routers.key_file, None, 5.0, None)) as follow:
        until(follow, Condition.ON_FIXED)
        routers.hang_up(1)
        until(follow, None)
        routers.become(1, "on-mobile")
        until(follow, Condition.ON_MOBILE)
    assert routers.routers[address_of(1)].sessions == 2


def test_a_router_that_is_lost_keeps_nobody_from_hearing_the_others(routers: Farm) -> None:
    with following([target(routers, each) for each in (1, 2)], Access(routers.key_file, None, 5.0, None)) as follow:
        until(follow, Condition.ON_FIXED, line="L-2")
        routers.hang_up(1, for_ever=True)
        until(follow, None)
        routers.become(2, "on-mobile")
        assert until(follow, Condition.ON_MOBILE, line="L-2") < DETECTION


def test_another_host_key_is_told_and_nothing_is_asked(routers: Farm, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with farm(tmp_path / "other", 1) as others:
        stranger = replace(target(routers), host_key=others.host_key)
        with following([stranger], Access(routers.key_file, None, 5.0, None)) as follow:
            (lost,) = [each for each in _first(follow) if isinstance(each, Lost)]
    assert "host key" in lost.why
    assert lost.answers


def _first(follow: Following) -> list[object]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if found := follow.take(0.2):
            return list(found)
    raise AssertionError("nothing became known")


# --- the whole way -------------------------------------------------------------------------------------------------


@pytest.fixture
def world_with_lines(world_on_disk: World, routers: Farm) -> World:
    """Two lines in service with mobile back-ups, by the machine's own clock."""
    world = replace(world_on_disk, clock=SystemClock())  # type: ignore[arg-type]
    for number in (1, 2):
        line = accepted(
            world, new(number, formula="internet-pro-plus", options={"mobile_backup": True, "sla": "premium"})
        ).line
        assert line is not None
        with world.store.write() as connection:
            lines.activate_line(connection, line, world.clock.now())
            host_keys.record_host_key(connection, f"LX{number:04}", routers.host_key, world.clock.now())
    return world


@dataclass
class Watching:
    """A watcher in a thread of its own.

    Attributes:
        seen: what it showed.
    """

    seen: list[Seen]
    stop: Event
    thread: Thread

    def moved(self, line: str, wanted: Condition, *, after: int = 0) -> float:
        """Wait until a line moved so, after so many turns; return when."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for turn in self.seen[after:]:
                for each in turn.moved:
                    if each.line == line and each.state.condition is wanted:
                        return time.monotonic()
            self.stop.wait(0.02)
        raise AssertionError(f"{line} did not move to {wanted}")


@contextmanager
def watching(
    world: World, routers: Farm, *, once: bool = False, in_service: Event | None = None
) -> Iterator[Watching]:
    """Watch its lines; with `in_service`, there are none until that is set."""
    around = replace(world.around, access=Reach(key_file=routers.key_file))
    stop, ended = Event(), list[Watch]()
    seen: list[Seen] = []

    def choose() -> list[WatchedLine]:
        return watched_lines((), around) if in_service is None or in_service.is_set() else []

    def reach(line: WatchedLine, _: Surroundings) -> Target:
        return target(routers, int(line.line.removeprefix("L-")))

    def work() -> None:
        ended.append(watch_bearers(choose, around, stop=stop, show=seen.append, once=once, reach=reach))

    thread = Thread(target=work)
    thread.start()
    try:
        yield Watching(seen, stop, thread)
    finally:
        if not once:
            stop.set()
        thread.join(60)
    assert ended, "the watcher broke"


def open_now(world: World) -> list[Incident]:
    with world.store.read() as connection:
        return incidents.list_incidents(connection, only_open=True)


def test_a_fixed_line_that_fails_is_an_incident_at_once(world_with_lines: World, routers: Farm) -> None:
    with watching(world_with_lines, routers) as watcher:
        watcher.moved("L-1", Condition.ON_FIXED)
        watcher.moved("L-2", Condition.ON_FIXED)
        begun, turns = time.monotonic(), len(watcher.seen)
        routers.become(2, "on-mobile")
        assert watcher.moved("L-2", Condition.ON_MOBILE, after=turns) - begun < DETECTION
        (incident,) = open_now(world_with_lines)
        assert (incident.line, incident.priority, incident.identifier) == ("L-2", Priority.P2, "F-1")
        routers.become(2, "on-trial")
        turns = len(watcher.seen)
        routers.become(2, "well")
        watcher.moved("L-2", Condition.ON_FIXED, after=turns)
    assert open_now(world_with_lines) == []


def test_a_watcher_that_was_ended_closes_what_is_over_when_it_is_back(world_with_lines: World, routers: Farm) -> None:
    routers.become(1, "on-mobile")
    with watching(world_with_lines, routers) as watcher:
        watcher.moved("L-1", Condition.ON_MOBILE)
    assert [each.line for each in open_now(world_with_lines)] == ["L-1"]
    routers.become(1, "well")
    with watching(world_with_lines, routers) as watcher:
        watcher.moved("L-1", Condition.ON_FIXED)
    assert open_now(world_with_lines) == []


def test_one_look_ends_by_itself(world_with_lines: World, routers: Farm) -> None:
    routers.become(1, "on-mobile")
    with watching(world_with_lines, routers, once=True) as watcher:
        pass
    assert not watcher.thread.is_alive()
    now = {each.line: each for each in watcher.seen[-1].watch.lines}
    assert [each.priority for each in now["L-1"].incidents] == [Priority.P2]
    assert now["L-2"].state is not None
    assert now["L-2"].state.condition is Condition.ON_FIXED


def test_the_first_line_that_comes_into_service_is_watched(world_with_lines: World, routers: Farm) -> None:
    in_service = Event()
    with watching(world_with_lines, routers, in_service=in_service) as watcher:
        assert eventually(lambda: bool(watcher.seen))
        assert watcher.seen[-1].watch.lines == []
        in_service.set()
        watcher.moved("L-2", Condition.ON_FIXED)


def test_lines_come_and_go_while_they_are_followed(routers: Farm) -> None:
    with following([target(routers)], Access(routers.key_file, None, 5.0, None)) as follow:
        until(follow, Condition.ON_FIXED)
        follow.follow([target(routers), target(routers, 2)])
        until(follow, Condition.ON_FIXED, line="L-2")
        follow.follow([target(routers, 2)])
        routers.become(2, "on-mobile")
        until(follow, Condition.ON_MOBILE, line="L-2")
    assert [routers.routers[address_of(each)].sessions for each in (1, 2)] == [1, 1]
