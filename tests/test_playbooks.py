"""Playbooks: the shipped ones hold, and each wrong one is refused at load with line and reason."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ROOT

from provisioning.errors import EnvironmentTrouble, UnknownName, UnreadablePlaybook
from provisioning.model.change_request import ChangeAction
from provisioning.playbooks.check import check_playbook
from provisioning.playbooks.load import check_folder, load_playbook, playbook_for
from provisioning.playbooks.tasks import TASKS

SHIPPED = ROOT / "playbooks"
TASKS_OF_A_CHANGE = (
    "tell-others", "plan", "look-before", "apply", "end-sessions", "prove", "confirm", "record",
)  # fmt: skip


def written(*tasks: str | Mapping[str, Any], **keys: Any) -> bytes:
    """Return a playbook of these steps."""
    steps = [{"task": each} if isinstance(each, str) else dict(each) for each in tasks or TASKS_OF_A_CHANGE]
    data = {"schema": 1, "title": "mine", "for": ["open-port"], "steps": steps, **keys}
    return yaml.safe_dump({key: value for key, value in data.items() if value is not None}, sort_keys=False).encode()


def problems(content: bytes, *, revert_seconds: int = 120, name: str = "mine") -> list[tuple[int, str]]:
    playbook, found = check_playbook(content, name, f"{name}.yaml", revert_seconds=revert_seconds)
    assert (playbook is None) == bool(found)
    assert all(each.line >= 1 and each.column >= 1 and each.what and each.remedy for each in found)
    return [(each.line, each.what) for each in found]


def only(content: bytes, **keys: Any) -> tuple[int, str]:
    (found,) = problems(content, **keys)
    return found


def with_after(task: str, *more: str | Mapping[str, Any]) -> list[str | Mapping[str, Any]]:
    """Return the tasks of a change with others behind one of them."""
    position = TASKS_OF_A_CHANGE.index(task) + 1
    return [*TASKS_OF_A_CHANGE[:position], *more, *TASKS_OF_A_CHANGE[position:]]


def without(task: str) -> list[str]:
    return [each for each in TASKS_OF_A_CHANGE if each != task]


@pytest.mark.parametrize("action", ChangeAction)
def test_each_action_has_a_shipped_playbook(action: ChangeAction) -> None:
    found = playbook_for(SHIPPED, action)
    tasks = [each.task for each in found.steps]
    assert found.name == action.value
    assert tasks.index("look-before") < tasks.index("apply") < tasks.index("prove") < tasks.index("confirm")
    assert {"back-up", "tell-customer"} <= set(tasks[tasks.index("record") :])


def test_every_shipped_file_is_in_order() -> None:
    found = check_folder(SHIPPED)
    assert [each.name for each in found] == sorted(each.value for each in ChangeAction)
    assert [each.problems for each in found] == [()] * len(found)


def test_a_copy_that_was_extended_is_taken(tmp_path: Path) -> None:
    text = (SHIPPED / "open-port.yaml").read_text()
    watched = "    task: prove\n  - task: look\n  - {task: wait, seconds: 10}\n  - task: look\n"
    told = "    task: record\n  - {task: notify, text: 'It is done: é'}\n"
    text = text.replace("    task: prove\n", watched).replace("    task: record\n", told)
    (tmp_path / "ours.yaml").write_text(text)
    found = playbook_for(tmp_path, ChangeAction.OPEN_PORT, "ours")
    assert [each.name for each in found.steps if each.task in ("look", "wait", "notify")] == [
        "look", "wait", "look 2", "notify",
    ]  # fmt: skip
    settings_of = {each.name: dict(each.settings) for each in found.steps}
    assert settings_of["look"] == {"at": "router-status"}
    assert settings_of["wait"] == {"seconds": 10}
    assert settings_of["notify"] == {"text": "It is done: é"}
    assert found.digest != playbook_for(SHIPPED, ChangeAction.OPEN_PORT).digest
    line = next(each.line for each in found.steps if each.task == "wait")
    assert "task: wait" in (tmp_path / "ours.yaml").read_text().splitlines()[line - 1]


@pytest.mark.parametrize("task", [each.name for each in TASKS.values() if each.needed])
def test_what_is_needed_cannot_be_left_out(task: str) -> None:
    line, what = only(written(*without(task)))
    assert line == 5
    assert what.startswith(f"`{task}` is missing, and cannot be left out: ")


def test_closing_cannot_leave_sessions_running() -> None:
    assert (
        "`end-sessions` is missing, and cannot be left out for open-port" in only(written(*without("end-sessions")))[1]
    )
    assert problems(written(*without("end-sessions"), **{"for": ["change-next-hop"]})) == []
    wanting = without("tell-others")
    assert problems(written(*wanting)) == []
    assert (
        "cannot be left out for change-address"
        in only(
            written(
                *wanting,
                **{"for": ["change-address"]},
            )
        )[1]
    )


@pytest.mark.parametrize("first", range(len(TASKS_OF_A_CHANGE)))
@pytest.mark.parametrize("second", range(len(TASKS_OF_A_CHANGE)))
def test_only_the_right_order_is_taken(first: int, second: int) -> None:
    tasks = list(TASKS_OF_A_CHANGE)
    tasks[first], tasks[second] = tasks[second], tasks[first]
    harmless = first == second or ({first, second} <= {0, 1, 2} and tasks.index("plan") < tasks.index("look-before"))
    assert bool(problems(written(*tasks))) != harmless


def test_nothing_changes_the_router_after_the_proof() -> None:
    tasks = [*without("end-sessions")[:6], "end-sessions", "record"]
    line, what = only(written(*tasks))
    assert line == 6 + tasks.index("end-sessions")
    assert "`end-sessions` stands behind `prove`" in what
    assert "nothing may after the proof" in what


def test_nothing_is_confirmed_before_the_proof() -> None:
    tasks = ["tell-others", "plan", "look-before", "apply", "end-sessions", "confirm", "prove", "record"]
    line, what = only(written(*tasks))
    assert (line, what.split(":")[0]) == (12, "`prove` stands behind `confirm` of line 11")


def test_each_step_of_the_change_stands_once() -> None:
    line, what = only(written(*with_after("apply", "apply")))
    assert (line, what) == (10, "`apply` stands in line 9 already, and may stand only once")


@pytest.mark.parametrize(
    ("steps", "revert_seconds", "held"),
    [
        ([{"task": "wait", "seconds": 30}], 120, True),
        ([{"task": "wait", "seconds": 31}], 120, False),
        ([{"task": "wait", "seconds": 15}, {"task": "wait", "seconds": 16}], 120, False),
        ([{"task": "wait", "seconds": 20}, "look"], 120, True),
        ([{"task": "wait", "seconds": 21}, "look"], 120, False),
        ([{"task": "wait", "seconds": 31}], 3600, False),
        ([{"task": "wait", "seconds": 10}], 40, True),
        ([{"task": "wait", "seconds": 11}], 40, False),
    ],
)
def test_waiting_stays_well_below_the_revert_timer(
    steps: list[str | Mapping[str, Any]], revert_seconds: int, held: bool
) -> None:
    for where in ("apply", "end-sessions", "prove"):
        found = problems(written(*with_after(where, *steps)), revert_seconds=revert_seconds)
        assert (found == []) == held
        if not held:
            assert "the router goes back by itself" in found[0][1]
    for where in ("tell-others", "look-before", "confirm", "record"):
        assert problems(written(*with_after(where, *steps)), revert_seconds=revert_seconds) == []


def test_nobody_is_waited_for_while_the_timer_runs() -> None:
    notify = {"task": "notify", "text": "now"}
    assert problems(written(*with_after("look-before", notify))) == []
    assert "stands between `apply` and `confirm`" in only(written(*with_after("apply", notify)))[1]


WRONG: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 1, "the file is empty"),
    "comments only": (b"# nothing\n\n", 1, "the file is empty"),
    "nothing": (b"---\n...\n", 1, "the file is empty"),
    "not UTF-8": (b"schema: 1\ntitle: \xe9t\xe9\n", 2, "not UTF-8: byte 0xe9"),
    "UTF-16": ("schema: 1\n".encode("utf-16"), 1, "the file is binary"),
    "control character": (b"schema: 1\ntitle: a\x07b\n", 2, "the control character U+0007"),
    "too large": (b"# " + b"x" * 65536, 1, "larger than 64 KiB"),
    "tab": (b"schema: 1\nsteps:\n\t- task: plan\n", 3, "not YAML"),
    "no mapping": (b"- task: plan\n", 1, "a playbook is a mapping"),
    "text": (b"open ports\n", 1, "a playbook is a mapping"),
    "two documents": (written() + b"---\n" + written(), 14, "not YAML: expected a single document"),
    "unclosed": (b"title: 'open\n", 2, "not YAML"),
    "deep": (b"title: " + b"[" * 5000, 1, "nested more than 10 levels"),
    "alias": (b"title: &a x\nfor: *a\n", 1, "an anchor (&)"),
    "bomb": (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "an anchor (&)"),
    "tag": (b"title: !!python/object/apply:os.system [ls]\n", 1, "a tag"),
    "merge": (b"<<: {schema: 1}\n" + written(), 1, "unknown key '<<'"),
    "duplicate key": (written() + b"title: again\n", 14, "the key 'title' stands twice"),
    "schema": (written(schema=2), 1, "`schema` is not 1"),
    "no title": (written(title=None), 1, "the key `title` is missing"),
    "long title": (written(title="x" * 81), 2, "`title` is"),
    "title on two lines": (written(title="a\nb"), 2, "`title` is"),
    "unknown key": (written(hosts="all"), 14, "unknown key 'hosts'"),
    "no action": (written(**{"for": []}), 3, "`for` is empty"),
    "no actions": (written(**{"for": None}), 1, "the key `for` is missing"),
    "one action": (written(**{"for": "open-port"}), 3, "`for` is no list"),
    "unknown action": (written(**{"for": ["open-port", "open-prot"]}), 5, "unknown action 'open-prot'"),
    "action twice": (written(**{"for": ["open-port", "open-port"]}), 5, "stands twice"),
    "no steps": (written(steps=[]), 5, "`steps` is empty"),
    "step is text": (written(steps=["plan"]), 6, "a step is a mapping"),
    "unknown task": (written(*with_after("plan", "shell")), 8, "unknown task 'shell'"),
    "misspelt task": (written(*(each.replace("prove", "proove") for each in TASKS_OF_A_CHANGE)), 11, "unknown task"),
    "no task": (written(*with_after("plan", {"name": "x"})), 8, "this step names no task"),
    "unknown setting": (written(*with_after("plan", {"task": "apply", "force": True})), 9, "unknown key 'force'"),
    "no setting": (written(*with_after("plan", {"task": "wait"})), 8, "`wait` does not say `seconds`"),
    "text for a number": (written(*with_after("plan", {"task": "wait", "seconds": "5"})), 9, "`seconds` is '5'"),
    "octal": (written(*with_after("plan", {"task": "wait"})).replace(b"wait", b"wait\n  seconds: 010"), 9, "is '010'"),
    "negative": (written(*with_after("plan", {"task": "wait", "seconds": -5})), 9, "`seconds` is '-5'"),
    "too long": (written(*with_after("plan", {"task": "wait", "seconds": 301})), 9, "`seconds` is '301'"),
    "huge": (written(*with_after("plan", {"task": "wait", "seconds": 10**40})), 9, "`seconds` is "),
    "unknown choice": (written(*with_after("plan", {"task": "look", "at": "password"})), 9, "`at` is 'password'"),
    "empty text": (written(*with_after("plan", {"task": "notify", "text": ""})), 9, "`text` is ''"),
    "list for a text": (written(*with_after("plan", {"task": "notify", "text": ["a"]})), 10, "`text` is one value"),
    "steers a terminal": (written(*with_after("plan", {"task": "notify", "text": "\x1b[2J"})), 9, "`text` is"),
    "name twice": (
        written(*with_after("plan", {"name": "a", "task": "look"}, {"name": "a", "task": "look"})),
        10,
        "the name 'a' is that of the step in line 8",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "line", "what"), WRONG.values(), ids=WRONG)
def test_a_wrong_playbook_is_refused_with_line_and_reason(content: bytes, line: int, what: str) -> None:
    found = problems(content)
    assert (line, True) in [(at, what in said) for at, said in found], found


def test_all_that_is_wrong_is_told_at_once() -> None:
    content = written("plan", "shell", {"task": "wait"}, "prove", **{"for": ["fly"], "titel": "x", "title": None})
    told = "\n".join(what for _, what in problems(content))
    for each in ("'fly'", "'titel'", "'shell'", "`seconds`", "`apply` is missing", "`confirm` is missing"):
        assert each in told
    assert "`title` is missing" not in told, "it was misspelt, and that is told"


def test_the_playbook_of_an_action_is_made_for_it() -> None:
    assert "is not made for it" in only(written(), name="close-port")[1]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_stands_in_a_file_is_judged_and_not_raised(content: bytes) -> None:
    problems(content)


_TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([*TASKS, "open-port", 1]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["task", "name", "seconds", "steps", "for", "title", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["schema", "title", "for", "steps", "x"]), _TREES, max_size=5))
def test_whatever_yaml_says_is_judged_and_not_raised(data: dict[str, Any]) -> None:
    problems(yaml.safe_dump(data).encode())


def test_names_lead_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "playbooks"
    shutil.copytree(SHIPPED, folder)
    shutil.copy(folder / "open-port.yaml", tmp_path / "outside.yaml")
    for name in ("../outside", "Open-Port", "", "open-port.yaml", "x" * 100, str(tmp_path / "outside")):
        with pytest.raises(UnknownName, match="is no name of a playbook"):
            load_playbook(folder, name)
    with pytest.raises(UnknownName) as error:
        load_playbook(folder, "open-ports")
    assert error.value.remedy == "Did you mean `open-port`?"
    (folder / "open-port.yaml").rename(folder / "open-port.yml")
    with pytest.raises(UnknownName) as error:
        load_playbook(folder, "open-port")
    assert error.value.remedy == "Rename open-port.yml to open-port.yaml."
    with pytest.raises(UnknownName) as error:
        load_playbook(tmp_path / "none", "open-port")
    assert "proviso init" in error.value.remedy


def test_a_playbook_for_something_else_is_not_taken() -> None:
    with pytest.raises(UnreadablePlaybook, match="made for open-port, and not for close-port"):
        playbook_for(SHIPPED, ChangeAction.CLOSE_PORT, "open-port")


def test_loading_tells_the_first_problem_and_where_the_others_are(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(written("plan"))
    with pytest.raises(UnreadablePlaybook) as error:
        load_playbook(tmp_path, "mine")
    assert error.value.where == f"{tmp_path / 'mine.yaml'}:5:1"
    assert "`proviso playbook check mine` tells 5 more." in error.value.remedy
    assert issubclass(UnreadablePlaybook, ValueError)
    assert not issubclass(UnreadablePlaybook, EnvironmentTrouble)
