"""Incidents in the store: opened and closed by what routers say, their clocks stopped, everything in the audit."""

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from accepting import accepted, new
from bearer_reports import DOWN, DRILLED, MOBILE_FAILED, ON_MOBILE, ON_TRIAL, WELL
from sqlalchemy import insert
from worlds import NOON, World

from provisioning.backups.alerts import Standing
from provisioning.errors import BadInput, Refused, ScopeBusy, UnknownName
from provisioning.fleet.follow_line import Followed, Lost
from provisioning.model.bearer import BearerReport
from provisioning.model.incident import Condition, Incident, IncidentKind, Priority
from provisioning.store import audit, bearer_states, incidents, lines
from provisioning.store.tables import DRILL
from provisioning.store.told import watched
from provisioning.workflows.incidents import close_left, resume_clock, stop_clock
from provisioning.workflows.tell_incidents import Telling
from provisioning.workflows.watch_bearers import Moved, Watch
from provisioning.workflows.watched_lines import watched_lines
from provisioning.workflows.watching import the_one_watcher, watch_bearers

PREMIUM = {"mobile_backup": True, "sla": "premium"}
P1, P2, P3 = Priority.P1, Priority.P2, Priority.P3


@pytest.fixture
def line(world_on_disk: World) -> str:
    """A line in service with a mobile back-up and the level Premium."""
    found = accepted(world_on_disk, new(1, formula="internet-pro-plus", options=PREMIUM)).line
    assert found is not None
    with world_on_disk.store.write() as connection:
        lines.activate_line(connection, found, world_on_disk.clock.now())
    return found


def watch_of(world: World) -> Watch:
    return Watch(watched_lines((), world.around), world.around)


def hear(watch: Watch, report: BearerReport) -> list[Moved]:
    watch.hear([Followed("L-1", "LX0001", report)])
    return watch.settle()


def open_now(world: World) -> list[Incident]:
    with world.store.read() as connection:
        return incidents.list_incidents(connection, only_open=True)


def condition(world: World) -> Condition:
    with world.store.read() as connection:
        return bearer_states.states_of(connection, ["L-1"])["L-1"].condition


# --- opened and closed ---------------------------------------------------------------------------------------------


def test_a_fixed_line_that_fails_and_comes_back(world_on_disk: World, line: str) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    (known,) = hear(watch, WELL)
    assert (known.line, known.state.condition, known.opened) == ("L-1", Condition.ON_FIXED, ())
    world.clock.move(hours=1)
    ((incident,),) = [each.opened for each in hear(watch, ON_MOBILE)]
    assert (incident.identifier, incident.kind, incident.priority) == ("F-1", IncidentKind.BACK_UP_ACTIVE, P2)
    assert (incident.level, incident.window, incident.restoration) == (
        "Premium",
        "Mon-Fri 8:00-22:00, Sat 8:00-16:30",
        "next WD",
    )
    assert incident.due_at == NOON.replace(day=24, hour=21)
    world.clock.move(seconds=50)
    assert hear(watch, ON_TRIAL) == []
    assert open_now(world) == [incident]
    world.clock.move(seconds=60)
    (back,) = hear(watch, WELL)
    assert [each.identifier for each in back.closed] == ["F-1"]
    assert back.closed[0].closing == "both bearers work"
    assert open_now(world) == []
    with world.store.read() as connection:
        actions = [(each.action, each.subject) for each in audit.entries(connection)]
    assert actions[-2:] == [("failover incident open", "F-1"), ("failover incident close", "F-1")]


def test_who_was_killed_goes_on_from_the_store(world_on_disk: World, line: str) -> None:
    world = world_on_disk
    hear(watch_of(world), ON_MOBILE)
    world.clock.move(seconds=30)
    again = watch_of(world)
    assert hear(again, ON_MOBILE) == []
    assert [each.identifier for each in open_now(world)] == ["F-1"]
    world.clock.move(seconds=30)
    (back,) = hear(watch_of(world), WELL)
    assert [each.identifier for each in back.closed] == ["F-1"]


