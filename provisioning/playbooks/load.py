"""Loads the playbooks of a project, and refuses wrong ones with line and reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import UnknownName, UnreadablePlaybook, unreadable
from provisioning.model.change_request import ChangeAction
from provisioning.model.playbook import Playbook
from provisioning.playbooks.check import check_playbook
from provisioning.playbooks.problem import Problem, meant

REVERT_SECONDS = 120
SUFFIX = ".yaml"

_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}", re.ASCII)
_NAME_REMEDY = "Use small letters, digits and hyphens, beginning with a letter."


@dataclass(frozen=True, slots=True)
class Checked:
    """A file of a playbook as it was found.

    Attributes:
        playbook: None when something is wrong.
        problems: all that is wrong, in the order of the file.
    """

    name: str
    source: str
    playbook: Playbook | None
    problems: tuple[Problem, ...]


def load_playbook(folder: Path, name: str, *, revert_seconds: int = REVERT_SECONDS) -> Playbook:
    """Return a playbook of a project.

    Args:
        folder: the project's folder of playbooks.
        name: of the playbook; its file is `NAME.yaml`.
        revert_seconds: after which a router goes back unless confirmed: what stands in between must fit.

    Raises:
        UnknownName: when there is none of that name.
        UnreadablePlaybook: when it is wrong.
        EnvironmentTrouble: when we may not read it.
    """
    path = folder / f"{name}{SUFFIX}"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise _unknown(folder, name)
    checked = check_file(path, revert_seconds=revert_seconds)
    if checked.playbook is None:
        raise _wrong(checked)
    return checked.playbook


def playbook_for(
    folder: Path, action: ChangeAction, name: str | None = None, *, revert_seconds: int = REVERT_SECONDS
) -> Playbook:
    """Return the playbook by which an action is carried out.

    Args:
        name: of the playbook that was chosen; None for the one that has the action's own name.

    Raises:
        UnknownName: when there is none of that name.
        UnreadablePlaybook: when it is wrong, or not made for the action.
        EnvironmentTrouble: when we may not read it.
    """
    found = load_playbook(folder, name or action.value, revert_seconds=revert_seconds)
    if action not in found.actions:
        raise UnreadablePlaybook(
            f"this playbook is made for {', '.join(found.actions)}, and not for {action}",
            where=found.source,
            remedy=f"Choose another, or add `{action}` to its `for`; `proviso playbook list` shows what each is for.",
        )
    return found


def check_file(path: Path, *, revert_seconds: int = REVERT_SECONDS) -> Checked:
    """Return what a file says, or all that is wrong with it.

    Raises:
        UnreadablePlaybook: when there is no such file, or it is a folder.
        EnvironmentTrouble: when we may not read it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(error, UnreadablePlaybook, str(path)) from None
    playbook, problems = check_playbook(content, path.stem, str(path), revert_seconds=revert_seconds)
    if not _NAME.fullmatch(path.stem) or path.suffix != SUFFIX:
        what = "nobody can choose a playbook of this file's name"
        remedy = f"{_NAME_REMEDY} The name ends in {SUFFIX}."
        playbook, problems = None, (Problem(1, 1, what, remedy), *problems)
    return Checked(path.stem, str(path), playbook, problems)


def check_folder(folder: Path, *, revert_seconds: int = REVERT_SECONDS) -> tuple[Checked, ...]:
    """Return all playbooks of a project, by name, wrong ones included; none where there is no such folder.

    Raises:
        EnvironmentTrouble: when we may not read one.
    """
    files = (each for pattern in ("*.yaml", "*.yml") for each in folder.glob(pattern))
    shown = sorted(each for each in files if each.is_file() and not each.name.startswith("."))
    return tuple(check_file(each, revert_seconds=revert_seconds) for each in shown)


def names(folder: Path) -> Mapping[str, Path]:
    """Return the playbooks that can be chosen, wrong ones included, by name."""
    found = (each for each in sorted(folder.glob(f"*{SUFFIX}")) if each.is_file())
    return {each.stem: each for each in found if _NAME.fullmatch(each.stem)}


def _unknown(folder: Path, name: str) -> UnknownName:
    known = names(folder)
    if not _NAME.fullmatch(name):
        return UnknownName(f"{name[:80]!r} is no name of a playbook", where=str(folder), remedy=_NAME_REMEDY)
    if (folder / f"{name}.yml").is_file():
        remedy = f"Rename {name}.yml to {name}{SUFFIX}."
    elif near := meant(name, known):
        remedy = f"Did you mean `{near}`?"
    elif known:
        remedy = f"There are {', '.join(known)}."
    else:
        remedy = "`proviso init DIR` copies the shipped ones into a project."
    return UnknownName(f"there is no playbook {name!r}", where=str(folder), remedy=remedy)


def _wrong(checked: Checked) -> UnreadablePlaybook:
    first = checked.problems[0]
    more = len(checked.problems) - 1
    rest = f" `proviso playbook check {checked.name}` tells {more} more." if more else ""
    return UnreadablePlaybook(
        first.what, where=f"{checked.source}:{first.line}:{first.column}", remedy=first.remedy + rest
    )
