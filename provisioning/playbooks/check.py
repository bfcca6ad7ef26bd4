"""Checks a playbook against the tasks that are allowed, and tells all that is wrong with it at once."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import count

import yaml

from provisioning.model.change_request import ChangeAction
from provisioning.model.playbook import Playbook, PlaybookStep
from provisioning.playbooks.course import judge_course
from provisioning.playbooks.problem import NotRead, Problem, meant, shown
from provisioning.playbooks.reading import compose, place_of
from provisioning.playbooks.tasks import TASKS, SettingKind, TaskSetting

SCHEMA = "1"
TOP_KEYS = ("schema", "title", "for", "steps")
STEP_KEYS = ("name", "task")
MOST_STEPS = 100
LONGEST_NAME = 80

_INTEGER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

Keys = Mapping[str, tuple[yaml.Node, yaml.Node]]
"""The node of a key and that of its value, by the key."""


def check_playbook(
    content: bytes, name: str, source: str, *, revert_seconds: int
) -> tuple[Playbook | None, tuple[Problem, ...]]:
    """Return a playbook, or all that is wrong with it.

    Args:
        content: of the file.
        name: of the playbook, that of its file.
        source: the file, for people.
        revert_seconds: after which a router goes back unless confirmed.
    """
    checking = _Checking(revert_seconds)
    try:
        node = compose(content)
    except NotRead as error:
        return None, (error.problem,)
    found = checking.playbook(node, name)
    if found is None or checking.problems:
        return None, tuple(sorted(checking.problems))
    title, actions, steps = found
    return Playbook(name, title, actions, steps, hashlib.sha256(content).hexdigest(), source), ()


class _Checking:
    """One look at a playbook; what is wrong is collected."""

    def __init__(self, revert_seconds: int) -> None:
        self.revert_seconds = revert_seconds
        self.problems: list[Problem] = []
        self.suspected: set[str] = set()

    def playbook(
        self, node: yaml.Node, name: str
    ) -> tuple[str, tuple[ChangeAction, ...], tuple[PlaybookStep, ...]] | None:
        keys = self._keys(node, TOP_KEYS, "a playbook")
        if keys is None:
            return None
        for key in TOP_KEYS:
            if key not in keys and key not in self.suspected:
                self._tell(node, f"the key `{key}` is missing", f"A playbook has {_listed(TOP_KEYS)}.")
        self._schema(keys)
        title = self._text(*keys["title"], LONGEST_NAME) if "title" in keys else ""
        actions = self._actions(keys, name)
        steps = self._steps(keys, actions)
        return title, actions, steps

    def _schema(self, keys: Keys) -> None:
        if "schema" in keys:
            key, value = keys["schema"]
            if self._scalar(key, value) not in (None, SCHEMA):
                self._tell(value, "`schema` is not 1", "Write `schema: 1`; this Proviso knows no other.")

    def _actions(self, keys: Keys, name: str) -> tuple[ChangeAction, ...]:
        if "for" not in keys:
            return ()
        key, value = keys["for"]
        known = [each.value for each in ChangeAction]
        found: list[ChangeAction] = []
        for each in self._items(key, value, "an action", f"Write `for: [{known[0]}]`, or others of {_listed(known)}."):
            written = self._scalar(key, each)
            if written is None:
                continue
            if written not in known:
                self._unknown(each, "action", written, known)
            elif written in found:
                self._tell(each, f"the action `{written}` stands twice", "Keep one of the two.")
            else:
                found.append(ChangeAction(written))
        if name in known and found and name not in found:
            self._tell(
                key,
                f"this is the playbook of `{name}` unless another is chosen, and it is not made for it",
                f"Add `{name}` to `for`, or give the file another name.",
            )
        return tuple(found)

    def _steps(self, keys: Keys, actions: tuple[ChangeAction, ...]) -> tuple[PlaybookStep, ...]:
        if "steps" not in keys:
            return ()
        key, value = keys["steps"]
        nodes = list(self._items(key, value, "a step", "Write the steps below it, each with `- task: …`."))
        if len(nodes) > MOST_STEPS:
            self._tell(key, f"more than {MOST_STEPS} steps", "Leave some out.")
            return ()
        found: list[PlaybookStep] = []
        names: dict[str, int] = {}
        for node in nodes:
            step = self._step(node, names)
            if step is not None:
                found.append(step)
        if nodes:
            steps = tuple(found)
            place = place_of(key)
            self.problems += judge_course(
                steps, actions, place=place, suspected=self.suspected, revert_seconds=self.revert_seconds
            )
        return _named(found, names)

    def _step(self, node: yaml.Node, names: dict[str, int]) -> PlaybookStep | None:
        keys = self._keys(node, None, "a step")
        if keys is None:
            return None
        name = self._name(keys, names)
        if "task" not in keys:
            self._tell(node, "this step names no task", f"Add `task:` with one of {_listed(TASKS)}.")
            return None
        key, value = keys["task"]
        written = self._scalar(key, value)
        if written is None:
            return None
        if written not in TASKS:
            self._unknown(value, "task", written, TASKS)
            return None
        settings = self._settings(node, keys, written)
        return PlaybookStep(name, written, settings, place_of(node)[0])

    def _name(self, keys: Keys, names: dict[str, int]) -> str:
        if "name" not in keys:
            return ""
        key, value = keys["name"]
        name = self._text(key, value, LONGEST_NAME)
        if name in names:
            self._tell(
                value, f"the name {shown(name)} is that of the step in line {names[name]}", "Give it another name."
            )
        elif name:
            names[name] = place_of(value)[0]
        return name

    def _settings(self, node: yaml.Node, keys: Keys, task: str) -> Mapping[str, object]:
        known, found = TASKS[task].settings, dict[str, object]()
        for key, (key_node, value) in keys.items():
            if key in STEP_KEYS:
                continue
            if key not in known:
                takes = f"takes {_listed(known)}" if known else "takes no settings"
                near = meant(key, [*known, *STEP_KEYS])
                remedy = f"Did you mean `{near}`?" if near else f"Leave it out: `{task}` {takes}."
                self._tell(key_node, f"unknown key {shown(key)}: `{task}` {takes}", remedy)
                continue
            stated = self._value(key_node, value, known[key])
            if stated is not None:
                found[key] = stated
        for key, setting in known.items():
            if key not in keys:
                if setting.default is None:
                    self._tell(node, f"`{task}` does not say `{key}`", f"Add `{key}:`, {setting.takes}.")
                else:
                    found[key] = setting.default
        return found

    def _value(self, key: yaml.Node, value: yaml.Node, setting: TaskSetting) -> int | str | None:
        written = self._scalar(key, value)
        if written is None:
            return None
        right = False
        match setting.kind:
            case SettingKind.INTEGER:
                right = _is_plain(value) and bool(_INTEGER.fullmatch(written))
                if right and setting.low <= int(written) <= setting.high:
                    return int(written)
            case SettingKind.CHOICE:
                if written in setting.choices:
                    return written
            case SettingKind.TEXT:
                text = written.strip()
                if setting.low <= len(text) <= setting.high and not _UNPRINTABLE.search(text):
                    return text
        self._tell(value, f"`{_text_of(key)}` is {shown(written)}", f"Write {setting.takes}.")
        return None

    def _keys(self, node: yaml.Node, known: Collection[str] | None, what: str) -> Keys | None:
        if not isinstance(node, yaml.MappingNode):
            self._tell(node, f"{what} is a mapping of keys and values, and this is not", "Write `key: value` lines.")
            return None
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._tell(key, "this key is no word", "Write `key: value` lines.")
            elif key.value in found:
                self._tell(key, f"the key {shown(key.value)} stands twice", "Keep one of the two.")
            elif known is not None and key.value not in known:
                self._unknown(key, "key", key.value, known)
            else:
                found[key.value] = (key, value)
        return found

    def _items(self, key: yaml.Node, value: yaml.Node, what: str, remedy: str) -> Iterator[yaml.Node]:
        if not isinstance(value, yaml.SequenceNode):
            self._tell(key, f"`{_text_of(key)}` is no list", remedy)
        elif not value.value:
            self._tell(key, f"`{_text_of(key)}` is empty: {what} is missing", remedy)
        else:
            yield from value.value

    def _text(self, key: yaml.Node, value: yaml.Node, most: int) -> str:
        written = self._scalar(key, value)
        if written is None:
            return ""
        text = written.strip()
        if not text or len(text) > most or _UNPRINTABLE.search(text):
            self._tell(value, f"`{_text_of(key)}` is {shown(written)}", f"Write one line of 1 to {most} characters.")
        return text

    def _scalar(self, key: yaml.Node, value: yaml.Node) -> str | None:
        """Return the text of a value, as it was written; None where it is no text, which is told."""
        if not isinstance(value, yaml.ScalarNode):
            self._tell(value, f"`{_text_of(key)}` is one value, and this is a list or a mapping", "Write one value.")
            return None
        if not value.value and _is_plain(value):
            self._tell(key, f"`{_text_of(key)}` has no value", "Write one behind the colon.")
            return None
        return str(value.value)

    def _unknown(self, node: yaml.Node, kind: str, written: str, known: Collection[str]) -> None:
        """Tell of an unknown name; the one that was probably meant is not told to be missing as well."""
        near = meant(written, known)
        self.suspected.add(near)
        remedy = f"Did you mean `{near}`?" if near else f"Known are {_listed(known)}."
        self._tell(node, f"unknown {kind} {shown(written)}", remedy)

    def _tell(self, node: yaml.Node, what: str, remedy: str) -> None:
        self.problems.append(Problem(*place_of(node), what, remedy))


def _named(steps: list[PlaybookStep], names: Collection[str]) -> tuple[PlaybookStep, ...]:
    """Return the steps, those without a name having that of their task; each name stands once."""
    taken, found = set(names), list[PlaybookStep]()
    for step in steps:
        name = step.name
        if not name:
            choices = (step.task if number == 1 else f"{step.task} {number}" for number in count(1))
            name = next(each for each in choices if each not in taken)
            taken.add(name)
        found.append(PlaybookStep(name, step.task, step.settings, step.line))
    return tuple(found)


def _is_plain(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style


def _text_of(key: yaml.Node) -> str:
    return str(key.value)


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{each}`" for each in names)