def test_what_is_damped_is_decided_when_its_time_has_come(world_on_disk: World, line: str) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    (failed,) = hear(watch, MOBILE_FAILED)
    assert (failed.state.condition, failed.opened) == (Condition.MOBILE_FAILED, ())
    assert watch.opening
    world.clock.move(seconds=9)
    assert watch.settle() == []
    world.clock.move(seconds=1)
    ((incident,),) = [each.opened for each in watch.settle()]
    assert (incident.kind, incident.priority, incident.restoration) == (IncidentKind.BACK_UP_FAILED, P3, "3 WD")
    assert not watch.opening


def test_a_line_that_is_down_is_p1_beside_what_was_open(world_on_disk: World, line: str) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    hear(watch, ON_MOBILE)
    world.clock.move(minutes=1)
    hear(watch, DOWN)
    world.clock.move(seconds=1)
    watch.settle()
    assert {each.priority for each in open_now(world)} == {P1, P2}
    (now,) = watch.lines
    assert [each.priority for each in now.incidents] == [P1, P2]


def test_a_router_that_cannot_be_reached_is_silent_and_then_down(world_on_disk: World, line: str) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    hear(watch, WELL)
    for tries, seconds in ((1, 0.0), (4, 20.0)):
        watch.hear([Lost("L-1", "LX0001", "no connection: no answer", False, tries, seconds)])
        assert watch.settle() == []
    watch.hear([Lost("L-1", "LX0001", "no connection: no answer", False, 5, 31.0)])
    assert [each.state.condition for each in watch.settle()] == [Condition.SILENT]
    assert open_now(world) == []
    assert [each.line for each in watch.unheard_lines()] == ["L-1"]
    watch.not_reached("L-1", "vantage-internet")
    watch.settle()
    world.clock.move(seconds=1)
    ((incident,),) = [each.opened for each in watch.settle()]
    assert incident.priority is P1
    assert "its fixed IPv4 does not answer vantage-internet either" in incident.reason
    watch.hear([Lost("L-1", "LX0001", "no connection: no answer", False, 9, 120.0)])
    assert watch.settle() == []
    assert condition(world) is Condition.DOWN
    (back,) = hear(watch, WELL)
    assert [each.priority for each in back.closed] == [P1]


def test_a_line_that_is_not_heard_is_down_as_soon_as_the_internet_does_not_reach_it(
    world_on_disk: World, line: str
) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    watch.not_reached("L-1", "vantage-internet")  # nobody asked: it is not known whether it is heard
    hear(watch, WELL)
    assert watch.unheard_lines() == []
    watch.not_reached("L-1", "vantage-internet")  # it was heard while that was looked at
    assert watch.settle() == []
    watch.hear([Lost("L-1", "LX0001", "it said nothing for 7 s", False, 0, 7.0)])
    assert watch.settle() == []
    assert [each.line for each in watch.unheard_lines()] == ["L-1"]
    watch.not_reached("L-1", "vantage-internet")
    assert [each.state.condition for each in watch.settle()] == [Condition.DOWN]
    assert watch.unheard_lines() == []
    world.clock.move(seconds=1)
    ((incident,),) = [each.opened for each in watch.settle()]
    assert incident.reason == "it said nothing for 7 s; its fixed IPv4 does not answer vantage-internet either"
    (back,) = hear(watch, WELL)
    assert [each.priority for each in back.closed] == [P1]


def test_a_router_that_answers_and_says_nothing_is_not_asked_for_outside(world_on_disk: World, line: str) -> None:
    watch = watch_of(world_on_disk)
    watch.hear([Lost("L-1", "LX0001", "the helper on it is missing", True, 1, 0.0)])
    watch.settle()
    assert condition(world_on_disk) is Condition.SILENT
    assert watch.unheard_lines() == []


def test_incidents_of_a_line_that_ceased_are_closed(world_on_disk: World, line: str) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    hear(watch, ON_MOBILE)
    assert close_left(world.around) == []
    with world.store.write() as connection:
        lines.cease_line(connection, line, world.clock.now())
    (closed,) = close_left(world.around)
    assert closed.closing == "the line is not in service any more"
    assert open_now(world) == []
    watch.follow([])
    assert hear(watch, ON_MOBILE) == []


