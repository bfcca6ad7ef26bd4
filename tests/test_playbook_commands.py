"""The commands that list, show and check playbooks."""

import shutil
from pathlib import Path

import pytest
from worlds import ROOT, Command

from provisioning.model.change_request import ChangeAction
from provisioning.playbooks.tasks import TASKS

SHIPPED = ROOT / "playbooks"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path / "playbooks")
    shutil.copy(ROOT / "nornir.yaml", tmp_path)
    return tmp_path


def test_the_commands_list_show_and_check(proviso: Command, project: Path) -> None:
    answer = proviso("playbook", "list", current=project)
    assert answer.code == 0
    assert max(map(len, answer.stdout.splitlines())) <= 80
    listed = proviso("playbook", "list", "--json", current=project).json["playbooks"]
    assert [each["name"] for each in listed] == sorted(each.value for each in ChangeAction)
    answer = proviso("playbook", "show", "open-port", current=project)
    assert (answer.code, "tells the router to keep" in answer.stdout) == (0, True)
    steps = proviso("playbook", "show", "open-port", "--json", current=project).json["playbook"]["steps"]
    assert [each["task"] for each in steps][:3] == ["tell-others", "plan", "look-before"]
    assert proviso("playbook", "check", current=project).code == 0
    answer = proviso("playbook", "tasks", current=project)
    assert (answer.code, max(map(len, answer.stdout.splitlines())) <= 80) == (0, True)
    assert [each["task"] for each in proviso("playbook", "tasks", "--json").json["tasks"]] == list(TASKS)


def test_the_commands_tell_wrong_ones(proviso: Command, project: Path) -> None:
    mine = project / "playbooks" / "mine.yaml"
    mine.write_text("schema: 1\ntitle: mine\nfor:\n- open-port\nsteps:\n- task: plan\n- task: shell\n")
    answer = proviso("playbook", "check", "mine", "open-port", current=project)
    assert answer.code == 2
    assert f"{mine}:7:9: unknown task 'shell'" in answer.stdout
    assert f"{project}/playbooks/open-port.yaml: in order" in answer.stdout
    found = proviso("playbook", "check", "--json", current=project)
    assert (found.code, found.json["wrong"]) == (2, 1)
    assert "wrong: line 5" in proviso("playbook", "list", current=project).stdout.replace("\n", "")
    answer = proviso("playbook", "show", "mine", current=project)
    assert (answer.code, answer.stdout) == (2, "")
    assert proviso("playbook", "show", "none", current=project).code == 2
    assert proviso("playbook", "check", "none.yaml", current=project).code == 2
    assert proviso("playbook", "check", str(project), current=project).code == 2


def test_without_playbooks_the_commands_say_where_to_get_them(proviso: Command, project: Path) -> None:
    shutil.rmtree(project / "playbooks")
    for command in ("list", "check"):
        answer = proviso("playbook", command, current=project)
        assert (answer.code, "`proviso init DIR`" in answer.stdout) == (0, True)
    assert proviso("playbook", "list", "--json", current=project).json["playbooks"] == []
