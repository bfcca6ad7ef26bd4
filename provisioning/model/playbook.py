"""A playbook: the named steps by which a change is carried out, over tasks that are allowed."""

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.model.change_request import ChangeAction


@dataclass(frozen=True, slots=True)
class PlaybookStep:
    """One step.

    Attributes:
        name: for people.
        task: one of the allowed.
        settings: of the task.
        line: where it stands in the file, for errors.
    """

    name: str
    task: str
    settings: Mapping[str, object]
    line: int


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook as it was loaded and checked.

    Attributes:
        name: that of its file.
        title: for people.
        actions: that it is made for.
        digest: SHA-256 of its text.
        source: the file.
    """

    name: str
    title: str
    actions: tuple[ChangeAction, ...]
    steps: tuple[PlaybookStep, ...]
    digest: str
    source: str
