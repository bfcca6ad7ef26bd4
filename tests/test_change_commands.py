"""What `proviso change plan`, `run` and `schedule` say to people."""

import os
import re
from pathlib import Path

import pytest
from changed_lines import NOW, approved, handed_in, opening, request, run
from fibre_lines import fibre_world
from warm import Warm
from worlds import PROVISO, Command


def test_nothing_is_due_where_nothing_was_asked_for(proviso: Command) -> None:
    answer = proviso("change", "run")
    assert (answer.code, answer.stdout, answer.stderr) == (0, "Nothing is due.\n", "")
    assert proviso("change", "run", "--json").json == {"requests": [], "later": []}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("C-1", "--now"), "needs a reason"),
        (("C-1", "--now", "--reason", " "), "needs a reason"),
        (("--now", "--reason", "the shop is cut off"), "name the requests"),
        (("C-1", "--reason", "the shop is cut off"), "for --now only"),
        (("C-1",), "there is no change request"),
        (("nonsense",), "there is no change request"),
    ],
)
def test_what_makes_no_sense_is_refused(proviso: Command, arguments: tuple[str, ...], says: str) -> None:
    answer = proviso("change", "run", *arguments)
    assert (answer.code, answer.stdout) == (2, ""), answer.stderr
    assert says in answer.stderr


def test_what_is_not_there_cannot_be_planned(proviso: Command) -> None:
    answer = proviso("change", "plan", "C-1")
    assert answer.code == 2
    assert "there is no change request 'C-1'" in answer.stderr


def test_the_schedule_carries_out_what_is_due_every_minute(proviso: Command) -> None:
    found = {"PATH": f"{PROVISO.parent}:{os.environ['PATH']}"}
    answer = proviso("change", "schedule", "show", "--scope", "user", "--json", environment=found)
    assert answer.code == 0, answer.stderr
    texts = "\n".join(answer.json["files"].values())
    assert re.search(r'"?change"? "?run"?', texts), texts
    assert "OnUnitInactiveSec=1min" in texts
    assert "`proviso change schedule remove` takes it away" in texts


def test_people_see_what_would_be_done_what_is_next_and_what_became_of_it(
    warm: Warm, tmp_path: Path, line_in_service: Path
) -> None:
    with fibre_world(tmp_path / "world", warm, line_in_service) as world:
        identifier = handed_in(world, opening(close=[{"ports": ["tcp/443"], "to": "192.168.1.2"}]))
        told = world.run("change", "plan", identifier)
        assert told.code == 0, told.stderr
        assert all(len(line) <= 80 for line in told.stdout.partition("On the router")[2].splitlines())
        assert told.stdout.rstrip().endswith(f"Next: proviso change approve {identifier}")
        digest = world.run("change", "plan", identifier, "--json").json["plan"]["digest"]
        assert digest in told.stdout  # planned again, what is the same has the same digest
        too_early = world.run("change", "run", identifier)
        assert too_early.code == 1
        assert "it is planned, and waits for an approval" in too_early.stderr
        assert f"`proviso change approve {identifier} --key FILE`" in too_early.stderr
        for each in ("tcp/8443 to 192.168.1.2", "opens", "tcp/443 to 192.168.1.2", "closes", "stays", "rollback"):
            assert each in told.stdout
        approved(world, identifier)
        world.extra["PROVISO_SSH_KEY_FILE"] = ""
        keyless = world.run("change", "run", identifier, *NOW)
        assert (keyless.code, "no SSH key is set" in keyless.stderr) == (2, True), keyless.stderr
        assert request(world, identifier)["state"] == "approved"
        del world.extra["PROVISO_SSH_KEY_FILE"]
        waits = world.run("change", "run", "--json").json
        if not waits["requests"]:  # outside of the change window
            told = world.run("change", "run")
            assert told.stdout.startswith(f"Nothing is due.\nNext: {identifier} is due on "), told.stdout
            told = world.run("change", "run", identifier)
            assert (told.code, "it is not due before " in told.stderr) == (1, True), told.stderr
            assert " at 08:00 (Brussels): in the change window" in told.stderr
            told = world.run("change", "run", identifier, *NOW)
            assert told.code == 0, told.stderr
            assert told.stdout.startswith(f"done      {identifier}  line L-1, run R-2: confirmed after the proof"), (
                told
            )
            assert f"{identifier} L-1  apply" in told.stderr
        reasons = world.rows("select reason from audit_entry where action = 'change run'")
        assert [each["reason"] for each in reasons] == [NOW[2]] or waits["requests"]
        shown = world.run("run", "show", "R-2")
        assert re.search(rf"^ *request +{identifier} *$", shown.stdout, re.MULTILINE), shown.stdout
        assert identifier in world.run("run", "list").stdout
        report = world.run("run", "report", "R-2", "--to", str(tmp_path / "report.html"))
        assert report.code == 0, report.stderr
        assert request(world, identifier)["state"] == "done"
        again = run(world, identifier)
        assert again.code == 1