# --- drills --------------------------------------------------------------------------------------------------------


def begin_drill(world: World, at: datetime, seconds: int = 60) -> None:
    with world.store.write() as connection:
        connection.execute(
            insert(DRILL).values(
                line_id=1,
                serial="LX0001",
                token="D-1-1",
                cut="silent",
                seconds=seconds,
                state="running",
                actor="test",
                begun_at=at,
                reason="",
            )
        )


def test_a_drill_that_the_router_tells_opens_nothing(world_on_disk: World, line: str) -> None:
    watch = watch_of(world_on_disk)
    assert [each.opened for each in hear(watch, DRILLED)] == [()]
    assert open_now(world_on_disk) == []


def test_a_drill_of_ours_opens_nothing_and_is_no_excuse_for_ever(world_on_disk: World, line: str) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    begin_drill(world, world.clock.now())
    assert [each.opened for each in hear(watch, ON_MOBILE)] == [()]
    assert watch.lines[0].drilled
    world.clock.move(minutes=2)
    assert watch.settle() == []
    world.clock.move(minutes=10)
    ((incident,),) = [each.opened for each in watch.settle()]
    assert incident.kind is IncidentKind.BACK_UP_ACTIVE


def test_a_mobile_bearer_that_fails_in_a_drill_is_an_incident(world_on_disk: World, line: str) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    hear(watch, replace(DOWN, drill=DRILLED.drill))
    world.clock.move(seconds=10)
    ((incident,),) = [each.opened for each in watch.settle()]
    assert incident.kind is IncidentKind.BACK_UP_FAILED


# --- the clock -----------------------------------------------------------------------------------------------------


def test_the_clock_is_stopped_and_goes_on(world_on_disk: World, line: str) -> None:
    world = world_on_disk
    hear(watch_of(world), ON_MOBILE)
    assert open_now(world)[0].due_at == NOON.replace(day=24, hour=21)
    world.clock.move(hours=1)
    stopped = stop_clock("F-1", " nobody is at the site ", world.around)
    assert (stopped.due_at, stopped.stops[0].reason) == (None, "nobody is at the site")
    assert stop_clock("F-1", "again", world.around) == stopped
    world.clock.move(hours=3)
    resumed = resume_clock("F-1", world.around)
    # Three hours more, of which the first fall in the next window: 22:00 + 3 h is 11:00 on Wednesday.
    assert resumed.due_at == NOON.replace(day=25, hour=10)
    assert open_now(world) == [resumed]
    assert resume_clock("F-1", world.around) == resumed
    with world.store.read() as connection:
        told = [(each.action, each.reason) for each in audit.entries(connection, subject="F-1")]
    assert told[1:] == [("failover stop-clock", "nobody is at the site"), ("failover resume-clock", "")]


def test_an_incident_that_closes_ends_its_stop(world_on_disk: World, line: str) -> None:
    world, watch = world_on_disk, watch_of(world_on_disk)
    hear(watch, ON_MOBILE)
    stop_clock("F-1", "planned works", world.around)
    world.clock.move(hours=1)
    ((closed,),) = [each.closed for each in hear(watch, WELL)]
    assert closed.stops[0].resumed_at == world.clock.now()
    assert closed.due_at is not None
    with pytest.raises(Refused, match="closed"):
        stop_clock("F-1", "late", world.around)


def test_what_is_asked_wrongly_is_refused(world_on_disk: World, line: str) -> None:
    with pytest.raises(UnknownName):
        stop_clock("F-9", "why", world_on_disk.around)
    with pytest.raises(UnknownName):
        resume_clock("L-1", world_on_disk.around)
    hear(watch_of(world_on_disk), ON_MOBILE)
    with pytest.raises(BadInput):
        stop_clock("F-1", "  ", world_on_disk.around)
    assert open_now(world_on_disk)[0].stops == ()


# --- who watches, and who is told ----------------------------------------------------------------------------------


