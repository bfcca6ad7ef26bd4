"""Drills and announcements in the store, how they are shown, and what becomes of a drill that was left."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from accepting import accepted, new
from drilled import result
from worlds import NOON, Command, World

from provisioning.cli.failover_drill import code_of, not_begun
from provisioning.cli.show_drill import drilled_data, word_of
from provisioning.errors import ExitCode, ScopeBusy, UnknownName
from provisioning.model.bearer import Cut
from provisioning.model.drill import Drill, DrillState
from provisioning.store import announcements, drills, lines
from provisioning.store.engine import Store
from provisioning.workflows.scope_lock import scope_lock
from provisioning.workflows.settle_drills import PREPARATION, left_drills, settle_left_drills

SECONDS = 90


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = Store.open(tmp_path / "state", now=NOON, lock_timeout=5)
    made = World(store, state=tmp_path / "state")
    accepted(made, new(1, options={"mobile_backup": True}, site={"address": "1 Rue", "mobile_coverage": "good"}))
    accepted(made, new(2))
    with store.write() as connection:
        lines.activate_line(connection, "L-1", NOON)
    yield made
    store.close()


@pytest.fixture
def proviso(world: World) -> Command:
    return Command(world.state)


def begin(world: World, line: str = "L-1", token: str = "t-1", **more: int) -> Drill:
    """Begin a drill."""
    with world.store.write() as connection:
        return drills.add_drill(
            connection,
            line=line,
            serial="LX0001",
            token=token,
            cut=Cut.SILENT,
            seconds=SECONDS,
            actor="desk",
            now=world.clock.now(),
            **more,
        )


def end(world: World, drill: Drill, state: DrillState, reason: str = "") -> bool:
    """End a drill with what was measured."""
    with world.store.write() as connection:
        return drills.end_drill(connection, drill.identifier, state, reason, result(), world.clock.now())


def test_what_was_measured_comes_back_as_it_was(world: World) -> None:
    begun = begin(world)
    assert (begun.identifier, begun.state, begun.result, begun.ended_at) == ("D-1", DrillState.RUNNING, None, None)
    assert end(world, begun, DrillState.PASSED)
    with world.store.read() as connection:
        found = drills.need_drill(connection, "D-1")
    assert found.result == result()
    assert (found.cut, found.seconds, found.actor, found.begun_at) == (Cut.SILENT, SECONDS, "desk", NOON)


def test_a_line_has_one_running_drill_at_a_time(world: World) -> None:
    first = begin(world)
    with pytest.raises(ScopeBusy):
        begin(world, token="t-2")
    begin(world, "L-2", token="t-3")
    end(world, first, DrillState.PASSED)
    assert begin(world, token="t-2").number == 3


def test_a_drill_that_has_ended_stays_as_it_ended(world: World) -> None:
    begun = begin(world)
    assert end(world, begun, DrillState.PASSED)
    assert not end(world, begun, DrillState.INTERRUPTED, "too late")
    with world.store.read() as connection:
        assert drills.need_drill(connection, "D-1").state is DrillState.PASSED


def test_drills_are_found_by_line_state_and_time(world: World) -> None:
    end(world, begin(world), DrillState.FAILED, "missed: gap")
    world.clock.move(hours=1)
    end(world, begin(world, token="t-2"), DrillState.PASSED)
    begin(world, "L-2", token="t-3")
    with world.store.read() as connection:
        found = {
            "all": drills.list_drills(connection),
            "line": drills.list_drills(connection, line="L-1"),
            "failed": drills.list_drills(connection, states=(DrillState.FAILED,)),
            "since": drills.list_drills(connection, since=NOON + timedelta(minutes=1)),
            "running": drills.running_drills(connection),
        }
        latest = drills.latest_drills(connection)["L-1"]
        assert drills.find_drill(connection, "D-9") is None and drills.find_drill(connection, "what") is None
        with pytest.raises(UnknownName):
            drills.need_drill(connection, "D-9")
    assert {name: [each.number for each in some] for name, some in found.items()} == {
        "all": [3, 2, 1],
        "line": [2, 1],
        "failed": [1],
        "since": [3, 2],
        "running": [3],
    }
    assert (latest.number, latest.result) == (2, None)


def test_a_drill_whose_process_lives_is_not_left(world: World) -> None:
    begin(world)
    with scope_lock(world.state, "L-1"):
        assert left_drills(world.around) == []
        assert settle_left_drills(world.around) == []
    assert [each.number for each in left_drills(world.around)] == [1]


def test_while_the_routers_timer_may_run_a_drill_that_was_left_stays_running(world: World) -> None:
    begin(world)
    (settled,) = settle_left_drills(world.around)
    assert settled.drill.state is DrillState.RUNNING
    assert "timer" in settled.told
    world.clock.moment = NOON + PREPARATION + timedelta(seconds=SECONDS + 1)
    (settled,) = settle_left_drills(world.around)
    assert settled.drill.state is DrillState.INTERRUPTED
    assert settled.drill.reason.startswith("its process ended without a word")
    assert settle_left_drills(world.around) == []
    with world.store.read() as connection:
        assert drills.running_drills(connection) == []


def test_the_periods_of_a_line_that_cover_a_moment(world: World) -> None:
    hour = timedelta(hours=1)
    with world.store.write() as connection:
        for number, (opens, closes) in enumerate(((-2, -1), (-1, 1), (-1, 3), (5, 6))):
            announcements.add_announcement(
                connection,
                line="L-1",
                opens_at=NOON + opens * hour,
                closes_at=NOON + closes * hour,
                told_by="desk",
                agreed_with="",
                language="en",
                now=NOON - (number + 1) * hour,
            )
        assert [each.number for each in announcements.covering(connection, "L-1", NOON)] == [3, 2]
        assert announcements.covering(connection, "L-2", NOON) == []
        assert announcements.withdraw_announcement(connection, 3, NOON)
        assert not announcements.withdraw_announcement(connection, 3, NOON)
        assert [each.number for each in announcements.covering(connection, "L-1", NOON)] == [2]
        assert len(announcements.list_announcements(connection, line="L-1", withdrawn=True)) == 4


def test_drills_are_listed_and_shown_within_eighty_columns(world: World, proviso: Command) -> None:
    end(world, begin(world), DrillState.FAILED, "missed: gap, lost-at-return")
    listed = proviso("failover", "list")
    assert listed.code == 0, listed.stderr
    assert "D-1" in listed.stdout and "failed" in listed.stdout
    shown = proviso("failover", "show", "D-1")
    for words in ("at most 1 s", "not measured", "lost-at-return", "link down", "48,300,000 bytes"):
        assert words in shown.stdout, shown.stdout
    for text in (listed.stdout, shown.stdout):
        assert max(map(len, text.splitlines())) <= 80
    data = proviso("failover", "show", "D-1", "--json").json
    assert data["result"]["figures"][0]["key"] == "gap"
    assert proviso("failover", "list", "--state", "passed").stdout == "No such drills.\n"
    assert proviso("failover", "list", "--json").json["drills"][0]["id"] == "D-1"
    assert proviso("failover", "show", "D-7").code == 2
    assert proviso("failover", "list", "L-9").code == 2


def test_without_drills_it_says_how_one_is_made(tmp_path: Path) -> None:
    answer = Command(tmp_path / "none")("failover", "list")
    assert (answer.code, "failover drill" in answer.stdout) == (0, True)


# --- telling customers ----------------------------------------------------------------------------------------------

TIMES = ("--from", "2099-12-01T22:00", "--until", "2099-12-02T02:00")


def test_a_customer_is_told_in_his_language_and_once(proviso: Command) -> None:
    answer = proviso("failover", "announce", "L-1", *TIMES, "--language", "fr", "--json")
    assert answer.code == 0, answer.stderr
    (told,) = answer.json["announcements"]
    assert told["early_enough"] and not told["known"]
    message = json.loads(Path(told["message"]).read_text("utf-8"))
    assert message["language"] == "fr" and "secours mobile" in message["subject"]
    assert "1 déc. 2099, 22:00" in message["text"]
    again = proviso("failover", "announce", "L-1", *TIMES, "--language", "fr", "--json").json["announcements"][0]
    assert again["known"] and again["announcement"]["number"] == told["announcement"]["number"]


def test_what_is_announced_is_listed_and_withdrawn(proviso: Command) -> None:
    assert "No drill is announced" in proviso("failover", "announcements").stdout
    assert proviso("failover", "announce", "L-1", *TIMES).code == 0
    listed = proviso("failover", "announcements", "L-1")
    assert "2099-12-01 22:00 to 12-02 02:00" in listed.stdout
    assert max(map(len, listed.stdout.splitlines())) <= 80
    withdrawn = proviso("failover", "withdraw", "1", "--json").json
    assert "does not take place" in json.loads(Path(withdrawn["message"]).read_text("utf-8"))["text"]
    assert proviso("failover", "announcements", "--json").json == {"announcements": []}
    assert len(proviso("failover", "announcements", "--all", "--json").json["announcements"]) == 1
    assert proviso("failover", "withdraw", "1", "--json").json["known"]
    for number in ("8", "9" * 20):
        answer = proviso("failover", "withdraw", number)
        assert (answer.code, f"there is no announcement {number}" in answer.stderr) == (2, True), answer.stderr
    actions = [each["action"] for each in proviso("audit", "list", "--json").json["entries"]]
    assert [each for each in actions if "failover" in each] == ["failover announce", "failover withdraw"]


def test_announcements_that_stand_are_completed(proviso: Command) -> None:
    for hour in (20, 21, 22):
        period = ("--from", f"2099-12-01T{hour}:00", "--until", f"2099-12-01T{hour}:30")
        assert proviso("failover", "announce", "L-1", *period).code == 0
    assert proviso("failover", "withdraw", "2").code == 0
    words = "proviso failover withdraw "
    shell = {"_PROVISO_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": words}
    found = proviso(environment=shell).stdout
    assert re.findall(r'"(\d+)":"(L-\d+)', found) == [("3", "L-1"), ("1", "L-1")]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("L-1", "--from", "2099-12-01T22:00", "--until", "2099-12-01T21:00"), 2, "ends before it begins"),
        (("L-1", "--from", "2020-12-01T22:00", "--until", "2020-12-01T23:00"), 2, "is over"),
        (("L-1", "--from", "2099-12-01T22:00", "--until", "2100-12-01T22:00"), 2, "31 days"),
        (("L-1", "--from", "tomorrow", "--until", "2099-12-01T22:00"), 2, "is no moment"),
        (("L-9", *TIMES), 2, "L-9"),
        (("L-2", *TIMES), 1, "the line is accepted"),
        (("L-1", *TIMES, "--with", "somebody@example.com"), 1, "no representative"),
    ],
)
def test_what_cannot_be_announced_is_said(proviso: Command, arguments: tuple[str, ...], code: int, words: str) -> None:
    answer = proviso("failover", "announce", *arguments)
    assert (answer.code, words in answer.stderr) == (code, True), answer.stderr
    assert proviso("failover", "announcements", "--json").json == {"announcements": []}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--for", "5s"), "10s to 60m"),
        (("--for", "two"), "10s to 60m"),
        (("--for", "61m"), "10s to 60m"),
        (("--now",), "needs a reason"),
        (("--now", "--reason", " "), "needs a reason"),
        (("--reason", "because"), "for --now only"),
    ],
)
def test_a_drill_that_is_asked_for_wrongly_is_bad_input(
    proviso: Command, arguments: tuple[str, ...], words: str
) -> None:
    answer = proviso("failover", "drill", "L-1", *arguments)
    assert (answer.code, words in answer.stderr) == (2, True), answer.stderr


def test_data_go_where_they_are_to_go(proviso: Command, tmp_path: Path) -> None:
    shown = proviso("failover", "report", "--json")
    path = tmp_path / "drills.json"
    answer = proviso("failover", "report", "--json", "--to", str(path))
    assert (answer.code, answer.stdout, answer.stderr) == (0, "", f"Written to {path}\n")
    assert json.loads(path.read_text("utf-8")).keys() == shown.json.keys()
    assert proviso("failover", "report", "--json", "--to", "-").json.keys() == shown.json.keys()
    assert proviso("report", "nightly", "--json", "--to", str(tmp_path / "none" / "x")).code == 3


def test_a_month_without_drills_is_not_called_a_beginning(world: World, proviso: Command, tmp_path: Path) -> None:
    end(world, begin(world), DrillState.PASSED)
    for arguments in (("--month", "2020-01"), ("L-2",)):
        answer = proviso("failover", "report", *arguments, "--to", str(tmp_path / "page.html"))
        assert (answer.code, "No such drills." in answer.stderr) == (0, True), answer.stderr


def test_a_customer_without_a_back_up_is_told_of_no_drill(world: World, proviso: Command) -> None:
    with world.store.write() as connection:
        lines.activate_line(connection, "L-2", NOON)
    answer = proviso("failover", "announce", "L-1", "L-2", *TIMES)
    assert (answer.code, "no mobile back-up" in answer.stderr) == (1, True), answer.stderr
    assert proviso("failover", "announcements", "--json").json == {"announcements": []}


def test_a_line_without_a_back_up_is_refused_with_all_reasons(proviso: Command) -> None:
    answer = proviso("failover", "drill", "L-2", "--json")
    assert answer.code == 1, answer.stderr
    (told,) = answer.json["drills"]
    assert [each["code"] for each in told["refusals"]] == ["no-backup", "outside-window", "not-told"]
    assert told["drill"] is None
    assert proviso("failover", "list", "--json").json == {"drills": []}
    check = proviso("failover", "check", "L-2", "--json")
    assert (check.code, check.json["lines"][0]["ready"]) == (1, False)


def test_what_an_interrupt_came_before_is_told_and_no_success() -> None:
    answer = not_begun("L-2")
    assert (code_of(answer), word_of(answer)) == (ExitCode.REFUSED, "interrupted")
    error = drilled_data(answer)["error"]
    assert isinstance(error, dict)
    assert (error["what"], error["where"]) == ("it was not begun", "L-2")