def test_lines_without_a_back_up_are_not_watched(world_on_disk: World, line: str) -> None:
    world = world_on_disk
    plain = accepted(world, new(2, formula="internet-pro-plus")).line
    temporary = accepted(world, new(3, formula="temporary-internet-pro-plus")).line
    assert plain is not None
    assert temporary is not None
    with world.store.write() as connection:
        for each in (plain, temporary):
            lines.activate_line(connection, each, world.clock.now())
    assert [each.line for each in watched_lines((), world.around)] == [line, temporary]
    with pytest.raises(Refused, match="no mobile back-up"):
        watched_lines([plain], world.around)


def test_a_second_watcher_is_told_who_is_at_work(world_on_disk: World, line: str) -> None:
    world = world_on_disk
    with the_one_watcher(world.around), pytest.raises(ScopeBusy, match=r"by unknown, process \d+, since 2026-11-23"):
        watch_bearers(list, world.around, stop=Event(), show=lambda seen: None)
    with the_one_watcher(world.around):
        pass


def told_to(path: Path) -> list[dict[str, object]]:
    return [each for line in path.read_text().splitlines() for each in json.loads(line)["changes"]]


def test_people_are_told_once_when_it_opens_and_once_when_it_closes(
    world_on_disk: World, line: str, tmp_path: Path
) -> None:
    script = "import sys, json; print(json.dumps(json.load(sys.stdin)), file=open(sys.argv[1], 'a'))"
    command = (sys.executable, "-c", script, str(tmp_path / "told"))
    around = replace(world_on_disk.around, backups=replace(world_on_disk.around.backups, alert_command=command))
    watch = watch_of(world_on_disk)
    for report, after in ((WELL, None), (ON_MOBILE, Standing.WRONG), (ON_MOBILE, None), (WELL, Standing.WELL)):
        telling = Telling(["L-1"], open_now(world_on_disk), around)
        for each in hear(watch, report):
            telling.tell(each.opened, each.closed)
        telling.end()
        told = told_to(tmp_path / "told") if (tmp_path / "told").exists() else []
        if after is not None:
            assert told[-1]["what"] == "back-up-active"
            assert told[-1]["to"] == after.value
        world_on_disk.clock.move(seconds=30)
    assert [each["to"] for each in told] == ["wrong", "well"]
    with world_on_disk.store.read() as connection:
        assert incidents.need_incident(connection, "F-1").told
        assert watched(connection) == ()


def test_what_became_well_while_nobody_was_told_is_told_at_the_next_start(
    world_on_disk: World, line: str, tmp_path: Path
) -> None:
    script = "import sys, json; print(json.dumps(json.load(sys.stdin)), file=open(sys.argv[1], 'a'))"
    command = (sys.executable, "-c", script, str(tmp_path / "told"))
    around = replace(world_on_disk.around, backups=replace(world_on_disk.around.backups, alert_command=command))
    watch = watch_of(world_on_disk)
    hear(watch, ON_MOBILE)
    Telling(["L-1"], open_now(world_on_disk), around).end()
    hear(watch, WELL)  # and the process is killed
    Telling(["L-1"], open_now(world_on_disk), around).end()
    assert [each["to"] for each in told_to(tmp_path / "told")] == ["wrong", "well"]


def test_best_effort_has_no_due_time(world_on_disk: World) -> None:
    world = world_on_disk
    form = new(1, formula="business-internet-fibre", options={"mobile_backup": True, "fixed_ipv4": True})
    accepted(world, form)
    with world.store.write() as connection:
        lines.activate_line(connection, "L-1", world.clock.now())
    ((incident,),) = [each.opened for each in hear(watch_of(world), ON_MOBILE)]
    assert (incident.level, incident.window, incident.restoration, incident.due_at) == (
        "Best effort (not specified)",
        "not specified",
        "",
        None,
    )
    assert stop_clock("F-1", "planned works", world.around).due_at is None
    assert resume_clock("F-1", world.around).due_at is None
    assert timedelta(0) == world.clock.now() - incident.opened_at
